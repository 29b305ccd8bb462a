// When what was invoiced becomes revenue: a journal a month, or the dates on the lines for NetSuite's own revenue management.

import { LOS_ANGELES } from '../addresses.ts'
import type { Family } from '../case.ts'
import type { Settings } from '../settings.ts'
import type { Stage } from '../stage.ts'

/** Every item posts to deferred revenue (212); plans become 411, usage 412, onboarding 413. */
const JOURNALS: Settings = {
  netsuite: {
    items: {},
    defaultItem: '814',
    creditItem: '814',
    billingCredits: undefined,
    revenue: {
      mode: 'journals',
      firstMonth: '2026-10',
      deferredAccount: '212',
      revenueAccounts: { plans: '411', usage: '412', services: '413' },
      products: { prod_usage: 'usage', prod_onboarding: 'services' },
      defaultKey: 'plans',
    },
  },
}

/** 92.00 for the last quarter of the year, 1.00 a day. @returns the invoice's id. */
const sellQuarter = async (stage: Stage): Promise<string> =>
  stage.bill(await stage.customer(), [{ unit: 9_200, service: ['2026-10-01', '2027-01-01'] }])
const QUARTER =
  'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 814 92.00 = 92.00 USD · Dr 111 92.00, Cr 212 92.00'
const QUARTER_SOLD = 'SalesInvoice in_1 · 2026-10-05 · 92.00 + 0.00 tax USD'
const OCTOBER =
  'journalEntry revrec-1-USD-2026-10-1 (Revenue recognized) · 2026-10-31 · Oct 2026 · 31.00 USD · Dr 212 31.00, Cr 411 31.00'

