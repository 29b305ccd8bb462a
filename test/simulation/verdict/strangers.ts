// Promise: nothing stands in a vendor that no projection explains, and nothing stands there twice, neither under one name
// nor under two.
import type { RecordKey } from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import type { Finding } from '../result.ts'
import type { LedgerRows } from './ledger-rows.ts'
import type { LaneProjection } from './projections.ts'
import type { VendorRecord } from './vendor-records.ts'

/** What the ledger alone knows is explained too: in-step.ts sees to it that it is retired. */
export function checkStrangers(
  { manifest, roots }: LaneProjection,
  rows: LedgerRows,
  records: readonly VendorRecord[],
): Finding[] {
  const explained = new Set<RecordKey>([
    ...roots.flatMap((root) => root.records.map(recordKey)),
    ...rows.of(manifest.name).flatMap((row) => Object.keys(row.records) as RecordKey[]),
  ])
  return records
    .filter(({ system, key }) => system === manifest.name && (key === undefined || !explained.has(key)))
    .map(({ system, label }) => ({
      promise: 'in step',
      system,
      object: label,
      expected: 'nothing: no projection has it, and the ledger does not know it',
      actual: 'stands',
    }))
}

export function checkOnce(records: readonly VendorRecord[]): Finding[] {
  const findings: Finding[] = []
  const names = [
    ({ label }: VendorRecord) => nameWithoutId(label),
    ({ standsFor }: VendorRecord) => standsFor,
  ]
  for (const nameOf of names) {
    for (const [name, twins] of Map.groupBy(
      records,
      (record) => `${record.system} ${nameOf(record) ?? ''}`,
    )) {
      const [first] = twins
      if (!first || twins.length < 2 || nameOf(first) === undefined) continue
      const labels = twins.map(({ label }) => label).join(' and ')
      if (findings.some(({ actual }) => actual === labels)) continue
      findings.push({
        promise: 'once',
        system: first.system,
        object: name.slice(first.system.length + 1),
        expected: 'once',
        actual: labels,
      })
    }
  }
  return findings
}

/** Without an external id there is no name to be the same. */
const nameWithoutId = (label: string): string | undefined =>
  label.includes(' without an ') ? undefined : label.replace(/ \([^)]*\)$/, '')
