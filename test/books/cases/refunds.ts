// Money that goes back: explained by a credit note, or by a rule of the company, and what the bank sends back.

import type Stripe from 'stripe'
import { BERLIN, LOS_ANGELES } from '../addresses.ts'
import type { Family } from '../case.ts'
import type { Settings } from '../settings.ts'
import type { Stage } from '../stage.ts'

const INVOICE =
  'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 0.00'
const PAYMENT =
  'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00'
const SOLD = 'SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax USD · Committed'
const TAXED = 'SalesInvoice in_1 · 2026-10-05 · 100.00 + 9.75 tax USD · Committed'
const TAXED_SALE = [
  'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 6.00 + 808 0.25 + 808 1.00 + 808 2.50 = 109.75 USD · Dr 111 109.75, Cr 411 100.00, Cr 211 9.75 · open 0.00',
  'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 109.75 USD · Dr 121 109.75, Cr 111 109.75 · settles in_1 109.75 · open 0.00',
]

/** 100.00 before tax, paid by card at once; it is 12 October then. */
async function paid(
  stage: Stage,
  address?: typeof LOS_ANGELES,
): Promise<{ customer: string; invoice: string }> {
  const customer = await stage.customer(address && { address })
  const invoice = await stage.bill(customer, 10_000)
  await stage.pay(invoice)
  await stage.on('2026-10-12')
  return { customer, invoice }
}

/** Made in the dashboard, without a credit note. @returns its id. */
async function refund(stage: Stage, customer: string, amount?: number): Promise<string> {
  const { id } = await stage.stripe.refunds.create({
    charge: await stage.chargeOf(customer),
    ...(amount !== undefined && { amount }),
  })
  await stage.work()
  return id
}

const TAX_BACK: Settings = {
  netsuite: { refundsWithoutCreditNote: 'revenue-and-tax' },
  avalara: { refundsWithoutCreditNote: { policy: 'return', since: '2026-10-01' } },
}
/** 21.95 of 109.75: a fifth of 100.00 and of 6.00, 0.25, 1.00 and 2.50. */
const A_FIFTH_BACK = [
  'creditMemo re_1-alone (Refund without a credit note) · 2026-10-12 · Oct 2026 · 801 20.00 + 808 1.20 + 808 0.05 + 808 0.20 + 808 0.50 = 21.95 USD · Cr 111 21.95, Dr 411 20.00, Dr 211 1.95 · open 0.00',
  'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 21.95 USD · Cr 121 21.95, Dr 111 21.95 · settles re_1-alone 21.95',
]
const RETURNED_ALONE =
  'ReturnInvoice re_1 · 2026-10-12 · -20.00 + -1.95 tax USD · Committed · tax date 2026-10-05'

/** A credit note over 100.00 of one line, all of it refunded. */
const inFull = async (stage: Stage, invoice: string): Promise<Stripe.CreditNoteCreateParams> => ({
  invoice,
  lines: [{ type: 'invoice_line_item', invoice_line_item: await stage.lineOf(invoice), amount: 10_000 }],
  refund_amount: 10_000,
})

const creditInFull = async (stage: Stage, invoice: string) => stage.credit(await inFull(stage, invoice))

const newestRefund = async (stage: Stage): Promise<string> =>
  (await stage.stripe.refunds.list({ limit: 1 })).data[0]?.id ?? ''

/** The bank does not take the newest refund. */
async function sendBack(stage: Stage): Promise<void> {
  stage.control.failRefund(await newestRefund(stage))
  await stage.work()
}

const CREDITED =
  'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · open 0.00'
const REFUNDED =
  'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 100.00 USD · Cr 121 100.00, Dr 111 100.00 · settles cn_1 100.00'
const SENT_BACK =
  'customerPayment re_1-failed (Failed refund) · 2026-11-03 · Nov 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00'
const RETURNED = 'ReturnInvoice cn_1 · 2026-10-12 · -100.00 + 0.00 tax USD · Committed · tax date 2026-10-05'

