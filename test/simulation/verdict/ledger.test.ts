// What the ledger may look like when all is quiet, row by row: each thing that must not be left is found.
import { expect, test } from 'vitest'
import type { Finding } from '../result.ts'
import { LedgerRows } from './ledger-rows.ts'
import { checkAtRest, checkEvents, checkPrivacy, checkShape } from './ledger-state.ts'
import { checkParked } from './parked.ts'

type Item = Record<string, unknown>

const object = (type: string, id: string, more: Item = {}): Item => ({
  pk: `OBJECT#acct_1#test#netsuite#${type}/${id}`,
  sk: 'STATE',
  v: 1,
  revision: 2,
  hash: 'abc',
  ...more,
})
const event: Item = {
  pk: 'EVENT#evt_1',
  sk: 'EVENT',
  v: 1,
  eventId: 'evt_1',
  connectors: ['netsuite', 'lake'],
}
const delivery = (status: string, more: Item = {}): Item => ({
  pk: 'EVENT#evt_1',
  sk: 'DELIVERY#netsuite',
  v: 1,
  status,
  objectId: 'in_1',
  ...more,
})
const say = ({ promise, system, object: about, expected, actual }: Finding) =>
  `${promise} | ${system} | ${about} | ${expected} | ${actual}`

test('at rest: no lease, no doubt, nothing waiting, nothing unknown, no pause', () => {
  const found = (...items: Item[]) => checkAtRest(new LedgerRows(items)).map(say)
  const parked = { status: 'parked', code: 'NS-ITEM', waitsOn: [] }
  const waiting = { status: 'waiting', code: 'NS-BUSY', waitsOn: [] }
  expect(found(object('invoice', 'in_1'), event, delivery('applied'))).toEqual([])
  expect(found(object('invoice', 'in_1', { leaseOwner: 'w#1', leaseUntil: 5 }))).toEqual([
    'lease | netsuite | invoice in_1 | no lease | held by w#1',
  ])
  expect(found(object('invoice', 'in_1', { verify: true }))).toEqual([
    'ledger | netsuite | invoice in_1 | no doubt about a late write | still to be verified',
  ])
  expect(found(object('invoice', 'in_1', { verify: true, trouble: parked, hash: undefined }))).toEqual([])
  expect(found(object('invoice', 'in_1', { trouble: waiting, hash: undefined }))).toEqual([
    'ledger | netsuite | invoice in_1 | not waiting | waits [NS-BUSY]',
  ])
  expect(found(object('invoice', 'in_1', { hash: undefined }))).toEqual([
    'ledger | netsuite | invoice in_1 | known to be in step | no hash',
  ])
  const left = new LedgerRows([object('invoice', 'in_1', { leaseOwner: 'netsuite#1#15', hash: undefined })])
  expect(checkAtRest(left, new Set(['netsuite#1']))).toEqual([])
  expect(checkAtRest(left, new Set(['netsuite#2']))).toHaveLength(2)
  expect(found({ pk: 'LANE#netsuite', sk: 'LANE', v: 1, lane: {} })).toEqual([
    'ledger | netsuite | lane | not paused | paused',
  ])
})

test('every acknowledged event has its row, and an end in each connector that keeps rows', () => {
  const world = {
    acknowledged: [{ eventId: 'evt_1' }],
    manifests: [
      { name: 'netsuite', style: 'projection' },
      { name: 'lake', style: 'append' },
    ],
  } as unknown as Parameters<typeof checkEvents>[0]
  const found = (...items: Item[]) => checkEvents(world, new LedgerRows(items)).map(say)
  expect(found(event, delivery('superseded'))).toEqual([])
  expect(found(event, delivery('waiting'))).toEqual([
    'ledger | netsuite | event evt_1 | a delivery that ended | waiting',
  ])
  expect(found(event)).toEqual(['ledger | netsuite | event evt_1 | a delivery that ended | no row'])
  expect(found(delivery('applied'))).toEqual([
    'ledger | hub | event evt_1 | its row: it was answered 2xx | none',
  ])
})

