// A record as the rows that SuiteQL shows of it: header, lines, accounting lines, links.
import {
  accountType,
  type Company,
  currencyOf,
  customerOf,
  displayName,
  rateOf,
  specOf,
  totalOf,
} from './company.ts'
import { multiply, type Scaled, toJsonNumber } from './money.ts'
import { lineIdOf, type OpenItem, openAmount, openItemsOf } from './open-items.ts'
import type { Posting } from './postings.ts'
import { statusOf } from './render.ts'
import { asText, type FieldValue, isTrue, type StoredRecord } from './schema.ts'

type Cell = string | number | null
export type Row = Record<string, Cell>

/** Dates carry a mark, so that an answer can be told from a text and shown in the account's format. */
export const DATE_MARK = 'date:'

/** SuiteQL's names for the transaction types (listed whole at deposit-payment `type` in the REST API browser). */
export const QUERY_TYPES: Record<string, string> = {
  invoice: 'CustInvc',
  creditMemo: 'CustCred',
  customerPayment: 'CustPymt',
  customerRefund: 'CustRfnd',
  customerDeposit: 'CustDep',
  depositApplication: 'DepAppl',
  deposit: 'Deposit',
  journalEntry: 'Journal',
  fxReval: 'FxReval',
}

const flag = (value: boolean): string => (value ? 'T' : 'F')
const amount = (value: Scaled | undefined): number | null =>
  value === undefined ? null : toJsonNumber(value)
const marked = (date: string | undefined): string | null =>
  date === undefined ? null : DATE_MARK + date.replace('T', ' ').replace('Z', '')

/** Every field under its lower-cased name; what the table has no column for is dropped on insert. */
function fieldCells(company: Company, record: StoredRecord): Row {
  const row: Row = { id: record.id, externalid: record.externalId ?? null }
  for (const [name, spec] of Object.entries(specOf(company, record.type).fields)) {
    const value = record.fields[name]
    row[name.toLowerCase()] =
      spec.kind === 'boolean'
        ? flag(isTrue(value))
        : spec.kind === 'date' || spec.kind === 'datetime'
          ? marked(asText(value))
          : cell(value)
  }
  return row
}

function cell(value: FieldValue | undefined): Cell {
  if (value === undefined || typeof value === 'object') return null
  if (typeof value === 'bigint') return toJsonNumber(value)
  return typeof value === 'boolean' ? flag(value) : value
}

export function listRow(company: Company, record: StoredRecord): Row {
  const row = fieldCells(company, record)
  const name =
    asText(record.fields.name) ?? asText(record.fields.itemId) ?? asText(record.fields.acctName) ?? null
  return {
    ...row,
    fullname: name,
    accountsearchdisplayname: displayName(company, 'account', record.id),
    itemtype: record.type === 'serviceSaleItem' ? 'Service' : 'NonInvtPart',
    subtype: 'Sale',
  }
}

/** Credit memos and refunds are negative, invoices, payments and journals positive (the payment's sign is a reading). */
const isNegative = (record: StoredRecord): boolean => ['creditMemo', 'customerRefund'].includes(record.type)

/** Money of a document itself: what is open is said on invoices, what is unused on credits and deposits. */
function receivableCells(company: Company, record: StoredRecord): Row {
  const open = openAmount(company, record)
  const used = totalOf(record) - open
  if (record.type === 'invoice') return { foreignamountunpaid: amount(open), foreignamountpaid: amount(used) }
  if (['creditMemo', 'customerPayment', 'customerDeposit'].includes(record.type)) {
    return { foreignpaymentamountunused: amount(open), foreignpaymentamountused: amount(used) }
  }
  return {}
}

/** Reading: of a journal the same is said line by line, where a line stands on receivables with a customer. */
const journalItem = (company: Company, record: StoredRecord, posting: Posting): OpenItem | undefined =>
  record.type === 'journalEntry' && posting.source
    ? openItemsOf(company, record).find(({ line }) => posting.source && line === lineIdOf(posting.source))
    : undefined

function lineReceivableCells(company: Company, record: StoredRecord, posting: Posting): Row {
  const item = journalItem(company, record, posting)
  if (!item) return posting.kind === 'main' ? receivableCells(company, record) : {}
  const used = amount(item.total - item.open)
  return item.side === 'debit'
    ? { foreignamountunpaid: amount(item.open), foreignamountpaid: used }
    : { foreignpaymentamountunused: amount(item.open), foreignpaymentamountused: used }
}

/** The same in base currency, on the accounting line that stands on receivables. */
function baseReceivableCells(company: Company, record: StoredRecord, posting: Posting): Row {
  if (accountType(company, posting.account) !== 'AcctRec') return {}
  const [only] = record.type === 'journalEntry' ? [] : openItemsOf(company, record)
  const item = only ?? journalItem(company, record, posting)
  if (!item) return {}
  const base = (value: Scaled): number | null => amount(multiply(value, rateOf(record)))
  return item.side === 'debit'
    ? { amountunpaid: base(item.open), amountpaid: base(item.total - item.open) }
    : { paymentamountunused: base(item.open), paymentamountused: base(item.total - item.open) }
}

