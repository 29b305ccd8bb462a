// The webhook endpoint, made and rolled against the simulated Stripe: what stands there and in the stored secret afterwards,
// and after a crash between any two steps.
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { createStripeSimulator, type StripeSimulator } from '../../local/simulators/stripe/server.ts'
import { ManualClock } from '../clock.ts'
import { createStripeClient } from './client.ts'
import { registerEndpoint } from './register-endpoint.ts'
import { type WebhookSecret, wantedEvents } from './webhook-endpoint.ts'

const HOUR = 3_600
const URL = 'https://hub.example/stripe/webhook'
const wanted = { stage: 'staging', url: URL, events: ['customer.updated', 'invoice.paid'] }

let clock: ManualClock
let simulator: StripeSimulator
let stored: WebhookSecret | undefined
const listening: { close(): Promise<void> }[] = []
let baseUrl: string

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 9, 5, 9))
  simulator = createStripeSimulator({ now: () => clock.now(), apiKey: 'sk_test_x' })
  const server = await simulator.listen()
  listening.push(server)
  baseUrl = server.url
  stored = undefined
})
afterAll(async () => {
  await Promise.all(listening.map((server) => server.close()))
})

/** @param crashAt the step, counted from 1, at which the process dies: before it has its effect, or after. */
function register(
  options: {
    rotate?: boolean
    keepHours?: number
    events?: string[]
    crashAt?: number
    after?: boolean
  } = {},
) {
  const { rotate = false, keepHours = 24, events = wanted.events, crashAt, after = false } = options
  let steps = 0
  const step = async <T>(effect: () => Promise<T>): Promise<T> => {
    steps += 1
    if (steps !== crashAt) return effect()
    if (after) await effect()
    throw new Error('the process dies')
  }
  const stripe = createStripeClient({ apiKey: 'sk_test_x', baseUrl })
  const { webhookEndpoints } = stripe
  const create = webhookEndpoints.create.bind(webhookEndpoints)
  const update = webhookEndpoints.update.bind(webhookEndpoints)
  const del = webhookEndpoints.del.bind(webhookEndpoints)
  Object.assign(webhookEndpoints, {
    create: (params: Parameters<typeof create>[0]) => step(() => create(params)),
    update: (id: string, params: Parameters<typeof update>[1]) => step(() => update(id, params)),
    del: (id: string) => step(() => del(id)),
  })
  return registerEndpoint({
    stripe,
    wanted: { ...wanted, events },
    secret: {
      read: async () => structuredClone(stored),
      write: (secret) =>
        step(async () => {
          stored = structuredClone(secret)
        }),
    },
    rotate,
    keepFormerSeconds: keepHours * HOUR,
    clock,
  })
}

const endpoints = () => simulator.store.webhookEndpoints.all()
const secrets = () => endpoints().map(({ secret }) => secret)
const accepted = () => stored?.signingSecrets ?? []

it('makes an endpoint with the pinned version and just the wanted types, and stores its secret', async () => {
  const { done } = await register()
  expect(endpoints()).toMatchObject([
    {
      url: URL,
      api_version: '2026-10-28.endive',
      enabled_events: ['customer.updated', 'invoice.paid'],
      status: 'enabled',
      metadata: { switchyard_stage: 'staging' },
    },
  ])
  expect(accepted()).toEqual(secrets())
  expect(done).toHaveLength(1)
})

it('a second run changes nothing', async () => {
  await register()
  const before = structuredClone(stored)
  const { done, notes } = await register()
  expect([done, notes, stored]).toEqual([[], [], before])
  expect(endpoints()).toHaveLength(1)
})

it('puts address, types and status right in place, under the same secret', async () => {
  await register()
  const [endpoint] = endpoints()
  const before = accepted()
  if (endpoint)
    Object.assign(endpoint, { url: 'https://old.example', status: 'disabled', enabled_events: ['*'] })
  const { done } = await register({ events: ['invoice.paid'] })
  expect(endpoints()).toMatchObject([{ url: URL, status: 'enabled', enabled_events: ['invoice.paid'] }])
  expect(accepted()).toEqual(before)
  expect(done[0]).toContain(
    'it points to https://old.example; it is disabled; it sends *, which nobody wants',
  )
})

