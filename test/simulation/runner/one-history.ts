// One history with its whole log: what a person plays who wants to understand a seed.
import type { Arguments } from './command.ts'
import { Crew } from './crew.ts'
import { lineText } from './explain.ts'
import { describeFailure, replayCommand, reportFailure } from './failure-report.ts'
import type { Surroundings } from './run.ts'
import { count, newTally } from './tally.ts'

export async function playOne(
  { seed, faults, skip, skipActs }: Pick<Arguments, 'faults' | 'skip' | 'skipActs'> & { seed: number },
  { out, history, patienceMs }: Surroundings,
): Promise<0 | 1> {
  const options = { seed, ...(faults && { faults }), ...(skip && { skip }), ...(skipActs && { skipActs }) }
  const crew = new Crew({ workers: 1, history, patienceMs })
  const played = await crew.play({ options, trace: true }).finally(() => crew.close())
  const failure = count(newTally(), played)
  if ('broken' in played) {
    out(`Seed ${seed}: ${failure ? describeFailure(failure) : ''}\n`)
    return 1
  }
  const { result } = played
  const acts = result.acts.map((name, number) =>
    skipActs?.has(number) ? `(#${number} ${name})` : `#${number} ${name}`,
  )
  const lines = [
    ...result.trace.map(lineText),
    '',
    `Seed ${seed}: ${result.events} events, ${result.calls} calls, ${Math.round(result.virtualHours)} hours, digest ${result.digest}`,
    `  acts      ${acts.join(', ')}`,
    ...result.occurrences.map(({ number, kind, at }) => `  fault     #${number} ${kind} at ${at}`),
    `  replay    ${replayCommand(options)}`,
  ]
  if (!failure) {
    out(`${[...lines, 'In step.'].join('\n')}\n`)
    return 0
  }
  for (const { promise, system, object, expected, actual } of result.findings)
    lines.push(`  finding   "${promise}" in ${system}, ${object}: expected ${expected}, actual ${actual}`)
  out(`${lines.join('\n')}\n`)
  // A history that leaves something out is a small one already.
  if (!skip && !skipActs) out(`\n${await reportFailure(failure, { faults, history, patienceMs })}\n`)
  return 1
}