export function transactionRow(company: Company, record: StoredRecord): Row {
  const type = QUERY_TYPES[record.type] ?? ''
  return {
    ...fieldCells(company, record),
    ...receivableCells(company, record),
    type,
    abbrevtype: type.toUpperCase(),
    recordtype: record.type.toLowerCase(),
    transactionnumber: asText(record.fields.tranId) ?? null,
    trandisplayname: displayName(company, 'transaction', record.id),
    entity: customerOf(record) ?? null,
    currency: currencyOf(record),
    foreigntotal: amount(isNegative(record) ? -totalOf(record) : totalOf(record)),
    status: statusOf(company, record).letter,
    voided: 'F',
    posting: flag(record.fields.approved !== false),
    reversal: asText(record.fields.reversal) ?? null,
  }
}

export function lineRow(company: Company, record: StoredRecord, posting: Posting): Row {
  const { source, foreign } = posting
  const text = (name: string): string | null => asText(source?.[name] ?? record.fields[name]) ?? null
  const custom = Object.entries(source ?? {}).filter(([name]) => name.startsWith('custcol_'))
  const quantity = source?.quantity
  const item = posting.kind === 'item' ? text('item') : null
  return {
    ...Object.fromEntries(custom.map(([name, value]): [string, Cell] => [name, cell(value)])),
    ...lineReceivableCells(company, record, posting),
    transaction: record.id,
    id: posting.line,
    uniquekey: Number(record.id) * 10_000 + posting.line,
    linesequencenumber: posting.line,
    mainline: flag(posting.line === 0),
    taxline: flag(posting.kind === 'tax'),
    item,
    itemtype:
      item === null
        ? null
        : company.store.get('item', item)?.type === 'serviceSaleItem'
          ? 'Service'
          : 'NonInvtPart',
    // On a sale the query shows quantity and amount of a line with the sign of its posting.
    quantity: typeof quantity === 'bigint' ? amount(record.type === 'invoice' ? -quantity : quantity) : null,
    rate: cell(source?.rate),
    foreignamount: amount(foreign),
    netamount: amount(posting.base),
    debitforeignamount: foreign > 0n ? amount(foreign) : null,
    creditforeignamount: foreign < 0n ? amount(-foreign) : null,
    entity: asText(source?.entity) ?? customerOf(record) ?? null,
    subsidiary: asText(record.fields.subsidiary) ?? null,
    department: text('department'),
    class: text('class'),
    location: text('location'),
    memo: asText(source?.description ?? source?.memo ?? record.fields.memo) ?? null,
    createdfrom: asText(record.fields.createdFrom ?? record.fields.deposit) ?? null,
  }
}

export function accountingRow(company: Company, record: StoredRecord, posting: Posting): Row {
  const { line, account, base } = posting
  return {
    ...baseReceivableCells(company, record, posting),
    transaction: record.id,
    transactionline: line,
    accountingbook: 1,
    account,
    accounttype: accountType(company, account) ?? null,
    amount: amount(base),
    netamount: amount(base),
    debit: base > 0n ? amount(base) : null,
    credit: base < 0n ? amount(-base) : null,
    posting: flag(record.fields.approved !== false),
    exchangerate: amount(rateOf(record)),
  }
}

/**
 * The settled item is `previous`, the one that settles it `next`, and the link is a Payment. A customer deposit and its
 * application are linked likewise.
 */
export function linkRows(company: Company, record: StoredRecord): Row[] {
  const typeOf = (id: string): string | null =>
    QUERY_TYPES[company.store.get('transaction', id)?.type ?? ''] ?? null
  const link = (previousdoc: string, linktype: string, cells: Row): Row => ({
    previousdoc,
    previoustype: typeOf(previousdoc),
    nextdoc: record.id,
    nexttype: QUERY_TYPES[record.type] ?? null,
    linktype,
    lastmodifieddate: marked(asText(record.fields.lastModifiedDate)),
    ...cells,
  })
  const settled = company.applications.from(record.id).map(({ to, toLine, fromLine, amount: applied }) =>
    link(to, 'Payment', {
      previousline: Number(toLine ?? 0),
      nextline: Number(fromLine ?? (record.type === 'creditMemo' ? 0 : 1)),
      foreignamount: amount(applied),
    }),
  )
  const deposit = asText(record.fields.deposit)
  if (deposit === undefined) return settled
  const used = { previousline: 0, nextline: 0, foreignamount: amount(totalOf(record)) }
  return [...settled, link(deposit, 'DepAppl', used)]
}
