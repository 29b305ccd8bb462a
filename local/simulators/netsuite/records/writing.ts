// Creating, changing and deleting records: the one way in. A write is checked whole before anything is stored, so
// that a refused request leaves no trace.
import type { Application } from '../applications.ts'
import { type Company, specOf } from '../company.ts'
import { userError } from '../errors.ts'
import { mergeLines } from '../lines.ts'
import { postsTheSame } from '../postings.ts'
import { asText, type RecordSpec, type StoredRecord } from '../schema.ts'
import type { Patch } from '../validation.ts'
import { hasTransactions, prepareCustomer } from './customer.ts'
import type { Draft } from './header.ts'
import { prepareJournal } from './journal.ts'
import { checkListRecord, SET_UP_BY_PEOPLE } from './lists.ts'
import { prepareSalesDocument } from './sales-document.ts'
import { prepareCreditApplications, preparePayment, prepareRefund } from './settlement.ts'

interface WriteRequest {
  spec: RecordSpec
  previous: StoredRecord | undefined
  patch: Patch
  /** Sublists named in ?replace=. */
  replace: ReadonlySet<string>
  /** From /eid:…; used when the record is created. */
  externalId: string | undefined
}

export function writeRecord(company: Company, request: WriteRequest): StoredRecord {
  const { spec, previous, patch, replace } = request
  if (SET_UP_BY_PEOPLE.has(spec.type)) throw userError(`The record type ${spec.type} cannot be written here.`)
  const record = merge(company, request)
  company.store.refuseTakenExternalId(record)
  const applications = prepare(company, { record, previous, patch, replace })
  if (spec.group === 'transaction') refuseClosedPeriods(company, record, previous, applications)
  company.store.save(record)
  if (applications) company.applications.replace(record.id, applications)
  return record
}

/** What stands, with the request laid over it. PUT and PATCH alike change only what they name. */
function merge(company: Company, { spec, previous, patch, replace, externalId }: WriteRequest): StoredRecord {
  const fields = { ...previous?.fields }
  for (const [name, value] of Object.entries(patch.fields)) fields[name] = value ?? undefined
  const sublists: StoredRecord['sublists'] = {}
  for (const [name, sublist] of Object.entries(spec.sublists)) {
    // Applications live in the applications book, not on the record.
    if (name === 'apply') continue
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

function prepare(company: Company, draft: Draft): Application[] | undefined {
  switch (draft.record.type) {
    case 'customer':
      prepareCustomer(company, draft.record, draft.previous)
      return undefined
    case 'invoice':
      prepareSalesDocument(company, draft)
      return undefined
    case 'creditMemo':
      prepareSalesDocument(company, draft)
      return prepareCreditApplications(company, draft)
    case 'customerPayment':
      return preparePayment(company, draft)
    case 'customerRefund':
      return prepareRefund(company, draft)
    case 'journalEntry':
      prepareJournal(company, draft)
      return undefined
    default:
      checkListRecord(draft.record, specOf(company, draft.record.type))
      return undefined
  }
}

/**
 * A closed period takes no new posting and lets none go. With "Allow Non-G/L Changes" a change that posts the same
 * passes. Reading: applying a credit of a closed period counts as a change to it; settling an invoice of a closed
 * period with a new document does not touch the invoice.
 */
function refuseClosedPeriods(
  company: Company,
  record: StoredRecord,
  previous: StoredRecord | undefined,
  applications: Application[] | undefined,
): void {
  const period = asText(record.fields.postingPeriod) ?? ''
  const periodBefore = asText(previous?.fields.postingPeriod)
  if (previous && company.periods.allowsNonGLChanges(period) && postsTheSame(company, previous, record))
    return
  if (previous && periodBefore !== undefined && changesNothing(company, previous, record, applications))
    return
  for (const wanted of new Set([period, periodBefore ?? period])) {
    company.periods.refuseClosed(wanted, record.type !== 'journalEntry')
  }
}

/** Reading: sending again what already stands is no change, and is accepted even in a closed period. */
function changesNothing(
  company: Company,
  previous: StoredRecord,
  record: StoredRecord,
  applications: Application[] | undefined,
): boolean {
  const content = (version: StoredRecord, applied: Application[]): string =>
    JSON.stringify(
      [
        version.externalId,
        { ...version.fields, lastModifiedDate: undefined },
        version.sublists,
        applied.map(({ to, amount }) => `${to} ${amount}`).sort(),
      ],
      (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
    )
  const applied = company.applications.from(record.id)
  return content(previous, applied) === content(record, applications ?? applied)
}

export function deleteRecord(company: Company, record: StoredRecord): void {
  const spec = specOf(company, record.type)
  if (spec.group === 'transaction') {
    // NetSuite's own sentence. A payment may still be deleted: its own applications go with it.
    if (company.applications.onto(record.id).length > 0) {
      throw userError(
        'This transaction cannot be deleted because it is linked to by one or more transactions.',
      )
    }
    company.periods.refuseClosed(asText(record.fields.postingPeriod) ?? '', record.type !== 'journalEntry')
    company.applications.replace(record.id, [])
  } else if (spec.group !== 'entity' || hasTransactions(company, record.id)) {
    throw userError('This record cannot be deleted because it has dependent records.')
  }
  company.store.delete(record)
}
