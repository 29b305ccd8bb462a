import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

async function open(amount = 10_000, method = 'pm_card_visa') {
  const customer = await play.customer({
    payment_method: method,
    invoice_settings: { default_payment_method: method },
  })
  return { customer: customer.id, id: await invoiceFor(customer.id, amount) }
}

async function invoiceFor(customer: string, amount: number): Promise<string> {
  await play.stripe.invoiceItems.create({ customer, amount, currency: 'usd', description: 'Work' })
  const invoice = await play.stripe.invoices.create({
    customer,
    collection_method: 'send_invoice',
    days_until_due: 30,
    pending_invoice_items_behavior: 'include',
  })
  await play.stripe.invoices.finalizeInvoice(String(invoice.id))
  return String(invoice.id)
}

const intent = (customer: string, amount: number, confirm = false, method = 'pm_card_visa') =>
  play.stripe.paymentIntents.create({
    customer,
    amount,
    currency: 'usd',
    payment_method: method,
    ...(confirm ? { confirm: true, off_session: true } : {}),
  })

/** Oldest first. */
const payments = async (invoice: string) =>
  (await play.stripe.invoicePayments.list({ invoice })).data
    .toReversed()
    .map((each) => [each.is_default, each.status, each.amount_requested, each.amount_paid])

describe('several payments of one invoice', () => {
  it('are credited as each succeeds; the default asks for the rest until nothing is left', async () => {
    const { customer, id } = await open()
    const first = await intent(customer, 3_000)
    expect(first.status).toBe('requires_confirmation')
    await play.stripe.invoices.attachPayment(id, { payment_intent: first.id })
    expect(await payments(id)).toEqual([
      [true, 'open', 10_000, null],
      [false, 'open', 3_000, null],
    ])
    const from = play.simulator.events.length
    await play.stripe.paymentIntents.confirm(first.id)
    expect(play.types(from)).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.updated',
    ])
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'open',
      amount_paid: 3_000,
      amount_remaining: 7_000,
    })
    expect(await payments(id)).toEqual([
      [true, 'open', 7_000, null],
      [false, 'paid', 3_000, 3_000],
    ])
    const second = await intent(customer, 7_000, true)
    expect(second.status).toBe('succeeded')
    expect(await play.stripe.invoices.attachPayment(id, { payment_intent: second.id })).toMatchObject({
      status: 'paid',
      amount_paid: 10_000,
      amount_remaining: 0,
    })
    expect(await payments(id)).toEqual([
      [true, 'canceled', 7_000, null],
      [false, 'paid', 3_000, 3_000],
      [false, 'paid', 7_000, 7_000],
    ])
    expect(play.types().slice(-4)).toEqual([
      'payment_intent.canceled',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
    ])
  })

  it('and the default may pay the rest', async () => {
    const { customer, id } = await open()
    const part = await intent(customer, 2_500, true)
    await play.stripe.invoices.attachPayment(id, { payment_intent: part.id })
    await play.stripe.invoices.pay(id)
    expect(await payments(id)).toEqual([
      [true, 'paid', 7_500, 7_500],
      [false, 'paid', 2_500, 2_500],
    ])
    expect((await play.stripe.charges.list({ customer })).data.map((each) => each.amount)).toEqual([
      7_500, 2_500,
    ])
  })

  it('stay open when they decline, and may take days at a bank', async () => {
    const { customer, id } = await open(10_000, 'pm_usBankAccount')
    const debit = await intent(customer, 4_000, false, 'pm_usBankAccount')
    await play.stripe.invoices.attachPayment(id, { payment_intent: debit.id })
    expect(await play.stripe.paymentIntents.confirm(debit.id)).toMatchObject({ status: 'processing' })
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({ amount_paid: 0 })
    play.to(START + 4 * DAY)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({ amount_paid: 4_000, status: 'open' })
    const card = await open()
    const declined = await intent(card.customer, 4_000)
    await play.stripe.invoices.attachPayment(card.id, { payment_intent: declined.id })
    play.simulator.failNextPayments(card.customer, 1)
    await expect(play.stripe.paymentIntents.confirm(declined.id)).rejects.toMatchObject({
      statusCode: 402,
      code: 'card_declined',
    })
    expect((await payments(card.id))[1]).toEqual([false, 'open', 4_000, null])
    await play.stripe.paymentIntents.confirm(declined.id, { payment_method: 'pm_card_visa' })
    expect((await payments(card.id))[1]).toEqual([false, 'paid', 4_000, 4_000])
  })

  it('overpay when a debit that was on its way arrives after the rest was paid', async () => {
    const { customer, id } = await open(10_000, 'pm_usBankAccount')
    await play.stripe.invoices.pay(id)
    const record = await play.stripe.paymentRecords.reportPayment({
      amount_requested: { currency: 'usd', value: 10_000 },
      initiated_at: START,
      outcome: 'guaranteed',
      guaranteed: { guaranteed_at: START },
      payment_method_details: { type: 'custom', custom: { display_name: 'Cheque' } },
    })
    await play.stripe.invoices.attachPayment(id, { payment_record: record.id })
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({ status: 'paid', amount_overpaid: 0 })
    play.to(START + 4 * DAY)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'paid',
      amount_paid: 10_000,
      amount_overpaid: 10_000,
      amount_paid_off_stripe: 10_000,
      status_transitions: { paid_at: START },
    })
    expect(await play.stripe.customers.retrieve(customer)).toMatchObject({ balance: -10_000 })
    expect(play.types().filter((type) => type === 'invoice.paid')).toHaveLength(1)
    expect(play.types().filter((type) => type === 'invoice.overpaid')).toHaveLength(1)
  })
})

