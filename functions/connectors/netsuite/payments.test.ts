import { expect, test } from 'vitest'
import { openDesk } from './desk.fixture.ts'
import { day, invoice, paidInvoice, settledIntent } from './objects.fixture.ts'

// 111 to 115 receivable and 121 to 125 clearing in USD, EUR, GBP, JPY, KWD; 131 bank USD, 140 for cheques in other
// currencies; 212 prepaid credits, 411 and 412 revenue, 711 exchange gain or loss.
const hundred = (changes: Partial<Parameters<typeof invoice>[0]> = {}) =>
  invoice({ total: 10_000, lines: [{ id: 'il_9', amount: 10_000 }], ...changes })

test('a part now and the rest later are two documents, each dated as it came', async () => {
  await using desk = await openDesk()
  const first = { id: 'inpay_1', amount: 2_500, paidAt: day(4) }
  expect(await desk.bring(hundred({ payments: [first], changes: { amount_remaining: 7_500 } }))).toEqual([
    'invoice in_1 2026-11-02: 801 100.00',
    'customerPayment inpay_1 2026-11-04 121: 25.00 → invoice/in_1 25.00',
  ])
  expect(desk.open('invoice', 'in_1')).toBe(75)
  const rest = { id: 'inpay_2', amount: 7_500, paidAt: day(16) }
  expect(await desk.bring(hundred({ payments: [first, rest], changes: { status: 'paid' } }))).toEqual([
    'customerPayment inpay_2 2026-11-16 121: 75.00 → invoice/in_1 75.00',
  ])
  expect(desk.open('invoice', 'in_1')).toBe(0)
  expect(desk.ledger()).toEqual(['121 100.00', '411 -100.00'])
})

test('one payment intent for two invoices is a document of each', async () => {
  const charge = { amount: 15_000, currency: 'usd' }
  await using desk = await openDesk({}, { '/v1/payment_intents/pi_1': settledIntent(charge, charge) })
  await desk.bring(
    hundred({ payments: [{ id: 'inpay_1', amount: 10_000, paidAt: day(5) }], changes: { status: 'paid' } }),
  )
  expect(await desk.bring(paidInvoice(5_000, 'usd', { id: 'in_2' }))).toEqual([
    'invoice in_2 2026-11-02: 801 50.00',
    'customerPayment inpay_2 2026-11-05 121: 50.00 → invoice/in_2 50.00',
  ])
  expect(desk.ledger()).toEqual(['121 150.00', '411 -150.00'])
})

test('EUR 119.00 that Stripe settled as USD 130.02 is in the dollar clearing account to the cent', async () => {
  const charged = { amount: 11_900, currency: 'eur' }
  await using desk = await openDesk(
    {},
    { '/v1/payment_intents/pi_1': settledIntent(charged, { amount: 13_002, currency: 'usd' }) },
  )
  const paid = paidInvoice(11_900, 'eur')
  // 130.02 / 119.00 = 1.092605042…
  expect(await desk.bring(paid)).toEqual([
    'invoice in_1 2026-11-02: 801 119.00',
    'customerPayment inpay_1 2026-11-05 121 at 1.09260504: 119.00 → invoice/in_1 119.00',
  ])
  // Sold at 1.08 (128.52), received 130.02: a gain of 1.50.
  expect(desk.ledger()).toEqual(['121 130.02', '411 -128.52', '711 -1.50'])
})

test.each([
  ['jpy', 1_190, 797, '0.00669748', '1190', '121'],
  ['kwd', 12_340, 4_011, '3.25040519', '12.340', '121'],
] as const)(
  '%s settled in dollars at its own number of digits',
  async (currency, total, cents, rate, amount, clearing) => {
    await using desk = await openDesk(
      {},
      {
        '/v1/payment_intents/pi_1': settledIntent(
          { amount: total, currency },
          { amount: cents, currency: 'usd' },
        ),
      },
    )
    const paid = paidInvoice(total, currency)
    expect((await desk.bring(paid)).at(-1)).toBe(
      `customerPayment inpay_1 2026-11-05 ${clearing} at ${rate}: ${amount} → invoice/in_1 ${amount}`,
    )
    expect(desk.ledger().find((line) => line.startsWith('121'))).toBe(`121 ${(cents / 100).toFixed(2)}`)
  },
)

test('an amount that no rate of eight digits makes Stripe’s parks', async () => {
  const charged = { amount: 987_654_321, currency: 'jpy' }
  await using desk = await openDesk(
    {},
    { '/v1/payment_intents/pi_1': settledIntent(charged, { amount: 661_728_401, currency: 'usd' }) },
  )
  const paid = paidInvoice(987_654_321, 'jpy')
  await expect(desk.bring(paid)).rejects.toMatchObject({
    code: 'NS-RATE',
    message: expect.stringContaining('USD 6,617,284.01'),
  })
})

test('settled in a currency that is neither the invoice’s nor the subsidiary’s, or has no account, parks', async () => {
  const settledIn = async (currency: string) => {
    const intent = settledIntent({ amount: 10_000, currency: 'usd' }, { amount: 9_000, currency })
    await using desk = await openDesk({}, { '/v1/payment_intents/pi_1': intent })
    const payments = [{ id: 'inpay_1', amount: 10_000, paidAt: day(5) }]
    return await desk.bring(hundred({ payments, changes: { status: 'paid' } }))
  }
  await expect(settledIn('eur')).rejects.toMatchObject({ code: 'NS-CONVERSION' })
  await expect(settledIn('chf')).rejects.toMatchObject({
    code: 'NS-CLEARING',
    hint: expect.stringContaining('netsuite.clearingAccounts.CHF'),
  })
})

