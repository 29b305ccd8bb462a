// Chargebacks: what the bank takes, Stripe's fee, and how it ends.

import { TOKYO } from '../addresses.ts'
import type { Family } from '../case.ts'
import type { Settings } from '../settings.ts'
import type { Stage } from '../stage.ts'

const SALE = [
  'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 0.00',
  'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00',
]
const SOLD = 'SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax USD · Committed'
/** txn_1 is the payment's. */
const WITHDRAWN =
  'journalEntry du_1-txn_2 (Dispute) · 2026-10-19 · Oct 2026 · 115.00 USD · Dr 141 100.00, Dr 612 15.00, Cr 121 115.00'
const REOPEN: Settings = {
  netsuite: {
    disputes: { receivableAccount: '141', feeAccount: '612', lossAccount: '613', whenLost: 'reopen' },
  },
}

/** 100.00 paid by card on 5 October, disputed on the 19th. @returns the dispute's id. */
async function disputed(stage: Stage, options: { amount?: number; inquiry?: boolean } = {}): Promise<string> {
  const customer = await stage.customer()
  await stage.pay(await stage.bill(customer, 10_000))
  await stage.on('2026-10-19')
  const { id } = stage.control.openDispute(await stage.chargeOf(customer), options)
  await stage.work()
  return id
}

