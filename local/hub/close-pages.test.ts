// The close on the front door: what a browser and a program get, while a month is read and after. The reading itself is a
// double here; close-front-door.test.ts has the real one.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Progress } from '../../functions/close/evidence.ts'
import { ManualClock } from '../../shared/clock.ts'
import type { CloseDocument } from '../../shared/close/document.ts'
import { ClosePages } from './close-pages.ts'

const NOVEMBER_3 = Date.parse('2026-11-03T12:00:00Z')
const AT = 'http://127.0.0.1:4400'

interface Reading {
  month: string
  progress: Progress
  /** Ends it. */
  answer(): void
  breakOff(message: string): void
}

let clock: ManualClock
let readings: Reading[]
let pages: ClosePages

const documentOf = (month: string): CloseDocument => ({
  format: 1,
  month,
  timeZone: 'UTC',
  from: `${month}-01T00:00:00.000Z`,
  cutOff: '2026-11-01T00:00:00.000Z',
  over: true,
  state: 'ties',
  exitCode: 0,
  judgedAt: new Date(clock.now()).toISOString(),
  checks: [],
  troubles: [],
})

beforeEach(() => {
  clock = new ManualClock(NOVEMBER_3)
  readings = []
  pages = new ClosePages({
    hub: { stage: 'local', isLive: false },
    timeZone: 'UTC',
    clock,
    patienceMs: 20,
    run: (month, progress) => {
      const { promise, resolve, reject } = Promise.withResolvers<CloseDocument>()
      readings.push({
        month,
        progress,
        answer: () => resolve(documentOf(month)),
        breakOff: (message) => reject(new Error(message)),
      })
      return { document: promise, stop: async () => reject(new Error('The close was stopped.')) }
    },
  })
})
afterEach(() => pages.close())

const ask = (query: string, init: RequestInit = {}) => pages.handle(new Request(`${AT}/close${query}`, init))
const json = { headers: { Accept: 'application/json' } }
const reading = (index: number): Reading => {
  const found = readings[index]
  if (!found) throw new Error(`${readings.length} readings began`)
  return found
}
/** A page that is still being sent, read as far as a text. */
function piecesOf({ body }: Response) {
  const reader = (body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader()
  return {
    async until(text: string): Promise<string> {
      let seen = ''
      while (!seen.includes(text)) {
        const { value, done } = await reader.read()
        if (done) throw new Error(`The page ended before "${text}".`)
        seen += value
      }
      return seen
    },
  }
}

/** Of a page that may not end yet. */
const first = async (answer: Promise<Response>): Promise<string> => piecesOf(await answer).until('</h1>')

const readable = (html: string): string => html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')

const asked = (source: string, query: string, rows: number, isAnswered: boolean) => ({
  source,
  query,
  rows,
  isAnswered,
})

it('while a month is read the page says how far it is in each system, piece by piece, and then leads to the close', async () => {
  const pieces = piecesOf(await ask('?month=2026-10'))
  expect(await pieces.until('</ol>')).toContain('October 2026 is being read, for 0 s now')
  const { progress, answer } = reading(0)
  progress(asked('Stripe', 'GET /v1/prices', 12, true))
  progress(asked('Stripe', 'GET /v1/invoices', 3_000, false))
  clock.advance(41_000)
  const later = readable(await pieces.until('3,000 rows so far'))
  expect(later).toContain('for 41 s now')
  expect(later).toContain('Stripe reading 1 answer, 12 rows GET /v1/invoices 3,000 rows so far')
  progress(asked('Stripe', 'GET /v1/invoices', 3_100, true))
  progress(asked('NetSuite', 'SELECT 1', 1, true))
  expect(readable(await pieces.until('3,112 rows'))).toContain(
    'Stripe read 2 answers, 3,112 rows NetSuite reading 1 answer, 1 row AvaTax to come',
  )
  answer()
  const end = await pieces.until('</html>')
  expect(end).toContain('<meta http-equiv="refresh" content="0;url=/close?month=2026-10">')
  expect(readings).toHaveLength(1)
})

it('says how long it took before', async () => {
  await ask('?month=2026-10')
  clock.advance(95_000)
  reading(0).answer()
  await ask('?month=2026-10')
  await ask('?month=2026-10', { method: 'POST', headers: { Origin: AT } })
  expect(await first(ask('?month=2026-10'))).toContain('Last time it took 95 s.')
})

it('when it was read, the page shows it and JSON is the same document', async () => {
  const waiting = ask('?month=2026-10', json)
  await ask('?month=2026-10')
  reading(0).answer()
  expect(await (await waiting).text()).toBe(`${JSON.stringify(documentOf('2026-10'), undefined, 2)}\n`)
  const page = await ask('?month=2026-10')
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; .*frame-ancestors 'none'$/,
  )
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(await page.text()).toContain('Yes: October 2026 can be signed.')
  expect(readings).toHaveLength(1)
})

