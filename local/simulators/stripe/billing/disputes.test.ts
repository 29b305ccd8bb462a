import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

const since = (mark: number): string[] => play.types(mark)
const mark = (): number => play.simulator.events.length
const money = async (id: string) =>
  (await play.stripe.disputes.retrieve(id)).balance_transactions.map((each) => [
    each.reporting_category,
    each.amount,
    each.fee,
    each.currency,
  ])

describe('a dispute', () => {
  it('withdraws the amount and a fee, and gives the amount back when it is won', async () => {
    const { charge } = await play.charged(10_000)
    const from = mark()
    const { id } = play.simulator.openDispute(charge, 'product_not_received')
    expect(await play.stripe.disputes.retrieve(id)).toMatchObject({
      amount: 10_000,
      currency: 'usd',
      charge,
      reason: 'product_not_received',
      status: 'needs_response',
      is_charge_refundable: false,
      payment_method_details: { type: 'card', card: { case_type: 'chargeback', brand: 'visa' } },
      balance_transactions: [
        {
          type: 'adjustment',
          reporting_category: 'dispute',
          amount: -10_000,
          fee: 1_500,
          fee_details: [{ amount: 1_500, description: 'Dispute fee', type: 'stripe_fee' }],
          net: -11_500,
          source: id,
          description: `Chargeback withdrawal for ${charge}`,
        },
      ],
    })
    expect(await play.stripe.charges.retrieve(charge)).toMatchObject({ disputed: true })
    const submitted = await play.stripe.disputes.update(id, {
      evidence: { uncategorized_text: 'It was delivered.' },
    })
    expect(submitted).toMatchObject({
      status: 'under_review',
      evidence_details: { has_evidence: true, submission_count: 1, past_due: false },
    })
    play.simulator.closeDispute(id, 'won')
    expect(await money(id)).toEqual([
      ['dispute', -10_000, 1_500, 'usd'],
      ['dispute_reversal', 10_000, 0, 'usd'],
    ])
    expect(since(from)).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.updated',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ])
    // 9,680 − 11,500 + 10,000
    const { available, pending } = await play.stripe.balance.retrieve()
    expect([available[0]?.amount, pending[0]?.amount]).toEqual([-1_500, 9_680])
  })

  it('that is lost, accepted or left unanswered moves no more money', async () => {
    const lost = play.simulator.openDispute((await play.charged(10_000)).charge)
    play.simulator.closeDispute(lost.id, 'lost')
    const accepted = play.simulator.openDispute((await play.charged(10_000)).charge)
    expect(await play.stripe.disputes.close(accepted.id)).toMatchObject({ status: 'lost' })
    await expect(play.stripe.disputes.close(accepted.id)).rejects.toMatchObject({ statusCode: 400 })
    const unanswered = play.simulator.openDispute((await play.charged(10_000)).charge)
    play.to(START + 21 * DAY)
    expect(await play.stripe.disputes.retrieve(unanswered.id)).toMatchObject({ status: 'lost' })
    for (const { id } of [lost, accepted, unanswered])
      expect(await money(id)).toEqual([['dispute', -10_000, 1_500, 'usd']])
    expect(play.types().slice(-1)).toEqual(['charge.dispute.closed'])
  })

  it('is decided by the test phrases, and takes evidence once', async () => {
    const won = play.simulator.openDispute((await play.charged(10_000)).charge)
    const staged = await play.stripe.disputes.update(won.id, {
      evidence: { uncategorized_text: 'winning_evidence' },
      submit: false,
    })
    expect(staged).toMatchObject({
      status: 'needs_response',
      evidence_details: { has_evidence: true, submission_count: 0 },
    })
    expect(await play.stripe.disputes.update(won.id, { evidence: { customer_name: 'Ada' } })).toMatchObject({
      status: 'won',
      evidence: { customer_name: 'Ada', uncategorized_text: 'winning_evidence' },
    })
    const open = play.simulator.openDispute((await play.charged(10_000)).charge)
    expect(open.evidence.customer_name).toBeNull()
    await play.stripe.disputes.update(open.id, { evidence: { customer_name: 'Ada' } })
    await expect(
      play.stripe.disputes.update(open.id, { evidence: { customer_name: 'Bob' } }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'evidence' })
    expect(await play.stripe.disputes.update(open.id, { metadata: { case: '9' } })).toMatchObject({
      metadata: { case: '9' },
    })
  })

  it('of a converted payment takes the rate of each day, and its fee is in the settlement currency', async () => {
    play.simulator.settleCurrency('usd', { into: 'eur', rate: '0.88' })
    const { charge } = await play.charged(6_000)
    play.simulator.settleCurrency('usd', { into: 'eur', rate: '0.86' })
    const { id } = play.simulator.openDispute(charge)
    play.simulator.settleCurrency('usd', { into: 'eur', rate: '0.9' })
    play.simulator.closeDispute(id, 'won')
    // $60.00 is 52.80, 51.60 and 54.00 euros.
    expect(await money(id)).toEqual([
      ['dispute', -5_160, 2_000, 'eur'],
      ['dispute_reversal', 5_400, 0, 'eur'],
    ])
    expect((await play.stripe.balanceTransactions.list({ source: charge })).data[0]).toMatchObject({
      amount: 5_280,
    })
  })

  it('may be over a part, and forbids refunds for as long as it is not won', async () => {
    const { charge } = await play.charged(10_000)
    const { id } = play.simulator.openDispute(charge, { reason: 'duplicate', amount: 4_000 })
    expect(await money(id)).toEqual([['dispute', -4_000, 1_500, 'usd']])
    await expect(play.stripe.refunds.create({ charge, amount: 100 })).rejects.toMatchObject({
      code: 'charge_disputed',
    })
    play.simulator.closeDispute(id, 'won')
    expect(await play.stripe.refunds.create({ charge, amount: 100 })).toMatchObject({ status: 'succeeded' })
  })

  it('is found by charge, payment intent and time; its transactions only in itself', async () => {
    const { charge } = await play.charged(10_000)
    const { id, payment_intent } = play.simulator.openDispute(charge)
    play.to(START + DAY)
    const later = play.simulator.openDispute((await play.charged(500)).charge)
    const ids = async (params: object) => (await play.stripe.disputes.list(params)).data.map((it) => it.id)
    expect(await ids({})).toEqual([later.id, id])
    expect(await ids({ charge })).toEqual([id])
    expect(await ids({ payment_intent })).toEqual([id])
    expect(await ids({ created: { gte: START + DAY } })).toEqual([later.id])
    expect(await ids({ limit: 1, starting_after: later.id })).toEqual([id])
    expect((await play.stripe.balanceTransactions.list({ source: id })).data).toEqual([])
    expect((await play.stripe.balanceTransactions.list({ type: 'adjustment' })).data).toMatchObject([
      { source: later.id },
      { source: id },
    ])
    const expanded = await play.stripe.disputes.retrieve(id, { expand: ['charge', 'payment_intent'] })
    expect(expanded).toMatchObject({ charge: { id: charge }, payment_intent: { id: payment_intent } })
  })

  it('cannot be opened where nothing was paid, or all was given back', async () => {
    const { charge } = await play.charged(10_000)
    await play.stripe.refunds.create({ charge })
    expect(() => play.simulator.openDispute(charge)).toThrow('fully refunded')
    const pending = await play.charged(10_000, { method: 'pm_usBankAccount' })
    expect(() => play.simulator.openDispute(pending.charge)).toThrow('has not succeeded')
  })
})

