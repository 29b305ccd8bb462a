// What the hub is told when people accept, reopen and delete quotes, and how it is signed.
import { createHmac } from 'node:crypto'
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Listening, listen } from '../simulator.ts'
import { type Org, openOrg, putDeal } from './org.fixture.ts'

let org: Org
let hub: Listening
let received: { signature: string; body: string }[]
let status: 202 | 503

beforeEach(async () => {
  org = await openOrg()
  received = []
  status = 202
  const app = new Hono()
  app.post('/salesforce/quotes', async (context) => {
    received.push({
      signature: context.req.header('Switchyard-Signature') ?? '',
      body: await context.req.text(),
    })
    return context.body(null, status)
  })
  hub = await listen(app)
  org.simulator.pushQuotesTo({ url: hub.url, secret: 'whsec_test' })
})
afterEach(async () => {
  await hub.close()
  await org.server.close()
})

it('names an accepted quote once, signed over time and body', async () => {
  const { quoteId } = putDeal(org)
  org.simulator.change(quoteId, { Status: 'Presented' })
  org.simulator.closeQuote(quoteId)
  org.simulator.change(quoteId, { Description: 'thanks' })
  await org.simulator.pushesSettled()
  expect(received).toHaveLength(1)
  const [{ signature, body } = { signature: '', body: '' }] = received
  expect(JSON.parse(body)).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    type: 'quote.accepted',
    quoteId,
    object: 'Quote',
    orgId: '00DHu000000SimAMAS',
  })
  // The org's clock stands at 2026-05-01T10:30:00Z.
  const expected = createHmac('sha256', 'whsec_test').update(`1777631400.${body}`).digest('hex')
  expect(signature).toBe(`t=1777631400,v1=${expected}`)
})

it('is not told what the hub itself changes', async () => {
  const { quoteId } = putDeal(org)
  await org.connection.sobject('Quote').update({ Id: quoteId, Status: 'Accepted' })
  await org.simulator.pushesSettled()
  expect(received).toEqual([])
})

it('is told of a quote that runs in Stripe and is reopened or deleted, and of no other', async () => {
  const { quoteId, opportunityId } = putDeal(org)
  const draft = org.simulator.put('Quote', { Name: 'Draft', OpportunityId: opportunityId })
  org.simulator.remove(draft)
  org.simulator.closeQuote(quoteId)
  await org.connection.sobject('Quote').update({ Id: quoteId, Stripe_Schedule_Id__c: 'sub_sched_1' })
  org.simulator.change(quoteId, { Status: 'Draft' })
  org.simulator.change(quoteId, { Description: 'again' })
  org.simulator.remove(quoteId)
  await org.simulator.pushesSettled()
  expect(received.map(({ body }) => JSON.parse(body).type).sort()).toEqual([
    'quote.accepted',
    'quote.deleted',
    'quote.reopened',
  ])
})

it('takes a CPQ quote for closed when it is accepted and primary', async () => {
  const { accountId } = putDeal(org)
  const quote = org.simulator.put('SBQQ__Quote__c', { SBQQ__Account__c: accountId })
  org.simulator.change(quote, { SBQQ__Status__c: 'Accepted' })
  await org.simulator.pushesSettled()
  expect(received).toEqual([])
  org.simulator.change(quote, { SBQQ__Primary__c: true })
  await org.simulator.pushesSettled()
  expect(received.map(({ body }) => JSON.parse(body))).toMatchObject([
    { type: 'quote.accepted', quoteId: quote, object: 'SBQQ__Quote__c' },
  ])
})

it('tries again what did not arrive, with the same body, until it does', async () => {
  const { quoteId } = putDeal(org)
  status = 503
  org.simulator.closeQuote(quoteId)
  await org.simulator.pushesSettled()
  status = 202
  org.simulator.retryPushes()
  await org.simulator.pushesSettled()
  org.simulator.retryPushes()
  await org.simulator.pushesSettled()
  expect(received).toHaveLength(2)
  expect(new Set(received.map(({ body }) => body)).size).toBe(1)
  expect(org.simulator.pushes).toMatchObject([{ type: 'quote.accepted', answers: [503, 202] }])
})