it('an answer stands for ten minutes; then it is not shown as the answer any more', async () => {
  await ask('?month=2026-10')
  reading(0).answer()
  await ask('?month=2026-10')
  clock.advance(599_000)
  expect(await (await ask('?month=2026-10')).text()).toContain('Yes: October 2026 can be signed.')
  clock.advance(1_000)
  expect(await first(ask('?month=2026-10'))).toContain('is being read')
  expect(readings).toHaveLength(2)
})

it('POST judges again at once and leads back to the page', async () => {
  await ask('?month=2026-10')
  reading(0).answer()
  await ask('?month=2026-10')
  const answer = await ask('?month=2026-10', { method: 'POST', headers: { Origin: AT } })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/close?month=2026-10'])
  expect(await first(ask('?month=2026-10'))).toContain('is being read')
  expect(readings).toHaveLength(2)
})

it('its own form is not taken for that of another site: its referrer policy lets the browser name its origin', async () => {
  await ask('?month=2026-10')
  reading(0).answer()
  const page = await ask('?month=2026-10')
  expect(page.headers.get('referrer-policy')).toBe('same-origin')
  expect(await page.text()).toContain('<meta name="referrer" content="same-origin">')
  // What a browser sends where the policy hides the page, and what a sandboxed frame sends.
  const hidden = await ask('?month=2026-10', { method: 'POST', headers: { Origin: 'null' } })
  expect(hidden.status).toBe(403)
})

it('one month at a time: the second waits and says for what', async () => {
  await ask('?month=2026-10')
  const second = await piecesOf(await ask('?month=2026-09')).until('</p>')
  expect(second).toContain('September 2026 waits for its turn')
  expect(second).toContain('October 2026 is read first.')
  expect(readings.map(({ month }) => month)).toEqual(['2026-10'])
  reading(0).answer()
  await ask('?month=2026-09')
  expect(readings.map(({ month }) => month)).toEqual(['2026-10', '2026-09'])
})

it('one that breaks off says what did not happen, and is read anew when it is opened again', async () => {
  await ask('?month=2026-10')
  const waiting = ask('?month=2026-10')
  reading(0).breakOff('DuckDB is <b>out of memory</b>.')
  const broken = await waiting
  expect(broken.status).toBe(500)
  const page = await broken.text()
  expect(page).toContain(
    'The close of 2026-10 broke off: DuckDB is &lt;b&gt;out of memory&lt;/b&gt;. Nothing was judged.',
  )
  expect(page).toContain('<code>CLOSE-BROKEN</code>')
  await ask('?month=2026-10')
  expect(readings).toHaveLength(2)
})

it('without a month there are thirteen to choose from, the running one first', async () => {
  const page = await (await ask('')).text()
  const months = [...page.matchAll(/<li><b><a href="\/close\?month=(\d{4}-\d\d)">/g)].map(
    ([, month]) => month,
  )
  expect(months).toHaveLength(13)
  expect(months.slice(0, 3)).toEqual(['2026-11', '2026-10', '2026-09'])
  expect(months.at(-1)).toBe('2025-11')
  expect(readings).toEqual([])
})

it.each([
  ['?month=2026-13', {}, 400, 'CLOSE-MONTH'],
  ['?month=2026-12', {}, 400, 'CLOSE-MONTH'],
  ['?month=%3Cscript%3E', {}, 400, 'CLOSE-MONTH'],
  ['?month=2026-10', { method: 'DELETE' }, 405, 'CLOSE-METHOD'],
  ['?month=2026-10', { method: 'POST', headers: { Origin: 'https://evil.example' } }, 403, 'CLOSE-ORIGIN'],
  [
    '?month=2026-10',
    { headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' } },
    403,
    'CLOSE-ORIGIN',
  ],
])('%s %j is refused with %i and reads nothing', async (query, init, status, code) => {
  const answer = await ask(query, init)
  const page = await answer.text()
  expect([answer.status, readings.length]).toEqual([status, 0])
  expect(page).toContain(`<code>${code}</code>`)
  expect(page).toContain('Nothing was read.')
  expect(page).not.toContain('<script')
})

it('a link that a person follows from elsewhere is answered', async () => {
  const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
  expect((await ask('?month=2026-10', { headers })).status).toBe(200)
})
