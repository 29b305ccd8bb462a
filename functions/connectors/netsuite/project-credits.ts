// Billing credits (credit grants) that an invoice drew. The invoice stands at Stripe's total, net of them. What had been
// sold before is earned by the draw: a dated journal from the prepaid liability to revenue, taken back when the invoice is
// voided. What was given away is a discount and needs no document. PURE.
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { type Money, money } from '../../../shared/money/money.ts'
import { RECORDS } from './books.ts'
import { mapped } from './document-head.ts'
import { type Issued, issuedHead } from './issued.ts'
import { type JournalLine, journalRecord } from './journals.ts'

export function creditsRecords(issued: Issued, soldMinor: string | undefined): RemoteRecord[] {
  const { invoice, history } = issued
  if (soldMinor === undefined || soldMinor === '0') return []
  const amount = money(BigInt(soldMinor), invoice.currency)
  const drawn = creditsRecord(issued, amount, history.finalizedAtSeconds)
  if (history.voidedAtSeconds === undefined) return [drawn]
  // Stripe reinstates the credits (those past their expiry expire at once: project-credit-grant.ts).
  // https://docs.stripe.com/changelog/acacia/2024-12-18/billing-credits-invoice-voiding
  const back = { ...amount, amountMinor: -amount.amountMinor }
  return [drawn, creditsRecord(issued, back, history.voidedAtSeconds)]
}

function creditsRecord(issued: Issued, amount: Money, atSeconds: number): RemoteRecord {
  const { invoice, choices, config } = issued
  const isBack = amount.amountMinor < 0n
  const top = issuedHead(
    isBack ? RECORDS.creditsVoid(invoice.id) : RECORDS.credits(invoice.id),
    isBack ? 'Billing credits given back' : 'Billing credits drawn',
    atSeconds,
    amount,
    issued,
  )
  const missing = {
    code: 'NS-BILLING-CREDITS',
    why: 'it drew on billing credits that had been sold (field pretax_credit_amounts), and no accounts are mapped for them.',
    where: 'netsuite.billingCredits',
  }
  const liability = mapped(choices.books.creditsLiabilityId, top, missing)
  const revenue = mapped(choices.books.creditsRevenueId, top, missing)
  const memo = `${top.title}: ${invoice.number ?? invoice.id}`
  const lines: JournalLine[] = [
    { account: liability, side: 'debit', amount, memo },
    { account: revenue, side: 'credit', amount, memo },
  ]
  return journalRecord(top, lines, choices, config)
}
