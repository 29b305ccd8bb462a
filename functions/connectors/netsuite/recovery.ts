// What was written off and comes back after all, by a payment, a credit note or a void: a journal that makes it a
// receivable again on that day, for the payment or memo to settle. The write-off stays as it was posted. PURE.
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import type { Money } from '../../../shared/money/money.ts'
import type { DocumentName } from './books.ts'
import { mapped, receivableOf } from './document-head.ts'
import type { DatedAmount } from './invoice-history.ts'
import { type Issued, issuedHead } from './issued.ts'
import { journalRecord, transfer } from './journals.ts'

/** Said where no account is mapped; the code tells people which case it is. */
const CASES = {
  payment: { code: 'NS-PAID-AFTER-WRITE-OFF', why: 'it was paid after it had been written off' },
  'credit note': { code: 'NS-CREDIT-AFTER-WRITE-OFF', why: 'it was credited after it had been written off' },
  void: { code: 'NS-VOID-AFTER-WRITE-OFF', why: 'it was voided after it had been written off' },
} as const

export function recoveryRecord(
  name: DocumentName,
  { atSeconds, amountMinor }: DatedAmount,
  issued: Pick<Issued, 'invoice' | 'customerId' | 'choices' | 'config'>,
): RemoteRecord[] {
  if (amountMinor === 0n) return []
  const { invoice, choices, config } = issued
  const amount: Money = { amountMinor, currency: invoice.currency.toUpperCase() }
  const top = issuedHead(name, 'Recovery', atSeconds, amount, issued)
  const { code, why } = CASES[caseOf(name)]
  const recovery = mapped(choices.books.recoveryAccountId, top, {
    code,
    why: `${why}, and no account is mapped for what comes back.`,
    where:
      'netsuite.recoveryAccount (bad debt, or recoveries). Until then, accounting: enter the recovery by hand',
  })
  const memo = `Write-off of ${invoice.number ?? invoice.id} recovered`
  const lines = transfer(
    { account: recovery, memo },
    { account: receivableOf(top, choices.books), memo },
    amount,
  )
  return [journalRecord(top, lines, choices, config)]
}

function caseOf({ externalId }: DocumentName): keyof typeof CASES {
  if (externalId.startsWith('cn_')) return 'credit note'
  return externalId.endsWith('-void-recovery') ? 'void' : 'payment'
}
