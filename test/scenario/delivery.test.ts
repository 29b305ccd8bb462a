// The way of an event into the hub: doubled, late, shuffled, lost, thin, old, or by EventBridge, the books are the same.
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventBridgeEnvelope } from '../../local/simulators/stripe/webhooks.ts'
import { Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open()
})
afterAll(() => stage.close())

const DAY_HOURS = 24
const PAID_IN_FULL = {
  stripe: ['paid 10975 usd, open 0'],
  netsuite: ['customerPayment 109.75 US Dollar', 'invoice 109.75 US Dollar, open 0'],
  salesforce: ['invoice paid 109.75 USD, open 0', 'payment 109.75 USD'],
  avalara: ['SalesInvoice Committed 100 + 9.75 USD'],
  lake: ['paid 10975 usd, open 0'],
  trouble: [],
}

/** An invoice of 100.00 that is taxed and sent. */
const billed = async (customer: { id: string }): Promise<string> => {
  const id = await stage.bill(customer, [{ unit: 10_000 }])
  await stage.playMinutes(5)
  return id
}

/** What NetSuite and Salesforce show of a customer itself. */
const shown = (id: string) => {
  const inSalesforce = stage.vendors.salesforce
    .records('Stripe_Customer__c')
    .find((row) => row.Stripe_Id__c === id)
  const inNetSuite = stage.vendors.netsuite.find('customer', id)
  return {
    netsuite: [inNetSuite?.companyName, inNetSuite?.isInactive ?? false],
    salesforce: [inSalesforce?.Name, inSalesforce?.Deleted__c],
  }
}

it('webhooks come twice, late and shuffled', async () => {
  const answers: string[] = []
  /** For a minute: the older half is refused and comes back later; the newer one comes backwards, each event twice. */
  const deliverBadly = () =>
    stage.workAlone(1, async () => {
      const due = stage.takeWebhooks()
      const late = due.splice(0, Math.floor(due.length / 2))
      for (const delivery of late) delivery.settle(503)
      for (const delivery of due.reverse())
        answers.push(await stage.post(delivery), await stage.post(delivery))
    })
  const customer = await stage.customer()
  const paid = await stage.bill(customer, [{ unit: 10_000 }])
  const voided = await stage.bill(customer, [{ unit: 20_000 }])
  await deliverBadly()
  await stage.stripe.customers.update(customer.id, { name: 'Acorn Analytics Inc.' })
  await stage.stripe.invoices.pay(paid)
  await stage.stripe.invoices.voidInvoice(voided)
  const note = await stage.creditFirstLine(paid, { refund_amount: 10_975 })
  await deliverBadly()
  // Now the drafts of before, when everything is long paid, voided and refunded.
  await stage.play(2)

  expect(answers.filter((answer) => answer === '200 duplicate')).toHaveLength(answers.length / 2)
  expect(answers.length).toBeGreaterThan(20)
  expect(shown(customer.id).netsuite).toEqual(['Acorn Analytics Inc.', false])
  expect(note.total).toBe(10_975)
  expect(await stage.standing(customer)).toEqual({
    stripe: ['paid 10975 usd, open 0', 'void 21950 usd, open 21950'],
    netsuite: [
      'creditMemo 109.75 US Dollar, unapplied 0',
      'creditMemo 219.5 US Dollar, unapplied 0',
      'customerPayment 109.75 US Dollar',
      'customerRefund 109.75 US Dollar',
      'invoice 109.75 US Dollar, open 0',
      'invoice 219.5 US Dollar, open 0',
    ],
    salesforce: [
      'credit note 109.75 USD, refunded 109.75',
      'invoice paid 109.75 USD, open 0',
      'invoice void 219.5 USD, open 219.5',
      'payment 109.75 USD',
      'refund succeeded 109.75 USD',
    ],
    avalara: [
      'ReturnInvoice Committed -100 + -9.75 USD',
      'SalesInvoice Cancelled 200 + 19.5 USD',
      'SalesInvoice Committed 100 + 9.75 USD',
    ],
    lake: ['paid 10975 usd, open 0', 'void 21950 usd, open 21950'],
    trouble: [],
  })
})

it('a webhook is lost and the sweep finds it', async () => {
  const customer = await stage.customer()
  const id = await billed(customer)
  await stage.stripe.invoices.pay(id)
  const lost = stage.takeWebhooks().map(({ eventId }) => eventId)
  await stage.play(3)
  expect((await stage.standing(customer)).netsuite).toEqual(['invoice 109.75 US Dollar, open 109.75'])

  const report = await stage.hub.runSweep()
  expect([...report.recovered].sort()).toEqual([...lost].sort())
  // Everything else had arrived and ended: nothing is sent a second time.
  expect(report).toMatchObject({ resent: 0, touched: 0 })
  await stage.playMinutes(2)
  expect(await stage.standing(customer)).toEqual(PAID_IN_FULL)
})

it('a deleted customer stays deleted', async () => {
  const customer = await stage.customer({ name: 'Cobalt Cargo' })
  await stage.stripe.invoices.pay(await billed(customer))
  await stage.playMinutes(2)
  await stage.stripe.customers.update(customer.id, { name: 'Cobalt Cargo Ltd' })
  const late = stage.takeWebhooks()
  stage.clock.advance(60_000)
  await stage.stripe.customers.del(customer.id)
  await stage.playMinutes(2)
  const deleted = { netsuite: ['Cobalt Cargo', true], salesforce: ['Cobalt Cargo', true] }
  expect(shown(customer.id)).toEqual(deleted)

  // Older than the deletion, and signed while it was still fresh.
  for (const delivery of late) expect(await stage.post(delivery)).toBe('200 accepted')
  await stage.playMinutes(2)
  expect(shown(customer.id)).toEqual(deleted)
  for (const { eventId } of late) {
    expect([await stage.ended(eventId, 'netsuite'), await stage.ended(eventId, 'salesforce')]).toEqual([
      'superseded',
      'superseded',
    ])
  }
})

