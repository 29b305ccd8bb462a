// Says on stderr how far a run has come: one line that is rewritten on a terminal, else a line every ten seconds.
import type { Progress } from './progress-file.ts'
import { wanted } from './summary.ts'

export interface ProgressLine {
  show(progress: Progress): void
  /** Takes the line away. */
  end(): void
}

const ON_TERMINAL_MS = 200
const ELSEWHERE_MS = 10_000

export function createProgressLine(
  write: (text: string) => void,
  isTerminal: boolean,
  nowMs = () => performance.now(),
): ProgressLine {
  let shownMs = nowMs()
  let historiesBefore: number | undefined
  const startedMs = shownMs
  return {
    show(progress) {
      const now = nowMs()
      // What an earlier part of the run played says nothing about this machine's speed now.
      historiesBefore ??= progress.tally.histories - 1
      if (now - shownMs < (isTerminal ? ON_TERMINAL_MS : ELSEWHERE_MS)) return
      shownMs = now
      const perSecond = (progress.tally.histories - historiesBefore) / ((now - startedMs) / 1_000)
      const text = progressText(progress, perSecond)
      write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`)
    },
    end() {
      if (isTerminal) write('\r\u001b[K')
    },
  }
}

export function progressText(progress: Progress, perSecond: number): string {
  const { tally } = progress
  const grouped = (number: number) => number.toLocaleString('en-US')
  return [
    `${grouped(tally.histories)} of ${grouped(wanted(progress))} histories`,
    `${perSecond.toFixed(1)}/s`,
    `${grouped(tally.events)} events`,
    `${tally.failures.length} failed`,
    `${duration((wanted(progress) - tally.histories) / perSecond)} left`,
  ].join(' · ')
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'an unknown time'
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`
}