describe('an inquiry', () => {
  it('moves no money until it escalates', async () => {
    const { charge } = await play.charged(10_000)
    const from = mark()
    const { id } = play.simulator.openDispute(charge, { inquiry: true, reason: 'general' })
    expect(await play.stripe.disputes.retrieve(id)).toMatchObject({
      status: 'warning_needs_response',
      is_charge_refundable: true,
      balance_transactions: [],
      payment_method_details: { card: { case_type: 'inquiry' } },
    })
    expect(
      await play.stripe.disputes.update(id, { evidence: { uncategorized_text: 'See the receipt.' } }),
    ).toMatchObject({ status: 'warning_under_review' })
    play.simulator.escalateInquiry(id)
    expect(await play.stripe.disputes.retrieve(id)).toMatchObject({
      status: 'needs_response',
      is_charge_refundable: false,
    })
    expect(await money(id)).toEqual([['dispute', -10_000, 1_500, 'usd']])
    expect(since(from)).toEqual([
      'charge.dispute.created',
      'charge.dispute.updated',
      'charge.dispute.updated',
      'charge.dispute.funds_withdrawn',
    ])
  })

  it('is closed after 120 days, or by a full refund', async () => {
    const quiet = play.simulator.openDispute((await play.charged(10_000)).charge, { inquiry: true })
    const { charge } = await play.charged(10_000)
    const refunded = play.simulator.openDispute(charge, { inquiry: true })
    await play.stripe.refunds.create({ charge, amount: 4_000 })
    expect(await play.stripe.disputes.retrieve(refunded.id)).toMatchObject({
      status: 'warning_needs_response',
    })
    await play.stripe.refunds.create({ charge })
    expect(await play.stripe.disputes.retrieve(refunded.id)).toMatchObject({ status: 'warning_closed' })
    play.to(START + 120 * DAY)
    expect(await play.stripe.disputes.retrieve(quiet.id)).toMatchObject({
      status: 'warning_closed',
      balance_transactions: [],
    })
    expect(play.types().at(-1)).toBe('charge.dispute.closed')
  })
})

