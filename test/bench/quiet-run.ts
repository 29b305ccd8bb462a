// Quiet traffic: a few customers live through a month in the whole local hub, and every event is delivered alone, all
// lanes drained before the next. Nothing is coalesced, so this is the ledger's dearest case.
import { createCatalog } from '../../local/demo/catalog.ts'
import { inventCustomers } from '../../local/demo/customers.ts'
import { type BenchHub, DAY_MS, openBenchHub, SEED, signUp } from './bench-hub.ts'
import { ledgerRows, QUIET } from './ledger-rows.ts'
import { progress, type Row } from './measurement.ts'

const CUSTOMERS = 12

export async function measureQuiet(): Promise<Row[]> {
  const bench = await openBenchHub()
  try {
    const { hub, clock, units, coalesced } = bench
    const catalog = await createCatalog(hub.stripe)
    const deliveredTypes: string[] = []
    const deliver = async () => {
      deliveredTypes.push(...(await deliverOneByOne(bench)))
    }
    await deliver()
    units.reset()
    coalesced.clear()
    deliveredTypes.length = 0
    const startMs = clock.now()
    const customers: string[] = []
    for (const profile of inventCustomers(SEED, CUSTOMERS)) {
      customers.push(await signUp(hub.stripe, catalog, profile))
      await deliver()
    }
    for (const customer of customers) {
      await hub.stripe.customers.update(customer, { phone: '+1 415 555 0100' })
      await deliver()
    }
    progress(`  signed up, ${deliveredTypes.length} events`)
    const untilMs = startMs + 33 * DAY_MS
    for (let nextMs = hub.vendors.stripe.nextDue(); nextMs && nextMs < untilMs; ) {
      if (nextMs > clock.now()) clock.advance(nextMs - clock.now())
      hub.vendors.stripe.runDue()
      await deliver()
      nextMs = hub.vendors.stripe.nextDue()
    }
    progress(`  renewed, ${deliveredTypes.length} events`)
    return ledgerRows(bench, deliveredTypes, QUIET)
  } finally {
    await bench.close()
  }
}

/** @returns the types of the events delivered, those included that the hub's own writes to Stripe brought about. */
export async function deliverOneByOne(bench: BenchHub): Promise<string[]> {
  const types: string[] = []
  for (;;) {
    const [delivery] = bench.hub.vendors.stripe.takeDeliveries({ limit: 1 })
    if (!delivery) return types
    const answer = await fetch(delivery.url, {
      method: 'POST',
      body: delivery.body,
      headers: delivery.headers,
    })
    const text = await answer.text()
    if (text !== 'accepted') throw new Error(`${delivery.type} was answered ${answer.status} ${text}.`)
    delivery.settle(answer.status)
    types.push(delivery.type)
    await drain(bench)
  }
}

async function drain({ hub, clock }: BenchHub): Promise<void> {
  for (;;) {
    await hub.aws.whenQuiet()
    const nextMs = hub.aws.nextDueMs()
    if (nextMs === undefined) return
    if (nextMs > clock.now()) clock.advance(nextMs - clock.now())
    hub.aws.wake()
  }
}