export const disputes: Family = {
  title: 'Disputes',
  about:
    'A journal for each movement of the Stripe balance. The invoice and its payment stay as they were posted. ACH and SEPA debits that come back are 216 and 217.',
  cases: [
    {
      number: 601,
      title: 'Opened: 100.00 wait as disputed receivable, the fee of 15.00 is spent',
      async happens(stage) {
        await disputed(stage)
      },
      netsuite: [...SALE, WITHDRAWN],
      avatax: [SOLD],
      balances: ['121 -15.00 USD', '141 100.00 USD', '411 -100.00 USD', '612 15.00 USD'],
    },
    {
      number: 602,
      title: 'Won in the next month: the amount comes back, the fee does not',
      async happens(stage) {
        const dispute = await disputed(stage)
        await stage.on('2026-11-02')
        stage.control.closeDispute(dispute, 'won')
      },
      netsuite: [
        ...SALE,
        WITHDRAWN,
        'journalEntry du_1-txn_3 (Dispute) · 2026-11-02 · Nov 2026 · 100.00 USD · Cr 141 100.00, Dr 121 100.00',
      ],
      avatax: [SOLD],
      balances: ['121 85.00 USD', '411 -100.00 USD', '612 15.00 USD'],
    },
    {
      number: 603,
      title: 'Lost, by the rule "expense": a loss',
      async happens(stage) {
        const dispute = await disputed(stage)
        await stage.on('2026-11-02')
        stage.control.closeDispute(dispute, 'lost')
      },
      netsuite: [
        ...SALE,
        WITHDRAWN,
        'journalEntry du_1-lost (Dispute lost) · 2026-11-02 · Nov 2026 · 100.00 USD · Dr 613 100.00, Cr 141 100.00',
      ],
      avatax: [SOLD],
      balances: ['121 -15.00 USD', '411 -100.00 USD', '612 15.00 USD', '613 100.00 USD'],
    },
    {
      number: 604,
      title: 'Lost, by the rule "reopen": the customer owes it again, as an open item of its own',
      settings: REOPEN,
      async happens(stage) {
        const dispute = await disputed(stage)
        await stage.on('2026-11-02')
        stage.control.closeDispute(dispute, 'lost')
      },
      netsuite: [
        ...SALE,
        WITHDRAWN,
        'journalEntry du_1-lost (Dispute lost) · 2026-11-02 · Nov 2026 · 100.00 USD · Dr 111 100.00, Cr 141 100.00 · open 100.00',
      ],
      avatax: [SOLD],
      balances: ['111 100.00 USD', '121 -15.00 USD', '411 -100.00 USD', '612 15.00 USD'],
    },
    {
      number: 605,
      title: 'Nobody answers: lost by itself when the 21 days are over',
      async happens(stage) {
        await disputed(stage)
        await stage.on('2026-11-12')
      },
      netsuite: [
        ...SALE,
        WITHDRAWN,
        'journalEntry du_1-lost (Dispute lost) · 2026-11-09 · Nov 2026 · 100.00 USD · Dr 613 100.00, Cr 141 100.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 606,
      title: 'An inquiry has taken nothing: no document',
      async happens(stage) {
        await disputed(stage, { inquiry: true })
      },
      netsuite: SALE,
      avatax: [SOLD],
    },
    {
      number: 607,
      title: 'An inquiry becomes a dispute: withdrawn on the day that it does',
      async happens(stage) {
        const inquiry = await disputed(stage, { inquiry: true })
        await stage.on('2026-11-03')
        stage.control.escalateInquiry(inquiry)
      },
      netsuite: [
        ...SALE,
        'journalEntry du_1-txn_2 (Dispute) · 2026-11-03 · Nov 2026 · 115.00 USD · Dr 141 100.00, Dr 612 15.00, Cr 121 115.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 608,
      title: 'A part of 40.00 is disputed, and won',
      async happens(stage) {
        const dispute = await disputed(stage, { amount: 4_000 })
        await stage.on('2026-10-26')
        stage.control.closeDispute(dispute, 'won')
      },
      netsuite: [
        ...SALE,
        'journalEntry du_1-txn_2 (Dispute) · 2026-10-19 · Oct 2026 · 55.00 USD · Dr 141 40.00, Dr 612 15.00, Cr 121 55.00',
        'journalEntry du_1-txn_3 (Dispute) · 2026-10-26 · Oct 2026 · 40.00 USD · Cr 141 40.00, Dr 121 40.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 609,
      title: 'After 30.00 were refunded, the rest of 70.00 is disputed and lost',
      async happens(stage) {
        const customer = await stage.customer()
        const invoice = await stage.bill(customer, 10_000)
        await stage.pay(invoice)
        await stage.on('2026-10-12')
        const line = await stage.lineOf(invoice)
        await stage.credit({
          invoice,
          lines: [{ type: 'invoice_line_item', invoice_line_item: line, amount: 3_000 }],
          refund_amount: 3_000,
        })
        await stage.on('2026-10-19')
        const { id } = stage.control.openDispute(await stage.chargeOf(customer))
        await stage.on('2026-10-26')
        stage.control.closeDispute(id, 'lost')
      },
      // txn_2 is the refund's.
      netsuite: [
        ...SALE,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 30.00 = 30.00 USD · Cr 111 30.00, Dr 411 30.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 30.00 USD · Cr 121 30.00, Dr 111 30.00 · settles cn_1 30.00',
        'journalEntry du_1-txn_3 (Dispute) · 2026-10-19 · Oct 2026 · 85.00 USD · Dr 141 70.00, Dr 612 15.00, Cr 121 85.00',
        'journalEntry du_1-lost (Dispute lost) · 2026-10-26 · Oct 2026 · 70.00 USD · Dr 613 70.00, Cr 141 70.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -30.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['121 -15.00 USD', '411 -70.00 USD', '612 15.00 USD', '613 70.00 USD'],
    },
    {
      number: 610,
      title:
        'Euros settled in dollars: withdrawn at 1.0900, reinstated at 1.0950; the 0.50 more are an exchange gain',
      async happens(stage) {
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0871' })
        const customer = await stage.customer({ metadata: { netsuite_subsidiary: 'us' } })
        await stage.pay(await stage.bill(customer, 10_000, { currency: 'eur' }))
        await stage.on('2026-10-19')
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0900' })
        const { id } = stage.control.openDispute(await stage.chargeOf(customer))
        await stage.on('2026-10-26')
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0950' })
        stage.control.closeDispute(id, 'won')
      },
      // 100.00 brought 108.71, 109.00 were taken, 109.50 came back.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 EUR · Dr 112 108.00 USD, Cr 411 108.00 USD · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 100.00 EUR · Dr 121 108.71 USD, Cr 112 108.71 USD · settles in_1 100.00 · open 0.00',
        'fxReval by NetSuite · 2026-10-05 · Oct 2026 · 0.71 USD · Dr 112 0.71, Cr 711 0.71',
        'journalEntry du_1-txn_2 (Dispute) · 2026-10-19 · Oct 2026 · 124.00 USD · Dr 141 109.00, Dr 612 15.00, Cr 121 124.00',
        'journalEntry du_1-txn_3 (Dispute) · 2026-10-26 · Oct 2026 · 109.50 USD · Cr 141 109.00, Cr 713 0.50, Dr 121 109.50',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax EUR · Committed'],
      balances: ['121 94.21 USD', '411 -108.00 USD', '612 15.00 USD', '711 -0.71 USD', '713 -0.50 USD'],
    },
    {
      number: 611,
      title: '11,000 yen, with a fee of 1,500: journals in yen',
      async happens(stage) {
        const customer = await stage.customer({ address: TOKYO })
        await stage.pay(await stage.bill(customer, 10_000, { currency: 'jpy' }))
        await stage.on('2026-10-19')
        stage.control.openDispute(await stage.chargeOf(customer))
      },
      // At 0.0067: 73.70 and 10.05.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 10000 + 808 1000 = 11000 JPY · Dr 114 73.70 USD, Cr 411 67.00 USD, Cr 211 6.70 USD · open 0',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 11000 JPY · Dr 124 73.70 USD, Cr 114 73.70 USD · settles in_1 11000 · open 0',
        'journalEntry du_1-txn_2 (Dispute) · 2026-10-19 · Oct 2026 · 12500 JPY · Dr 141 73.70 USD, Dr 612 10.05 USD, Cr 124 83.75 USD',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 10000 + 1000 tax JPY · Committed'],
    },
    {
      number: 612,
      title:
        'Euros settled in dollars: withdrawn at 1.0900, reinstated at 1.0840; the 0.60 less are an exchange loss',
      async happens(stage) {
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0871' })
        const customer = await stage.customer({ metadata: { netsuite_subsidiary: 'us' } })
        await stage.pay(await stage.bill(customer, 10_000, { currency: 'eur' }))
        await stage.on('2026-10-19')
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0900' })
        const { id } = stage.control.openDispute(await stage.chargeOf(customer))
        await stage.on('2026-11-04')
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0840' })
        stage.control.closeDispute(id, 'won')
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 EUR · Dr 112 108.00 USD, Cr 411 108.00 USD · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 100.00 EUR · Dr 121 108.71 USD, Cr 112 108.71 USD · settles in_1 100.00 · open 0.00',
        'fxReval by NetSuite · 2026-10-05 · Oct 2026 · 0.71 USD · Dr 112 0.71, Cr 711 0.71',
        'journalEntry du_1-txn_2 (Dispute) · 2026-10-19 · Oct 2026 · 124.00 USD · Dr 141 109.00, Dr 612 15.00, Cr 121 124.00',
        'journalEntry du_1-txn_3 (Dispute) · 2026-11-04 · Nov 2026 · 109.00 USD · Cr 141 109.00, Dr 713 0.60, Dr 121 108.40',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax EUR · Committed'],
      balances: ['121 93.11 USD', '411 -108.00 USD', '612 15.00 USD', '711 -0.71 USD', '713 0.60 USD'],
    },
  ],
}
