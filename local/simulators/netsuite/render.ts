// A stored record as the REST API shows it: references with id and name, sublists as links or expanded, and the
// fields that NetSuite computes (what is open, what is applied, the status).
//
// Shapes: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1544787084.html (GET, expandSubResources)
import { itemKey } from './applications.ts'
import { type Company, displayName, specOf, TRANSACTION_NAMES, totalOf } from './company.ts'
import { lineNumber } from './lines.ts'
import { type Scaled, scaled, toJsonNumber } from './money.ts'
import { keyOf, type OpenItem, openAmount, openItemsOf } from './open-items.ts'
import { listedCredits, listedItems, settles } from './records/apply-list.ts'
import { depositOf } from './records/bank-deposit.ts'
import {
  asText,
  type FieldSpec,
  type FieldValue,
  type IdGroup,
  type Line,
  type StoredRecord,
} from './schema.ts'

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

export const RECORD_PATH = '/services/rest/record/v1'

interface RenderOptions {
  origin: string
  expandSubResources: boolean
}

const TYPE_OF_GROUP: Partial<Record<IdGroup, string>> = { entity: 'customer', taxCode: 'salesTaxItem' }

const selfLink = (href: string): Json => [{ rel: 'self', href }]

export function renderRecord(
  company: Company,
  record: StoredRecord,
  options: RenderOptions,
): { [name: string]: Json } {
  const spec = specOf(company, record.type)
  const href = `${options.origin}${RECORD_PATH}/${record.type}/${record.id}`
  const body: { [name: string]: Json } = { links: selfLink(href), id: record.id }
  if (record.externalId !== undefined) body.externalId = record.externalId
  const fields = { ...record.fields, ...computedFields(company, record) }
  for (const [name, field] of Object.entries(spec.fields)) {
    const value = fields[name]
    if (value !== undefined) body[name] = renderValue(company, field, value, options)
  }
  for (const [name, sublist] of Object.entries(spec.sublists)) {
    const lines = computedLines(company, record, name) ?? record.sublists[name] ?? []
    body[name] = options.expandSubResources
      ? renderLines(company, sublist.fields, lines, `${href}/${name}`, options)
      : { links: selfLink(`${href}/${name}`) }
  }
  return body
}

function renderLines(
  company: Company,
  fields: Record<string, FieldSpec>,
  lines: Line[],
  href: string,
  options: RenderOptions,
): Json {
  const items = lines.map((line, index): Json => {
    const item: { [name: string]: Json } = {
      links: selfLink(`${href}/${lineNumber(line.line) || index + 1}`),
    }
    for (const [name, field] of Object.entries(fields)) {
      const value = line[name]
      if (value !== undefined) item[name] = renderValue(company, field, value, options)
    }
    return item
  })
  return {
    links: selfLink(href),
    items,
    totalResults: items.length,
    count: items.length,
    hasMore: false,
    offset: 0,
  }
}

function renderValue(company: Company, spec: FieldSpec, value: FieldValue, options: RenderOptions): Json {
  if (typeof value === 'bigint') return toJsonNumber(value)
  if (typeof value === 'boolean') return value
  if (typeof value === 'object') {
    if (spec.kind !== 'subrecord') return null
    const entries = Object.entries(value).flatMap(([name, inner]): [string, Json][] => {
      const field = spec.fields[name]
      return field && inner !== undefined ? [[name, renderValue(company, field, inner, options)]] : []
    })
    return Object.fromEntries(entries)
  }
  if (spec.kind === 'reference') {
    const type =
      spec.to === 'item' || spec.to === 'transaction'
        ? typeOf(company, spec.to, value)
        : TYPE_OF_GROUP[spec.to]
    return {
      links: selfLink(`${options.origin}${RECORD_PATH}/${type ?? spec.to}/${value}`),
      id: value,
      refName: displayName(company, spec.to, value),
    }
  }
  return spec.kind === 'choice' ? { id: value, refName: STATUS_NAMES[value] ?? value } : value
}

const typeOf = (company: Company, group: IdGroup, id: string): string =>
  company.store.get(group, id)?.type ?? group

const STATUS_NAMES: Record<string, string> = {
  open: 'Open',
  paidInFull: 'Paid In Full',
  fullyApplied: 'Fully Applied',
  deposited: 'Deposited',
  notDeposited: 'Not Deposited',
  refunded: 'Refunded',
  approvedForPosting: 'Approved for Posting',
  pendingApproval: 'Pending Approval',
}

