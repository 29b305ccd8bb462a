// A credit note as ONE credit memo with its split: what lowered an open invoice is applied to it, what went to the
// customer's balance to the journal that puts it there, what was paid back waits for its refund (project-refund.ts) or is
// refunded from the account of payments outside Stripe. Voided after posting: an invoice of that date over the same lines,
// open again, for a posted memo is never touched. PURE.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { type Money, money } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { applyField, applyTo } from './apply.ts'
import { type Context, type DocumentName, RECORDS } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { toBalanceJournal } from './customer-balance.ts'
import { type Head, headFields, headsOf, mapped } from './document-head.ts'
import { readHistory } from './invoice-history.ts'
import { itemFields } from './item-lines.ts'
import { parked } from './parked.ts'
import { settle } from './receivable.ts'
import { recoveryRecord } from './recovery.ts'
import { type BookLine, creditNoteLines, documentName } from './stripe-fields.ts'

type CreditNoteContext = Omit<Extract<Context, { root: 'credit_note' }>, 'root'>

const creditNoteDate = (note: Stripe.CreditNote): number => note.effective_at ?? note.created

/** The dates of the documents that `projectCreditNote` may make, for the choice of their posting periods. */
export function creditNoteDates(note: Stripe.CreditNote, invoice: Stripe.Invoice): [DocumentName, number][] {
  const isOffStripe =
    (note.out_of_band_amount ?? 0) > 0 || note.refunds.some(({ type }) => type === 'payment_record_refund')
  const isWrittenOff = invoice.status_transitions.marked_uncollectible_at !== null
  const records = [
    RECORDS.creditMemo(note.id),
    ...(isWrittenOff ? [RECORDS.recovery(note.id)] : []),
    ...(idOf(note.customer_balance_transaction) !== undefined ? [RECORDS.toBalance(note.id)] : []),
    ...(isOffStripe ? [RECORDS.paidBackOffStripe(note.id)] : []),
  ]
  return [
    ...records.map((record): [DocumentName, number] => [record, creditNoteDate(note)]),
    ...(note.voided_at === null
      ? []
      : [[RECORDS.noteReversal(note.id), note.voided_at] as [DocumentName, number]]),
  ]
}

export function projectCreditNote(
  note: Stripe.CreditNote,
  context: CreditNoteContext,
  config: NetSuiteConfig,
): RemoteRecord[] {
  const { invoice } = context
  const document = documentName(note, note.total)
  // Voided before anything was posted: the books never knew it.
  if (note.status === 'void' && !context.posted) return []
  if (note.total === 0) return []
  const customerId = idOf(note.customer)
  if (customerId === undefined) {
    throw parked({
      code: 'NS-CUSTOMER',
      document,
      why: 'it names no customer (field customer).',
      hint: 'Engineering: credit notes of customer accounts without a customer are not mapped; enter it by hand.',
    })
  }
  const currency = note.currency.toUpperCase()
  const total = money(note.total, note.currency)
  const heads = headsOf({
    document,
    title: 'Credit note',
    number: note.number,
    stripeId: note.id,
    customerId,
    currency: note.currency,
  })
  const head = (record: DocumentName, title: string, atSeconds = creditNoteDate(note)): Head =>
    heads(record, title, atSeconds)
  const posted = (top: Head, body: RemoteRecord['body']): RemoteRecord => ({
    kind: top.record.kind,
    externalId: top.record.externalId,
    body,
    requires: [
      { type: 'customer', id: customerId },
      { type: 'invoice', id: invoice.id },
    ],
    frozen: true,
  })
  const split = splitOf(note, document)
  const { shares, recoveredMinor } = preparedShares(note, context)
  const issued = { invoice, customerId, choices: context, config }
  const lines = linesOf(note, invoice)

  const memo = head(RECORDS.creditMemo(note.id), 'Credit note')
  const records = recoveryRecord(
    RECORDS.recovery(note.id),
    { atSeconds: memo.atSeconds, amountMinor: recoveredMinor },
    issued,
  )
  if (split.balanceMinor > 0n) {
    const amount: Money = { amountMinor: split.balanceMinor, currency }
    const name = RECORDS.toBalance(note.id)
    const top = head(name, 'Credited to customer balance')
    records.push(toBalanceJournal(top, amount, context, config))
    shares.push({ document: name, amountMinor: split.balanceMinor })
  }
  records.push(
    posted(memo, {
      ...headFields(memo, context, config),
      ...itemFields({ document, lines, total, books: context.books }, config),
      ...applyField(shares, currency),
    }),
  )
  if (split.offStripeMinor > 0n) {
    const amount: Money = { amountMinor: split.offStripeMinor, currency }
    const top = head(RECORDS.paidBackOffStripe(note.id), 'Paid back outside Stripe')
    const account = mapped(context.books.outOfBandId, top, {
      code: 'NS-CREDIT-OUT-OF-BAND',
      why: `a part of it was paid back outside Stripe (fields out_of_band_amount, refunds), and no account is mapped for that in ${currency}.`,
      where: `netsuite.outOfBandAccounts.${currency} or netsuite.outOfBandAccount`,
    })
    records.push(
      posted(top, {
        ...headFields(top, context, config),
        account: { id: account },
        apply: applyTo(memo.record, amount),
      }),
    )
  }
  if (note.status === 'void' && note.voided_at !== null) {
    const top = head(RECORDS.noteReversal(note.id), 'Credit note voided', note.voided_at)
    records.push(
      posted(top, {
        ...headFields(top, context, config),
        dueDate: dayOf(Math.max(invoice.due_date ?? 0, note.voided_at), config.timeZone),
        ...itemFields({ document: top.document, lines, total, books: context.books }, config),
      }),
    )
  }
  return records
}

