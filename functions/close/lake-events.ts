// Which events of money the lake has seen, by the same SQL that `hub sql` runs.
import type { Clock } from '../../shared/clock.ts'
import type { Evidence } from '../../shared/close/check.ts'
import type { Movement } from '../../shared/close/facts.ts'
import { type Progress, Question } from './evidence.ts'

/** Runs SQL over the lake's views: DuckDB over the folder on the laptop, Athena in the cloud. */
export type LakeQuery = (sql: string) => Promise<Record<string, unknown>[]>

/** @throws what the query throws. */
export async function readLakeEvents(
  { query, clock, progress }: { query: LakeQuery; clock: Clock; progress?: Progress },
  movements: readonly Movement[],
): Promise<{ value: ReadonlySet<string>; evidence: Evidence[] }> {
  const types = [...new Set(movements.flatMap(({ events }) => events))].sort()
  if (types.length === 0) return { value: new Set(), evidence: [] }
  const sql = `SELECT DISTINCT type, object_id FROM events WHERE type IN (${types.map((type) => `'${type}'`).join(', ')}) ORDER BY type, object_id`
  const question = new Question('lake', sql, clock, progress)
  const value = new Set((await query(sql)).map((row) => question.take(`${row.type} ${row.object_id}`)))
  return { value, evidence: [question.evidence()] }
}
