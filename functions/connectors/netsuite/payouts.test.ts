import { expect, test } from 'vitest'
import { openDesk } from './desk.fixture.ts'
import { day, movement, payout } from './objects.fixture.ts'

// 121 and 122 Stripe clearing USD and EUR, 131 and 132 bank, 612 Stripe fees, 411 for reserves, 614 for tax on fees.
const MOVEMENTS = '/v1/balance_transactions'
const fee = (amount: number, tax = 0) => ({
  fee: amount + tax,
  fee_details: [{ type: 'stripe_fee', amount }, ...(tax === 0 ? [] : [{ type: 'tax', amount: tax }])],
})
const own = movement({ id: 'txn_po', amount: -9_680, type: 'payout', reporting_category: 'payout' })
// 100.00 and 50.00 by card with fees of 3.20 and 2.00, 48.00 refunded: 96.80 arrive.
const usual = [
  movement({ id: 'txn_1', amount: 10_000, ...fee(320) }),
  movement({ id: 'txn_2', amount: 5_000, ...fee(200) }),
  movement({ id: 'txn_3', amount: -4_800, type: 'refund', reporting_category: 'refund' }),
  own,
]

test('takes what arrives and the fees out of clearing, on the day it is at the bank', async () => {
  await using desk = await openDesk({}, { [MOVEMENTS]: usual })
  expect(await desk.bring(payout())).toEqual([
    'journalEntry po_1 2026-11-18: dr 131 96.80, dr 612 5.20, cr 121 102.00',
  ])
  // Of 100.00 + 50.00 − 48.00 that the payments and the refund posted, nothing is left.
  expect(desk.ledger()).toEqual(['121 -102.00', '131 96.80', '612 5.20'])
})

test('the day at the bank is the date that Stripe wrote, also west of UTC', async () => {
  // 18 November, midnight UTC, is the evening of the 17th in Los Angeles.
  const arrival_date = Date.parse('2026-11-18T00:00:00Z') / 1_000
  for (const timeZone of ['America/Los_Angeles', 'Pacific/Auckland']) {
    await using desk = await openDesk({ timeZone }, { [MOVEMENTS]: usual })
    expect(await desk.bring(payout({ arrival_date }))).toEqual([
      'journalEntry po_1 2026-11-18: dr 131 96.80, dr 612 5.20, cr 121 102.00',
    ])
  }
})

test('one that is at the bank on the first of the month is not posted into the month before', async () => {
  await using desk = await openDesk({ timeZone: 'America/Los_Angeles' }, { [MOVEMENTS]: usual })
  await desk.bring(payout({ arrival_date: Date.parse('2026-12-01T00:00:00Z') / 1_000 }))
  const journal = desk.account.simulator.find('journalEntry', 'po_1')
  expect(journal).toMatchObject({ tranDate: '2026-12-01', postingPeriod: { refName: 'Dec 2026' } })
})

test('one that lists a payout made by hand in between leaves that to its own journal, with its fee', async () => {
  // 96.80 + 48.00 − 48.00, less 20.00 that went out on the day before at a fee of 0.20.
  const between = movement({
    id: 'txn_m',
    amount: -2_000,
    source: 'po_0',
    type: 'payout',
    reporting_category: 'payout',
    ...fee(20),
  })
  await using desk = await openDesk({}, { [MOVEMENTS]: [...usual, between] })
  expect(await desk.bring(payout({ amount: 7_660 }))).toEqual([
    'journalEntry po_1 2026-11-18: dr 131 76.60, dr 612 5.20, cr 121 81.80',
  ])
})

test('waits until Stripe says which movements it is made of', async () => {
  await using desk = await openDesk({}, { [MOVEMENTS]: usual })
  expect(await desk.bring(payout({ reconciliation_status: 'in_progress' }))).toEqual([])
  expect(await desk.bring(payout())).toHaveLength(1)
})

test('leaves to disputes and to a payout sent back what those have posted, fees included', async () => {
  const movements = [
    movement({ id: 'txn_1', amount: 20_000, ...fee(610) }),
    movement({
      id: 'txn_2',
      amount: -10_000,
      type: 'adjustment',
      reporting_category: 'dispute',
      ...fee(1_500),
    }),
    movement({ id: 'txn_3', amount: 2_000, type: 'payout_failure', reporting_category: 'payout_reversal' }),
  ]
  await using desk = await openDesk({}, { [MOVEMENTS]: movements })
  // 193.90 − 115.00 + 20.00 = 98.90.
  expect(await desk.bring(payout({ amount: 9_890 }))).toEqual([
    'journalEntry po_1 2026-11-18: dr 131 98.90, dr 612 6.10, cr 121 105.00',
  ])
})

test('Stripe’s own charges and the tax on fees have their accounts, and so has every other movement', async () => {
  const movements = [
    movement({ id: 'txn_1', amount: 10_000, ...fee(300, 57) }),
    movement({ id: 'txn_2', amount: -1_000, type: 'stripe_fee', reporting_category: 'fee' }),
    movement({ id: 'txn_3', amount: -190, type: 'tax_fee', reporting_category: 'tax' }),
    movement({
      id: 'txn_4',
      amount: -500,
      type: 'reserve_transaction',
      reporting_category: 'risk_reserved_funds',
    }),
  ]
  const payouts = { bankAccounts: { USD: '131' }, feeAccount: '612', feeTaxAccount: '614' }
  // 96.43 − 10.00 − 1.90 − 5.00 = 79.53.
  const object = payout({ amount: 7_953 })
  await using without = await openDesk({ payouts }, { [MOVEMENTS]: movements })
  await expect(without.bring(object)).rejects.toMatchObject({
    code: 'NS-MOVEMENT',
    hint: expect.stringContaining('netsuite.payouts.otherAccounts.risk_reserved_funds'),
  })
  await using desk = await openDesk(
    { payouts: { ...payouts, otherAccounts: { risk_reserved_funds: '411' } } },
    { [MOVEMENTS]: movements },
  )
  expect(await desk.bring(object)).toEqual([
    'journalEntry po_1 2026-11-18: dr 131 79.53, dr 612 13.00, dr 614 2.47, dr 411 5.00, cr 121 100.00',
  ])
})

