// Billing credits: grants, and the ledger of what was granted, used, expired and voided. A grant's balance is nothing
// but the sum of its transactions. How grants meet an invoice is credit-application.ts.
// https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits · https://docs.stripe.com/api/billing/credit-grant
import { PRIORITY } from '../agenda.ts'
import { invalidRequest } from '../errors.ts'
import { sum } from '../money.ts'
import type { CreditBalanceTransaction, CreditGrant } from '../wire.ts'
import { change, emit, type World } from '../world.ts'

export interface GrantOptions {
  customer: string
  amount: { currency: string; value: number }
  /** Absent: every metered price. */
  prices?: string[] | undefined
  category?: string | undefined
  effectiveAt?: number | undefined
  expiresAt?: number | undefined
  name?: string | undefined
  priority?: number | undefined
  metadata?: Record<string, string>
}

export function createGrant(world: World, options: GrantOptions): CreditGrant {
  const at = world.seconds()
  const effectiveAt = options.effectiveAt ?? at
  if (effectiveAt < at)
    throw invalidRequest('`effective_at` must not be in the past.', { param: 'effective_at' })
  if (options.expiresAt !== undefined && options.expiresAt <= effectiveAt)
    throw invalidRequest('`expires_at` must be after `effective_at`.', { param: 'expires_at' })
  const grant = world.store.creditGrants.add({
    id: world.ids.next('credgr'),
    object: 'billing.credit_grant',
    amount: { monetary: options.amount, type: 'monetary' },
    applicability_config: {
      scope: options.prices ? { prices: options.prices.map((id) => ({ id })) } : { price_type: 'metered' },
    },
    category: options.category ?? 'paid',
    created: at,
    customer: options.customer,
    customer_account: null,
    effective_at: effectiveAt,
    expires_at: options.expiresAt ?? null,
    livemode: world.settings.livemode,
    metadata: options.metadata ?? {},
    name: options.name ?? null,
    priority: options.priority ?? 50,
    test_clock: null,
    updated: at,
    voided_at: null,
  })
  emit(world, 'billing.credit_grant.created', grant)
  addCredit(world, grant, options.amount.value, { type: 'credits_granted', effectiveAt })
  planExpiry(world, grant)
  return grant
}

export const monetary = (grant: CreditGrant): { currency: string; value: number } =>
  grant.amount.monetary ?? { currency: '', value: 0 }

/** What is left of a grant. */
export const balanceOf = (world: World, grant: CreditGrant): number =>
  sum(
    world.store.creditBalanceTransactions
      .of(grant.id)
      .map((each) => (each.credit?.amount.monetary?.value ?? 0) - (each.debit?.amount.monetary?.value ?? 0)),
  )

/** https://docs.stripe.com/api/billing/credit-grant/expire */
export function expireGrant(world: World, grant: CreditGrant): CreditGrant {
  requireAlive(world, grant)
  change(world, grant, 'billing.credit_grant.updated', (it) => {
    it.expires_at = world.seconds()
    it.updated = world.seconds()
  })
  takeRest(world, grant, 'credits_expired')
  return grant
}

/** https://docs.stripe.com/api/billing/credit-grant/void: only while nothing of it was ever applied to an invoice. */
export function voidGrant(world: World, grant: CreditGrant): CreditGrant {
  requireAlive(world, grant)
  const used = world.store.creditBalanceTransactions
    .of(grant.id)
    .some((each) => each.debit?.type === 'credits_applied')
  if (used) throw invalidRequest('You can only void credit grants that were not applied to an invoice.')
  change(world, grant, 'billing.credit_grant.updated', (it) => {
    it.voided_at = world.seconds()
    it.updated = world.seconds()
  })
  takeRest(world, grant, 'credits_voided')
  return grant
}

export function updateGrant(
  world: World,
  grant: CreditGrant,
  params: { expiresAt?: number | null | undefined; metadata?: Record<string, string> },
): CreditGrant {
  if (params.expiresAt !== undefined) {
    requireAlive(world, grant)
    if (params.expiresAt !== null && params.expiresAt <= world.seconds())
      throw invalidRequest('`expires_at` must be in the future.', { param: 'expires_at' })
  }
  change(world, grant, 'billing.credit_grant.updated', (it) => {
    if (params.expiresAt !== undefined) it.expires_at = params.expiresAt
    if (params.metadata) it.metadata = params.metadata
    it.updated = world.seconds()
  })
  if (params.expiresAt !== undefined) planExpiry(world, grant)
  return grant
}

function requireAlive(world: World, grant: CreditGrant): void {
  if (grant.voided_at !== null) throw invalidRequest('This credit grant is voided.')
  if (grant.expires_at !== null && grant.expires_at <= world.seconds())
    throw invalidRequest('This credit grant has expired.')
}

function planExpiry(world: World, grant: CreditGrant): void {
  const at = grant.expires_at
  if (at === null) return
  world.agenda.add(at, PRIORITY.plan, () => {
    if (grant.expires_at === at && grant.voided_at === null) takeRest(world, grant, 'credits_expired')
  })
}

function takeRest(world: World, grant: CreditGrant, type: 'credits_expired' | 'credits_voided'): void {
  const rest = balanceOf(world, grant)
  if (rest > 0) addDebit(world, grant, rest, { type })
}

interface Applied {
  invoice: string
  invoice_line_item: string
}

/** A used amount comes back because its invoice was voided; after the grant has expired it expires at once. */
export function reinstate(world: World, debit: CreditBalanceTransaction): void {
  const grant = world.store.creditGrants.get(debit.credit_grant)
  const amount = debit.debit?.amount.monetary?.value ?? 0
  const applied = debit.debit?.credits_applied
  if (!grant || !applied) return
  addCredit(world, grant, amount, { type: 'credits_application_invoice_voided', from: applied })
  if (grant.expires_at !== null && grant.expires_at <= world.seconds())
    takeRest(world, grant, 'credits_expired')
}

function addCredit(
  world: World,
  grant: CreditGrant,
  value: number,
  options: { type: string; effectiveAt?: number; from?: Applied },
): CreditBalanceTransaction {
  return addTransaction(world, grant, options.effectiveAt ?? world.seconds(), {
    credit: {
      amount: { monetary: { currency: monetary(grant).currency, value }, type: 'monetary' },
      credits_application_invoice_voided: options.from ?? null,
      type: options.type,
    },
    debit: null,
  })
}

export function addDebit(
  world: World,
  grant: CreditGrant,
  value: number,
  options: { type: string; applied?: Applied },
): CreditBalanceTransaction {
  return addTransaction(world, grant, world.seconds(), {
    credit: null,
    debit: {
      amount: { monetary: { currency: monetary(grant).currency, value }, type: 'monetary' },
      credits_applied: options.applied ?? null,
      type: options.type,
    },
  })
}

function addTransaction(
  world: World,
  grant: CreditGrant,
  effectiveAt: number,
  side: Pick<CreditBalanceTransaction, 'credit' | 'debit'>,
): CreditBalanceTransaction {
  const transaction = world.store.creditBalanceTransactions.add({
    id: world.ids.next('cbtxn'),
    object: 'billing.credit_balance_transaction',
    created: world.seconds(),
    ...side,
    credit_grant: grant.id,
    effective_at: effectiveAt,
    livemode: world.settings.livemode,
    test_clock: null,
    type: side.credit ? 'credit' : 'debit',
  })
  emit(world, 'billing.credit_balance_transaction.created', transaction)
  return transaction
}
