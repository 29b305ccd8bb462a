// The tables that SuiteQL sees, in an in-memory SQLite: which columns there are and how a record becomes rows. Rows
// are written when a query comes, for the records that changed since.
//
// Columns: Records Catalog (SuiteAnalytics), and for receivables https://meir.prolecto.com/2023/02/19/sql-ar-and-ap-fields/
// Left out on purpose, as SuiteQL does not have them: customer.balance, transaction.total, transaction.subsidiary
// (it stands on the line), customer.subsidiary (it stands in customersubsidiaryrelationship).
// Amounts are doubles here because SQLite has no decimals; each is the nearest to a decimal that round-trips.
import type { DatabaseSync } from 'node:sqlite'
import {
  type Company,
  currencyOf,
  customerOf,
  displayName,
  openAmount,
  rateOf,
  specOf,
  totalOf,
} from './company.ts'
import { type Scaled, toJsonNumber } from './money.ts'
import { type Posting, postingsOf } from './postings.ts'
import { statusOf } from './render.ts'
import { asText, type FieldValue, type IdGroup, isTrue, type StoredRecord } from './schema.ts'

type Cell = string | number | null
type Row = Record<string, Cell>

/** Dates carry a mark, so that an answer can be told from a text and shown in the account's format. */
export const DATE_MARK = 'date:'

/** SuiteQL's names for the transaction types. */
export const QUERY_TYPES: Record<string, string> = {
  invoice: 'CustInvc',
  creditMemo: 'CustCred',
  customerPayment: 'CustPymt',
  customerRefund: 'CustRfnd',
  journalEntry: 'Journal',
}

const STANDARD_COLUMNS: Record<string, string> = {
  transaction: `
    id integer, externalid text, tranid text, transactionnumber text, type text, abbrevtype text,
    recordtype text, trandate text, postingperiod integer, entity integer, currency integer,
    exchangerate numeric, foreigntotal numeric, foreignamountpaid numeric, foreignamountunpaid numeric,
    foreignpaymentamountused numeric, foreignpaymentamountunused numeric, status text, voided text,
    posting text, memo text, otherrefnum text, duedate text, createddate text, lastmodifieddate text,
    trandisplayname text`,
  transactionline: `
    "transaction" integer, id integer, uniquekey integer, linesequencenumber integer, mainline text,
    taxline text, item integer, itemtype text, quantity numeric, rate numeric, foreignamount numeric,
    netamount numeric, creditforeignamount numeric, debitforeignamount numeric, foreignamountpaid
    numeric, foreignamountunpaid numeric, foreignpaymentamountused numeric, foreignpaymentamountunused
    numeric, entity integer, subsidiary integer, department integer, class integer, location integer,
    memo text`,
  transactionaccountingline: `
    "transaction" integer, transactionline integer, accountingbook integer, account integer, amount
    numeric, debit numeric, credit numeric, netamount numeric, posting text, exchangerate numeric`,
  nexttransactionlinelink: `
    previousdoc integer, previousline integer, previoustype text, nextdoc integer, nextline integer,
    nexttype text, linktype text, foreignamount numeric, lastmodifieddate text`,
  previoustransactionlinelink: `
    previousdoc integer, previousline integer, previoustype text, nextdoc integer, nextline integer,
    nexttype text, linktype text, foreignamount numeric, lastmodifieddate text`,
  customer: `
    id integer, externalid text, entityid text, altname text, companyname text, isperson text, firstname
    text, lastname text, email text, phone text, currency integer, isinactive text, parent integer,
    datecreated text, lastmodifieddate text`,
  customersubsidiaryrelationship: 'id integer, entity integer, subsidiary integer, isprimarysub text',
  item: `
    id integer, externalid text, itemid text, fullname text, displayname text, itemtype text, subtype
    text, incomeaccount integer, isinactive text`,
  account: `
    id integer, externalid text, acctnumber text, accountsearchdisplayname text, fullname text, accttype
    text, currency integer, isinactive text`,
  accountingperiod: `
    id integer, periodname text, startdate text, enddate text, parent integer, isyear text, isquarter
    text, isadjust text, isposting text, closed text, alllocked text, arlocked text, aplocked text,
    allownonglchanges text`,
  currency: `
    id integer, externalid text, name text, symbol text, exchangerate numeric, currencyprecision
    integer, isbasecurrency text, isinactive text`,
  subsidiary: `
    id integer, externalid text, name text, fullname text, currency integer, country text, isinactive
    text`,
  department: 'id integer, externalid text, name text, fullname text, isinactive text',
  classification: 'id integer, externalid text, name text, fullname text, isinactive text',
  location: 'id integer, externalid text, name text, fullname text, isinactive text',
}

