// What a person needs to mend a failing seed: the command that plays it again, whether it does the same again, a small
// version, and the shortest log that explains it.
import type { FaultKind } from '../faults/kinds.ts'
import type { Finding, HistoryOptions, HistoryResult } from '../result.ts'
import { Crew } from './crew.ts'
import { explain, explanationText } from './explain.ts'
import { numberList } from './number-list.ts'
import { type Budget, isLike, type Small, shrink } from './shrink.ts'
import type { Failure } from './tally.ts'

export interface FailureReportOptions {
  faults?: readonly FaultKind[]
  history: string
  patienceMs?: number
  budget?: Budget
}

/** Plays the seed again in a process that has played nothing before, and then makes it small. */
export async function reportFailure(failure: Failure, options: FailureReportOptions): Promise<string> {
  const { faults, history, patienceMs, budget } = options
  const whole: HistoryOptions = { seed: failure.seed, ...(faults && { faults }) }
  const head = [`Seed ${failure.seed}: ${describeFailure(failure)}`, `  replay    ${replayCommand(whole)}`]
  const crew = new Crew({ workers: 1, history, patienceMs })
  try {
    const again = await crew.play({ options: whole, trace: true })
    if ('broken' in again) {
      const same =
        failure.broken !== undefined ? 'as before' : `OTHERWISE THAN BEFORE: ${firstLine(again.broken)}`
      return [...head, `  again     it came to no end, ${same}`].join('\n')
    }
    head.push(`  again     ${comparedWithBefore(failure, again.result)}`)
    if (again.result.findings.length === 0) return head.join('\n')
    const small = await shrink(
      whole,
      again.result,
      (smaller) => crew.play({ options: smaller, trace: true }),
      budget,
    )
    return [...head, ...describeSmall(small, again.result)].join('\n')
  } finally {
    crew.close()
  }
}

export function replayCommand({ seed, faults, skip, skipActs }: HistoryOptions): string {
  const parts = [`npm run simulate -- --seed ${seed}`]
  if (faults) parts.push(`--faults ${faults.join(',')}`)
  if (skip?.size) parts.push(`--skip ${numberList(skip)}`)
  if (skipActs?.size) parts.push(`--skip-acts ${numberList(skipActs)}`)
  return parts.join(' ')
}

export const describeFailure = ({ finding, findings, broken }: Failure): string =>
  finding ? describeFinding(finding, findings - 1) : `it came to no end: ${broken ?? 'no reason is known.'}`

function describeFinding({ promise, system, object, expected, actual }: Finding, others: number): string {
  return [
    `"${promise}" is broken in ${system}, ${object}${others > 0 ? ` (and ${others} more)` : ''}`,
    `  expected  ${indented(expected)}`,
    `  actual    ${indented(actual)}`,
  ].join('\n')
}

function comparedWithBefore(failure: Failure, again: HistoryResult): string {
  if (failure.broken !== undefined)
    return 'THIS TIME IT CAME TO AN END: how it ends depends on more than its seed.'
  if (failure.digest === again.digest) return `the same, call for call (${again.digest})`
  return `ANOTHER HISTORY (${again.digest} instead of ${failure.digest}): something in it depends on more than its seed.`
}

export function describeSmall({ options, result, replays }: Small, whole: HistoryResult): string[] {
  const acts = result.acts.flatMap((name, number) =>
    options.skipActs?.has(number) ? [] : [`#${number} ${name}`],
  )
  const faults = result.occurrences.map(({ number, kind, at }) => `#${number} ${kind} at ${at}`)
  const [target] = whole.findings
  // The whole history's first finding need not be the small one's.
  const finding = target && result.findings.find((found) => isLike(found, target))
  return [
    `  small     ${replayCommand(options)}`,
    `            ${faults.length} of ${whole.occurrences.length} faults, ${acts.length} of ${whole.acts.length} acts, found in ${replays} replays`,
    ...listed('acts', acts),
    ...listed('faults', faults),
    ...(finding ? logOf(finding, result) : []),
  ]
}

const logOf = (finding: Finding, result: HistoryResult): string[] => [
  '  log',
  indented(describeFinding(finding, result.findings.length - 1), 4),
  '',
  indented(explanationText(explain(finding, result)), 4),
]

const listed = (name: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`  ${name.padEnd(8)}  ${lines.join(`\n${' '.repeat(12)}`)}`]

function indented(text: string, width?: number): string {
  const margin = ' '.repeat(width ?? 12)
  return `${width === undefined ? '' : margin}${text.replaceAll('\n', `\n${margin}`)}`
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