it('a thin event', async () => {
  const customer = await stage.customer()
  const id = await billed(customer)
  const endpoint = stage.vendors.stripe.addEndpoint({
    url: `${stage.hub.frontDoor.url}/stripe/webhook`,
    secret: 'whsec_switchyard_local',
    thin: true,
  })
  await stage.stripe.invoices.pay(id)
  await stage.stripe.customers.update(customer.id, { name: 'Thin Air' })
  const thin = stage.takeWebhooks().filter(({ endpointId }) => endpointId === endpoint.id)
  await stage.stripe.webhookEndpoints.del(endpoint.id)
  expect(thin.every(({ body }) => !body.includes('Thin Air'))).toBe(true)
  for (const delivery of thin) expect(await stage.post(delivery)).toBe('200 accepted')
  await stage.playMinutes(2)
  expect(shown(customer.id)).toEqual({ netsuite: ['Thin Air', false], salesforce: ['Thin Air', false] })
  expect(await stage.standing(customer)).toEqual(PAID_IN_FULL)
})

it('an event of an older API version', async () => {
  const customer = await stage.customer()
  const id = await billed(customer)
  await stage.stripe.invoices.pay(id)
  const lost = stage.takeWebhooks()
  const paid = lost.find(({ type }) => type === 'invoice.paid')
  const payment = lost.find(({ type }) => type === 'invoice_payment.paid')
  if (!paid || !payment) throw new Error('nothing was paid')
  const event = JSON.parse(paid.body)
  // As a webhook endpoint of before basil would have rendered it: other fields, and an amount nobody may trust.
  const { parent: _parent, total_taxes: _taxes, ...object } = event.data.object
  const old = {
    ...object,
    paid: true,
    subscription: null,
    charge: 'ch_old',
    tax: 1,
    total: 1,
    amount_paid: 1,
  }
  expect(await stage.postSigned({ ...event, api_version: '2024-06-20', data: { object: old } })).toBe(
    '200 accepted',
  )
  expect(await stage.post(payment)).toBe('200 accepted')
  await stage.playMinutes(2)
  expect(await stage.standing(customer)).toEqual(PAID_IN_FULL)
})

it("EventBridge's envelope through the intake queue", async () => {
  const customer = await stage.customer()
  const id = await stage.bill(customer, [{ unit: 10_000 }], { collection_method: 'charge_automatically' })
  const intake = stage.hub.aws.sqs.queue('intake')
  if (!intake) throw new Error('no intake queue')
  const sqs = new SQSClient(stage.hub.aws.clients.sqs)
  const throughEventBridge = () =>
    stage.workAlone(1, async () => {
      const due = new Set(stage.takeWebhooks().map(({ eventId }) => eventId))
      for (const event of stage.vendors.stripe.events.filter((each) => due.has(each.id))) {
        const envelope = eventBridgeEnvelope(event, {
          accountId: '123456789012',
          region: 'us-east-1',
          destination: 'ed_test_1',
        })
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: stage.hub.aws.sqs.queueUrl(intake),
            MessageBody: JSON.stringify(envelope),
          }),
        )
      }
    })
  await throughEventBridge()
  expect(await stage.stripe.invoices.retrieve(id)).toMatchObject({ status: 'open', total: 10_975 })
  const answered = stage.player.deliveries.sent
  await stage.stripe.invoices.pay(id)
  await throughEventBridge()
  await stage.playMinutes(2)
  // Not one of its events came as a webhook.
  expect(stage.player.deliveries.sent).toBe(answered)
  expect(await stage.standing(customer)).toEqual(PAID_IN_FULL)
  sqs.destroy()
})

it('an event that Stripe already forgot', async () => {
  const customer = await stage.customer({ name: 'Old Name' })
  await stage.stripe.invoices.pay(await billed(customer))
  await stage.playMinutes(2)
  await stage.stripe.customers.update(customer.id, { name: 'Forgotten Name' })
  const [forgotten] = stage.takeWebhooks().filter(({ type }) => type === 'customer.updated')
  if (!forgotten) throw new Error('no update')
  await stage.play(31 * DAY_HOURS)
  await expect(stage.stripe.events.retrieve(forgotten.eventId)).rejects.toThrow(/No such event/)
  // Nobody can find it any more; the next event about the customer makes it good.
  expect((await stage.hub.runSweep()).recovered).toEqual([])
  expect(shown(customer.id).netsuite).toEqual(['Old Name', false])
  await stage.stripe.customers.update(customer.id, { name: 'Name of Today' })
  await stage.playMinutes(2)
  const today = { netsuite: ['Name of Today', false], salesforce: ['Name of Today', false] }
  expect(shown(customer.id)).toEqual(today)

  // Replayed from somebody's archive, 31 days old: taken, and older than what stands.
  expect(await stage.postSigned(JSON.parse(forgotten.body))).toBe('200 accepted')
  await stage.playMinutes(2)
  expect(shown(customer.id)).toEqual(today)
  expect(await stage.ended(forgotten.eventId, 'netsuite')).toBe('superseded')
})