test('a payment that Stripe has not settled yet is looked at again', async () => {
  const intent = settledIntent({ amount: 10_000, currency: 'usd' }, { amount: 10_000, currency: 'usd' })
  const unsettled = { ...intent, latest_charge: { ...intent.latest_charge, balance_transaction: null } }
  await using desk = await openDesk({}, { '/v1/payment_intents/pi_1': unsettled })
  const payments = [{ id: 'inpay_1', amount: 10_000, paidAt: day(5) }]
  await expect(desk.bring(hundred({ payments, changes: { status: 'paid' } }))).rejects.toMatchObject({
    kind: 'transient',
    code: 'NS-UNSETTLED',
    recordOnly: true,
  })
})

test('how a payment was settled is asked once', async () => {
  const charge = { amount: 10_000, currency: 'usd' }
  await using desk = await openDesk({}, { '/v1/payment_intents/pi_1': settledIntent(charge, charge) })
  const payments = [{ id: 'inpay_1', amount: 10_000, paidAt: day(5) }]
  await desk.bring(hundred({ payments, changes: { status: 'paid' } }))
  await desk.bring(hundred({ payments, changes: { status: 'paid' } }))
  expect(desk.account.stripeCalls.filter((path) => path.includes('payment_intents'))).toHaveLength(1)
})

test('a cheque goes to the account of its currency, else to the one for all', async () => {
  await using desk = await openDesk()
  const byCheque = (id: string, currency: string) =>
    invoice({
      id,
      currency,
      total: 10_000,
      lines: [{ amount: 10_000 }],
      payments: [{ id: `inpay_${id}`, amount: 10_000, paidAt: day(6), outOfBand: true }],
      changes: { status: 'paid', amount_paid_off_stripe: 10_000 },
    })
  expect((await desk.bring(byCheque('in_1', 'usd')))[1]).toBe(
    'customerPayment inpay_in_1 2026-11-06 131: 100.00 → invoice/in_1 100.00',
  )
  expect((await desk.bring(byCheque('in_2', 'eur')))[1]).toBe(
    'customerPayment inpay_in_2 2026-11-06 140: 100.00 → invoice/in_2 100.00',
  )
})

test('marked as paid outside Stripe without a payment record is a payment of what the invoice says', async () => {
  await using desk = await openDesk()
  const marked = hundred({
    payments: [{ id: 'inpay_1', amount: 4_000, paidAt: day(3) }],
    transitions: { paid_at: day(8) },
    changes: { status: 'paid', amount_paid_off_stripe: 6_000 },
  })
  expect(await desk.bring(marked)).toEqual([
    'invoice in_1 2026-11-02: 801 100.00',
    'customerPayment inpay_1 2026-11-03 121: 40.00 → invoice/in_1 40.00',
    'customerPayment in_1-outofband 2026-11-08 131: 60.00 → invoice/in_1 60.00',
  ])
})

const credit = (amount: number) => [
  { type: 'credit_balance_transaction', amount, credit_balance_transaction: 'cbtxn_grant' },
]
const drew = (changes: Partial<Parameters<typeof invoice>[0]> = {}) => {
  const object = invoice({ total: 6_000, lines: [{ amount: 10_000 }], ...changes })
  for (const line of object.lines.data) Object.assign(line, { pretax_credit_amounts: credit(4_000) })
  return object
}
const GRANT = '/v1/billing/credit_balance_transactions/cbtxn_grant'

test('sold billing credits that an invoice draws are earned by a journal of their own', async () => {
  await using desk = await openDesk(
    {},
    { [GRANT]: { id: 'cbtxn_grant', credit_grant: { id: 'credgr_1', category: 'paid' } } },
  )
  expect(await desk.bring(drew())).toEqual([
    'invoice in_1 2026-11-02: 801 60.00',
    'journalEntry in_1-credits 2026-11-02: dr 212 40.00, cr 412 40.00',
  ])
  expect(desk.open('invoice', 'in_1')).toBe(60)
  expect(
    await desk.bring(drew({ transitions: { voided_at: day(20) }, changes: { status: 'void' } })),
  ).toEqual([
    'journalEntry in_1-credits-void 2026-11-20: cr 212 40.00, dr 412 40.00',
    'creditMemo in_1-void 2026-11-20: 801 60.00 → invoice/in_1 60.00',
  ])
  expect(desk.ledger()).toEqual([])
})

test('billing credits that were given away are a discount; sold ones without accounts park', async () => {
  const given = { id: 'cbtxn_grant', credit_grant: { id: 'credgr_1', category: 'promotional' } }
  await using desk = await openDesk({ billingCredits: undefined }, { [GRANT]: given })
  expect(await desk.bring(drew())).toEqual(['invoice in_1 2026-11-02: 801 60.00'])
  desk.account.stripe.delete(GRANT)
  await expect(desk.bring({ ...drew(), id: 'in_2' })).rejects.toMatchObject({ code: 'NS-BILLING-CREDITS' })
})

test('shipping is a line with its tax, and parks without an item', async () => {
  const shipped = hundred({
    total: 11_620,
    changes: {
      amount_shipping: 1_500,
      shipping_cost: { amount_subtotal: 1_500, amount_tax: 120, amount_total: 1_620, shipping_rate: 'shr_1' },
    },
  })
  await using desk = await openDesk()
  expect(await desk.bring(shipped)).toEqual(['invoice in_1 2026-11-02: 801 100.00, 806 15.00, 808 1.20'])
  await using without = await openDesk({ shippingItem: undefined })
  await expect(without.bring(shipped)).rejects.toMatchObject({
    code: 'NS-SHIPPING',
    hint: expect.stringContaining('netsuite.shippingItem'),
  })
})
