// Payouts: money from the balance to the bank. Automatic ones take the transactions that are available and can be
// itemized by them; manual and instant ones take an amount and cannot. One that the bank sends back has been `paid`
// before. https://docs.stripe.com/payouts · https://docs.stripe.com/payouts/reconciliation
import { PRIORITY } from '../agenda.ts'
import { DAY, HOUR } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import { sum } from '../money.ts'
import type { BalanceTransaction, Payout } from '../wire.ts'
import { change, emit, type World } from '../world.ts'
import { availableNet, recordBalance } from './balance.ts'

/** The bank sends a payout back within five business days: https://docs.stripe.com/payouts#payout-failures */
const RETURNED_WITHIN = 7 * DAY
const ARRIVES_AFTER_DAYS = 2

/** https://docs.stripe.com/api/payouts/failures */
const FAILURES: Record<string, string> = {
  account_closed: 'The bank account has been closed.',
  account_frozen: 'The bank account has been frozen.',
  could_not_process: 'The bank could not process this payout.',
  debit_not_authorized: 'Debit transactions are not approved on the bank account.',
  declined: 'The bank has declined this transfer.',
  invalid_account_number: 'The routing number seems correct, but the account number is invalid.',
  invalid_currency: 'The bank was unable to process this payout because of its currency.',
  no_account: 'The bank account details on file are probably incorrect. No bank account could be located.',
}

/** Everything of a currency that no payout has taken, available or not, paid and reconciled at once. */
export function payOut(world: World, currency: string): Payout {
  const taken = untaken(world, currency).filter((entry) => !isOfPendingCharge(world, entry))
  const payout = automaticPayout(world, currency, taken)
  if (!payout) {
    throw invalidRequest(`You have insufficient funds in your Stripe account for ${currency}.`, {
      code: 'balance_insufficient',
    })
  }
  arrive(world, payout)
  reconcile(world, payout)
  return payout
}

/**
 * A payout of a negative amount: Stripe debits the bank account for a balance that stayed negative.
 * https://docs.stripe.com/payouts#negative-payouts
 */
export function debitBank(world: World, currency: string): Payout {
  const taken = untaken(world, currency).filter((entry) => entry.status === 'available')
  if (sum(taken.map((entry) => entry.net)) >= 0)
    throw invalidRequest(`The balance in ${currency} is not negative.`)
  const payout = addAutomatic(world, currency, taken)
  arrive(world, payout)
  reconcile(world, payout)
  return payout
}

/**
 * On the daily schedule every business day begins with a payout of what is available, in each currency. A balance
 * that is not positive is carried forward, until a control debits the bank account for it.
 */
export function planDailyPayouts(world: World): void {
  world.store.hidden.payoutPlan += 1
  planNextMidnight(world, world.store.hidden.payoutPlan)
}

function planNextMidnight(world: World, plan: number): void {
  const next = (Math.floor(world.seconds() / DAY) + 1) * DAY
  world.agenda.add(next, PRIORITY.other, () => {
    if (world.settings.payoutSchedule !== 'daily' || world.store.hidden.payoutPlan !== plan) return
    if (isBusinessDay(next)) payOutAvailable(world)
    planNextMidnight(world, plan)
  })
}

function payOutAvailable(world: World): void {
  const currencies = new Set(world.store.balanceTransactions.all().map((entry) => entry.currency))
  for (const currency of [...currencies].sort()) {
    const available = untaken(world, currency).filter((entry) => entry.status === 'available')
    const payout = automaticPayout(world, currency, available)
    if (!payout) continue
    // When its transactions can be queried is not documented; an hour is the reading taken, before the money arrives.
    world.agenda.add(world.seconds() + HOUR, PRIORITY.other, () => reconcile(world, payout))
    planArrival(world, payout)
  }
}

const untaken = (world: World, currency: string): BalanceTransaction[] =>
  world.store.balanceTransactions
    .all()
    .filter((entry) => entry.currency === currency && !world.store.hidden.paidOut.has(entry.id))

const isOfPendingCharge = (world: World, entry: BalanceTransaction): boolean =>
  world.store.charges.get(entry.source ?? '')?.status === 'pending'

function automaticPayout(
  world: World,
  currency: string,
  taken: readonly BalanceTransaction[],
): Payout | undefined {
  return sum(taken.map((entry) => entry.net)) > 0 ? addAutomatic(world, currency, taken) : undefined
}

function addAutomatic(world: World, currency: string, taken: readonly BalanceTransaction[]): Payout {
  const amount = sum(taken.map((entry) => entry.net))
  const payout = newPayout(world, { amount, currency, automatic: true, status: 'in_transit' })
  for (const entry of taken) world.store.hidden.paidOut.set(entry.id, payout.id)
  // The payout's own transaction is listed with the ones it took: https://docs.stripe.com/payouts/reconciliation
  world.store.hidden.paidOut.set(payout.balance_transaction ?? '', payout.id)
  emit(world, 'payout.created', payout)
  return payout
}

export interface ManualPayout {
  amount: number
  currency: string
  method?: string | undefined
  description?: string | undefined
  statementDescriptor?: string | undefined
  metadata?: Record<string, string>
}