/** Which documents the part that lowered the invoice is applied to. */
function preparedShares(note: Stripe.CreditNote, context: CreditNoteContext) {
  const { invoice } = context
  const nothing = { shares: [], recoveredMinor: 0n }
  if (note.pre_payment_amount === 0) return nothing
  const creditNotes = context.creditNotes ?? [note]
  const history = readHistory(invoice, { creditNotes, balance: context.balance })
  if (!history) return nothing
  const own = context.posted ? { [note.id]: RECORDS.noteReversal(note.id) } : {}
  return settle(invoice, history, { ...context.reversals, ...own }).notes.get(note.id) ?? nothing
}

interface Split {
  balanceMinor: bigint
  offStripeMinor: bigint
}

/**
 * What was paid already and comes back: by refunds of Stripe (which wait on the memo), to the customer's balance, or
 * outside Stripe. `out_of_band_amount` and refunds of payment records are taken as two names of one thing, the larger of
 * them said (a judgement: Stripe's reference does not say whether one is part of the other).
 */
function splitOf(note: Stripe.CreditNote, document: string): Split {
  const minor = (amount: number): bigint => money(amount, note.currency).amountMinor
  const sum = (isWanted: (type: string | null) => boolean): bigint =>
    note.refunds
      .filter(({ type }) => isWanted(type))
      .reduce((total, { amount_refunded }) => total + minor(amount_refunded), 0n)
  const recordsMinor = sum((type) => type === 'payment_record_refund')
  const saidMinor = minor(note.out_of_band_amount ?? 0)
  const offStripeMinor = recordsMinor > saidMinor ? recordsMinor : saidMinor
  const refundedMinor = sum((type) => type !== 'payment_record_refund')
  const balanceMinor = minor(note.post_payment_amount) - refundedMinor - offStripeMinor
  const movesBalance = idOf(note.customer_balance_transaction) !== undefined
  if (movesBalance ? balanceMinor > 0n : balanceMinor === 0n) return { balanceMinor, offStripeMinor }
  throw parked({
    code: 'NS-CREDIT-SPLIT',
    document,
    why: 'its refunds, its credit to the balance and what was paid back outside Stripe do not add up to it (fields post_payment_amount, refunds, customer_balance_transaction, out_of_band_amount).',
    hint: 'Accounting: look at the credit note in the Stripe dashboard and enter it by hand. If a refund is being made, it resumes alone.',
  })
}

/** A credit note over an amount alone has no lines: one line without a product. */
function linesOf(note: Stripe.CreditNote, invoice: Stripe.Invoice): BookLine[] {
  const lines = creditNoteLines(note, invoice)
  if (note.lines.data.length > 0 || lines.length > 0) return lines
  return [
    {
      id: note.id,
      productId: undefined,
      description: note.memo ?? `Credit note ${note.number}`,
      quantity: undefined,
      net: money(note.total, note.currency),
      taxes: [],
      period: undefined,
    },
  ]
}