describe('Radar', () => {
  it('warns of fraud, and the warning has nothing to act on after a dispute or a full refund', async () => {
    const first = await play.charged(10_000)
    const second = await play.charged(10_000)
    const warning = play.simulator.warnOfFraud(first.charge, 'made_with_stolen_card')
    const other = play.simulator.warnOfFraud(second.charge)
    expect(await play.stripe.radar.earlyFraudWarnings.retrieve(warning.id)).toMatchObject({
      object: 'radar.early_fraud_warning',
      actionable: true,
      charge: first.charge,
      fraud_type: 'made_with_stolen_card',
    })
    const from = mark()
    await play.stripe.refunds.create({ charge: first.charge, amount: 5_000 })
    expect(since(from)).not.toContain('radar.early_fraud_warning.updated')
    await play.stripe.refunds.create({ charge: first.charge })
    play.simulator.openDispute(second.charge)
    expect(since(from).filter((type) => type.startsWith('radar'))).toEqual([
      'radar.early_fraud_warning.updated',
      'radar.early_fraud_warning.updated',
    ])
    const listed = await play.stripe.radar.earlyFraudWarnings.list({ charge: second.charge })
    expect(listed.data).toMatchObject([{ id: other.id, actionable: false }])
    expect(() => play.simulator.warnOfFraud('ch_nope')).toThrow('No such charge')
  })

  it('opens reviews, which end by approval, refund or dispute', async () => {
    const [approved, refunded, disputed] = [
      await play.charged(10_000),
      await play.charged(10_000),
      await play.charged(10_000),
    ]
    const reviews = [approved, refunded, disputed].map((each) => play.simulator.openReview(each.charge))
    expect(await play.stripe.charges.retrieve(approved.charge)).toMatchObject({ review: reviews[0]?.id })
    expect((await play.stripe.reviews.list()).data).toHaveLength(3)
    const from = mark()
    expect(await play.stripe.reviews.approve(reviews[0]?.id ?? '')).toMatchObject({
      open: false,
      reason: 'approved',
      closed_reason: 'approved',
      opened_reason: 'rule',
    })
    await play.stripe.refunds.create({ charge: refunded.charge, reason: 'fraudulent' })
    play.simulator.openDispute(disputed.charge)
    expect(
      play.simulator.events
        .slice(from)
        .filter((event) => event.type === 'review.closed')
        .map((event) => event.data.object.reason),
    ).toEqual(['approved', 'refunded_as_fraud', 'disputed'])
    expect((await play.stripe.reviews.list()).data).toEqual([])
    await expect(play.stripe.reviews.approve(reviews[0]?.id ?? '')).rejects.toMatchObject({
      statusCode: 400,
    })
    expect(await play.stripe.reviews.retrieve(reviews[2]?.id ?? '')).toMatchObject({ reason: 'disputed' })
  })
})
