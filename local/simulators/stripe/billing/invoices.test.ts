import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

/** A one-off draft of 100.00 and 50.00. */
async function draft(params: Record<string, unknown> = {}) {
  const customer = await play.customer()
  const invoice = await play.stripe.invoices.create({ customer: customer.id, auto_advance: true, ...params })
  for (const [amount, description] of [
    [10_000, 'Setup'],
    [5_000, 'Training'],
  ] as const) {
    await play.stripe.invoiceItems.create({
      customer: customer.id,
      invoice: invoice.id,
      amount,
      currency: 'usd',
      description,
    })
  }
  return { customer, invoice: await play.stripe.invoices.retrieve(String(invoice.id)) }
}

const vat = (amount: number, taxable: number) => ({
  amount,
  taxable_amount: taxable,
  taxability_reason: 'standard_rated',
  tax_rate_data: { display_name: 'VAT', percentage: 19, inclusive: false, country: 'DE' },
})

describe('tax written onto a draft', () => {
  it('enters the totals, and equal rate data share one tax rate', async () => {
    const { invoice } = await draft()
    const [setup, training] = invoice.lines.data
    const taxed = await play.stripe.invoices.updateLines(String(invoice.id), {
      lines: [
        { id: setup?.id ?? '', tax_amounts: [vat(1_900, 10_000)] },
        { id: training?.id ?? '', tax_amounts: [vat(950, 5_000)] },
      ],
    })
    const rates = taxed.lines.data.map((line) => line.taxes?.[0]?.tax_rate_details?.tax_rate)
    expect(rates[0]).toBe(rates[1])
    expect(taxed).toMatchObject({
      subtotal: 15_000,
      total: 17_850,
      total_excluding_tax: 15_000,
      amount_due: 17_850,
      total_taxes: [{ amount: 2_850, taxable_amount: 15_000, tax_behavior: 'exclusive' }],
    })
    expect(await play.stripe.taxRates.retrieve(rates[0] ?? '')).toMatchObject({
      percentage: 19,
      active: false,
      country: 'DE',
    })
    expect(play.simulator.events.at(-1)).toMatchObject({
      type: 'invoice.updated',
      data: { previous_attributes: { total: 15_000, amount_due: 15_000 } },
    })
  })

  it('is refused once finalized, beside tax rates and beside automatic tax', async () => {
    const { customer, invoice } = await draft()
    const id = String(invoice.id)
    const line = invoice.lines.data[0]?.id ?? ''
    const rate = await play.stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: false })
    const both = play.stripe.invoices.updateLines(id, {
      lines: [{ id: line, tax_amounts: [vat(1, 1)], tax_rates: [rate.id] }],
    })
    await expect(both).rejects.toMatchObject({ code: 'parameters_exclusive' })
    await play.stripe.invoices.finalizeInvoice(id)
    await expect(
      play.stripe.invoices.updateLines(id, { lines: [{ id: line, tax_amounts: [vat(1, 1)] }] }),
    ).rejects.toMatchObject({ code: 'invoice_not_editable' })
    const automatic = await play.stripe.invoices.create({
      customer: customer.id,
      automatic_tax: { enabled: true },
    })
    await play.stripe.invoices.addLines(String(automatic.id), { lines: [{ amount: 100, description: 'x' }] })
    const held = await play.stripe.invoices.retrieve(String(automatic.id))
    const written = play.stripe.invoices.updateLines(String(automatic.id), {
      lines: [{ id: held.lines.data[0]?.id ?? '', tax_amounts: [vat(1, 1)] }],
    })
    await expect(written).rejects.toMatchObject({ statusCode: 400 })
  })

  it('follows from tax rates too, inclusive ones inside the amount', async () => {
    const { customer } = await draft()
    const inclusive = await play.stripe.taxRates.create({
      display_name: 'GST',
      percentage: 10,
      inclusive: true,
    })
    const invoice = await play.stripe.invoices.create({
      customer: customer.id,
      default_tax_rates: [inclusive.id],
    })
    const taxed = await play.stripe.invoices.addLines(String(invoice.id), {
      lines: [{ amount: 11_000, description: 'gross' }],
    })
    expect(taxed).toMatchObject({
      total: 11_000,
      total_excluding_tax: 10_000,
      subtotal_excluding_tax: 10_000,
      total_taxes: [{ amount: 1_000, tax_behavior: 'inclusive', taxable_amount: 10_000 }],
    })
  })
})

describe('hold and release', () => {
  it('keeps a draft that does not advance, and finalizes it when it is told to', async () => {
    const { invoice } = await draft()
    const id = String(invoice.id)
    expect(invoice).toMatchObject({ auto_advance: true, automatically_finalizes_at: START + HOUR })
    const held = await play.stripe.invoices.update(id, { auto_advance: false, metadata: { hold: 'true' } })
    expect(held).toMatchObject({
      auto_advance: false,
      automatically_finalizes_at: null,
      next_payment_attempt: null,
    })
    play.to(START + 10 * DAY)
    expect((await play.stripe.invoices.retrieve(id)).status).toBe('draft')
    const released = await play.stripe.invoices.finalizeInvoice(id, { auto_advance: true })
    expect(released).toMatchObject({
      status: 'open',
      auto_advance: true,
      next_payment_attempt: START + 10 * DAY + HOUR,
    })
    play.to(START + 10 * DAY + HOUR)
    expect((await play.stripe.invoices.retrieve(id)).status).toBe('paid')
    await expect(play.stripe.invoices.finalizeInvoice(id)).rejects.toMatchObject({
      code: 'invoice_not_editable',
    })
  })

  it('finalizes at a set time as well', async () => {
    const { invoice } = await draft({ auto_advance: false, automatically_finalizes_at: START + 2 * DAY })
    play.to(START + 2 * DAY - 1)
    expect((await play.stripe.invoices.retrieve(String(invoice.id))).status).toBe('draft')
    play.to(START + 2 * DAY)
    expect((await play.stripe.invoices.retrieve(String(invoice.id))).status).toBe('open')
  })

  it('finalizes a forgotten draft untaxed after an hour', async () => {
    const { invoice } = await draft()
    play.to(START + HOUR - 1)
    expect((await play.stripe.invoices.retrieve(String(invoice.id))).status).toBe('draft')
    play.to(START + HOUR)
    expect(await play.stripe.invoices.retrieve(String(invoice.id))).toMatchObject({
      status: 'paid',
      total_taxes: [],
    })
  })
})