/** https://docs.stripe.com/api/payouts/create: the available balance must cover it. */
export function createManualPayout(world: World, params: ManualPayout): Payout {
  if (availableNet(world, params.currency) < params.amount) {
    throw invalidRequest(
      `You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance`,
      { code: 'balance_insufficient' },
    )
  }
  const payout = newPayout(world, { ...params, automatic: false, status: 'pending' })
  emit(world, 'payout.created', payout)
  world.agenda.add(world.seconds() + HOUR, PRIORITY.other, () => {
    if (payout.status !== 'pending') return
    change(world, payout, 'payout.updated', (it) => {
      it.status = 'in_transit'
    })
  })
  planArrival(world, payout)
  return payout
}

/** https://docs.stripe.com/api/payouts/cancel: pending ones that were made by hand. */
export function cancelPayout(world: World, payout: Payout): Payout {
  if (payout.automatic) throw invalidRequest('You cannot cancel automatic payouts.', { param: 'payout' })
  if (payout.status !== 'pending') {
    throw invalidRequest(
      `Payouts can only be canceled while they are pending; this one is ${payout.status}.`,
      { param: 'payout' },
    )
  }
  giveBack(world, payout, 'payout_cancel', 'canceled')
  emit(world, 'payout.canceled', payout)
  return payout
}

/** The bank sends the money back. What the payout was made of stays with it; the money is in the balance again. */
export function failPayout(world: World, payout: Payout, code = 'account_closed'): Payout {
  const message = FAILURES[code]
  if (message === undefined) {
    throw invalidRequest(`Not a failure code: ${code}. One of: ${Object.keys(FAILURES).join(', ')}.`)
  }
  if (payout.status === 'failed' || payout.status === 'canceled')
    throw invalidRequest(`This payout is ${payout.status} already.`)
  if (world.seconds() > payout.arrival_date + RETURNED_WITHIN)
    throw invalidRequest('A bank sends a payout back within five business days of its arrival.')
  giveBack(world, payout, 'payout_failure', 'failed', { code, message })
  emit(world, 'payout.failed', payout)
  return payout
}

function giveBack(
  world: World,
  payout: Payout,
  type: 'payout_cancel' | 'payout_failure',
  status: string,
  failure?: { code: string; message: string },
): void {
  const returned = recordBalance(world, {
    amount: payout.amount,
    currency: payout.currency,
    source: payout.id,
    type,
    category: 'payout_reversal',
    description: `REFUND FOR PAYOUT (${payout.description})`,
    withinBalance: true,
  })
  change(world, payout, 'payout.updated', (it) => {
    it.status = status
    it.failure_balance_transaction = returned.id
    it.failure_code = failure?.code ?? null
    it.failure_message = failure?.message ?? null
  })
}

/** On the day of its arrival; an instant one half an hour after it was made. */
function planArrival(world: World, payout: Payout): void {
  const at = payout.method === 'instant' ? payout.created + HOUR / 2 : payout.arrival_date
  world.agenda.add(at, PRIORITY.settle, () => {
    if (payout.status === 'in_transit' || payout.status === 'pending') arrive(world, payout)
  })
}

/** `payout.paid` tells that it is expected to have arrived; it may fail after that. */
function arrive(world: World, payout: Payout): void {
  change(world, payout, 'payout.updated', (it) => {
    it.status = 'paid'
  })
  emit(world, 'payout.paid', payout)
}

function reconcile(world: World, payout: Payout): void {
  change(world, payout, 'payout.updated', (it) => {
    it.reconciliation_status = 'completed'
  })
  emit(world, 'payout.reconciliation_completed', payout)
}

const isBusinessDay = (seconds: number): boolean => {
  const weekday = new Date(seconds * 1000).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/**
 * `arrival_date` is a day, written as its midnight in UTC (https://docs.stripe.com/api/payouts/object shows 1680652800),
 * also where that is past already: https://github.com/BanchanArt/banchan/issues/757
 */
const midnightOf = (seconds: number): number => Math.floor(seconds / DAY) * DAY

function newPayout(world: World, params: ManualPayout & { automatic: boolean; status: string }): Payout {
  const instant = params.method === 'instant'
  let arrival = midnightOf(world.seconds()) + (instant ? 0 : ARRIVES_AFTER_DAYS * DAY)
  while (!instant && !isBusinessDay(arrival)) arrival += DAY
  const payout: Payout = {
    id: world.ids.next('po'),
    object: 'payout',
    amount: params.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: arrival,
    automatic: params.automatic,
    balance_transaction: null,
    created: world.seconds(),
    currency: params.currency,
    description: params.description ?? 'STRIPE PAYOUT',
    destination: `ba_1Simulated${params.currency.toUpperCase()}`,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: world.settings.livemode,
    metadata: params.metadata ?? {},
    method: params.method ?? 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: params.automatic ? 'in_progress' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: params.statementDescriptor ?? null,
    status: params.status,
    trace_id: null,
    type: 'bank_account',
  }
  payout.balance_transaction = recordBalance(world, {
    amount: -payout.amount,
    currency: payout.currency,
    source: payout.id,
    type: 'payout',
    description: payout.description,
    withinBalance: true,
  }).id
  return world.store.payouts.add(payout)
}