export const revenue: Family = {
  title: 'Revenue recognition',
  about:
    'Straight-line by the day over the service period. The items of these cases (814) post to deferred revenue (212), and a month’s journal moves what its days have earned; the journal is of the month’s last day. At any time recognized + deferred = invoiced net of tax − credited.',
  cases: [
    {
      number: 901,
      title: '1,200.00 for a year of 365 days from 5 October: 27 of them in October, 30 in November',
      settings: JOURNALS,
      async happens(stage) {
        await stage.bill(await stage.customer(), [{ unit: 120_000, service: ['2026-10-05', '2027-10-05'] }])
        await stage.on('2026-11-03')
        await stage.recognize('2026-10')
        await stage.on('2026-12-03')
        await stage.recognize('2026-11')
      },
      // × 27 ÷ 365 = 88.767; × 57 ÷ 365 = 187.397, less 88.77.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 814 1200.00 = 1200.00 USD · Dr 111 1200.00, Cr 212 1200.00 · open 1200.00',
        'journalEntry revrec-1-USD-2026-10-1 (Revenue recognized) · 2026-10-31 · Oct 2026 · 88.77 USD · Dr 212 88.77, Cr 411 88.77',
        'journalEntry revrec-1-USD-2026-11-1 (Revenue recognized) · 2026-11-30 · Nov 2026 · 98.63 USD · Dr 212 98.63, Cr 411 98.63',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 1200.00 + 0.00 tax USD · Committed'],
      balances: ['111 1200.00 USD', '212 -1012.60 USD', '411 -187.40 USD'],
    },
    {
      number: 902,
      title:
        'Half of a quarter is credited on 5 November: November earns 15.00 and gives 15.50 of October back',
      settings: JOURNALS,
      async happens(stage) {
        const invoice = await sellQuarter(stage)
        await stage.on('2026-11-03')
        await stage.recognize('2026-10')
        await stage.on('2026-11-05')
        const line = await stage.lineOf(invoice)
        await stage.credit({
          invoice,
          lines: [{ type: 'invoice_line_item', invoice_line_item: line, amount: 4_600 }],
        })
        await stage.on('2026-12-03')
        await stage.recognize('2026-11')
        await stage.on('2027-01-04')
        await stage.recognize('2026-12')
      },
      // 0.50 a day: 61 days are 30.50, less 31.00; 92 days are 46.00.
      netsuite: [
        `${QUARTER} · open 46.00`,
        OCTOBER,
        'creditMemo cn_1 (Credit note) · 2026-11-05 · Nov 2026 · 814 46.00 = 46.00 USD · Cr 111 46.00, Dr 212 46.00 · settles in_1 46.00 · open 0.00',
        'journalEntry revrec-1-USD-2026-11-1 (Revenue recognized) · 2026-11-30 · Nov 2026 · 0.50 USD · Cr 212 0.50, Dr 411 0.50',
        'journalEntry revrec-1-USD-2026-12-1 (Revenue recognized) · 2026-12-31 · Dec 2026 · 15.50 USD · Dr 212 15.50, Cr 411 15.50',
      ],
      avatax: [
        `${QUARTER_SOLD} · Committed`,
        'ReturnInvoice cn_1 · 2026-11-05 · -46.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['111 46.00 USD', '411 -46.00 USD'],
    },
    {
      number: 903,
      title: 'Voided on 10 November: what October had recognized is taken back in November',
      settings: JOURNALS,
      async happens(stage) {
        const invoice = await sellQuarter(stage)
        await stage.on('2026-11-03')
        await stage.recognize('2026-10')
        await stage.on('2026-11-10')
        await stage.stripe.invoices.voidInvoice(invoice)
        await stage.on('2026-12-03')
        await stage.recognize('2026-11')
      },
      netsuite: [
        `${QUARTER} · open 0.00`,
        OCTOBER,
        'creditMemo in_1-void (Void) · 2026-11-10 · Nov 2026 · 814 92.00 = 92.00 USD · Cr 111 92.00, Dr 212 92.00 · settles in_1 92.00 · open 0.00',
        'journalEntry revrec-1-USD-2026-11-1 (Revenue recognized) · 2026-11-30 · Nov 2026 · 31.00 USD · Cr 212 31.00, Dr 411 31.00',
      ],
      avatax: [`${QUARTER_SOLD} · Cancelled`],
      balances: [],
    },
    {
      number: 904,
      title:
        'Case 106 (31.00 a month, 62.00 from the eleventh day): October earns 10 days at 1.00 and 17 at 2.00',
      settings: JOURNALS,
      async happens(stage) {
        const subscription = await stage.subscribe(await stage.customer(), 3_100)
        await stage.on('2026-10-15')
        const { items } = await stage.stripe.subscriptions.retrieve(subscription)
        await stage.stripe.subscriptions.update(subscription, {
          items: [{ id: items.data[0]?.id ?? '', price: await stage.price(6_200, 'prod_business') }],
          proration_behavior: 'create_prorations',
        })
        await stage.on('2026-11-06')
        await stage.recognize('2026-10')
        await stage.on('2026-12-03')
        await stage.recognize('2026-11')
      },
      // October: 27.00 − 17.00 + 34.00, though the change is billed on 5 November. November: 4 days at 2.00, and 26 of 30 days
      // of 62.00 (53.73).
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 814 31.00 = 31.00 USD · Dr 111 31.00, Cr 212 31.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 31.00 USD · Dr 121 31.00, Cr 111 31.00 · settles in_1 31.00 · open 0.00',
        'invoice in_2 (Invoice) · 2026-11-05 · Nov 2026 · 814 62.00 + 814 -21.00 + 814 42.00 = 83.00 USD · Dr 111 83.00, Cr 212 104.00, Dr 212 21.00 · open 0.00',
        'customerPayment inpay_2 (Payment) · 2026-11-05 · Nov 2026 · 83.00 USD · Dr 121 83.00, Cr 111 83.00 · settles in_2 83.00 · open 0.00',
        'journalEntry revrec-1-USD-2026-10-1 (Revenue recognized) · 2026-10-31 · Oct 2026 · 44.00 USD · Dr 212 44.00, Cr 411 44.00',
        'journalEntry revrec-1-USD-2026-11-1 (Revenue recognized) · 2026-11-30 · Nov 2026 · 61.73 USD · Dr 212 61.73, Cr 411 61.73',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 31.00 + 0.00 tax USD · Committed',
        'SalesInvoice in_2 · 2026-11-05 · 83.00 + 0.00 tax USD · Committed',
      ],
    },
    {
      number: 905,
      title:
        'Onboarding of 500.00 is delivered at once; the plan beside it over its quarter: an account each',
      settings: JOURNALS,
      // November was not asked for.
      close: ['2026-11 deferred not-journaled'],
      async happens(stage) {
        await stage.bill(await stage.customer(), [
          { unit: 9_200, service: ['2026-10-01', '2027-01-01'] },
          { unit: 50_000, product: 'prod_onboarding' },
        ])
        await stage.on('2026-11-03')
        await stage.recognize('2026-10')
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 814 92.00 + 814 500.00 = 592.00 USD · Dr 111 592.00, Cr 212 592.00 · open 592.00',
        'journalEntry revrec-1-USD-2026-10-1 (Revenue recognized) · 2026-10-31 · Oct 2026 · 531.00 USD · Dr 212 531.00, Cr 411 31.00, Cr 413 500.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 592.00 + 0.00 tax USD · Committed'],
      balances: ['111 592.00 USD', '212 -61.00 USD', '411 -31.00 USD', '413 -500.00 USD'],
    },
    {
      number: 906,
      title: 'Tax is no revenue: 9.75 % on top of the quarter leaves the schedule as it is',
      settings: JOURNALS,
      // November was not asked for.
      close: ['2026-11 deferred not-journaled'],
      async happens(stage) {
        const customer = await stage.customer({ address: LOS_ANGELES })
        await stage.bill(customer, [{ unit: 9_200, service: ['2026-10-01', '2027-01-01'] }])
        await stage.on('2026-11-03')
        await stage.recognize('2026-10')
      },
      // 92.00 at 6, 0.25, 1 and 2.5 %: 5.52, 0.23, 0.92 and 2.30.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 814 92.00 + 808 5.52 + 808 0.23 + 808 0.92 + 808 2.30 = 100.97 USD · Dr 111 100.97, Cr 212 92.00, Cr 211 8.97 · open 100.97',
        OCTOBER,
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 92.00 + 8.97 tax USD · Committed'],
      balances: ['111 100.97 USD', '211 -8.97 USD', '212 -61.00 USD', '411 -31.00 USD'],
    },
    {
      number: 907,
      title: 'October is closed before it was journaled: its 31.00 come with November’s 30.00',
      settings: JOURNALS,
      async happens(stage) {
        await sellQuarter(stage)
        await stage.on('2026-11-02')
        stage.period('close', '2026-10')
        await stage.on('2026-12-03')
        await stage.recognize('2026-11')
      },
      netsuite: [
        `${QUARTER} · open 92.00`,
        'journalEntry revrec-1-USD-2026-11-1 (Revenue recognized) · 2026-11-30 · Nov 2026 · 61.00 USD · Dr 212 61.00, Cr 411 61.00',
      ],
      avatax: [`${QUARTER_SOLD} · Committed`],
      balances: ['111 92.00 USD', '212 -31.00 USD', '411 -61.00 USD'],
    },
    {
      number: 908,
      title: '92,001 yen for the quarter: whole yen, and nothing is lost',
      settings: JOURNALS,
      async happens(stage) {
        await stage.bill(await stage.customer(), [{ unit: 92_001, service: ['2026-10-01', '2027-01-01'] }], {
          currency: 'jpy',
        })
        for (const [date, month] of [
          ['2026-11-03', '2026-10'],
          ['2026-12-03', '2026-11'],
          ['2027-01-04', '2026-12'],
        ] as const) {
          await stage.on(date)
          await stage.recognize(month)
        }
      },
      // 92,001 × 31 ÷ 92 = 31,000.3; × 61 ÷ 92 = 61,000.7. In dollars at 0.0067: 616.41, 207.70, 201.01 and 207.70.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 814 92001 = 92001 JPY · Dr 114 616.41 USD, Cr 212 616.41 USD · open 92001',
        'journalEntry revrec-1-JPY-2026-10-1 (Revenue recognized) · 2026-10-31 · Oct 2026 · 31000 JPY · Dr 212 207.70 USD, Cr 411 207.70 USD',
        'journalEntry revrec-1-JPY-2026-11-1 (Revenue recognized) · 2026-11-30 · Nov 2026 · 30001 JPY · Dr 212 201.01 USD, Cr 411 201.01 USD',
        'journalEntry revrec-1-JPY-2026-12-1 (Revenue recognized) · 2026-12-31 · Dec 2026 · 31000 JPY · Dr 212 207.70 USD, Cr 411 207.70 USD',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 92001 + 0 tax JPY · Committed'],
      balances: ['114 616.41 USD', '411 -616.41 USD'],
    },
    {
      number: 909,
      title:
        'By the dates on the lines: invoice and credit memo carry first and last day, nothing is journaled',
      settings: { netsuite: { revenue: { mode: 'dates-on-lines' } } },
      async happens(stage) {
        const lines = [{ unit: 9_200, service: ['2026-10-01', '2027-01-01'] as const }]
        const invoice = await stage.bill(await stage.customer(), lines)
        await stage.on('2026-11-05')
        const line = await stage.lineOf(invoice)
        await stage.credit({
          invoice,
          lines: [{ type: 'invoice_line_item', invoice_line_item: line, amount: 4_600 }],
        })
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 92.00 [2026-10-01…2026-12-31] = 92.00 USD · Dr 111 92.00, Cr 411 92.00 · open 46.00',
        'creditMemo cn_1 (Credit note) · 2026-11-05 · Nov 2026 · 801 46.00 [2026-10-01…2026-12-31] = 46.00 USD · Cr 111 46.00, Dr 411 46.00 · settles in_1 46.00 · open 0.00',
      ],
      avatax: [
        `${QUARTER_SOLD} · Committed`,
        'ReturnInvoice cn_1 · 2026-11-05 · -46.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
    },
  ],
}
