// What people do in the org, past the API: they make and change records with every permission, and their changes of a
// quote are told to the hub. For tests, and for whoever plays sales.
import { type Access, fullAccess } from './access.ts'
import { notFound } from './errors.ts'
import type { JsonObject } from './json.ts'
import type { QuotePushes } from './quote-push.ts'
import type { Records, SaveTarget } from './records.ts'
import type { Store, StoredRecord, StoredValue, Table } from './store.ts'

type Values = Readonly<Record<string, StoredValue>>

/** When the deployed flows of an object take a quote for accepted. */
const ACCEPTED: Readonly<Record<string, (quote: Values) => boolean>> = {
  Quote: ({ Status }) => Status === 'Accepted',
  SBQQ__Quote__c: ({ SBQQ__Status__c, SBQQ__Primary__c }) =>
    SBQQ__Status__c === 'Accepted' && SBQQ__Primary__c === true,
}

const runsInStripe = ({ Stripe_Schedule_Id__c }: Values): boolean => Stripe_Schedule_Id__c != null

export class People {
  private readonly store: Store
  private readonly records: Records
  private readonly pushes: QuotePushes
  private readonly access: Access

  constructor(store: Store, records: Records, pushes: QuotePushes) {
    this.store = store
    this.records = records
    this.pushes = pushes
    this.access = fullAccess(store)
  }

  /** Makes a record. @returns its id. */
  put(object: string, values: JsonObject): string {
    return this.save(this.table(object), { kind: 'create' }, values)
  }

  change(id: string, values: JsonObject): void {
    const { table, record } = this.find(id)
    this.save(table, { kind: 'update', id: record.id }, values)
  }

  remove(id: string): void {
    const { table, record } = this.find(id)
    const { values } = record
    this.records.remove(record.id, this.access)
    if (table.schema.name in ACCEPTED && runsInStripe(values)) {
      this.pushes.add('quote.deleted', record.id, table.schema.name)
    }
  }

  /** Accepts a quote of either kind. */
  closeQuote(id: string): void {
    const { table } = this.find(id)
    this.change(
      id,
      table.schema.name === 'Quote'
        ? { Status: 'Accepted' }
        : { SBQQ__Status__c: 'Accepted', SBQQ__Primary__c: true },
    )
  }

  private save(table: Table, target: SaveTarget, values: JsonObject): string {
    const before = target.kind === 'update' ? this.store.record(table, target.id)?.values : undefined
    const { id } = this.records.save(table, target, values, {
      excessDecimals: 'refuse',
      allowDuplicateSave: true,
      autoAssign: false,
      access: this.access,
    })
    const after = this.store.record(table, id)?.values
    if (after) this.tell(table, id, before, after)
    return id
  }

  /** The flows start when a quote begins to meet their conditions, not at each later save. */
  private tell(table: Table, id: string, before: Values | undefined, after: Values): void {
    const isAccepted = ACCEPTED[table.schema.name]
    if (!isAccepted) return
    const isReopened = (quote: Values) => !isAccepted(quote) && runsInStripe(quote)
    if (isAccepted(after) && !(before && isAccepted(before))) {
      this.pushes.add('quote.accepted', id, table.schema.name)
    }
    if (isReopened(after) && !(before && isReopened(before))) {
      this.pushes.add('quote.reopened', id, table.schema.name)
    }
  }

  private table(object: string): Table {
    const table = this.store.table(object)
    if (!table) throw notFound()
    return table
  }

  private find(id: string): { table: Table; record: StoredRecord } {
    const table = this.store.tableOfId(id)
    const record = table && this.store.record(table, id)
    if (!table || !record) throw notFound()
    return { table, record }
  }
}
