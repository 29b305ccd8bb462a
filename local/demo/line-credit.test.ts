import type Stripe from 'stripe'
import { expect, it } from 'vitest'
import { creditOf } from './line-credit.ts'

type Tax = [amount: number, taxable: number, behavior: 'exclusive' | 'inclusive']

const lineOf = (amount: number, taxes: Tax[]) =>
  ({
    id: 'il_1',
    amount,
    taxes: taxes.map(([tax, taxable_amount, tax_behavior], index) => ({
      amount: tax,
      taxable_amount,
      tax_behavior,
      tax_rate_details: { tax_rate: `txr_${index + 1}` },
    })),
  }) as unknown as Stripe.InvoiceLineItem

it('gives back the amount and the same part of the tax on top of it, rounded down', () => {
  // A third of 100.00: of 9.75 and 1.00 that is 3.25 and 0.33.
  expect(
    creditOf(
      lineOf(9_900, [
        [975, 9_900, 'exclusive'],
        [100, 9_900, 'exclusive'],
      ]),
      3_300,
    ),
  ).toEqual({
    line: {
      type: 'invoice_line_item',
      invoice_line_item: 'il_1',
      amount: 3_300,
      tax_amounts: [
        { amount: 325, taxable_amount: 3_300, tax_rate: 'txr_1' },
        { amount: 33, taxable_amount: 3_300, tax_rate: 'txr_2' },
      ],
    },
    total: 3_658,
  })
})

it('of a price with its tax inside, no more than the amount', () => {
  // A quarter of 120.00, of which 20.00 are tax.
  expect(creditOf(lineOf(12_000, [[2_000, 10_000, 'inclusive']]), 3_000)).toEqual({
    line: {
      type: 'invoice_line_item',
      invoice_line_item: 'il_1',
      amount: 3_000,
      tax_amounts: [{ amount: 500, taxable_amount: 2_500, tax_rate: 'txr_1' }],
    },
    total: 3_000,
  })
})

it('of a line without tax, the amount', () => {
  expect(creditOf(lineOf(5_000, []), 5_000)).toEqual({
    line: { type: 'invoice_line_item', invoice_line_item: 'il_1', amount: 5_000 },
    total: 5_000,
  })
})