// SuiteQL's letters are those of help's transaction status list; the refund's letter and REST's ids are readings.
/** The state of a document: REST's id, SuiteQL's letter, the name on the form. */
export function statusOf(
  company: Company,
  record: StoredRecord,
): { id: string; letter: string; name: string } {
  const status = (id: string, letter: string) => ({ id, letter, name: STATUS_NAMES[id] ?? id })
  switch (record.type) {
    case 'invoice':
      return openAmount(company, record) === 0n ? status('paidInFull', 'B') : status('open', 'A')
    case 'creditMemo':
      return openAmount(company, record) === 0n ? status('fullyApplied', 'B') : status('open', 'A')
    case 'customerPayment':
      return isUndeposited(company, record) ? status('notDeposited', 'B') : status('deposited', 'C')
    case 'customerRefund':
      return status('refunded', 'B')
    // REST API browser: customerDeposit's status is A, B, R, C or D; the names are those of the search filter.
    case 'customerDeposit':
      if (openAmount(company, record) === 0n) return status('fullyApplied', 'C')
      return isUndeposited(company, record) ? status('notDeposited', 'A') : status('deposited', 'B')
    case 'depositApplication':
    case 'deposit':
    case 'fxReval':
      return { id: '', letter: '', name: '' }
    default:
      return record.fields.approved === false
        ? status('pendingApproval', 'A')
        : status('approvedForPosting', 'B')
  }
}

const isUndeposited = (company: Company, record: StoredRecord): boolean =>
  record.fields.account === company.undepositedFundsAccount && depositOf(company, record.id) === undefined

function computedFields(company: Company, record: StoredRecord): Record<string, FieldValue | undefined> {
  if (specOf(company, record.type).group !== 'transaction') return {}
  const open = openAmount(company, record)
  const used: Scaled = totalOf(record) - open
  const status = { status: statusOf(company, record).id || undefined }
  switch (record.type) {
    case 'invoice':
      return { ...status, amountRemaining: open, amountPaid: used }
    case 'creditMemo':
      return { ...status, amountRemaining: open, amountPaid: used, applied: used, unapplied: open }
    case 'customerPayment':
    case 'depositApplication':
      return { ...status, applied: used, unapplied: open }
    default:
      return status
  }
}

/** The sublists that NetSuite fills by itself; undefined for those that hold what was written. */
function computedLines(company: Company, record: StoredRecord, name: string): Line[] | undefined {
  if (name === 'apply') return applyLines(company, record)
  // Reading: what a credit has settled is seen on the credit; the payment lists what is still to use.
  if (name === 'credit') return listedCredits(company, record).map((item) => creditLine(company, item))
  // "The deposit sublist is always empty in response for GET request" (help article_0830082954).
  return name === 'deposit' && record.type === 'customerRefund' ? [] : undefined
}

/** Settled items first, ticked; then what could be settled. Reading: a GET shows both, as the form does. */
function applyLines(company: Company, record: StoredRecord): Line[] {
  if (!settles(record.type)) return []
  const applied = company.applications.from(record.id)
  const done = new Set(applied.map(({ to, toLine }) => itemKey(to, toLine)))
  const lines = applied.flatMap(({ to, toLine, amount }): Line[] => {
    const target = company.store.get('transaction', to)
    const item = target && openItemsOf(company, target).find(({ line }) => line === toLine)
    return item ? [{ ...itemLine(company, item), apply: true, amount }] : []
  })
  const candidates = listedItems(company, record).filter((item) => !done.has(keyOf(item)))
  return [...lines, ...candidates.map((item): Line => ({ ...itemLine(company, item), apply: false }))]
}

/** The transaction line id on receivables: 0 is the main line, which is cash on a payment and the liability on a
 * deposit application. */
const CONTRA_TYPES = new Set(['customerPayment', 'depositApplication'])

function itemLine(company: Company, item: OpenItem): Line {
  const target = company.store.get('transaction', item.doc)
  return {
    doc: item.doc,
    line: scaled(item.line ?? (CONTRA_TYPES.has(target?.type ?? '') ? '1' : '0')),
    refNum: asText(target?.fields.tranId),
    type: TRANSACTION_NAMES[target?.type ?? ''],
    applyDate: asText(target?.fields.tranDate),
    total: item.total,
    due: item.open,
    currency: displayName(company, 'currency', item.currency),
  }
}

const creditLine = (company: Company, item: OpenItem): Line => {
  const { applyDate, ...line } = itemLine(company, item)
  return { ...line, apply: false, creditDate: applyDate }
}
