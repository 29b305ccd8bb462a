// The list of drafts that are held because their tax cannot be calculated: how much, since when, why, and who has to act.
// For the close, the console and the month-end total; read from Stripe's drafts and the ledger's troubles, so that a draft
// that the hub has never come to is on it too.
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../../../shared/clock.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import { translateStripeError } from '../../../shared/stripe/errors.ts'
import { isTaxedByStripe, markedFormer } from '../../../shared/stripe/tax-hold-marker.ts'
import { APPROVAL_KEY } from './release-approval.ts'

/** What the ledger holds against an invoice in this lane (its state's `trouble`). */
export interface BlockedTrouble {
  code: string
  reason: string
  hint?: string | undefined
}

export interface BlockedDraft {
  invoice: string
  customer: string | undefined
  /** Upper case. */
  currency: string
  /** Without the tax that is missing. */
  amountMinor: bigint
  /** When the draft was made: from then on it is not collected. */
  sinceSeconds: number
  ageHours: number
  code: string
  owner: string
  reason: string
  hint: string
  /** Whose approval stands on the invoice, whether it counts or not. */
  approvedBy: string | undefined
}

/** Nothing is wrong with a draft that is on its way: it is taxed within seconds, after an outage within minutes. */
const GRACE_SECONDS = 900

const OWNERS: Readonly<Record<string, string>> = {
  'TAX-ADDR': 'Support',
  'TAX-CODE': 'Stripe admin',
  'TAX-SHIPPING': 'Billing',
  'TAX-RATES': 'Billing',
  'TAX-REFUSED': 'Avalara admin',
  'TAX-CRED': 'Avalara admin',
  'TAX-DOWN': 'nobody: AvaTax is away',
  'TAX-BUSY': 'nobody: AvaTax is busy',
  'TAX-VAT-PENDING': 'nobody: a VAT number is being verified',
  'TAX-DRAFT-CHANGED': 'nobody: it is calculated anew',
}
const OTHERS = 'Engineering'

/** @param troubleOf asked once, for all held drafts. @throws HubError. */
export async function readBlockedDrafts({
  stripe,
  clock,
  troubleOf,
}: {
  stripe: Stripe
  clock: Clock
  troubleOf: (invoiceIds: readonly string[]) => Promise<ReadonlyMap<string, BlockedTrouble>>
}): Promise<BlockedDraft[]> {
  const drafts = await heldDrafts(stripe)
  const troubles = await troubleOf(drafts.map(({ id }) => id))
  const nowS = nowSeconds(clock)
  return drafts
    .filter(({ id, created }) => troubles.has(id) || nowS - created > GRACE_SECONDS)
    .map((draft) => describe(draft, troubles.get(draft.id), nowS))
    .sort((a, b) => a.sinceSeconds - b.sinceSeconds || (a.invoice < b.invoice ? -1 : 1))
}

/** What is not collected because of it, a currency a row; amounts in major units. */
export function totalBlocked(
  list: readonly BlockedDraft[],
): { currency: string; count: number; amount: string }[] {
  return [...Map.groupBy(list, ({ currency }) => currency)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, drafts]) => ({
      currency,
      count: drafts.length,
      amount: toDecimal(
        money(
          drafts.reduce((total, { amountMinor }) => total + amountMinor, 0n),
          currency,
        ),
      ),
    }))
}

/** Held by us so that they go out with tax; a draft that its owner keeps is not waiting for anybody. */
async function heldDrafts(stripe: Stripe): Promise<Stripe.Invoice[]> {
  const held: Stripe.Invoice[] = []
  try {
    // One by one: the SDK's autoPagingToArray takes 10,000 at most, and an outage over a billing run holds more.
    for await (const draft of stripe.invoices.list({ status: 'draft', limit: 100 })) {
      const ours = draft.status === 'draft' && markedFormer(draft) === 'true' && !isTaxedByStripe(draft)
      if (ours) held.push(draft)
    }
    return held
  } catch (error) {
    throw translateStripeError(error, 'list the drafts', false)
  }
}

function describe(draft: Stripe.Invoice, trouble: BlockedTrouble | undefined, nowS: number): BlockedDraft {
  const { id, created, currency, total, customer, metadata } = draft
  const amountMinor = BigInt(total)
  const amount = `${currency.toUpperCase()} ${toDecimal(money(amountMinor, currency))}`
  return {
    invoice: id,
    customer: typeof customer === 'string' ? customer : customer?.id,
    currency: currency.toUpperCase(),
    amountMinor,
    sinceSeconds: created,
    ageHours: Math.floor((nowS - created) / 3600),
    code: trouble?.code ?? 'TAX-WAITING',
    owner: trouble ? (OWNERS[trouble.code] ?? OTHERS) : OTHERS,
    reason: trouble?.reason ?? `${id} (${amount}) is held, untaxed, and nothing is known against it.`,
    hint: trouble?.hint ?? `Engineering: hub replay ${id}, then look at the log of the avalara lane.`,
    approvedBy: metadata?.[APPROVAL_KEY],
  }
}
