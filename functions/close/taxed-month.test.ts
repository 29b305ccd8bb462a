// A month with tax over three simulated vendors, written by the real connectors: the seller is in New York, customers in Los
// Angeles and Berlin; one sale is credited, one voided, one issued at 23:30 on the month's last day. Then each system is
// changed by hand, and the difference is named.
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createAvalaraSimulator } from '../../local/simulators/avalara/avalara.ts'
import type { Listening } from '../../local/simulators/simulator.ts'
import { createStripeSimulator, type StripeSimulator } from '../../local/simulators/stripe/server.ts'
import type { Check } from '../../shared/close/check.ts'
import { type CloseReport, exitCodeOf } from '../../shared/close/close.ts'
import type { Connector } from '../../shared/connector/contract.ts'
import { isHubError } from '../../shared/errors.ts'
import { createStripeClient } from '../../shared/stripe/client.ts'
import { AvaTax } from '../connectors/avalara/client.ts'
import { avalaraConfigSchema } from '../connectors/avalara/config.ts'
import { createAvalara } from '../connectors/avalara/connector.ts'
import type { StripeRoot, TaxContext } from '../connectors/avalara/project.ts'
import { startAccount, TBA, type TestAccount } from '../connectors/netsuite/account.fixture.ts'
import { createNetSuiteClient } from '../connectors/netsuite/client.ts'
import { type Desk, deskOf } from '../connectors/netsuite/desk.fixture.ts'
import { configOf, fullConfig } from '../connectors/netsuite/objects.fixture.ts'
import type { Root } from '../connectors/netsuite/project.ts'
import { type CloseSources, closeMonth } from './close.ts'

const NEW_YORK = 'America/New_York'
const LOS_ANGELES = {
  line1: '1 Main St',
  city: 'Los Angeles',
  state: 'CA',
  postal_code: '90012',
  country: 'US',
}
const BERLIN = { line1: 'Linienstr. 1', city: 'Berlin', postal_code: '10115', country: 'DE' }

let account: TestAccount
let stripeSimulator: StripeSimulator
let stripe: Stripe
let desk: Desk
let connector: Connector<StripeRoot, TaxContext>
let servers: { stripe: Listening; netsuite: Listening; avalara: Listening }
const CONFIG = {
  ...fullConfig,
  timeZone: NEW_YORK,
  defaultItem: '801',
  creditItem: '801',
  customerSubsidiary: { default: 'us' },
}
const credentials = () => ({ accountId: '11', licenseKey: 'key', environment: servers.avalara.url })

beforeEach(async () => {
  account = await startAccount({}, Date.parse('2026-11-02T12:00:00Z'))
  const now = () => account.clock.now()
  stripeSimulator = createStripeSimulator({ now, seed: 7, apiKey: 'sk_test_1' })
  const avalara = createAvalaraSimulator({ now, companyCode: 'ACME', accountId: '11', licenseKey: 'key' })
  servers = {
    stripe: await stripeSimulator.listen(),
    netsuite: await account.simulator.listen(),
    avalara: await avalara.listen(),
  }
  stripe = createStripeClient({ apiKey: 'sk_test_1', baseUrl: servers.stripe.url })
  desk = deskOf(account, account.connect({ config: CONFIG, stripeUrl: servers.stripe.url }))
  connector = createAvalara({
    config: avalaraConfigSchema.parse({
      companyCode: 'ACME',
      sellerAddress: {
        line1: '1 Broadway',
        city: 'New York',
        region: 'NY',
        postalCode: '10004',
        country: 'US',
      },
      timeZone: NEW_YORK,
      taxCodes: { default: 'SW056000' },
    }),
    credentials: credentials(),
    stripe,
    clock: account.clock,
    livemode: false,
  })
})
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(Object.values(servers).map((server) => server.close()))
  await account[Symbol.asyncDispose]()
})

const goTo = (iso: string): void => {
  account.clock.advance(Date.parse(iso) - account.clock.now())
  stripeSimulator.runDue()
}

/** Gather, project and write, as the engine does it. */
async function tax(object: StripeRoot): Promise<void> {
  const [outcome] = await connector.gather([
    { ref: { type: object.object, id: object.id }, object, keep: undefined, known: {} },
  ])
  if (!outcome || isHubError(outcome)) throw outcome
  for (const record of connector.project(object, outcome.context)) {
    const [written] = await connector.write(record.kind, [{ record, references: {}, known: undefined }])
    if (isHubError(written)) throw written
  }
}

