// The transactions of a customer's balance: an immutable list, to which a caller can add adjustments only.
// https://docs.stripe.com/api/customer_balance_transactions · https://docs.stripe.com/billing/customer/balance
import type Stripe from 'stripe'
import * as z from 'zod'
import { moveBalance } from '../billing/customer-balance.ts'
import { missingInPath } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { CustomerBalanceTransaction } from '../wire.ts'
import { change, fetchByPath, type World } from '../world.ts'

/** A transaction under another customer's path is not found. */
function transactionAt(world: World, path: Record<string, string>): CustomerBalanceTransaction {
  fetchByPath(world.store.customers, 'customer', path.id ?? '')
  const kind = 'customer_balance_transaction'
  const found = fetchByPath(world.store.customerBalanceTransactions, kind, path.transaction ?? '')
  if (found.customer !== path.id) throw missingInPath(kind, found.id)
  return found
}

export const customerBalanceRoutes: Route[] = [
  route(
    'GET',
    '/v1/customers/:id/balance_transactions',
    p.shape<Stripe.CustomerListBalanceTransactionsParams>()({
      ...p.paging,
      created: p.range.optional(),
      invoice: p.id.optional(),
    }),
    ({ world, params, path, url }) => {
      fetchByPath(world.store.customers, 'customer', path.id ?? '')
      const all = world.store.customerBalanceTransactions.of(path.id)
      return page(
        all.filter(
          (each) =>
            p.inRange(each.created, params.created) && (!params.invoice || each.invoice === params.invoice),
        ),
        params,
        url,
      )
    },
  ),
  route('GET', '/v1/customers/:id/balance_transactions/:transaction', z.strictObject({}), ({ world, path }) =>
    transactionAt(world, path),
  ),
  route(
    'POST',
    '/v1/customers/:id/balance_transactions',
    p.shape<Stripe.CustomerCreateBalanceTransactionParams>()({
      amount: p.integer,
      currency: p.currency,
      description: p.text.optional(),
      metadata: p.metadata.optional(),
    }),
    ({ world, params, path }) =>
      moveBalance(world, path.id ?? '', {
        amount: params.amount,
        currency: params.currency,
        type: 'adjustment',
        description: params.description ?? null,
        metadata: p.mergeMetadata(null, params.metadata),
      }),
  ),
  // "You can only update its description or metadata": no event tells of it.
  route(
    'POST',
    '/v1/customers/:id/balance_transactions/:transaction',
    p.shape<Stripe.CustomerUpdateBalanceTransactionParams>()({
      description: p.text.optional(),
      metadata: p.metadata.optional(),
    }),
    ({ world, params, path }) => {
      const transaction = transactionAt(world, path)
      change(world, transaction, null, (it) => {
        if (params.description !== undefined) it.description = params.description
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
      })
      return transaction
    },
  ),
]
