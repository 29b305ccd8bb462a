// One line of the bench: what was measured, what it is held to, and how it was measured. A bound that is missed is
// said, never moved; a figure without a bound is for reading only.

export interface Row {
  name: string
  measured: number
  unit: string
  /** At most this, or exactly this; null: reported only. */
  bound: number | null
  exact?: true
  /** How it was measured, and what stands beside it. */
  note: string
}

export interface JudgedRow extends Row {
  /** null where there is no bound. */
  ok: boolean | null
}

export function judge(row: Row): JudgedRow {
  if (row.bound === null) return { ...row, ok: null }
  return { ...row, ok: row.exact ? row.measured === row.bound : row.measured <= row.bound }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  const lower = sorted.length % 2 === 0 ? sorted[middle - 1] : upper
  if (upper === undefined || lower === undefined) throw new RangeError('There is no median of nothing.')
  return (lower + upper) / 2
}

/** Processor time of this process so far, all its threads, in microseconds. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Three significant digits are more than one run on one machine can tell. */
export const rounded = (value: number): number => Number(value.toPrecision(3))

/** On stderr, so that the table or the JSON document stands alone on stdout. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Between measurements, where Node was started with --expose-gc: garbage of one is not the cost of the next. */
export function collectGarbage(): void {
  globalThis.gc?.()
}
