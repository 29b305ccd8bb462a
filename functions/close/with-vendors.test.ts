// The readers against the simulated vendors, with documents that the real NetSuite connector posted: a month that ties, and
// each thing that is then changed by hand is found and named.
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Listening } from '../../local/simulators/simulator.ts'
import type { Check, CheckId } from '../../shared/close/check.ts'
import { type CloseReport, exitCodeOf } from '../../shared/close/close.ts'
import type { Trouble } from '../../shared/ledger/rows.ts'
import { TBA } from '../connectors/netsuite/account.fixture.ts'
import { createNetSuiteClient } from '../connectors/netsuite/client.ts'
import { configOf } from '../connectors/netsuite/objects.fixture.ts'
import {
  openStripeDesk,
  STRIPE_DESK_CONFIG,
  type StripeDesk,
} from '../connectors/netsuite/stripe-desk.fixture.ts'
import { type CloseSources, closeMonth } from './close.ts'

let at: StripeDesk
let netsuite: Listening

beforeEach(async () => {
  at = await openStripeDesk()
  netsuite = await at.account.simulator.listen()
})
afterEach(async () => {
  vi.useRealTimers()
  await netsuite.close()
  await at[Symbol.asyncDispose]()
})

/** Every event is in the lake, and AvaTax has nothing to declare: no tax is charged here. */
async function judge(more: Partial<CloseSources> = {}): Promise<CloseReport> {
  // OAuth 1.0a is signed with the machine's own time.
  vi.useFakeTimers({ toFake: ['Date'], now: at.account.clock.now() })
  const events: Stripe.Event[] = []
  for await (const event of at.stripe.events.list({ limit: 100 })) events.push(event)
  return closeMonth({
    month: '2026-11',
    timeZone: 'UTC',
    clock: at.account.clock,
    stripe: at.stripe,
    netsuite: {
      client: createNetSuiteClient(
        'TSTDRV1',
        { auth: 'tba', ...TBA, baseUrl: netsuite.url },
        at.account.clock,
      ),
      config: configOf(STRIPE_DESK_CONFIG),
    },
    avatax: { list: async () => [], find: async () => undefined } as unknown as CloseSources['avatax'],
    lake: async () =>
      events.map(({ type, data }) => ({ type, object_id: (data.object as { id?: string }).id ?? null })),
    ledger: { ledger: { troubled: async () => [] }, lanes: ['netsuite'] },
    ...more,
  })
}

const of = ({ checks }: CloseReport, id: CheckId): Check => {
  const found = checks.find((each) => each.id === id)
  if (!found) throw new Error(`no check ${id}`)
  return found
}
const breaks = ({ checks }: CloseReport): string[] =>
  checks.flatMap(({ id, breaks: found }) =>
    found.map(({ cause, why }) => `${id} ${cause}: ${why.replace(/_[A-Za-z0-9]{10,}/g, '_…')}`),
  )
const unread = ({ checks }: CloseReport) => checks.flatMap((each) => each.unread)

/** USD paid, credited and refunded; EUR settled in dollars; yen left open; one written off, one voided; paid out. */
async function playNovember(): Promise<{ paid: string; open: string }> {
  at.simulator.settleCurrency('eur', { into: 'usd', rate: '1.0871' })
  const ada = await at.onCard()
  const paid = await at.issue(ada.id, 10_000)
  await at.stripe.invoices.pay(paid)
  await at.stripe.creditNotes.create({ invoice: paid, amount: 3_000, refund_amount: 3_000 })
  const bea = await at.onCard()
  await at.stripe.invoices.pay(await at.issue(bea.id, 11_900, 'eur'))
  const cleo = await at.onCard()
  const open = await at.issue(cleo.id, 5_001, 'jpy')
  const dora = await at.onCard()
  await at.stripe.invoices.markUncollectible(await at.issue(dora.id, 2_000))
  const emil = await at.onCard()
  const voided = await at.issue(emil.id, 4_000)
  at.days(3)
  await at.stripe.invoices.voidInvoice(voided)
  await at.bringAll()
  at.simulator.payOut('usd')
  at.days(10)
  await at.bringAll()
  return { paid, open }
}

