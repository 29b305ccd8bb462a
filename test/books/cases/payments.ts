// Money that comes in, and customer balance and billing credits in place of money.
import type Stripe from 'stripe'
import { BERLIN, KUWAIT, TOKYO } from '../addresses.ts'
import type { Family } from '../case.ts'
import type { Stage } from '../stage.ts'

const INVOICE =
  'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00'
const SOLD = 'SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax USD · Committed'

const WITH_BANK_ACCOUNT: Stripe.CustomerCreateParams = {
  payment_method: 'pm_usBankAccount',
  invoice_settings: { default_payment_method: 'pm_usBankAccount' },
}

/** Usage of 20 calls at 2.00 in a month, with credits of so much granted before it. */
async function sellCalls(stage: Stage, category: 'paid' | 'promotional', value: number): Promise<void> {
  const customer = await stage.customer()
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
    phases: [{ items: [{ price: price.id }], duration: { interval: 'month', interval_count: 12 } }],
  })
  await stage.stripe.billing.creditGrants.create({
    customer,
    category,
    amount: { type: 'monetary', monetary: { currency: 'usd', value } },
    applicability_config: { scope: { price_type: 'metered' } },
  })
  await stage.stripe.billing.meterEvents.create({
    event_name: 'calls',
    payload: { stripe_customer_id: customer, value: '20' },
    timestamp: Math.floor(stage.clock.now() / 1_000),
  })
  await stage.on('2026-11-06')
}

