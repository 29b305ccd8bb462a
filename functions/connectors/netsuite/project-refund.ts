// A refund as a customer refund: it pays out the credit memos of the credit notes that name it, from the Stripe clearing
// account. One made again pays what an earlier one left when it failed (shared/stripe/refund-parts.ts). What neither explains gets a memo
// of its own by policy, or parks: NetSuite refunds nothing without one.
// A refund that fails after it was posted is money back in the Stripe balance, and owed to the customer again: a payment
// on account of that date. PURE.
import type Stripe from 'stripe'
import type { ObjectRef, RemoteRecord } from '../../../shared/connector/contract.ts'
import { type Money, money, toDecimal } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { hasFailed } from '../../../shared/stripe/refund-parts.ts'
import { applyField } from './apply.ts'
import { type Context, type DocumentName, RECORDS, type RefundSource } from './books.ts'
import { clearingFields } from './clearing.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, headFields, headsOf } from './document-head.ts'
import { feeRecord } from './fees.ts'
import { posted } from './issued.ts'
import { loneRefundMemo } from './lone-refund.ts'
import { parked } from './parked.ts'
import type { Share } from './receivable.ts'
import { documentName } from './stripe-fields.ts'

type RefundContext = Omit<Extract<Context, { root: 'refund' }>, 'root'>

/** @param failedAtSeconds when the money came back; the refund itself says only that it failed. */
export function refundDates(
  refund: Stripe.Refund,
  failedAtSeconds: number | undefined,
  isAlone: boolean,
): [DocumentName, number][] {
  const dates: [DocumentName, number][] = [[RECORDS.refund(refund.id), refund.created]]
  if (isAlone) dates.push([RECORDS.loneRefundMemo(refund.id), refund.created])
  if (hasFailed(refund)) dates.push([RECORDS.failedRefund(refund.id), failedAtSeconds ?? refund.created])
  return dates
}

export function projectRefund(
  refund: Stripe.Refund,
  context: RefundContext,
  config: NetSuiteConfig,
): RemoteRecord[] {
  // Nothing is posted before the money is gone: a pending refund can still fail.
  if (refund.status !== 'succeeded' && !context.posted) return []
  const { source } = context
  // A payment that no invoice knows is not in these books, nor is its refund.
  if (!source) return []
  const document = `Refund ${documentName(refund, refund.amount)}`
  const customerId = source.customerId ?? idOf(refund.customer)
  if (customerId === undefined) {
    throw parked({
      code: 'NS-CUSTOMER',
      document,
      why: 'it names no customer (field customer).',
      hint: 'Accounting: enter the customer refund by hand.',
    })
  }
  const amount = money(refund.amount, refund.currency)
  const head = headsOf({
    document,
    title: 'Refund',
    number: null,
    stripeId: refund.id,
    customerId,
    currency: refund.currency,
  })
  const { shares, records } = explanation(refund, amount, context, config, head)
  const top = head(RECORDS.refund(refund.id), 'Refund', refund.created)
  const record = posted(top, {
    ...headFields(top, context, config),
    ...clearingFields(top, amount, context.settlement, context.books),
    ...applyField(shares, amount.currency),
  })
  const requires = requiredBy(source)
  const ownFee = (of: Head, stripeId: string): RemoteRecord[] =>
    feeRecord(RECORDS.fee(stripeId), of, context.fees?.[stripeId], context, config)
  records.push({ ...record, requires: [...record.requires, ...requires] }, ...ownFee(top, refund.id))
  if (hasFailed(refund)) {
    const failedAt = source.failure?.atSeconds ?? refund.created
    const back = head(RECORDS.failedRefund(refund.id), 'Failed refund', failedAt)
    records.push(
      posted(back, {
        ...headFields(back, context, config),
        ...clearingFields(back, amount, source.failure?.settlement ?? context.settlement, context.books),
        payment: toDecimal(amount),
      }),
      ...ownFee(back, `${refund.id}-failed`),
    )
  }
  return records
}

