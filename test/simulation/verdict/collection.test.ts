// Only a hold of ours that outlived the draft is a finding; Stripe stops collecting for reasons of its own.
import { expect, test } from 'vitest'
import type { StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import { checkCollection } from './collection.ts'

const HELD = { status: 'open', auto_advance: false, attempt_count: 0, customer: 'cus_1', parent: null }
const marked = { metadata: { switchyard_hold: 'true' } }
const ofSubscription = (subscription: string) => ({ parent: { subscription_details: { subscription } } })

function foundAmong(...invoices: object[]): string[] {
  const numbered = invoices.map((invoice, index) => ({ id: `in_${index + 1}`, ...HELD, ...invoice }))
  const store = {
    invoices: { all: () => numbered },
    subscriptions: { get: (id: string) => ({ status: id === 'sub_ended' ? 'canceled' : 'active' }) },
    find: (id: string) => (id === 'cus_1' ? { id } : undefined),
  }
  return checkCollection({ store } as unknown as StripeSimulator).map(({ object }) => object)
}

test('an open invoice that our hold keeps from being collected', () => {
  expect(foundAmong(marked, { ...marked, ...ofSubscription('sub_1') })).toEqual([
    'invoice in_1',
    'invoice in_2',
  ])
})

test('not a draft, one that advances, one without our mark, one whose owner kept it', () => {
  const kept = { metadata: { switchyard_hold: 'false' } }
  expect(
    foundAmong({ ...marked, status: 'draft' }, { ...marked, auto_advance: true }, { metadata: {} }, kept),
  ).toEqual([])
})

test('not where Stripe gave up: charged in vain, canceled, deleted', () => {
  expect(
    foundAmong(
      { ...marked, attempt_count: 4 },
      { ...marked, ...ofSubscription('sub_ended') },
      { ...marked, customer: 'cus_gone' },
    ),
  ).toEqual([])
})