/** Custom fields become columns of the table that their prefix belongs to. */
const CUSTOM_PREFIX: Record<string, string> = {
  transaction: 'custbody_',
  transactionline: 'custcol_',
  customer: 'custentity_',
  item: 'custitem_',
}

const LIST_TABLES: Partial<Record<IdGroup, string>> = {
  item: 'item',
  account: 'account',
  accountingPeriod: 'accountingperiod',
  currency: 'currency',
  subsidiary: 'subsidiary',
  department: 'department',
  classification: 'classification',
  location: 'location',
}

/** The records whose rows are out of date. */
export class ChangedRecords {
  private readonly changed = new Map<string, { group: IdGroup; id: string }>()

  mark(group: IdGroup, id: string): void {
    this.changed.set(`${group} ${id}`, { group, id })
  }

  take(): { group: IdGroup; id: string }[] {
    const taken = [...this.changed.values()]
    this.changed.clear()
    return taken
  }
}

export class QueryTables {
  private readonly db: DatabaseSync
  private readonly company: Company
  private readonly changed: ChangedRecords
  private readonly columns = new Map<string, string[]>()

  constructor(db: DatabaseSync, company: Company, changed: ChangedRecords, customFieldIds: string[]) {
    this.db = db
    this.company = company
    this.changed = changed
    for (const [table, columns] of Object.entries(STANDARD_COLUMNS)) {
      const prefix = CUSTOM_PREFIX[table]
      const custom = prefix === undefined ? [] : customFieldIds.filter((id) => id.startsWith(prefix))
      const all = [columns.replace(/\s+/g, ' ').trim(), ...custom.map((id) => `${id} text`)].join(', ')
      db.exec(`create table "${table}" (${all})`)
      this.columns.set(
        table,
        all.split(', ').map((column) => column.split(' ')[0]?.replaceAll('"', '') ?? ''),
      )
      for (const key of ['id', 'transaction', 'previousdoc', 'nextdoc', 'externalid', 'entity']) {
        if (this.columns.get(table)?.includes(key))
          db.exec(`create index "${table}_${key}" on "${table}" ("${key}")`)
      }
    }
  }

  /** Brings the tables in step with the records. */
  refresh(): void {
    const changes = this.changed.take()
    if (changes.length === 0) return
    this.db.exec('begin')
    for (const { group, id } of changes) this.refreshRecord(group, id)
    this.db.exec('commit')
  }

  private refreshRecord(group: IdGroup, id: string): void {
    const record = this.company.store.get(group, id)
    if (group === 'transaction') this.refreshTransaction(id, record)
    else if (group === 'entity') this.refreshCustomer(id, record)
    else {
      const table = LIST_TABLES[group]
      if (table === undefined) return
      this.remove(table, 'id', id)
      if (record) this.insert(table, listRow(this.company, record))
    }
  }

  private refreshCustomer(id: string, record: StoredRecord | undefined): void {
    this.remove('customer', 'id', id)
    this.remove('customersubsidiaryrelationship', 'entity', id)
    if (!record) return
    const altname = asText(record.fields.companyName) ?? asText(record.fields.entityId) ?? null
    this.insert('customer', { ...listRow(this.company, record), altname })
    const subsidiary = asText(record.fields.subsidiary) ?? null
    this.insert('customersubsidiaryrelationship', { id, entity: id, subsidiary, isprimarysub: 'T' })
  }

  private refreshTransaction(id: string, record: StoredRecord | undefined): void {
    this.remove('transaction', 'id', id)
    for (const table of ['transactionline', 'transactionaccountingline'])
      this.remove(table, 'transaction', id)
    // A link stands under the document that settles.
    for (const table of LINK_TABLES) this.remove(table, 'nextdoc', id)
    if (!record) return
    this.insert('transaction', transactionRow(this.company, record))
    for (const posting of postingsOf(this.company, record)) {
      this.insert('transactionline', lineRow(this.company, record, posting))
      this.insert('transactionaccountingline', accountingRow(record, posting))
    }
    for (const row of linkRows(this.company, record)) for (const table of LINK_TABLES) this.insert(table, row)
  }

