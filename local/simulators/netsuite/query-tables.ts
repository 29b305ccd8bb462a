// The tables that SuiteQL sees, in an in-memory SQLite. Rows are written when a query comes, for the records that changed
// since; what a record's rows are is decided in query-rows.ts.
// Amounts are doubles here because SQLite has no decimals; each is the nearest to a decimal that round-trips.
import type { DatabaseSync } from 'node:sqlite'
import type { Company } from './company.ts'
import { postingsOf } from './postings.ts'
import { CUSTOM_PREFIX, STANDARD_COLUMNS } from './query-columns.ts'
import { accountingRow, lineRow, linkRows, listRow, type Row, transactionRow } from './query-rows.ts'
import { asText, type IdGroup, type StoredRecord } from './schema.ts'

/** Without the feature there is no such record. https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0811020103.html */
const SUITETAX_TABLE = 'subsidiarytaxregistration'

const LIST_TABLES: Partial<Record<IdGroup, string>> = {
  item: 'item',
  account: 'account',
  accountingPeriod: 'accountingperiod',
  currency: 'currency',
  subsidiary: 'subsidiary',
  department: 'department',
  classification: 'classification',
  location: 'location',
  taxRegistration: SUITETAX_TABLE,
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
      if (table === SUITETAX_TABLE && company.settings.tax !== 'suitetax') continue
      const prefix = CUSTOM_PREFIX[table]
      const custom = prefix === undefined ? [] : customFieldIds.filter((id) => id.startsWith(prefix))
      const all = [columns.replace(/\s+/g, ' ').trim(), ...custom.map((id) => `${id} text`)].join(', ')
      db.exec(`create table "${table}" (${all})`)
      this.columns.set(
        table,
        all.split(', ').map((column) => column.split(' ')[0]?.replaceAll('"', '') ?? ''),
      )
      for (const key of ['id', 'transaction', 'account', 'previousdoc', 'nextdoc', 'externalid', 'entity']) {
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
      this.insert('transactionaccountingline', accountingRow(this.company, record, posting))
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
