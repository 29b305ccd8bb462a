import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { MemoryWatch } from './crew.ts'
import { progressText } from './progress-line.ts'
import { run } from './run.ts'
import { SeedRanges } from './seed-ranges.ts'
import { summaryText } from './summary.ts'
import { newTally } from './tally.ts'

const folder = mkdtempSync(join(tmpdir(), 'switchyard-simulate-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function simulate(
  line: string,
  more: { history?: string; interrupt?: (stop: () => void) => void } = {},
) {
  let out = ''
  let err = ''
  const code = await run(['node', 'simulate.ts', ...line.split(' ').filter(Boolean)], {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    errIsTerminal: false,
    folder,
    history: more.history ?? fileURLToPath(new URL('./fake-history.fixture.ts', import.meta.url)),
    onInterrupt(stop) {
      more.interrupt?.(stop)
      return () => undefined
    },
    patienceMs: 1_500,
  })
  return { code, out, err }
}

describe('a run', () => {
  it('that finds all in step says so and how often each fault hit', async () => {
    const { code, out } = await simulate('--seeds 6 --workers 2')
    expect(code).toBe(0)
    expect(out).toContain('In step: all of them.')
    expect(out).toMatch(/webhook-duplicated +│ +6 │ +6 │/)
    expect(out).toMatch(/vendor-down +│ +0 │ +0 │/)
    expect(out).toContain('240 events, 1,800 calls, 12 hours played.')
  })

  it('names a failing seed, how to play it again, and its smallest version', async () => {
    const { code, out } = await simulate('--from 5 --seeds 4 --workers 2')
    expect(code).toBe(1)
    expect(out).toContain(
      [
        'Seed 7: "in step" is broken in netsuite, invoice in_7 (and 1 more)',
        '  expected  total 11.90',
        '  actual    total 10.00',
        '  replay    npm run simulate -- --seed 7',
        '  again     the same, call for call (digest-7--)',
        '  small     npm run simulate -- --seed 7 --skip 0-4,6-9 --skip-acts 0-2,4-7',
        '            1 of 10 faults, 1 of 8 acts, found in ',
      ].join('\n'),
    )
    expect(out).toContain('#5 long-invoice at place 5')
    expect(out).toContain('NOT in step: 1 (7).')
  })

  it('counts a history that hangs, throws or takes its process along as a failure, and goes on', async () => {
    for (const [seed, why] of [
      [13, 'no result for 1.5 s; its worker was ended.'],
      [23, 'its process ended with exit code 134. out of memory'],
      [33, 'Not at rest after 60000 steps.'],
    ]) {
      const { code, out } = await simulate(`--from ${seed} --seeds 3 --workers 1 --details 0 --json`)
      expect(code).toBe(1)
      const { histories, failed, events, failures } = JSON.parse(out)
      expect({ histories, failed, events }).toEqual({ histories: 3, failed: [seed], events: 80 })
      expect(failures[0].broken).toContain(why)
    }
  })

  it('stops after enough failures', async () => {
    const { code, out } = await simulate(
      '--from 7 --seeds 100 --workers 1 --max-failures 1 --details 0 --json',
    )
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ histories: 1, failed: [7], notPlayed: 99 })
  })

  it('fails when a long run never met a fault, unless faults were chosen', async () => {
    const { code, out } = await simulate(
      '--from 1000 --seeds 500 --workers 2 --max-failures 1000 --details 0 --json',
    )
    expect(code).toBe(1)
    expect(JSON.parse(out).neverHit).toContain('late-disable')
    const chosen = await simulate(
      '--from 1000 --seeds 500 --workers 2 --max-failures 1000 --details 0 --json --faults one-second',
    )
    expect(JSON.parse(chosen.out)).toMatchObject({ neverHit: [], faults: { 'one-second': 5_000 } })
  })

  it('gives one JSON document whose first keys are promised', async () => {
    const { out, err } = await simulate('--seeds 8 --workers 1 --json')
    const document = JSON.parse(out)
    expect(Object.keys(document).slice(0, 5)).toEqual(['histories', 'failed', 'events', 'faults', 'seconds'])
    expect(document).toMatchObject({ histories: 8, failed: [7], events: 320 })
    expect(document.faults['webhook-lost']).toBe(8)
    expect(err).toContain('npm run simulate -- --seed 7')
  })

  it('says what is wrong when its workers do not start', async () => {
    const { code, err } = await simulate('--seeds 3', { history: join(folder, 'no-such-history.ts') })
    expect(code).toBe(1)
    expect(err).toContain('A worker does not start')
  })
})

