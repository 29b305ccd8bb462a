// The demo's month at a company that leaves revenue to the hub: recognized by journals, and closed with them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exitCodeOf, type RecognitionReport } from '../../functions/recognition/recognize.ts'
import { recognizedOf } from '../../functions/recognition/stored-journal.ts'
import { closePlayedMonth, lastMonth, type PlayedDemo, playDemo } from '../../local/demo/demo.ts'
import { type CloseReport, exitCodeOf as closeCodeOf } from '../../shared/close/close.ts'

const home = mkdtempSync(join(tmpdir(), 'switchyard-journals-'))
let played: PlayedDemo
let recognized: RecognitionReport
let closed: CloseReport
let month: string

beforeAll(async () => {
  played = await playDemo({ seed: 7, customers: 3, folder: home, revenue: 'journals' })
  if (!played.recognized) throw new Error('No revenue was recognized.')
  recognized = played.recognized
  closed = await closePlayedMonth(played, home)
  month = lastMonth(played.clock.now()).month
  await played.hub.close()
}, 300_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

it('ends with every system in step, its journals among the documents', () => {
  expect(played.outcome.breaks).toEqual([])
  expect(played.outcome.parked).toEqual([])
})

it('has a journal for each subsidiary and currency, posted', () => {
  expect(exitCodeOf(recognized)).toBe(0)
  const journals = recognized.journals.map(({ journal, state }) => `${journal.externalId} ${state}`)
  expect(journals.sort()).toEqual([
    `revrec-1-JPY-${month}-1 posted`,
    `revrec-1-KWD-${month}-1 posted`,
    `revrec-1-USD-${month}-1 posted`,
    `revrec-2-EUR-${month}-1 posted`,
    `revrec-2-GBP-${month}-1 posted`,
  ])
})

it('recognizes to the cent what the cases without a period sold, less what they took back', () => {
  const sums = new Map(recognized.journals.map(({ journal }) => [journal.currency, recognizedOf(journal)]))
  sums.delete('USD')
  expect(Object.fromEntries(sums)).toEqual({
    // A returned debit 350.00, credit used 100.00, a void 0, training 140.00; the parcel's 5.90 came back.
    EUR: 59_000n,
    // In parts 600.00, refunded as goodwill 220.00, a lost dispute 520.00; 100.00 and 41.66 net of tax, less 25.00.
    GBP: 145_666n,
    // 123,450 less 20,000.
    JPY: 103_450n,
    // Sixty lines, 10.000 to 10.590; 900.000 that were given back whole.
    KWD: 617_700n,
  })
})

it('keeps what was paid in advance on its own account, and takes shipping for a service', () => {
  const accounts = new Map(
    recognized.journals.flatMap(({ journal }) =>
      journal.lines.map(({ account, side, revenueKey }) => [`${side} ${revenueKey}`, account] as const),
    ),
  )
  expect(accounts.get('credit prepaid calls')).toBe('212')
  expect(accounts.get('credit services')).toBe('413')
  expect(
    new Set([...accounts].filter(([key]) => key.startsWith('debit')).map(([, account]) => account)),
  ).toEqual(new Set(['215']))
})

it('closes: the account holds what the schedules have left', () => {
  expect(closed.checks.flatMap(({ breaks }) => breaks.map(({ why }) => why))).toEqual([])
  expect(closeCodeOf(closed)).toBe(0)
  const deferred = closed.checks.find(({ id }) => id === 'deferred')
  const closing = (deferred?.figures ?? []).filter(({ label }) => label === 'closing')
  expect(closing.map(({ currency }) => currency)).toEqual(['EUR', 'GBP', 'JPY', 'KWD', 'USD'])
  for (const { amounts } of closing) expect(amounts.netsuite).toBe(amounts.waterfall)
})