describe('one payment of several invoices', () => {
  it('reaches as far as it goes, in the order it was attached', async () => {
    const { customer, id } = await open(5_000)
    const other = await invoiceFor(customer, 6_000)
    const shared = await intent(customer, 5_000)
    await play.stripe.invoices.attachPayment(id, { payment_intent: shared.id })
    await play.stripe.invoices.attachPayment(other, { payment_intent: shared.id })
    await play.stripe.paymentIntents.confirm(shared.id)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({ status: 'paid' })
    expect(await play.stripe.invoices.retrieve(other)).toMatchObject({ status: 'open', amount_paid: 0 })
    const byIntent = await play.stripe.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: shared.id },
    })
    expect(byIntent.data.map((each) => [each.invoice, each.status])).toEqual([
      [other, 'canceled'],
      [id, 'paid'],
    ])
  })

  it('pays the first what it still needs, and the next with what that leaves', async () => {
    const { customer, id } = await open(5_000)
    const other = await invoiceFor(customer, 6_000)
    const shared = await intent(customer, 5_000)
    await play.stripe.invoices.attachPayment(id, { payment_intent: shared.id })
    await play.stripe.invoices.attachPayment(other, { payment_intent: shared.id })
    // Of the first, 20.00 are credited before the money comes.
    await play.stripe.creditNotes.create({ invoice: id, amount: 2_000 })
    await play.stripe.paymentIntents.confirm(shared.id)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'paid',
      amount_paid: 3_000,
      amount_overpaid: 0,
    })
    expect(await play.stripe.invoices.retrieve(other)).toMatchObject({
      status: 'open',
      amount_paid: 2_000,
      amount_remaining: 4_000,
    })
    const byIntent = await play.stripe.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: shared.id },
    })
    expect(byIntent.data.map((each) => [each.invoice, each.amount_requested, each.amount_paid])).toEqual([
      [other, 5_000, 2_000],
      [id, 5_000, 3_000],
    ])
    // One charge, one movement of the balance: 50.00.
    expect((await play.stripe.charges.list({ customer })).data.map(({ amount }) => amount)).toEqual([5_000])
    // The default of the second asks for the rest.
    await play.stripe.invoices.pay(other)
    expect(await payments(other)).toEqual([
      [true, 'paid', 4_000, 4_000],
      [false, 'paid', 5_000, 2_000],
    ])
  })

  it('overpays the last one when none of them needs what is left', async () => {
    const { customer, id } = await open(5_000)
    const other = await invoiceFor(customer, 6_000)
    const shared = await intent(customer, 5_000)
    await play.stripe.invoices.attachPayment(id, { payment_intent: shared.id })
    await play.stripe.invoices.attachPayment(other, { payment_intent: shared.id })
    await play.stripe.creditNotes.create({ invoice: id, amount: 2_000 })
    await play.stripe.creditNotes.create({ invoice: other, amount: 4_500 })
    await play.stripe.paymentIntents.confirm(shared.id)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({ amount_paid: 3_000, amount_overpaid: 0 })
    expect(await play.stripe.invoices.retrieve(other)).toMatchObject({
      status: 'paid',
      amount_paid: 1_500,
      amount_overpaid: 500,
    })
    expect(await play.stripe.customers.retrieve(customer)).toMatchObject({ balance: -500 })
  })
})

