import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

const RENEWAL = START + 30 * DAY
const CHARGED = RENEWAL + HOUR

async function renewing(playing: Play, method = 'pm_card_visa') {
  const customer = await playing.customer({
    payment_method: method,
    invoice_settings: { default_payment_method: method },
  })
  const price = await playing.price(1000)
  const subscription = await playing.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  })
  return { customer, subscription }
}

const latest = async (playing: Play, id: string) =>
  (await playing.stripe.invoices.list({ subscription: id, limit: 1 })).data[0]

describe('failed payments', () => {
  it('leave the invoice open and the subscription past due, and are retried after 3 days', async () => {
    const { customer, subscription } = await renewing(play)
    play.simulator.failNextPayments(customer.id, 1)
    play.to(CHARGED)
    expect(await latest(play, subscription.id)).toMatchObject({
      status: 'open',
      attempt_count: 1,
      attempted: true,
      next_payment_attempt: CHARGED + 3 * DAY,
      amount_remaining: 1000,
    })
    expect((await play.stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due')
    expect(play.types().slice(-7)).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.updated',
      'invoice.payment_failed',
      'customer.updated',
      'customer.subscription.updated',
    ])
    const intent = (await play.stripe.paymentIntents.list({ customer: customer.id, limit: 1 })).data[0]
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', type: 'card_error' },
    })
    play.to(CHARGED + 3 * DAY)
    expect(await latest(play, subscription.id)).toMatchObject({
      status: 'paid',
      attempt_count: 2,
      next_payment_attempt: null,
    })
    expect((await play.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })

  it('end after the last retry: subscription canceled, invoice written off', async () => {
    const { customer, subscription } = await renewing(play)
    play.simulator.failNextPayments(customer.id, 99)
    play.to(CHARGED + 15 * DAY)
    expect(await latest(play, subscription.id)).toMatchObject({
      status: 'uncollectible',
      attempt_count: 4,
      status_details: { uncollectible: { reason: 'max_payment_attempts' } },
    })
    expect(await play.stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: CHARGED + 15 * DAY,
      cancellation_details: { reason: 'payment_failed' },
    })
    const attempts = play.simulator.events
      .filter((event) => event.type === 'invoice.payment_failed')
      .map((event) => event.created - CHARGED)
    expect(attempts).toEqual([0, 3 * DAY, 8 * DAY, 15 * DAY])
  })

  it('follow the rules the account has set, drafts of an unpaid subscription staying drafts', async () => {
    const own = await startPlay({
      dunning: { retryAfterDays: [], subscriptionThen: 'unpaid', invoiceThen: 'open' },
    })
    const { customer, subscription } = await renewing(own)
    own.simulator.failNextPayments(customer.id, 1)
    own.to(START + 62 * DAY)
    expect((await own.stripe.subscriptions.retrieve(subscription.id)).status).toBe('unpaid')
    expect(
      (await own.stripe.invoices.list({ subscription: subscription.id })).data.map((each) => [
        each.status,
        each.auto_advance,
      ]),
    ).toEqual([
      ['draft', false],
      ['open', false],
      ['paid', false],
    ])
    await own.close()
  })

  it('are a 402 when someone asks for the payment, and what they did stays done', async () => {
    const customer = await play.customer({
      payment_method: 'pm_card_chargeDeclined',
      invoice_settings: { default_payment_method: 'pm_card_chargeDeclined' },
    })
    await play.stripe.invoiceItems.create({ customer: customer.id, amount: 500, currency: 'usd' })
    const invoice = await play.stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    })
    await play.stripe.invoices.finalizeInvoice(String(invoice.id))
    await expect(play.stripe.invoices.pay(String(invoice.id))).rejects.toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code: 'card_declined',
    })
    expect(await play.stripe.invoices.retrieve(String(invoice.id))).toMatchObject({
      status: 'open',
      attempt_count: 1,
    })
  })
})

describe('bank debits', () => {
  it('process for days, then succeed', async () => {
    const { subscription } = await renewing(play, 'pm_usBankAccount')
    expect(subscription.status).toBe('active')
    expect(await latest(play, subscription.id)).toMatchObject({ status: 'open', attempted: true })
    expect(play.types()).toContain('payment_intent.processing')
    play.to(START + 4 * DAY)
    expect(await latest(play, subscription.id)).toMatchObject({
      status: 'paid',
      status_transitions: { paid_at: START + 4 * DAY },
    })
  })
})

