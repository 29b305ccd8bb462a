// Creating and changing records: the one way in. A write is checked whole before anything is stored, so that a refused
// request leaves no trace. Deleting is in deleting.ts.
import { type Company, specOf } from '../company.ts'
import { userError } from '../errors.ts'
import { mergeLines } from '../lines.ts'
import { asText, type RecordSpec, type StoredRecord } from '../schema.ts'
import type { Patch } from '../validation.ts'
import { depositedIds, prepareBankDeposit } from './bank-deposit.ts'
import { changesNothing, refuseClosedPeriods } from './closed-periods.ts'
import { prepareCustomer } from './customer.ts'
import { prepareCustomerDeposit, prepareDepositApplication } from './customer-deposit.ts'
import { type Draft, type Plan, stampNumber } from './header.ts'
import { prepareJournal } from './journal.ts'
import { syncReversal } from './journal-reversal.ts'
import { checkListRecord, SET_UP_BY_PEOPLE } from './lists.ts'
import { preparePayment } from './payment.ts'
import { syncRevaluations } from './revaluation.ts'
import { prepareSalesDocument } from './sales-document.ts'
import { prepareCreditApplications, prepareRefund } from './settlement.ts'

interface WriteRequest {
  spec: RecordSpec
  previous: StoredRecord | undefined
  patch: Patch
  /** Sublists named in ?replace=. */
  replace: ReadonlySet<string>
  /** From /eid:…; used when the record is created. */
  externalId: string | undefined
  /** What a transformation hands over; the request is laid on top of it. */
  base?: StoredRecord['fields']
}

export function writeRecord(company: Company, request: WriteRequest): StoredRecord {
  const { spec, previous, patch, replace } = request
  if (SET_UP_BY_PEOPLE.has(spec.type)) throw userError(`The record type ${spec.type} cannot be written here.`)
  const record = merge(company, request)
  company.store.refuseTakenExternalId(record)
  const plan = prepare(company, { record, previous, patch, replace })
  if (spec.group !== 'transaction') {
    company.store.save(record)
    return record
  }
  refuseClosedPeriods(company, record, previous, plan)
  return commit(company, record, previous, plan)
}

/** What stands, with the request laid over it. PUT and PATCH alike change only what they name. */
function merge(company: Company, request: WriteRequest): StoredRecord {
  const { spec, previous, patch, replace, externalId, base } = request
  const fields = { ...base, ...previous?.fields }
  for (const [name, value] of Object.entries(patch.fields)) fields[name] = value ?? undefined
  const sublists: StoredRecord['sublists'] = {}
  for (const [name, sublist] of Object.entries(spec.sublists)) {
    // What is settled lives in the applications book, not on the record.
    if (isKeptInBook(spec.type, name)) continue
    sublists[name] = mergeLines(
      sublist,
      previous?.sublists[name] ?? [],
      patch.sublists[name] ?? [],
      replace.has(name),
    )
  }
  const wanted =
    patch.externalId === null ? undefined : (patch.externalId ?? previous?.externalId ?? externalId)
  return {
    type: spec.type,
    id: previous?.id ?? company.store.nextId(spec.group),
    externalId: wanted,
    fields,
    sublists,
  }
}

const isKeptInBook = (type: string, sublist: string): boolean =>
  sublist === 'apply' || sublist === 'credit' || (type === 'customerRefund' && sublist === 'deposit')

function prepare(company: Company, draft: Draft): Plan {
  switch (draft.record.type) {
    case 'customer':
      prepareCustomer(company, draft.record, draft.previous)
      return {}
    case 'invoice':
      prepareSalesDocument(company, draft)
      return {}
    case 'creditMemo':
      prepareSalesDocument(company, draft)
      return prepareCreditApplications(company, draft)
    case 'customerPayment':
      return preparePayment(company, draft)
    case 'customerRefund':
      return prepareRefund(company, draft)
    case 'customerDeposit':
      prepareCustomerDeposit(company, draft)
      return {}
    case 'depositApplication':
      return prepareDepositApplication(company, draft)
    case 'deposit':
      prepareBankDeposit(company, draft)
      return {}
    case 'journalEntry':
      prepareJournal(company, draft)
      return dropOwnApplications(company, draft)
    default:
      checkListRecord(draft.record, specOf(company, draft.record.type))
      return {}
  }
}

/**
 * "If you edit any type of journal entry that has been applied as a payment to an invoice …, the relationship … is
 * removed and the payment is no longer applied."
 * https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1494522995.html
 */
function dropOwnApplications(company: Company, { record, previous }: Draft): Plan {
  const edited = previous !== undefined && !changesNothing(company, previous, record, {})
  return edited ? { applications: [] } : {}
}

function commit(
  company: Company,
  record: StoredRecord,
  previous: StoredRecord | undefined,
  plan: Plan,
): StoredRecord {
  const { applications, credits = [], deposits = [], kept = true } = plan
  const touched = new Set<string>()
  if (kept) {
    company.store.save(record)
    if (applications) company.applications.replace(record.id, applications)
    for (const settling of company.applications.onto(record.id)) touched.add(settling.from)
    touched.add(record.id)
    for (const id of [...depositedIds(previous), ...depositedIds(record)]) company.touched(id)
    if (record.type === 'depositApplication') company.touched(asText(record.fields.deposit) ?? '')
  }
  for (const { deposit, amount } of deposits) payOut(company, record, deposit, amount)
  for (const credit of credits) {
    company.applications.add(credit)
    touched.add(credit.from)
  }
  for (const id of touched) syncRevaluations(company, id)
  if (record.type === 'journalEntry' && (record.fields.reversalDate ?? previous?.fields.reversalDate))
    syncReversal(company, record)
  return kept ? record : { ...record, id: '0' }
}

/** "A deposit application is created to apply the deposit to the refund check" (help section_N1300211). */
function payOut(company: Company, refund: StoredRecord, deposit: StoredRecord, amount: bigint): void {
  const application: StoredRecord = {
    type: 'depositApplication',
    id: company.store.nextId('transaction'),
    externalId: undefined,
    fields: {
      deposit: deposit.id,
      depositDate: deposit.fields.tranDate,
      exchangeRate: deposit.fields.exchangeRate,
      customer: refund.fields.customer,
      subsidiary: refund.fields.subsidiary,
      currency: refund.fields.currency,
      tranDate: refund.fields.tranDate,
      postingPeriod: refund.fields.postingPeriod,
      arAcct: refund.fields.arAcct,
      total: amount,
      madeByRefund: refund.id,
    },
    sublists: {},
  }
  stampNumber(company, application)
  company.store.save(application)
  company.touched(deposit.id)
  company.applications.add({
    from: refund.id,
    to: application.id,
    amount,
    date: asText(refund.fields.tranDate) ?? '',
  })
  syncRevaluations(company, refund.id)
}
