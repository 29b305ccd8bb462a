// Credit notes in all their splits, and what becomes of them.

import { BERLIN, LOS_ANGELES } from '../addresses.ts'
import type { Family } from '../case.ts'
import type { Stage } from '../stage.ts'

const INVOICE =
  'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00'
const PAYMENT =
  'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00'
const SOLD = 'SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax USD · Committed'

/** 100.00, paid by card at once; it is 12 October then. @returns the invoice's id. */
async function paid(stage: Stage): Promise<string> {
  const invoice = await stage.bill(await stage.customer(), 10_000)
  await stage.pay(invoice)
  await stage.on('2026-10-12')
  return invoice
}

/** 100.00, open; it is 12 October then. @returns the invoice's id. */
async function open(stage: Stage): Promise<string> {
  const invoice = await stage.bill(await stage.customer(), 10_000)
  await stage.on('2026-10-12')
  return invoice
}

/** A part of the invoice's first line. */
const part = async (stage: Stage, invoice: string, amount: number) => ({
  invoice,
  lines: [{ type: 'invoice_line_item' as const, invoice_line_item: await stage.lineOf(invoice), amount }],
})

export const creditNotes: Family = {
  title: 'Credit notes',
  about:
    'One credit memo for each, with the items of the invoice lines. What lowered an open invoice is applied to it; what had been paid is refunded, becomes customer balance, or is paid back outside Stripe.',
  cases: [
    {
      number: 301,
      title: '20.00 off an open invoice of 100.00',
      async happens(stage) {
        const invoice = await open(stage)
        await stage.credit(await part(stage, invoice, 2_000))
      },
      netsuite: [
        `${INVOICE} · open 80.00`,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 20.00 = 20.00 USD · Cr 111 20.00, Dr 411 20.00 · settles in_1 20.00 · open 0.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -20.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
    },
    {
      number: 302,
      title: 'A paid invoice credited whole and refunded',
      async happens(stage) {
        const invoice = await paid(stage)
        await stage.credit({ ...(await part(stage, invoice, 10_000)), refund_amount: 10_000 })
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        PAYMENT,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 100.00 USD · Cr 121 100.00, Dr 111 100.00 · settles cn_1 100.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -100.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: [],
    },
    {
      number: 303,
      title: '50.00 of a paid invoice to the customer’s balance',
      async happens(stage) {
        const invoice = await paid(stage)
        await stage.credit({ ...(await part(stage, invoice, 5_000)), credit_amount: 5_000 })
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        PAYMENT,
        'journalEntry cn_1-tobalance (Credited to customer balance) · 2026-10-12 · Oct 2026 · 50.00 USD · Dr 111 50.00, Cr 213 50.00 · open 0.00',
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 50.00 = 50.00 USD · Cr 111 50.00, Dr 411 50.00 · settles cn_1-tobalance 50.00 · open 0.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -50.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['121 100.00 USD', '213 -50.00 USD', '411 -50.00 USD'],
    },
    {
      number: 304,
      title: '50.00 of a paid invoice paid back outside Stripe, from the bank',
      async happens(stage) {
        const invoice = await paid(stage)
        await stage.credit({ ...(await part(stage, invoice, 5_000)), out_of_band_amount: 5_000 })
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        PAYMENT,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 50.00 = 50.00 USD · Cr 111 50.00, Dr 411 50.00 · open 0.00',
        'customerRefund cn_1-outofband (Paid back outside Stripe) · 2026-10-12 · Oct 2026 · 50.00 USD · Cr 131 50.00, Dr 111 50.00 · settles cn_1 50.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -50.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
    },
    {
      number: 305,
      title: '60.00 of a paid invoice: 30.00 refunded, 20.00 to the balance, 10.00 outside Stripe',
      async happens(stage) {
        const invoice = await paid(stage)
        await stage.credit({
          ...(await part(stage, invoice, 6_000)),
          refund_amount: 3_000,
          credit_amount: 2_000,
          out_of_band_amount: 1_000,
        })
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        PAYMENT,
        'journalEntry cn_1-tobalance (Credited to customer balance) · 2026-10-12 · Oct 2026 · 20.00 USD · Dr 111 20.00, Cr 213 20.00 · open 0.00',
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 60.00 = 60.00 USD · Cr 111 60.00, Dr 411 60.00 · settles cn_1-tobalance 20.00 · open 0.00',
        'customerRefund cn_1-outofband (Paid back outside Stripe) · 2026-10-12 · Oct 2026 · 10.00 USD · Cr 131 10.00, Dr 111 10.00 · settles cn_1 10.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 30.00 USD · Cr 121 30.00, Dr 111 30.00 · settles cn_1 30.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -60.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['121 70.00 USD', '131 -10.00 USD', '213 -20.00 USD', '411 -40.00 USD'],
    },
    {
      number: 306,
      title: 'Paid in part: of 70.00, 40.00 close the invoice and 30.00 are refunded',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer(), 10_000)
        stage.control.receiveTransfer(invoice, 6_000)
        await stage.on('2026-10-12')
        await stage.credit({ ...(await part(stage, invoice, 7_000)), refund_amount: 3_000 })
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'customerPayment inpay_2 (Payment) · 2026-10-05 · Oct 2026 · 60.00 USD · Dr 121 60.00, Cr 111 60.00 · settles in_1 60.00 · open 0.00',
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 70.00 = 70.00 USD · Cr 111 70.00, Dr 411 70.00 · settles in_1 40.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 30.00 USD · Cr 121 30.00, Dr 111 30.00 · settles cn_1 30.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -70.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['121 30.00 USD', '411 -30.00 USD'],
    },
    {
      number: 307,
      title: 'Two credit notes take an open invoice away whole',
      async happens(stage) {
        const invoice = await open(stage)
        await stage.credit(await part(stage, invoice, 2_500))
        await stage.on('2026-11-03')
        await stage.credit(await part(stage, invoice, 7_500))
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 25.00 = 25.00 USD · Cr 111 25.00, Dr 411 25.00 · settles in_1 25.00 · open 0.00',
        'creditMemo cn_2 (Credit note) · 2026-11-03 · Nov 2026 · 801 75.00 = 75.00 USD · Cr 111 75.00, Dr 411 75.00 · settles in_1 75.00 · open 0.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -25.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
        'ReturnInvoice cn_2 · 2026-11-03 · -75.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: [],
    },
    {
      number: 308,
      title: 'Los Angeles: 40.00 of a line of 100.00 take back 3.90 of its 9.75 tax',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer({ address: LOS_ANGELES }), 10_000)
        await stage.on('2026-10-12')
        await stage.credit(await part(stage, invoice, 4_000))
      },
      // 40 % of 6.00, 0.25, 1.00 and 2.50.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 6.00 + 808 0.25 + 808 1.00 + 808 2.50 = 109.75 USD · Dr 111 109.75, Cr 411 100.00, Cr 211 9.75 · open 65.85',
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 40.00 + 808 2.40 + 808 0.10 + 808 0.40 + 808 1.00 = 43.90 USD · Cr 111 43.90, Dr 411 40.00, Dr 211 3.90 · settles in_1 43.90 · open 0.00',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 100.00 + 9.75 tax USD · Committed',
        'ReturnInvoice cn_1 · 2026-10-12 · -40.00 + -3.90 tax USD · Committed · tax date 2026-10-05',
      ],
    },
    {
      number: 309,
      title: 'Berlin, VAT included: half of 119.00 is 50.00 and 9.50',
      async happens(stage) {
        const lines = [{ unit: 11_900, taxBehavior: 'inclusive' as const }]
        const invoice = await stage.bill(await stage.customer({ address: BERLIN }), lines, {
          currency: 'eur',
        })
        await stage.on('2026-10-12')
        await stage.credit(await part(stage, invoice, 5_950))
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 19.00 = 119.00 EUR · Dr 112 119.00, Cr 411 100.00, Cr 211 19.00 · open 59.50',
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 50.00 + 808 9.50 = 59.50 EUR · Cr 112 59.50, Dr 411 50.00, Dr 211 9.50 · settles in_1 59.50 · open 0.00',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 100.00 + 19.00 tax EUR · Committed',
        'ReturnInvoice cn_1 · 2026-10-12 · -50.00 + -9.50 tax EUR · Committed · tax date 2026-10-05',
      ],
    },
    {
      number: 310,
      title: 'Half of a line that had been sold at 20 % off takes back half of what was charged: 40.00',
      async happens(stage) {
        const { id: coupon } = await stage.stripe.coupons.create({ percent_off: 20, duration: 'once' })
        const lines = [{ unit: 10_000, discounts: [{ coupon }] }]
        const invoice = await stage.bill(await stage.customer(), lines)
        await stage.on('2026-10-12')
        await stage.credit(await part(stage, invoice, 5_000))
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 80.00 = 80.00 USD · Dr 111 80.00, Cr 411 80.00 · open 40.00',
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 40.00 = 40.00 USD · Cr 111 40.00, Dr 411 40.00 · settles in_1 40.00 · open 0.00',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 80.00 + 0.00 tax USD · Committed',
        'ReturnInvoice cn_1 · 2026-10-12 · -40.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
    },
    {
      number: 311,
      title: 'An amount that names no line: the item for credits',
      settings: { netsuite: { creditItem: '807' } },
      async happens(stage) {
        const invoice = await open(stage)
        await stage.credit({ invoice, amount: 1_500 })
      },
      netsuite: [
        `${INVOICE} · open 85.00`,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 807 15.00 = 15.00 USD · Cr 111 15.00, Dr 413 15.00 · settles in_1 15.00 · open 0.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -15.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
    },
    {
      number: 312,
      title: 'Voided in the next month: a posted memo stays, an invoice of that day owes the 20.00 again',
      async happens(stage) {
        const invoice = await open(stage)
        const note = await stage.credit(await part(stage, invoice, 2_000))
        await stage.on('2026-11-04')
        await stage.stripe.creditNotes.voidCreditNote(note)
      },
      netsuite: [
        `${INVOICE} · open 80.00`,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 20.00 = 20.00 USD · Cr 111 20.00, Dr 411 20.00 · settles in_1 20.00 · open 0.00',
        'invoice cn_1-void (Credit note voided) · 2026-11-04 · Nov 2026 · 801 20.00 = 20.00 USD · Dr 111 20.00, Cr 411 20.00 · open 20.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -20.00 + 0.00 tax USD · Cancelled · tax date 2026-10-05',
      ],
      balances: ['111 100.00 USD', '411 -100.00 USD'],
    },
    {
      number: 313,
      title: 'After a voided credit note one payment settles the invoice and what it owes again',
      async happens(stage) {
        const invoice = await open(stage)
        const note = await stage.credit(await part(stage, invoice, 2_000))
        await stage.on('2026-11-04')
        await stage.stripe.creditNotes.voidCreditNote(note)
        await stage.on('2026-11-06')
        await stage.pay(invoice)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 20.00 = 20.00 USD · Cr 111 20.00, Dr 411 20.00 · settles in_1 20.00 · open 0.00',
        'invoice cn_1-void (Credit note voided) · 2026-11-04 · Nov 2026 · 801 20.00 = 20.00 USD · Dr 111 20.00, Cr 411 20.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-11-06 · Nov 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 80.00 and cn_1-void 20.00 · open 0.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -20.00 + 0.00 tax USD · Cancelled · tax date 2026-10-05',
      ],
      balances: ['121 100.00 USD', '411 -100.00 USD'],
    },
    {
      number: 314,
      title: 'Made and voided before the hub saw it: the books never know it',
      async happens(stage) {
        const invoice = await open(stage)
        const { id } = await stage.stripe.creditNotes.create(await part(stage, invoice, 2_000))
        await stage.stripe.creditNotes.voidCreditNote(id)
      },
      netsuite: [`${INVOICE} · open 100.00`],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -20.00 + 0.00 tax USD · Cancelled · tax date 2026-10-05',
      ],
    },
    {
      number: 315,
      title: 'Credited after it was written off: revenue falls, and as much of the bad debt comes back',
      async happens(stage) {
        const invoice = await open(stage)
        await stage.stripe.invoices.markUncollectible(invoice)
        await stage.on('2026-11-04')
        await stage.credit(await part(stage, invoice, 3_000))
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'creditMemo in_1-writeoff (Write-off) · 2026-10-12 · Oct 2026 · 810 100.00 = 100.00 USD · Cr 111 100.00, Dr 611 100.00 · settles in_1 100.00 · open 0.00',
        'journalEntry cn_1-recovery (Recovery) · 2026-11-04 · Nov 2026 · 30.00 USD · Dr 111 30.00, Cr 611 30.00 · open 0.00',
        'creditMemo cn_1 (Credit note) · 2026-11-04 · Nov 2026 · 801 30.00 = 30.00 USD · Cr 111 30.00, Dr 411 30.00 · settles cn_1-recovery 30.00 · open 0.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-11-04 · -30.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['411 -70.00 USD', '611 70.00 USD'],
    },
    {
      number: 316,
      title:
        '100.00, of which 30.00 were customer balance and 70.00 card, credited whole: each goes back where it came from',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.stripe.customers.createBalanceTransaction(customer, { amount: -3_000, currency: 'usd' })
        await stage.work()
        const invoice = await stage.bill(customer, 10_000)
        await stage.pay(invoice)
        await stage.on('2026-10-12')
        await stage.credit({
          ...(await part(stage, invoice, 10_000)),
          refund_amount: 7_000,
          credit_amount: 3_000,
        })
      },
      netsuite: [
        'journalEntry cbtxn_1 (Balance adjustment) · 2026-10-05 · Oct 2026 · 30.00 USD · Cr 213 30.00, Dr 614 30.00',
        `${INVOICE} · open 0.00`,
        'creditMemo in_1-balance (Customer balance applied) · 2026-10-05 · Oct 2026 · 812 30.00 = 30.00 USD · Cr 111 30.00, Dr 213 30.00 · settles in_1 30.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 70.00 USD · Dr 121 70.00, Cr 111 70.00 · settles in_1 70.00 · open 0.00',
        'journalEntry cn_1-tobalance (Credited to customer balance) · 2026-10-12 · Oct 2026 · 30.00 USD · Dr 111 30.00, Cr 213 30.00 · open 0.00',
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · settles cn_1-tobalance 30.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 70.00 USD · Cr 121 70.00, Dr 111 70.00 · settles cn_1 70.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -100.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['213 -30.00 USD', '614 30.00 USD'],
    },
  ],
}
