// Where the simulated account keeps its records: by internal id and by external id within an id group.
// It knows no business rule; it only refuses two records under one id.
//
// Ids are unique within groups of types, not within one type: two transactions of different types cannot share an
// external id, and external ids are compared without regard to case ("Using Internal IDs, External IDs, and
// References", https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N3432681.html).
import { userError } from './errors.ts'
import { asText, type IdGroup, type StoredRecord } from './schema.ts'

const FIRST_ID: Partial<Record<IdGroup, number>> = { entity: 5001, transaction: 10001, item: 901 }

export class RecordStore {
  private readonly byId = new Map<IdGroup, Map<string, StoredRecord>>()
  private readonly byExternalId = new Map<IdGroup, Map<string, string>>()
  private readonly lastId = new Map<IdGroup, number>()
  /** Customers by name, and transactions by customer: what the rules look up on every write. */
  private readonly customerByName = new Map<string, string>()
  private readonly transactionsByCustomer = new Map<string, Set<string>>()
  private readonly transactionsBySource = new Map<string, Set<string>>()
  private readonly groupOf: (type: string) => IdGroup
  /** Called after every change, so that the query tables can follow. */
  private readonly changed: (group: IdGroup, id: string) => void

  constructor(groupOf: (type: string) => IdGroup, changed: (group: IdGroup, id: string) => void) {
    this.groupOf = groupOf
    this.changed = changed
  }

  nextId(group: IdGroup): string {
    const next = (this.lastId.get(group) ?? (FIRST_ID[group] ?? 1) - 1) + 1
    this.lastId.set(group, next)
    return String(next)
  }

  get(group: IdGroup, id: string): StoredRecord | undefined {
    return this.byId.get(group)?.get(id)
  }

  findExternal(group: IdGroup, externalId: string): StoredRecord | undefined {
    const id = this.byExternalId.get(group)?.get(externalId.toLowerCase())
    return id === undefined ? undefined : this.get(group, id)
  }

  /** All records of a type, in the order of their ids. */
  list(type: string): StoredRecord[] {
    return this.listGroup(this.groupOf(type)).filter((record) => record.type === type)
  }

  listGroup(group: IdGroup): StoredRecord[] {
    return [...(this.byId.get(group)?.values() ?? [])]
  }

  findCustomerNamed(name: string): string | undefined {
    return this.customerByName.get(name.toLowerCase())
  }

  transactionsOf(customerId: string): StoredRecord[] {
    const ids = this.transactionsByCustomer.get(customerId) ?? new Set<string>()
    return [...ids].flatMap((id) => this.get('transaction', id) ?? [])
  }

  /** The transactions that name this one as the one they were created from. */
  createdFrom(transactionId: string): StoredRecord[] {
    const ids = this.transactionsBySource.get(transactionId) ?? new Set<string>()
    return [...ids].flatMap((id) => this.get('transaction', id) ?? [])
  }

  save(record: StoredRecord): void {
    const group = this.groupOf(record.type)
    this.refuseTakenExternalId(record)
    const previous = this.get(group, record.id)
    if (previous) this.unindex(previous)
    this.index(record)
    const externals = this.byExternalId.get(group) ?? new Map<string, string>()
    if (previous?.externalId !== undefined) externals.delete(previous.externalId.toLowerCase())
    if (record.externalId !== undefined) externals.set(record.externalId.toLowerCase(), record.id)
    this.byExternalId.set(group, externals)
    const records = this.byId.get(group) ?? new Map<string, StoredRecord>()
    records.set(record.id, record)
    this.byId.set(group, records)
    const numeric = Number(record.id)
    if (numeric > (this.lastId.get(group) ?? 0) && numeric >= (FIRST_ID[group] ?? 1))
      this.lastId.set(group, numeric)
    this.changed(group, record.id)
  }

  delete(record: StoredRecord): void {
    const group = this.groupOf(record.type)
    this.byId.get(group)?.delete(record.id)
    this.unindex(record)
    if (record.externalId !== undefined) this.byExternalId.get(group)?.delete(record.externalId.toLowerCase())
    this.changed(group, record.id)
  }

  /** Texts: "This entity already exists." is seen in public logs; for other records it is SOAP's DUP_RCRD text. */
  refuseTakenExternalId(record: StoredRecord): void {
    if (record.externalId === undefined) return
    const group = this.groupOf(record.type)
    const holder = this.findExternal(group, record.externalId)
    if (!holder || holder.id === record.id) return
    throw userError(
      group === 'entity' ? 'This entity already exists.' : 'This record already exists.',
      'externalId',
    )
  }

  private index(record: StoredRecord): void {
    const name = asText(record.fields.entityId)
    if (name !== undefined) this.customerByName.set(name.toLowerCase(), record.id)
    for (const customer of customersIn(record)) {
      const ids = this.transactionsByCustomer.get(customer) ?? new Set<string>()
      this.transactionsByCustomer.set(customer, ids.add(record.id))
    }
    const source = asText(record.fields.createdFrom)
    if (source === undefined) return
    const ids = this.transactionsBySource.get(source) ?? new Set<string>()
    this.transactionsBySource.set(source, ids.add(record.id))
  }

  private unindex(record: StoredRecord): void {
    const name = asText(record.fields.entityId)
    if (name !== undefined) this.customerByName.delete(name.toLowerCase())
    for (const customer of customersIn(record)) this.transactionsByCustomer.get(customer)?.delete(record.id)
    this.transactionsBySource.get(asText(record.fields.createdFrom) ?? '')?.delete(record.id)
  }
}

function customersIn(record: StoredRecord): string[] {
  const named = [record.fields.entity, record.fields.customer]
  const onLines = (record.sublists.line ?? []).map((line) => line.entity)
  return [...named, ...onLines].flatMap((value) => asText(value) ?? [])
}
