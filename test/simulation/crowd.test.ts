// Promise 8: one object that is too much for whoever takes it into hand, in one batch with 199 good ones.
import { expect, it } from 'vitest'
import { judgedWorld } from './judged-world.ts'
import { createSimulatedHub, inSimulation, START_MS } from './simulated-hub.ts'
import { judge } from './verdict/judge.ts'

const MINUTE_MS = 60_000

it('an out-of-memory object among 199 good ones', async () => {
  const hub = createSimulatedHub({
    seed: 199,
    faults: [],
    horizonMs: () => START_MS,
    deadly: { connector: 'salesforce', nth: 120 },
  })
  const { deadly, scheduler, simulators, stripe } = hub
  let created = false
  scheduler.addSource({
    dueMs: () => (created ? undefined : START_MS),
    run: async () => {
      created = true
      for (let index = 0; index < 200; index += 1) {
        await stripe.customers.create({ name: `Customer ${index}`, email: `billing${index}@acorn.example` })
      }
    },
  })
  let standing = 0
  scheduler.at(START_MS + 40 * MINUTE_MS, () => {
    standing = simulators.salesforce.records('Stripe_Customer__c').length
  })
  await inSimulation(hub, async () => {
    await scheduler.runUntilNothingIsDue()
    expect(await judge(judgedWorld(hub))).toEqual([])
  })
  // Three batches die as a whole, each found again after its visibility timeout; then suspects are worked alone, it last.
  expect(standing).toBe(199)
  expect(deadly).toHaveLength(1)
  // A worker that has run out of time over it is one of the ten.
  expect(hub.faults.hits['out-of-memory']).toBeLessThanOrEqual(10)
})
