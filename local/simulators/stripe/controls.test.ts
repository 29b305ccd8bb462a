import { afterEach, beforeEach, expect, it } from 'vitest'
import { DAY, type Play, START, startPlay } from './play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

async function control(path: string, body: object = {}) {
  const response = await fetch(`${play.url}/_simulator/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

it('drives over HTTP what money does by itself', async () => {
  await control('settlement/eur', { rule: { into: 'usd', rate: '1.1', feePercent: '2' } })
  await control('payout_schedule', { schedule: 'daily' })
  const euro = await play.charged(10_000, { currency: 'eur' })
  await control('settlement/eur', { rule: null })
  const fee = await control('stripe_fees', { amount: 250, currency: 'usd', description: 'Radar' })
  expect(fee.body).toMatchObject({ type: 'stripe_fee', amount: -250 })
  expect(
    await control('tax_registrations', {
      country: 'CA',
      state: 'QC',
      percentage: 9.975,
      display_name: 'QST',
    }),
  ).toMatchObject({
    body: { object: 'tax_rate', percentage: 9.975, state: 'QC', jurisdiction_level: 'state' },
  })
  const warning = await control(`charges/${euro.charge}/fraud_warning`, { fraud_type: 'misc' })
  expect(warning.body).toMatchObject({ object: 'radar.early_fraud_warning', actionable: true })
  const review = await control(`charges/${euro.charge}/review`, { reason: 'manual' })
  expect(await control(`reviews/${String(review.body.id)}/close`, { reason: 'acknowledged' })).toMatchObject({
    body: { open: false, closed_reason: 'acknowledged' },
  })
  const dispute = await control(`charges/${euro.charge}/dispute`, { inquiry: true, amount: 4_000 })
  expect(dispute.body).toMatchObject({ status: 'warning_needs_response', amount: 4_000 })
  await control(`disputes/${String(dispute.body.id)}/escalate`)
  await control(`disputes/${String(dispute.body.id)}/close`, { outcome: 'won' })

  play.to(START + 2 * DAY)
  const [payout] = (await play.stripe.payouts.list()).data
  // 11,000 less 220, 319 + 30 and 250. The dispute came when euros settled in euros: its fee stays in that balance.
  expect(payout).toMatchObject({ currency: 'usd', amount: 10_181 })
  expect(await control(`payouts/${payout?.id}/fail`, { code: 'no_account' })).toMatchObject({
    body: { status: 'failed', failure_code: 'no_account' },
  })

  const debit = await play.charged(10_000, { method: 'pm_usBankAccount' })
  play.to(START + 6 * DAY)
  const refund = await play.stripe.refunds.create({ charge: debit.charge, amount: 100 })
  expect(await control(`refunds/${refund.id}/fail`, { reason: 'declined' })).toMatchObject({
    body: { status: 'failed', failure_reason: 'declined' },
  })
  expect(await control(`charges/${debit.charge}/return`, { reason: 'insufficient_funds' })).toMatchObject({
    body: { status: 'lost', reason: 'insufficient_funds' },
  })
})

it('refuses over HTTP what it does not know, and what cannot be', async () => {
  const { charge } = await play.charged(10_000)
  for (const [path, body] of [
    ['settlement/eur', { rule: { into: 'usd', rate: 'one' } }],
    ['payout_schedule', { schedule: 'hourly' }],
    ['payouts/po_nope/fail', {}],
    [`charges/${charge}/return`, { reason: 'insufficient_funds' }],
    [`charges/${charge}/fraud_warning`, { fraud_type: 'bad mood' }],
    ['tax_registrations', { country: 'Canada', percentage: 5, display_name: 'GST' }],
    ['stripe_fees', { amount: -5, currency: 'usd', description: 'x' }],
  ] as const)
    expect((await control(path, body)).status, path).toBe(400)
  expect((await play.stripe.balanceTransactions.list()).data).toHaveLength(1)
})
