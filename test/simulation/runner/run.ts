// `npm run simulate` from its arguments to its exit code: 0 all in step, 1 something failed, 2 a mistake in the
// arguments, 130 stopped by Ctrl-C.
import { join } from 'node:path'
import pLimit from 'p-limit'
import { type Arguments, readArguments } from './command.ts'
import { reportFailure } from './failure-report.ts'
import { playOne } from './one-history.ts'
import { type Progress, readProgress } from './progress-file.ts'
import { createProgressLine } from './progress-line.ts'
import { runSeeds } from './run-seeds.ts'
import { exitCode, failureLine, summaryJson, summaryText } from './summary.ts'
import { newTally } from './tally.ts'

export interface Surroundings {
  out(text: string): void
  err(text: string): void
  errIsTerminal: boolean
  /** Where `.hub/` is. */
  folder: string
  /** Path of the module that exports `playHistory`. */
  history: string
  /** Calls back once when a person wants it to stop. @returns how to be left alone again. */
  onInterrupt(stop: () => void): () => void
  /** Real milliseconds without an answer after which a worker counts as hanging. */
  patienceMs?: number
}

const SEEDS = 1_000
const USUAL_FILE = '.hub/simulation.json'
const INTERRUPTED = 130

export async function run(argv: readonly string[], around: Surroundings): Promise<number> {
  const options = readArguments(argv, around)
  if (typeof options === 'number') return options
  try {
    if (options.seed !== undefined) return await playOne({ ...options, seed: options.seed }, around)
    const file = fileOf(options, around)
    const progress = begin(options, file)
    if (typeof progress === 'string') {
      around.err(`${progress}\n`)
      return 2
    }
    return await playMany(options, progress, file, around)
  } catch (error) {
    around.err(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

const fileOf = ({ resume }: Arguments, { folder }: Surroundings): string =>
  typeof resume === 'string' ? resume : join(folder, USUAL_FILE)

/** @returns a sentence instead when what is asked for is not what stands in the file. */
function begin({ resume, seeds, from, faults }: Arguments, file: string): Progress | string {
  const before = resume === undefined ? undefined : readProgress(file)
  if (!before) {
    if (resume === true)
      return `There is nothing to go on with: ${file} does not exist. Start with npm run simulate.`
    const first = from ?? 1
    const range = { from: first, to: first + (seeds ?? SEEDS) - 1 }
    return { v: 1, ...range, ...(faults && { faults }), done: [], seconds: 0, tally: newTally() }
  }
  if (from !== undefined && from !== before.from)
    return `${file} began with seed ${before.from}, not ${from}. Leave --from out, or name another file.`
  if (faults && faults.join() !== before.faults?.join())
    return `${file} has ${before.faults ? `the faults ${before.faults.join(',')}` : 'all faults'}. Leave --faults out, or name another file.`
  const to = seeds === undefined ? before.to : before.from + seeds - 1
  if (to < before.to)
    return `${file} is about ${before.to - before.from + 1} seeds. Give --seeds that many or more, or leave it out.`
  return { ...before, to }
}

async function playMany(
  options: Arguments,
  progress: Progress,
  file: string,
  around: Surroundings,
): Promise<number> {
  const { workers, maxFailures, json } = options
  const line = createProgressLine(around.err, around.errIsTerminal)
  let interrupted = false
  const { history, patienceMs } = around
  const seedRun = runSeeds({
    progress,
    file,
    workers,
    history,
    patienceMs,
    maxFailures,
    onPlayed: (now) => line.show(now),
  })
  const leave = around.onInterrupt(() => {
    interrupted = true
    seedRun.stop()
  })
  let whole: boolean
  try {
    whole = await seedRun.whole
  } finally {
    leave()
    line.end()
  }
  if (interrupted && !whole) {
    around.err(
      `Stopped. To go on: npm run simulate -- --resume${options.resume === undefined || options.resume === true ? '' : ` ${file}`}\n`,
    )
  } else {
    await describeFailures(options, progress, around)
  }
  around.out(`${json ? summaryJson(progress, whole) : summaryText(progress, whole)}\n`)
  return interrupted && !whole ? INTERRUPTED : exitCode(progress)
}

/** To stderr with --json, so that stdout is one document. */
async function describeFailures(
  { details, workers, json }: Arguments,
  { tally, faults }: Progress,
  { out, err, history, patienceMs }: Surroundings,
): Promise<void> {
  const failures = [...tally.failures].sort((a, b) => a.seed - b.seed)
  const first = failures.slice(0, details)
  if (first.length > 0) err(`Making ${first.length} of ${failures.length} failing histories small …\n`)
  const limit = pLimit(workers)
  const reports = await limit.map(first, (failure) => reportFailure(failure, { faults, history, patienceMs }))
  const write = json ? err : out
  for (const report of reports) write(`${report}\n\n`)
  for (const failure of failures.slice(details)) write(`${failureLine(failure)}\n`)
}
