// What a run says at its end: as a table for people, or as one JSON document.
import Table from 'cli-table3'
import { FAULT_KINDS, FAULTS } from '../faults/kinds.ts'
import { describeFailure } from './failure-report.ts'
import type { Progress } from './progress-file.ts'
import { failedSeeds, hitsOf, neverHit } from './tally.ts'

export function summaryText(progress: Progress, whole: boolean): string {
  const { tally, seconds, faults } = progress
  const table = new Table({
    head: ['fault', 'hit', 'histories', ''],
    colAligns: ['left', 'right', 'right', 'left'],
    // A rule between each two of forty lines would double them.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [] },
  })
  for (const kind of faults ?? FAULT_KINDS) {
    const { hits, histories } = hitsOf(tally, kind)
    table.push([kind, grouped(hits), grouped(histories), FAULTS[kind]])
  }
  const failed = failedSeeds(tally)
  const lines = [
    table.toString(),
    `${grouped(tally.histories)} histories in ${seconds.toFixed(1)} s (${(tally.histories / seconds).toFixed(1)} a second): ${grouped(tally.events)} events, ${grouped(tally.calls)} calls, ${grouped(tally.virtualHours)} hours played.`,
  ]
  const missed = neverHit(tally, faults)
  if (missed.length > 0) {
    lines.push(
      `Never hit: ${missed.join(', ')}. What these would show was not tested: a failure of the simulation, not of the hub.`,
    )
  }
  if (failed.length > 0) lines.push(`NOT in step: ${failed.length} (${failed.join(', ')}).`)
  else if (whole) lines.push('In step: all of them.')
  if (!whole)
    lines.push(`${grouped(leftTo(progress))} of ${grouped(wanted(progress))} seeds were not played.`)
  return lines.join('\n')
}

/** The first five keys are what other programs count on. */
export function summaryJson(progress: Progress, whole: boolean): string {
  const { tally, seconds } = progress
  return JSON.stringify({
    histories: tally.histories,
    failed: failedSeeds(tally),
    events: tally.events,
    faults: Object.fromEntries(FAULT_KINDS.map((kind) => [kind, hitsOf(tally, kind).hits])),
    seconds: Math.round(seconds * 10) / 10,
    calls: tally.calls,
    virtualHours: Math.round(tally.virtualHours),
    neverHit: neverHit(tally, progress.faults),
    notPlayed: whole ? 0 : leftTo(progress),
    failures: [...tally.failures]
      .sort((a, b) => a.seed - b.seed)
      .map(({ seed, finding, broken }) => ({ seed, ...finding, ...(broken !== undefined && { broken }) })),
  })
}

/** The other failing seeds, in a line each. */
export const failureLine = (failure: Progress['tally']['failures'][number]): string =>
  `Seed ${failure.seed}: ${describeFailure(failure).split('\n', 1)[0]}`

export const exitCode = ({ tally, faults }: Progress): 0 | 1 =>
  tally.failures.length > 0 || neverHit(tally, faults).length > 0 ? 1 : 0

export const wanted = ({ from, to }: Progress): number => to - from + 1
const leftTo = (progress: Progress): number => wanted(progress) - progress.tally.histories

const grouped = (number: number): string => Math.round(number).toLocaleString('en-US')