describe('money in the account', () => {
  it('records one payment per invoice with its charge, fee and payout', async () => {
    const { customer, subscription } = await renewing(play)
    const invoice = await latest(play, subscription.id)
    const [payment] = (
      await play.stripe.invoicePayments.list({
        invoice: String(invoice?.id),
        expand: ['data.payment.payment_intent.latest_charge.balance_transaction'],
      })
    ).data
    expect(payment).toMatchObject({
      is_default: true,
      status: 'paid',
      amount_paid: 1000,
      payment: {
        type: 'payment_intent',
        payment_intent: {
          latest_charge: {
            customer: customer.id,
            balance_transaction: { amount: 1000, fee: 59, net: 941, type: 'charge' },
          },
        },
      },
    })
    const intent = payment?.payment.payment_intent
    const byIntent = await play.stripe.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: typeof intent === 'object' ? intent.id : '' },
    })
    expect(byIntent.data.map((each) => each.id)).toEqual([payment?.id])
    const payout = play.simulator.payOut('usd')
    expect(payout).toMatchObject({ amount: 941, status: 'paid', reconciliation_status: 'completed' })
    expect(
      (await play.stripe.balanceTransactions.list({ payout: payout.id })).data.map((each) => each.net),
      // The payout itself is one of them: https://docs.stripe.com/payouts/reconciliation
    ).toEqual([-941, 941])
  })

  it('takes part payments and credits what is too much', async () => {
    const customer = await play.customer()
    await play.stripe.invoiceItems.create({ customer: customer.id, amount: 10_000, currency: 'usd' })
    const invoice = await play.stripe.invoices.create({
      customer: customer.id,
      collection_method: 'send_invoice',
      days_until_due: 30,
      pending_invoice_items_behavior: 'include',
    })
    const id = String(invoice.id)
    await play.stripe.invoices.finalizeInvoice(id)
    play.simulator.receiveTransfer(id, 4_000)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'open',
      amount_paid: 4_000,
      amount_remaining: 6_000,
    })
    play.simulator.receiveTransfer(id, 7_500)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'paid',
      amount_paid: 10_000,
      amount_remaining: 0,
      amount_overpaid: 1_500,
    })
    expect(await play.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -1_500 })
    expect(play.types()).toContain('invoice.overpaid')
    expect(
      (await play.stripe.invoicePayments.list({ invoice: id, status: 'paid' })).data.map(
        (each) => each.amount_paid,
      ),
    ).toEqual([7_500, 4_000])
  })

  it('refunds in parts up to the charge, and a bank can send one back', async () => {
    const { subscription } = await renewing(play)
    const invoice = await play.stripe.invoices.retrieve(String(subscription.latest_invoice), {
      expand: ['payments.data.payment.payment_intent'],
    })
    const intent = invoice.payments?.data[0]?.payment.payment_intent
    const payment_intent = typeof intent === 'object' ? intent.id : ''
    const refund = await play.stripe.refunds.create({ payment_intent, amount: 400 })
    expect(play.simulator.events.at(-1)).toMatchObject({
      type: 'charge.refunded',
      data: {
        object: { amount_refunded: 400, refunded: false },
        previous_attributes: { amount_refunded: 0 },
      },
    })
    await expect(play.stripe.refunds.create({ payment_intent, amount: 601 })).rejects.toMatchObject({
      statusCode: 400,
    })
    play.simulator.failRefund(refund.id)
    expect(await play.stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' })
    expect(play.types()).toContain('refund.failed')
  })

  it('opens and closes disputes with their movements of money', async () => {
    await renewing(play)
    const charge = play.simulator.store.charges.all()[0]?.id ?? ''
    const response = await fetch(`${play.url}/_simulator/charges/${charge}/dispute`, {
      method: 'POST',
      body: '{"reason":"product_not_received"}',
    })
    const dispute = play.simulator.store.disputes.all()[0]
    expect(response.status).toBe(200)
    expect(dispute).toMatchObject({
      status: 'needs_response',
      balance_transactions: [{ amount: -1000, fee: 1500, net: -2500 }],
    })
    play.simulator.closeDispute(dispute?.id ?? '', 'won')
    expect(play.types().slice(-4)).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ])
  })
})