describe('a stopped run', () => {
  it('says how to go on, and goes on where it was', async () => {
    const file = join(folder, 'stopped.json')
    const first = await simulate(`--seeds 20000 --workers 1 --max-failures 100000 --resume ${file}`, {
      interrupt: (stop) => setTimeout(stop, 500),
    })
    expect(first.code).toBe(130)
    expect(first.err).toContain(`npm run simulate -- --resume ${file}`)
    const stored = JSON.parse(readFileSync(file, 'utf8'))
    const played: number = stored.tally.histories
    expect(played).toBeGreaterThan(0)
    expect(stored.done[0]).toEqual([1, expect.any(Number)])
    writeFileSync(file, JSON.stringify({ ...stored, to: played + 4 }))
    const second = await simulate(`--workers 1 --max-failures 100000 --details 0 --json --resume ${file}`)
    expect(JSON.parse(second.out)).toMatchObject({ histories: played + 4, notPlayed: 0 })
  })

  it('is not mixed with another one', async () => {
    const file = join(folder, 'mine.json')
    await simulate(`--from 1 --seeds 3 --workers 1 --resume ${file}`)
    expect((await simulate(`--from 2 --resume ${file}`)).err).toContain('began with seed 1, not 2')
    expect((await simulate(`--faults one-second --resume ${file}`)).err).toContain('has all faults')
    expect((await simulate(`--seeds 2 --resume ${file}`)).code).toBe(2)
    expect((await simulate(`--seeds 5 --json --workers 1 --resume ${file}`)).out).toContain('"histories":5')
  })
})

describe('one history', () => {
  it('comes with its whole log', async () => {
    const { code, out } = await simulate('--seed 4 --skip 0-8 --skip-acts 1')
    expect(code).toBe(0)
    expect(out).toContain('0d 00:01:02.000  ingest/0          takes evt_2')
    expect(out).toContain('#0 act 0, (#1 act 1), #2 act 2')
    expect(out).toContain('  fault     #9 ')
    expect(out).toContain('In step.')
  })

  it('that fails is explained', async () => {
    const { code, out } = await simulate('--seed 17 --faults one-second')
    expect(code).toBe(1)
    expect(out).toContain('"in step" in salesforce, invoice in_7: expected total 11.90, actual total 10.00')
    expect(out).toContain('npm run simulate -- --seed 17 --faults one-second --skip 0-4,6-9')
  })
})

describe('a mistake in the arguments', () => {
  it.each([
    ['--faults rate-limit', 'There is no fault "rate-limit". Faults: webhook-duplicated,'],
    ['--seeds none', 'Give a whole number.'],
    ['--seeds 0', 'Give a number from 1 on.'],
    ['--seed 1 --seeds 3', 'cannot be used with'],
    ['--skip 3', 'name it with --seed'],
    ['--sedes 3', "unknown option '--sedes'"],
    ['--resume', 'There is nothing to go on with'],
  ])('%s', async (line, sentence) => {
    rmSync(join(folder, '.hub'), { recursive: true, force: true })
    const { code, err, out } = await simulate(line)
    expect(code).toBe(2)
    expect(err).toContain(sentence)
    expect(out).toBe('')
  })

  it('--help is none', async () => {
    const { code, out } = await simulate('--help')
    expect(code).toBe(0)
    expect(out).toContain('--max-failures <number>')
    expect(out).toContain('late-disable')
  })
})

it('seeds done in any order become few ranges, and the rest is known', () => {
  const ranges = new SeedRanges([[1, 3]])
  for (const seed of [9, 5, 4, 8, 8, 12]) ranges.add(seed)
  expect(ranges.toJSON()).toEqual([
    [1, 5],
    [8, 9],
    [12, 12],
  ])
  expect([...ranges.missing(0, 13)]).toEqual([0, 6, 7, 10, 11, 13])
})

it('a worker is replaced when it has grown well beyond what it needed when warm', () => {
  const grown = (to: number) => {
    const watch = new MemoryWatch()
    return Array.from({ length: 1_000 }, (_, n) => watch.isGrown(n < 100 ? 200 : to)).flatMap((is, n) =>
      is ? [n + 1] : [],
    )
  }
  expect(grown(290)).toEqual([])
  expect(grown(310)).toEqual([500, 1_000])
  expect(new MemoryWatch().isGrown(1_200_000_000)).toBe(true)
})

it('progress tells how far, how fast, and how long still', () => {
  const tally = { ...newTally(), histories: 4_000, events: 160_000 }
  const progress = { v: 1 as const, from: 1, to: 10_000, done: [], seconds: 500, tally }
  expect(progressText(progress, 8)).toBe(
    '4,000 of 10,000 histories · 8.0/s · 160,000 events · 0 failed · 13 min left',
  )
  expect(summaryText(progress, false)).toContain('6,000 of 10,000 seeds were not played.')
})