describe('the ends of an invoice', () => {
  it('can be void only from open or uncollectible, and gives balance back', async () => {
    const { customer, invoice } = await draft({ collection_method: 'send_invoice', days_until_due: 30 })
    const id = String(invoice.id)
    await expect(play.stripe.invoices.voidInvoice(id)).rejects.toMatchObject({ statusCode: 400 })
    await play.stripe.customers.createBalanceTransaction(customer.id, { amount: -4_000, currency: 'usd' })
    expect(await play.stripe.invoices.finalizeInvoice(id)).toMatchObject({
      total: 15_000,
      amount_due: 11_000,
      starting_balance: -4_000,
      ending_balance: 0,
    })
    expect(await play.stripe.invoices.voidInvoice(id)).toMatchObject({
      status: 'void',
      status_transitions: { voided_at: START },
    })
    expect(await play.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -4_000 })
    expect(
      (await play.stripe.customers.listBalanceTransactions(customer.id, { limit: 1 })).data[0],
    ).toMatchObject({ type: 'unapplied_from_invoice', amount: -4_000 })
  })

  it('can be written off and paid after that', async () => {
    const { invoice } = await draft({ collection_method: 'send_invoice', days_until_due: 30 })
    const id = String(invoice.id)
    await play.stripe.invoices.finalizeInvoice(id)
    await play.stripe.invoices.markUncollectible(id)
    play.to(START + 60 * DAY)
    const paid = await play.stripe.invoices.pay(id, { paid_out_of_band: true })
    expect(paid).toMatchObject({
      status: 'paid',
      amount_paid: 15_000,
      amount_paid_off_stripe: 15_000,
      status_transitions: { marked_uncollectible_at: START, paid_at: START + 60 * DAY },
    })
    expect((await play.stripe.invoicePayments.list({ invoice: id, status: 'paid' })).data[0]).toMatchObject({
      amount_paid: 15_000,
      payment: { type: 'payment_record' },
    })
  })

  it('deletes drafts and nothing else', async () => {
    const { invoice } = await draft()
    await play.stripe.invoices.del(String(invoice.id))
    expect(play.types().at(-1)).toBe('invoice.deleted')
    await expect(play.stripe.invoices.retrieve(String(invoice.id))).rejects.toMatchObject({ statusCode: 404 })
  })
})

describe('long invoices and other currencies', () => {
  it('shows ten lines in the object and the event, all of them through the lines list', async () => {
    const customer = await play.customer()
    const invoice = await play.stripe.invoices.create({ customer: customer.id })
    await play.stripe.invoices.addLines(String(invoice.id), {
      lines: Array.from({ length: 23 }, (_, index) => ({ amount: index + 1, description: `line ${index}` })),
    })
    const shown = await play.stripe.invoices.retrieve(String(invoice.id))
    expect([shown.lines.data.length, shown.lines.has_more, shown.total]).toEqual([10, true, 276])
    expect(play.simulator.events.at(-1)?.data.object.lines).toMatchObject({
      has_more: true,
      data: { length: 10 },
    })
    const all = await play.stripe.invoices
      .listLineItems(String(invoice.id), { limit: 10 })
      .autoPagingToArray({ limit: 100 })
    expect(all.map((line) => line.amount)).toEqual(Array.from({ length: 23 }, (_, index) => index + 1))
  })

  it('counts yen in yen and dinars in thousandths', async () => {
    const yen = await play.price(1200, { currency: 'jpy' })
    const dinar = await play.price(12_340, { currency: 'kwd' })
    for (const price of [yen, dinar]) {
      const customer = await play.customer()
      await play.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
    }
    expect(
      play.simulator.store.invoices
        .all()
        .map((invoice) => [invoice.currency, invoice.amount_paid, invoice.lines.data[0]?.description]),
    ).toEqual([
      ['jpy', 1200, '1 × Plan (at ¥1200 / month)'],
      ['kwd', 12_340, '1 × Plan (at KWD 12.340 / month)'],
    ])
  })

  it('numbers through the account when it is set to, and is found by number', async () => {
    const numbered = await startPlay({ invoiceNumberPrefix: 'INV' })
    const customer = await numbered.customer()
    for (let index = 0; index < 2; index++) {
      const invoice = await numbered.stripe.invoices.create({ customer: customer.id })
      await numbered.stripe.invoices.finalizeInvoice(String(invoice.id))
    }
    const found = await numbered.stripe.invoices.search({ query: 'number:"INV-0002"' })
    expect(found.data).toMatchObject([{ number: 'INV-0002', status: 'paid' }])
    await numbered.close()
  })
})
