import { expect, it } from 'vitest'
import { seededRandom } from './ids.ts'
import { DAY, type Play, START, startPlay } from './play.fixture.ts'

/** Five weeks of payments in four currencies and three methods, and all that can become of them, at random. */
async function playMoney(seed: number): Promise<Play> {
  const play = await startPlay({ seed, payoutSchedule: 'daily', bankRefundAfterDays: 3 })
  const random = seededRandom(seed)
  const pick = <T>(values: readonly [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0]
  const { simulator, stripe } = play
  simulator.settleCurrency('eur', { into: 'usd', rate: '1.0850', feePercent: '1' })
  simulator.settleCurrency('jpy', { into: 'usd', rate: '0.0065' })
  for (let day = 0; day < 35; day++) {
    play.to(START + day * DAY + Math.floor(random() * DAY))
    const currency = pick(['usd', 'eur', 'jpy', 'kwd'])
    const method = pick([
      'pm_card_visa',
      'pm_card_visa',
      'pm_usBankAccount',
      'pm_usBankAccount_insufficientFunds',
    ])
    await play.charged(1_000 + Math.floor(random() * 900) * 10, { currency, method })
    if (day % 7 === 3)
      simulator.settleCurrency('eur', { into: 'usd', rate: `1.${Math.floor(random() * 900) + 100}` })
    const charges = simulator.store.charges.all().filter((charge) => charge.status === 'succeeded')
    const charge = charges[Math.floor(random() * charges.length)]
    const act = random()
    if (charge && !charge.disputed && !charge.refunded) {
      const byBank = charge.payment_method_details?.type === 'us_bank_account'
      if (act < 0.3) await stripe.refunds.create({ charge: charge.id, amount: 500 })
      else if (act < 0.6) simulator.openDispute(charge.id, { inquiry: act < 0.35 })
      else if (act < 0.9 && byBank) simulator.returnDebit(charge.id, 'insufficient_funds')
    }
    const dispute = simulator.store.disputes.all().find((each) => each.status === 'needs_response')
    if (dispute && random() < 0.3) simulator.closeDispute(dispute.id, pick(['won', 'lost']))
    const refund = simulator.store.refunds.all().at(-1)
    if (refund?.status === 'succeeded' && random() < 0.2) simulator.failRefund(refund.id)
    const payout = simulator.store.payouts.all().at(-1)
    if (payout?.status === 'paid' && random() < 0.15) simulator.failPayout(payout.id)
    if (random() < 0.2) simulator.chargeStripeFee({ amount: 77, currency: 'usd', description: 'Radar' })
  }
  play.to(START + 45 * DAY)
  return play
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)

it.each([1, 2, 3])('keeps the account’s books (seed %i)', async (seed) => {
  const play = await playMoney(seed)
  const { stripe } = play
  const all = await stripe.balanceTransactions.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 })
  expect(all.length).toBeGreaterThan(50)
  for (const entry of all) {
    expect(entry.net).toBe(entry.amount - entry.fee)
    expect(sum(entry.fee_details.map((fee) => fee.amount))).toBe(entry.fee)
    expect(entry.fee_details.every((fee) => fee.currency === entry.currency)).toBe(true)
    expect(entry.status).toBe(entry.available_on <= play.seconds() ? 'available' : 'pending')
  }

  // The balance is the sum of its transactions, and only currencies that settle are in it.
  const balance = await stripe.balance.retrieve()
  for (const { currency, amount } of balance.available) {
    const pending = balance.pending.find((each) => each.currency === currency)?.amount ?? 0
    expect(amount + pending).toBe(
      sum(all.filter((entry) => entry.currency === currency).map((entry) => entry.net)),
    )
  }
  expect(balance.available.map((each) => each.currency)).toEqual(['kwd', 'usd'])

  // An automatic payout is what it is made of, and nothing is paid out twice.
  const payouts = await stripe.payouts.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 })
  expect(payouts.length).toBeGreaterThan(5)
  const taken: string[] = []
  for (const payout of payouts) {
    const listed = await stripe.balanceTransactions
      .list({ payout: payout.id, limit: 100 })
      .autoPagingToArray({ limit: 1_000 })
    const parts = listed.filter((entry) => entry.type !== 'payout')
    expect(sum(parts.map((entry) => entry.net))).toBe(payout.amount)
    taken.push(...parts.map((entry) => entry.id))
  }
  expect(new Set(taken).size).toBe(taken.length)

  // What money did to a charge is in the charge.
  const kinds = new Set(all.map((entry) => entry.type))
  for (const kind of ['charge', 'payment', 'payment_failure_refund', 'adjustment', 'payout', 'stripe_fee'])
    expect(kinds, kind).toContain(kind)
  const { charges, refunds } = play.simulator.store
  for (const charge of charges.all()) {
    const back = refunds.of(charge.id).filter((refund) => refund.status !== 'failed')
    expect(charge.amount_refunded).toBe(sum(back.map((refund) => refund.amount)))
    const own = all.filter((entry) => entry.source === charge.id).map((entry) => entry.type)
    const byCard = charge.payment_method_details?.type === 'card'
    expect(own.toReversed()).toEqual(
      charge.status === 'failed' ? ['payment', 'payment_failure_refund'] : [byCard ? 'charge' : 'payment'],
    )
  }
  await play.close()
})
