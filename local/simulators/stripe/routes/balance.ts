// The account's balance and every transaction that moved it.
// https://docs.stripe.com/api/balance · https://docs.stripe.com/api/balance_transactions/list
import type Stripe from 'stripe'
import * as z from 'zod'
import { readBalance } from '../billing/balance.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { BalanceTransaction } from '../wire.ts'
import { fetchByParameter, fetchByPath, type World } from '../world.ts'

const none = z.strictObject({})

/**
 * Only automatic payouts can be itemized; the refusal is worded as integrations report it. What a payout took can be
 * queried from `payout.reconciliation_completed` on; until then nothing is listed (the harder reading).
 */
function ofPayout(world: World, id: string): BalanceTransaction[] {
  const payout = fetchByParameter(world.store.payouts, 'payout', id)
  if (!payout.automatic) {
    throw invalidRequest(
      'Balance transaction history can only be filtered on automatic transfers, not manual.',
      { param: 'payout' },
    )
  }
  if (payout.reconciliation_status !== 'completed') return []
  return world.store.balanceTransactions
    .all()
    .filter((each) => world.store.hidden.paidOut.get(each.id) === payout.id)
}

/**
 * By charge, refund or payout. A recording of the test mode at 2026-08-26.dahlia shows an empty page for the id of a
 * dispute, though its transactions name it as their source; that harder reading is taken. They stand in
 * `dispute.balance_transactions`.
 */
const ofSource = (world: World, source: string): BalanceTransaction[] =>
  world.store.disputes.get(source) ? [] : world.store.balanceTransactions.of(source)

export const balanceRoutes: Route[] = [
  route('GET', '/v1/balance', none, ({ world }) => readBalance(world)),
  route(
    'GET',
    '/v1/balance_transactions',
    p.shape<Stripe.BalanceTransactionListParams>()({
      ...p.paging,
      created: p.range.optional(),
      currency: p.currency.optional(),
      payout: p.id.optional(),
      source: p.id.optional(),
      type: p.text.optional(),
    }),
    ({ world, params, url }) => {
      const from = params.payout
        ? ofPayout(world, params.payout)
        : params.source
          ? ofSource(world, params.source)
          : world.store.balanceTransactions.all()
      const found = from.filter(
        (each) =>
          (!params.source || each.source === params.source) &&
          (!params.currency || each.currency === params.currency) &&
          (!params.type || each.type === params.type) &&
          p.inRange(each.created, params.created),
      )
      return page(found, params, url)
    },
  ),
  route('GET', '/v1/balance_transactions/:id', none, ({ world, path }) =>
    fetchByPath(world.store.balanceTransactions, 'balance_transaction', path.id ?? ''),
  ),
]
