import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

const mark = (): number => play.simulator.events.length
const moves = async () =>
  (await play.stripe.balanceTransactions.list({ limit: 100 })).data
    .toReversed()
    .map((each) => [each.type, each.reporting_category, each.amount, each.fee, each.net])

describe('a bank debit', () => {
  it('has its transaction while it is pending, and keeps it when it succeeds', async () => {
    const { charge, invoice } = await play.charged(10_000, { method: 'pm_usBankAccount' })
    expect(await play.stripe.charges.retrieve(charge, { expand: ['balance_transaction'] })).toMatchObject({
      status: 'pending',
      balance_transaction: { type: 'payment', amount: 10_000, fee: 320, status: 'pending' },
    })
    const created = play.simulator.store.charges.get(charge)?.balance_transaction
    play.to(START + 4 * DAY)
    expect(await play.stripe.charges.retrieve(charge)).toMatchObject({
      status: 'succeeded',
      balance_transaction: created,
    })
    expect(await play.stripe.invoices.retrieve(invoice)).toMatchObject({ status: 'paid' })
    play.to(START + 5 * DAY)
    expect(await play.stripe.balance.retrieve()).toMatchObject({ available: [{ amount: 9_680 }] })
    expect(await moves()).toEqual([['payment', 'charge', 10_000, 320, 9_680]])
  })

  it('that fails takes its transaction back, and the invoice is tried again', async () => {
    const { charge, invoice } = await play.charged(10_000, { method: 'pm_usBankAccount_insufficientFunds' })
    const from = mark()
    play.to(START + 4 * DAY)
    expect(
      await play.stripe.charges.retrieve(charge, { expand: ['failure_balance_transaction'] }),
    ).toMatchObject({
      status: 'failed',
      failure_code: 'insufficient_funds',
      failure_balance_transaction: { type: 'payment_failure_refund', amount: -10_000, net: -9_680 },
    })
    expect(await play.stripe.invoices.retrieve(invoice)).toMatchObject({ status: 'open', amount_paid: 0 })
    expect(await moves()).toEqual([
      ['payment', 'charge', 10_000, 320, 9_680],
      ['payment_failure_refund', 'charge_failure', -10_000, -320, -9_680],
    ])
    expect(play.types(from).slice(0, 2)).toEqual(['charge.failed', 'payment_intent.payment_failed'])
  })

  it('is not paid out before it has succeeded', async () => {
    await play.charged(10_000, { method: 'pm_usBankAccount' })
    expect(() => play.simulator.payOut('usd')).toThrow('insufficient funds')
  })
})

describe('a debit that comes back after it succeeded', () => {
  it('is a lost dispute with a failure fee when the bank could not collect; the invoice stays paid', async () => {
    const { charge, invoice } = await play.charged(10_000, { method: 'pm_usBankAccount' })
    play.to(START + 10 * DAY)
    const from = mark()
    const dispute = play.simulator.returnDebit(charge, 'insufficient_funds')
    expect(await play.stripe.disputes.retrieve(dispute?.id ?? '')).toMatchObject({
      status: 'lost',
      reason: 'insufficient_funds',
      amount: 10_000,
      evidence_details: { due_by: 0 },
      balance_transactions: [
        { amount: -10_000, fee: 400, fee_details: [{ description: 'Failure fee' }], net: -10_400 },
      ],
    })
    expect(play.types(from)).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
    ])
    expect(await play.stripe.invoices.retrieve(invoice)).toMatchObject({
      status: 'paid',
      amount_remaining: 0,
    })
    expect(await play.stripe.charges.retrieve(charge)).toMatchObject({ status: 'succeeded', disputed: true })
    await expect(
      play.stripe.disputes.update(dispute?.id ?? '', { evidence: { customer_name: 'Ada' } }),
    ).rejects.toMatchObject({ statusCode: 400 })
  })

  it('can be planned for weeks later, and comes by itself from the test account for it', async () => {
    const planned = await play.charged(10_000, { method: 'pm_usBankAccount' })
    await play.charged(10_000, { method: 'pm_usBankAccount_dispute' })
    play.to(START + 4 * DAY)
    expect(play.simulator.store.disputes.all()).toMatchObject([
      { reason: 'debit_not_authorized', created: START + 4 * DAY },
    ])
    play.simulator.returnDebit(planned.charge, 'bank_cannot_process', 30)
    play.to(START + 33 * DAY)
    expect(play.simulator.store.disputes.size).toBe(1)
    play.to(START + 34 * DAY)
    expect(play.simulator.store.disputes.all()[1]).toMatchObject({
      charge: planned.charge,
      reason: 'bank_cannot_process',
      created: START + 34 * DAY,
    })
  })

  it('in the SEPA scheme comes within eight weeks without a question, within 13 months unauthorized', async () => {
    const [first, second] = [
      await play.charged(10_000, { currency: 'eur', method: 'pm_sepaDebit' }),
      await play.charged(10_000, { currency: 'eur', method: 'pm_sepaDebit' }),
    ]
    play.to(START + 56 * DAY)
    // 15.00 euros: https://docs.stripe.com/payments/sepa-debit#disputed-payments
    expect(play.simulator.returnDebit(first.charge, 'customer_initiated')).toMatchObject({
      status: 'lost',
      currency: 'eur',
      balance_transactions: [{ amount: -10_000, fee: 1_500, currency: 'eur' }],
    })
    play.to(START + 57 * DAY)
    expect(() => play.simulator.returnDebit(second.charge, 'customer_initiated')).toThrow('eight weeks')
    expect(play.simulator.returnDebit(second.charge, 'debit_not_authorized')).toMatchObject({
      status: 'lost',
    })
  })

  it('is nothing that cards, pending debits or unknown reasons do', async () => {
    const card = await play.charged(10_000)
    const pending = await play.charged(10_000, { method: 'pm_usBankAccount' })
    expect(() => play.simulator.returnDebit(card.charge, 'insufficient_funds')).toThrow('made by card')
    expect(() => play.simulator.returnDebit(pending.charge, 'insufficient_funds')).toThrow(
      'has not succeeded',
    )
    play.to(START + 4 * DAY)
    expect(() => play.simulator.returnDebit(pending.charge, 'fraudulent')).toThrow('Not a reason')
  })
})