test('a manual one is its amount alone, an instant one its fee as well, once they are paid', async () => {
  await using desk = await openDesk(
    {},
    {
      '/v1/balance_transactions/txn_po': movement({
        id: 'txn_po',
        amount: -9_680,
        type: 'payout',
        reporting_category: 'payout',
      }),
    },
  )
  const manual = { automatic: false, reconciliation_status: 'not_applicable' }
  expect(await desk.bring(payout({ ...manual, status: 'in_transit' }))).toEqual([])
  expect(await desk.bring(payout(manual))).toEqual([
    'journalEntry po_1 2026-11-18: dr 131 96.80, cr 121 96.80',
  ])
  await using instant = await openDesk(
    {},
    {
      '/v1/balance_transactions/txn_po': movement({
        id: 'txn_po',
        amount: -9_680,
        type: 'payout',
        reporting_category: 'payout',
        ...fee(97),
      }),
    },
  )
  expect(await instant.bring(payout({ ...manual, method: 'instant' }))).toEqual([
    'journalEntry po_1 2026-11-18: dr 131 96.80, dr 612 0.97, cr 121 97.77',
  ])
})

test('one that the bank sends back is reversed on the day of its return, the fees stay spent', async () => {
  const returned = movement({
    id: 'txn_r',
    amount: 9_680,
    created: day(24),
    reporting_category: 'payout_reversal',
  })
  await using desk = await openDesk({}, { [MOVEMENTS]: usual, '/v1/balance_transactions/txn_r': returned })
  await desk.bring(payout())
  const failed = payout({
    status: 'failed',
    failure_balance_transaction: 'txn_r',
    failure_code: 'account_closed',
  })
  expect(await desk.bring(failed)).toEqual([
    'journalEntry po_1-failed 2026-11-24: dr 121 96.80, cr 131 96.80',
  ])
  expect(desk.ledger()).toEqual(['121 -5.20', '612 5.20'])
})

test('a manual one that failed before it was ever paid leaves no trace', async () => {
  await using desk = await openDesk()
  const failed = { automatic: false, reconciliation_status: 'not_applicable', status: 'failed' }
  expect(await desk.bring(payout(failed))).toEqual([])
})

test('in euros is in the books of the subsidiary whose customers pay in euros, or the clearing account of neither is even', async () => {
  const movements = { [MOVEMENTS]: [movement({ amount: 10_000, currency: 'eur', ...fee(320) })] }
  const subsidiaryOf = async (config: Parameters<typeof openDesk>[0]): Promise<unknown> => {
    await using desk = await openDesk(config, movements)
    await desk.bring(payout({ currency: 'eur' }))
    return desk.account.simulator.find('journalEntry', 'po_1')?.subsidiary
  }
  const customerSubsidiary = { byCurrency: { EUR: 'eu' }, default: 'us' }
  const payouts = { bankAccounts: { EUR: '132' }, feeAccount: '612' }
  expect(await subsidiaryOf({ customerSubsidiary, payouts })).toMatchObject({ id: '2' })
  // Who says whose bank accounts they are is believed.
  expect(await subsidiaryOf({ customerSubsidiary, payouts: { ...payouts, subsidiary: 'us' } })).toMatchObject(
    {
      id: '1',
    },
  )
  expect(await subsidiaryOf({ customerSubsidiary: { default: 'us' }, payouts })).toMatchObject({ id: '1' })
})

test('in euros goes from the euro clearing account to the euro bank account', async () => {
  await using desk = await openDesk(
    {},
    { [MOVEMENTS]: [movement({ amount: 10_000, currency: 'eur', ...fee(320) })] },
  )
  expect(await desk.bring(payout({ currency: 'eur' }))).toEqual([
    'journalEntry po_1 2026-11-18: dr 132 96.80, dr 612 3.20, cr 122 100.00',
  ])
})

test('whose movements do not sum to it, or without accounts, parks', async () => {
  await using desk = await openDesk({}, { [MOVEMENTS]: usual })
  await expect(desk.bring(payout({ amount: 9_681 }))).rejects.toMatchObject({
    code: 'NS-PAYOUT-SUM',
    message:
      'Payout po_1 (USD 96.81) is not in NetSuite: its balance transactions sum to USD 96.80. Nothing was posted.',
  })
  await using without = await openDesk({ payouts: undefined }, { [MOVEMENTS]: usual })
  await expect(without.bring(payout())).rejects.toMatchObject({
    code: 'NS-PAYOUT',
    hint: expect.stringContaining('netsuite.payouts'),
  })
})

test('its movements are read once', async () => {
  await using desk = await openDesk({}, { [MOVEMENTS]: usual })
  await desk.bring(payout())
  await desk.bring(payout())
  expect(desk.account.stripeCalls.filter((path) => path === MOVEMENTS)).toHaveLength(1)
})
