// Promise: what can never be taken is parked, with the code that says why and a hint for a person; and nothing else is,
// but for what waits for one of those, or for the same mending (another document over the same unmapped product).
import type { ObjectRef } from '../../../shared/connector/contract.ts'
import type { Finding } from '../result.ts'
import { type LedgerRows, nameOf, type ObjectRow } from './ledger-rows.ts'
import type { JudgedWorld } from './world.ts'

interface Destined {
  connector: string
  ref: ObjectRef
  code: string
}

export function checkParked(
  { impossible, deadly }: Pick<JudgedWorld, 'impossible' | 'deadly'>,
  rows: LedgerRows,
): Finding[] {
  const destined: Destined[] = [
    ...impossible,
    ...deadly.map(({ connector, ref }) => ({ connector, ref, code: 'WORKER-DIED' })),
  ]
  const parked = rows.objects().filter(({ trouble }) => trouble?.status === 'parked')
  return [
    ...destined.flatMap((one) => notParked(one, deadly, rows)),
    ...parked.flatMap((row) => [...withoutReason(row, destined, rows), ...withoutHint(row, rows)]),
  ]
}

/** One object may be destined twice (an act that repeats itself, or deadly and impossible): any of its codes will do. */
function notParked(
  { connector, ref, code }: Destined,
  deadly: JudgedWorld['deadly'],
  rows: LedgerRows,
): Finding[] {
  if (rows.isParked(connector, ref)) return []
  // Nothing is wanted of it: its invoice is stuck behind an object that kills its workers, and is a draft for ever.
  const row = rows.row(connector, ref)
  const stands = Object.keys(row?.records ?? {}).length > 0
  if (code !== 'WORKER-DIED' && deadly.length > 0 && !stands) return []
  // Deleted: nobody has to take it into hand any more.
  if (code === 'WORKER-DIED' && row?.tombstone) return []
  return [finding(connector, ref, `parked [${code}]`, stateOf(row))]
}

function withoutReason(row: ObjectRow, destined: readonly Destined[], rows: LedgerRows): Finding[] {
  const { connector, ref, trouble } = row
  const own = destined.filter((one) => one.connector === connector && nameOf(one.ref) === nameOf(ref))
  if (own.some(({ code }) => code === trouble?.code)) return []
  if (own.length > 0) {
    return [finding(connector, ref, `parked [${own.map(({ code }) => code).join(' or ')}]`, stateOf(row))]
  }
  if (trouble?.code === 'WAITS' && waitsForDestined(row, destined, rows, new Set())) return []
  if (destined.some((one) => hasSameCause(row, one, rows))) return []
  return [finding(connector, ref, 'in step: a vendor would take it', stateOf(row))]
}

function waitsForDestined(
  row: ObjectRow,
  destined: readonly Destined[],
  rows: LedgerRows,
  seen: Set<string>,
): boolean {
  seen.add(nameOf(row.ref))
  return (row.trouble?.waitsOn ?? []).some((on) => {
    const blocker = rows.row(row.connector, on)
    if (blocker?.trouble?.status !== 'parked' || seen.has(nameOf(on))) return false
    const isDestined = destined.some(
      (one) => one.connector === row.connector && nameOf(one.ref) === nameOf(on),
    )
    return isDestined || waitsForDestined(blocker, destined, rows, seen)
  })
}

/** Parked under the same code, and until the same object changes. */
function hasSameCause(row: ObjectRow, one: Destined, rows: LedgerRows): boolean {
  const other = rows.row(one.connector, one.ref)?.trouble
  if (one.connector !== row.connector || other?.code !== one.code || row.trouble?.code !== one.code)
    return false
  const mending = new Set(other.waitsOn.map(nameOf))
  return row.trouble.waitsOn.some((on) => mending.has(nameOf(on)))
}

/** On the object, where people see it, and on at least one of its events. */
function withoutHint({ connector, ref, trouble }: ObjectRow, rows: LedgerRows): Finding[] {
  const findings: Finding[] = []
  if (!trouble?.hint) findings.push(finding(connector, ref, 'a hint what to do', 'none'))
  const told = rows.deliveries.some(
    (row) => row.connector === connector && row.objectId === ref.id && row.status === 'parked' && row.hint,
  )
  // Who waits may have been parked by a touch, long after its own events ended well.
  if (!told && trouble?.code !== 'WAITS') {
    findings.push(finding(connector, ref, 'an event whose delivery says parked, with a hint', 'none'))
  }
  return findings
}

const stateOf = (row: ObjectRow | undefined): string =>
  row?.trouble
    ? `${row.trouble.status} [${row.trouble.code}] ${row.trouble.reason ?? ''}`
    : row
      ? 'not parked'
      : 'the ledger does not know it'

const finding = (system: string, ref: ObjectRef, expected: string, actual: string): Finding => ({
  promise: 'parked',
  system,
  object: nameOf(ref),
  expected,
  actual,
})