describe('a refund that fails later', () => {
  it('of a card puts the money back as refund_failure, and is told three times', async () => {
    const { charge } = await play.charged(10_000)
    const refund = await play.stripe.refunds.create({ charge, amount: 4_000 })
    play.to(START + 20 * DAY)
    const from = mark()
    play.simulator.failRefund(refund.id, 'expired_or_canceled_card')
    expect(
      await play.stripe.refunds.retrieve(refund.id, { expand: ['failure_balance_transaction'] }),
    ).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
      failure_balance_transaction: {
        type: 'refund_failure',
        reporting_category: 'refund_failure',
        amount: 4_000,
        net: 4_000,
        source: refund.id,
        created: START + 20 * DAY,
      },
    })
    expect(play.types(from)).toEqual([
      'refund.updated',
      'charge.refund.updated',
      'refund.failed',
      'charge.updated',
    ])
    expect(play.simulator.events[from + 1]?.data).toMatchObject({
      object: { object: 'refund', status: 'failed' },
      previous_attributes: { status: 'succeeded', failure_reason: null, failure_balance_transaction: null },
    })
    expect(await play.stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 0 })
  })

  it('to a bank account is a payment_refund with a positive amount', async () => {
    const { charge } = await play.charged(10_000, { method: 'pm_usBankAccount' })
    play.to(START + 4 * DAY)
    const refund = await play.stripe.refunds.create({ charge, amount: 4_000 })
    play.simulator.failRefund(refund.id, 'unknown')
    expect(await moves()).toEqual([
      ['payment', 'charge', 10_000, 320, 9_680],
      ['payment_refund', 'refund', -4_000, 0, -4_000],
      ['payment_refund', 'refund', 4_000, 0, 4_000],
    ])
  })

  it('fails at once when its charge comes back while it is pending', async () => {
    const slow = await startPlay({ bankRefundAfterDays: 5 })
    const { charge } = await slow.charged(10_000, { method: 'pm_usBankAccount' })
    slow.to(START + 4 * DAY)
    const refund = await slow.stripe.refunds.create({ charge, amount: 4_000 })
    slow.simulator.returnDebit(charge, 'debit_not_authorized')
    expect(await slow.stripe.refunds.retrieve(refund.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'charge_for_pending_refund_disputed',
    })
    // 9,680 − 4,000 − 11,500 + 4,000
    const { available, pending } = await slow.stripe.balance.retrieve()
    expect((available[0]?.amount ?? 0) + (pending[0]?.amount ?? 0)).toBe(-1_820)
    slow.to(START + 10 * DAY)
    expect(await slow.stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' })
    await slow.close()
  })

  it('may have been pending first, and fails within 30 days', async () => {
    const slow = await startPlay({ bankRefundAfterDays: 5 })
    const { charge } = await slow.charged(10_000, { method: 'pm_usBankAccount' })
    slow.to(START + 4 * DAY)
    const refund = await slow.stripe.refunds.create({ charge, amount: 4_000 })
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing' })
    slow.to(START + 9 * DAY)
    expect(await slow.stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'succeeded' })
    expect(slow.types().slice(-2)).toEqual(['refund.updated', 'charge.refund.updated'])
    slow.to(START + 40 * DAY)
    expect(() => slow.simulator.failRefund(refund.id)).toThrow('30 days')
    await expect(slow.stripe.refunds.cancel(refund.id)).rejects.toMatchObject({ statusCode: 400 })
    await slow.close()
  })
})
