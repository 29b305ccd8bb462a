// Promise 7: thirteen days with the books and the CRM away lose nothing, fill nothing, and end within minutes: finance
// first. Time is virtual; for the eleven days in the middle the schedules are called each hour instead of each minute.
import { expect, it } from 'vitest'
import { wants } from '../../shared/connector/routes.ts'
import { judgedWorld } from './judged-world.ts'
import type { TraceLine } from './result.ts'
import { createSimulatedHub, inSimulation, START_MS } from './simulated-hub.ts'
import { judge } from './verdict/judge.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const DOWN_FROM_MS = START_MS + 2 * HOUR_MS
const DOWN_UNTIL_MS = DOWN_FROM_MS + 13 * DAY_MS
const BILLED_ON_DAYS = [0, 0, 1, 3, 5, 8, 11, 12.9]

it('thirteen days without NetSuite and Salesforce', async () => {
  const outage = (vendor: 'netsuite' | 'salesforce', effect: 'unavailable' | 'reset') => ({
    vendor,
    effect,
    fromMs: DOWN_FROM_MS,
    untilMs: DOWN_UNTIL_MS,
    kind: 'two-vendors-down' as const,
  })
  const hub = createSimulatedHub({
    seed: 13,
    faults: [],
    horizonMs: () => DOWN_UNTIL_MS + DAY_MS,
    outages: [outage('netsuite', 'unavailable'), outage('salesforce', 'reset')],
    pace: (nowMs) => {
      const calm = nowMs > DOWN_FROM_MS + DAY_MS && nowMs < DOWN_UNTIL_MS - DAY_MS
      return calm
        ? { breakerMs: HOUR_MS, sweepMs: 6 * HOUR_MS }
        : { breakerMs: MINUTE_MS, sweepMs: 15 * MINUTE_MS }
    },
  })
  const { scheduler, sqs, trace } = hub
  const acts = BILLED_ON_DAYS.map((day) => START_MS + MINUTE_MS + day * DAY_MS)
  scheduler.addSource({
    dueMs: () => acts[0],
    run: async () => {
      acts.shift()
      await billSomebody(hub)
    },
  })
  const mostWaiting = { netsuite: 0, salesforce: 0 }
  scheduler.addSource({
    // Looks at the queues each time anything else happens; never due by itself.
    dueMs: () => {
      for (const name of ['netsuite', 'salesforce'] as const) {
        const { visible, delayed, inFlight } = sqs.queue(name).counts()
        mostWaiting[name] = Math.max(mostWaiting[name], visible + delayed + inFlight)
      }
      return undefined
    },
    run: () => undefined,
  })

  await inSimulation(hub, async () => {
    await scheduler.runUntilNothingIsDue()
    expect(await judge(judgedWorld(hub))).toEqual([])
  })

  const taken = (lane: string) =>
    trace.lines.filter(
      ({ actor, atMs, text }) =>
        actor.startsWith(`${lane}#`) &&
        text.startsWith('takes ') &&
        START_MS + atMs > DOWN_FROM_MS &&
        START_MS + atMs < DOWN_UNTIL_MS,
    ).length
  // Until the lane stands still, and what was under way then.
  expect(taken('netsuite')).toBeLessThan(60)
  expect(taken('salesforce')).toBeLessThan(60)
  // Each event once, whatever the sweeps saw.
  for (const manifest of hub.deployment.manifests.filter(({ name }) => name in mostWaiting)) {
    const wanted = hub.simulators.stripe.events.filter(({ type }) => wants(manifest, type))
    expect(mostWaiting[manifest.name as keyof typeof mostWaiting]).toBeLessThanOrEqual(wanted.length)
  }

  const resumed = (lane: string) => resumedAfter(trace.lines, lane, DOWN_UNTIL_MS - START_MS)
  expect(resumed('netsuite')).toBeLessThan(2 * MINUTE_MS)
  expect(resumed('salesforce')).toBeLessThan(3 * MINUTE_MS)
  expect(resumed('netsuite')).toBeLessThan(resumed('salesforce'))
})

/** Milliseconds after the outage's end. */
function resumedAfter(lines: readonly TraceLine[], lane: string, endMs: number): number {
  const last = lines.findLast(
    ({ text }) => text.includes('"line":"resumed"') && text.includes(`"connector":"${lane}"`),
  )
  return (last?.atMs ?? Number.POSITIVE_INFINITY) - endMs
}

async function billSomebody({
  stripe,
}: Pick<ReturnType<typeof createSimulatedHub>, 'stripe'>): Promise<void> {
  const { id: customer } = await stripe.customers.create({
    name: 'Acorn Analytics',
    email: 'billing@acorn.example',
    address: {
      line1: '200 N Spring St',
      city: 'Los Angeles',
      state: 'CA',
      postal_code: '90012',
      country: 'US',
    },
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  await stripe.products.create({ id: 'prod_team', name: 'Team plan' }).catch(() => undefined)
  const invoice = await stripe.invoices.create({
    customer,
    currency: 'usd',
    auto_advance: true,
    collection_method: 'charge_automatically',
    pending_invoice_items_behavior: 'exclude',
  })
  await stripe.invoiceItems.create({
    customer,
    invoice: invoice.id ?? '',
    quantity: 1,
    price_data: { currency: 'usd', product: 'prod_team', unit_amount: 10_000 },
  })
}