  private remove(table: string, column: string, id: string): void {
    this.db.prepare(`delete from "${table}" where "${column}" = ?`).run(id)
  }

  private insert(table: string, row: Row): void {
    const columns = this.columns.get(table) ?? []
    const marks = columns.map(() => '?').join(', ')
    const names = columns.map((column) => `"${column}"`).join(', ')
    this.db
      .prepare(`insert into "${table}" (${names}) values (${marks})`)
      .run(...columns.map((column) => row[column] ?? null))
  }
}

const LINK_TABLES = ['nexttransactionlinelink', 'previoustransactionlinelink']

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

function listRow(company: Company, record: StoredRecord): Row {
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

function receivableCells(company: Company, record: StoredRecord): Row {
  const open = openAmount(company, record)
  const used = totalOf(record) - open
  if (record.type === 'invoice') return { foreignamountunpaid: amount(open), foreignamountpaid: amount(used) }
  if (record.type === 'creditMemo' || record.type === 'customerPayment') {
    return { foreignpaymentamountunused: amount(open), foreignpaymentamountused: amount(used) }
  }
  return {}
}

function transactionRow(company: Company, record: StoredRecord): Row {
  const type = QUERY_TYPES[record.type] ?? ''
  return {
    ...fieldCells(company, record),
    ...receivableCells(company, record),
    type,
    abbrevtype: type.toUpperCase(),
    recordtype: record.type.toLowerCase(),
    transactionnumber: asText(record.fields.tranId) ?? null,
    trandisplayname: displayName(company, 'transaction', record.id),
    entity: record.type === 'journalEntry' ? null : (customerOf(company, record) ?? null),
    currency: currencyOf(record),
    foreigntotal: amount(isNegative(record) ? -totalOf(record) : totalOf(record)),
    status: statusOf(company, record).letter,
    voided: 'F',
    posting: flag(record.fields.approved !== false),
  }
}

function lineRow(company: Company, record: StoredRecord, posting: Posting): Row {
  const { source, foreign } = posting
  const text = (name: string): string | null => asText(source?.[name] ?? record.fields[name]) ?? null
  const custom = Object.entries(source ?? {}).filter(([name]) => name.startsWith('custcol_'))
  const quantity = source?.quantity
  const item = posting.kind === 'item' ? text('item') : null
  return {
    ...Object.fromEntries(custom.map(([name, value]): [string, Cell] => [name, cell(value)])),
    ...(posting.kind === 'main' ? receivableCells(company, record) : {}),
    transaction: record.id,
    id: posting.line,
    uniquekey: Number(record.id) * 10_000 + posting.line,
    linesequencenumber: posting.line,
    mainline: flag(posting.kind === 'main' || (record.type === 'journalEntry' && posting.line === 0)),
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
    entity: asText(source?.entity) ?? customerOf(company, record) ?? null,
    subsidiary: asText(record.fields.subsidiary) ?? null,
    department: text('department'),
    class: text('class'),
    location: text('location'),
    memo: asText(source?.description ?? source?.memo ?? record.fields.memo) ?? null,
  }
}

const accountingRow = (record: StoredRecord, { line, account, base }: Posting): Row => ({
  transaction: record.id,
  transactionline: line,
  accountingbook: 1,
  account,
  amount: amount(base),
  netamount: amount(base),
  debit: base > 0n ? amount(base) : null,
  credit: base < 0n ? amount(-base) : null,
  posting: flag(record.fields.approved !== false),
  exchangerate: amount(rateOf(record)),
})

/** The settled document is `previous`, the one that settles it `next`, and the link is a Payment. */
function linkRows(company: Company, record: StoredRecord): Row[] {
  return company.applications.from(record.id).map(({ to, amount: applied }) => ({
    previousdoc: to,
    previousline: 0,
    previoustype: QUERY_TYPES[company.store.get('transaction', to)?.type ?? ''] ?? null,
    nextdoc: record.id,
    nextline: record.type === 'creditMemo' ? 0 : 1,
    nexttype: QUERY_TYPES[record.type] ?? null,
    linktype: 'Payment',
    foreignamount: amount(applied),
    lastmodifieddate: marked(asText(record.fields.lastModifiedDate)),
  }))
}
