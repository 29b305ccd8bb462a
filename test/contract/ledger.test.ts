// The ledger's contract over DynamoDB itself, its object states: every clause of every condition is met once from each
// side. Events, deliveries, pauses and cursors are ledger-rows.test.ts.
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ObjectRef } from '../../shared/connector/contract.ts'
import { refKey } from '../../shared/ledger/ledger.ts'
import type { ObjectState, Trouble } from '../../shared/ledger/rows.ts'
import { TROUBLE_SHARDS } from '../../shared/ledger/table.ts'
import { clock, db, eventually, ledgerOf, newId, table } from './ledger-under-test.ts'

const ledger = ledgerOf()
const LANE = 'netsuite'
const LEASE_MS = 90_000

let ref: ObjectRef
beforeEach(() => {
  ref = { type: 'invoice', id: newId('in') }
})

const lease = (owner: string) => ({ owner, untilMs: clock.now() + LEASE_MS })

const claim = (owner: string, read?: ObjectState) => ledger.claim(LANE, ref, read, lease(owner))

const stateOf = (more: Partial<ObjectState> = {}): ObjectState => ({
  ref,
  revision: 1,
  records: {},
  waiters: [],
  ...more,
})

async function standing(of = ref): Promise<ObjectState> {
  const state = await ledger.readState(LANE, of)
  if (!state) throw new Error(`The ledger has no state of ${refKey(of)}.`)
  return state
}

/** A state that a worker has claimed and settled. */
async function settled(more: Partial<ObjectState> = {}): Promise<ObjectState> {
  expect(await claim('first')).toBe('claimed')
  expect(await ledger.settle(LANE, stateOf({ hash: 'hash-1', ...more }), 'first')).toEqual({ waiters: [] })
  return standing()
}

const troubleOf = (more: Partial<Trouble> = {}): Trouble => ({
  status: 'parked',
  kind: 'permanent',
  code: 'NS-ITEM',
  reason: 'Item 77 is inactive.',
  hint: 'NetSuite admin: activate it.',
  sinceMs: clock.now(),
  attempts: 1,
  waitsOn: [],
  ...more,
})

describe('a claim', () => {
  it('takes the lease, counts the revision and clears the hash in one write', async () => {
    const read = await settled({ records: { 'invoice/in_1': { remoteId: '77', hash: 'h' } } })
    expect(read).toMatchObject({ revision: 1, hash: 'hash-1' })
    expect(read.lease).toBeUndefined()
    expect(await claim('second', read)).toBe('claimed')
    const claimed = await standing()
    expect(claimed).toMatchObject({
      ref,
      revision: 2,
      lease: { owner: 'second', untilMs: clock.now() + LEASE_MS },
      records: { 'invoice/in_1': { remoteId: '77', hash: 'h' } },
    })
    expect(claimed.hash).toBeUndefined()
  })

  it('fails for a caller that read an older revision, although no lease stands', async () => {
    const read = await settled()
    expect(await claim('second', read)).toBe('claimed')
    await ledger.settle(LANE, stateOf({ revision: 2, hash: 'hash-2' }), 'second')
    expect(await claim('late', read)).toBe('moved')
    expect(await standing()).toMatchObject({ revision: 2, hash: 'hash-2' })
  })

  it('fails for a caller that saw no row where there is one by now', async () => {
    await settled()
    expect(await claim('late')).toBe('moved')
    expect((await standing()).hash).toBe('hash-1')
  })

  it('fails under a live lease, to its last millisecond, and succeeds after it', async () => {
    expect(await claim('first')).toBe('claimed')
    const read = await standing()
    clock.advance(LEASE_MS)
    expect(await claim('second', read)).toBe('moved')
    expect((await standing()).lease?.owner).toBe('first')
    clock.advance(1)
    expect(await claim('second', read)).toBe('claimed')
    expect(await standing()).toMatchObject({ revision: 2, lease: { owner: 'second' } })
  })

  it('succeeds where so far only somebody waits', async () => {
    const waiter = { type: 'credit_note', id: newId('cn') }
    const read = await ledger.waitOn(LANE, ref, waiter)
    expect(read.revision).toBe(0)
    expect(await claim('first', read)).toBe('claimed')
    expect(await standing()).toMatchObject({ revision: 1, waiters: [refKey(waiter)] })
  })

  it('is won by exactly one of 20 workers, on a new object and on an expired lease', async () => {
    const race = async (read: ObjectState | undefined, round: string) => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => ledgerOf().claim(LANE, ref, read, lease(`${round}-${n}`))),
      )
      expect(outcomes.filter((outcome) => outcome === 'claimed')).toHaveLength(1)
      return `${round}-${outcomes.indexOf('claimed')}`
    }
    const first = await race(undefined, 'new')
    expect(await standing()).toMatchObject({ revision: 1, lease: { owner: first } })
    clock.advance(LEASE_MS + 1)
    const second = await race(await standing(), 'expired')
    expect(await standing()).toMatchObject({ revision: 2, lease: { owner: second } })
  })

  it('keeps connectors, accounts and modes apart', async () => {
    const others = [
      ledgerOf({ account: 'acct_2', livemode: false }),
      ledgerOf({ account: 'acct_1', livemode: true }),
    ]
    expect(await claim('first')).toBe('claimed')
    expect(await ledger.claim('salesforce', ref, undefined, lease('second'))).toBe('claimed')
    for (const other of others) {
      expect(await other.readState(LANE, ref)).toBeUndefined()
      expect(await other.claim(LANE, ref, undefined, lease('third'))).toBe('claimed')
    }
    expect((await standing()).lease?.owner).toBe('first')
  })
})

