// How billing credits pay for usage: after discounts, before tax and before the customer's balance. A draft shows what
// would apply; only finalization takes it. Voiding the invoice gives it back, a credit note does not.
// https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits#apply-credit-grants
import type { CreditGrant, Invoice, InvoiceLine } from '../wire.ts'
import type { World } from '../world.ts'
import { addDebit, balanceOf, monetary, reinstate } from './credit-grants.ts'
import { isMetered } from './metering.ts'

type PretaxCredit = NonNullable<InvoiceLine['pretax_credit_amounts']>[number]

type Entry = { amount: number; type: string }

const isCredit = (entry: { type: string }): boolean => entry.type === 'credit_balance_transaction'

/** What billing credits take off a line, of an invoice or of a credit note. */
export const lineCredit = (line: { pretax_credit_amounts: readonly Entry[] | null }): number =>
  (line.pretax_credit_amounts ?? []).filter(isCredit).reduce((total, entry) => total + entry.amount, 0)

/** Lines in the order they appear; on each line the grants in their order, as far as each reaches. */
interface Share {
  grant: CreditGrant
  line: InvoiceLine
  amount: number
}

function sharesOf(world: World, invoice: Invoice): Share[] {
  if (!invoice.parent?.subscription_details || world.store.creditGrants.size === 0) return []
  const grants = eligibleGrants(world, invoice)
  const left = new Map(grants.map((grant) => [grant.id, balanceOf(world, grant)]))
  const shares: Share[] = []
  for (const line of invoice.lines.data) {
    const discounts = (line.discount_amounts ?? []).reduce((total, entry) => total + entry.amount, 0)
    let owed = line.amount - discounts
    for (const grant of grants) {
      const amount = Math.min(owed, left.get(grant.id) ?? 0)
      if (amount <= 0 || !appliesTo(world, grant, line)) continue
      shares.push({ grant, line, amount })
      left.set(grant.id, (left.get(grant.id) ?? 0) - amount)
      owed -= amount
    }
  }
  return shares
}

/** Currency, and the invoice's period_end between `effective_at` (inclusive) and `expires_at` (exclusive). */
function eligibleGrants(world: World, invoice: Invoice): CreditGrant[] {
  return world.store.creditGrants
    .of(invoice.customer)
    .filter(
      (grant) =>
        grant.voided_at === null &&
        monetary(grant).currency === invoice.currency &&
        invoice.period_end >= (grant.effective_at ?? 0) &&
        (grant.expires_at === null || invoice.period_end < grant.expires_at),
    )
    .sort(
      (a, b) =>
        (a.priority ?? 50) - (b.priority ?? 50) ||
        (a.expires_at ?? Number.MAX_SAFE_INTEGER) - (b.expires_at ?? Number.MAX_SAFE_INTEGER) ||
        categoryRank(a) - categoryRank(b) ||
        (a.effective_at ?? 0) - (b.effective_at ?? 0) ||
        a.created - b.created,
    )
}

const categoryRank = (grant: CreditGrant): number => (grant.category === 'promotional' ? 0 : 1)

/** Subscription items at metered prices only; never one-off items, prorations or licensed prices. */
function appliesTo(world: World, grant: CreditGrant, line: InvoiceLine): boolean {
  const details = line.parent?.subscription_item_details
  const price = world.store.prices.get(line.pricing?.price_details?.price ?? '')
  if (!details || details.invoice_item || !price || !isMetered(price) || !price.recurring?.meter) return false
  const { prices } = grant.applicability_config.scope
  return !prices || prices.some((each) => each.id === price.id)
}

/** Puts onto a draft what would be applied if it were finalized now; no transaction stands behind it yet. */
export function showCredits(world: World, invoice: Invoice): void {
  for (const { line, amount } of sharesOf(world, invoice)) addTo(line, amount, null)
}

/** Takes the credits that the totals of this invoice already show. */
export function takeCredits(world: World, invoice: Invoice): void {
  const shares = sharesOf(world, invoice)
  for (const line of new Set(shares.map((share) => share.line))) {
    line.pretax_credit_amounts = (line.pretax_credit_amounts ?? []).filter((entry) => !isCredit(entry))
  }
  for (const { grant, line, amount } of shares) {
    const applied = { invoice: invoice.id, invoice_line_item: line.id }
    addTo(line, amount, addDebit(world, grant, amount, { type: 'credits_applied', applied }).id)
  }
  invoice.total_pretax_credit_amounts = totalPretaxCredits(invoice.lines.data)
}

function addTo(line: InvoiceLine, amount: number, transaction: string | null): void {
  const entry: PretaxCredit = {
    amount,
    credit_balance_transaction: transaction,
    type: 'credit_balance_transaction',
  }
  line.pretax_credit_amounts = [...(line.pretax_credit_amounts ?? []), entry]
}

/** By discount and by transaction, in the order they appear. */
export function totalPretaxCredits<T extends PretaxCredit>(
  lines: readonly { pretax_credit_amounts: T[] | null }[],
): T[] {
  const totals = new Map<string, T>()
  for (const entry of lines.flatMap((line) => line.pretax_credit_amounts ?? [])) {
    const key = `${entry.type} ${entry.discount ?? entry.credit_balance_transaction}`
    const soFar = totals.get(key)
    if (soFar) soFar.amount += entry.amount
    else totals.set(key, { ...entry })
  }
  return [...totals.values()]
}

export function giveCreditsBack(world: World, invoice: Invoice): void {
  for (const grant of world.store.creditGrants.of(invoice.customer)) {
    for (const each of world.store.creditBalanceTransactions.of(grant.id)) {
      if (each.debit?.credits_applied?.invoice === invoice.id) reinstate(world, each)
    }
  }
}
