// Money that leaves the Stripe balance for the bank, with the fees that stayed.

import { BERLIN, KUWAIT, TOKYO } from '../addresses.ts'
import type { Family } from '../case.ts'
import type { Settings } from '../settings.ts'
import type { Stage } from '../stage.ts'

/** A sale of 100.00, paid by card on 5 October: the fee of 2.9 % and 0.30 is 3.20. */
const SALE: [string, string] = [
  'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 0.00',
  'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00',
]
const FEE = 'journalEntry inpay_1-fee (Fee) · 2026-10-05 · Oct 2026 · 3.20 USD · Dr 612 3.20, Cr 121 3.20'
const SOLD = 'SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax USD · Committed'

const WITH_PAYMENTS: Settings = {
  netsuite: {
    payouts: { bankAccounts: { USD: '131' }, feeAccount: '612', feesWithPaymentsFrom: '2026-10-01' },
  },
}

/** @returns customer and invoice. */
async function sell(stage: Stage): Promise<{ customer: string; invoice: string }> {
  const customer = await stage.customer()
  const invoice = await stage.bill(customer, 10_000)
  await stage.pay(invoice)
  return { customer, invoice }
}

async function refund(stage: Stage, invoice: string, amount: number): Promise<void> {
  const line = await stage.lineOf(invoice)
  await stage.credit({
    invoice,
    lines: [{ type: 'invoice_line_item', invoice_line_item: line, amount }],
    refund_amount: amount,
  })
}