test('a month in which much happens ties, and says what it looked at', async () => {
  await playNovember()
  at.days(16)
  const report = await judge()
  expect(unread(report)).toEqual([])
  expect(breaks(report)).toEqual([])
  expect([report.state, exitCodeOf(report)]).toEqual(['ties', 0])
  const posted = of(report, 'posted').figures.map(
    ({ currency, label, amounts }) => `${currency} ${label} ${amounts.stripe} ${amounts.netsuite}`,
  )
  expect(posted.sort()).toEqual([
    'EUR invoice 11900 11900',
    'EUR payment 11900 11900',
    'JPY invoice 5001 5001',
    'USD credit note 3000 3000',
    'USD invoice 16000 16000',
    'USD payment 10000 10000',
    // 70.00 − 3.20 and 129.36 (119.00 at 1.0871) − its fees: what the bank got, see below.
    expect.stringMatching(/^USD payout (\d+) \1$/),
    'USD refund 3000 3000',
    'USD void 4000 4000',
    'USD write-off 2000 2000',
  ])
  const clearing = of(report, 'clearing').figures.filter(({ currency }) => currency === 'USD')
  expect(clearing.at(-1)).toEqual({
    currency: 'USD',
    label: 'closing',
    amounts: { stripe: 0n, expected: 0n, netsuite: 0n },
  })
  expect(of(report, 'receivables').figures).toEqual([
    { currency: 'JPY', label: 'open', amounts: { stripe: 5_001n, netsuite: 5_001n } },
  ])
  const evidence = of(report, 'receivables').evidence
  expect(evidence.map(({ source }) => source)).toContain('NetSuite')
  expect(evidence.find(({ query }) => query.startsWith('GET /v1/invoices'))).toMatchObject({ rows: 5 })
})

test('a dispute won, one of a returned debit, a payout that the bank sent back: the clearing account ties', async () => {
  const bea = await at.onCard()
  await at.stripe.invoices.pay(await at.issue(bea.id, 20_000))
  const disputed = at.simulator.openDispute(await at.chargeOf(bea.id))
  const cleo = await at.onCard({
    payment_method: 'pm_usBankAccount',
    invoice_settings: { default_payment_method: 'pm_usBankAccount' },
  })
  await at.stripe.invoices.pay(await at.issue(cleo.id, 30_000))
  await at.bringAll()
  at.days(8)
  at.simulator.closeDispute(disputed.id, 'won')
  at.simulator.returnDebit(await at.chargeOf(cleo.id), 'insufficient_funds')
  await at.bringAll()
  const payout = at.simulator.payOut('usd')
  at.days(3)
  await at.bringAll()
  at.simulator.failPayout(payout.id)
  await at.bringAll()
  at.days(18)
  const report = await judge()
  expect(breaks(report)).toEqual([])
  expect(report.state).toBe('ties')
  const kinds = of(report, 'posted').figures.map(({ label, amounts }) => [
    label,
    amounts.stripe === amounts.netsuite,
  ])
  expect(kinds).toEqual(
    expect.arrayContaining([
      ['dispute movement', true],
      ['payout', true],
      ['failed payout', true],
    ]),
  )
  const [closing] = of(report, 'clearing').figures.filter(({ label }) => label === 'closing')
  expect(closing?.amounts.expected).toBe(closing?.amounts.netsuite)
})

test('a payout that carries an earlier one home, and a debit that failed before a card paid, tie', async () => {
  const ada = await at.onCard()
  await at.stripe.invoices.pay(await at.issue(ada.id, 20_000))
  const first = at.simulator.payOut('usd')
  at.days(2)
  at.simulator.failPayout(first.id)
  at.simulator.payOut('usd')
  const cleo = await at.onCard({
    payment_method: 'pm_usBankAccount_insufficientFunds',
    invoice_settings: { default_payment_method: 'pm_usBankAccount_insufficientFunds' },
  })
  const invoice = await at.issue(cleo.id, 30_000)
  await at.stripe.invoices.pay(invoice)
  at.days(6)
  const card = await at.stripe.paymentMethods.attach('pm_card_visa', { customer: cleo.id })
  await at.stripe.invoices.pay(invoice, { payment_method: card.id })
  await at.bringAll()
  at.days(19)
  expect(breaks(await judge())).toEqual([])
})

test('what is not posted, and what somebody deletes, is named in every check that it touches', async () => {
  await playNovember()
  const late = await at.onCard()
  await at.stripe.invoices.pay(await at.issue(late.id, 700))
  const [refund] = at.simulator.store.refunds.all()
  await at.account.byHand('DELETE', `record/v1/customerRefund/eid:${refund?.id}`)
  at.days(16)
  const report = await judge()
  expect([report.state, exitCodeOf(report)]).toEqual(['differs', 1])
  const named = (kind: string) => new RegExp(`^posted not-posted: ${kind} .*USD 7\\.00`)
  const found = breaks(report)
  expect(found).toHaveLength(6)
  expect(found[0]).toMatch(named('invoice'))
  expect(found[1]).toMatch(named('payment'))
  expect(found[2]).toBe(
    'posted not-posted: refund re_… (USD 30.00) of 2026-11-02 has no document re_… in NetSuite.',
  )
  expect(found.slice(3, 5).sort()).toEqual([
    "clearing clearing-missing: Stripe's balance moved by USD -30.00 with it; the clearing account by USD 0.00.",
    "clearing clearing-missing: Stripe's balance moved by USD 7.00 with it; the clearing account by USD 0.00.",
  ])
  expect(found[5]).toBe(
    "deferred sales-differ: By the waterfall USD 167.00 were invoiced net of tax in the month; NetSuite's documents say USD 160.00.",
  )
  // 70.00 less Stripe's fee of 0.50 is in the balance; the deleted 30.00 is what the account has too much.
  expect(of(report, 'clearing').figures.at(-1)?.amounts).toEqual({
    stripe: 650n,
    expected: 700n,
    netsuite: 3_000n,
  })
})

