import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSalesforceSimulator } from '../../../local/simulators/salesforce/server.ts'
import { type Listening, listen } from '../../../local/simulators/simulator.ts'
import type { Gathering, RemoteRecord } from '../../../shared/connector/contract.ts'
import { isHubError } from '../../../shared/errors.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { type SalesforceConfigInput, salesforceConfig } from './config.ts'
import { createSalesforce } from './connector.ts'
import { emptyContext, type Root } from './context.ts'
import * as stripe from './fixtures.ts'

// What Stripe answers in a test, by path and query; any other request is a 404.
let answers: Record<string, object>
let asked: string[]
let stripeServer: Listening
let salesforceServer: Listening
let simulator: ReturnType<typeof createSalesforceSimulator>

beforeEach(async () => {
  answers = {}
  asked = []
  const app = new Hono()
  app.get('*', (context) => {
    const { pathname, search } = new URL(context.req.url)
    const request = pathname.replace('/v1', '') + decodeURIComponent(search)
    asked.push(request)
    const answer = answers[request]
    if (answer) return context.json(answer)
    return context.json(
      { error: { type: 'invalid_request_error', code: 'resource_missing', message: request } },
      404,
    )
  })
  stripeServer = await listen(app)
  simulator = createSalesforceSimulator({
    now: () => stripe.NOVEMBER * 1000,
    clientId: 'id',
    clientSecret: 'secret',
  })
  salesforceServer = await simulator.listen()
})
afterEach(async () => {
  await stripeServer.close()
  await salesforceServer.close()
})

const connect = (input: Partial<SalesforceConfigInput> = {}) =>
  createSalesforce({
    config: salesforceConfig.parse({ createAccounts: 'never', ...input }),
    credentials: { loginUrl: salesforceServer.url, clientId: 'id', clientSecret: 'secret' },
    stripe: createStripeClient({ apiKey: 'sk_test_none', baseUrl: stripeServer.url }),
    clock: { now: () => stripe.NOVEMBER * 1000 },
    livemode: false,
  })

const list = (data: object[]) => ({ object: 'list', data, has_more: false, url: '/v1/list' })

const gathering = (object: Root): Gathering<Root> => ({
  ref: { type: object.object, id: object.id },
  object,
  keep: undefined,
  known: {},
})

async function projectGathered(connector: ReturnType<typeof connect>, root: Root): Promise<RemoteRecord[]> {
  const [gathered] = await connector.gather([gathering(root)])
  if (!gathered || isHubError(gathered)) throw gathered
  return connector.project(root, gathered.context)
}

describe('failed payments', () => {
  const path = '/invoice_payments?invoice=in_1&limit=100&expand[0]=data.payment.payment_intent'
  const failing = stripe.invoice({ attempt_count: 2 })

  it('gives the code of the newest failure while the invoice is open', async () => {
    const last_payment_error = {
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      message: 'Card 4242 …',
    }
    answers[path] = list([
      {
        id: 'inpay_0',
        is_default: false,
        payment: { payment_intent: { id: 'pi_0', last_payment_error: null } },
      },
      { id: 'inpay_1', is_default: true, payment: { payment_intent: { id: 'pi_1', last_payment_error } } },
    ])
    const [record] = await projectGathered(connect(), failing)
    expect(record?.body).toMatchObject({
      Attempt_Count__c: 2,
      Last_Payment_Error__c: 'card_declined (insufficient_funds)',
    })
  })

  it('asks nothing of an invoice that never failed or is paid, and clears the code then', async () => {
    const [paid] = await projectGathered(connect(), stripe.invoice({ attempt_count: 2, status: 'paid' }))
    expect(paid?.body.Last_Payment_Error__c).toBeNull()
    await projectGathered(connect(), stripe.invoice())
    expect(asked).toEqual([])
  })

  it('returns a failed read for that object alone', async () => {
    const outcomes = await connect().gather([gathering(failing), gathering(stripe.product())])
    expect(outcomes.map(isHubError)).toEqual([true, false])
  })
})

describe('refunds', () => {
  const payments =
    '/invoice_payments?payment[type]=payment_intent&payment[payment_intent]=pi_1&limit=100&expand[0]=data.invoice'

  it('finds customer, invoice and credit note through the payment', async () => {
    answers[payments] = list([
      { id: 'inpay_1', invoice: { id: 'in_1', object: 'invoice', customer: 'cus_1' } },
    ])
    answers['/credit_notes?invoice=in_1&limit=100'] = list([
      { id: 'cn_0', refunds: [{ refund: 're_9', amount_refunded: 1 }] },
      { id: 'cn_1', refunds: [{ refund: 're_1', amount_refunded: 6000 }] },
    ])
    const [record] = await projectGathered(connect(), stripe.refund())
    expect(record?.body).toMatchObject({
      Customer__c: { $record: 'Stripe_Customer__c/cus_1' },
      Invoice__c: { $record: 'Stripe_Invoice__c/in_1' },
      Credit_Note__c: { $record: 'Stripe_Credit_Note__c/cn_1' },
    })
  })

  it('names no invoice where a payment covered several and no credit note tells', async () => {
    answers[payments] = list(
      ['in_1', 'in_2'].map((id) => ({
        id: `inpay_${id}`,
        invoice: { id, object: 'invoice', customer: 'cus_1' },
      })),
    )
    answers['/credit_notes?invoice=in_1&limit=100'] = list([])
    answers['/credit_notes?invoice=in_2&limit=100'] = list([])
    const [record] = await projectGathered(connect(), stripe.refund())
    expect(record?.body).toMatchObject({
      Customer__c: { $record: 'Stripe_Customer__c/cus_1' },
      Invoice__c: null,
      Credit_Note__c: null,
    })
  })
})

