import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Play, START, startPlay } from './play.fixture.ts'
import { eventBridgeEnvelope } from './webhooks.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

const endpoint = (options = {}) =>
  play.simulator.addEndpoint({ url: 'http://127.0.0.1:1/hook', secret: 'whsec_test', ...options })

describe('deliveries', () => {
  it('are signed so that the SDK accepts them, and only with the right secret', async () => {
    endpoint()
    await play.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' })
    const [delivery] = play.simulator.takeDeliveries()
    const header = delivery?.headers['stripe-signature'] ?? ''
    const body = delivery?.body ?? ''
    // The SDK's check looks at the real clock; a tolerance of 0 leaves only the signature to be checked.
    const event = play.stripe.webhooks.constructEvent(body, header, 'whsec_test', 0)
    expect(event).toMatchObject({
      type: 'customer.created',
      api_version: '2026-10-28.endive',
      created: START,
      livemode: false,
      pending_webhooks: 1,
      request: { idempotency_key: 'k' },
      data: { object: { name: 'Ada' } },
    })
    expect(header).toMatch(new RegExp(`^t=${START},v1=[0-9a-f]{64}$`))
    expect(() => play.stripe.webhooks.constructEvent(body, header, 'whsec_other', 0)).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    )
  })

  it('reach only endpoints that want the type', async () => {
    endpoint({ enabledEvents: ['product.created'] })
    await play.stripe.customers.create({})
    await play.stripe.products.create({ name: 'P' })
    expect(play.simulator.takeDeliveries().map((each) => each.type)).toEqual(['product.created'])
  })

  it('come back after a failure, later each time, and count as delivered only after a 2xx', async () => {
    endpoint()
    await play.stripe.customers.create({})
    play.simulator.takeDeliveries()[0]?.settle(500)
    expect(play.simulator.takeDeliveries()).toEqual([])
    play.to(START + 300)
    const [second] = play.simulator.takeDeliveries()
    expect(second).toMatchObject({ attempt: 2 })
    expect((await play.stripe.events.list({ delivery_success: false })).data).toHaveLength(1)
    second?.settle(204)
    expect((await play.stripe.events.list({ delivery_success: false })).data).toHaveLength(0)
    expect((await play.stripe.events.list({ delivery_success: true })).data).toHaveLength(1)
  })

  it('are doubled and disordered by the seed when asked', async () => {
    endpoint()
    for (let index = 0; index < 40; index++) await play.stripe.customers.create({ name: String(index) })
    const taken = play.simulator.takeDeliveries({ duplicates: 0.25, shuffle: 10 })
    const order = taken.map((each) => play.simulator.events.findIndex((event) => event.id === each.eventId))
    expect(new Set(order).size).toBe(40)
    expect(taken.length).toBeGreaterThan(43)
    expect(taken.length).toBeLessThan(60)
    expect(order).not.toEqual([...order].sort((a, b) => a - b))
  })

  it('are posted and settled by deliver()', async () => {
    const received: string[] = []
    const { createServer } = await import('node:http')
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        received.push(JSON.parse(body).type)
        response.writeHead(received.length === 1 ? 503 : 200).end()
      })
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    endpoint({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/` })
    await play.stripe.customers.create({})
    expect(await play.simulator.deliver()).toEqual({ delivered: 0, failed: 1 })
    play.to(START + DAY)
    expect(await play.simulator.deliver()).toEqual({ delivered: 1, failed: 0 })
    server.close()
  })
})

describe('other forms of an event', () => {
  it('delivers thin events that lead to the event and the object', async () => {
    endpoint({ thin: true })
    const customer = await play.stripe.customers.create({ name: 'Thin' })
    const [delivery] = play.simulator.takeDeliveries()
    const notification = play.stripe.parseEventNotification(
      delivery?.body ?? '',
      delivery?.headers['stripe-signature'] ?? '',
      'whsec_test',
      1e12,
    )
    expect(notification).toMatchObject({
      type: 'v1.customer.created',
      related_object: { id: customer.id, type: 'customer', url: `/v1/customers/${customer.id}` },
    })
    expect(await play.stripe.v2.core.events.retrieve(notification.id)).toMatchObject({
      id: notification.id,
      object: 'v2.core.event',
      snapshot_event: play.simulator.events[0]?.id,
    })
  })

  it('wraps an event as EventBridge carries it, and the SDK unwraps it', async () => {
    await play.stripe.customers.create({ name: 'Bridge' })
    const event = play.simulator.events[0]
    if (!event) throw new Error('no event')
    const envelope = eventBridgeEnvelope(event, {
      accountId: '123456789012',
      region: 'us-east-1',
      destination: 'ed_test_1',
    })
    expect(envelope).toMatchObject({
      source: 'aws.partner/stripe.com/ed_test_1',
      'detail-type': 'customer.created',
      time: '2026-09-01T00:00:00Z',
    })
    expect(play.stripe.webhooks.constructEventWithoutVerification(JSON.stringify(envelope))).toMatchObject({
      id: event.id,
      type: 'customer.created',
    })
  })

  it('keeps events for thirty days', async () => {
    await play.stripe.customers.create({})
    const id = play.simulator.events[0]?.id ?? ''
    play.to(START + 30 * DAY - 1)
    expect((await play.stripe.events.retrieve(id)).id).toBe(id)
    play.to(START + 30 * DAY)
    await expect(play.stripe.events.retrieve(id)).rejects.toMatchObject({ statusCode: 404 })
    expect((await play.stripe.events.list()).data).toEqual([])
  })
})
