// Payments of an invoice: one document for each paid InvoicePayment, from the Stripe clearing account of the currency in
// which Stripe settled it, or from the account of payments outside Stripe. What a payment exceeds goes to the customer's
// balance; what comes after a write-off is recovered first. PURE.
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { type Money, toDecimal } from '../../../shared/money/money.ts'
import { applyField } from './apply.ts'
import { type DocumentName, type Fees, RECORDS, type Settlement } from './books.ts'
import { clearingFields } from './clearing.ts'
import { toBalanceJournal } from './customer-balance.ts'
import { headFields, mapped } from './document-head.ts'
import { feeRecord } from './fees.ts'
import { type PaymentFact, settledThrough } from './invoice-history.ts'
import { type Issued, issuedHead, posted } from './issued.ts'
import type { Receivable } from './receivable.ts'
import { recoveryRecord } from './recovery.ts'

type PaymentPlan = Receivable['payments'][number]

export const paymentDates = ({ payments }: Receivable): [DocumentName, number][] =>
  payments.flatMap(({ fact, recoveredMinor, overMinor }): [DocumentName, number][] =>
    [
      RECORDS.payment(fact.id),
      ...(recoveredMinor > 0n ? [RECORDS.recovery(fact.id)] : []),
      ...(overMinor > 0n ? [RECORDS.toBalance(fact.id)] : []),
    ].map((record) => [record, fact.atSeconds]),
  )

export function paymentRecords(
  issued: Issued,
  settlements: Readonly<Record<string, Settlement>>,
  fees: Readonly<Record<string, Fees>>,
): RemoteRecord[] {
  return issued.receivable.payments.flatMap((payment) => [
    ...recoveryRecord(
      RECORDS.recovery(payment.fact.id),
      { atSeconds: payment.fact.atSeconds, amountMinor: payment.recoveredMinor },
      issued,
    ),
    ...toBalanceRecord(payment, issued),
    paymentRecord(payment, issued, settlements[settledThrough(payment.fact) ?? '']),
    ...feeOf(payment, issued, fees[payment.fact.id]),
  ])
}

function feeOf({ fact }: PaymentPlan, issued: Issued, taken: Fees | undefined): RemoteRecord[] {
  const amount: Money = { amountMinor: fact.amountMinor, currency: issued.invoice.currency.toUpperCase() }
  const name = RECORDS.fee(fact.id)
  const payment = issuedHead(name, 'Payment', fact.atSeconds, amount, issued)
  return feeRecord(name, payment, taken, issued.choices, issued.config)
}

function paymentRecord(
  { fact, shares }: PaymentPlan,
  issued: Issued,
  settlement: Settlement | undefined,
): RemoteRecord {
  const { invoice, choices, config } = issued
  const amount: Money = { amountMinor: fact.amountMinor, currency: invoice.currency.toUpperCase() }
  const top = issuedHead(RECORDS.payment(fact.id), 'Payment', fact.atSeconds, amount, issued)
  return posted(top, {
    ...headFields(top, choices, config),
    ...(fact.outOfBand
      ? { account: { id: outOfBandAccount(fact, top, choices.books.outOfBandId, amount.currency) } }
      : clearingFields(top, amount, settlement, choices.books)),
    payment: toDecimal(amount),
    ...applyField(shares, amount.currency),
  })
}

const outOfBandAccount = (
  fact: PaymentFact,
  top: Parameters<typeof mapped>[1],
  accountId: string | undefined,
  currency: string,
): string =>
  mapped(accountId, top, {
    code: 'NS-OUT-OF-BAND',
    why: `it was paid out of band (${fact.id.startsWith('inpay') ? 'field payment_record' : 'field amount_paid_off_stripe'}), and no account is mapped for that in ${currency}.`,
    where: `netsuite.outOfBandAccounts.${currency} or netsuite.outOfBandAccount`,
  })

/** An overpayment: receivables grow by what the payment exceeds, and the customer's balance with them. */
function toBalanceRecord({ fact, overMinor }: PaymentPlan, issued: Issued): RemoteRecord[] {
  if (overMinor === 0n) return []
  const { invoice, choices, config } = issued
  const amount: Money = { amountMinor: overMinor, currency: invoice.currency.toUpperCase() }
  const top = issuedHead(
    RECORDS.toBalance(fact.id),
    'Overpaid to customer balance',
    fact.atSeconds,
    amount,
    issued,
  )
  return [toBalanceJournal(top, amount, choices, config, 'Overpaid, kept as customer balance')]
}