export const payouts: Family = {
  title: 'Payouts',
  about:
    'A journal from clearing to the bank, dated as the bank gets it; the amount on the bank account is the bank’s own line. The fees of payments and refunds are posted with it, those of disputes with the dispute.',
  cases: [
    {
      number: 701,
      title: 'An automatic payout of one payment: 96.80 to the bank, 3.20 fees, clearing even',
      async happens(stage) {
        await sell(stage)
        await stage.on('2026-10-12')
        stage.control.payOut('usd')
      },
      netsuite: [
        ...SALE,
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 100.00 USD · Dr 131 96.80, Dr 612 3.20, Cr 121 100.00',
      ],
      avatax: [SOLD],
      balances: ['131 96.80 USD', '411 -100.00 USD', '612 3.20 USD'],
    },
    {
      number: 702,
      title: 'It holds a payment of 100.00 and a refund of 30.00: 66.80 to the bank',
      async happens(stage) {
        const { invoice } = await sell(stage)
        await stage.on('2026-10-12')
        await refund(stage, invoice, 3_000)
        stage.control.payOut('usd')
      },
      netsuite: [
        ...SALE,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 30.00 = 30.00 USD · Cr 111 30.00, Dr 411 30.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 30.00 USD · Cr 121 30.00, Dr 111 30.00 · settles cn_1 30.00',
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 70.00 USD · Dr 131 66.80, Dr 612 3.20, Cr 121 70.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -30.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['131 66.80 USD', '411 -70.00 USD', '612 3.20 USD'],
    },
    {
      number: 703,
      title: 'It holds a dispute: its fee of 15.00 was posted with the dispute and is not posted twice',
      async happens(stage) {
        const { customer } = await sell(stage)
        const other = await stage.customer()
        await stage.pay(await stage.bill(other, 20_000))
        await stage.on('2026-10-12')
        stage.control.openDispute(await stage.chargeOf(customer))
        await stage.work()
        stage.control.payOut('usd')
      },
      // 96.80 + 193.90 (200.00 less 6.10) − 115.00 = 175.70; txn_3 is the dispute's.
      netsuite: [
        ...SALE,
        'invoice in_2 (Invoice) · 2026-10-05 · Oct 2026 · 801 200.00 = 200.00 USD · Dr 111 200.00, Cr 411 200.00 · open 0.00',
        'customerPayment inpay_2 (Payment) · 2026-10-05 · Oct 2026 · 200.00 USD · Dr 121 200.00, Cr 111 200.00 · settles in_2 200.00 · open 0.00',
        'journalEntry du_1-txn_3 (Dispute) · 2026-10-12 · Oct 2026 · 115.00 USD · Dr 141 100.00, Dr 612 15.00, Cr 121 115.00',
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 185.00 USD · Dr 131 175.70, Dr 612 9.30, Cr 121 185.00',
      ],
      avatax: [SOLD, 'SalesInvoice in_2 · 2026-10-05 · 200.00 + 0.00 tax USD · Committed'],
      balances: ['131 175.70 USD', '141 100.00 USD', '411 -300.00 USD', '612 24.30 USD'],
    },
    {
      number: 704,
      title: 'Stripe takes 12.00 for one of its products: with the fees of the payout',
      async happens(stage) {
        await sell(stage)
        stage.control.chargeStripeFee({
          amount: 1_200,
          currency: 'usd',
          description: 'Radar for Fraud Teams',
        })
        await stage.on('2026-10-12')
        stage.control.payOut('usd')
      },
      netsuite: [
        ...SALE,
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 100.00 USD · Dr 131 84.80, Dr 612 15.20, Cr 121 100.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 705,
      title: 'The bank sends a payout back: it is in clearing again, the fees stay spent',
      async happens(stage) {
        await sell(stage)
        await stage.on('2026-10-12')
        const { id } = stage.control.payOut('usd')
        await stage.on('2026-10-16')
        stage.control.failPayout(id)
      },
      netsuite: [
        ...SALE,
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 100.00 USD · Dr 131 96.80, Dr 612 3.20, Cr 121 100.00',
        'journalEntry po_1-failed (Failed payout) · 2026-10-16 · Oct 2026 · 96.80 USD · Dr 121 96.80, Cr 131 96.80',
      ],
      avatax: [SOLD],
      balances: ['121 96.80 USD', '411 -100.00 USD', '612 3.20 USD'],
    },
    {
      number: 706,
      title: 'Sent back, and paid out anew with the next payout, in November',
      async happens(stage) {
        await sell(stage)
        await stage.on('2026-10-12')
        const { id } = stage.control.payOut('usd')
        await stage.on('2026-10-16')
        stage.control.failPayout(id)
        await stage.on('2026-10-30')
        stage.control.payOut('usd')
      },
      // Friday the 30th: it arrives on Monday.
      netsuite: [
        ...SALE,
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 100.00 USD · Dr 131 96.80, Dr 612 3.20, Cr 121 100.00',
        'journalEntry po_1-failed (Failed payout) · 2026-10-16 · Oct 2026 · 96.80 USD · Dr 121 96.80, Cr 131 96.80',
        'journalEntry po_2 (Payout) · 2026-11-02 · Nov 2026 · 96.80 USD · Dr 131 96.80, Cr 121 96.80',
      ],
      avatax: [SOLD],
      balances: ['131 96.80 USD', '411 -100.00 USD', '612 3.20 USD'],
    },
    {
      number: 707,
      title:
        'A payout of 50.00 by hand: the amount alone, when it is paid; no fees, for it cannot be itemized',
      async happens(stage) {
        await sell(stage)
        await stage.on('2026-10-19')
        await stage.stripe.payouts.create({ amount: 5_000, currency: 'usd' })
        await stage.on('2026-10-22')
      },
      netsuite: [
        ...SALE,
        'journalEntry po_1 (Payout) · 2026-10-21 · Oct 2026 · 50.00 USD · Dr 131 50.00, Cr 121 50.00',
      ],
      avatax: [SOLD],
      balances: ['121 50.00 USD', '131 50.00 USD', '411 -100.00 USD'],
    },
    {
      number: 708,
      title: 'A negative balance: after all was paid out, a refund of 100.00 is debited from the bank',
      async happens(stage) {
        const { invoice } = await sell(stage)
        await stage.on('2026-10-12')
        stage.control.payOut('usd')
        await stage.on('2026-10-19')
        await refund(stage, invoice, 10_000)
        await stage.on('2026-10-20')
        stage.control.debitBank('usd')
      },
      netsuite: [
        ...SALE,
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 100.00 USD · Dr 131 96.80, Dr 612 3.20, Cr 121 100.00',
        'creditMemo cn_1 (Credit note) · 2026-10-19 · Oct 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-19 · Oct 2026 · 100.00 USD · Cr 121 100.00, Dr 111 100.00 · settles cn_1 100.00',
        'journalEntry po_2 (Payout) · 2026-10-22 · Oct 2026 · 100.00 USD · Cr 131 100.00, Dr 121 100.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-19 · -100.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['131 -3.20 USD', '612 3.20 USD'],
    },
    {
      number: 709,
      title:
        'Euros: in the books of the subsidiary whose customers pay in euros, to the bank account in euros',
      async happens(stage) {
        const customer = await stage.customer({ address: BERLIN })
        await stage.pay(await stage.bill(customer, 10_000, { currency: 'eur' }))
        await stage.on('2026-10-12')
        stage.control.payOut('eur')
      },
      // 2.9 % of 119.00 is 3.45, and 0.30.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 19.00 = 119.00 EUR · Dr 112 119.00, Cr 411 100.00, Cr 211 19.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 119.00 EUR · Dr 122 119.00, Cr 112 119.00 · settles in_1 119.00 · open 0.00',
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 119.00 EUR · Dr 132 115.25, Dr 612 3.75, Cr 122 119.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 19.00 tax EUR · Committed'],
      balances: ['132 115.25 EUR', '211 -19.00 EUR', '411 -100.00 EUR', '612 3.75 EUR'],
    },
    {
      number: 710,
      title: '11,000 yen: 10,651 to the bank and a fee of 349',
      async happens(stage) {
        const customer = await stage.customer({ address: TOKYO })
        await stage.pay(await stage.bill(customer, 10_000, { currency: 'jpy' }))
        await stage.on('2026-10-12')
        stage.control.payOut('jpy')
      },
      // At 0.0067: 71.36, 2.34 and 73.70.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 10000 + 808 1000 = 11000 JPY · Dr 114 73.70 USD, Cr 411 67.00 USD, Cr 211 6.70 USD · open 0',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 11000 JPY · Dr 124 73.70 USD, Cr 114 73.70 USD · settles in_1 11000 · open 0',
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 11000 JPY · Dr 134 71.36 USD, Dr 612 2.34 USD, Cr 124 73.70 USD',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 10000 + 1000 tax JPY · Committed'],
    },
    {
      number: 711,
      title: 'Dinars: 12.330 less a fee of 0.388',
      async happens(stage) {
        const customer = await stage.customer({ address: KUWAIT })
        await stage.pay(await stage.bill(customer, 12_330, { currency: 'kwd' }))
        await stage.on('2026-10-12')
        stage.control.payOut('kwd')
      },
      // 11.942, 0.388 and 12.330 at 3.25: 38.81, 1.26 and 40.07.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 12.330 = 12.330 KWD · Dr 115 40.07 USD, Cr 411 40.07 USD · open 0.000',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 12.330 KWD · Dr 125 40.07 USD, Cr 115 40.07 USD · settles in_1 12.330 · open 0.000',
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 12.330 KWD · Dr 135 38.81 USD, Dr 612 1.26 USD, Cr 125 40.07 USD',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 12.330 + 0.000 tax KWD · Committed'],
    },
    {
      number: 712,
      title: 'Euros settled in dollars at 1.0871 with a conversion fee of 2 %: paid out in dollars',
      async happens(stage) {
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0871', feePercent: '2' })
        const customer = await stage.customer({ metadata: { netsuite_subsidiary: 'us' } })
        await stage.pay(await stage.bill(customer, 11_900, { currency: 'eur' }))
        await stage.on('2026-10-12')
        stage.control.payOut('usd')
      },
      // 129.36 in dollars; the fee is 2.9 % (3.75), 0.30 and 2 % (2.59): 6.64.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 119.00 = 119.00 EUR · Dr 112 128.52 USD, Cr 411 128.52 USD · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 119.00 EUR · Dr 121 129.36 USD, Cr 112 129.36 USD · settles in_1 119.00 · open 0.00',
        'fxReval by NetSuite · 2026-10-05 · Oct 2026 · 0.84 USD · Dr 112 0.84, Cr 711 0.84',
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 129.36 USD · Dr 131 122.72, Dr 612 6.64, Cr 121 129.36',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 119.00 + 0.00 tax EUR · Committed'],
      balances: ['131 122.72 USD', '411 -128.52 USD', '612 6.64 USD', '711 -0.84 USD'],
    },
    {
      number: 713,
      title: 'Yen settled in dollars at 0.006543: 123,457 bring 807.78',
      async happens(stage) {
        stage.control.settleCurrency('jpy', { into: 'usd', rate: '0.006543' })
        await stage.pay(await stage.bill(await stage.customer(), 123_457, { currency: 'jpy' }))
        await stage.on('2026-10-12')
        stage.control.payOut('usd')
      },
      // Sold at 0.0067: 827.16. Settled: 807.78, 19.38 lost. The fee is 2.9 % (23.43) and 0.30.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 123457 = 123457 JPY · Dr 114 827.16 USD, Cr 411 827.16 USD · open 0',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 123457 JPY · Dr 121 807.78 USD, Cr 114 807.78 USD · settles in_1 123457 · open 0',
        'fxReval by NetSuite · 2026-10-05 · Oct 2026 · 19.38 USD · Cr 114 19.38, Dr 711 19.38',
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 807.78 USD · Dr 131 784.05, Dr 612 23.73, Cr 121 807.78',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 123457 + 0 tax JPY · Committed'],
      balances: ['131 784.05 USD', '411 -827.16 USD', '612 23.73 USD', '711 19.38 USD'],
    },
    {
      number: 714,
      title: 'Paid out by the daily schedule: posted when Stripe can itemize it, dated as the bank gets it',
      async happens(stage) {
        stage.control.setPayoutSchedule('daily')
        await sell(stage)
        await stage.on('2026-10-12')
        stage.control.setPayoutSchedule('manual')
      },
      // Available on Wednesday the 7th, in the bank on Friday (midnight UTC is the day that Stripe names).
      netsuite: [
        ...SALE,
        'journalEntry po_1 (Payout) · 2026-10-09 · Oct 2026 · 100.00 USD · Dr 131 96.80, Dr 612 3.20, Cr 121 100.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 715,
      title:
        'Fees posted with the payments (for payouts by hand): the fee of 3.20 on its own day, the payout its amount alone',
      settings: WITH_PAYMENTS,
      async happens(stage) {
        await sell(stage)
        await stage.on('2026-10-19')
        await stage.stripe.payouts.create({ amount: 9_680, currency: 'usd' })
        await stage.on('2026-10-22')
      },
      netsuite: [
        SALE[0],
        FEE,
        SALE[1],
        'journalEntry po_1 (Payout) · 2026-10-21 · Oct 2026 · 96.80 USD · Dr 131 96.80, Cr 121 96.80',
      ],
      avatax: [SOLD],
      balances: ['131 96.80 USD', '411 -100.00 USD', '612 3.20 USD'],
    },
    {
      number: 716,
      title: 'Fees posted with the payments, and an automatic payout: they are not posted twice',
      settings: WITH_PAYMENTS,
      async happens(stage) {
        await sell(stage)
        await stage.on('2026-10-12')
        stage.control.payOut('usd')
      },
      netsuite: [
        SALE[0],
        FEE,
        SALE[1],
        'journalEntry po_1 (Payout) · 2026-10-14 · Oct 2026 · 96.80 USD · Dr 131 96.80, Cr 121 96.80',
      ],
      avatax: [SOLD],
      balances: ['131 96.80 USD', '411 -100.00 USD', '612 3.20 USD'],
    },
    {
      number: 717,
      title: 'A charge from before payment intents: its fee is posted with the payment as well',
      settings: WITH_PAYMENTS,
      async happens(stage) {
        const customer = await stage.customer()
        await stage.stripe.invoices.pay(await stage.bill(customer, 10_000))
        const charge = await stage.chargeOf(customer)
        for (const payment of stage.control.store.invoicePayments.all())
          payment.payment = { type: 'charge', charge }
        await stage.work()
      },
      netsuite: [SALE[0], FEE, SALE[1]],
      avatax: [SOLD],
      balances: ['121 96.80 USD', '411 -100.00 USD', '612 3.20 USD'],
    },
  ],
}