test('rows have a version, stay small, and hold nothing that a person typed', () => {
  const shape = (item: Item) => checkShape(new LedgerRows([item])).map(say)
  expect(shape(event)).toEqual([])
  expect(shape({ ...event, v: undefined })).toEqual([
    'ledger | hub | EVENT#evt_1 EVENT | format version 1 | undefined',
  ])
  expect(shape({ ...event, summary: 'x'.repeat(1_024) })).toHaveLength(1)
  const ada = {
    id: 'cus_1',
    object: 'customer',
    email: 'ada@lovelace.example',
    address: { line1: 'St James 12' },
  }
  const told = [{ data: { object: ada } }] as unknown as Parameters<typeof checkPrivacy>[1]
  const personal = (more: Item) =>
    checkPrivacy(new LedgerRows([object('customer', 'cus_1', more)]), told).map(({ actual }) => actual)
  expect(personal({})).toEqual([])
  expect(personal({ keep: { shipTo: ['St James 12'] } })).toEqual(['St James 12'])
  expect(personal({ waiters: new Set(['ada@lovelace.example']) })).toEqual(['ada@lovelace.example'])
})

const parkedAs = (
  code: string,
  waitsOn: string[] = [],
  hint: string | undefined = 'Accounting: map it.',
) => ({
  hash: undefined,
  trouble: {
    status: 'parked',
    code,
    hint,
    reason: 'why',
    waitsOn: waitsOn.map((key) => ({ type: key.split('/')[0], id: key.split('/')[1] })),
  },
})

test('parked is what was destined to be, under its code and with a hint; or waits for it; and nothing else', () => {
  const ref = { type: 'invoice', id: 'in_1' }
  const impossible = [{ connector: 'netsuite', ref, code: 'NS-ITEM' }]
  const found = (destined: typeof impossible, ...items: Item[]) =>
    checkParked({ impossible: destined, deadly: [] }, new LedgerRows(items)).map(say)
  const one = object('invoice', 'in_1', parkedAs('NS-ITEM', ['product/prod_1']))
  const told = delivery('parked', { hint: 'Accounting: map it.' })
  const note = (more: Item) => object('credit_note', 'cn_1', more)
  expect(found(impossible, one, told)).toEqual([])
  expect(found(impossible, one, told, note(parkedAs('WAITS', ['invoice/in_1'])))).toEqual([])
  expect(
    found(
      impossible,
      one,
      told,
      note(parkedAs('WAITS', ['invoice/in_1'])),
      object('refund', 're_1', parkedAs('WAITS', ['credit_note/cn_1'])),
    ),
  ).toEqual([])
  expect(found(impossible, object('invoice', 'in_1'))).toEqual([
    'parked | netsuite | invoice in_1 | parked [NS-ITEM] | not parked',
  ])
  expect(found(impossible, object('invoice', 'in_1', parkedAs('NS-PERIOD')), told)).toEqual([
    'parked | netsuite | invoice in_1 | parked [NS-ITEM] | parked [NS-PERIOD] why',
  ])
  expect(found([], one, told)).toEqual([
    'parked | netsuite | invoice in_1 | in step: a vendor would take it | parked [NS-ITEM] why',
  ])
  expect(found(impossible, one, told, note(parkedAs('WAITS', ['invoice/in_2'])))).toEqual([
    'parked | netsuite | credit_note cn_1 | in step: a vendor would take it | parked [WAITS] why',
  ])
  expect(found(impossible, one)).toEqual([
    'parked | netsuite | invoice in_1 | an event whose delivery says parked, with a hint | none',
  ])
  const silent = object('invoice', 'in_1', parkedAs('NS-ITEM', [], ''))
  expect(found(impossible, silent, told)).toEqual([
    'parked | netsuite | invoice in_1 | a hint what to do | none',
  ])
})

test('an object that kills its worker is parked as such', () => {
  const deadly = [{ connector: 'netsuite', ref: { type: 'invoice', id: 'in_1' } }]
  const found = (...items: Item[]) =>
    checkParked({ impossible: [], deadly }, new LedgerRows(items)).map(({ actual }) => actual)
  expect(
    found(
      object('invoice', 'in_1', parkedAs('WORKER-DIED')),
      delivery('parked', { hint: 'Engineering: look.' }),
    ),
  ).toEqual([])
  expect(found()).toEqual(['the ledger does not know it'])
})
