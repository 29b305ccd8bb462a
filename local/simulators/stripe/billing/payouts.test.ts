import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, type Play, START, startPlay } from '../play.fixture.ts'

// START is Tuesday, 1 September 2026, midnight UTC.
let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

const payoutTypes = (): string[] => play.types().filter((type) => type.startsWith('payout.'))
const payouts = async () => (await play.stripe.payouts.list()).data

describe('automatic payouts', () => {
  it('take what is available at midnight of a business day, and can be itemized when reconciled', async () => {
    play.simulator.setPayoutSchedule('daily')
    const { charge } = await play.charged(10_000)
    const refund = await play.stripe.refunds.create({ charge, amount: 1_000 })
    play.to(START + 2 * DAY - 1)
    // On Wednesday only the refund is available: nothing to pay out, it is carried forward.
    expect(await payouts()).toEqual([])
    play.to(START + 2 * DAY)
    const [payout] = await payouts()
    const id = payout?.id ?? ''
    expect(payout).toMatchObject({
      amount: 8_680,
      automatic: true,
      status: 'in_transit',
      reconciliation_status: 'in_progress',
      arrival_date: START + 6 * DAY, // Saturday and Sunday move it to Monday
      created: START + 2 * DAY,
    })
    expect((await play.stripe.balanceTransactions.list({ payout: id })).data).toEqual([])
    play.to(START + 2 * DAY + HOUR)
    expect(
      (await play.stripe.balanceTransactions.list({ payout: id })).data.map((each) => [
        each.type,
        each.net,
        each.source,
      ]),
    ).toEqual([
      ['payout', -8_680, id],
      ['refund', -1_000, refund.id],
      ['charge', 9_680, charge],
    ])
    expect(await play.stripe.payouts.retrieve(id)).toMatchObject({
      status: 'in_transit',
      reconciliation_status: 'completed',
    })
    play.to(START + 6 * DAY)
    expect(await play.stripe.payouts.retrieve(id)).toMatchObject({ status: 'paid' })
    expect(payoutTypes()).toEqual([
      'payout.created',
      'payout.updated',
      'payout.reconciliation_completed',
      'payout.updated',
      'payout.paid',
    ])
    expect(await play.stripe.balance.retrieve()).toMatchObject({ available: [{ amount: 0 }] })
  })

  it('are made for each settlement currency', async () => {
    play.simulator.setPayoutSchedule('daily')
    play.simulator.settleCurrency('eur', { into: 'usd', rate: '1.1' })
    await play.charged(10_000)
    await play.charged(1_000, { currency: 'eur' })
    await play.charged(500, { currency: 'gbp' })
    play.to(START + 2 * DAY)
    // 9,680 + 1,038 in dollars; 500 less 15 + 30 in pounds.
    expect((await payouts()).map((each) => [each.currency, each.amount])).toEqual([
      ['usd', 10_718],
      ['gbp', 455],
    ])
  })

  it('are not made at the weekend, nor any more when the schedule is manual', async () => {
    play.simulator.setPayoutSchedule('daily')
    play.to(START + 2 * DAY)
    await play.charged(10_000) // Thursday: available on Saturday
    play.to(START + 6 * DAY - 1)
    expect(await payouts()).toEqual([])
    play.to(START + 6 * DAY)
    expect((await payouts()).map((each) => each.created)).toEqual([START + 6 * DAY])
    play.simulator.setPayoutSchedule('manual')
    await play.charged(10_000)
    play.to(START + 20 * DAY)
    expect((await payouts()).length).toBe(1)
  })

  it('that a bank sends back fail after they were paid; the money goes out with the next one', async () => {
    play.simulator.setPayoutSchedule('daily')
    await play.charged(10_000)
    play.to(START + 7 * DAY)
    const [paid] = await payouts()
    expect(paid).toMatchObject({ status: 'paid', amount: 9_680 })
    play.simulator.failPayout(paid?.id ?? '', 'account_closed')
    const failed = await play.stripe.payouts.retrieve(paid?.id ?? '', {
      expand: ['failure_balance_transaction'],
    })
    expect(failed).toMatchObject({
      status: 'failed',
      failure_code: 'account_closed',
      failure_message: 'The bank account has been closed.',
      failure_balance_transaction: {
        type: 'payout_failure',
        reporting_category: 'payout_reversal',
        amount: 9_680,
        net: 9_680,
        description: 'REFUND FOR PAYOUT (STRIPE PAYOUT)',
        source: paid?.id,
      },
    })
    expect(payoutTypes().slice(-2)).toEqual(['payout.updated', 'payout.failed'])
    play.to(START + 9 * DAY)
    const [next] = await payouts()
    expect(next).toMatchObject({ amount: 9_680, created: START + 8 * DAY })
    expect(
      (await play.stripe.balanceTransactions.list({ payout: next?.id ?? '' })).data.map((each) => each.type),
    ).toEqual(['payout', 'payout_failure'])
    // What the failed one was made of stays with it.
    expect(
      (await play.stripe.balanceTransactions.list({ payout: paid?.id ?? '' })).data.map((each) => each.type),
    ).toEqual(['payout', 'charge'])
  })

  it('are negative when Stripe debits the bank account for a negative balance', async () => {
    await play.charged(10_000)
    expect(() => play.simulator.debitBank('usd')).toThrow('not negative')
    play.simulator.payOut('usd')
    play.to(START + 5 * DAY)
    const { charge } = await play.charged(1_000)
    const refund = await play.stripe.refunds.create({ charge })
    const payout = play.simulator.debitBank('usd')
    expect(await play.stripe.payouts.retrieve(payout.id)).toMatchObject({
      amount: -1_000,
      status: 'paid',
      automatic: true,
    })
    expect(
      (await play.stripe.balanceTransactions.list({ payout: payout.id })).data.map((each) => [
        each.type,
        each.amount,
        each.source,
      ]),
    ).toEqual([
      ['payout', 1_000, payout.id],
      ['refund', -1_000, refund.id],
    ])
  })

  it('cannot fail weeks later, nor twice, nor for a reason nobody has heard of', async () => {
    await play.charged(10_000)
    const { id } = play.simulator.payOut('usd')
    expect(() => play.simulator.failPayout(id, 'bad_mood')).toThrow('Not a failure code')
    play.simulator.failPayout(id)
    expect(() => play.simulator.failPayout(id)).toThrow('failed already')
    const again = play.simulator.payOut('usd')
    play.to(START + 20 * DAY)
    expect(() => play.simulator.failPayout(again.id)).toThrow('five business days')
  })
})

