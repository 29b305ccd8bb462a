// A subscription's invoice from draft to return, over both simulators with both real SDKs: what the hub charges, what
// Stripe shows and what AvaTax keeps agree to the cent.
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ManualClock } from '../../../shared/clock.ts'
import type { Connector } from '../../../shared/connector/contract.ts'
import { holdDraft } from '../../../shared/stripe/tax-hold-marker.ts'
import { requireStanding, type Synced, syncObject } from './engine-steps.fixture.ts'
import type { StripeRoot, TaxContext } from './project.ts'
import { LOS_ANGELES, type StripeAndAvaTax, startStripeAndAvaTax } from './stripe-and-avatax.fixture.ts'
import { wasNeverTaxed } from './tax-outcome.ts'

const HOUR_MS = 3_600_000

let vendors: StripeAndAvaTax
let stripe: Stripe
let connector: Connector<StripeRoot, TaxContext>

beforeEach(async () => {
  vendors = await startStripeAndAvaTax(new ManualClock(Date.UTC(2026, 9, 1)))
  stripe = vendors.stripe
  connector = vendors.connect()
})
afterEach(() => vendors.close())

/** Whatever is written is also read back as projected. */
async function sync(object: StripeRoot, before?: Synced): Promise<Synced> {
  const synced = await syncObject(connector, object, before)
  if (synced.trouble) throw synced.trouble
  await requireStanding(connector, synced)
  return synced
}

async function draftInvoice(amounts: number[]) {
  const customer = await stripe.customers.create({
    email: 'a@example.com',
    address: LOS_ANGELES,
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
  await holdDraft(stripe, vendors.clock, { invoiceId: draft.id, former: 'true' })
  vendors.clock.advance(5 * HOUR_MS)
  vendors.stripeSimulator.runDue()
  const held = await stripe.invoices.retrieve(draft.id)
  expect(held.status).toBe('draft')

  const taxed = await sync(held)
  const released = await stripe.invoices.retrieve(draft.id)
  // 9.75 %: 99.99 → 9.75, 25.01 → 2.44.
  expect(released).toMatchObject({ status: 'open', total: 13719, auto_advance: true })
  expect(wasNeverTaxed(released)).toBe(false)

  const recorded = await sync(released, taxed)
  expect(vendors.avatax.documents()).toMatchObject([
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
  const returned = await sync(creditNote)
  expect(vendors.avatax.documents()[1]).toMatchObject({
    code: creditNote.id,
    type: 'ReturnInvoice',
    totalAmount: -99.99,
    totalTax: -9.75,
  })
  const voidedNote = await stripe.creditNotes.voidCreditNote(creditNote.id)
  await sync(voidedNote, returned)
  const voided = await stripe.invoices.voidInvoice(draft.id)
  await sync(voided, recorded)
  expect(vendors.avatax.documents().map(({ status }) => status)).toEqual(['Cancelled', 'Cancelled'])
})

test('an invoice finalized before anybody taxed it is told apart', async () => {
  const draft = await draftInvoice([10000])
  const finalized = await stripe.invoices.finalizeInvoice(draft.id)
  expect(wasNeverTaxed(finalized)).toBe(true)
  const { keep } = await sync(finalized)
  expect(keep).toMatchObject({ neverDraft: true })
  expect(vendors.avatax.documents()).toMatchObject([
    { referenceCode: 'FINALIZED_UNTAXED', totalTax: 0, totalTaxCalculated: 9.75 },
  ])
})