describe('intend and settle', () => {
  it('are the owner’s alone: whoever lost the lease changes nothing', async () => {
    await claim('first')
    clock.advance(LEASE_MS + 1)
    expect(await claim('second', await standing())).toBe('claimed')
    const before = await standing()
    expect(await ledger.intend(LANE, ref, 'first', { 'invoice/in_1': {} })).toBe('lost')
    expect(await ledger.settle(LANE, stateOf({ hash: 'stale' }), 'first')).toBe('lost')
    expect(await standing()).toEqual(before)

    expect(await ledger.intend(LANE, ref, 'second', { 'invoice/in_1': {} })).toBe('done')
    expect((await standing()).records).toEqual({ 'invoice/in_1': {} })
    expect(await ledger.settle(LANE, stateOf({ revision: 2, hash: 'fresh' }), 'second')).toEqual({
      waiters: [],
    })
    expect(await ledger.settle(LANE, stateOf({ revision: 2, hash: 'again' }), 'second')).toBe('lost')
    expect((await standing()).hash).toBe('fresh')
  })

  it('do nothing to an object that nobody has claimed', async () => {
    expect(await ledger.intend(LANE, ref, 'first', {})).toBe('lost')
    expect(await ledger.settle(LANE, stateOf(), 'first')).toBe('lost')
    expect(await ledger.readState(LANE, ref)).toBeUndefined()
  })

  it('keep every field, and drop what is no longer so', async () => {
    const whole: ObjectState = {
      ref,
      revision: 1,
      version: { createdSeconds: 1_790_000_000, rank: 2 },
      asOfSeconds: 1_790_000_005,
      hash: 'hash-1',
      mapping: 'mapping-1',
      records: {
        'invoice/in_1': { remoteId: '77', hash: 'h' },
        'customerPayment/inpay_1': { retired: true },
      },
      keep: { periods: { 'invoice/in_1': { id: '31', name: 'Nov 2026' } } },
      tombstone: { final: false, atSeconds: 1_790_000_001 },
      verify: true,
      trouble: troubleOf({
        detail: '400 · INVALID_KEY_OR_REF',
        waitsOn: [{ type: 'customer', id: 'cus_1' }],
      }),
      customer: 'cus_1',
      waiters: [],
    }
    await claim('first')
    await ledger.settle(LANE, whole, 'first')
    expect(await standing()).toEqual(whole)

    expect(await claim('second', await standing())).toBe('claimed')
    await ledger.settle(LANE, stateOf({ revision: 2 }), 'second')
    expect(await standing()).toEqual({ ref, revision: 2, records: {}, waiters: [] })
  })

  it('settle keeps the waiters that came meanwhile, and tells of them', async () => {
    const early = { type: 'credit_note', id: newId('cn') }
    const late = { type: 'refund', id: newId('re') }
    await ledger.waitOn(LANE, ref, early)
    await claim('first', await standing())
    await ledger.waitOn(LANE, ref, late)
    const outcome = await ledger.settle(LANE, stateOf({ hash: 'hash-1' }), 'first')
    expect(outcome).toEqual({ waiters: [refKey(early), refKey(late)] })
    expect((await standing()).waiters).toEqual([refKey(early), refKey(late)])
  })

  it('a mark for verification outlives the lease of whoever holds it', async () => {
    const read = await settled()
    await ledger.markForVerification(LANE, ref, 1_790_000_900_000)
    const marked = await standing()
    expect(marked).toMatchObject({ verify: true, verifyDueMs: 1_790_000_900_000, revision: 1 })
    expect(marked.hash).toBeUndefined()
    expect(await claim('second', read)).toBe('claimed')
    expect((await standing()).verify).toBe(true)
  })
})