test('a month of 31 days by the seller: what came at 23:30 in Los Angeles is the old month, and dated otherwise it shows', async () => {
  // 07:30 UTC on 1 December is 23:30 on 30 November in Los Angeles; the books here go by UTC.
  at.account.clock.advance(Date.parse('2026-12-01T07:30:00Z') - at.account.clock.now())
  const { id } = await at.onCard()
  await at.issue(id, 10_000)
  await at.bringAll()
  at.days(2)
  const report = await judge({ timeZone: 'America/Los_Angeles' })
  const found = breaks(report)
  expect(found[0]).toMatch(
    /^posted wrong-date: invoice .* is dated 2026-12-01 in NetSuite; by the seller's calendar it was 2026-11-30\.$/,
  )
  expect(of(await judge({ timeZone: 'UTC' }), 'posted')).toMatchObject({ state: 'ties', figures: [] })
})

test('an empty month ties; one that still runs says so', async () => {
  at.days(32)
  expect(exitCodeOf(await judge())).toBe(0)
  const running = await judge({ month: '2026-12' })
  expect(running.period).toMatchObject({ isOver: false, lastDay: '2026-12-04' })
  expect([running.state, exitCodeOf(running)]).toEqual(['ties', 2])
})

test('one parked document, with its amount and its owner', async () => {
  const { id } = await at.onCard()
  const invoice = await at.issue(id, 10_000)
  at.days(32)
  const trouble: Trouble = {
    status: 'parked',
    kind: 'permanent',
    code: 'NS-ITEM',
    reason: 'product prod_9 has no NetSuite item. Nothing was posted.',
    hint: 'Engineering: hub.config.ts → netsuite.items["prod_9"]. Then: hub replay --parked',
    sinceMs: at.account.clock.now() - 3 * 86_400_000,
    attempts: 1,
    waitsOn: [],
  }
  const state = { ref: { type: 'invoice', id: invoice }, revision: 1, records: {}, waiters: [], trouble }
  const troubled = async (_: string, status: string) => (status === 'parked' ? [state] : [])
  const report = await judge({ ledger: { ledger: { troubled }, lanes: ['netsuite'] } })
  expect(report.troubles).toMatchObject([
    { object: invoice, currency: 'USD', amountMinor: 10_000n, owner: 'Engineering', ageHours: 72 },
  ])
  expect(exitCodeOf(report)).toBe(2)
})

test('a system that is away makes its checks unknown, and the others are judged', async () => {
  at.days(32)
  await netsuite.close()
  const report = await judge()
  expect(report.checks.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'posted unknown',
    'clearing unknown',
    'tax unknown',
    'receivables unknown',
    'deferred unknown',
    'troubles ties',
  ])
  expect(unread(report)[0]).toMatchObject({ source: 'NetSuite', code: 'NS-NETWORK' })
  expect(exitCodeOf(report)).toBe(2)
  netsuite = await at.account.simulator.listen()
})

test('a month opens with what the last one closed with, though service of the old one is billed in the new', async () => {
  const { id } = await at.onCard()
  const bill = async (amount: number, from: string, to: string) => {
    const period = { start: Date.parse(from) / 1_000, end: Date.parse(to) / 1_000 }
    await at.stripe.invoiceItems.create({ customer: id, amount, currency: 'usd', period })
    const invoice = await at.stripe.invoices.create({
      customer: id,
      collection_method: 'send_invoice',
      days_until_due: 30,
      auto_advance: false,
      pending_invoice_items_behavior: 'include',
    })
    await at.stripe.invoices.finalizeInvoice(String(invoice.id), { auto_advance: false })
  }
  await bill(6_000, '2026-11-01T00:00:00Z', '2026-12-31T00:00:00Z')
  at.days(31)
  await bill(3_000, '2026-11-16T00:00:00Z', '2026-12-16T00:00:00Z')
  await at.bringAll()
  const figure = async (month: string, label: string) =>
    of(await judge({ month }), 'deferred').figures.find((each) => each.label === label)?.amounts.waterfall
  // 30 of 60 days are over on 1 December.
  expect(await figure('2026-11', 'closing')).toBe(3_000n)
  expect(await figure('2026-12', 'opening')).toBe(3_000n)
})
