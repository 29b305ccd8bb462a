// A month with tax over three simulated vendors, written by the real connectors: the seller is in New York, customers in Los
// Angeles and Berlin; one sale is credited, one voided, one issued at 23:30 on the month's last day. Then each system is
// changed by hand, and the difference is named.
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Listening } from '../../local/simulators/simulator.ts'
import type { Check } from '../../shared/close/check.ts'
import { type CloseReport, exitCodeOf } from '../../shared/close/close.ts'
import type { Connector } from '../../shared/connector/contract.ts'
import { AvaTax } from '../connectors/avalara/client.ts'
import { syncObject } from '../connectors/avalara/engine-steps.fixture.ts'
import type { StripeRoot, TaxContext } from '../connectors/avalara/project.ts'
import {
  BERLIN,
  LOS_ANGELES,
  type StripeAndAvaTax,
  startStripeAndAvaTax,
} from '../connectors/avalara/stripe-and-avatax.fixture.ts'
import { startAccount, TBA, type TestAccount } from '../connectors/netsuite/account.fixture.ts'
import { createNetSuiteClient } from '../connectors/netsuite/client.ts'
import { type Desk, deskOf } from '../connectors/netsuite/desk.fixture.ts'
import { configOf, fullConfig } from '../connectors/netsuite/objects.fixture.ts'
import type { Root } from '../connectors/netsuite/project.ts'
import { type CloseSources, closeMonth } from './close.ts'

const NEW_YORK = 'America/New_York'

let account: TestAccount
let vendors: StripeAndAvaTax
let netsuite: Listening
let stripe: Stripe
let desk: Desk
let connector: Connector<StripeRoot, TaxContext>
const CONFIG = {
  ...fullConfig,
  timeZone: NEW_YORK,
  defaultItem: '801',
  creditItem: '801',
  customerSubsidiary: { default: 'us' },
}

beforeEach(async () => {
  account = await startAccount({}, Date.parse('2026-11-02T12:00:00Z'))
  vendors = await startStripeAndAvaTax(account.clock)
  stripe = vendors.stripe
  netsuite = await account.simulator.listen()
  desk = deskOf(account, account.connect({ config: CONFIG, stripeUrl: vendors.stripeUrl }))
  connector = vendors.connect()
})
afterEach(async () => {
  vi.useRealTimers()
  await vendors.close()
  await netsuite.close()
  await account[Symbol.asyncDispose]()
})

const goTo = (iso: string): void => {
  account.clock.advance(Date.parse(iso) - account.clock.now())
  vendors.stripeSimulator.runDue()
}

