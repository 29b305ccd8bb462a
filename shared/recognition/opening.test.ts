// A hub that begins in mid-year: what was earned before is neither journaled nor lost.
import { expect, it } from 'vitest'
import { journalsDue } from './journal.ts'
import { openingJournals } from './opening.ts'
import { sold } from './recognition.fixture.ts'

const quarter = { lines: [{ id: 'il_1', net: '90.00', from: '2026-01-01', until: '2026-04-01' }] }
const before = '2026-01-31'

it('a quarter that began before the hub did: January was recognized elsewhere, 28.00 and 31.00 are left', () => {
  const { invoice } = sold(quarter)
  const opening = openingJournals([invoice], '2026-02')
  expect(opening).toEqual([
    {
      journalId: 'opening/us/USD',
      subsidiary: 'us',
      currency: 'USD',
      month: '2026-01',
      entries: [{ invoiceId: 'in_1', lineId: 'il_1', revenueKey: 'plan', amountMinor: 31_00n }],
    },
  ])
  const due = journalsDue([invoice], { posted: opening, closedUntil: before }, '2026-03')
  expect(due.map(({ journalId, entries }) => [journalId, entries[0]?.amountMinor])).toEqual([
    ['us/USD/2026-02/1', 28_00n],
    ['us/USD/2026-03/1', 31_00n],
  ])
})

it('a void after the beginning takes back what was recognized elsewhere too', () => {
  const { invoice } = sold({ ...quarter, voidedOn: '2026-02-10' })
  const opening = openingJournals([invoice], '2026-02')
  const due = journalsDue([invoice], { posted: opening, closedUntil: before }, '2026-03')
  expect(due.map(({ journalId, entries }) => [journalId, entries[0]?.amountMinor])).toEqual([
    ['us/USD/2026-02/1', -31_00n],
  ])
})

it('what begins with the hub, or later, has no opening', () => {
  const later = sold({ lines: [{ net: '5.00', from: '2026-02-01' }] }).invoice
  expect(openingJournals([later], '2026-02')).toEqual([])
})

it('usage of before that is billed in the first month was recognized by nobody: the first month takes it', () => {
  const { invoice } = sold({ on: '2026-02-01', lines: [{ net: '77.00', from: '2026-01-31' }] })
  expect(openingJournals([invoice], '2026-02')).toEqual([])
  const due = journalsDue([invoice], { posted: [], closedUntil: before }, '2026-02')
  expect(due.map(({ journalId, entries }) => [journalId, entries[0]?.amountMinor])).toEqual([
    ['us/USD/2026-02/1', 77_00n],
  ])
})
