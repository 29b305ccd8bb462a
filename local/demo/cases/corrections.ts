// What takes a sale back, or a payment: credit notes in their splits, refunds, voids, write-offs, disputes, and what comes
// after them.
import { type Case, ON_METHOD, TO_CARD } from '../case-hand.ts'

export const CORRECTIONS: readonly Case[] = [
  {
    name: 'Split: a credit note to card, balance and bank',
    currency: 'usd',
    days: {
      3: (hand) => hand.bill(30_000),
      6: (hand) => hand.pay(),
      11: (hand) =>
        hand.credit(9_000, (total) => ({
          refund_amount: 4_000,
          credit_amount: 3_000,
          out_of_band_amount: total - 7_000,
        })),
    },
  },
  {
    name: 'Second Thoughts: a credit note taken back',
    currency: 'usd',
    days: {
      3: (hand) => hand.bill(30_000),
      8: (hand) => hand.credit(5_000),
      14: (hand) => hand.voidNote(),
      19: (hand) => hand.pay(),
    },
  },
  {
    name: 'Courtesy: refunded without a credit note',
    currency: 'gbp',
    days: { 3: (hand) => hand.bill(22_000), 6: (hand) => hand.pay(), 13: (hand) => hand.refund(2_000) },
  },
  {
    name: 'Closed Card: a refund that fails days later',
    currency: 'usd',
    days: {
      3: (hand) => hand.bill(18_000),
      6: (hand) => hand.pay(),
      10: (hand) => hand.credit(6_000, TO_CARD),
      17: (hand) => hand.failRefund(),
    },
  },
  {
    name: 'Cancelled: voided after credit was used on it',
    currency: 'usd',
    days: {
      1: (hand) => hand.adjustBalance(-2_500),
      3: (hand) => hand.bill(15_000),
      10: (hand) => hand.voidInvoice(),
    },
  },
  {
    name: 'Late Conscience: written off, paid after all',
    currency: 'usd',
    days: { 2: (hand) => hand.bill(27_000), 9: (hand) => hand.writeOff(), 21: (hand) => hand.pay() },
  },
  {
    name: 'Twice Gone: written off, then voided',
    currency: 'eur',
    days: { 2: (hand) => hand.bill(12_000), 9: (hand) => hand.writeOff(), 18: (hand) => hand.voidInvoice() },
  },
  {
    name: 'Downgrade: an invoice below nothing',
    currency: 'usd',
    days: {
      5: (hand) => hand.bill([2_000, -7_000]),
      12: (hand) => hand.bill(16_000),
      16: (hand) => hand.pay(),
    },
  },
  {
    name: 'Chargeback: a dispute that is won',
    currency: 'usd',
    days: {
      2: (hand) => hand.bill(44_000, ON_METHOD),
      9: (hand) => hand.dispute('fraudulent'),
      22: (hand) => hand.closeDispute('won'),
    },
  },
  {
    name: 'Chargeback: a dispute that is lost',
    currency: 'gbp',
    days: {
      2: (hand) => hand.bill(52_000, ON_METHOD),
      8: async (hand) => hand.bank.warnOfFraud(await hand.chargeId()),
      9: (hand) => hand.dispute('product_not_received'),
      23: (hand) => hand.closeDispute('lost'),
    },
  },
  {
    name: 'Review: looked at by Radar and found good',
    currency: 'usd',
    days: { 4: (hand) => hand.bill(61_000, ON_METHOD), 7: (hand) => hand.reviewAndApprove() },
  },
  {
    name: 'All Back: refunded after it was paid out, so Stripe debits the bank',
    currency: 'kwd',
    days: {
      2: (hand) => hand.bill(900_000, ON_METHOD),
      17: (hand) => hand.credit(900_000, TO_CARD),
      18: (hand) => hand.debitBank(),
    },
  },
]