async function tax(object: StripeRoot): Promise<void> {
  const { trouble } = await syncObject(connector, object)
  if (trouble) throw trouble
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
    { auth: 'tba', ...TBA, baseUrl: netsuite.url },
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
    avatax: new AvaTax({ credentials: vendors.credentials, companyCode: 'ACME' }),
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

test('an amount credited without tax takes back none in any of the three, a credited line its own in all', async () => {
  const la = await sell(LOS_ANGELES, 100_00, 'usd')
  const credit = async (params: Omit<Stripe.CreditNoteCreateParams, 'invoice'>) => {
    const note = await stripe.creditNotes.create({ invoice: la.id, ...params })
    await tax(note)
    await desk.bring(note as unknown as Root)
    return note
  }
  const amount = await credit({ amount: 30_00 })
  expect(amount).toMatchObject({ total: 30_00, total_taxes: [] })
  const [line] = la.lines.data
  // 9.75 % of 20.00 is 1.95, by jurisdiction 1.20 + 0.05 + 0.20 + 0.50.
  const parts = [1_20, 5, 20, 50]
  const tax_amounts = (line?.taxes ?? []).map(({ tax_rate_details }, index) => ({
    amount: parts[index] ?? 0,
    taxable_amount: 20_00,
    tax_rate: tax_rate_details?.tax_rate ?? '',
  }))
  const part = {
    type: 'invoice_line_item',
    invoice_line_item: line?.id ?? '',
    amount: 20_00,
    tax_amounts,
  } as const
  await credit({ lines: [part] })
  expect(
    vendors
      .documents()
      .slice(1)
      .map((document) => document.split(' ').slice(1).join(' ')),
  ).toEqual(['ReturnInvoice Committed 2026-11-02 -30 0', 'ReturnInvoice Committed 2026-11-02 -20 -1.95'])
  goTo('2026-12-01T12:00:00Z')
  const report = await judge()
  expect(breaks(report)).toEqual([])
  expect(taxCheck(report).figures.find(({ label }) => label === 'all')).toEqual({
    currency: 'USD',
    label: 'all',
    amounts: { stripe: 7_80n, avatax: 7_80n, netsuite: 7_80n },
  })
})

test('voided in the next month after a part was credited: each month owes its own in all three', async () => {
  const la = await sell(LOS_ANGELES, 100_00, 'usd')
  const [line] = la.lines.data
  // 9.75 % of 20.00 is 1.95, by jurisdiction 1.20 + 0.05 + 0.20 + 0.50.
  const parts = [1_20, 5, 20, 50]
  const tax_amounts = (line?.taxes ?? []).map(({ tax_rate_details }, index) => ({
    amount: parts[index] ?? 0,
    taxable_amount: 20_00,
    tax_rate: tax_rate_details?.tax_rate ?? '',
  }))
  const part = {
    type: 'invoice_line_item',
    invoice_line_item: line?.id ?? '',
    amount: 20_00,
    tax_amounts,
  } as const
  const note = await stripe.creditNotes.create({ invoice: la.id, lines: [part] })
  await tax(note)
  await desk.bring(note as unknown as Root)
  goTo('2026-12-05T17:00:00Z')
  await stripe.invoices.voidInvoice(la.id)
  const gone = await stripe.invoices.retrieve(la.id)
  await tax(gone)
  await desk.bring(gone as unknown as Root)
  expect(vendors.documents().map((document) => document.split(' ').slice(1).join(' '))).toEqual([
    'SalesInvoice Committed 2026-11-02 100 9.75',
    'ReturnInvoice Committed 2026-11-02 -20 -1.95',
    'ReturnInvoice Committed 2026-12-05 -80 -7.8',
  ])
  goTo('2027-01-01T12:00:00Z')
  for (const [month, owed] of [
    ['2026-11', 7_80n],
    ['2026-12', -7_80n],
  ] as const) {
    const check = taxCheck(await judge({ month }))
    expect([month, check.state, check.breaks, check.explained]).toEqual([month, 'ties', [], []])
    expect(check.figures.find(({ label }) => label === 'all')?.amounts).toEqual({
      stripe: owed,
      avatax: owed,
      netsuite: owed,
    })
  }
})

test('a tax that is recorded as included is explained, and so is the part of it that is credited a month later', async () => {
  connector = vendors.connect({ neverDraft: { policy: 'record-as-included', since: '2026-01-01' } })
  const customer = await stripe.customers.create({ name: 'Ada', address: LOS_ANGELES })
  const { id } = await stripe.invoices.create({
    customer: customer.id,
    currency: 'usd',
    collection_method: 'send_invoice',
    days_until_due: 30,
    auto_advance: false,
  })
  await stripe.invoiceItems.create({ customer: customer.id, invoice: id, amount: 109_75, currency: 'usd' })
  await stripe.invoices.finalizeInvoice(id, { auto_advance: false })
  const sold = await stripe.invoices.retrieve(id)
  await tax(sold)
  goTo('2026-12-05T17:00:00Z')
  const note = await stripe.creditNotes.create({ invoice: id, amount: 54_88 })
  await tax(note)
  // 54.88 × 9.75 ÷ 109.75 = 4.8754.
  expect(vendors.documents().map((document) => document.split(' ').slice(1).join(' '))).toEqual([
    'SalesInvoice Committed 2026-11-02 100 9.75',
    'ReturnInvoice Committed 2026-12-05 -50 -4.88',
  ])
  goTo('2027-01-01T12:00:00Z')
  for (const [month, object, amountMinor] of [
    ['2026-11', `invoice ${sold.number}`, 9_75n],
    ['2026-12', `credit note ${note.number}`, -4_88n],
  ] as const) {
    const { breaks: found, explained } = taxCheck(await judge({ month }))
    expect([month, found]).toEqual([month, []])
    expect(explained).toMatchObject([{ object, currency: 'USD', amountMinor }])
  }
})

test('a document cancelled in AvaTax by hand, and one that was never posted', async () => {
  const sold = await sell(LOS_ANGELES, 100_00, 'usd')
  await sell(BERLIN, 100_00, 'eur')
  const avatax = new AvaTax({ credentials: vendors.credentials, companyCode: 'ACME' })
  await avatax.cancel(sold.id, 'SalesInvoice')
  const [, german] = vendors.stripeSimulator.store.invoices.all()
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
