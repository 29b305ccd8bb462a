// What an invoice can say beside its lines: other currencies, many lines, tax inside the price, shipping.
import type Stripe from 'stripe'
import { type Case, ON_METHOD, TO_CARD } from '../case-hand.ts'

export const SALES: readonly Case[] = [
  {
    name: 'Tokyo: yen that Stripe settles in dollars',
    currency: 'jpy',
    days: {
      3: (hand) => hand.bill(123_450),
      6: (hand) => hand.pay(),
      12: (hand) => hand.credit(20_000, TO_CARD),
    },
  },
  {
    name: 'Purchase Order: sixty lines against one number',
    currency: 'kwd',
    days: {
      3: (hand) =>
        hand.bill(
          Array.from({ length: 60 }, (_, line) => 10_000 + 10 * line),
          { custom_fields: [{ name: 'PO', value: 'PO-2291' }] },
        ),
      9: (hand) => hand.pay(),
    },
  },
  {
    name: 'All In: prices with their tax inside, one of them taken back in part',
    currency: 'gbp',
    days: {
      3: (hand) => hand.bill([12_000, 4_999], {}, { taxBehavior: 'inclusive' }),
      8: (hand) => hand.pay(),
      14: (hand) => hand.credit(3_000, TO_CARD),
    },
  },
  {
    name: 'Sticker Price: tax of four places inside the price, voided',
    currency: 'usd',
    days: {
      4: (hand) => hand.bill(25_000, {}, { taxBehavior: 'inclusive' }),
      5: (hand) => hand.bill(10_000, ON_METHOD, { taxBehavior: 'inclusive' }),
      // The newest is paid by then; the one before it is not.
      15: (hand) => hand.voidEarlier(),
    },
  },
  {
    name: 'Parcel: shipping that Stripe itself taxes, and one that never came',
    currency: 'eur',
    days: {
      3: (hand) => hand.bill(14_000, { automatic_tax: { enabled: true }, shipping_cost: parcel(590, 'eur') }),
      7: (hand) => hand.pay(),
      13: (hand) => hand.creditShipping(),
    },
  },
  {
    name: 'Freight: shipping that no tax from outside fits, billed as a line instead',
    currency: 'usd',
    days: {
      3: (hand) => hand.bill(30_000, { shipping_cost: parcel(2_500, 'usd') }),
      // As the hub's own hint says.
      4: (hand) => hand.billShippingAsLine(2_500),
      12: (hand) => hand.pay(),
    },
  },
]

const parcel = (amount: number, currency: string): Stripe.InvoiceCreateParams.ShippingCost => ({
  shipping_rate_data: { display_name: 'Parcel', fixed_amount: { amount, currency } },
})
