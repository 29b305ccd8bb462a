import { describe, expect, it } from 'vitest'
import type { HistoryOptions } from '../result.ts'
import { explain, explanationText } from './explain.ts'
import { playHistory } from './fake-history.fixture.ts'
import { numberList, parseNumberList } from './number-list.ts'
import type { Played } from './play.ts'
import { shrink } from './shrink.ts'

const play = async (options: HistoryOptions): Promise<Played> => ({
  seed: options.seed,
  result: await playHistory(options),
})

describe('a failing history made small', () => {
  it('keeps the one fault and the one act that it needs', async () => {
    const small = await shrink({ seed: 7 }, await playHistory({ seed: 7 }), play)
    expect(small.result.occurrences.map(({ number }) => number)).toEqual([5])
    expect(small.result.acts.flatMap((act, n) => (small.options.skipActs?.has(n) ? [] : [act]))).toEqual([
      'act 3',
    ])
    expect(small.replays).toBeLessThanOrEqual(60)
  })

  it('stops where its budget ends, with what it has by then', async () => {
    let replays = 0
    const counted = (options: HistoryOptions) => {
      replays += 1
      return play(options)
    }
    const small = await shrink({ seed: 7 }, await playHistory({ seed: 7 }), counted, {
      replays: 4,
      milliseconds: 20_000,
    })
    expect(replays).toBe(4)
    expect(small.result.occurrences.length).toBeLessThan(10)
    expect(small.result.findings[0]?.object).toBe('invoice in_7')
  })

  it('does not take another promise, another system or a crash for the same failure', async () => {
    const other = async (options: HistoryOptions): Promise<Played> => {
      if (options.skipActs) return { seed: 7, broken: 'it threw' }
      const result = await playHistory(options)
      return { seed: 7, result: { ...result, findings: result.findings.slice(1) } }
    }
    const small = await shrink({ seed: 7 }, await playHistory({ seed: 7 }), other)
    expect(small.options).toEqual({ seed: 7 })
  })
})

describe('the log of a finding', () => {
  it('tells the object, the events that carried it, and the faults', async () => {
    const result = await playHistory({ seed: 7, skip: new Set([0, 1, 2, 3, 4, 6, 7, 8, 9]) })
    const [finding] = result.findings
    expect(finding && explanationText(explain(finding, result))).toBe(
      [
        '0d 00:00:00.000  stripe            evt_1 invoice.created in_7',
        '0d 00:01:01.500  ingest/0          takes evt_1',
        '0d 00:01:10.005  fault             long-invoice at place 5',
      ].join('\n'),
    )
  })

  it('is its last lines when it is about no object', () => {
    const trace = Array.from({ length: 100 }, (_, n) => ({
      atMs: n,
      actor: 'stripe',
      text: `in_7 step ${n}`,
    }))
    const finding = { promise: 'quiet', system: 'hub', object: 'history', expected: '', actual: '' }
    expect(explain(finding, { trace }).lines[0]?.text).toBe('in_7 step 40')
  })

  it('keeps the beginning and the end of a long one', () => {
    const trace = Array.from({ length: 100 }, (_, n) => ({
      atMs: n,
      actor: 'stripe',
      text: `in_7 step ${n}`,
    }))
    const finding = { promise: 'in step', system: 'hub', object: 'invoice in_7', expected: '', actual: '' }
    const lines = explanationText(explain(finding, { trace })).split('\n')
    expect(lines).toHaveLength(61)
    expect(lines[14]).toContain('step 14')
    expect(lines[15]).toContain('40 lines')
    expect(lines[16]).toContain('step 55')
    expect(lines.at(-1)).toContain('step 99')
  })
})

it('numbers survive the way into a command and back', () => {
  expect(numberList([7, 1, 2, 3, 9, 10])).toBe('1-3,7,9-10')
  expect(parseNumberList('1-3,7,9-10')).toEqual(new Set([1, 2, 3, 7, 9, 10]))
  expect(parseNumberList('1-x')).toBeUndefined()
})
