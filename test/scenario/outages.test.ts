// Vendors that are down, and answers that never came: nothing is lost, nothing stands twice, finance comes back first.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open()
})
afterAll(() => stage.close())
afterEach(() => {
  stage.vendors.netsuite.faults.clear()
  stage.vendors.salesforce.faults.clear()
})

const HOUR_MS = 3_600_000
/** An outage is played minute by minute, which takes its time on a busy machine. */
const PLAYED_LONG_MS = 90_000

/** Lines of the log since a moment, as `line connector`, in order. */
const loggedSince = (atMs: number, line: string) =>
  stage.log.filter((each) => each.line === line && Number(each.atMs) >= atMs)

const billSix = async () => {
  const customers = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => stage.customer({ name: `Delta ${n}` })))
  for (const customer of customers) await stage.bill(customer, [{ unit: 10_000 }])
  return customers
}

const BILLED = {
  stripe: ['open 10975 usd, open 10975'],
  netsuite: ['invoice 109.75 US Dollar, open 109.75'],
  salesforce: ['invoice open 109.75 USD, open 109.75'],
  avalara: ['SalesInvoice Committed 100 + 9.75 USD'],
  lake: ['open 10975 usd, open 10975'],
  trouble: [],
}

it('NetSuite is down for an hour: the lane pauses, nothing is lost, it resumes', {
  timeout: PLAYED_LONG_MS,
}, async () => {
  const { netsuite } = stage.vendors
  const start = stage.clock.now()
  netsuite.faults.add({ effect: 'unavailable' })
  const customers = await billSix()
  await stage.play(0.5)
  const lane = await stage.hub.ledger.readLane('netsuite')
  expect(lane).toMatchObject({ by: 'worker' })
  expect(lane?.pausedSinceMs).toBeLessThan(start + 3 * 60_000)
  // Only the probes knock now, once a minute.
  const before = netsuite.calls.total
  await stage.play(0.5)
  expect(netsuite.calls.total - before).toBeLessThanOrEqual(62)
  for (const customer of customers) {
    expect(await stage.standing(customer)).toMatchObject({
      netsuite: [],
      salesforce: BILLED.salesforce,
      avalara: BILLED.avalara,
    })
  }

  netsuite.faults.clear()
  await stage.playMinutes(2)
  // Within two minutes the lane is open again, by the breaker alone.
  expect(await stage.hub.ledger.readLane('netsuite')).toBeUndefined()
  await stage.playMinutes(2)
  for (const customer of customers) expect(await stage.standing(customer)).toEqual(BILLED)
})

it('two systems down: finance resumes first', { timeout: PLAYED_LONG_MS }, async () => {
  const { netsuite, salesforce } = stage.vendors
  const start = stage.clock.now()
  netsuite.faults.add({ effect: 'unavailable' })
  salesforce.faults.add({ effect: 'unavailable' })
  const customers = await billSix()
  await stage.play(1)
  expect(
    loggedSince(start, 'paused')
      .map(({ connector }) => connector)
      .sort(),
  ).toEqual(['netsuite', 'salesforce'])

  netsuite.faults.clear()
  salesforce.faults.clear()
  await stage.playMinutes(6)
  const resumed = loggedSince(start, 'resumed')
  expect(resumed.map(({ connector }) => connector)).toEqual(['netsuite', 'salesforce'])
  const [finance, crm] = resumed.map(({ atMs }) => Number(atMs) - start - HOUR_MS)
  expect(finance).toBeLessThanOrEqual(120_000)
  expect(crm).toBeGreaterThanOrEqual((finance ?? 0) + 60_000)
  for (const customer of customers) expect(await stage.standing(customer)).toEqual(BILLED)
})

const postings = () =>
  [...stage.vendors.netsuite.calls.byRoute]
    .filter(([route]) => /^PUT .*\/invoice\//.test(route))
    .reduce((sum, [, count]) => sum + count, 0)

const attempts = (connector: string, invoiceId: string) =>
  stage.log.filter(
    (line) =>
      line.line === 'attempt' && line.connector === connector && line.object === `invoice/${invoiceId}`,
  )

it('a message that times out after NetSuite did post it: one document', async () => {
  const { netsuite } = stage.vendors
  const customer = await stage.customer()
  const before = postings()
  netsuite.faults.add({ effect: 'reset_after', method: 'PUT', path: '/record/v1/invoice/', times: 1 })
  const id = await stage.bill(customer, [{ unit: 10_000 }])
  await stage.playMinutes(2)
  expect(netsuite.faults.hits.reset_after).toBe(1)
  // NetSuite was asked, and had it: nothing is posted again, and its one line and four taxes are not doubled.
  expect(postings() - before).toBe(1)
  expect(netsuite.find('invoice', id)).toMatchObject({ item: { totalResults: 5 } })
  await stage.settle()
  expect(postings() - before).toBe(1)
  expect(await stage.standing(customer)).toEqual(BILLED)
})

it('a message that times out before NetSuite posted it: posted once, and looked at again', async () => {
  const { netsuite } = stage.vendors
  const customer = await stage.customer()
  const start = stage.clock.now()
  netsuite.faults.add({ effect: 'reset_before', method: 'PUT', path: '/record/v1/invoice/', times: 1 })
  const id = await stage.bill(customer, [{ unit: 10_000 }])
  await stage.playMinutes(2)
  expect(netsuite.faults.hits.reset_before).toBe(1)
  expect(attempts('netsuite', id).map(({ status }) => status)).toEqual(['waiting', 'applied'])
  // The first request may still land a quarter of an hour after its client gave up.
  await stage.settle()
  expect(attempts('netsuite', id).at(-1)).toMatchObject({ touches: 1 })
  expect(stage.clock.now()).toBeGreaterThanOrEqual(start + 900_000)
  expect(netsuite.find('invoice', id)).toMatchObject({ item: { totalResults: 5 } })
  expect(await stage.standing(customer)).toEqual(BILLED)
})
