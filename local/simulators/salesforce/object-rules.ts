// What Salesforce, or a package, does itself with the records of one object: completes them before they are stored, and
// moves others afterwards. Each object's rules are in a file of its own.
import { CaseRules } from './cases.ts'
import { cpqRules } from './cpq-quotes.ts'
import { quoteRules } from './quotes.ts'
import type { Store, StoredRecord, StoredValue } from './store.ts'

export type Values = Record<string, StoredValue>

export interface ObjectRules {
  /** Completes the values about to be stored, or refuses them with RecordRefused. */
  beforeSave?(values: Values, existing: StoredRecord | undefined, request: { autoAssign: boolean }): void
  afterSave?(record: StoredRecord): void
  afterDelete?(record: StoredRecord): void
}

export const createObjectRules = (store: Store): ReadonlyMap<string, ObjectRules> =>
  new Map<string, ObjectRules>([
    ['Case', new CaseRules(store)],
    ...Object.entries(quoteRules(store)),
    ...Object.entries(cpqRules(store)),
  ])
