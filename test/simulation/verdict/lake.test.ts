// The lake's rule of the newest state and of what is unsettled, row by row: a wrong state is found, a doubtful one is not
// held against the lake.
import { expect, test } from 'vitest'
import type { WireEvent } from '../../../local/simulators/stripe/wire.ts'
import { checkLakeEvents, checkLakeStates, type StripeTruth } from './lake.ts'
import type { LakeRow } from './lake-files.ts'

const product = (name: string) => ({ id: 'prod_1', object: 'product', name })

const eventOf = (id: string, name: string, type = 'product.updated'): WireEvent => ({
  id,
  object: 'event',
  api_version: '2026-10-28.endive',
  created: 1_000,
  data: { object: product(name) },
  livemode: false,
  pending_webhooks: 0,
  request: { id: null, idempotency_key: null },
  type,
})

const rowOf = (event: WireEvent, more: Partial<LakeRow> = {}): LakeRow => ({
  event_id: event.id,
  type: event.type,
  object_type: 'product',
  object_id: 'prod_1',
  created_s: 1_000n,
  rank: 1,
  deleted: false,
  whole: true,
  account: null,
  livemode: false,
  arrived: new Date(5_000),
  source: 'snapshot',
  data: JSON.stringify(event.data.object),
  event: JSON.stringify(event),
  ...more,
})

const [older, newer] = [eventOf('evt_1', 'Team'), eventOf('evt_2', 'Team plan')]
const stripe: StripeTruth = {
  events: [older, newer],
  store: { find: () => product('Team plan') },
}
const found = (...rows: LakeRow[]) =>
  checkLakeStates(stripe, rows).map(({ object, expected, actual }) => `${object}: ${expected} | ${actual}`)

test('an older state that passes for the newest is found', () => {
  expect(found(rowOf(older), rowOf(newer, { created_s: 1_001n }))).toEqual([])
  expect(found(rowOf(older, { created_s: 1_002n }), rowOf(newer, { created_s: 1_001n }))).toEqual([
    'product prod_1: name: "Team plan" | name: "Team" (product.updated evt_1)',
  ])
})

test('a tie, a cut list, a thin event after it and an event later than the fetch are unsettled', () => {
  const wrong = rowOf(older)
  expect(found(wrong)).toHaveLength(1)
  expect(found(wrong, rowOf(newer, { arrived: new Date(4_000) }))).toEqual([])
  expect(found({ ...wrong, whole: false })).toEqual([])
  expect(found(wrong, rowOf(newer, { data: null, arrived: new Date(6_000) }))).toEqual([])
  const fetched = {
    ...wrong,
    event_id: 'obs_prod_1_1001',
    source: 'observation',
    created_s: 1_001n,
    rank: -1,
  }
  expect(found(fetched)).toHaveLength(1)
  expect(found(fetched, rowOf(newer, { arrived: new Date(6_000) }))).toEqual([])
})

test('what is deleted lives nowhere, and what lives is not deleted', () => {
  const deletion = rowOf(eventOf('evt_3', 'Team plan', 'product.deleted'), {
    deleted: true,
    created_s: 1_003n,
  })
  expect(found(rowOf(newer), deletion)).toEqual(['product prod_1: alive | deleted'])
  const gone: StripeTruth = { ...stripe, store: { find: () => undefined } }
  expect(checkLakeStates(gone, [rowOf(newer), deletion])).toEqual([])
  expect(checkLakeStates(gone, [rowOf(newer)])).toMatchObject([{ expected: 'deleted', actual: 'alive' }])
})

test('an acknowledged event that is missing, or is not as it came, is found', () => {
  const acknowledged = [{ eventId: 'evt_1' }, { eventId: 'evt_2' }]
  const check = (...rows: LakeRow[]) =>
    checkLakeEvents(acknowledged, stripe.events, rows).map(({ object, actual }) => `${object} ${actual}`)
  expect(check(rowOf(older), rowOf(newer), rowOf(newer))).toEqual([])
  expect(check(rowOf(older))).toEqual(['event evt_2 missing'])
  const changed = rowOf(newer, { data: '{"id":"prod_1"}' })
  expect(check(rowOf(older), changed)).toEqual(['event evt_2 another one'])
  expect(check(rowOf(older), rowOf(newer, { source: 'observation' }))).toEqual(['event evt_2 missing'])
})