export const payments: Family = {
  title: 'Payments',
  about:
    'Into the Stripe clearing account of the currency in which Stripe settles, never Undeposited Funds; applied to what was open that day.',
  cases: [
    {
      number: 201,
      title: 'Paid in full by card three days later',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer(), 10_000)
        await stage.on('2026-10-08')
        await stage.pay(invoice)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'customerPayment inpay_1 (Payment) · 2026-10-08 · Oct 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 202,
      title: 'A transfer of 40.00: the rest stays open',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer(), 10_000)
        await stage.on('2026-10-07')
        stage.control.receiveTransfer(invoice, 4_000)
      },
      netsuite: [
        `${INVOICE} · open 60.00`,
        'customerPayment inpay_2 (Payment) · 2026-10-07 · Oct 2026 · 40.00 USD · Dr 121 40.00, Cr 111 40.00 · settles in_1 40.00 · open 0.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 203,
      title: 'Three payments for one invoice, in two months',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer(), 10_000)
        for (const [date, amount] of [
          ['2026-10-07', 4_000],
          ['2026-10-30', 2_500],
          ['2026-11-02', 3_500],
        ] as const) {
          await stage.on(date)
          stage.control.receiveTransfer(invoice, amount)
        }
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'customerPayment inpay_2 (Payment) · 2026-10-07 · Oct 2026 · 40.00 USD · Dr 121 40.00, Cr 111 40.00 · settles in_1 40.00 · open 0.00',
        'customerPayment inpay_3 (Payment) · 2026-10-30 · Oct 2026 · 25.00 USD · Dr 121 25.00, Cr 111 25.00 · settles in_1 25.00 · open 0.00',
        'customerPayment inpay_4 (Payment) · 2026-11-02 · Nov 2026 · 35.00 USD · Dr 121 35.00, Cr 111 35.00 · settles in_1 35.00 · open 0.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 204,
      title: 'One card payment of 50.00 on two invoices, 30.00 and 20.00 of it: a payment for each',
      async happens(stage) {
        const customer = await stage.customer()
        const first = await stage.bill(customer, 5_000)
        const second = await stage.bill(customer, 6_000)
        const { id } = await stage.stripe.paymentIntents.create({
          customer,
          amount: 5_000,
          currency: 'usd',
          payment_method: 'pm_card_visa',
        })
        await stage.stripe.invoices.attachPayment(first, { payment_intent: id })
        await stage.stripe.invoices.attachPayment(second, { payment_intent: id })
        // The simulated Stripe would give the first all that it may take; here it wants 30.00 of it.
        const [share] = stage.control.store.invoicePayments.of(id, 1)
        if (share) share.amount_requested = 3_000
        await stage.stripe.paymentIntents.confirm(id)
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 50.00 = 50.00 USD · Dr 111 50.00, Cr 411 50.00 · open 20.00',
        'invoice in_2 (Invoice) · 2026-10-05 · Oct 2026 · 801 60.00 = 60.00 USD · Dr 111 60.00, Cr 411 60.00 · open 40.00',
        'customerPayment inpay_3 (Payment) · 2026-10-05 · Oct 2026 · 30.00 USD · Dr 121 30.00, Cr 111 30.00 · settles in_1 30.00 · open 0.00',
        'customerPayment inpay_4 (Payment) · 2026-10-05 · Oct 2026 · 20.00 USD · Dr 121 20.00, Cr 111 20.00 · settles in_2 20.00 · open 0.00',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 50.00 + 0.00 tax USD · Committed',
        'SalesInvoice in_2 · 2026-10-05 · 60.00 + 0.00 tax USD · Committed',
      ],
    },
    {
      number: 205,
      title: 'A transfer of 125.00 for 100.00: 25.00 become customer balance',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer(), 10_000)
        await stage.on('2026-10-07')
        stage.control.receiveTransfer(invoice, 12_500)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'journalEntry inpay_2-tobalance (Overpaid to customer balance) · 2026-10-07 · Oct 2026 · 25.00 USD · Dr 111 25.00, Cr 213 25.00 · open 0.00',
        'customerPayment inpay_2 (Payment) · 2026-10-07 · Oct 2026 · 125.00 USD · Dr 121 125.00, Cr 111 125.00 · settles in_1 100.00 and inpay_2-tobalance 25.00 · open 0.00',
      ],
      avatax: [SOLD],
      balances: ['121 125.00 USD', '213 -25.00 USD', '411 -100.00 USD'],
    },
    {
      number: 206,
      title: 'Overpaid by 25.00, which the next invoice of 80.00 takes',
      async happens(stage) {
        const customer = await stage.customer()
        const invoice = await stage.bill(customer, 10_000)
        stage.control.receiveTransfer(invoice, 12_500)
        await stage.on('2026-11-05')
        await stage.bill(customer, 8_000)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'journalEntry inpay_2-tobalance (Overpaid to customer balance) · 2026-10-05 · Oct 2026 · 25.00 USD · Dr 111 25.00, Cr 213 25.00 · open 0.00',
        'customerPayment inpay_2 (Payment) · 2026-10-05 · Oct 2026 · 125.00 USD · Dr 121 125.00, Cr 111 125.00 · settles in_1 100.00 and inpay_2-tobalance 25.00 · open 0.00',
        'invoice in_2 (Invoice) · 2026-11-05 · Nov 2026 · 801 80.00 = 80.00 USD · Dr 111 80.00, Cr 411 80.00 · open 55.00',
        'creditMemo in_2-balance (Customer balance applied) · 2026-11-05 · Nov 2026 · 812 25.00 = 25.00 USD · Cr 111 25.00, Dr 213 25.00 · settles in_2 25.00 · open 0.00',
      ],
      avatax: [SOLD, 'SalesInvoice in_2 · 2026-11-05 · 80.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 207,
      title: 'Paid outside Stripe: straight to the bank, not to clearing',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer(), 10_000)
        await stage.on('2026-10-09')
        await stage.pay(invoice, { paid_out_of_band: true })
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'customerPayment inpay_2 (Payment) · 2026-10-09 · Oct 2026 · 100.00 USD · Dr 131 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 208,
      title: 'A cheque of 40.00 reported to Stripe, the rest by card',
      async happens(stage) {
        const customer = await stage.customer()
        const invoice = await stage.bill(customer, 10_000)
        const at = Math.floor(stage.clock.now() / 1_000)
        const cheque = await stage.stripe.paymentRecords.reportPayment({
          amount_requested: { currency: 'usd', value: 4_000 },
          initiated_at: at,
          outcome: 'guaranteed',
          guaranteed: { guaranteed_at: at },
          payment_method_details: { type: 'custom', custom: { display_name: 'Cheque' } },
          customer_details: { customer },
        })
        await stage.stripe.invoices.attachPayment(invoice, { payment_record: cheque.id })
        await stage.on('2026-10-12')
        await stage.pay(invoice)
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'customerPayment inpay_2 (Payment) · 2026-10-05 · Oct 2026 · 40.00 USD · Dr 131 40.00, Cr 111 40.00 · settles in_1 40.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-12 · Oct 2026 · 60.00 USD · Dr 121 60.00, Cr 111 60.00 · settles in_1 60.00 · open 0.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 209,
      title: 'Goodwill credit of 30.00 used at finalization, the rest by card',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.stripe.customers.createBalanceTransaction(customer, { amount: -3_000, currency: 'usd' })
        await stage.on('2026-10-06')
        const invoice = await stage.bill(customer, 10_000)
        await stage.on('2026-10-08')
        await stage.pay(invoice)
      },
      netsuite: [
        'journalEntry cbtxn_1 (Balance adjustment) · 2026-10-05 · Oct 2026 · 30.00 USD · Cr 213 30.00, Dr 614 30.00',
        'invoice in_1 (Invoice) · 2026-10-06 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 0.00',
        'creditMemo in_1-balance (Customer balance applied) · 2026-10-06 · Oct 2026 · 812 30.00 = 30.00 USD · Cr 111 30.00, Dr 213 30.00 · settles in_1 30.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-08 · Oct 2026 · 70.00 USD · Dr 121 70.00, Cr 111 70.00 · settles in_1 70.00 · open 0.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-06 · 100.00 + 0.00 tax USD · Committed'],
      balances: ['121 70.00 USD', '411 -100.00 USD', '614 30.00 USD'],
    },
    {
      number: 210,
      title: 'Credit of 150.00 pays an invoice of 100.00 whole: no payment, 50.00 left',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.stripe.customers.createBalanceTransaction(customer, { amount: -15_000, currency: 'usd' })
        await stage.on('2026-10-06')
        await stage.bill(customer, 10_000)
      },
      netsuite: [
        'journalEntry cbtxn_1 (Balance adjustment) · 2026-10-05 · Oct 2026 · 150.00 USD · Cr 213 150.00, Dr 614 150.00',
        'invoice in_1 (Invoice) · 2026-10-06 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 0.00',
        'creditMemo in_1-balance (Customer balance applied) · 2026-10-06 · Oct 2026 · 812 100.00 = 100.00 USD · Cr 111 100.00, Dr 213 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-06 · 100.00 + 0.00 tax USD · Committed'],
      balances: ['213 -50.00 USD', '411 -100.00 USD', '614 150.00 USD'],
    },
    {
      number: 211,
      title: 'A debt of 20.00 on the balance is put onto the next invoice: 120.00 are due, and paid',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.stripe.customers.createBalanceTransaction(customer, { amount: 2_000, currency: 'usd' })
        await stage.on('2026-10-06')
        const invoice = await stage.bill(customer, 10_000)
        await stage.on('2026-10-08')
        await stage.pay(invoice)
      },
      netsuite: [
        'journalEntry cbtxn_1 (Balance adjustment) · 2026-10-05 · Oct 2026 · 20.00 USD · Dr 213 20.00, Cr 614 20.00',
        'invoice in_1 (Invoice) · 2026-10-06 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 0.00',
        'journalEntry in_1-owed (Debt from customer balance) · 2026-10-06 · Oct 2026 · 20.00 USD · Dr 111 20.00, Cr 213 20.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-08 · Oct 2026 · 120.00 USD · Dr 121 120.00, Cr 111 120.00 · settles in_1 100.00 and in_1-owed 20.00 · open 0.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-06 · 100.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 224,
      title:
        'A debt of 20.00 on the balance is put onto the first invoice of a trial, which sells nothing: 20.00 are paid',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.stripe.customers.createBalanceTransaction(customer, { amount: 2_000, currency: 'usd' })
        await stage.on('2026-10-06')
        await stage.stripe.subscriptionSchedules.create({
          customer,
          start_date: 'now',
          phases: [
            {
              items: [{ price: await stage.price(10_000) }],
              duration: { interval: 'year', interval_count: 1 },
              trial_end: Date.UTC(2027, 0, 1) / 1_000,
            },
          ],
        })
        await stage.on('2026-10-08')
      },
      netsuite: [
        'journalEntry cbtxn_1 (Balance adjustment) · 2026-10-05 · Oct 2026 · 20.00 USD · Dr 213 20.00, Cr 614 20.00',
        'journalEntry in_1-owed (Debt from customer balance) · 2026-10-06 · Oct 2026 · 20.00 USD · Dr 111 20.00, Cr 213 20.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-06 · Oct 2026 · 20.00 USD · Dr 121 20.00, Cr 111 20.00 · settles in_1-owed 20.00 · open 0.00',
      ],
      avatax: [],
      balances: ['121 20.00 USD', '614 -20.00 USD'],
    },
    {
      number: 212,
      title: 'Billing credits of 15.00 that had been sold: the draw earns them, 25.00 of 40.00 by card',
      happens: (stage) => sellCalls(stage, 'paid', 1_500),
      // in_1 is the first invoice of the metered plan: nothing but a zero line.
      netsuite: [
        'invoice in_2 (Invoice) · 2026-11-05 · Nov 2026 · 805 25.00 [2026-10-05…2026-11-04] = 25.00 USD · Dr 111 25.00, Cr 412 25.00 · open 0.00',
        'journalEntry in_2-credits (Billing credits drawn) · 2026-11-05 · Nov 2026 · 15.00 USD · Dr 212 15.00, Cr 412 15.00',
        'customerPayment inpay_1 (Payment) · 2026-11-05 · Nov 2026 · 25.00 USD · Dr 121 25.00, Cr 111 25.00 · settles in_2 25.00 · open 0.00',
      ],
      avatax: ['SalesInvoice in_2 · 2026-11-05 · 25.00 + 0.00 tax USD · Committed'],
      balances: ['121 25.00 USD', '212 15.00 USD', '412 -40.00 USD'],
    },
    {
      number: 213,
      title: 'Billing credits of 7.00 that were given away are a discount',
      happens: (stage) => sellCalls(stage, 'promotional', 700),
      netsuite: [
        'invoice in_2 (Invoice) · 2026-11-05 · Nov 2026 · 805 33.00 [2026-10-05…2026-11-04] = 33.00 USD · Dr 111 33.00, Cr 412 33.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-11-05 · Nov 2026 · 33.00 USD · Dr 121 33.00, Cr 111 33.00 · settles in_2 33.00 · open 0.00',
      ],
      avatax: ['SalesInvoice in_2 · 2026-11-05 · 33.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 214,
      title: 'ACH: nothing on the day of the debit, the payment when it succeeds four days later',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer(WITH_BANK_ACCOUNT), 10_000)
        await stage.on('2026-10-06')
        await stage.pay(invoice)
        await stage.on('2026-10-12')
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'customerPayment inpay_1 (Payment) · 2026-10-10 · Oct 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 215,
      title: 'ACH that fails before it succeeds: the invoice stays open, nothing else is posted',
      async happens(stage) {
        const method = 'pm_usBankAccount_insufficientFunds'
        const customer = await stage.customer({
          payment_method: method,
          invoice_settings: { default_payment_method: method },
        })
        await stage.pay(await stage.bill(customer, 10_000))
        await stage.on('2026-10-12')
      },
      netsuite: [`${INVOICE} · open 100.00`],
      avatax: [SOLD],
    },
    {
      number: 216,
      title:
        'ACH returned a week after it had succeeded: a lost dispute with a fee of 4.00; invoice and payment stay',
      async happens(stage) {
        const customer = await stage.customer(WITH_BANK_ACCOUNT)
        await stage.pay(await stage.bill(customer, 10_000))
        await stage.on('2026-10-16')
        stage.control.returnDebit(await stage.chargeOf(customer), 'insufficient_funds')
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'customerPayment inpay_1 (Payment) · 2026-10-09 · Oct 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00',
        'journalEntry du_1-txn_2 (Dispute) · 2026-10-16 · Oct 2026 · 104.00 USD · Dr 141 100.00, Dr 612 4.00, Cr 121 104.00',
        'journalEntry du_1-lost (Dispute lost) · 2026-10-16 · Oct 2026 · 100.00 USD · Dr 613 100.00, Cr 141 100.00',
      ],
      avatax: [SOLD],
      balances: ['121 -4.00 USD', '411 -100.00 USD', '612 4.00 USD', '613 100.00 USD'],
    },
    {
      number: 217,
      title: 'SEPA in Berlin, returned in the sixth week: 119.00 and a fee of 3.50',
      async happens(stage) {
        const customer = await stage.customer({
          address: BERLIN,
          payment_method: 'pm_sepaDebit',
          invoice_settings: { default_payment_method: 'pm_sepaDebit' },
        })
        await stage.pay(await stage.bill(customer, 10_000, { currency: 'eur' }))
        await stage.on('2026-11-16')
        stage.control.returnDebit(await stage.chargeOf(customer), 'insufficient_funds')
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 19.00 = 119.00 EUR · Dr 112 119.00, Cr 411 100.00, Cr 211 19.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-09 · Oct 2026 · 119.00 EUR · Dr 122 119.00, Cr 112 119.00 · settles in_1 119.00 · open 0.00',
        'journalEntry du_1-txn_2 (Dispute) · 2026-11-16 · Nov 2026 · 122.50 EUR · Dr 141 119.00, Dr 612 3.50, Cr 122 122.50',
        'journalEntry du_1-lost (Dispute lost) · 2026-11-16 · Nov 2026 · 119.00 EUR · Dr 613 119.00, Cr 141 119.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 19.00 tax EUR · Committed'],
    },
    {
      number: 218,
      title: 'A card is declined, and pays at the third day’s retry: one payment',
      async happens(stage) {
        const customer = await stage.customer()
        stage.control.failNextPayments(customer, 1)
        await stage.bill(customer, 10_000, {
          collection_method: 'charge_automatically',
          days_until_due: undefined,
        })
        await stage.on('2026-10-09')
      },
      netsuite: [
        `${INVOICE} · open 0.00`,
        'customerPayment inpay_1 (Payment) · 2026-10-08 · Oct 2026 · 100.00 USD · Dr 121 100.00, Cr 111 100.00 · settles in_1 100.00 · open 0.00',
      ],
      avatax: [SOLD],
    },
    {
      number: 219,
      title: '10,000 yen in Tokyo: invoice and payment of 11,000, without decimals',
      async happens(stage) {
        const customer = await stage.customer({ address: TOKYO })
        await stage.pay(await stage.bill(customer, 10_000, { currency: 'jpy' }))
      },
      // 11,000 × 0.0067 = 73.70.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 10000 + 808 1000 = 11000 JPY · Dr 114 73.70 USD, Cr 411 67.00 USD, Cr 211 6.70 USD · open 0',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 11000 JPY · Dr 124 73.70 USD, Cr 114 73.70 USD · settles in_1 11000 · open 0',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 10000 + 1000 tax JPY · Committed'],
    },
    {
      number: 220,
      title: 'Dinars: 5.000 and 7.330 for an invoice of 12.330',
      async happens(stage) {
        const invoice = await stage.bill(await stage.customer({ address: KUWAIT }), 12_330, {
          currency: 'kwd',
        })
        stage.control.receiveTransfer(invoice, 5_000)
        await stage.on('2026-10-06')
        stage.control.receiveTransfer(invoice, 7_330)
      },
      // At 3.25: 40.0725, 16.25 and 23.8225.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 12.330 = 12.330 KWD · Dr 115 40.07 USD, Cr 411 40.07 USD · open 0.000',
        'customerPayment inpay_2 (Payment) · 2026-10-05 · Oct 2026 · 5.000 KWD · Dr 125 16.25 USD, Cr 115 16.25 USD · settles in_1 5.000 · open 0.000',
        'customerPayment inpay_3 (Payment) · 2026-10-06 · Oct 2026 · 7.330 KWD · Dr 125 23.82 USD, Cr 115 23.82 USD · settles in_1 7.330 · open 0.000',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 12.330 + 0.000 tax KWD · Committed'],
    },
    {
      number: 221,
      title:
        'Euros that Stripe settles in dollars at 1.0871: the payment carries the rate, NetSuite books the gain',
      async happens(stage) {
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0871' })
        const customer = await stage.customer({ metadata: { netsuite_subsidiary: 'us' } })
        await stage.pay(await stage.bill(customer, 11_900, { currency: 'eur' }))
      },
      // Sold at 1.08: 128.52. Settled at 1.0871: 129.36 (129.3649). The difference of 0.84 is gain.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 119.00 = 119.00 EUR · Dr 112 128.52 USD, Cr 411 128.52 USD · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 119.00 EUR · Dr 121 129.36 USD, Cr 112 129.36 USD · settles in_1 119.00 · open 0.00',
        'fxReval by NetSuite · 2026-10-05 · Oct 2026 · 0.84 USD · Dr 112 0.84, Cr 711 0.84',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 119.00 + 0.00 tax EUR · Committed'],
      balances: ['121 129.36 USD', '411 -128.52 USD', '711 -0.84 USD'],
    },
    {
      number: 222,
      title: 'Sold billing credits of 60.00 pay usage of 40.00 whole: an invoice of 0.00, and the draw',
      happens: (stage) => sellCalls(stage, 'paid', 6_000),
      netsuite: [
        'invoice in_2 (Invoice) · 2026-11-05 · Nov 2026 · 805 0.00 [2026-10-05…2026-11-04] = 0.00 USD · open 0.00',
        'journalEntry in_2-credits (Billing credits drawn) · 2026-11-05 · Nov 2026 · 40.00 USD · Dr 212 40.00, Cr 412 40.00',
      ],
      avatax: [],
      balances: ['212 40.00 USD', '412 -40.00 USD'],
    },
    {
      number: 223,
      title: 'Two transfers of 60.00 and 59.00 in euros, settled in dollars at 1.0871 and 1.0950',
      async happens(stage) {
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0871' })
        const customer = await stage.customer({ metadata: { netsuite_subsidiary: 'us' } })
        const invoice = await stage.bill(customer, 11_900, { currency: 'eur' })
        stage.control.receiveTransfer(invoice, 6_000)
        await stage.on('2026-10-12')
        stage.control.settleCurrency('eur', { into: 'usd', rate: '1.0950' })
        stage.control.receiveTransfer(invoice, 5_900)
      },
      // 65.23 (65.226) and 64.61 (64.605) for 64.80 and 63.72 at 1.08: gains of 0.43 and 0.89.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 119.00 = 119.00 EUR · Dr 112 128.52 USD, Cr 411 128.52 USD · open 0.00',
        'customerPayment inpay_2 (Payment) · 2026-10-05 · Oct 2026 · 60.00 EUR · Dr 121 65.23 USD, Cr 112 65.23 USD · settles in_1 60.00 · open 0.00',
        'fxReval by NetSuite · 2026-10-05 · Oct 2026 · 0.43 USD · Dr 112 0.43, Cr 711 0.43',
        'customerPayment inpay_3 (Payment) · 2026-10-12 · Oct 2026 · 59.00 EUR · Dr 121 64.61 USD, Cr 112 64.61 USD · settles in_1 59.00 · open 0.00',
        'fxReval by NetSuite · 2026-10-12 · Oct 2026 · 0.89 USD · Dr 112 0.89, Cr 711 0.89',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 119.00 + 0.00 tax EUR · Committed'],
      balances: ['121 129.84 USD', '411 -128.52 USD', '711 -1.32 USD'],
    },
  ],
}
