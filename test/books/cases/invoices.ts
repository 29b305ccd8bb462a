// Invoices as sold: what the sale itself says in the books and to the tax authority.

import { BERLIN, KUWAIT, LONDON, LOS_ANGELES, TOKYO } from '../addresses.ts'
import type { Family } from '../case.ts'

export const invoices: Family = {
  title: 'Invoices',
  about:
    'One item line for each line in Stripe, net of discounts and of included tax; then the tax. Customers are in Portland, where nothing is taxed, unless it says otherwise.',
  cases: [
    {
      number: 101,
      title: 'An invoice of 100.00 without tax, payable in 30 days',
      async happens(stage) {
        await stage.bill(await stage.customer(), 10_000)
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 100.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 102,
      title: 'Two products in Los Angeles: 9.75 % tax by four jurisdictions',
      async happens(stage) {
        const customer = await stage.customer({ address: LOS_ANGELES })
        await stage.bill(customer, [
          { unit: 10_000 },
          { unit: 5_000, quantity: 2, product: 'prod_onboarding' },
        ])
      },
      // 200.00 at 6, 0.25, 1 and 2.5 %.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 806 100.00 + 808 12.00 + 808 0.50 + 808 2.00 + 808 5.00 = 219.50 USD · Dr 111 219.50, Cr 411 100.00, Cr 413 100.00, Cr 211 19.50 · open 219.50',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 200.00 + 19.50 tax USD · Committed'],
    },
    {
      number: 103,
      title: 'A coupon of 20 % on one of two lines',
      async happens(stage) {
        const { id: coupon } = await stage.stripe.coupons.create({ percent_off: 20, duration: 'once' })
        await stage.bill(await stage.customer(), [
          { unit: 10_000, discounts: [{ coupon }] },
          { unit: 5_000, product: 'prod_business' },
        ])
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 80.00 + 802 50.00 = 130.00 USD · Dr 111 130.00, Cr 411 130.00 · open 130.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 130.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 104,
      title: 'A coupon of 10.00 on an invoice of 60.00 and 40.00 is spread over its lines',
      async happens(stage) {
        const { id: coupon } = await stage.stripe.coupons.create({
          amount_off: 1_000,
          currency: 'usd',
          duration: 'once',
        })
        const lines = [{ unit: 6_000 }, { unit: 4_000, product: 'prod_business' }]
        await stage.bill(await stage.customer(), lines, { discounts: [{ coupon }] })
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 54.00 + 802 36.00 = 90.00 USD · Dr 111 90.00, Cr 411 90.00 · open 90.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 90.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 105,
      title: 'Sold at 119.00 with 19 % VAT included, in Berlin, by the subsidiary in euros',
      async happens(stage) {
        const customer = await stage.customer({ address: BERLIN })
        await stage.bill(customer, [{ unit: 11_900, taxBehavior: 'inclusive' }], { currency: 'eur' })
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 19.00 = 119.00 EUR · Dr 112 119.00, Cr 411 100.00, Cr 211 19.00 · open 119.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 19.00 tax EUR · Committed'],
    },
    {
      number: 106,
      title:
        'A plan of 31.00 a month is changed for one of 62.00 on its eleventh day: prorations with dates of their own',
      async happens(stage) {
        const customer = await stage.customer()
        const subscription = await stage.subscribe(customer, 3_100)
        await stage.on('2026-10-15')
        const { items } = await stage.stripe.subscriptions.retrieve(subscription)
        await stage.stripe.subscriptions.update(subscription, {
          items: [{ id: items.data[0]?.id ?? '', price: await stage.price(6_200, 'prod_business') }],
          proration_behavior: 'create_prorations',
        })
        await stage.on('2026-11-06')
      },
      // 21 of 31 days are left: 21.00 of 31.00 back, 42.00 of 62.00 on top.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 31.00 [2026-10-05…2026-11-04] = 31.00 USD · Dr 111 31.00, Cr 411 31.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 31.00 USD · Dr 121 31.00, Cr 111 31.00 · settles in_1 31.00 · open 0.00',
        'invoice in_2 (Invoice) · 2026-11-05 · Nov 2026 · 802 62.00 [2026-11-05…2026-12-04] + 801 -21.00 [2026-10-15…2026-11-04] + 802 42.00 [2026-10-15…2026-11-04] = 83.00 USD · Dr 111 83.00, Cr 411 104.00, Dr 411 21.00 · open 0.00',
        'customerPayment inpay_2 (Payment) · 2026-11-05 · Nov 2026 · 83.00 USD · Dr 121 83.00, Cr 111 83.00 · settles in_2 83.00 · open 0.00',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 31.00 + 0.00 tax USD · Committed',
        'SalesInvoice in_2 · 2026-11-05 · 83.00 + 0.00 tax USD · Committed',
      ],
    },
    {
      number: 107,
      title: 'A total of −30.00 is no invoice: a credit memo, kept as customer balance',
      async happens(stage) {
        const customer = await stage.customer()
        await stage.bill(customer, [{ unit: -5_000 }, { unit: 2_000, product: 'prod_business' }])
      },
      netsuite: [
        'journalEntry in_1-tobalance (Credited to customer balance) · 2026-10-05 · Oct 2026 · 30.00 USD · Dr 111 30.00, Cr 213 30.00 · open 0.00',
        'creditMemo in_1-credit (Negative invoice) · 2026-10-05 · Oct 2026 · 801 50.00 + 802 -20.00 = 30.00 USD · Cr 111 30.00, Dr 411 50.00, Cr 411 20.00 · settles in_1-tobalance 30.00 · open 0.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · -30.00 + 0.00 tax USD · Committed'],
      balances: ['213 -30.00 USD', '411 30.00 USD'],
    },
    {
      number: 108,
      title: 'An invoice of nothing but zero lines has no document',
      async happens(stage) {
        await stage.bill(await stage.customer(), 0)
      },
      netsuite: [],
      avatax: [],
    },
    {
      number: 109,
      title:
        'Sixty lines of 10.00 in Los Angeles: each line is taxed, the books have one tax line a jurisdiction',
      async happens(stage) {
        const customer = await stage.customer({ address: LOS_ANGELES })
        await stage.bill(
          customer,
          Array.from({ length: 60 }, () => ({ unit: 1_000 })),
        )
      },
      // A line of 10.00 bears 0.98 (0.975): 0.60, 0.025, 0.10 and 0.25. Sixty lines bear 58.80, though 600.00 bears 58.50.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 60 × 801 10.00 + 808 36.00 + 808 1.80 + 808 6.00 + 808 15.00 = 658.80 USD · Dr 111 658.80, Cr 411 600.00, Cr 211 58.80 · open 658.80',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 600.00 + 58.80 tax USD · Committed'],
    },
    {
      number: 110,
      title: "Shipping of 5.00: an item of its own (Stripe's lines do not hold it)",
      async happens(stage) {
        const { invoices } = stage.control.store
        const plain = invoices.get(await stage.draft(await stage.customer(), [{ unit: 10_000 }]))
        if (!plain) throw new Error('There is no draft.')
        // The simulated Stripe has no shipping rates: the parts of a real invoice that they would bring.
        plain.automatic_tax.enabled = true
        await stage.stripe.invoices.finalizeInvoice(plain.id)
        plain.amount_shipping = 500
        plain.shipping_cost = {
          amount_subtotal: 500,
          amount_tax: 0,
          amount_total: 500,
          shipping_rate: null,
        }
        for (const sum of ['total', 'amount_due', 'amount_remaining'] as const) plain[sum] += 500
        await stage.work()
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 806 5.00 = 105.00 USD · Dr 111 105.00, Cr 411 100.00, Cr 413 5.00 · open 105.00',
      ],
      avatax: [],
    },
    {
      number: 111,
      title: "The customer's purchase order number stands on the invoice",
      async happens(stage) {
        await stage.bill(await stage.customer(), 10_000, {
          custom_fields: [{ name: 'PO', value: '4500012345' }],
        })
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 100.00 · PO 4500012345',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 112,
      title:
        'Euros of a customer of the American subsidiary: the receivable in euros, the ledger in dollars at 1.08',
      async happens(stage) {
        const customer = await stage.customer({ metadata: { netsuite_subsidiary: 'us' } })
        await stage.bill(customer, 10_000, { currency: 'eur' })
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 = 100.00 EUR · Dr 112 108.00 USD, Cr 411 108.00 USD · open 100.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 0.00 tax EUR · Committed'],
    },
    {
      number: 113,
      title: 'Pounds in London, by the subsidiary in euros: the ledger in euros at 1.27 ÷ 1.08',
      async happens(stage) {
        const customer = await stage.customer({ address: LONDON })
        await stage.bill(customer, 10_000, { currency: 'gbp' })
      },
      // 120.00 × 1.17592593 = 141.11; 100.00 is 117.59, 20.00 is 23.52.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 20.00 = 120.00 GBP · Dr 113 141.11 EUR, Cr 411 117.59 EUR, Cr 211 23.52 EUR · open 120.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 100.00 + 20.00 tax GBP · Committed'],
    },
    {
      number: 114,
      title: 'Yen have no decimals: 10,005 in Tokyo at 10 %, the ledger in dollars at 0.0067',
      async happens(stage) {
        const customer = await stage.customer({ address: TOKYO })
        await stage.bill(customer, 10_005, { currency: 'jpy' })
      },
      // 1,000.5 of tax, which Japan has no coin for. 11,006 × 0.0067 = 73.74; 10,005 is 67.03, 1,001 is 6.71.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 10005 + 808 1001 = 11006 JPY · Dr 114 73.74 USD, Cr 411 67.03 USD, Cr 211 6.71 USD · open 11006',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 10005 + 1001 tax JPY · Committed · AvaTax calculates 1000.5',
      ],
    },
    {
      number: 115,
      title: 'Dinars have three decimals: 12.330, the ledger in dollars at 3.25',
      async happens(stage) {
        const customer = await stage.customer({ address: KUWAIT })
        await stage.bill(customer, 12_330, { currency: 'kwd' })
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 12.330 = 12.330 KWD · Dr 115 40.07 USD, Cr 411 40.07 USD · open 12.330',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 12.330 + 0.000 tax KWD · Committed'],
    },
    {
      number: 116,
      title: "Finalized on 1 November at 06:30 UTC: still 31 October by the seller's clock",
      async happens(stage) {
        const customer = await stage.customer()
        await stage.on('2026-10-31')
        await stage.play(12.5)
        await stage.bill(customer, 10_000)
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-31 · Oct 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 100.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-31 · 100.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 117,
      title: 'Issued under an earlier date (effective_at): that date stands on every document',
      async happens(stage) {
        await stage.bill(await stage.customer(), 10_000, {
          effective_at: Date.parse('2026-09-30T12:00:00Z') / 1_000,
        })
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-09-30 · Sep 2026 · 801 100.00 = 100.00 USD · Dr 111 100.00, Cr 411 100.00 · open 100.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-09-30 · 100.00 + 0.00 tax USD · Committed'],
    },
    {
      number: 118,
      title: 'A total of −30.00 in Los Angeles: the tax is given back with it',
      async happens(stage) {
        const customer = await stage.customer({ address: LOS_ANGELES })
        await stage.bill(customer, [{ unit: -5_000 }, { unit: 2_000, product: 'prod_business' }])
      },
      // −50.00 bears −4.88 (3.00, 0.13, 0.50, 1.25) and 20.00 bears 1.95 (1.20, 0.05, 0.20, 0.50).
      netsuite: [
        'journalEntry in_1-tobalance (Credited to customer balance) · 2026-10-05 · Oct 2026 · 32.93 USD · Dr 111 32.93, Cr 213 32.93 · open 0.00',
        'creditMemo in_1-credit (Negative invoice) · 2026-10-05 · Oct 2026 · 801 50.00 + 802 -20.00 + 808 1.80 + 808 0.08 + 808 0.30 + 808 0.75 = 32.93 USD · Cr 111 32.93, Dr 411 50.00, Cr 411 20.00, Dr 211 2.93 · settles in_1-tobalance 32.93 · open 0.00',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · -30.00 + -2.93 tax USD · Committed'],
    },
    {
      number: 119,
      title: 'A coupon of 100 %: nothing is charged, nothing is posted',
      async happens(stage) {
        const { id: coupon } = await stage.stripe.coupons.create({ percent_off: 100, duration: 'once' })
        await stage.bill(await stage.customer({ address: LOS_ANGELES }), 10_000, { discounts: [{ coupon }] })
      },
      netsuite: [],
      avatax: [],
    },
    {
      number: 120,
      title: 'Berlin, 119.00 with VAT included and 10 % off: 107.10 are 90.00 and 17.10',
      async happens(stage) {
        const { id: coupon } = await stage.stripe.coupons.create({ percent_off: 10, duration: 'once' })
        const customer = await stage.customer({ address: BERLIN })
        const lines = [{ unit: 11_900, taxBehavior: 'inclusive' as const, discounts: [{ coupon }] }]
        await stage.bill(customer, lines, { currency: 'eur' })
      },
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 90.00 + 808 17.10 = 107.10 EUR · Dr 112 107.10, Cr 411 90.00, Cr 211 17.10 · open 107.10',
      ],
      avatax: ['SalesInvoice in_1 · 2026-10-05 · 90.00 + 17.10 tax EUR · Committed'],
    },
    {
      number: 121,
      title: 'A plan of 31.00 is ended on its eleventh day: an invoice of −21.00, kept as customer balance',
      async happens(stage) {
        const subscription = await stage.subscribe(await stage.customer(), 3_100)
        await stage.on('2026-10-15')
        await stage.stripe.subscriptions.cancel(subscription, { prorate: true, invoice_now: true })
      },
      // It was never a draft: nobody could say that its tax is 0.
      netsuite: [
        'invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 31.00 [2026-10-05…2026-11-04] = 31.00 USD · Dr 111 31.00, Cr 411 31.00 · open 0.00',
        'customerPayment inpay_1 (Payment) · 2026-10-05 · Oct 2026 · 31.00 USD · Dr 121 31.00, Cr 111 31.00 · settles in_1 31.00 · open 0.00',
        'journalEntry in_2-tobalance (Credited to customer balance) · 2026-10-15 · Oct 2026 · 21.00 USD · Dr 111 21.00, Cr 213 21.00 · open 0.00',
        'creditMemo in_2-credit (Negative invoice) · 2026-10-15 · Oct 2026 · 801 21.00 [2026-10-15…2026-11-04] = 21.00 USD · Cr 111 21.00, Dr 411 21.00 · settles in_2-tobalance 21.00 · open 0.00',
      ],
      avatax: [
        'SalesInvoice in_1 · 2026-10-05 · 31.00 + 0.00 tax USD · Committed',
        'SalesInvoice in_2 · 2026-10-15 · -21.00 + 0.00 tax USD · Committed · FINALIZED_UNTAXED',
      ],
      balances: ['121 31.00 USD', '213 -21.00 USD', '411 -10.00 USD'],
    },
  ],
}
