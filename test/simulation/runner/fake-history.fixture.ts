// A history that takes no time: what comes of a seed is written down here, so that a test can say what a run must say.
// Seeds that end in 7 fail, and need act 3 and fault 5 for it; 13 hangs, 23 takes its process along, 33 throws.
import process from 'node:process'
import { FAULT_KINDS } from '../faults/kinds.ts'
import type { Finding, HistoryOptions, HistoryResult, Occurrence } from '../result.ts'

const FINDING: Finding = {
  promise: 'in step',
  system: 'netsuite',
  object: 'invoice in_7',
  expected: 'total 11.90',
  actual: 'total 10.00',
}

export async function playHistory(options: HistoryOptions): Promise<HistoryResult> {
  const { seed, faults, skip = new Set(), skipActs = new Set() } = options
  if (seed === 13) await new Promise(() => undefined)
  if (seed === 23) {
    console.error('out of memory')
    process.exit(134)
  }
  if (seed === 33) throw new Error('Not at rest after 60000 steps.')
  const kinds = faults ?? FAULT_KINDS.slice(0, 10)
  const wanted = Array.from({ length: 10 }, (_, number): Occurrence => {
    const kind = kinds[number % kinds.length]
    if (!kind) throw new RangeError('No fault to choose.')
    return { number, kind, at: `place ${number}` }
  })
  const occurrences = wanted.filter(({ number }) => !skip.has(number))
  const acts = Array.from({ length: 8 }, (_, number) => `act ${number}`)
  const fails = seed % 10 === 7 && !skip.has(5) && !skipActs.has(3)
  const hits: HistoryResult['hits'] = {}
  for (const { kind } of occurrences) hits[kind] = (hits[kind] ?? 0) + 1
  return {
    seed,
    events: 40,
    calls: 300,
    virtualHours: 2,
    hits,
    occurrences,
    acts,
    findings: fails ? [FINDING, { ...FINDING, system: 'salesforce' }] : [],
    digest: `digest-${seed}-${[...skip].join()}-${[...skipActs].join()}`,
    trace: [
      { atMs: 0, actor: 'stripe', text: 'evt_1 invoice.created in_7' },
      { atMs: 61_500, actor: 'ingest/0', text: 'takes evt_1' },
      { atMs: 62_000, actor: 'ingest/0', text: 'takes evt_2' },
      ...occurrences.map(({ number, kind, at }) => ({
        atMs: 70_000 + number,
        actor: 'fault',
        text: `${kind} at ${at}`,
      })),
    ],
  }
}
