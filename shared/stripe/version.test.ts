import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEvent } from './event.ts'
import { compareVersions, isDeletion, versionOf } from './version.ts'

const versions = fc.record({ createdSeconds: fc.nat(20), rank: fc.integer({ min: 0, max: 4 }) })
const sign = Math.sign

describe('versions', () => {
  it('are in one order: antisymmetric, transitive, and equal only when they cannot be told apart', () => {
    fc.assert(
      fc.property(versions, versions, versions, (a, b, c) => {
        expect(sign(compareVersions(a, b))).toBe(sign(0 - compareVersions(b, a)))
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
        expect(compareVersions(a, b) === 0).toBe(a.createdSeconds === b.createdSeconds && a.rank === b.rank)
      }),
    )
  })

  it('go by the second first: a later draft is newer than an earlier paid', () => {
    expect(compareVersions({ createdSeconds: 2, rank: 1 }, { createdSeconds: 1, rank: 4 })).toBeGreaterThan(0)
  })
})

const invoiceEvent = (status: string, type = 'invoice.updated') => {
  const parsed = parseEvent(
    JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type,
      created: 1_790_000_000,
      livemode: false,
      data: { object: { id: 'in_1', object: 'invoice', status } },
    }),
  )
  if ('unusable' in parsed) throw new Error(parsed.unusable)
  return parsed.event
}

describe('an invoice’s status breaks the tie of one second', () => {
  it.each([
    ['draft', 'open'],
    ['open', 'paid'],
    ['open', 'void'],
    ['open', 'uncollectible'],
    ['uncollectible', 'paid'],
    ['draft', 'paid'],
  ])('%s comes before %s', (earlier, later) => {
    expect(compareVersions(versionOf(invoiceEvent(earlier)), versionOf(invoiceEvent(later)))).toBeLessThan(0)
  })

  it('but cannot tell two drafts apart', () => {
    expect(compareVersions(versionOf(invoiceEvent('draft')), versionOf(invoiceEvent('draft')))).toBe(0)
  })
})

describe('what takes an object away', () => {
  it.each([
    ['customer.deleted', true],
    ['invoice.deleted', true],
    ['customer.subscription.deleted', false],
    ['customer.updated', false],
    ['subscription_schedule.canceled', false],
  ])('%s: %s', (type, deletion) => {
    expect(isDeletion(type)).toBe(deletion)
  })
})
