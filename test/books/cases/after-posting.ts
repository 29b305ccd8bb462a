// What happens to an invoice after it was posted: the document never changes, a new one of its own day does.

import { LONDON, LOS_ANGELES } from '../addresses.ts'
import type { Family } from '../case.ts'
import type { Stage } from '../stage.ts'

const INVOICE =
  'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00'
const SOLD = 'SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax USD'

/** 100.00, open. @returns the invoice's id. */
const open = async (stage: Stage): Promise<string> => stage.bill(await stage.customer(), 10_000)

export const afterPosting: Family = {
  title: 'Life after posting',
  about:
    'A void reverses the lines, a write-off takes what is open to bad debt, a closed month is left alone. No posted document is changed, deleted or mapped anew.',
  cases: [
    {
      number: 501,
      title: 'Voided in the next month',
      async happens(stage) {
        const invoice = await open(stage)
        await stage.on('2026-11-03')
        await stage.stripe.invoices.voidInvoice(invoice)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'creditMemo in_1-void (Void) · 2026-11-03 · Nov 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: [`${SOLD} · Cancelled`],
      balances: [],
    },
    {
      number: 502,
      title: 'Voided in Los Angeles: the tax goes with it',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer({ address: LOS_ANGELES }), 10_000)
        await stage.on('2026-10-08')
        await stage.stripe.invoices.voidInvoice(invoice)
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 6.00 + 808 0.25 + 808 1.00 + 808 2.50 = 109.75 USD · Dr 111 109.75, Cr 411 100.00, Cr 211 9.75 · open 0.00',
        'creditMemo in_1-void (Void) · 2026-10-08 · Oct 2026 · 801 100.00 + 808 6.00 + 808 0.25 + 808 1.00 + 808 2.50 = 109.75 USD · Cr 111 109.75, Dr 411 100.00, Dr 211 9.75 · settles in_1 109.75 · open 0.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 9.75 tax USD · Cancelled'],
      balances: [],
    },
    {
      number: 503,
      title: 'Paid in part, Stripe refuses the void: a credit note over the rest of 60.00 closes it',
      async happens(stage) {
        const invoice = await open(stage)
        stage.control.receiveTransfer(invoice, 4_000)
        await stage.on('2026-10-08')
        const refused = await stage.stripe.invoices.voidInvoice(invoice).then(
          () => false,
          () => true,
        )
        if (!refused) throw new Error('Stripe took the void of an invoice that has payments.')
        await stage.credit({
          invoice,
          lines: [
            { type: 'invoice_line_item', invoice_line_item: await stage.lineOf(invoice), amount: 6_000 },
          ],
        })
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'customerPayment inpay_2 (Payment) · 2026-10-05 · Oct 2026 · 40.00 USD · Dr 121 40.00, Cr 111 40.00 · settles in_1 40.00 · open 0.00',
        'creditMemo cn_1 (Credit note) · 2026-10-08 · Oct 2026 · 801 60.00 = 60.00 USD · Cr 111 60.00, Dr 411 60.00 · settles in_1 60.00 · open 0.00',
      ],
      avatax: [
        `${SOLD} · Committed`,
        'ReturnInvoice cn_1 · 2026-10-08 · -60.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: ['121 40.00 USD', '411 -40.00 USD'],
    },
    {
      number: 504,
      title: 'Voided after 25.00 had been credited: the void is over the rest',
      async happens(stage) {
        const invoice = await open(stage)
        await stage.credit({
          invoice,
          lines: [
            { type: 'invoice_line_item', invoice_line_item: await stage.lineOf(invoice), amount: 2_500 },
          ],
        })
        await stage.on('2026-10-08')
        await stage.stripe.invoices.voidInvoice(invoice)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'creditMemo cn_1 (Credit note) · 2026-10-05 · Oct 2026 · 801 25.00 = 25.00 USD · Cr 111 25.00, Dr 411 25.00 · settles in_1 25.00 · open 0.00',
        'creditMemo in_1-void (Void) · 2026-10-08 · Oct 2026 · 801 75.00 = 75.00 USD · Cr 111 75.00, Dr 411 75.00 · settles in_1 75.00 · open 0.00',
      ],
      avatax: [
        `${SOLD} · Committed`,
        'ReturnInvoice cn_1 · 2026-10-05 · -25.00 + 0.00 tax USD · Committed',
        'ReturnInvoice in_1-void · 2026-10-08 · -75.00 + 0.00 tax USD · Committed · tax date 2026-10-05',
      ],
      balances: [],
    },
    {
      number: 505,
      title:
        'Voided after 30.00 of customer balance had paid a part: the balance has it again, the whole sale is reversed',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.stripe.customers.createBalanceTransaction(customer, { amount: -3_000, currency: 'usd' })
        const invoice = await stage.bill(customer, 10_000)
        await stage.on('2026-10-08')
        await stage.stripe.invoices.voidInvoice(invoice)
      },
      netsuite: [
        'journalEntry cbtxn_1 (Balance adjustment) · 2026-10-05 · Oct 2026 · 30.00 USD · Cr 213 30.00, Dr 614 30.00',
        `${INVOICE} · open 0.00`,
        'creditMemo in_1-balance (Customer balance applied) · 2026-10-05 · Oct 2026 · 812 30.00 = 30.00 USD · Cr 111 30.00, Dr 213 30.00 · settles in_1 30.00 · open 0.00',
        'journalEntry in_1-unapplied (Customer balance given back) · 2026-10-08 · Oct 2026 · 30.00 USD · Dr 111 30.00, Cr 213 30.00 · open 0.00',
        'creditMemo in_1-void (Void) · 2026-10-08 · Oct 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · settles in_1 70.00 and in_1-unapplied 30.00 · open 0.00',
      ],
      avatax: [`${SOLD} · Cancelled`],
      balances: ['213 -30.00 USD', '614 30.00 USD'],
    },
    {
      number: 506,
      title:
        'Voided with a debt of 20.00 on it: the debt goes back onto the balance, it is no part of the sale',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.stripe.customers.createBalanceTransaction(customer, { amount: 2_000, currency: 'usd' })
        const invoice = await stage.bill(customer, 10_000)
        await stage.on('2026-10-08')
        await stage.stripe.invoices.voidInvoice(invoice)
      },
      netsuite: [
        'journalEntry cbtxn_1 (Balance adjustment) · 2026-10-05 · Oct 2026 · 20.00 USD · Dr 213 20.00, Cr 614 20.00',
        `${INVOICE} · open 0.00`,
        'journalEntry in_1-owed (Debt from customer balance) · 2026-10-05 · Oct 2026 · 20.00 USD · Dr 111 20.00, Cr 213 20.00 · open 0.00',
        'creditMemo in_1-owed-void (Debt given back to customer balance) · 2026-10-08 · Oct 2026 · 812 20.00 = 20.00 USD · Cr 111 20.00, Dr 213 20.00 · settles in_1-owed 20.00 · open 0.00',
        'creditMemo in_1-void (Void) · 2026-10-08 · Oct 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: [`${SOLD} · Cancelled`],
      balances: ['213 20.00 USD', '614 -20.00 USD'],
    },
    {
      number: 507,
      title: 'Written off in Los Angeles: what is open, tax included; the tax authority is told nothing',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer({ address: LOS_ANGELES }), 10_000)
        await stage.on('2026-12-30')
        await stage.stripe.invoices.markUncollectible(invoice)
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 6.00 + 808 0.25 + 808 1.00 + 808 2.50 = 109.75 USD · Dr 111 109.75, Cr 411 100.00, Cr 211 9.75 · open 0.00',
        'creditMemo in_1-writeoff (Write-off) · 2026-12-30 · Dec 2026 · 810 109.75 = 109.75 USD · Cr 111 109.75, Dr 611 109.75 · settles in_1 109.75 · open 0.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 9.75 tax USD · Committed'],
      balances: ['211 -9.75 USD', '411 -100.00 USD', '611 109.75 USD'],
    },
    {
      number: 508,
      title: 'Written off after 40.00 had been paid: the rest of 60.00',
      async happens(stage) {
        const invoice = await open(stage)
        stage.control.receiveTransfer(invoice, 4_000)
        await stage.on('2026-11-30')
        await stage.stripe.invoices.markUncollectible(invoice)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'customerPayment inpay_2 (Payment) · 2026-10-05 · Oct 2026 · 40.00 USD · Dr 121 40.00, Cr 111 40.00 · settles in_1 40.00 · open 0.00',
        'creditMemo in_1-writeoff (Write-off) · 2026-11-30 · Nov 2026 · 810 60.00 = 60.00 USD · Cr 111 60.00, Dr 611 60.00 · settles in_1 60.00 · open 0.00',
      ],
      avatax: [`${SOLD} · Committed`],
    },
    {
      number: 509,
      title: 'Written off in October, the month is closed, paid in November: a recovery, October stays',
      async happens(stage) {
        const invoice = await open(stage)
        await stage.on('2026-10-30')
        await stage.stripe.invoices.markUncollectible(invoice)
        await stage.on('2026-11-05')
        stage.period('close', '2026-10')
        await stage.on('2026-11-20')
        await stage.pay(invoice)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'creditMemo in_1-writeoff (Write-off) · 2026-10-30 · Oct 2026 · 810 100.00 = 100.00 USD · Cr 111 100.00, Dr 611 100.00 · settles in_1 100.00 · open 0.00',
        'journalEntry inpay_1-recovery (Recovery) · 2026-11-20 · Nov 2026 · 100.00 USD · Dr 111 100.00, Cr 611 100.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-11-20 · Nov 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles inpay_1-recovery 100.00 · open 0.00',
      ],
      avatax: [`${SOLD} · Committed`],
      balances: ['121 100.00 USD', '411 -100.00 USD'],
    },
    {
      number: 510,
      title: 'Written off, then voided: the bad debt comes back, the sale is reversed',
      async happens(stage) {
        const invoice = await open(stage)
        await stage.on('2026-10-30')
        await stage.stripe.invoices.markUncollectible(invoice)
        await stage.on('2026-11-20')
        await stage.stripe.invoices.voidInvoice(invoice)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'creditMemo in_1-writeoff (Write-off) · 2026-10-30 · Oct 2026 · 810 100.00 = 100.00 USD · Cr 111 100.00, Dr 611 100.00 · settles in_1 100.00 · open 0.00',
        'journalEntry in_1-void-recovery (Recovery) · 2026-11-20 · Nov 2026 · 100.00 USD · Dr 111 100.00, Cr 611 100.00 · open 0.00',
        'creditMemo in_1-void (Void) · 2026-11-20 · Nov 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · settles in_1-void-recovery 100.00 · open 0.00',
      ],
      avatax: [`${SOLD} · Cancelled`],
      balances: [],
    },
    {
      number: 511,
      title: 'October is closed early: what is dated in it goes into November, and says so',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.on('2026-10-29')
        stage.period('close', '2026-10')
        await stage.on('2026-10-30')
        await stage.pay(await stage.bill(customer, 10_000))
      },
      netsuite: [
        'invoice in_1 (Invoice · posted to Nov 2026: Oct 2026 was closed) · 2026-10-30 · Nov 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 0.00',
        'customerPayment inpay_1 (Payment · posted to Nov 2026: Oct 2026 was closed) · 2026-10-30 · Nov 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-30 · 100.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 512,
      title: 'Reopened: the next document of October goes into October, the one in November stays there',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.on('2026-10-29')
        stage.period('close', '2026-10')
        await stage.on('2026-10-30')
        const invoice = await stage.bill(customer, 10_000)
        await stage.on('2026-10-31')
        stage.period('reopen', '2026-10')
        await stage.pay(invoice)
      },
      netsuite: [
        'invoice in_1 (Invoice · posted to Nov 2026: Oct 2026 was closed) · 2026-10-30 · Nov 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-31 · Oct 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-30 · 100.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 513,
      title:
        'The product is mapped to another item: what was posted stays, its void takes the item that was sold',
      async happens(stage) {
        const customer = await stage.customer()
        const first = await stage.bill(customer, 10_000)
        await stage.on('2026-10-08')
        stage.deploy({ netsuite: { items: { prod_team: '807' } } })
        await stage.bill(customer, 4_000)
        await stage.stripe.invoices.voidInvoice(first)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'invoice in_2 (Invoice) · 2026-10-08 · Oct 2026 · 807 40.00 = 40.00 USD · Dr 111 40.00, Cr 413 40.00 · open 40.00',
        'creditMemo in_1-void (Void) · 2026-10-08 · Oct 2026 · 801 100.00 = 100.00 USD · Cr 111 100.00, Dr 411 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: [`${SOLD} · Cancelled`, 'SalesInvoice in_2 · 2026-10-08 · 40.00 + 0.00 tax USD · Committed'],
      balances: ['111 40.00 USD', '413 -40.00 USD'],
    },
    {
      number: 514,
      title: 'A product without an item: the invoice waits, with its payment',
      close: [
        '2026-10 posted not-posted',
        '2026-10 posted not-posted',
        '2026-10 clearing clearing-missing',
        '2026-10 deferred sales-differ',
        '2026-10 troubles NS-ITEM',
        '2026-11 clearing opening-differs',
        '2026-11 troubles NS-ITEM',
      ],
      async happens(stage) {
        await stage.stripe.products.create({ id: 'prod_novelty', name: 'Novelty' })
        const customer = await stage.customer()
        await stage.pay(await stage.bill(customer, [{ unit: 10_000, product: 'prod_novelty' }]))
      },
      netsuite: [],
      avatax: [`${SOLD} · Committed`],
      parked: ['netsuite invoice in_1 NS-ITEM'],
    },
    {
      number: 515,
      title: 'The item is named in November, when October is closed: dated in October, posted into November',
      async happens(stage) {
        await stage.stripe.products.create({ id: 'prod_novelty', name: 'Novelty' })
        const customer = await stage.customer()
        await stage.pay(await stage.bill(customer, [{ unit: 10_000, product: 'prod_novelty' }]))
        await stage.on('2026-11-09')
        stage.period('close', '2026-10')
        await stage.on('2026-11-10')
        await stage.stripe.products.update('prod_novelty', { metadata: { netsuite_item: '803' } })
      },
      netsuite: [
        'invoice in_1 (Invoice · posted to Nov 2026: Oct 2026 was closed) · 2026-10-05 · Nov 2026 · 803 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 0.00',
        'customerPayment inpay_1 (Payment · posted to Nov 2026: Oct 2026 was closed) · 2026-10-05 · Nov 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: [`${SOLD} · Committed`],
    },
    {
      number: 516,
      title: 'No receivable account for pounds: it waits, and is posted by a replay once there is one',
      settings: {
        netsuite: {
          subsidiaries: {
            us: { id: '1', currency: 'USD', receivable: { USD: '111' } },
            eu: { id: '2', currency: 'EUR', receivable: { EUR: '112' } },
          },
        },
      },
      async happens(stage) {
        const customer = await stage.customer({ address: LONDON })
        const id = await stage.bill(customer, 10_000, { currency: 'gbp' })
        const waits = await stage.troubles()
        if (waits.length !== 1 || !waits[0]?.endsWith('NS-RECEIVABLE'))
          throw new Error(`It should wait for a receivable account: ${waits.join(', ')}`)
        await stage.on('2026-10-08')
        stage.deploy({
          netsuite: {
            subsidiaries: {
              us: { id: '1', currency: 'USD', receivable: { USD: '111' } },
              eu: { id: '2', currency: 'EUR', receivable: { EUR: '112', GBP: '113' } },
            },
          },
        })
        await stage.replay('netsuite', { type: 'invoice', id })
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 20.00 = 120.00 GBP · Dr 113 141.11 EUR, Cr 411 117.59 EUR, Cr 211 23.52 EUR · open 120.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 20.00 tax GBP · Committed'],
    },
    {
      number: 517,
      title: 'Sold billing credits drawn, and the invoice voided: the draw is taken back',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.stripe.billing.creditGrants.create({
          customer,
          category: 'paid',
          amount: { type: 'monetary', monetary: { currency: 'usd', value: 1_500 } },
          applicability_config: { scope: { price_type: 'metered' } },
        })
        const meter = await stage.stripe.billing.meters.create({
          display_name: 'Calls',
          event_name: 'calls',
          default_aggregation: { formula: 'sum' },
        })
        const price = await stage.stripe.prices.create({
          currency: 'usd',
          unit_amount: 200,
          product: 'prod_usage',
          recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
        })
        await stage.stripe.subscriptionSchedules.create({
          customer,
          start_date: 'now',
          end_behavior: 'release',
          phases: [
            {
              items: [{ price: price.id }],
              collection_method: 'send_invoice',
              invoice_settings: { days_until_due: 30 },
              duration: { interval: 'month', interval_count: 12 },
            },
          ],
        })
        await stage.stripe.billing.meterEvents.create({
          event_name: 'calls',
          payload: { stripe_customer_id: customer, value: '20' },
          timestamp: Math.floor(stage.clock.now() / 1_000),
        })
        await stage.on('2026-11-06')
        const [billed] = stage.control.store.invoices.all().filter(({ total }) => total > 0)
        await stage.on('2026-11-10')
        await stage.stripe.invoices.voidInvoice(billed?.id ?? '')
      },
      netsuite: [
        'invoice in_2 (Invoice) · 2026-11-05 · Nov 2026 · 805 25.00 [2026-10-05…2026-11-04] = 25.00 USD · Dr 111 25.00, Cr 412 25.00 · open 0.00',
        'journalEntry in_2-credits (Billing credits drawn) · 2026-11-05 · Nov 2026 · 15.00 USD · Dr 212 15.00, Cr 412 15.00',
        'journalEntry in_2-credits-void (Billing credits given back) · 2026-11-10 · Nov 2026 · 15.00 USD · Cr 212 15.00, Dr 412 15.00',
        'creditMemo in_2-void (Void) · 2026-11-10 · Nov 2026 · 805 25.00 [2026-10-05…2026-11-04] = 25.00 USD · Cr 111 25.00, Dr 412 25.00 · settles in_2 25.00 · open 0.00',
      ],
      avatax: ['SalesInvoice in_2 · 2026-11-05 · 25.00 + 0.00 tax USD · Cancelled'],
      balances: [],
    },
    {
      number: 518,
      title:
        'A transfer of 20.00 for an invoice of 100.00 that was written off: as much of the bad debt comes back',
      async happens(stage) {
        const invoice = await open(stage)
        await stage.on('2026-10-30')
        await stage.stripe.invoices.markUncollectible(invoice)
        await stage.on('2026-11-20')
        stage.control.receiveTransfer(invoice, 2_000)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'creditMemo in_1-writeoff (Write-off) · 2026-10-30 · Oct 2026 · 810 100.00 = 100.00 USD · Cr 111 100.00, Dr 611 100.00 · settles in_1 100.00 · open 0.00',
        'journalEntry inpay_2-recovery (Recovery) · 2026-11-20 · Nov 2026 · 20.00 USD · Dr 111 20.00, Cr 611 20.00 · open 0.00',
        'customerPayment inpay_2 (Payment) · 2026-11-20 · Nov 2026 · 20.00 USD · Dr 121 20.00, Cr 111 20.00 · settles inpay_2-recovery 20.00 · open 0.00',
      ],
      avatax: [`${SOLD} · Committed`],
      balances: ['121 20.00 USD', '411 -100.00 USD', '611 80.00 USD'],
    },
    {
      number: 519,
      title: 'The customer is deleted in Stripe, and the invoice then written off: posted all the same',
      async happens(stage) {
        const customer = await stage.customer()
        const invoice = await stage.bill(customer, 10_000)
        await stage.on('2026-10-30')
        await stage.stripe.customers.del(customer)
        await stage.work()
        await stage.stripe.invoices.markUncollectible(invoice)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'creditMemo in_1-writeoff (Write-off) · 2026-10-30 · Oct 2026 · 810 100.00 = 100.00 USD · Cr 111 100.00, Dr 611 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: [`${SOLD} · Committed`],
    },
  ],
}
