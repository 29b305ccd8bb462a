// What a batch counts for the dashboards, under the dimensions that alarms watch.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { lagLines } from '../../shared/delivery/report.ts'
import { ambiguous, transient } from '../../shared/errors.ts'
import type { LogLine } from '../../shared/log.ts'
import { METRICS, type MetricName } from '../../shared/metrics.ts'
import { customer, START_SECONDS, type World, Worlds } from './world.ts'

const worlds = new Worlds()
let world: World
let lines: LogLine[]
beforeAll(() => worlds.start())
afterAll(() => worlds.stop())
beforeEach(async () => {
  world = await worlds.create()
  lines = []
})

const deliver = (...messages: ReturnType<World['event']>[]) =>
  world.deliver(messages, world.worker({ log: (line) => lines.push(line) }))

/** As CloudWatch would read them: `Errors connector=notebook kind=permanent`, and the values. */
function sent(): Record<string, number[]> {
  const found: Record<string, number[]> = {}
  for (const line of lines) {
    const { CloudWatchMetrics = [] } = (line._aws ?? {}) as {
      CloudWatchMetrics?: { Dimensions: string[][]; Metrics: { Name: MetricName; Unit: string }[] }[]
    }
    for (const { Dimensions, Metrics } of CloudWatchMetrics)
      for (const { Name, Unit } of Metrics) {
        expect({ Name, Unit, Dimensions }).toEqual({
          Name,
          Unit: METRICS[Name].unit,
          Dimensions: [METRICS[Name].by],
        })
        const key = [Name, ...(Dimensions[0] ?? []).map((name) => `${name}=${line[name]}`)].join(' ')
        found[key] = [...(found[key] ?? []), ...([line[Name]].flat() as number[])]
      }
  }
  return found
}

it('tells how long each event took, how many came at once, and no count of nothing', async () => {
  await deliver(
    world.event('customer.created', customer('cus_1'), { at: START_SECONDS - 90 }),
    world.event('customer.created', customer('cus_2'), { at: START_SECONDS - 10 }),
  )
  expect(sent()).toEqual({
    'BatchMessages connector=notebook': [2],
    'Applied connector=notebook': [2],
    'LagSeconds connector=notebook': [90, 10],
  })
  lines = []
  world.stripe.set('customer/cus_1', customer('cus_1'))
  world.clock.advance(60_000)
  await deliver(world.event('customer.updated', customer('cus_1')))
  expect(sent()).toMatchObject({ 'Unchanged connector=notebook': [1], 'Applied connector=notebook': [0] })
})

it('counts an object as newly parked once, however many events come for it, and each attempt as an error of its kind', async () => {
  await deliver(world.event('customer.created', customer('cus_1', null), { at: START_SECONDS - 50 }))
  expect(sent()).toEqual({
    'Errors connector=notebook kind=permanent': [1],
    'NewlyParked connector=notebook': [1],
    'BatchMessages connector=notebook': [1],
    'Applied connector=notebook': [0],
  })
  lines = []
  world.stripe.set('customer/cus_1', customer('cus_1', null))
  world.clock.advance(60_000)
  await deliver(world.event('customer.updated', customer('cus_1', null)))
  const again = sent()
  expect(again['Errors connector=notebook kind=permanent']).toEqual([1])
  expect(again['NewlyParked connector=notebook']).toBeUndefined()
})

it('tells what waits by the kind of its error, and nothing of its lag until it has ended', async () => {
  world.notebook.beforeWrite = () => {
    throw transient('The notebook is locked.', { code: 'NB-LOCK' })
  }
  await deliver(world.event('customer.created', customer('cus_1'), { at: START_SECONDS - 50 }))
  world.notebook.beforeWrite = () => undefined
  world.notebook.afterWrite = () => {
    throw ambiguous('The notebook did not answer.', { code: 'NB-UNKNOWN' })
  }
  await deliver(world.event('customer.created', customer('cus_2'), { at: START_SECONDS - 50 }))
  const found = sent()
  expect(found['Errors connector=notebook kind=transient']).toEqual([1])
  expect(found['Errors connector=notebook kind=ambiguous']).toEqual([1])
  expect(found['LagSeconds connector=notebook']).toBeUndefined()
  expect(found['NewlyParked connector=notebook']).toBeUndefined()
})

it('sends the lag of many events in lists of a hundred, since a longer one is refused', () => {
  const created = Array.from({ length: 250 }, (_, index) => START_SECONDS - index)
  const sizes = lagLines('lake', created, world.clock).map(
    ({ LagSeconds }) => (LagSeconds as number[]).length,
  )
  expect(sizes).toEqual([100, 100, 50])
})
