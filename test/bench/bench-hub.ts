// The local hub as the bench uses it: whole, in a temporary folder, with a manual clock, a count of the ledger's write
// units, and of the messages that its engine took together.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Stripe from 'stripe'
import type { Catalog } from '../../local/demo/catalog.ts'
import type { DemoCustomer } from '../../local/demo/customers.ts'
import { type LocalHub, startLocalHub } from '../../local/hub/hub.ts'
import { Player } from '../../local/hub/player.ts'
import { ManualClock } from '../../shared/clock.ts'
import { wants } from '../../shared/connector/routes.ts'
import type { Log } from '../../shared/log.ts'
import { WriteUnits } from './write-units.ts'

export const DAY_MS = 86_400_000
export const SEED = 42

/** Of one connector: objects worked, and messages that brought them. */
export interface Coalesced {
  objects: number
  messages: number
  /** Objects whose messages had been received before: a batch of theirs failed, or they came back. */
  again: number
}

export interface BenchHub {
  hub: LocalHub
  clock: ManualClock
  player: Player
  units: WriteUnits
  /** By connector, since the last time it was cleared. */
  coalesced: Map<string, Coalesced>
  close(): Promise<void>
}

/** @param hear is told every line that the hub logs. */
export async function openBenchHub(hear: Log = () => undefined): Promise<BenchHub> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  const clock = new ManualClock(Date.UTC(2026, 5, 10, 9))
  const coalesced = new Map<string, Coalesced>()
  const hub = await startLocalHub({
    clock,
    seed: SEED,
    folder,
    log: (line) => {
      hear(line)
      if (line.line === 'paused') player.watchLanes()
      if (line.line !== 'attempt' || line.status === 'busy') return
      const name = String(line.connector)
      const counted = coalesced.get(name) ?? { objects: 0, messages: 0, again: 0 }
      counted.objects += 1
      if (Number(line.receives) > 1) counted.again += 1
      counted.messages += Number(line.events) + Number(line.touches)
      coalesced.set(name, counted)
    },
  })
  const player = new Player(hub, clock, { duplicates: 0, shuffle: 0 })
  return {
    hub,
    clock,
    player,
    coalesced,
    units: new WriteUnits(hub.ledger),
    close: async () => {
      await hub.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A customer with a card and a monthly plan, through a schedule: its first invoice is a draft and gets its tax. */
export async function signUp(stripe: Stripe, catalog: Catalog, profile: DemoCustomer): Promise<string> {
  const customer = await stripe.customers.create({
    name: profile.name,
    email: profile.email,
    address: profile.address,
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    ...(profile.taxExempt && { tax_exempt: profile.taxExempt }),
  })
  if (profile.vatNumber) await stripe.customers.createTaxId(customer.id, profile.vatNumber)
  await stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: 'now',
    end_behavior: 'release',
    default_settings: { collection_method: 'charge_automatically' },
    phases: [
      {
        items: [{ price: catalog.price('team', profile.currency), quantity: 3 }],
        duration: { interval: 'year', interval_count: 1 },
      },
    ],
  })
  return customer.id
}

/** How often each connector's queue was to be sent an event. */
export function wantedBy(hub: LocalHub, eventTypes: readonly string[]): Map<string, number> {
  return new Map(
    hub.manifests.map((manifest) => [
      manifest.name,
      eventTypes.filter((type) => wants(manifest, type)).length,
    ]),
  )
}

/** Objects that some connector has given up on for now: with any of them, a count of calls says little. */
export async function troubledObjects(hub: LocalHub): Promise<number> {
  const found = await Promise.all(
    hub.manifests.flatMap(({ name }) => [
      hub.ledger.troubled(name, 'parked'),
      hub.ledger.troubled(name, 'waiting'),
    ]),
  )
  return found.reduce((sum, states) => sum + states.length, 0)
}
