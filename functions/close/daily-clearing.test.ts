// The morning's look at the clearing accounts over the whole local hub: the real connectors post, the real readers read.
// Los Angeles is taxed at 9.75 %; Stripe keeps 2.9 % and 0.30 of each card payment.
import { afterAll, beforeAll, expect, it } from 'vitest'
import hubConfig from '../../hub.config.ts'
import { NETSUITE } from '../../local/hub/credentials.ts'
import type { LogLine } from '../../shared/log.ts'
import { Stage } from '../../test/scenario/stage.ts'
import { sellerZone } from '../connectors/hub.ts'
import { createNetSuiteClient } from '../connectors/netsuite/client.ts'
import { checkDailyClearing } from './daily-clearing.ts'

const ON_CARD = { collection_method: 'charge_automatically' } as const
const { connectors } = hubConfig('local')
let stage: Stage
let invoice: string

/** One card payment of 109.75 on 5 October, and the night passes. The tests build on each other. */
beforeAll(async () => {
  stage = await Stage.open()
  const customer = await stage.customer()
  invoice = await stage.bill(customer, [{ unit: 10_000 }], ON_CARD)
  await stage.play(24)
})
afterAll(() => stage.close())

const booksOf = ({ hub, clock }: Stage) => {
  const { netsuite } = connectors
  if (!netsuite) throw new Error('the local stage keeps books')
  const credentials = {
    auth: 'oauth2' as const,
    ...NETSUITE,
    privateKey: hub.vendors.netsuitePrivateKey,
    algorithm: 'ES256' as const,
    baseUrl: hub.vendors.urls.netsuite,
  }
  return { client: createNetSuiteClient(netsuite.account, credentials, clock), config: netsuite }
}

async function look(): Promise<LogLine[]> {
  const lines: LogLine[] = []
  const { stripe, clock } = stage
  await checkDailyClearing({
    stripe,
    netsuite: booksOf(stage),
    timeZone: sellerZone({ connectors }),
    clock,
    log: (line) => lines.push(line),
  })
  return lines
}

it('says per currency what Stripe holds, what the books should and what they do hold, and counts no difference', async () => {
  const lines = await look()
  expect(lines).toMatchObject([
    {
      line: 'clearing',
      currency: 'USD',
      until: '2026-10-05',
      // 109.75 less the fee of 3.48, which is posted with the payout that holds it.
      stripe: '106.27',
      expected: '109.75',
      netsuite: '109.75',
      difference: '0.00',
      ClearingDifference: 0,
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'Switchyard',
            Dimensions: [['currency']],
            Metrics: [{ Name: 'ClearingDifference', Unit: 'None' }],
          },
        ],
      },
    },
    {
      line: 'clearing-check',
      until: '2026-10-05',
      state: 'ties',
      breaks: 0,
      found: [],
      ClearingBreaks: 0,
      _aws: {
        CloudWatchMetrics: [{ Dimensions: [[]], Metrics: [{ Name: 'ClearingBreaks', Unit: 'Count' }] }],
      },
    },
  ])
})

it('looks as far as the last midnight of the seller: what moves today has its day', async () => {
  const customer = await stage.customer()
  const today = await stage.bill(customer, [{ unit: 20_000 }], ON_CARD)
  // 6 October, 02:00 in Los Angeles; no webhook has come yet, so today's payment is in Stripe and not in the books.
  await stage.stripe.invoices.finalizeInvoice(today)
  await stage.stripe.invoices.pay(today)
  const [usd, whole] = await look()
  expect(usd).toMatchObject({ until: '2026-10-05', stripe: '106.27', netsuite: '109.75' })
  expect(whole).toMatchObject({ state: 'ties', ClearingBreaks: 0 })
})

it('what cannot be read is no tie: no count of differences, and the error that makes Lambda ask again', async () => {
  stage.vendors.netsuite.faults.add({ effect: 'unavailable', times: 100 })
  const lines: LogLine[] = []
  const { stripe, clock } = stage
  const sources = { stripe, netsuite: booksOf(stage), timeZone: 'America/Los_Angeles', clock }
  await expect(checkDailyClearing({ ...sources, log: (line) => lines.push(line) })).rejects.toMatchObject({
    kind: 'transient',
    code: 'CLEARING-UNREAD',
    message: expect.stringMatching(
      /^The clearing accounts were not compared with the Stripe balance of 2026-10-05: /,
    ),
  })
  expect(lines).toEqual([
    {
      line: 'clearing-check',
      until: '2026-10-05',
      state: 'unknown',
      source: 'NetSuite',
      code: expect.stringMatching(/^NS-/),
    },
  ])
  stage.vendors.netsuite.faults.clear()
})

it('a payment that somebody deletes in the books is named the next morning, with its amount', async () => {
  const [payment] = (await stage.stripe.invoicePayments.list({ invoice })).data
  const externalId = payment?.id ?? ''
  await booksOf(stage).client.call({
    method: 'DELETE',
    path: `record/v1/customerPayment/eid:${externalId}`,
    what: 'delete a payment by hand',
    changes: true,
  })
  const [usd, whole] = await look()
  expect(usd).toMatchObject({
    expected: '109.75',
    netsuite: '0.00',
    difference: '-109.75',
    ClearingDifference: 10_975,
  })
  expect(whole).toMatchObject({
    state: 'differs',
    ClearingBreaks: 1,
    found: [{ object: externalId, cause: 'clearing-missing', currency: 'USD', amount: '-109.75' }],
  })
})
