// A subscription's invoice from draft to return, over both simulators with both real SDKs: what the hub charges, what
// Stripe shows and what AvaTax keeps agree to the cent.
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAvalaraSimulator } from '../../../local/simulators/avalara/avalara.ts'
import type { Listening } from '../../../local/simulators/simulator.ts'
import { createStripeSimulator } from '../../../local/simulators/stripe/server.ts'
import { ManualClock } from '../../../shared/clock.ts'
import type { Connector, JsonObject, KnownRecord } from '../../../shared/connector/contract.ts'
import { isHubError } from '../../../shared/errors.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { holdDraft } from '../../../shared/stripe/tax-hold-marker.ts'
import { avalaraConfigSchema } from './config.ts'
import { createAvalara } from './connector.ts'
import type { StripeRoot, TaxContext } from './project.ts'
import { wasNeverTaxed } from './tax-outcome.ts'

const HOUR_MS = 3_600_000

let clock: ManualClock
let stripe: Stripe
let stripeSimulator: ReturnType<typeof createStripeSimulator>
let avatax: ReturnType<typeof createAvalaraSimulator>
let servers: Listening[]
let connector: Connector<StripeRoot, TaxContext>

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 9, 1))
  stripeSimulator = createStripeSimulator({ now: () => clock.now(), seed: 7 })
  avatax = createAvalaraSimulator({
    now: () => clock.now(),
    companyCode: 'ACME',
    accountId: '11',
    licenseKey: 'key',
  })
  servers = [await stripeSimulator.listen(), await avatax.listen()]
  stripe = createStripeClient({ apiKey: 'sk_test_1', baseUrl: servers[0]?.url })
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
      timeZone: 'America/New_York',
      taxCodes: { default: 'SW056000' },
    }),
    credentials: { accountId: '11', licenseKey: 'key', environment: servers[1]?.url ?? '' },
    stripe,
    clock,
    livemode: false,
  })
})
afterEach(() => Promise.all(servers.map((server) => server.close())))

/** One root through gather, project and write, as the engine does it. */
async function sync(object: StripeRoot, keep?: JsonObject, known?: KnownRecord) {
  const ref = { type: object.object, id: object.id }
  const [outcome] = await connector.gather([{ ref, object, keep, known: {} }])
  if (!outcome || isHubError(outcome)) throw outcome
  const records = connector.project(object, outcome.context)
  for (const record of records) {
    const [written] = await connector.write(record.kind, [{ record, references: {}, known }])
    if (isHubError(written)) throw written
    const [read] = await connector.read(record.kind, [record.externalId])
    expect(read?.body).toEqual(record.body)
  }
  return { records, keep: outcome.keep }
}

async function draftInvoice(amounts: number[]) {
  const customer = await stripe.customers.create({
    email: 'a@example.com',
    address: { line1: '1 Main St', city: 'Los Angeles', state: 'CA', postal_code: '90012', country: 'US' },
  })
  const invoice = await stripe.invoices.create({
    customer: customer.id,
    collection_method: 'send_invoice',
    days_until_due: 30,
    auto_advance: true,
  })
  for (const amount of amounts) {
    await stripe.invoiceItems.create({ customer: customer.id, invoice: invoice.id, amount, currency: 'usd' })
  }
  return stripe.invoices.retrieve(invoice.id)
}

test('held, taxed, released, recorded, credited, voided', async () => {
  const draft = await draftInvoice([9999, 2501])
  await holdDraft(stripe, clock, { invoiceId: draft.id, former: 'true' })
  clock.advance(5 * HOUR_MS)
  stripeSimulator.runDue()
  const held = await stripe.invoices.retrieve(draft.id)
  expect(held.status).toBe('draft')

  const { keep } = await sync(held)
  const released = await stripe.invoices.retrieve(draft.id)
  // 9.75 %: 99.99 → 9.75, 25.01 → 2.44.
  expect(released).toMatchObject({ status: 'open', total: 13719, auto_advance: true })
  expect(wasNeverTaxed(released)).toBe(false)

  const recorded = await sync(released, keep)
  expect(avatax.documents()).toMatchObject([
    { code: draft.id, status: 'Committed', totalAmount: 125, totalTax: 12.19 },
  ])

  const [line] = released.lines.data
  if (!line) throw new Error('no line')
  const creditNote = await stripe.creditNotes.create({
    invoice: draft.id,
    lines: [
      {
        type: 'invoice_line_item',
        invoice_line_item: line.id,
        amount: 9999,
        tax_amounts: (line.taxes ?? []).map((tax) => ({
          amount: tax.amount,
          taxable_amount: tax.taxable_amount ?? 0,
          tax_rate: tax.tax_rate_details?.tax_rate ?? '',
        })),
      },
    ],
  })
  await sync(creditNote)
  expect(avatax.documents()[1]).toMatchObject({
    code: creditNote.id,
    type: 'ReturnInvoice',
    totalAmount: -99.99,
    totalTax: -9.75,
  })
  const voidedNote = await stripe.creditNotes.voidCreditNote(creditNote.id)
  await sync(voidedNote, undefined, { remoteId: creditNote.id })
  const voided = await stripe.invoices.voidInvoice(draft.id)
  await sync(voided, recorded.keep, { remoteId: draft.id })
  expect(avatax.documents().map(({ status }) => status)).toEqual(['Cancelled', 'Cancelled'])
})

test('an invoice finalized before anybody taxed it is told apart', async () => {
  const draft = await draftInvoice([10000])
  const finalized = await stripe.invoices.finalizeInvoice(draft.id)
  expect(wasNeverTaxed(finalized)).toBe(true)
  const { keep } = await sync(finalized)
  expect(keep).toMatchObject({ neverDraft: true })
  expect(avatax.documents()).toMatchObject([
    { referenceCode: 'FINALIZED_UNTAXED', totalTax: 0, totalTaxCalculated: 9.75 },
  ])
})
