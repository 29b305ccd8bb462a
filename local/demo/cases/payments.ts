// How money comes in: by bank debits that take days or come back, in parts, too much, from outside, from credit; and what the
// customer's own balance and credits pay.
import { type Case, ON_METHOD } from '../case-hand.ts'

const ACH = 'pm_usBankAccount'

export const PAYMENTS: readonly Case[] = [
  {
    name: 'Slow Bank: a debit that takes days',
    currency: 'usd',
    paysBy: ACH,
    days: { 2: (hand) => hand.bill(40_000, ON_METHOD) },
  },
  {
    name: 'Empty Account: a debit that fails, then a card',
    currency: 'usd',
    paysBy: 'pm_usBankAccount_insufficientFunds',
    days: {
      2: (hand) => hand.bill(25_000, ON_METHOD),
      8: (hand) => hand.payByCard(),
    },
  },
  {
    name: 'Unauthorized: a debit disputed after it succeeded',
    currency: 'usd',
    paysBy: 'pm_usBankAccount_dispute',
    days: { 2: (hand) => hand.bill(30_000, ON_METHOD) },
  },
  {
    name: 'Rücklastschrift: a SEPA debit returned after weeks',
    currency: 'eur',
    paysBy: 'pm_sepaDebit',
    days: {
      2: (hand) => hand.bill(35_000, ON_METHOD),
      24: async (hand) => hand.bank.returnDebit(await hand.chargeId(), 'insufficient_funds'),
    },
  },
  {
    name: 'In Parts: two bank transfers',
    currency: 'gbp',
    days: {
      3: (hand) => hand.bill(60_000),
      7: (hand) => hand.transfer(20_000),
      15: (hand) => hand.transferRest(),
    },
  },
  {
    name: 'Round Up: pays too much, and less next time',
    currency: 'usd',
    days: {
      3: (hand) => hand.bill(50_000),
      8: (hand) => hand.transferRest(4_500),
      16: (hand) => hand.bill(20_000),
      20: (hand) => hand.pay(),
    },
  },
  {
    name: 'Big Ticket: fills the balance for the payout by hand',
    currency: 'usd',
    days: { 18: (hand) => hand.bill(4_000_000), 20: (hand) => hand.pay() },
  },
  {
    name: 'Cheque: paid outside Stripe',
    currency: 'usd',
    days: { 4: (hand) => hand.bill(33_000), 12: (hand) => hand.pay({ paid_out_of_band: true }) },
  },
  {
    name: 'Goodwill: given credit, used on the next invoice',
    currency: 'eur',
    days: {
      1: (hand) => hand.adjustBalance(-3_000),
      4: (hand) => hand.bill(10_000),
      9: (hand) => hand.pay(),
    },
  },
  {
    name: 'Old Debt: owed outside any invoice, billed with the next',
    currency: 'usd',
    days: { 1: (hand) => hand.adjustBalance(1_500), 5: (hand) => hand.bill(9_000), 9: (hand) => hand.pay() },
  },
  {
    name: 'Prepaid: billing credits sold, drawn by usage',
    currency: 'usd',
    days: {
      0: (hand) => hand.sellCredits(1_500),
      1: (hand) => hand.subscribeToUsage(),
      6: (hand) => hand.use(40),
    },
  },
  {
    name: 'Use It or Lose It: sold credits that expire',
    currency: 'usd',
    days: { 1: (hand) => hand.sellCredits(2_000, 18) },
  },
  {
    name: 'Lump Sum: one payment for two invoices',
    currency: 'usd',
    days: {
      3: (hand) => hand.bill(50_000),
      4: (hand) => hand.bill(20_000),
      // What a credit note takes off the first of them is left for the second.
      9: (hand) => hand.promiseForBoth(),
      11: (hand) => hand.credit(5_000),
      13: (hand) => hand.keepPromise(),
      18: (hand) => hand.payEarlier(),
    },
  },
]
