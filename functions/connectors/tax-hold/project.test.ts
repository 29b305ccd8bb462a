import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { projectHold } from './project.ts'

const draft = (over: object = {}) =>
  ({
    id: 'in_1',
    object: 'invoice',
    status: 'draft',
    auto_advance: true,
    automatic_tax: { enabled: false },
    metadata: {},
    ...over,
  }) as unknown as Stripe.Invoice
const bodies = (invoice: Stripe.Invoice, known = false) =>
  projectHold(invoice, { known }).map(({ body }) => body)

test('a draft is held, with the former value; the same once it is held', () => {
  expect(projectHold(draft(), { known: false })).toEqual([
    { kind: 'hold', externalId: 'in_1', requires: [], body: { held: true, former: 'true' } },
  ])
  expect(bodies(draft({ auto_advance: false, metadata: { switchyard_hold: 'true' } }), true)).toEqual([
    { held: true, former: 'true' },
  ])
})

test('a draft that Stripe keeps from advancing is marked as such', () => {
  expect(bodies(draft({ auto_advance: false }))).toEqual([{ held: true, former: 'false' }])
  expect(bodies(draft({ auto_advance: false, metadata: { switchyard_hold: 'false' } }), true)).toEqual([
    { held: true, former: 'false' },
  ])
})

test('switched on again by hand: held again, and to be released', () => {
  expect(bodies(draft({ metadata: { switchyard_hold: 'true' } }), true)).toEqual([
    { held: true, former: 'true', again: true },
  ])
  expect(bodies(draft({ metadata: { switchyard_hold: 'false' } }), true)).toEqual([
    { held: true, former: 'true', again: true },
  ])
})

test('automatic_tax and invoices that were never a draft are left alone', () => {
  expect(bodies(draft({ automatic_tax: { enabled: true } }))).toEqual([])
  expect(bodies(draft({ status: 'paid' }))).toEqual([])
  expect(bodies(draft({ status: 'open', metadata: { switchyard_hold: 'true' } }), false)).toEqual([])
})

test('a hold that is over says so without a call', () => {
  expect(bodies(draft({ status: 'open', metadata: { switchyard_hold: 'true' } }), true)).toEqual([
    { held: false },
  ])
})
