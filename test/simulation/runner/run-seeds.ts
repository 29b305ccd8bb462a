// Plays a range of seeds on a crew of workers, counts what came of it, and keeps its progress on disk. It prints
// nothing and judges nothing.
import type { FaultKind } from '../faults/kinds.ts'
import { Crew } from './crew.ts'
import { type Progress, writeProgress } from './progress-file.ts'
import { SeedRanges } from './seed-ranges.ts'
import { count } from './tally.ts'

export interface SeedRunOptions {
  /** Where to begin, or to go on. Changed while it runs. */
  progress: Progress
  file: string
  workers: number
  history: string
  /** Nothing new is begun after so many failing seeds. */
  maxFailures: number
  patienceMs?: number
  /** After each history. */
  onPlayed?: (progress: Progress) => void
}

export interface SeedRun {
  /** @returns false: it was stopped, or has seen enough failures. @throws when no worker starts. */
  readonly whole: Promise<boolean>
  /** Ends the workers where they are; the histories that they were playing count as not played. */
  stop(): void
}

const WRITE_EVERY_MS = 3_000

export function runSeeds(options: SeedRunOptions): SeedRun {
  const { progress, file, workers, history, maxFailures, patienceMs } = options
  const crew = new Crew({ workers, history, patienceMs })
  const done = new SeedRanges(progress.done)
  const left = done.missing(progress.from, progress.to)
  const faults: readonly FaultKind[] | undefined = progress.faults
  const startedMs = performance.now()
  const secondsBefore = progress.seconds
  let stopped: (() => void) | undefined
  const stop = new Promise<void>((resolve) => {
    stopped = resolve
  })
  let over = false
  let writtenMs = startedMs

  const write = () => {
    progress.done = done.toJSON()
    progress.seconds = secondsBefore + (performance.now() - startedMs) / 1_000
    writeProgress(file, progress)
    writtenMs = performance.now()
  }
  const enough = () => over || progress.tally.failures.length >= maxFailures

  const playOn = async () => {
    while (!enough()) {
      const { value: seed } = left.next()
      if (seed === undefined) return
      const played = await crew.play({ options: { seed, ...(faults && { faults }) }, trace: false })
      if (over) return
      count(progress.tally, played)
      done.add(seed)
      progress.seconds = secondsBefore + (performance.now() - startedMs) / 1_000
      if (performance.now() - writtenMs > WRITE_EVERY_MS) write()
      options.onPlayed?.(progress)
    }
  }
  const run = async () => {
    try {
      await Promise.race([stop, Promise.all(Array.from({ length: workers }, playOn))])
    } finally {
      over = true
      crew.close()
      write()
    }
    return done.missing(progress.from, progress.to).next().done === true
  }
  return { whole: run(), stop: () => stopped?.() }
}