/**
 * Of a refund that failed before it was posted, that it stays so: its own root is brought in step first, and nothing older
 * posts it after that.
 */
function requiredBy({ creditNotes, again = [] }: RefundSource): ObjectRef[] {
  const memos = again.filter(({ internalId }) => internalId === undefined)
  const noteIds = [...creditNotes.map(({ id }) => id), ...memos.map(({ externalId }) => externalId)]
  return [
    ...[...new Set(noteIds)].map((id) => ({ type: 'credit_note', id })),
    ...[...new Set(memos.map(({ refundId }) => refundId))].map((id) => ({ type: 'refund', id })),
  ]
}

/** Kept with the first posting: a rule that is changed later does not touch it. */
const policyOf = ({ books }: RefundContext, config: NetSuiteConfig) =>
  books.loneRefunds ?? config.refundsWithoutCreditNote

/** An apply list names a document once. */
function merged(shares: readonly Share[]): Share[] {
  const byName = new Map<string, Share>()
  for (const { document, amountMinor } of shares) {
    const before = byName.get(document.externalId)?.amountMinor ?? 0n
    byName.set(document.externalId, { document, amountMinor: before + amountMinor })
  }
  return [...byName.values()]
}

/** The memos that the refund pays out, and the one of its own that it may need. */
function explanation(
  refund: Stripe.Refund,
  amount: Money,
  context: RefundContext,
  config: NetSuiteConfig,
  head: (record: DocumentName, title: string, atSeconds: number) => Head,
): { shares: Share[]; records: RemoteRecord[] } {
  const { creditNotes = [], again = [] } = context.source ?? {}
  const invoiceId = context.source?.invoiceId
  const shares = merged([
    ...creditNotes.map((note) => ({
      document: RECORDS.creditMemo(note.id),
      amountMinor: money(note.amountRefunded, refund.currency).amountMinor,
    })),
    ...again.map(({ amountMinor, refundId: _, ...document }) => ({
      document,
      amountMinor: BigInt(amountMinor),
    })),
  ])
  const restMinor = shares.reduce((rest, share) => rest - share.amountMinor, amount.amountMinor)
  if (restMinor === 0n && !context.postedAlone) return { shares, records: [] }
  const top = head(RECORDS.loneRefundMemo(refund.id), 'Refund without a credit note', refund.created)
  if (context.postedAlone && creditNotes.length > 0 && restMinor === 0n) {
    throw parked({
      code: 'NS-REFUND-TWICE',
      document: top.document,
      why: `it was posted with a memo of its own for want of a credit note, and ${creditNotes.map(({ id }) => id).join(', ')} of invoice ${invoiceId} explains it now (field refunds): the sale is taken back twice.`,
      hint: `Accounting: apply the memo of the credit note to a journal that reverses ${top.record.externalId}. Billing: link credit notes to refunds before they are made, or set hub.config.ts → netsuite.refundsWithoutCreditNote to "park".`,
    })
  }
  if (restMinor <= 0n || policyOf(context, config) === 'park') {
    throw parked({
      code: 'NS-REFUND-ALONE',
      document: `Refund ${documentName(refund, refund.amount)}`,
      why:
        shares.length === 0
          ? `no credit note of invoice ${invoiceId} names it (field refunds).`
          : `the credit notes of invoice ${invoiceId} (field refunds) and earlier refunds of it that failed explain only a part of it.`,
      hint: 'Accounting: issue a credit note in Stripe for the paid invoice and link this refund to it: it resumes alone. Engineering: hub.config.ts → netsuite.refundsWithoutCreditNote posts such refunds by a rule.',
    })
  }
  const rest: Money = { ...amount, amountMinor: restMinor }
  shares.push({ document: top.record, amountMinor: restMinor })
  return { shares, records: [loneRefundMemo(top, rest, context, config)] }
}