it('another API version needs another endpoint; the former one goes when its day is over', async () => {
  await register()
  const [old] = endpoints()
  if (old) old.api_version = '2025-03-31.basil'
  await register()
  expect(endpoints().map(({ api_version }) => api_version)).toEqual(['2025-03-31.basil', '2026-10-28.endive'])
  clock.advance(25 * HOUR * 1_000)
  await register()
  expect(endpoints().map(({ api_version }) => api_version)).toEqual(['2026-10-28.endive'])
})

describe('--rotate', () => {
  it('puts the new secret first, and accepts the old one until its endpoint goes', async () => {
    await register()
    const [first] = secrets()
    clock.advance(1_000)
    await register({ rotate: true })
    const [, second] = secrets()
    expect(accepted()).toEqual([second, first])

    clock.advance(23 * HOUR * 1_000)
    expect((await register()).notes[0]).toContain('goes with the next hub register after 2026-10-06T09:00Z')
    expect(accepted()).toEqual([second, first])

    clock.advance(2 * HOUR * 1_000)
    await register()
    expect(accepted()).toEqual([second])
    expect(secrets()).toEqual([second])
  })

  it('of a leaked secret leaves nothing', async () => {
    await register()
    const [leaked] = secrets()
    clock.advance(1_000)
    await register({ rotate: true, keepHours: 0 })
    expect(accepted()).toEqual(secrets())
    expect(accepted()).not.toContain(leaked)
  })
})

describe('a crash between any two steps', () => {
  const points = (steps: number) =>
    Array.from({ length: steps }, (_, index) => index + 1).flatMap((crashAt) => [
      { crashAt, after: false },
      { crashAt, after: true },
    ])

  // Make, store.
  it.each(points(2))('at step $crashAt (after its effect: $after) of a first registration', async (point) => {
    await expect(register(point)).rejects.toThrow()
    await register()
    expect(endpoints()).toHaveLength(1)
    expect(accepted()).toEqual(secrets())
  })

  // Make, store, tell the former endpoint when to go.
  it.each(points(3))('at step $crashAt (after its effect: $after) of a rotation', async (point) => {
    await register()
    clock.advance(1_000)
    await expect(register({ rotate: true, ...point })).rejects.toThrow()
    // Whatever happened, some endpoint delivers what the hub accepts.
    expect(accepted().some((secret) => secrets().includes(secret))).toBe(true)
    await register()
    clock.advance(25 * HOUR * 1_000)
    await register()
    expect(endpoints()).toHaveLength(1)
    expect(accepted()).toEqual(secrets())
    expect(await register()).toMatchObject({ done: [], notes: [] })
  })

  // Delete, take the secret off the list.
  it.each(points(2))(
    'at step $crashAt (after its effect: $after) of retiring the former endpoint',
    async (point) => {
      await register()
      clock.advance(1_000)
      await register({ rotate: true })
      clock.advance(25 * HOUR * 1_000)
      await expect(register(point)).rejects.toThrow()
      await register()
      expect(endpoints()).toHaveLength(1)
      expect(accepted()).toEqual(secrets())
    },
  )
})

it('leaves alone what is not its own: secrets by hand, other stages, strangers at the same address', async () => {
  stored = { signingSecrets: ['whsec_by_hand'], endpoints: {} }
  simulator.addEndpoint({ url: URL })
  simulator.addEndpoint({ url: 'https://prod.example', metadata: { switchyard_stage: 'production' } })
  const { notes } = await register()
  expect(endpoints()).toHaveLength(3)
  expect(accepted()).toHaveLength(2)
  expect(accepted()[1]).toBe('whsec_by_hand')
  expect(notes[0]).toContain('was not made by hub register')
})

it('wants each type once, sorted; and all where a connector takes all', () => {
  const manifest = (...events: string[]) => ({ routes: [{ events, root: 'invoice', id: 'id' }] }) as never
  expect(wantedEvents([manifest('invoice.paid', 'a.b'), manifest('invoice.paid')])).toEqual([
    'a.b',
    'invoice.paid',
  ])
  expect(wantedEvents([manifest('invoice.paid'), manifest('*')])).toEqual(['*'])
})
