import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

const transactionOf = async (source: string) =>
  (await play.stripe.balanceTransactions.list({ source })).data[0]

describe('a balance transaction', () => {
  it('of a card payment is a charge with its fee, pending until midnight two days on', async () => {
    const { charge } = await play.charged(10_000)
    expect(await transactionOf(charge)).toMatchObject({
      type: 'charge',
      reporting_category: 'charge',
      amount: 10_000,
      currency: 'usd',
      exchange_rate: null,
      fee: 320,
      fee_details: [
        { amount: 320, currency: 'usd', description: 'Stripe processing fees', type: 'stripe_fee' },
      ],
      net: 9_680,
      available_on: START + 2 * DAY,
      status: 'pending',
    })
    expect(await play.stripe.balance.retrieve()).toMatchObject({
      available: [{ amount: 0, currency: 'usd' }],
      pending: [{ amount: 9_680, currency: 'usd', source_types: { card: 9_680 } }],
    })
    play.to(START + 2 * DAY)
    expect(await transactionOf(charge)).toMatchObject({ status: 'available' })
    expect(await play.stripe.balance.retrieve()).toMatchObject({
      available: [{ amount: 9_680, currency: 'usd' }],
      pending: [{ amount: 0, currency: 'usd' }],
    })
  })

  it('of a refund is available at once, keeps no fee and names the charge', async () => {
    const { charge } = await play.charged(10_000)
    const refund = await play.stripe.refunds.create({ charge, amount: 2_500 })
    expect(await transactionOf(refund.id)).toMatchObject({
      type: 'refund',
      reporting_category: 'refund',
      description: 'REFUND FOR CHARGE (Payment for Invoice)',
      amount: -2_500,
      fee: 0,
      fee_details: [],
      net: -2_500,
      available_on: START,
      status: 'available',
    })
  })

  it('of a fee for a product of Stripe has no source, and the amount is the fee', async () => {
    play.simulator.chargeStripeFee({
      amount: 1_234,
      currency: 'usd',
      description: 'Billing - Usage Fee (2026-08-31)',
    })
    expect((await play.stripe.balanceTransactions.list({ type: 'stripe_fee' })).data).toMatchObject([
      {
        amount: -1_234,
        fee: 0,
        net: -1_234,
        reporting_category: 'fee',
        source: null,
        description: 'Billing - Usage Fee (2026-08-31)',
      },
    ])
  })

  it('expands to its source and is found by type, currency and time', async () => {
    const { charge } = await play.charged(10_000)
    play.to(START + DAY)
    await play.charged(500, { currency: 'eur' })
    const listed = await play.stripe.balanceTransactions.list({
      type: 'charge',
      currency: 'usd',
      created: { lt: START + DAY },
      expand: ['data.source'],
    })
    expect(listed.data).toMatchObject([{ source: { id: charge, object: 'charge', amount: 10_000 } }])
    expect((await play.stripe.balanceTransactions.list({ type: 'nothing' })).data).toEqual([])
    await expect(play.stripe.balanceTransactions.retrieve('txn_nope')).rejects.toMatchObject({
      statusCode: 404,
      message: "No such balance transaction: 'txn_nope'",
    })
  })
})

describe('settlement in another currency', () => {
  it('converts euros to dollars when they are paid, with both fees in dollars', async () => {
    play.simulator.settleCurrency('eur', { into: 'usd', rate: '1.0850', feePercent: '1' })
    const { charge } = await play.charged(10_000, { currency: 'eur' })
    expect(await play.stripe.charges.retrieve(charge)).toMatchObject({ amount: 10_000, currency: 'eur' })
    // 10,850: 2.9 % = 314.65, + 30; 1 % = 108.50.
    expect(await transactionOf(charge)).toMatchObject({
      amount: 10_850,
      currency: 'usd',
      exchange_rate: 1.085,
      fee: 454,
      fee_details: [
        { amount: 109, currency: 'usd', description: 'Stripe currency conversion fee' },
        { amount: 345, currency: 'usd', description: 'Stripe processing fees' },
      ],
      net: 10_396,
    })
  })

  it('takes a refund at the rate of its own day', async () => {
    play.simulator.settleCurrency('eur', { into: 'usd', rate: '1.0850' })
    const { charge } = await play.charged(10_000, { currency: 'eur' })
    play.to(START + 10 * DAY)
    play.simulator.settleCurrency('eur', { into: 'usd', rate: '1.1021' })
    const refund = await play.stripe.refunds.create({ charge })
    expect(refund).toMatchObject({ amount: 10_000, currency: 'eur' })
    expect(await transactionOf(refund.id)).toMatchObject({
      amount: -11_021,
      currency: 'usd',
      exchange_rate: 1.1021,
      fee: 0,
    })
  })

  it.each([
    // ¥120,000 at 0.0065 = $780.00
    ['jpy', 120_000, '0.0065', 78_000, 0.65],
    // KWD 12.340 at 3.25 = $40.105, half away from zero
    ['kwd', 12_340, '3.25', 4_011, 0.325],
    ['gbp', 333, '1.27', 423, 1.27],
  ])('relates the integers of the API: %s', async (currency, amount, rate, settled, shown) => {
    play.simulator.settleCurrency(currency, { into: 'usd', rate })
    const { charge } = await play.charged(amount, { currency })
    expect(await transactionOf(charge)).toMatchObject({
      amount: settled,
      currency: 'usd',
      exchange_rate: shown,
    })
  })

  it('converts dollars to yen, whose integers are larger units', async () => {
    play.simulator.settleCurrency('usd', { into: 'jpy', rate: '151.5' })
    const { charge } = await play.charged(10_000)
    // $100.00 at 151.5 = ¥15,150
    expect(await transactionOf(charge)).toMatchObject({
      amount: 15_150,
      currency: 'jpy',
      exchange_rate: 1.515,
    })
  })

  it('can be told when the account is made, and refuses what is no rate', async () => {
    const euro = await startPlay({ settlement: { eur: { into: 'usd', rate: '1.1' } } })
    await euro.charged(1_000, { currency: 'eur' })
    expect((await euro.stripe.balance.retrieve()).pending).toMatchObject([
      // 1,100 less 32 + 30
      { amount: 1_038, currency: 'usd' },
    ])
    expect(() => euro.simulator.settleCurrency('eur', { into: 'usd', rate: '1,1' })).toThrow('Not a rate')
    await euro.close()
  })
})
