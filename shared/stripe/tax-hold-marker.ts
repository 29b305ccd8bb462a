// How a draft invoice is held until it is taxed, and how that shows: `auto_advance` false, and its former value in
// the invoice's metadata. Two connectors hold (tax-hold at once, avalara before it writes), so the marker, the call
// and its idempotency key live here, once. Whether and when to release is the avalara connector's business.
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../clock.ts'

/** Holds `true` or `false`: what `auto_advance` was before us. Stripe sets false itself, so only this proves a hold. */
export const HOLD_METADATA_KEY = 'switchyard_hold'
/** Written instead when a hold was lifted without finalizing (the invoice was handed to Stripe's own tax). */
const LIFTED = 'lifted'

export type FormerAutoAdvance = 'true' | 'false'
type HoldFields = Pick<Stripe.Invoice, 'status' | 'auto_advance' | 'automatic_tax' | 'metadata'>

/** What our marker says; undefined: we do not hold this invoice. */
export function markedFormer(invoice: Pick<Stripe.Invoice, 'metadata'>): FormerAutoAdvance | undefined {
  const marker = invoice.metadata?.[HOLD_METADATA_KEY]
  return marker === 'true' || marker === 'false' ? marker : undefined
}

/** Stripe's own tax engine, and the tax apps under it, calculate this invoice: it is never ours to hold. */
export const isTaxedByStripe = (invoice: Pick<Stripe.Invoice, 'automatic_tax'>): boolean =>
  invoice.automatic_tax?.enabled === true

export const mayBeHeld = (invoice: HoldFields): boolean =>
  invoice.status === 'draft' && !isTaxedByStripe(invoice)

/**
 * What a release restores. A draft that advances NOW wants to advance, whatever an older marker says: a person
 * resumes a kept draft by switching auto_advance on. Else the marker; else what stands, and absent counts as false.
 */
export function formerAutoAdvance(invoice: HoldFields): FormerAutoAdvance {
  if (invoice.status === 'draft' && invoice.auto_advance === true) return 'true'
  return markedFormer(invoice) ?? (invoice.auto_advance === true ? 'true' : 'false')
}

/** What an invoice must be read with for `isHeldLate`. */
export const WITH_ITS_OWNERS = { expand: ['customer', 'parent.subscription_details.subscription'] }

/**
 * As a hold leaves an open invoice that lands after its release. Not where Stripe stopped collecting by itself, as it
 * does once it has charged in vain, when the subscription is canceled and when the customer is deleted: nobody must be
 * charged after that. https://docs.stripe.com/billing/subscriptions/cancel
 * @param invoice read with `WITH_ITS_OWNERS`.
 */
export function isHeldLate(invoice: Stripe.Invoice): boolean {
  const { attempt_count, auto_advance, customer, parent, status } = invoice
  const subscription = parent?.subscription_details?.subscription
  const ended = typeof subscription === 'object' && subscription.status === 'canceled'
  const gone = typeof customer === 'object' && customer?.deleted === true
  const uncollected = status === 'open' && auto_advance === false && attempt_count === 0
  return uncollected && markedFormer(invoice) === 'true' && !ended && !gone
}

/** We marked it once, and somebody switched auto_advance on again: it would finalize untaxed within the hour. */
export const needsHoldingAgain = (invoice: HoldFields): boolean =>
  mayBeHeld(invoice) && invoice.auto_advance === true && invoice.metadata?.[HOLD_METADATA_KEY] !== undefined

/**
 * Holds a draft in one call. The key is the same whoever holds, on purpose: when one connector has already held,
 * taxed and released the invoice, the other's late hold gets Stripe's saved answer and has no effect on the open
 * invoice (where auto_advance=false would silently stop collection). Keys live at least 24 hours.
 * https://docs.stripe.com/api/idempotent_requests
 * @param again a saved answer must not be replayed: looks first, then sends under a key of this minute.
 * @throws what the stripe package throws.
 */
export async function holdDraft(
  stripe: Stripe,
  clock: Clock,
  hold: { invoiceId: string; former: FormerAutoAdvance; again?: boolean },
): Promise<void> {
  const { invoiceId, former } = hold
  const key = `switchyard-hold-${invoiceId}-${former}`
  const send = async (idempotencyKey: string) => {
    const answer = await stripe.invoices.update(
      invoiceId,
      { auto_advance: false, metadata: { [HOLD_METADATA_KEY]: former } },
      { idempotencyKey },
    )
    if (answer.status === 'open') await undoLateHold(stripe, clock, invoiceId, former)
  }
  const lookThenSend = async () => {
    const invoice = await stripe.invoices.retrieve(invoiceId)
    const held = markedFormer(invoice) === former && invoice.auto_advance === false
    if (mayBeHeld(invoice) && !held) await send(`${key}-${thisMinute(clock)}`)
  }
  if (hold.again) return lookThenSend()
  try {
    await send(key)
  } catch (error) {
    // Stripe replays even a saved 500 under the same key, for a day: the draft would finalize meanwhile.
    if (!isServerFailure(error)) throw error
    await lookThenSend()
  }
}

/** Gives a draft back to Stripe as it was, when it turns out not to be ours. */
export async function liftHold(stripe: Stripe, clock: Clock, invoiceId: string): Promise<void> {
  const invoice = await stripe.invoices.retrieve(invoiceId)
  const former = markedFormer(invoice)
  if (invoice.status !== 'draft' || former === undefined) return
  await stripe.invoices.update(
    invoiceId,
    { auto_advance: former === 'true', metadata: { [HOLD_METADATA_KEY]: LIFTED } },
    { idempotencyKey: `switchyard-lift-${invoiceId}-${thisMinute(clock)}` },
  )
}

/** Takes a late hold off an open invoice, if there is one. */
export async function collectAgain(stripe: Stripe, clock: Clock, invoiceId: string): Promise<void> {
  const invoice = await stripe.invoices.retrieve(invoiceId, WITH_ITS_OWNERS)
  if (isHeldLate(invoice)) await undoLateHold(stripe, clock, invoiceId, 'true')
}

/** The draft was finalized between our look and our hold: Stripe must go on collecting it. */
async function undoLateHold(stripe: Stripe, clock: Clock, invoiceId: string, former: FormerAutoAdvance) {
  await stripe.invoices.update(
    invoiceId,
    { auto_advance: former === 'true', metadata: { [HOLD_METADATA_KEY]: LIFTED } },
    { idempotencyKey: `switchyard-lift-${invoiceId}-${thisMinute(clock)}` },
  )
}

export const thisMinute = (clock: Clock): number => Math.floor(nowSeconds(clock) / 60)

/** A 5xx answer, fresh or replayed: the effect is unknown, and the same key would only repeat the answer. */
export const isServerFailure = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && Number(error.statusCode) >= 500
