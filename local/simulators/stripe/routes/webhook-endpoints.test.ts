// Webhook endpoints as Stripe keeps them, through the real SDK.
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStripeSimulator } from '../server.ts'

let server: { url: string; close(): Promise<void> }
let stripe: Stripe
beforeAll(async () => {
  server = await createStripeSimulator({ now: () => Date.UTC(2026, 9, 5), livemode: true }).listen()
  const { hostname, port } = new URL(server.url)
  stripe = new Stripe('sk_live_x', { host: hostname, port: Number(port), protocol: 'http' })
})
afterAll(() => server.close())

const url = 'https://hub.example/webhook'

it('tells the secret once, keeps the version it was made at, and hides nothing else', async () => {
  const made = await stripe.webhookEndpoints.create({
    url,
    enabled_events: ['invoice.paid'],
    api_version: '2026-10-28.endive' as never,
    metadata: { a: 'b' },
  })
  expect(made.secret).toMatch(/^whsec_/)
  const read = await stripe.webhookEndpoints.retrieve(made.id)
  expect(read.secret).toBeUndefined()
  expect(read).toMatchObject({ url, enabled_events: ['invoice.paid'], api_version: '2026-10-28.endive' })
  await expect(
    stripe.webhookEndpoints.update(made.id, { api_version: '2025-03-31.basil' } as never),
  ).rejects.toThrow('Received unknown parameter: api_version')
  expect((await stripe.webhookEndpoints.update(made.id, { disabled: true })).status).toBe('disabled')
  expect(await stripe.webhookEndpoints.del(made.id)).toMatchObject({ deleted: true })
})

it('without a version of its own goes by the account’s', async () => {
  expect((await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })).api_version).toBeNull()
})

it.each([
  ['http in live mode', { url: 'http://hub.example', enabled_events: ['*'] }, 'Invalid URL'],
  ['no address at all', { url: 'hub', enabled_events: ['*'] }, 'Invalid URL'],
  ['a malformed type', { url, enabled_events: ['Invoice Paid'] }, 'Invalid value'],
  ['all and one more', { url, enabled_events: ['*', 'invoice.paid'] }, "'*' stands for all events"],
  ['no types', { url, enabled_events: [] }, 'enabled_events'],
])('refuses %s', async (_, params, message) => {
  await expect(stripe.webhookEndpoints.create(params as never)).rejects.toThrow(message)
})

it('takes sixteen and no more', async () => {
  const { data } = await stripe.webhookEndpoints.list({ limit: 100 })
  for (let count = data.length; count < 16; count += 1)
    await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })
  await expect(stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })).rejects.toThrow(
    'maximum of 16',
  )
})
