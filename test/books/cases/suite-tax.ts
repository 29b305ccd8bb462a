// The same tax where NetSuite has SuiteTax: no item line for it, but details of each line, which the hub overrides.
import type { BooksCase } from '../case.ts'
import type { Settings } from '../settings.ts'
import type { Stage } from '../stage.ts'

const SUITETAX: Settings = { netsuite: { tax: { mode: 'suitetax', taxCode: '1', taxType: '1' } } }
/** 6.5 % Washington and 3.85 % Seattle: 6.50 and 3.85 of 100.00, 1.30 and 0.77 of 20.00. */
const SEATTLE = { line1: '600 4th Ave', city: 'Seattle', state: 'WA', postal_code: '98104', country: 'US' }
const SEATTLE_BOOKS =
  'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 806 20.00 + tax 6.50 at 6.5 % + tax 3.85 at 3.85 % + tax 1.30 at 6.5 % + tax 0.77 at 3.85 % = 132.42 USD · Dr 111 132.42, Cr 411 100.00, Cr 413 20.00, Cr 211 12.42'
const SEATTLE_SALE = 'SalesInvoice in_1 · 2026-10-05 · 120.00 + 12.42 tax USD · Committed'
const SEATTLE_TAXES = ['in_1 State WASHINGTON 7.80', 'in_1 City SEATTLE 4.62']
const SEATTLE_NOTE =
  'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 806 20.00 + tax 1.30 at 6.5 % + tax 0.77 at 3.85 % = 22.07 USD · Cr 111 22.07, Dr 413 20.00, Dr 211 2.07 · settles in_1 22.07 · open 0.00'
const SEATTLE_RETURN =
  'ReturnInvoice cn_1 · 2026-10-12 · -20.00 + -2.07 tax USD · Committed · tax date 2026-10-05'

/** Two products, payable in 30 days. @returns the invoice's id. */
const inSeattle = async (stage: Stage): Promise<string> =>
  stage.bill(await stage.customer({ address: SEATTLE }), [
    { unit: 10_000 },
    { unit: 2_000, product: 'prod_onboarding' },
  ])

/** On 12 October, with its tax. */
async function creditSecondLine(stage: Stage, invoice: string): Promise<void> {
  await stage.on('2026-10-12')
  const line = await stage.lineOf(invoice, 1)
  await stage.credit({
    invoice,
    lines: [{ type: 'invoice_line_item', invoice_line_item: line, amount: 2_000 }],
  })
}

export const suiteTax: BooksCase[] = [
  {
    number: 824,
    title: 'SuiteTax: 100.00 and 20.00 in Seattle, each line with its tax of two jurisdictions',
    settings: SUITETAX,
    async happens(stage) {
      await inSeattle(stage)
    },
    netsuite: [`${SEATTLE_BOOKS} · open 132.42`],
    avatax: [SEATTLE_SALE],
    jurisdictions: SEATTLE_TAXES,
  },
  {
    number: 825,
    title: 'SuiteTax: the second line is credited, with its own tax of both jurisdictions',
    settings: SUITETAX,
    async happens(stage) {
      await creditSecondLine(stage, await inSeattle(stage))
    },
    netsuite: [`${SEATTLE_BOOKS} · open 110.35`, SEATTLE_NOTE],
    avatax: [SEATTLE_SALE, SEATTLE_RETURN],
    jurisdictions: [...SEATTLE_TAXES, 'cn_1 State WASHINGTON -1.30', 'cn_1 City SEATTLE -0.77'],
    balances: ['111 110.35 USD', '211 -10.35 USD', '411 -100.00 USD'],
  },
  {
    number: 826,
    title: 'SuiteTax: voided in November, every line with its tax is taken back on that day',
    settings: SUITETAX,
    async happens(stage) {
      const invoice = await inSeattle(stage)
      await stage.on('2026-11-03')
      await stage.stripe.invoices.voidInvoice(invoice)
    },
    netsuite: [
      `${SEATTLE_BOOKS} · open 0.00`,
      'creditMemo in_1-void (Void) · 2026-11-03 · Nov 2026 · 801 100.00 + 806 20.00 + tax 6.50 at 6.5 % + tax 3.85 at 3.85 % + tax 1.30 at 6.5 % + tax 0.77 at 3.85 % = 132.42 USD · Cr 111 132.42, Dr 411 100.00, Dr 413 20.00, Dr 211 12.42 · settles in_1 132.42 · open 0.00',
    ],
    avatax: ['SalesInvoice in_1 · 2026-10-05 · 120.00 + 12.42 tax USD · Cancelled'],
    balances: [],
  },
  {
    number: 827,
    title: 'SuiteTax: voided after the second line was credited, the void takes back the first',
    settings: SUITETAX,
    async happens(stage) {
      const invoice = await inSeattle(stage)
      await creditSecondLine(stage, invoice)
      await stage.on('2026-10-20')
      await stage.stripe.invoices.voidInvoice(invoice)
    },
    netsuite: [
      `${SEATTLE_BOOKS} · open 0.00`,
      SEATTLE_NOTE,
      'creditMemo in_1-void (Void) · 2026-10-20 · Oct 2026 · 801 100.00 + tax 6.50 at 6.5 % + tax 3.85 at 3.85 % = 110.35 USD · Cr 111 110.35, Dr 411 100.00, Dr 211 10.35 · settles in_1 110.35 · open 0.00',
    ],
    avatax: [
      SEATTLE_SALE,
      SEATTLE_RETURN,
      'ReturnInvoice in_1-void · 2026-10-20 · -100.00 + -10.35 tax USD · Committed · tax date 2026-10-05',
    ],
    balances: [],
  },
]