describe('waiters', () => {
  it('are told the state right after, once each, and forgotten by name', async () => {
    const [one, two] = [newId('cn'), newId('cn')].map((id) => ({ type: 'credit_note', id }))
    if (!one || !two) throw new Error('two waiters')
    await settled()
    expect(await ledger.waitOn(LANE, ref, one)).toMatchObject({ hash: 'hash-1', waiters: [refKey(one)] })
    await ledger.waitOn(LANE, ref, one)
    expect((await ledger.waitOn(LANE, ref, two)).waiters).toEqual([refKey(one), refKey(two)].sort())
    await ledger.forgetWaiters(LANE, ref, [])
    expect((await standing()).waiters).toHaveLength(2)
    await ledger.forgetWaiters(LANE, ref, [refKey(one), 'credit_note/cn_never'])
    expect(await standing()).toMatchObject({ hash: 'hash-1', revision: 1, waiters: [refKey(two)] })
    await ledger.forgetWaiters(LANE, ref, [refKey(two)])
    expect((await standing()).waiters).toEqual([])
  })

  it('stay when a claim takes the object', async () => {
    const waiter = { type: 'credit_note', id: newId('cn') }
    await settled()
    const read = await ledger.waitOn(LANE, ref, waiter)
    expect(await claim('second', read)).toBe('claimed')
    expect((await standing()).waiters).toEqual([refKey(waiter)])
  })
})

describe('the index of trouble', () => {
  it('lists the parked and the waiting of one connector apart, oldest first, and forgets the mended', async () => {
    // A lane of its own: other tests have trouble too.
    const lane = newId('lane')
    const refs = Array.from({ length: 12 }, () => ({ type: 'invoice', id: newId('in') }))
    const settle = async (of: ObjectRef, owner: string, state: Partial<ObjectState>) => {
      const read = await ledger.readState(lane, of)
      expect(await ledger.claim(lane, of, read, lease(owner))).toBe('claimed')
      const revision = (read?.revision ?? 0) + 1
      await ledger.settle(lane, { ...stateOf(state), ref: of, revision }, owner)
    }
    for (const [index, of] of refs.entries()) {
      // Written newest first, so that the order of writing is not the order of trouble.
      const sinceMs = clock.now() - index * 60_000
      await settle(of, 'first', {
        trouble: troubleOf({ status: index < 10 ? 'parked' : 'waiting', sinceMs, reason: `Reason ${index}` }),
      })
    }
    const listed = async (status: Trouble['status']) =>
      (await ledger.troubled(lane, status)).map(({ ref: { id } }) => id)
    const oldestFirst = refs.map(({ id }) => id).toReversed()
    await eventually(async () => {
      expect(await listed('waiting')).toEqual(oldestFirst.slice(0, 2))
      expect(await listed('parked')).toEqual(oldestFirst.slice(2))
    })
    const [oldest] = await ledger.troubled(lane, 'parked')
    expect(oldest?.trouble).toEqual(troubleOf({ sinceMs: clock.now() - 9 * 60_000, reason: 'Reason 9' }))
    expect(await ledger.troubled('another', 'parked')).toEqual([])

    // Still listed while a worker is at it: nobody loses sight of it when that worker dies.
    const [newest, next] = refs
    if (!newest || !next) throw new Error('twelve objects')
    await ledger.claim(lane, next, await ledger.readState(lane, next), lease('second'))
    await settle(newest, 'second', { hash: 'mended' })
    await eventually(async () => {
      expect(await listed('parked')).toEqual(oldestFirst.slice(2, -1))
    })
  })

  it('spreads one connector’s trouble over every shard', async () => {
    const lane = newId('lane')
    const refs = Array.from({ length: 40 }, () => ({ type: 'invoice', id: newId('in') }))
    await Promise.all(
      refs.map(async (of) => {
        await ledger.claim(lane, of, undefined, lease('first'))
        await ledger.settle(lane, { ...stateOf({ trouble: troubleOf() }), ref: of }, 'first')
      }),
    )
    const shards = await Promise.all(
      refs.map(async (of) => {
        const Key = { pk: `OBJECT#acct_1#test#${lane}#${refKey(of)}`, sk: 'STATE' }
        const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
        return String(Item?.troublePk)
      }),
    )
    expect(new Set(shards).size).toBe(TROUBLE_SHARDS)
    await eventually(async () => {
      expect(await ledger.troubled(lane, 'parked')).toHaveLength(40)
    })
  })
})