describe('payments made outside of Stripe', () => {
  it('are attached as payment records, in parts, and what is too much is overpaid', async () => {
    const { customer, id } = await open()
    const report = (value: number, payment_reference: string) =>
      play.stripe.paymentRecords.reportPayment({
        amount_requested: { currency: 'usd', value },
        customer_details: { customer },
        initiated_at: START,
        outcome: 'guaranteed',
        guaranteed: { guaranteed_at: START },
        payment_method_details: { type: 'custom', custom: { display_name: 'Cheque' } },
        processor_details: { type: 'custom', custom: { payment_reference } },
      })
    const first = await report(4_000, 'no. 17')
    await play.stripe.invoices.attachPayment(id, { payment_record: first.id })
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'open',
      amount_paid: 4_000,
      amount_paid_off_stripe: 4_000,
      amount_remaining: 6_000,
    })
    const second = await report(6_500, 'no. 18')
    expect(await play.stripe.invoices.attachPayment(id, { payment_record: second.id })).toMatchObject({
      status: 'paid',
      amount_paid: 10_000,
      amount_paid_off_stripe: 10_000,
      amount_overpaid: 500,
    })
    const paid = await play.stripe.invoicePayments.list({
      payment: { type: 'payment_record', payment_record: second.id },
      expand: ['data.payment.payment_record'],
    })
    expect(paid.data).toMatchObject([
      {
        status: 'paid',
        amount_paid: 6_500,
        payment: {
          type: 'payment_record',
          payment_record: {
            object: 'payment_record',
            amount_guaranteed: { value: 6_500, currency: 'usd' },
            processor_details: { custom: { payment_reference: 'no. 18' } },
            customer_details: { customer },
          },
        },
      },
    ])
    expect((await play.stripe.balanceTransactions.list()).data).toEqual([])
    await expect(
      play.stripe.invoices.attachPayment(await invoiceFor(customer, 5_000), { payment_record: second.id }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'payment_record' })
  })

  it('leave a record behind when an invoice is marked as paid out of band', async () => {
    const { id } = await open()
    await play.stripe.invoices.pay(id, { paid_out_of_band: true })
    const [payment] = (await play.stripe.invoicePayments.list({ invoice: id, status: 'paid' })).data
    const record = await play.stripe.paymentRecords.retrieve(String(payment?.payment.payment_record))
    expect(record).toMatchObject({ amount: { value: 10_000 }, reported_by: 'self' })
  })
})

describe('what cannot be attached', () => {
  it.each([
    ['another currency', { currency: 'eur' }],
    ['more than what is left', { amount: 10_001 }],
    ['another customer', { customer: 'other' }],
  ])('%s', async (_what, params) => {
    const { customer, id } = await open()
    const other = await play.customer()
    const wrong = await play.stripe.paymentIntents.create({
      amount: 1_000,
      currency: 'usd',
      ...params,
      customer: 'customer' in params ? other.id : customer,
    })
    await expect(play.stripe.invoices.attachPayment(id, { payment_intent: wrong.id })).rejects.toMatchObject({
      statusCode: 400,
      param: 'payment_intent',
    })
    expect(await payments(id)).toHaveLength(1)
  })

  it('anything to an invoice that is not open, or that its subscription charges by itself', async () => {
    const paid = await play.charged(500)
    const late = await play.stripe.paymentIntents.create({
      amount: 100,
      currency: 'usd',
      customer: paid.customer,
    })
    await expect(
      play.stripe.invoices.attachPayment(paid.invoice, { payment_intent: late.id }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'invoice' })
    await expect(play.stripe.invoices.attachPayment(paid.invoice, {})).rejects.toMatchObject({
      statusCode: 400,
    })
    const customer = await play.customer()
    const price = await play.price(1_000)
    play.simulator.failNextPayments(customer.id, 1)
    const subscription = await play.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
    })
    const part = await play.stripe.paymentIntents.create({
      amount: 100,
      currency: 'usd',
      customer: customer.id,
    })
    await expect(
      play.stripe.invoices.attachPayment(String(subscription.latest_invoice), { payment_intent: part.id }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'invoice' })
  })

  it('and an open payment keeps an invoice from being voided or written off until it is canceled', async () => {
    const { customer, id } = await open()
    const waiting = await intent(customer, 1_000)
    await play.stripe.invoices.attachPayment(id, { payment_intent: waiting.id })
    await expect(play.stripe.invoices.voidInvoice(id)).rejects.toMatchObject({ statusCode: 400 })
    await expect(play.stripe.invoices.markUncollectible(id)).rejects.toMatchObject({ statusCode: 400 })
    expect(
      await play.stripe.paymentIntents.cancel(waiting.id, { cancellation_reason: 'abandoned' }),
    ).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' })
    expect((await payments(id))[1]).toEqual([false, 'canceled', 1_000, null])
    expect(await play.stripe.invoices.voidInvoice(id)).toMatchObject({ status: 'void' })
  })

  it('the default payment is the invoice’s own: not edited, confirmed or canceled directly', async () => {
    const { id } = await open()
    const [own] = (await play.stripe.invoicePayments.list({ invoice: id })).data
    const intentId = String(own?.payment.payment_intent)
    for (const refused of [
      play.stripe.paymentIntents.update(intentId, { amount: 5 }),
      play.stripe.paymentIntents.confirm(intentId),
      play.stripe.paymentIntents.cancel(intentId),
    ])
      await expect(refused).rejects.toMatchObject({ statusCode: 400 })
  })
})