describe('manual payouts', () => {
  it('take an amount, cannot be itemized, and need it to be available', async () => {
    await play.charged(10_000)
    await expect(play.stripe.payouts.create({ amount: 100, currency: 'usd' })).rejects.toMatchObject({
      statusCode: 400,
      code: 'balance_insufficient',
    })
    play.to(START + 2 * DAY)
    const payout = await play.stripe.payouts.create({
      amount: 4_000,
      currency: 'usd',
      metadata: { run: '7' },
    })
    expect(payout).toMatchObject({
      automatic: false,
      status: 'pending',
      reconciliation_status: 'not_applicable',
      metadata: { run: '7' },
    })
    await expect(play.stripe.balanceTransactions.list({ payout: payout.id })).rejects.toMatchObject({
      statusCode: 400,
      message: 'Balance transaction history can only be filtered on automatic transfers, not manual.',
    })
    expect(await play.stripe.balance.retrieve()).toMatchObject({ available: [{ amount: 5_680 }] })
    play.to(payout.arrival_date)
    expect(await play.stripe.payouts.retrieve(payout.id)).toMatchObject({ status: 'paid' })
    expect(payoutTypes()).toEqual(['payout.created', 'payout.updated', 'payout.updated', 'payout.paid'])
    expect((await play.stripe.payouts.list({ status: 'pending' })).data).toEqual([])
  })

  it('arrive on a day, which is told as its midnight in UTC, an instant one at the midnight before it was made', async () => {
    await play.charged(10_000)
    play.to(START + 2 * DAY + 9 * HOUR)
    const [standard, instant] = [
      await play.stripe.payouts.create({ amount: 4_000, currency: 'usd' }),
      await play.stripe.payouts.create({ amount: 1_000, currency: 'usd', method: 'instant' }),
    ]
    // From Thursday over the weekend to Monday.
    expect([standard.arrival_date, instant.arrival_date]).toEqual([START + 6 * DAY, START + 2 * DAY])
    const status = async ({ id }: { id: string }) => (await play.stripe.payouts.retrieve(id)).status
    expect(await status(instant)).toBe('pending')
    play.to(START + 2 * DAY + 9.5 * HOUR)
    expect(await status(instant)).toBe('paid')
    play.to(START + 6 * DAY - 1)
    expect(await status(standard)).toBe('in_transit')
    play.to(START + 6 * DAY)
    expect(await status(standard)).toBe('paid')
  })

  it('can be canceled while pending, and the money is back', async () => {
    await play.charged(10_000)
    play.to(START + 2 * DAY)
    const payout = await play.stripe.payouts.create({ amount: 4_000, currency: 'usd' })
    const canceled = await play.stripe.payouts.cancel(payout.id, { expand: ['failure_balance_transaction'] })
    expect(canceled).toMatchObject({
      status: 'canceled',
      failure_code: null,
      failure_balance_transaction: {
        type: 'payout_cancel',
        reporting_category: 'payout_reversal',
        amount: 4_000,
      },
    })
    expect(payoutTypes().slice(-2)).toEqual(['payout.updated', 'payout.canceled'])
    expect(await play.stripe.balance.retrieve()).toMatchObject({ available: [{ amount: 9_680 }] })
    const sent = await play.stripe.payouts.create({ amount: 4_000, currency: 'usd' })
    play.to(START + 2 * DAY + HOUR)
    await expect(play.stripe.payouts.cancel(sent.id)).rejects.toMatchObject({ statusCode: 400 })
  })

  it.each([
    [{ amount: 0, currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
    [{ amount: -5, currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
    [{ currency: 'usd' } as { amount: number; currency: string }, 'parameter_missing', 'amount'],
  ])('refuse %o', async (params, code, param) => {
    await expect(play.stripe.payouts.create(params)).rejects.toMatchObject({ code, param })
  })
})