export const refunds: Family = {
  title: 'Refunds',
  about:
    'A customer refund pays out the memo of the credit note that names it. NetSuite refunds nothing without one: what no credit note explains goes by the rule of the company (park, goodwill, revenue-and-tax).',
  cases: [
    {
      number: 401,
      title: 'Without a credit note, by the rule "park": it waits for the credit note',
      close: [
        '2026-10 posted not-posted',
        '2026-10 clearing clearing-missing',
        '2026-10 troubles NS-REFUND-ALONE',
        '2026-11 clearing opening-differs',
        '2026-11 troubles NS-REFUND-ALONE',
      ],
      async happens(stage) {
        const { customer } = await paid(stage)
        await refund(stage, customer)
      },
      netsuite: [INVOICE, PAYMENT],
      avatax: [SOLD],
      parked: ['netsuite refund re_1 NS-REFUND-ALONE'],
    },
    {
      number: 402,
      title: 'A credit note of the next month names it: memo of that day, refund of its own day',
      async happens(stage) {
        const { customer, invoice } = await paid(stage)
        const id = await refund(stage, customer)
        await stage.on('2026-11-03')
        await stage.credit({
          invoice,
          lines: [
            { type: 'invoice_line_item', invoice_line_item: await stage.lineOf(invoice), amount: 10_000 },
          ],
          refunds: [{ refund: id, amount_refunded: 10_000 }],
        })
      },
      netsuite: [
        INVOICE,
        PAYMENT,
        'creditMemo cn_1 (Credit note) · 2026-11-03 · Nov 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 100.00 USD · Cr 121 100.00, Dr 111 100.00 · settles cn_1 100.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-11-03 · -100.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: [],
    },
    {
      number: 403,
      title: 'One credit note explains two refunds',
      async happens(stage) {
        const { customer, invoice } = await paid(stage)
        const first = await refund(stage, customer, 3_000)
        const second = await refund(stage, customer, 2_000)
        await stage.credit({
          invoice,
          lines: [
            { type: 'invoice_line_item', invoice_line_item: await stage.lineOf(invoice), amount: 5_000 },
          ],
          refunds: [
            { refund: first, amount_refunded: 3_000 },
            { refund: second, amount_refunded: 2_000 },
          ],
        })
      },
      netsuite: [
        INVOICE,
        PAYMENT,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 50.00 = 50.00 USD · Cr 111 50.00, Dr 411 50.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 30.00 USD · Cr 121 30.00, Dr 111 30.00 · settles cn_1 30.00',
        'customerRefund re_2 (Refund) · 2026-10-12 · Oct 2026 · 20.00 USD · Cr 121 20.00, Dr 111 20.00 · settles cn_1 20.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -50.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
    },
    {
      number: 404,
      title: 'By the rule "goodwill": an expense, revenue and tax stay as they were sold',
      settings: { netsuite: { refundsWithoutCreditNote: 'goodwill' } },
      async happens(stage) {
        const { customer } = await paid(stage, LOS_ANGELES)
        await refund(stage, customer, 2_000)
      },
      netsuite: [
        ...TAXED_SALE,
        'creditMemo re_1-alone (Refund without a credit note) · 2026-10-12 · Oct 2026 · 811 20.00 = 20.00 USD · Cr 111 20.00, Dr 614 20.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 20.00 USD · Cr 121 20.00, Dr 111 20.00 · settles re_1-alone 20.00',
      ],
      avatax: [TAXED],
      balances: ['121 89.75 USD', '211 -9.75 USD', '411 -100.00 USD', '614 20.00 USD'],
    },
    {
      number: 405,
      title: 'By the rule "revenue-and-tax": a fifth of the sale and of each tax',
      settings: TAX_BACK,
      async happens(stage) {
        const { customer } = await paid(stage, LOS_ANGELES)
        await refund(stage, customer, 2_195)
      },
      netsuite: [...TAXED_SALE, ...A_FIFTH_BACK],
      avatax: [TAXED, RETURNED_ALONE],
      balances: ['121 87.80 USD', '211 -7.80 USD', '411 -80.00 USD'],
    },
    {
      number: 406,
      title: 'The rule is changed to "goodwill" while a refund waits: replayed, it follows the new one',
      async happens(stage) {
        const { customer } = await paid(stage)
        const id = await refund(stage, customer, 4_000)
        await stage.on('2026-10-20')
        stage.deploy({ netsuite: { refundsWithoutCreditNote: 'goodwill' } })
        await stage.replay('netsuite', { type: 'refund', id })
      },
      netsuite: [
        INVOICE,
        PAYMENT,
        'creditMemo re_1-alone (Refund without a credit note) · 2026-10-12 · Oct 2026 · 811 40.00 = 40.00 USD · Cr 111 40.00, Dr 614 40.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 40.00 USD · Cr 121 40.00, Dr 111 40.00 · settles re_1-alone 40.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 407,
      title:
        'The bank sends a refund back in November: the money is in clearing again, and owed to the customer',
      async happens(stage) {
        const { invoice } = await paid(stage)
        await stage.credit({
          invoice,
          lines: [
            { type: 'invoice_line_item', invoice_line_item: await stage.lineOf(invoice), amount: 10_000 },
          ],
          refund_amount: 10_000,
        })
        await stage.on('2026-11-03')
        const [refunded] = stage.control.store.refunds.all()
        stage.control.failRefund(refunded?.id ?? '')
      },
      netsuite: [
        INVOICE,
        PAYMENT,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 100.00 USD · Cr 121 100.00, Dr 111 100.00 · settles cn_1 100.00',
        'customerPayment re_1-failed (Failed refund) · 2026-11-03 · Nov 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · open 100.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -100.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['111 -100.00 USD', '121 100.00 USD'],
    },
    {
      number: 408,
      title: 'A goodwill refund that the bank sends back: goodwill stays spent, the customer is owed it',
      settings: { netsuite: { refundsWithoutCreditNote: 'goodwill' } },
      async happens(stage) {
        const { customer } = await paid(stage)
        const id = await refund(stage, customer, 2_000)
        await stage.on('2026-10-20')
        stage.control.failRefund(id)
      },
      netsuite: [
        INVOICE,
        PAYMENT,
        'creditMemo re_1-alone (Refund without a credit note) · 2026-10-12 · Oct 2026 · 811 20.00 = 20.00 USD · Cr 111 20.00, Dr 614 20.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 20.00 USD · Cr 121 20.00, Dr 111 20.00 · settles re_1-alone 20.00',
        'customerPayment re_1-failed (Failed refund) · 2026-10-20 · Oct 2026 · 20.00 USD · Dr 121 20.00, Cr 111 20.00 · open 20.00',
      ],
      avatax: [SOLD],
      balances: ['111 -20.00 USD', '121 100.00 USD', '411 -100.00 USD', '614 20.00 USD'],
    },
    {
      number: 409,
      title: 'Berlin: a third of 119.00 refunded with a credit note, in euros',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer({ address: BERLIN }), 10_000, {
          currency: 'eur',
        })
        await stage.pay(invoice)
        await stage.on('2026-10-12')
        await stage.credit({
          invoice,
          lines: [
            { type: 'invoice_line_item', invoice_line_item: await stage.lineOf(invoice), amount: 3_000 },
          ],
          refund_amount: 3_570,
        })
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 19.00 = 119.00 EUR · Dr 112 119.00, Cr 411 100.00, Cr 211 19.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 119.00 EUR · Dr 122 119.00, Cr 112 119.00 · settles in_1 119.00 · open 0.00',
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 30.00 + 808 5.70 = 35.70 EUR · Cr 112 35.70, Dr 411 30.00, Dr 211 5.70 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 35.70 EUR · Cr 122 35.70, Dr 112 35.70 · settles cn_1 35.70',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 100.00 + 19.00 tax EUR · Committed',
        'ReturnInvoice cn_1 · 2026-10-12 · -30.00 + -5.70 tax EUR · Committed · tax date 2026-10-05',
      ],
    },
    {
      number: 410,
      title:
        'Euros settled in dollars: the refund of 19.00 leaves clearing at the rate of its own day, 1.0950',
      async happens(stage) {
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0871' })
        const customer = await stage.customer({ metadata: { netsuite_subsidiary: 'us' } })
        const invoice = await stage.bill(customer, 11_900, { currency: 'eur' })
        await stage.pay(invoice)
        await stage.on('2026-10-12')
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0950' })
        await stage.credit({
          invoice,
          lines: [
            { type: 'invoice_line_item', invoice_line_item: await stage.lineOf(invoice), amount: 1_900 },
          ],
          refund_amount: 1_900,
        })
      },
      // 119.00 at 1.08 is 128.52, at 1.0871 129.36: 0.84 gained. 19.00 at 1.08 is 20.52, at 1.0950 20.81 (20.805): 0.29 lost.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 119.00 = 119.00 EUR · Dr 112 128.52 USD, Cr 411 128.52 USD · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 119.00 EUR · Dr 121 129.36 USD, Cr 112 129.36 USD · settles in_1 119.00 · open 0.00',
        'fxReval by NetSuite · 2026-10-05 · Oct 2026 · 0.84 USD · Dr 112 0.84, Cr 711 0.84',
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 19.00 = 19.00 EUR · Cr 112 20.52 USD, Dr 411 20.52 USD · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 19.00 EUR · Cr 121 20.81 USD, Dr 112 20.81 USD · settles cn_1 19.00',
        'fxReval by NetSuite · 2026-10-12 · Oct 2026 · 0.29 USD · Cr 112 0.29, Dr 711 0.29',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 119.00 + 0.00 tax EUR · Committed',
        'ReturnInvoice cn_1 · 2026-10-12 · -19.00 + 0.00 tax EUR · Committed · tax date 2026-10-05',
      ],
      balances: ['121 108.55 USD', '411 -108.00 USD', '711 -0.55 USD'],
    },
    {
      number: 411,
      title:
        'Sent back by the bank, and made again in Stripe: the second refund pays what the failure reopened',
      async happens(stage) {
        const { customer, invoice } = await paid(stage)
        await creditInFull(stage, invoice)
        await stage.on('2026-11-03')
        await sendBack(stage)
        await stage.on('2026-11-10')
        await refund(stage, customer)
      },
      netsuite: [
        INVOICE,
        PAYMENT,
        CREDITED,
        REFUNDED,
        `${SENT_BACK} · open 0.00`,
        'customerRefund re_2 (Refund) · 2026-11-10 · Nov 2026 · 100.00 USD · Cr 121 100.00, Dr 111 100.00 · settles re_1-failed 100.00',
      ],
      avatax: [SOLD, RETURNED],
      balances: [],
    },
    {
      number: 412,
      title: 'The second fails as well: the third pays what the second left',
      async happens(stage) {
        const { customer, invoice } = await paid(stage)
        await creditInFull(stage, invoice)
        await stage.on('2026-11-03')
        await sendBack(stage)
        await stage.on('2026-11-10')
        await refund(stage, customer)
        await stage.on('2026-11-17')
        await sendBack(stage)
        await stage.on('2026-11-24')
        await refund(stage, customer)
      },
      netsuite: [
        INVOICE,
        PAYMENT,
        CREDITED,
        REFUNDED,
        `${SENT_BACK} · open 0.00`,
        'customerRefund re_2 (Refund) · 2026-11-10 · Nov 2026 · 100.00 USD · Cr 121 100.00, Dr 111 100.00 · settles re_1-failed 100.00',
        'customerPayment re_2-failed (Failed refund) · 2026-11-17 · Nov 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · open 0.00',
        'customerRefund re_3 (Refund) · 2026-11-24 · Nov 2026 · 100.00 USD · Cr 121 100.00, Dr 111 100.00 · settles re_2-failed 100.00',
      ],
      avatax: [SOLD, RETURNED],
      balances: [],
    },
    {
      number: 413,
      title: 'Made again before the failure is in the books: it waits for that',
      async happens(stage) {
        const { customer, invoice } = await paid(stage)
        await creditInFull(stage, invoice)
        await stage.on('2026-11-03')
        stage.control.failRefund(await newestRefund(stage))
        stage.clock.advance(1_000)
        await refund(stage, customer)
        await stage.play(1)
      },
      netsuite: [
        INVOICE,
        PAYMENT,
        CREDITED,
        REFUNDED,
        `${SENT_BACK} · open 0.00`,
        'customerRefund re_2 (Refund) · 2026-11-03 · Nov 2026 · 100.00 USD · Cr 121 100.00, Dr 111 100.00 · settles re_1-failed 100.00',
      ],
      avatax: [SOLD, RETURNED],
      balances: [],
    },
    {
      number: 414,
      title: 'The first failed before anybody had posted it: the second pays the credit note itself',
      async happens(stage) {
        const { customer, invoice } = await paid(stage)
        await stage.stripe.creditNotes.create(await inFull(stage, invoice))
        stage.control.failRefund(await newestRefund(stage))
        await stage.work()
        await stage.on('2026-10-19')
        await refund(stage, customer)
      },
      netsuite: [
        INVOICE,
        PAYMENT,
        CREDITED,
        'customerRefund re_2 (Refund) · 2026-10-19 · Oct 2026 · 100.00 USD · Cr 121 100.00, Dr 111 100.00 · settles cn_1 100.00',
      ],
      avatax: [SOLD, RETURNED],
      balances: [],
    },
    {
      number: 415,
      title: 'Made again in two parts, and 10.00 more, which are goodwill',
      settings: { netsuite: { refundsWithoutCreditNote: 'goodwill' } },
      async happens(stage) {
        const { customer, invoice } = await paid(stage)
        await stage.credit({
          invoice,
          lines: [
            { type: 'invoice_line_item', invoice_line_item: await stage.lineOf(invoice), amount: 5_000 },
          ],
          refund_amount: 5_000,
        })
        await stage.on('2026-10-19')
        await sendBack(stage)
        await stage.on('2026-10-20')
        await refund(stage, customer, 2_000)
        await stage.on('2026-10-21')
        await refund(stage, customer, 4_000)
      },
      netsuite: [
        INVOICE,
        PAYMENT,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 50.00 = 50.00 USD · Cr 111 50.00, Dr 411 50.00 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 50.00 USD · Cr 121 50.00, Dr 111 50.00 · settles cn_1 50.00',
        'customerPayment re_1-failed (Failed refund) · 2026-10-19 · Oct 2026 · 50.00 USD · Dr 121 50.00, Cr 111 50.00 · open 0.00',
        'customerRefund re_2 (Refund) · 2026-10-20 · Oct 2026 · 20.00 USD · Cr 121 20.00, Dr 111 20.00 · settles re_1-failed 20.00',
        'creditMemo re_3-alone (Refund without a credit note) · 2026-10-21 · Oct 2026 · 811 10.00 = 10.00 USD · Cr 111 10.00, Dr 614 10.00 · open 0.00',
        'customerRefund re_3 (Refund) · 2026-10-21 · Oct 2026 · 40.00 USD · Cr 121 40.00, Dr 111 40.00 · settles re_1-failed 30.00 and re_3-alone 10.00',
      ],
      avatax: [
        SOLD,
        'ReturnInvoice cn_1 · 2026-10-12 · -50.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['121 40.00 USD', '411 -50.00 USD', '614 10.00 USD'],
    },
    {
      number: 416,
      title: 'By the rule "revenue-and-tax", sent back by the bank and made again: taken back once',
      settings: TAX_BACK,
      async happens(stage) {
        const { customer } = await paid(stage, LOS_ANGELES)
        await refund(stage, customer, 2_195)
        await stage.on('2026-10-19')
        await sendBack(stage)
        await stage.on('2026-11-03')
        await refund(stage, customer, 2_195)
      },
      netsuite: [
        ...TAXED_SALE,
        ...A_FIFTH_BACK,
        'customerPayment re_1-failed (Failed refund) · 2026-10-19 · Oct 2026 · 21.95 USD · Dr 121 21.95, Cr 111 21.95 · open 0.00',
        'customerRefund re_2 (Refund) · 2026-11-03 · Nov 2026 · 21.95 USD · Cr 121 21.95, Dr 111 21.95 · settles re_1-failed 21.95',
      ],
      avatax: [TAXED, RETURNED_ALONE],
      balances: ['121 87.80 USD', '211 -7.80 USD', '411 -80.00 USD'],
    },
    {
      number: 417,
      title:
        'By the rule "revenue-and-tax", and a credit note names it after that: AvaTax takes its return back, the books wait for a person',
      settings: TAX_BACK,
      async happens(stage) {
        const { customer, invoice } = await paid(stage, LOS_ANGELES)
        const id = await refund(stage, customer, 2_195)
        await stage.credit({
          invoice,
          lines: [
            { type: 'invoice_line_item', invoice_line_item: await stage.lineOf(invoice), amount: 2_000 },
          ],
          refunds: [{ refund: id, amount_refunded: 2_195 }],
        })
      },
      netsuite: [
        ...TAXED_SALE,
        ...A_FIFTH_BACK,
        'creditMemo cn_1 (Credit note) · 2026-10-12 · Oct 2026 · 801 20.00 + 808 1.20 + 808 0.05 + 808 0.20 + 808 0.50 = 21.95 USD · Cr 111 21.95, Dr 411 20.00, Dr 211 1.95 · open 21.95',
      ],
      avatax: [
        TAXED,
        'ReturnInvoice re_1 · 2026-10-12 · -20.00 + -1.95 tax USD · Cancelled · tax date 2026-10-05',
        'ReturnInvoice cn_1 · 2026-10-12 · -20.00 + -1.95 tax USD · Committed · tax date 2026-10-05',
      ],
      parked: ['netsuite refund re_1 NS-REFUND-TWICE'],
      close: [
        '2026-10 tax tax-differs-in-books',
        '2026-10 troubles NS-REFUND-TWICE',
        '2026-11 troubles NS-REFUND-TWICE',
      ],
    },
    {
      number: 418,
      title:
        'By the rule "revenue-and-tax", of a sale that was recorded as included: the return takes its part of the 9.75',
      settings: {
        netsuite: TAX_BACK.netsuite,
        avalara: {
          ...TAX_BACK.avalara,
          neverDraft: { policy: 'record-as-included', since: '2026-10-01' },
        },
      },
      async happens(stage) {
        const customer = await stage.customer({ address: LOS_ANGELES })
        const price = await stage.price(10_975)
        await stage.stripe.subscriptions.create({ customer, items: [{ price }] })
        await stage.on('2026-10-12')
        await refund(stage, customer, 2_195)
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 109.75 [2026-10-05…2026-11-04] = 109.75 USD · Dr 111 109.75, Cr 411 109.75 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 109.75 USD · Dr 121 109.75, Cr 111 109.75 · settles in_1 109.75 · open 0.00',
        'creditMemo re_1-alone (Refund without a credit note) · 2026-10-12 · Oct 2026 · 801 21.95 [2026-10-05…2026-11-04] = 21.95 USD · Cr 111 21.95, Dr 411 21.95 · open 0.00',
        'customerRefund re_1 (Refund) · 2026-10-12 · Oct 2026 · 21.95 USD · Cr 121 21.95, Dr 111 21.95 · settles re_1-alone 21.95',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 100.00 + 9.75 tax USD · Committed · FINALIZED_UNTAXED TAX_INCLUDED',
        RETURNED_ALONE,
      ],
    },
  ],
}
