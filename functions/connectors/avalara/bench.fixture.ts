// One connector with its two peers, started anew for each test, and the steps that the engine would take with it.
import type Stripe from 'stripe'
import { ManualClock } from '../../../shared/clock.ts'
import type { Connector, JsonObject, KnownRecord, RecordKey } from '../../../shared/connector/contract.ts'
import { type HubError, isHubError } from '../../../shared/errors.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { avalaraConfigSchema } from './config.ts'
import { createAvalara } from './connector.ts'
import { invoiceOf, lineOf, MARCH_31_EVENING, taxOf } from './objects.fixture.ts'
import { AvaTaxPeer, StripePeer } from './peers.fixture.ts'
import type { StripeRoot, TaxContext } from './project.ts'

export let stripePeer: StripePeer
export let avataxPeer: AvaTaxPeer
export let connector: Connector<StripeRoot, TaxContext>
export let clock: ManualClock
export let stripe: Stripe

export const config = avalaraConfigSchema.parse({
  companyCode: 'ACME',
  sellerAddress: { country: 'US', region: 'NY', postalCode: '10001' },
  timeZone: 'America/New_York',
  taxCodes: { byProduct: { prod_1: 'SW056000' } },
})

export async function startBench(): Promise<void> {
  stripePeer = new StripePeer()
  avataxPeer = new AvaTaxPeer()
  clock = new ManualClock((MARCH_31_EVENING + 5) * 1000)
  stripe = createStripeClient({ apiKey: 'rk_test_1', baseUrl: await stripePeer.start() })
  const credentials = { accountId: '1100012345', licenseKey: 'key', environment: await avataxPeer.start() }
  connector = createAvalara({ config, credentials, stripe, clock, livemode: false })
  stripePeer.objects.set('customers/cus_1', {
    id: 'cus_1', object: 'customer', metadata: {}, tax_exempt: 'none', shipping: null, tax_ids: { data: [] },
    address: { line1: '1 Main St', city: 'Los Angeles', state: 'CA', postal_code: '90012', country: 'US' },
  }) // biome-ignore format: one object
  stripePeer.objects.set('products/prod_1', { id: 'prod_1', object: 'product', metadata: {}, tax_code: null })
  stripePeer.objects.set('prices/price_1', { id: 'price_1', object: 'price', tax_behavior: 'exclusive' })
}
export async function stopBench(): Promise<void> {
  await stripePeer.stop()
  await avataxPeer.stop()
}

export const draft = (over: Parameters<typeof invoiceOf>[0] = {}) => {
  const invoice = invoiceOf(over)
  stripePeer.objects.set(`invoices/${invoice.id}`, structuredClone(invoice))
  return invoice
}
export const finalized = (over: Parameters<typeof invoiceOf>[0] = {}) =>
  draft({
    status: 'open',
    number: 'ACME-0001',
    total: 11000,
    status_transitions: {
      finalized_at: MARCH_31_EVENING,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
    lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(1000)] })],
    ...over,
  })

export async function gather(
  object: StripeRoot,
  keep?: JsonObject,
  known: Record<RecordKey, KnownRecord> = {},
) {
  const [outcome] = await connector.gather([
    { ref: { type: object.object, id: object.id }, object, keep, known },
  ])
  if (!outcome) throw new Error('no outcome')
  return outcome
}
export async function projected(object: StripeRoot, keep?: JsonObject) {
  const outcome = await gather(object, keep)
  if (isHubError(outcome)) throw outcome
  const [record] = connector.project(object, outcome.context)
  if (!record) throw new Error('nothing projected')
  return { record, keep: outcome.keep }
}
export async function write(
  record: { kind: string } & Awaited<ReturnType<typeof projected>>['record'],
  known?: KnownRecord,
) {
  const [outcome] = await connector.write(record.kind, [{ record, references: {}, known }])
  return outcome
}
export const sync = async (object: StripeRoot, known?: KnownRecord) =>
  write((await projected(object)).record, known)
export const failureOf = (outcome: unknown): HubError => {
  if (!isHubError(outcome)) throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`)
  return outcome
}
