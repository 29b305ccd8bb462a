// The entry that undoes a journal on its reversal date: "an exact opposite of the original", at the same exchange rate,
// its "posting period based on the reversal date", "permanently linked to the original entry. Any change you make to
// the original entry affects the reversing transaction. You can't directly edit a reversing journal entry."
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N1471552.html
// Readings: it goes when its original goes or loses its reversal date; it cannot be deleted on its own.
import type { Company } from '../company.ts'
import { userError } from '../errors.ts'
import { asText, type Line, type StoredRecord } from '../schema.ts'
import { stampNumber } from './header.ts'

export const reversalOf = (company: Company, journal: StoredRecord): StoredRecord | undefined =>
  company.store.get('transaction', asText(journal.fields.reversal) ?? '')

export function refuseEditOfReversal(journal: StoredRecord): void {
  if (journal.fields.isReversal !== true) return
  throw userError('You cannot directly edit a reversing journal entry. Edit the original entry instead.')
}

/** Refuses a reversal, made or changed, in a period that takes no posting. Called before anything is stored. */
export function checkReversalPeriod(
  company: Company,
  journal: StoredRecord,
  previous: StoredRecord | undefined,
): void {
  const standing = previous && reversalOf(company, previous)
  if (standing) company.periods.refuseClosed(asText(standing.fields.postingPeriod) ?? '', 'ledger')
  const date = asText(journal.fields.reversalDate)
  if (date === undefined) return
  const period = company.periods.find(date)
  if (period === undefined)
    throw userError(`There is no accounting period for the date ${date}.`, 'reversalDate')
  company.periods.refuseClosed(period, 'ledger')
}

/** Makes, renews or removes the reversal of a journal that was just saved. */
export function syncReversal(company: Company, journal: StoredRecord): void {
  const standing = reversalOf(company, journal)
  const date = asText(journal.fields.reversalDate)
  if (date === undefined) {
    if (standing) company.store.delete(standing)
    if (standing) company.store.save(withReversal(journal, undefined))
    return
  }
  const reversal: StoredRecord = {
    type: 'journalEntry',
    id: standing?.id ?? company.store.nextId('transaction'),
    externalId: standing?.externalId,
    fields: {
      ...journal.fields,
      tranDate: date,
      postingPeriod: company.periods.find(date),
      tranId: standing?.fields.tranId,
      createdDate: standing?.fields.createdDate,
      isReversal: true,
      createdFrom: journal.id,
      reversalDate: journal.fields.tranDate,
      reversal: journal.id,
      reversalEntry: journal.fields.tranId,
    },
    sublists: { line: (journal.sublists.line ?? []).map(swapped) },
  }
  stampNumber(company, reversal)
  company.store.save(reversal)
  company.store.save(withReversal(journal, reversal))
}

const withReversal = (journal: StoredRecord, reversal: StoredRecord | undefined): StoredRecord => ({
  ...journal,
  fields: { ...journal.fields, reversal: reversal?.id, reversalEntry: reversal?.fields.tranId },
})

const swapped = ({ debit, credit, ...line }: Line): Line => ({ ...line, debit: credit, credit: debit })
