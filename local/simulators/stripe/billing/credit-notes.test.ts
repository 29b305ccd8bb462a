import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

/** An invoice over 100.00 + 19.00 tax; paid by card, or open. */
async function invoiced(state: 'paid' | 'open') {
  const customer = await play.customer()
  const invoice = await play.stripe.invoices.create({
    customer: customer.id,
    collection_method: 'send_invoice',
    days_until_due: 30,
  })
  const id = String(invoice.id)
  await play.stripe.invoices.addLines(id, {
    lines: [
      {
        amount: 10_000,
        description: 'Work',
        tax_amounts: [
          {
            amount: 1_900,
            taxable_amount: 10_000,
            tax_rate_data: { display_name: 'VAT', percentage: 19, inclusive: false },
          },
        ],
      },
    ],
  })
  await play.stripe.invoices.finalizeInvoice(id)
  if (state === 'paid') await play.stripe.invoices.pay(id)
  const shown = await play.stripe.invoices.retrieve(id)
  const line = shown.lines.data[0]
  return { customer, id, line: line?.id ?? '', rate: line?.taxes?.[0]?.tax_rate_details?.tax_rate ?? '' }
}

describe('credit notes', () => {
  it('refund part of a paid invoice with the tax that is told', async () => {
    const { id, line, rate } = await invoiced('paid')
    const note = await play.stripe.creditNotes.create({
      invoice: id,
      lines: [
        {
          type: 'invoice_line_item',
          invoice_line_item: line,
          amount: 5_000,
          tax_amounts: [{ amount: 950, taxable_amount: 5_000, tax_rate: rate }],
        },
      ],
      refund_amount: 5_950,
      expand: ['refunds.refund'],
    })
    expect(note).toMatchObject({
      total: 5_950,
      subtotal: 5_000,
      total_taxes: [{ amount: 950 }],
      type: 'post_payment',
      post_payment_amount: 5_950,
      pre_payment_amount: 0,
      number: expect.stringMatching(/-0001-CN-01$/),
      refunds: [{ amount_refunded: 5_950, type: 'refund', refund: { status: 'succeeded', amount: 5_950 } }],
    })
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'paid',
      post_payment_credit_notes_amount: 5_950,
      amount_paid: 11_900,
      amount_remaining: 0,
    })
  })

  it('put a credit onto the balance, share taxes when none are told, and add up', async () => {
    const { customer, id, line } = await invoiced('paid')
    const note = await play.stripe.creditNotes.create({
      invoice: id,
      lines: [{ type: 'invoice_line_item', invoice_line_item: line, amount: 3_333 }],
      credit_amount: 3_966,
    })
    // 19.00 × 33.33 % = 6.3327
    expect(note).toMatchObject({
      total: 3_966,
      total_taxes: [{ amount: 633 }],
      customer_balance_transaction: expect.stringMatching(/^cbtxn_/),
    })
    expect(await play.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -3_966 })
    const wrong = play.stripe.creditNotes.create({
      invoice: id,
      amount: 1_000,
      refund_amount: 400,
      out_of_band_amount: 500,
    })
    await expect(wrong).rejects.toMatchObject({ statusCode: 400 })
    const tooMuch = play.stripe.creditNotes.create({
      invoice: id,
      amount: 11_900,
      out_of_band_amount: 11_900,
    })
    await expect(tooMuch).rejects.toMatchObject({ statusCode: 400 })
  })

  it('reduce an open invoice first, and close it when nothing is left', async () => {
    const { id, line } = await invoiced('open')
    const part = await play.stripe.creditNotes.create({ invoice: id, amount: 1_900 })
    expect(part).toMatchObject({ type: 'pre_payment', pre_payment_amount: 1_900 })
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'open',
      amount_due: 10_000,
      amount_remaining: 10_000,
      pre_payment_credit_notes_amount: 1_900,
    })
    await play.stripe.creditNotes.voidCreditNote(part.id)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      amount_remaining: 11_900,
      pre_payment_credit_notes_amount: 0,
    })
    await play.stripe.creditNotes.create({
      invoice: id,
      lines: [{ type: 'invoice_line_item', invoice_line_item: line }],
    })
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'paid',
      amount_paid: 0,
      amount_remaining: 0,
      status_transitions: { paid_at: START },
    })
    expect(play.types()).toContain('credit_note.voided')
  })

  it('are previewed without effect, and stay on a paid invoice', async () => {
    const { id, line } = await invoiced('paid')
    const wanted = {
      invoice: id,
      lines: [{ type: 'invoice_line_item' as const, invoice_line_item: line, quantity: 1 }],
      out_of_band_amount: 11_900,
    }
    expect((await play.stripe.creditNotes.preview(wanted)).total).toBe(11_900)
    expect(play.simulator.store.creditNotes.size).toBe(0)
    const note = await play.stripe.creditNotes.create(wanted)
    await expect(play.stripe.creditNotes.voidCreditNote(note.id)).rejects.toMatchObject({ statusCode: 400 })
  })
})