describe('disputes', () => {
  const payments =
    '/invoice_payments?payment[type]=payment_intent&payment[payment_intent]=pi_1&limit=100&expand[0]=data.invoice'
  const paid = (id: string, status: string) => ({
    id: `inpay_${id}`,
    status,
    invoice: { id, object: 'invoice' },
  })

  it('name the invoice that was paid, not one that the payment never reached', async () => {
    answers[payments] = list([paid('in_2', 'canceled'), paid('in_1', 'paid')])
    const [record] = await projectGathered(connect(), stripe.dispute())
    expect(record?.body.Invoice__c).toEqual({ $record: 'Stripe_Invoice__c/in_1' })
  })

  it('name none where the payment paid several', async () => {
    answers[payments] = list([paid('in_2', 'paid'), paid('in_1', 'paid')])
    const [record] = await projectGathered(connect(), stripe.dispute())
    expect(record?.body).toMatchObject({
      Invoice__c: null,
      Customer__c: { $record: 'Stripe_Customer__c/cus_1' },
      Amount__c: '1130.50',
    })
  })
})

describe('discounts and long item lists', () => {
  const discount = (id: string, coupon: string) => ({
    id,
    object: 'discount',
    source: { type: 'coupon', coupon },
  })

  it('reads a discounted subscription once, a coupon once for all, and leaves out once-only ones', async () => {
    const root = stripe.subscription({ discounts: ['di_1', 'di_2', 'di_3'] })
    answers['/subscriptions/sub_1?expand[0]=discounts&expand[1]=items.data.discounts'] = {
      ...root,
      discounts: [discount('di_1', 'quarter'), discount('di_2', 'welcome'), discount('di_3', 'deleted')],
    }
    answers['/coupons/quarter?expand[0]=applies_to'] = { id: 'quarter', percent_off: 25, duration: 'forever' }
    answers['/coupons/welcome?expand[0]=applies_to'] = { id: 'welcome', percent_off: 50, duration: 'once' }
    const connector = connect()
    const [record] = await projectGathered(connector, root)
    // 3 × 19.99 × 0.75 = 44.9775
    expect(record?.body.MRR__c).toBe('44.98')
    await projectGathered(connector, root)
    expect(asked.filter((path) => path.startsWith('/coupons/quarter'))).toHaveLength(1)
    const expanded = { ...root, discounts: [discount('di_1', 'quarter')] }
    const [customer] = await projectGathered(connector, stripe.customer({ subscriptions: list([expanded]) }))
    expect(customer?.body.MRR__c).toBe('44.98')
    expect(asked.filter((path) => path.startsWith('/subscriptions'))).toHaveLength(2)
  })

  it('fetches the items that a customer’s subscription lists only in part', async () => {
    const cut = { ...stripe.subscription(), items: { ...list([stripe.item()]), has_more: true } }
    answers['/subscription_items?subscription=sub_1&limit=100'] = list([
      stripe.item(),
      stripe.item({ id: 'si_2', quantity: 1 }),
    ])
    const [customer] = await projectGathered(connect(), stripe.customer({ subscriptions: list([cut]) }))
    expect(customer?.body.MRR__c).toBe('79.96')
  })
})

describe('create-only fields', () => {
  it('asks Salesforce what stands when the ledger does not know', async () => {
    const connector = connect({
      fields: { Product2: { ProductCode: { from: 'metadata.sku', owner: 'create-only' } } },
    })
    const root = stripe.product({ metadata: { sku: 'T-1' } })
    const [first] = await projectGathered(connector, root)
    expect(first?.body.ProductCode).toBe('T-1')
    if (!first) return
    await connector.write('Product2', [{ record: first, references: {}, known: undefined }])
    const [again] = await projectGathered(connector, root)
    expect(again?.body).not.toHaveProperty('ProductCode')
    expect((await connector.read('Product2', ['prod_1']))[0]?.body).toEqual(again?.body)
    const calls = simulator.usedToday()
    const known = { 'Product2/prod_1': { remoteId: 'x' } } as const
    const [gathered] = await connector.gather([{ ...gathering(root), known }])
    expect(gathered).toMatchObject({ context: { ...emptyContext, existing: ['Product2/prod_1'] } })
    expect(simulator.usedToday()).toBe(calls)
  })
})
