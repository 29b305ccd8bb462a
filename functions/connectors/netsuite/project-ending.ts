// What ends an invoice before it is paid. A void takes back what is still in the books of it: what its credit notes left of
// each line; the customer's balance that it had used is given back first. An invoice with a payment, open or paid, cannot be
// voided (https://docs.stripe.com/invoicing/partial-payments); if one ever were, the payment would stay, and the rest be
// reversed in proportion. A write-off takes what is open to bad debt. Both are memos dated as Stripe dates them. PURE.
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import type { Money } from '../../../shared/money/money.ts'
import { applyField } from './apply.ts'
import { type DocumentName, RECORDS } from './books.ts'
import { balanceItem, toBalanceJournal } from './customer-balance.ts'
import { headFields, mapped } from './document-head.ts'
import { type Issued, issuedHead, posted } from './issued.ts'
import { itemFields, singleItemField } from './item-lines.ts'
import type { Receivable } from './receivable.ts'
import { recoveryRecord } from './recovery.ts'
import { remainingLines } from './remaining-lines.ts'
import { scaleLines } from './scale-lines.ts'
import { invoiceLines, sumOfLines } from './stripe-fields.ts'

export function endingDates(invoiceId: string, receivable: Receivable): [DocumentName, number][] {
  const dates: [DocumentName, number][] = []
  if (receivable.writeOff) dates.push([RECORDS.writeOffMemo(invoiceId), receivable.writeOff.atSeconds])
  if (receivable.void) {
    const { atSeconds, recoveredMinor, unappliedMinor, owed } = receivable.void
    const records = [
      RECORDS.voidMemo(invoiceId),
      ...(recoveredMinor > 0n ? [RECORDS.voidRecovery(invoiceId)] : []),
      ...(unappliedMinor > 0n ? [RECORDS.unapplied(invoiceId)] : []),
      ...(owed.amountMinor > 0n ? [RECORDS.owedBack(invoiceId)] : []),
    ]
    for (const record of records) dates.push([record, atSeconds])
  }
  return dates
}

export const endingRecords = (issued: Issued): RemoteRecord[] => [
  ...unappliedRecords(issued),
  ...voidRecords(issued),
  ...writeOffRecords(issued),
]

function voidRecords(issued: Issued): RemoteRecord[] {
  const { invoice, receivable, choices, config } = issued
  if (!receivable.void) return []
  const { atSeconds, amountMinor, recoveredMinor, shares } = receivable.void
  const amount: Money = { amountMinor, currency: invoice.currency.toUpperCase() }
  const top = issuedHead(RECORDS.voidMemo(invoice.id), 'Void', atSeconds, amount, issued)
  const recovery = RECORDS.voidRecovery(invoice.id)
  const before = [
    ...recoveryRecord(recovery, { atSeconds, amountMinor: recoveredMinor }, issued),
    ...owedBackRecords(issued),
  ]
  if (amountMinor === 0n) return before
  const left = remainingLines(invoice, issued.creditNotes)
  const lines = scaleLines(sumOfLines(left) === 0n ? invoiceLines(invoice) : left, amount)
  return [
    ...before,
    posted(top, {
      ...headFields(top, choices, config),
      ...itemFields({ document: top.document, lines, total: amount, books: choices.books }, config),
      ...applyField(shares, amount.currency),
    }),
  ]
}

/**
 * A debt that the customer's balance had put onto the invoice is the balance's again: a void gives back in both directions.
 * https://docs.stripe.com/changelog/2019-12-03/customer-balances-returned-voided-invoices
 */
function owedBackRecords(issued: Issued): RemoteRecord[] {
  const { invoice, receivable, choices, config } = issued
  const owed = receivable.void?.owed
  if (!owed || owed.amountMinor === 0n) return []
  const amount: Money = { amountMinor: owed.amountMinor, currency: invoice.currency.toUpperCase() }
  const title = 'Debt given back to customer balance'
  const top = issuedHead(RECORDS.owedBack(invoice.id), title, owed.atSeconds, amount, issued)
  return [
    posted(top, {
      ...headFields(top, choices, config),
      ...singleItemField(balanceItem(top, choices.books), title, amount, config),
      ...applyField(owed.shares, amount.currency),
    }),
  ]
}

/** The customer's balance that the invoice had used is the customer's again, and what it had paid is owed until the void. */
function unappliedRecords(issued: Issued): RemoteRecord[] {
  const { invoice, receivable, choices, config } = issued
  if (!receivable.void || receivable.void.unappliedMinor === 0n) return []
  const { atSeconds, unappliedMinor } = receivable.void
  const amount: Money = { amountMinor: unappliedMinor, currency: invoice.currency.toUpperCase() }
  const title = 'Customer balance given back'
  const top = issuedHead(RECORDS.unapplied(invoice.id), title, atSeconds, amount, issued)
  return [toBalanceJournal(top, amount, choices, config)]
}

function writeOffRecords(issued: Issued): RemoteRecord[] {
  const { invoice, receivable, choices, config } = issued
  if (!receivable.writeOff) return []
  const { atSeconds, amountMinor, shares } = receivable.writeOff
  const amount: Money = { amountMinor, currency: invoice.currency.toUpperCase() }
  const top = issuedHead(RECORDS.writeOffMemo(invoice.id), 'Write-off', atSeconds, amount, issued)
  const itemId = mapped(choices.books.writeOffItemId, top, {
    code: 'NS-WRITE-OFF-ITEM',
    why: 'it was marked uncollectible, and there is no write-off item.',
    where: 'netsuite.writeOffItem (an item whose account is bad debt)',
  })
  return [
    posted(top, {
      ...headFields(top, choices, config),
      ...singleItemField(itemId, `Write-off ${invoice.number ?? invoice.id}`, amount, config),
      ...applyField(shares, amount.currency),
    }),
  ]
}
