// The ledger's own numbers of a lane, from rows as the engine writes them.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ObjectRef } from '../../shared/connector/contract.ts'
import type { LogLine } from '../../shared/log.ts'
import { type World, Worlds } from '../../test/delivery/world.ts'
import { manifestsOf } from '../connectors/registry.ts'
import { reportLaneHealth } from './lane-health.ts'

const worlds = new Worlds()
let world: World
let lines: LogLine[]
beforeAll(() => worlds.start())
afterAll(() => worlds.stop())
beforeEach(async () => {
  world = await worlds.create()
  lines = []
})

const HOUR = 3_600

interface Row {
  status: 'waiting' | 'parked'
  hours: number
  rank?: number
}

async function put(connector: string, ref: ObjectRef, { status, hours, rank = 2 }: Row) {
  const { ledger, clock } = world
  await ledger.claim(connector, ref, undefined, { owner: 'w', untilMs: clock.now() + 1_000 })
  const sinceMs = clock.now() - hours * HOUR * 1_000
  await ledger.settle(
    connector,
    {
      ref,
      revision: 2,
      version: { createdSeconds: 1, rank },
      records: {},
      waiters: [],
      trouble: { status, kind: 'permanent', code: 'X', reason: 'x', sinceMs, attempts: 1, waitsOn: [] },
    },
    'w',
  )
}

async function report(names: string[], pausedForHours: Record<string, number> = {}, unended = new Map()) {
  const { ledger, clock } = world
  const lanes = await Promise.all(
    manifestsOf(names).map(async (manifest) => ({
      manifest,
      paused:
        manifest.name in pausedForHours
          ? {
              connector: manifest.name,
              pausedUntilMs: clock.now(),
              pausedSinceMs: clock.now() - (pausedForHours[manifest.name] ?? 0) * HOUR * 1_000,
              reason: '503',
              code: 'DOWN',
              by: 'worker' as const,
            }
          : undefined,
      waiting: manifest.style === 'projection' ? await ledger.troubled(manifest.name, 'waiting') : [],
    })),
  )
  await reportLaneHealth(lanes, unended, { ledger, clock, log: (line) => lines.push(line) })
}

const of = (connector: string) => lines.find((line) => line.connector === connector)

it('is as old as what waits longest; what is parked is counted and has no part in the age', async () => {
  await put('netsuite', { type: 'invoice', id: 'in_1' }, { status: 'waiting', hours: 2 })
  await put('netsuite', { type: 'invoice', id: 'in_2' }, { status: 'waiting', hours: 5 })
  await put('netsuite', { type: 'invoice', id: 'in_3' }, { status: 'parked', hours: 90 })
  await report(['netsuite', 'salesforce', 'lake'])
  expect(of('netsuite')).toMatchObject({ WaitingObjects: 2, ParkedObjects: 1, UnsettledSeconds: 5 * HOUR })
  expect(of('salesforce')).toMatchObject({ WaitingObjects: 0, ParkedObjects: 0, UnsettledSeconds: 0 })
  expect(of('lake')).not.toHaveProperty('ParkedObjects')
  expect(of('lake')).toMatchObject({ UnsettledSeconds: 0 })
})

it('is as old as its pause, and as the oldest event that has no end', async () => {
  await put('netsuite', { type: 'invoice', id: 'in_1' }, { status: 'waiting', hours: 2 })
  const sinceMs = world.clock.now() - 9 * HOUR * 1_000
  await report(
    ['netsuite', 'salesforce', 'lake'],
    { netsuite: 7, lake: 3 },
    new Map([['salesforce', sinceMs]]),
  )
  expect(of('netsuite')).toMatchObject({ UnsettledSeconds: 7 * HOUR })
  expect(of('lake')).toMatchObject({ UnsettledSeconds: 3 * HOUR })
  expect(of('salesforce')).toMatchObject({ UnsettledSeconds: 9 * HOUR })
})

it('tells drafts that are held, waiting or parked, and no invoice that is finalized', async () => {
  const DRAFT = 1
  await put('avalara', { type: 'invoice', id: 'in_1' }, { status: 'parked', hours: 30, rank: DRAFT })
  await put('avalara', { type: 'invoice', id: 'in_2' }, { status: 'waiting', hours: 1, rank: DRAFT })
  await put('avalara', { type: 'invoice', id: 'in_3' }, { status: 'parked', hours: 50 })
  await put('avalara', { type: 'credit_note', id: 'cn_1' }, { status: 'parked', hours: 70, rank: 0 })
  await report(['avalara'])
  expect(lines.find(({ line }) => line === 'tax-holds')).toMatchObject({
    TaxHolds: 2,
    OldestTaxHoldSeconds: 30 * HOUR,
  })
})
