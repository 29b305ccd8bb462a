// Deleting records: what others rest on cannot go, and what NetSuite made for a document goes with it.
import { type Company, specOf } from '../company.ts'
import { userError } from '../errors.ts'
import { applicationsOfDeposit } from '../open-items.ts'
import { areaOf } from '../periods.ts'
import { asText, type StoredRecord } from '../schema.ts'
import { depositedIds, depositOf } from './bank-deposit.ts'
import { hasTransactions } from './customer.ts'
import { checkReversalPeriod, refuseEditOfReversal, reversalOf } from './journal-reversal.ts'
import { syncRevaluations } from './revaluation.ts'

export function deleteRecord(company: Company, record: StoredRecord): void {
  const spec = specOf(company, record.type)
  if (spec.group === 'transaction') deleteTransaction(company, record)
  else if (spec.group !== 'entity' || hasTransactions(company, record.id))
    throw userError('This record cannot be deleted because it has dependent records.')
  else company.store.delete(record)
}

function deleteTransaction(company: Company, record: StoredRecord): void {
  // NetSuite's own sentence. A payment may still be deleted: its own applications go with it.
  if (isRestedOn(company, record)) {
    throw userError('This transaction cannot be deleted because it is linked to by one or more transactions.')
  }
  if (record.type === 'journalEntry') {
    refuseEditOfReversal(record)
    checkReversalPeriod(company, { ...record, fields: {} }, record)
  }
  company.periods.refuseClosed(asText(record.fields.postingPeriod) ?? '', areaOf(record.type))
  for (const companion of companionsOf(company, record)) company.store.delete(companion)
  company.applications.replace(record.id, [])
  syncRevaluations(company, record.id)
  company.store.delete(record)
  for (const id of depositedIds(record)) company.touched(id)
  const deposit = asText(record.fields.deposit)
  if (deposit !== undefined) company.touched(deposit)
}

function isRestedOn(company: Company, record: StoredRecord): boolean {
  return (
    company.applications.onto(record.id).length > 0 ||
    (record.type === 'customerDeposit' && applicationsOfDeposit(company, record).length > 0) ||
    // A payment that went into a bank deposit must be taken out of it first.
    depositOf(company, record.id) !== undefined
  )
}

/** A journal's reversal, and the deposit applications that a refund made. */
function companionsOf(company: Company, record: StoredRecord): StoredRecord[] {
  const reversal = record.type === 'journalEntry' ? reversalOf(company, record) : undefined
  const paidOut = company.applications
    .from(record.id)
    .flatMap(({ to }) => company.store.get('transaction', to) ?? [])
    .filter(({ fields }) => fields.madeByRefund === record.id)
  for (const application of paidOut) company.touched(asText(application.fields.deposit) ?? '')
  return [...(reversal ? [reversal] : []), ...paidOut]
}
