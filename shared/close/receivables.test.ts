import { expect, it } from 'vitest'
import type { Check } from './check.ts'
import { read, told } from './close.fixture.ts'
import type { OpenItem, OwedInvoice } from './facts.ts'
import { checkReceivables } from './receivables.ts'

const owed = (
  id: string,
  currency: string,
  remainingMinor: bigint,
  more: Partial<OwedInvoice> = {},
): OwedInvoice => ({ id, label: id, currency, remainingMinor, isDisputed: false, ...more })
const open = (invoice: string, currency: string, openMinor: bigint): OpenItem => ({
  invoice,
  currency,
  openMinor,
})
const judge = (invoices: OwedInvoice[], items: OpenItem[]): Check =>
  checkReceivables({ invoices: read(invoices), open: read(items) })

it('what remains in Stripe is open in NetSuite, over all its documents', () => {
  const tied = judge(
    [
      owed('in_part', 'EUR', 7_000n),
      owed('in_paid', 'EUR', 0n),
      owed('in_jp', 'JPY', 501n),
      owed('in_kw', 'KWD', 10n),
    ],
    // 40.00 on the invoice itself and 30.00 on a credit note that was taken back.
    [
      open('in_part', 'EUR', 4_000n),
      open('in_part', 'EUR', 3_000n),
      open('in_jp', 'JPY', 501n),
      open('in_kw', 'KWD', 10n),
    ],
  )
  expect(tied.state).toBe('ties')
  expect(tied.figures).toEqual([
    { currency: 'EUR', label: 'open', amounts: { stripe: 7_000n, netsuite: 7_000n } },
    { currency: 'JPY', label: 'open', amounts: { stripe: 501n, netsuite: 501n } },
    { currency: 'KWD', label: 'open', amounts: { stripe: 10n, netsuite: 10n } },
  ])
})

it('nothing is open on what was voided or written off, whatever remains in Stripe', () => {
  const written = owed('in_bad', 'USD', 5_000n, { ended: 'written off' })
  expect(judge([written], [])).toMatchObject({ state: 'ties', figures: [] })
  expect(told(judge([written], [open('in_bad', 'USD', 5_000n)]))).toEqual([
    'open-differs invoice in_bad USD 5000 → Billing',
  ])
})

it('names an invoice that is open by another amount, and one that Stripe does not know', () => {
  expect(
    told(judge([owed('in_1', 'USD', 100n)], [open('in_1', 'USD', 99n), open('in_hand', 'USD', 1n)])),
  ).toEqual(['open-differs invoice in_1 USD -1 → Billing', 'open-unknown in_hand USD 1 → Accounting'])
  expect(judge([owed('in_1', 'USD', 100n)], []).breaks[0]?.why).toBe(
    'USD 0.00 is open on it in NetSuite; in Stripe USD 1.00 remains.',
  )
})

it('a disputed one is explained', () => {
  const found = judge([owed('in_1', 'USD', 0n, { isDisputed: true })], [open('in_1', 'USD', 2_500n)])
  expect(found.state).toBe('ties')
  expect(found.explained).toEqual([
    { object: 'invoice in_1', currency: 'USD', amountMinor: 2_500n, why: 'its payment is disputed' },
  ])
})
