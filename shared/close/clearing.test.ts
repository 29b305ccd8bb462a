// A month worked by hand. September ended with USD 97.00 in the Stripe balance: a charge of 100.00 less its fee of 3.00.
// In October a euro invoice of EUR 100.00 settles at USD 108.71 with a fee of 3.45, and the first charge is paid out: 97.00.
// On the 30th a second payout of 105.26 leaves; it arrives on 2 November. So Stripe ends at 0.00 and the books at 108.71:
// the payout on its way is still there (105.26), and so is the fee that is posted with it (3.45).
import { expect, it } from 'vitest'
import type { Check } from './check.ts'
import { checkClearing } from './clearing.ts'
import { OCTOBER, read, told } from './close.fixture.ts'
import type { BalanceEntry, ClearingBooks, ClearingLine, StripeBalance } from './facts.ts'

const entry = (
  id: string,
  currency: string,
  amountMinor: bigint,
  day: string,
  booked: BalanceEntry['booked'],
  reason = 'as booked',
): BalanceEntry => ({ id, currency, amountMinor, day, booked, reason })

const ENTRIES: BalanceEntry[] = [
  entry('txn_1', 'USD', 10_000n, '2026-09-20', { document: 'inpay_1', day: '2026-09-20' }),
  entry('txn_1 fee', 'USD', -300n, '2026-09-20', { document: 'po_1', day: '2026-10-05' }, 'a fee'),
  entry('txn_2', 'USD', -9_700n, '2026-10-03', { document: 'po_1', day: '2026-10-05' }),
  entry('txn_3', 'USD', 10_871n, '2026-10-10', { document: 'inpay_eur', day: '2026-10-10' }),
  entry('txn_3 fee', 'USD', -345n, '2026-10-10', { document: 'po_2', day: '2026-11-02' }, 'a fee'),
  entry('txn_4', 'USD', -10_526n, '2026-10-30', { document: 'po_2', day: '2026-11-02' }, 'on its way'),
  entry('txn_5', 'JPY', 5_000n, '2026-10-31', { document: 'inpay_yen', day: '2026-10-31' }),
]
const LINES: ClearingLine[] = [
  { document: 'po_1', currency: 'USD', amountMinor: -10_000n },
  { document: 'inpay_eur', currency: 'USD', amountMinor: 10_871n },
  { document: 'inpay_yen', currency: 'JPY', amountMinor: 5_000n },
]
const PAYOUT = { id: 'po_1', currency: 'USD', amountMinor: 9_700n, entriesMinor: 9_700n, day: '2026-10-05' }

const judge = (stripe: Partial<StripeBalance> = {}, books: Partial<ClearingBooks> = {}): Check =>
  checkClearing(OCTOBER, {
    balance: read({ entries: ENTRIES, nowMinor: { USD: 0n, JPY: 5_000n }, payouts: [PAYOUT], ...stripe }),
    books: read({ openingMinor: { USD: 10_000n }, lines: LINES, ...books }),
  })

it('ties: what differs from the Stripe balance is on its way, and is said', () => {
  const tied = judge()
  expect(tied.breaks).toEqual([])
  expect(tied.figures).toEqual([
    { currency: 'JPY', label: 'opening', amounts: { stripe: 0n, expected: 0n, netsuite: 0n } },
    { currency: 'JPY', label: 'movements', amounts: { stripe: 5_000n, expected: 5_000n, netsuite: 5_000n } },
    { currency: 'JPY', label: 'closing', amounts: { stripe: 5_000n, expected: 5_000n, netsuite: 5_000n } },
    { currency: 'USD', label: 'opening', amounts: { stripe: 9_700n, expected: 10_000n, netsuite: 10_000n } },
    { currency: 'USD', label: 'movements', amounts: { stripe: -9_700n, expected: 871n, netsuite: 871n } },
    { currency: 'USD', label: 'closing', amounts: { stripe: 0n, expected: 10_871n, netsuite: 10_871n } },
  ])
  expect(tied.explained).toEqual([
    { object: '1 movement', currency: 'USD', amountMinor: 345n, why: 'a fee' },
    { object: '1 movement', currency: 'USD', amountMinor: 10_526n, why: 'on its way' },
  ])
})

it('names the document that moved too little, is missing, or has no movement behind it', () => {
  const lines = [
    { document: 'po_1', currency: 'USD', amountMinor: -9_999n },
    { document: 'inpay_yen', currency: 'JPY', amountMinor: 5_000n },
    { document: 'je_hand', currency: 'USD', amountMinor: 250n },
  ]
  expect(told(judge({}, { lines }))).toEqual([
    'clearing-missing inpay_eur USD -10871 → Accounting',
    'clearing-without-stripe je_hand USD 250 → Accounting',
    'clearing-amount po_1 USD 1 → Accounting',
  ])
})

it('tells an older difference from one of this month', () => {
  expect(told(judge({}, { openingMinor: { USD: 9_900n } }))).toEqual([
    'opening-differs clearing USD USD -100 → Accounting',
  ])
})

it('a balance that its movements do not make', () => {
  expect(told(judge({ nowMinor: { USD: 7n, JPY: 5_000n } }))).toEqual([
    'roll-forward Stripe balance USD USD 7 → Engineering',
  ])
})

it("a payout whose entries are not the bank's line; one that cannot be itemized is not judged", () => {
  expect(told(judge({ payouts: [{ ...PAYOUT, entriesMinor: 9_699n }] }))).toEqual([
    'payout-entries payout po_1 USD 1 → Accounting',
  ])
  expect(judge({ payouts: [{ ...PAYOUT, entriesMinor: undefined }] }).state).toBe('ties')
})

it('money that the books never show is explained, and stays in the balance', () => {
  const alone = entry('txn_9', 'USD', 4_200n, '2026-10-12', undefined, 'a payment without an invoice')
  const found = judge({ entries: [...ENTRIES, alone], nowMinor: { USD: 4_200n, JPY: 5_000n } })
  expect(found.state).toBe('ties')
  expect(found.explained.at(-1)).toEqual({
    object: '1 movement',
    currency: 'USD',
    amountMinor: -4_200n,
    why: 'a payment without an invoice',
  })
})
