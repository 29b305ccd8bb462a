// Promise 7: a lane that stands still is switched off, probed each minute and resumed, finance first.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { LogLine } from '../../shared/log.ts'
import { type World, Worlds } from '../../test/delivery/world.ts'
import { type Lane, runBreaker } from './breaker.ts'

const worlds = new Worlds()
let world: World
let enabled: Map<string, boolean>
let working: Set<string>
let lanes: Lane[]
beforeAll(() => worlds.start())
afterAll(() => worlds.stop())
beforeEach(async () => {
  world = await worlds.create()
  enabled = new Map([
    ['salesforce', true],
    ['netsuite', true],
  ])
  working = new Set()
  const lane = (connector: string, resumeOrder: number): Lane => ({
    connector,
    resumeOrder,
    probe: async () => (working.has(connector) ? { working: true } : { working: false, reason: 'still 503' }),
    eventSource: {
      isEnabled: async () => enabled.get(connector) === true,
      setEnabled: async (on) => void enabled.set(connector, on),
    },
  })
  lanes = [lane('salesforce', 30), lane('netsuite', 20)]
})

let lines: LogLine[] = []
const minute = async () => {
  world.clock.advance(60_000)
  lines = []
  await runBreaker({ lanes, ledger: world.ledger, clock: world.clock, log: (line) => lines.push(line) })
}
const pause = (connector: string, by: 'worker' | 'operator' = 'worker') =>
  world.ledger.pauseLane({
    connector,
    by,
    code: 'DOWN',
    reason: '503',
    pausedSinceMs: world.clock.now(),
    pausedUntilMs: world.clock.now() + 60_000,
  })

describe('the breaker', () => {
  it('switches a paused lane off, keeps it off while its probe fails, and on when the vendor is back', async () => {
    await pause('netsuite')
    for (let day = 0; day < 13; day += 1) {
      world.clock.advance(86_400_000)
      await minute()
      expect(enabled.get('netsuite')).toBe(false)
    }
    expect(await world.ledger.readLane('netsuite')).toMatchObject({ reason: 'still 503' })
    working.add('netsuite')
    await minute()
    expect(enabled.get('netsuite')).toBe(true)
    expect(await world.ledger.readLane('netsuite')).toBeUndefined()
  })

  it('resumes finance before CRM, a minute apart', async () => {
    await pause('salesforce')
    await pause('netsuite')
    working = new Set(['salesforce', 'netsuite'])
    await minute()
    expect([enabled.get('netsuite'), enabled.get('salesforce')]).toEqual([true, false])
    await minute()
    expect(enabled.get('salesforce')).toBe(true)
  })

  it('leaves an operator’s pause alone, and no worker can shorten it', async () => {
    await pause('netsuite', 'operator')
    await pause('netsuite', 'worker')
    working.add('netsuite')
    await minute()
    await minute()
    expect(enabled.get('netsuite')).toBe(false)
    expect(await world.ledger.readLane('netsuite')).toMatchObject({ by: 'operator' })
  })

  it('puts right a disable that lands after the enable, and a deployment that enables everything', async () => {
    enabled.set('netsuite', false)
    await pause('salesforce')
    await minute()
    expect(enabled.get('netsuite')).toBe(true)
    enabled.set('salesforce', true)
    await runBreaker({ lanes, ledger: world.ledger, clock: world.clock, log: () => undefined })
    expect(enabled.get('salesforce')).toBe(false)
  })

  it('says at each look how many lanes stand still, nought too, and of each for how long', async () => {
    await minute()
    expect(lines).toEqual([expect.objectContaining({ line: 'lanes', PausedLanes: 0 })])
    await pause('netsuite')
    await minute()
    expect(lines).toEqual([
      expect.objectContaining({ line: 'lane', connector: 'netsuite', PausedSeconds: 60, code: 'DOWN' }),
      expect.objectContaining({ line: 'lanes', PausedLanes: 1 }),
    ])
  })
})
