// credit-and-reissue over both simulators with both real SDKs: what stands in Stripe and in AvaTax afterwards. 49.00 was
// charged in Los Angeles without its 9.75 %.
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ManualClock } from '../../../shared/clock.ts'
import type { Connector } from '../../../shared/connector/contract.ts'
import { holdDraft } from '../../../shared/stripe/tax-hold-marker.ts'
import { requireStanding, type Synced, syncObject } from './engine-steps.fixture.ts'
import type { StripeRoot, TaxContext } from './project.ts'
import { LOS_ANGELES, type StripeAndAvaTax, startStripeAndAvaTax } from './stripe-and-avatax.fixture.ts'

let vendors: StripeAndAvaTax
let stripe: Stripe
let connector: Connector<StripeRoot, TaxContext>

beforeEach(async () => {
  vendors = await startStripeAndAvaTax(new ManualClock(Date.UTC(2026, 9, 1)))
  stripe = vendors.stripe
  connector = vendors.connect({ neverDraft: { policy: 'credit-and-reissue', since: '2026-09-30' } })
})
afterEach(() => vendors.close())

/** Whatever is written is also read back as projected. */
async function sync(object: StripeRoot, before?: Synced): Promise<Synced> {
  const synced = await syncObject(connector, object, before)
  if (!synced.trouble) await requireStanding(connector, synced)
  return synced
}

const customer = () =>
  stripe.customers.create({
    email: 'a@example.com',
    address: LOS_ANGELES,
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })

async function untaxed(customerId: string, pay: boolean): Promise<Stripe.Invoice> {
  const product = await stripe.products.create({ name: 'Team' })
  const draft = await stripe.invoices.create({
    customer: customerId,
    collection_method: 'send_invoice',
    days_until_due: 30,
  })
  await stripe.invoiceItems.create({
    customer: customerId,
    invoice: draft.id,
    quantity: 1,
    price_data: { currency: 'usd', product: product.id, unit_amount: 4900 },
    description: 'Team, a month',
  })
  const finalized = await stripe.invoices.finalizeInvoice(draft.id)
  return pay ? stripe.invoices.pay(finalized.id) : finalized
}
const invoicesOf = (id: string) =>
  vendors.stripeSimulator.store.invoices.of(id).map((invoice) => `${invoice.status} ${invoice.total}`)

test('a paid one is credited onto the balance and billed again with tax, which is all that is still due', async () => {
  const { id } = await customer()
  const paid = await untaxed(id, true)
  const recorded = await sync(paid)
  expect(recorded.trouble).toBeUndefined()
  expect(recorded.keep).toMatchObject({ neverDraft: true, policy: 'credit-and-reissue' })
  expect(await stripe.customers.retrieve(id)).toMatchObject({ balance: -4900 })
  expect(invoicesOf(id)).toEqual(['paid 4900', 'draft 4900'])

  const replacement = vendors.stripeSimulator.store.invoices.of(id)[1]
  const draft = await stripe.invoices.retrieve(replacement?.id ?? '')
  expect(draft).toMatchObject({ auto_advance: true, metadata: { switchyard_reissue_of: paid.id } })
  expect(draft.lines.data).toMatchObject([{ amount: 4900, description: 'Team, a month' }])
  await holdDraft(stripe, vendors.clock, { invoiceId: draft.id, former: 'true' })
  const held = await stripe.invoices.retrieve(draft.id)
  const taxed = await sync(held)
  const released = await stripe.invoices.retrieve(draft.id)
  // 9.75 % of 49.00 is 4.7775: to the cent 4.78.
  expect(released).toMatchObject({ status: 'open', total: 5378, amount_due: 478 })

  const [note] = (await stripe.creditNotes.list({ invoice: paid.id })).data
  if (!note) throw new Error('no credit note')
  await sync(note)
  await sync(released, taxed)
  expect(
    vendors.avatax.documents().map(({ type, totalAmount, totalTax }) => [type, totalAmount, totalTax]),
  ).toEqual([
    ['SalesInvoice', 49, 0],
    ['ReturnInvoice', -49, 0],
    ['SalesInvoice', 49, 4.78],
  ])
  // Looked at again, when Stripe has forgotten every key: nothing is credited or billed twice.
  vendors.clock.advance(25 * 3_600_000)
  expect((await sync(await stripe.invoices.retrieve(paid.id), recorded)).trouble).toBeUndefined()
  expect(invoicesOf(id)).toEqual(['paid 4900', 'open 5378'])
  expect((await stripe.creditNotes.list({ invoice: paid.id })).data).toHaveLength(1)
})

test('an open one is closed by its credit note, and only the new one is owed', async () => {
  const { id } = await customer()
  await sync(await untaxed(id, false))
  expect(invoicesOf(id)).toEqual(['paid 4900', 'draft 4900'])
  expect(await stripe.customers.retrieve(id)).toMatchObject({ balance: 0 })
})

test.each(['credit_notes', 'invoices', 'add_lines'])(
  'cut off after %s, it goes on where it stopped',
  async (path) => {
    const { id } = await customer()
    const paid = await untaxed(id, true)
    vendors.stripeSimulator.faults.add({ effect: 'reset_after', method: 'POST', path: `${path}$`, times: 2 })
    const cut = await sync(paid)
    expect(cut.trouble).toMatchObject({ kind: 'ambiguous' })
    vendors.stripeSimulator.faults.clear()
    expect((await sync(paid, cut)).trouble).toBeUndefined()
    expect(invoicesOf(id)).toEqual(['paid 4900', 'draft 4900'])
    expect((await stripe.creditNotes.list({ invoice: paid.id })).data).toHaveLength(1)
    const [, draft] = vendors.stripeSimulator.store.invoices.of(id)
    expect(draft?.lines.data).toHaveLength(1)
  },
)

test('one that is credited in part already is left to a person, with its amount', async () => {
  const { id } = await customer()
  const paid = await untaxed(id, true)
  await stripe.creditNotes.create({ invoice: paid.id, amount: 1000, credit_amount: 1000 })
  const { trouble } = await sync(paid)
  expect(trouble).toMatchObject({
    kind: 'permanent',
    code: 'TAX-REISSUE',
    message: `${paid.number} (USD 49.00) was finalized untaxed and is not reissued: it is credited in part already. It stands in AvaTax as charged, without tax; nothing was credited.`,
  })
  expect(trouble?.hint).toContain('Billing: credit')
  expect(invoicesOf(id)).toEqual(['paid 4900'])
})

test('a reissue that is finalized untaxed once more is not reissued for ever', async () => {
  const { id } = await customer()
  await sync(await untaxed(id, false))
  const [, draft] = vendors.stripeSimulator.store.invoices.of(id)
  const finalized = await stripe.invoices.finalizeInvoice(draft?.id ?? '')
  const { keep } = await sync(finalized)
  expect(keep).toMatchObject({ policy: 'report-only' })
  expect(invoicesOf(id)).toHaveLength(2)
})