/** A draft, taxed and finalized; recorded in AvaTax and, unless told otherwise, posted. */
async function sell(address: Stripe.AddressParam, amount: number, currency: string): Promise<Stripe.Invoice> {
  const customer = await stripe.customers.create({ name: 'Ada', address })
  const { id } = await stripe.invoices.create({
    customer: customer.id,
    currency,
    collection_method: 'send_invoice',
    days_until_due: 30,
    auto_advance: false,
  })
  await stripe.invoiceItems.create({
    customer: customer.id,
    invoice: id,
    amount,
    currency,
    description: 'Work',
  })
  await tax(await stripe.invoices.retrieve(id))
  await stripe.invoices.finalizeInvoice(id, { auto_advance: false })
  const issued = await stripe.invoices.retrieve(id)
  await tax(issued)
  await desk.bring((await stripe.customers.retrieve(customer.id)) as unknown as Root)
  await desk.bring(issued as unknown as Root)
  return issued
}

async function judge(more: Partial<CloseSources> = {}): Promise<CloseReport> {
  vi.useFakeTimers({ toFake: ['Date'], now: account.clock.now() })
  const client = createNetSuiteClient(
    'TSTDRV1',
    { auth: 'tba', ...TBA, baseUrl: servers.netsuite.url },
    account.clock,
  )
  const events: Stripe.Event[] = []
  for await (const event of stripe.events.list({ limit: 100 })) events.push(event)
  return closeMonth({
    month: '2026-11',
    timeZone: NEW_YORK,
    clock: account.clock,
    stripe,
    netsuite: { client, config: configOf(CONFIG) },
    avatax: new AvaTax({ credentials: credentials(), companyCode: 'ACME' }),
    lake: async () =>
      events.map(({ type, data }) => ({ type, object_id: (data.object as { id?: string }).id ?? null })),
    ledger: { ledger: { troubled: async () => [] }, lanes: ['netsuite'] },
    ...more,
  })
}

const taxCheck = ({ checks }: CloseReport): Check => checks.find(({ id }) => id === 'tax') as Check
const breaks = ({ checks }: CloseReport): string[] =>
  checks.flatMap(({ id, breaks: found, unread }) => [
    ...found.map(
      ({ cause, object, currency, amountMinor }) => `${id} ${cause} ${object} ${currency} ${amountMinor}`,
    ),
    ...unread.map(({ why }) => `${id} unread: ${why}`),
  ])

test('three systems, two countries: Stripe = AvaTax = NetSuite by jurisdiction', async () => {
  const la = await sell(LOS_ANGELES, 100_00, 'usd')
  await sell(BERLIN, 100_00, 'eur')
  const voided = await sell(BERLIN, 50_00, 'eur')
  goTo('2026-11-10T12:00:00Z')
  await stripe.invoices.voidInvoice(voided.id)
  const gone = await stripe.invoices.retrieve(voided.id)
  await tax(gone)
  await desk.bring(gone as unknown as Root)
  // 04:30 UTC on 1 December is 23:30 on 30 November in New York.
  goTo('2026-12-01T04:30:00Z')
  await sell(LOS_ANGELES, 20_00, 'usd')
  goTo('2026-12-01T05:30:00Z')
  await sell(LOS_ANGELES, 999_00, 'usd')
  const report = await judge()
  expect(breaks(report)).toEqual([])
  expect([report.state, exitCodeOf(report)]).toEqual(['ties', 0])
  // 9.75 % of 100.00 is 9.75 in Los Angeles, of 20.00 it is 1.95; 19 % of 100.00 in Germany, and the void took back its own.
  expect(la.total).toBe(109_75)
  const { figures } = taxCheck(report)
  expect(figures.filter(({ label }) => label === 'all')).toEqual([
    { currency: 'EUR', label: 'all', amounts: { stripe: 19_00n, avatax: 19_00n, netsuite: 19_00n } },
    { currency: 'USD', label: 'all', amounts: { stripe: 11_70n, avatax: 11_70n, netsuite: 11_70n } },
  ])
  expect(figures.length).toBeGreaterThan(3)
  const uneven = figures.filter(({ amounts }) => new Set(Object.values(amounts)).size > 1)
  expect(uneven).toEqual([])
})

test('a document cancelled in AvaTax by hand, and one that was never posted', async () => {
  const sold = await sell(LOS_ANGELES, 100_00, 'usd')
  await sell(BERLIN, 100_00, 'eur')
  const avatax = new AvaTax({ credentials: credentials(), companyCode: 'ACME' })
  await avatax.cancel(sold.id, 'SalesInvoice')
  const [, german] = stripeSimulator.store.invoices.all()
  await account.byHand('DELETE', `record/v1/invoice/eid:${german?.id}`)
  goTo('2026-12-01T12:00:00Z')
  const report = await judge()
  expect(breaks(report)).toEqual([
    `posted not-posted invoice ${german?.number} EUR 11900`,
    `posted cancelled-in-avatax invoice ${sold.number} USD 975`,
    `tax tax-not-posted invoice ${german?.number} EUR -1900`,
    `tax tax-not-declared invoice ${sold.number} USD -975`,
    `receivables open-differs invoice ${german?.number} EUR -11900`,
    'deferred sales-differ invoiced net of tax EUR EUR -10000',
  ])
  expect(exitCodeOf(report)).toBe(1)
})
