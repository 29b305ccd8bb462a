// Releases an approved draft without AvaTax: as it stands, and never one that its owner keeps. Says on the invoice who
// approved it, before it goes out; the tax lane records it so when it runs again.
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../../../shared/clock.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { transient } from '../../../shared/errors.ts'
import type { Log } from '../../../shared/log.ts'
import { withMetrics } from '../../../shared/metrics.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import { isServerFailure, thisMinute, WITH_ITS_OWNERS } from '../../../shared/stripe/tax-hold-marker.ts'
import type { Approval } from './approval.ts'

const NOTE_KEY = 'switchyard_tax_note'

export interface Releasing {
  stripe: Stripe
  clock: Clock
  log: Log
  /** As it stands now: the approval may be gone by now. */
  approverOf(invoice: Stripe.Invoice): string | undefined
}

/** @throws HubError transient while it has to wait; what the stripe package throws. */
export async function releaseApproved(
  tools: Releasing,
  invoiceId: string,
  approval: Approval,
): Promise<void> {
  const { stripe, clock } = tools
  const draft = await stripe.invoices.retrieve(invoiceId, WITH_ITS_OWNERS)
  if (tools.approverOf(draft) !== approval.by || isKept(draft)) return
  const leftMinutes = Math.ceil((approval.fromSeconds - nowSeconds(clock)) / 60)
  if (!approval.paused || leftMinutes > 0) throw waits(draft, approval, leftMinutes)
  const note = `released ${isUntaxed(draft) ? 'untaxed' : 'as it stood'} by ${approval.by}: TAX-PAUSED`
  await stripe.invoices.update(
    invoiceId,
    { metadata: { [NOTE_KEY]: note } },
    { idempotencyKey: `switchyard-note-${invoiceId}-${hashJson(note)}-${thisMinute(clock)}` },
  )
  await finalize(tools, invoiceId)
  tools.log({
    line: 'tax-released',
    document: invoiceId,
    currency: draft.currency.toUpperCase(),
    amount: amountOf(draft),
    note,
    ...withMetrics(clock, { TaxReleased: 1 }, { connector: 'tax-hold' }),
  })
}

/** A 5xx is saved and replayed under its key for a day, so one more attempt goes under a key of this minute. */
async function finalize({ stripe, clock }: Releasing, invoiceId: string): Promise<void> {
  const key = `switchyard-finalize-${invoiceId}-approved`
  const send = (idempotencyKey: string) =>
    stripe.invoices.finalizeInvoice(invoiceId, { auto_advance: true }, { idempotencyKey })
  try {
    await send(key)
  } catch (error) {
    if (!isServerFailure(error)) throw error
    await send(`${key}-${thisMinute(clock)}`)
  }
}

/** Paused or unpaid meanwhile: https://docs.stripe.com/billing/subscriptions/pause-payment */
function isKept({ parent }: Stripe.Invoice): boolean {
  const subscription = parent?.subscription_details?.subscription
  if (typeof subscription !== 'object') return false
  return subscription.pause_collection?.behavior === 'keep_as_draft' || subscription.status === 'unpaid'
}

/** Rates that somebody put on it charge what they charge. */
const isUntaxed = ({ total_taxes }: Stripe.Invoice): boolean => (total_taxes ?? []).length === 0

const amountOf = ({ total, currency }: Stripe.Invoice): string => toDecimal(money(total, currency))

function waits(draft: Stripe.Invoice, { by, paused }: Approval, leftMinutes: number) {
  const name = `${draft.id} (${draft.currency.toUpperCase()} ${amountOf(draft)})`
  return transient(
    paused
      ? `${name} is held, untaxed: AvaTax is paused. Approved by ${by}; released untaxed if AvaTax is still away in ${leftMinutes} min.`
      : `${name} is held, untaxed, approved by ${by}: the tax lane has yet to look at it. Nothing was finalized.`,
    {
      code: paused ? 'TAX-PAUSED' : 'TAX-APPROVED',
      hint: 'Do nothing: it is looked at again.',
      recordOnly: true,
      retryAfterSeconds: 60,
    },
  )
}
