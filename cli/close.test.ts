import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { checkClearing } from '../shared/close/clearing.ts'
import {
  document,
  eventsOf,
  movement,
  NOVEMBER_3,
  OCTOBER,
  read,
  UNREAD,
} from '../shared/close/close.fixture.ts'
import { judgeClose } from '../shared/close/close.ts'
import { periodOf } from '../shared/close/period.ts'
import { close, closeText } from './close.ts'

const MOVEMENTS = [
  movement('invoice', 'in_1', 'EUR', 11_900n, { label: 'INV-0042' }),
  movement('payment', 'inpay_1', 'JPY', 501n),
]

const report = (more: object = {}, period = OCTOBER) =>
  judgeClose(
    period,
    {
      posted: {
        movements: read(MOVEMENTS),
        documents: read([document('inpay_1', 'JPY', 501n)]),
        taxDocuments: read([]),
        lakeEvents: read(eventsOf(MOVEMENTS)),
      },
      clearing: { balance: { unread: UNREAD }, books: read({ openingMinor: {}, lines: [] }) },
      tax: { stripe: read([]), avatax: read([]), books: read([]) },
      receivables: { invoices: read([]), open: read([]) },
      deferred: {
        revenue: read({ invoices: [], books: { posted: [] }, breaks: [], refused: [] }),
        sales: read([]),
      },
      troubles: read([
        {
          system: 'netsuite',
          object: 'in_1',
          status: 'parked' as const,
          code: 'NS-ITEM',
          reason: 'product prod_9 has no NetSuite item. Nothing was posted.',
          hint: 'Engineering: hub.config.ts → netsuite.items["prod_9"]. Then: hub replay --parked',
          sinceSeconds: NOVEMBER_3 - 259_200,
          currency: 'EUR',
          amountMinor: 11_900n,
        },
      ]),
      ...more,
    },
    NOVEMBER_3,
  )

it('says first whether it ties, then figures, then what differs by cause, then what is parked', () => {
  const text = closeText(report())
  const order = [
    '2026-10 does not tie: 2 of 6 checks differ.',
    'EUR invoice: stripe 119.00, netsuite 0.00',
    'JPY payment: 501 everywhere',
    'NetSuite did not answer. nobody: Ask again. [NS-NETWORK]',
    'not-posted: 1, EUR 119.00',
    'invoice INV-0042 (EUR 119.00) of 2026-10-05 has no document in_1 in NetSuite.',
    '→ Billing: hub trace in_1 says why; then hub replay in_1',
    'Parked, blocked and waiting',
    'NS-ITEM → Engineering: hub.config.ts → netsuite.items["prod_9"]. Then: hub replay --parked',
    'As of 2026-11-03T12:00:00.000Z; days in America/Los_Angeles.',
  ].map((line) => text.indexOf(line))
  expect(order).not.toContain(-1)
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect(text).toMatch(/in_1 .*netsuite .*EUR 119\.00 .*parked .*NS-ITEM .*Engineering .*3 d/)
})

it('figures that differ in a check that ties are explained', () => {
  const [first, ...rest] = report().checks
  if (!first) throw new Error('no checks')
  const why = 'fees, posted with the payout that holds them'
  const explained = [{ object: '7 movements', currency: 'EUR', amountMinor: 143_897n, why }]
  const text = closeText({ ...report(), checks: [{ ...first, explained }, ...rest] })
  expect(text).toContain(
    `Differences that are no error\n  ${first.title}: ${why}\n    EUR 1438.97  7 movements`,
  )
})

it('a month that is not over says so, with the standing so far', () => {
  const clearing = {
    balance: read({ entries: [], nowMinor: {}, payouts: [] }),
    books: read({ openingMinor: {}, lines: [] }),
  }
  const running = periodOf('2026-11', 'America/Los_Angeles', NOVEMBER_3)
  const text = closeText(report({ clearing, troubles: read([]) }, running))
  expect(text).toContain(
    '2026-11 is not over; until now (2026-11-03) it ties. It can be signed once it has ended.',
  )
  expect(checkClearing(running, clearing).state).toBe('ties')
})

it('without a hub there is nothing to read: 2', async () => {
  expect(await close({ month: '2026-10', json: false, folder: '/nonexistent' })).toBe(2)
})

it('a file that is no close of the month before is refused before anything is read', async () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-close-'))
  const nowhere = 'http://127.0.0.1:9'
  const note = { pid: process.pid, dynamoDb: nowhere, sqs: nowhere, queues: {}, netsuitePrivateKey: '' }
  const vendors = {
    stripe: 'http://127.0.0.1:9',
    netsuite: 'http://127.0.0.1:9',
    avalara: 'http://127.0.0.1:9',
  }
  writeFileSync(join(folder, 'running.json'), JSON.stringify({ ...note, vendors }))
  const previous = join(folder, 'september.json')
  writeFileSync(previous, 'not JSON')
  expect(await close({ month: '2026-10', json: false, folder, previous })).toBe(2)
  expect(String(errors.mock.calls[0])).toMatch(
    /september\.json is no document of a close .* Nothing was read\. \[CLOSE-MONTH\]$/,
  )
  errors.mockRestore()
  rmSync(folder, { recursive: true })
})
