// Refusals that a person or a test asks for: of single records, not of requests. Row locks come and go by themselves; an
// approval keeps its record locked until somebody unlocks it.
import { RecordRefused } from './errors.ts'
import type { StoredRecord, Table } from './store.ts'

export interface RecordFault {
  statusCode: 'UNABLE_TO_LOCK_ROW' | 'DUPLICATES_DETECTED'
  /** Only this object; absent: any. */
  object?: string
  /** Only the record with this external id or record id; absent: any. */
  key?: string
  /** How many records are refused; absent: until the faults are cleared. */
  times?: number
  /** For DUPLICATES_DETECTED: an alert rule lets `allowSave=true` pass, a blocking rule does not. */
  blocking?: boolean
}

export class RecordFaults {
  private readonly active: (RecordFault & { left: number })[] = []
  private readonly locked = new Set<string>()

  add(fault: RecordFault): void {
    this.active.push({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY })
  }

  clear(): void {
    this.active.length = 0
  }

  lock(id: string): void {
    this.locked.add(id)
  }

  unlock(id: string): void {
    this.locked.delete(id)
  }

  /**
   * A record in an approval, and the details of such a record.
   * https://sfdcian.com/entity_is_locked-error-while-updating-record-using-flow-or-manually
   * Wording as reported: https://developer.salesforce.com/forums/ForumsMain?id=906F000000091ZWIAY
   */
  refuseLocked(
    table: Table,
    record: StoredRecord | undefined,
    values: Readonly<Record<string, unknown>>,
  ): void {
    const masters = table.schema.fields
      .filter(({ masterDetail }) => masterDetail)
      .map(({ name }) => values[name] ?? record?.values[name])
    if ([record?.id, ...masters].some((id) => typeof id === 'string' && this.locked.has(id))) {
      throw new RecordRefused('ENTITY_IS_LOCKED', 'the entity is locked for editing')
    }
  }

  /** @param keys the record's id and the external id it is saved by. */
  play(
    table: Table,
    existing: StoredRecord | undefined,
    keys: readonly (string | undefined)[],
    allowDuplicateSave: boolean,
  ): void {
    const index = this.active.findIndex(
      (fault) =>
        (fault.object === undefined || fault.object === table.schema.name) &&
        (fault.key === undefined || keys.includes(fault.key)) &&
        !(fault.statusCode === 'DUPLICATES_DETECTED' && !fault.blocking && allowDuplicateSave),
    )
    const fault = this.active[index]
    if (!fault) return
    fault.left -= 1
    if (fault.left <= 0) this.active.splice(index, 1)
    throw fault.statusCode === 'UNABLE_TO_LOCK_ROW'
      ? new RecordRefused(
          'UNABLE_TO_LOCK_ROW',
          existing
            ? `unable to obtain exclusive access to this record or 1 records: ${existing.id}`
            : 'unable to obtain exclusive access to this record',
        )
      : new RecordRefused('DUPLICATES_DETECTED', 'Use one of these records?')
  }
}
