import { describe, expect, it } from 'vitest'
import {
  avalaraHolds,
  BOOKS,
  booked,
  filed,
  listed,
  MIRROR,
  memo,
  mirrored,
  NOTE,
  netsuiteHolds,
  PAYMENT,
  REFUND,
  type Rows,
  SUBSCRIPTION,
  salesforceHolds,
  stripeHolds,
  TAX,
} from './compare.fixture.ts'
import { type Break, compare } from './compare.ts'
import { assembleReading, type Reading } from './readings/reading.ts'

const without = <T>(records: Record<string, T>, id: string): Record<string, T> =>
  Object.fromEntries(Object.entries(records).filter(([each]) => each !== id))
const shown = (breaks: Break[]) => breaks.map((found) => Object.values(found).join(' | '))
const breaksOf = (reading: Reading, stripe = stripeHolds()) => shown(compare(stripe, [reading]))

it('finds nothing where everything stands as it should', () => {
  expect(compare(stripeHolds(), [salesforceHolds(), netsuiteHolds(), avalaraHolds()])).toEqual([])
})

describe('totals', () => {
  it('adds up what Stripe holds: no drafts, no pending refunds, no voided credit notes', () => {
    expect(stripeHolds().totals).toEqual({
      USD: {
        invoicedMinor: 44000n,
        taxMinor: 3000n,
        paidMinor: 11000n,
        refundedMinor: 5000n,
        creditedMinor: 5000n,
      },
      KWD: { invoicedMinor: 11000n, taxMinor: 1000n },
    })
  })

  it.each([
    ['invoiced', { in_paid: { ...booked, totalMinor: 10999n } }, 'USD 440.00', 'USD 439.99'],
    ['tax', { in_paid: { ...booked, taxMinor: 1001n } }, 'USD 30.00', 'USD 30.01'],
  ])('%s is a cent off', (figure, change, expected, actual) => {
    expect(breaksOf(netsuiteHolds({ invoices: { ...BOOKS.invoices, ...change } }))[0]).toBe(
      `netsuite | total USD | ${figure} | ${expected} | ${actual}`,
    )
  })

  it.each([
    ['paid', { payments: { inpay_1: { ...PAYMENT, amountMinor: 11001n } } }, 'USD 110.00', 'USD 110.01'],
    ['refunded', { refunds: { re_1: { ...BOOKS.refunds.re_1, amountMinor: 1n } } }, 'USD 50.00', 'USD 0.01'],
    ['credited', { creditNotes: {} }, 'USD 50.00', 'USD 0.00'],
  ])('%s is off', (figure, change, expected, actual) => {
    expect(breaksOf(netsuiteHolds(change))[0]).toBe(
      `netsuite | total USD | ${figure} | ${expected} | ${actual}`,
    )
  })

  it('sees a currency that only one side has', () => {
    const invoices = { ...BOOKS.invoices, in_open: { ...BOOKS.invoices.in_open, currency: 'JPY' } }
    expect(breaksOf(netsuiteHolds({ invoices })).slice(0, 4)).toEqual([
      'netsuite | total JPY | invoiced | JPY 0 | JPY 11000',
      'netsuite | total JPY | tax | JPY 0 | JPY 1000',
      'netsuite | total KWD | invoiced | KWD 11.000 | KWD 0.000',
      'netsuite | total KWD | tax | KWD 1.000 | KWD 0.000',
    ])
  })

  it('asks AvaTax only for what it knows', () => {
    const breaks = breaksOf(assembleReading('avalara', { invoices: [], creditNotes: [] }))
    expect(breaks.filter((found) => found.includes('total USD'))).toEqual([
      'avalara | total USD | invoiced | USD 440.00 | USD 0.00',
      'avalara | total USD | credited | USD 50.00 | USD 0.00',
      'avalara | total USD | tax | USD 30.00 | USD 0.00',
    ])
  })
})

describe('a record', () => {
  it.each([
    ['invoice in_paid', { invoices: without(MIRROR.invoices, 'in_paid') }, 'USD 110.00, paid'],
    ['invoice in_draft', { invoices: without(MIRROR.invoices, 'in_draft') }, 'USD 110.00, draft'],
    ['payment inpay_1', { payments: {} }, 'USD 110.00'],
    ['refund re_pending', { refunds: without(MIRROR.refunds, 're_pending') }, 'USD 1.00, pending'],
    ['credit note cn_void', { creditNotes: without(MIRROR.creditNotes, 'cn_void') }, 'USD 3.00, void'],
    ['customer cus_a', { customers: {} }, 'alive'],
    ['subscription sub_1', { subscriptions: {} }, 'active'],
  ])('%s is missing', (object, change: Rows, expected) => {
    expect(breaksOf(salesforceHolds(change))).toContain(
      `salesforce | ${object} | record | ${expected} | missing`,
    )
  })

  it.each([
    ['void of invoice in_void', { voids: {} }],
    ['write-off of invoice in_lost', { writeOffs: {} }],
  ])('%s is missing in the books', (object, change: Rows) => {
    expect(breaksOf(netsuiteHolds(change))).toEqual([`netsuite | ${object} | record | USD 110.00 | missing`])
  })

  it('is missing altogether when a system was not asked for its kind', () => {
    expect(breaksOf({ ...salesforceHolds(), subscriptions: undefined })).toEqual([
      'salesforce | subscription sub_1 | record | active | missing',
    ])
  })

  it.each([
    [
      'invoice in_draft',
      { invoices: { ...BOOKS.invoices, in_draft: booked } },
      'none: it is a draft in Stripe',
    ],
    [
      'invoice in_trial',
      { invoices: { ...BOOKS.invoices, in_trial: booked } },
      'none: nothing was sold on it',
    ],
    [
      'invoice in_else',
      { invoices: { ...BOOKS.invoices, in_else: booked } },
      'none: Stripe has no such object',
    ],
    [
      'refund re_pending',
      { refunds: { ...BOOKS.refunds, re_pending: memo } },
      'none: in Stripe it is pending',
    ],
    [
      'credit note cn_void',
      { creditNotes: { ...BOOKS.creditNotes, cn_void: memo } },
      'none: in Stripe it is void',
    ],
    [
      'void of invoice in_paid',
      { voids: { ...BOOKS.voids, in_paid: memo } },
      'none: it is not void in Stripe',
    ],
    [
      'write-off of invoice in_open',
      { writeOffs: { ...BOOKS.writeOffs, in_open: memo } },
      'none: it was never marked uncollectible in Stripe',
    ],
  ])('%s is one too many', (object, change: Rows, expected) => {
    expect(breaksOf(netsuiteHolds(change))).toContain(
      `netsuite | ${object} | record | ${expected} | USD 110.00`,
    )
  })

  it('is a draft, committed in AvaTax', () => {
    expect(breaksOf(avalaraHolds({ invoices: { ...TAX.invoices, in_draft: filed } }))).toContain(
      'avalara | invoice in_draft | record | none: it is a draft in Stripe | USD 110.00, issued',
    )
  })

  it('was taxed by Stripe and does not belong in AvaTax', () => {
    const stripe = stripeHolds({ in_open: { taxedByStripe: true } })
    expect(breaksOf(avalaraHolds({ invoices: without(TAX.invoices, 'in_open') }), stripe)).toEqual([])
    expect(breaksOf(avalaraHolds(), stripe)).toContain(
      "avalara | invoice in_open | record | none: Stripe's own engine taxes it | KWD 11.000, issued",
    )
  })

  it('is a customer that Stripe deleted and that lives on', () => {
    expect(
      breaksOf(salesforceHolds({ customers: { ...MIRROR.customers, cus_gone: { state: 'alive' } } })),
    ).toEqual(['salesforce | customer cus_gone | record | deleted: Stripe has no such customer | alive'])
  })

  it('is a customer that is marked deleted though Stripe has it', () => {
    expect(breaksOf(netsuiteHolds({ customers: { cus_a: { state: 'deleted' } } }))).toEqual([
      'netsuite | customer cus_a | state | alive | deleted',
    ])
  })

  it('stands twice: in the totals and by name', () => {
    const rows = listed(BOOKS)
    const twice = { ...rows, payments: [...(rows.payments ?? []), ...(rows.payments ?? [])] }
    expect(breaksOf(assembleReading('netsuite', twice))).toEqual([
      'netsuite | total USD | paid | USD 110.00 | USD 220.00',
      'netsuite | payment inpay_1 | record | once | more than once',
    ])
  })

  it('came twice from Stripe itself', () => {
    const stripe = { ...stripeHolds(), duplicates: [{ kind: 'refunds' as const, id: 're_1' }] }
    expect(shown(compare(stripe, []))).toEqual(['stripe | refund re_1 | record | once | more than once'])
  })

  it('is a refund of a payment that no invoice knows: mirrored, and not in the books', () => {
    const stripe = stripeHolds()
    stripe.refunds.set('re_1', { ...REFUND, invoice: undefined })
    expect(breaksOf(salesforceHolds(), stripe)).toEqual([])
    expect(breaksOf(netsuiteHolds(), stripe)).toEqual([
      'netsuite | total USD | refunded | USD 0.00 | USD 50.00',
      'netsuite | refund re_1 | record | none: in Stripe it is succeeded | USD 50.00',
    ])
  })

  it('stands for nothing in Stripe', () => {
    expect(breaksOf(netsuiteHolds({}, { strangers: ['CustCred in_paid-reversal'] }))).toEqual([
      'netsuite | CustCred in_paid-reversal | record | none: it stands for nothing in Stripe | stands',
    ])
  })

  it('belongs to an object that Stripe has, or to none', () => {
    const adjuncts = [
      { of: 'in_paid', document: 'CustCred in_paid-balance' },
      { of: 'in_gone', document: 'Journal in_gone-owed' },
      { of: 'cbtxn_1', document: 'Journal cbtxn_1', customer: 'cus_gone' },
      { of: 'cbtxn_2', document: 'Journal cbtxn_2', customer: 'cus_a' },
    ]
    expect(breaksOf(netsuiteHolds({}, { adjuncts }))).toEqual([
      'netsuite | Journal in_gone-owed | record | none: it stands for nothing in Stripe | stands',
      'netsuite | Journal cbtxn_2 | record | none: it stands for nothing in Stripe | stands',
    ])
  })
})

describe('a field differs', () => {
  it.each([
    ['total', { totalMinor: 11001n }, 'USD 110.00', 'USD 110.01'],
    ['tax', { taxMinor: 999n }, 'USD 10.00', 'USD 9.99'],
    ['paid', { paidMinor: 0n }, 'USD 110.00', 'USD 0.00'],
    ['credited', { creditedMinor: 0n }, 'USD 50.00', 'USD 0.00'],
    ['open', { openMinor: 1n }, 'USD 0.00', 'USD 0.01'],
    ['status', { status: 'open' }, 'paid', 'open'],
    ['customer', { customer: 'cus_b' }, 'cus_a', 'cus_b'],
    ['customer', { customer: undefined }, 'cus_a', 'nothing'],
    ['issued', { issued: false }, 'true', 'false'],
    ['currency', { currency: 'EUR' }, 'USD', 'EUR'],
  ])('on an invoice: %s', (field, change, expected, actual) => {
    const invoices = { ...MIRROR.invoices, in_paid: { ...mirrored('in_paid'), ...change } }
    expect(breaksOf(salesforceHolds({ invoices }))).toContain(
      `salesforce | invoice in_paid | ${field} | ${expected} | ${actual}`,
    )
  })

  it.each([
    [
      'payment inpay_1',
      'amount',
      { payments: { inpay_1: { ...PAYMENT, amountMinor: 1n } } },
      'USD 110.00',
      'USD 0.01',
    ],
    [
      'payment inpay_1',
      'invoice',
      { payments: { inpay_1: { ...PAYMENT, invoice: 'in_open' } } },
      'in_paid',
      'in_open',
    ],
    [
      'refund re_1',
      'status',
      { refunds: { ...MIRROR.refunds, re_1: { ...MIRROR.refunds.re_1, status: 'failed' } } },
      'succeeded',
      'failed',
    ],
    [
      'credit note cn_1',
      'tax',
      { creditNotes: { ...MIRROR.creditNotes, cn_1: { ...NOTE, taxMinor: 1n } } },
      'USD 0.00',
      'USD 0.01',
    ],
    [
      'subscription sub_1',
      'status',
      { subscriptions: { sub_1: { ...SUBSCRIPTION, status: 'past_due' } } },
      'active',
      'past_due',
    ],
  ])('%s: %s', (object, field, change: Rows, expected, actual) => {
    expect(breaksOf(salesforceHolds(change))).toContain(
      `salesforce | ${object} | ${field} | ${expected} | ${actual}`,
    )
  })

  it.each([
    ['in_open', 'KWD 11.000', 'KWD 0.000'],
    ['in_paid', 'USD 0.00', 'USD 0.01'],
    ['in_void', 'USD 0.00', 'USD 110.00'],
    ['in_lost', 'USD 0.00', 'USD 110.00'],
  ] as const)('what is open in the books on %s', (id, expected, actual) => {
    const openMinor = { in_open: 0n, in_paid: 1n, in_void: 11000n, in_lost: 11000n }[id]
    const invoices = { ...BOOKS.invoices, [id]: { ...BOOKS.invoices[id], openMinor } }
    expect(breaksOf(netsuiteHolds({ invoices }))).toEqual([
      `netsuite | invoice ${id} | open | ${expected} | ${actual}`,
    ])
  })

  it.each([
    ['in_void', 'status', { status: 'issued' }, 'void', 'issued'],
    ['in_paid', 'status', { status: 'Saved' }, 'issued', 'Saved'],
    ['in_self', 'untaxed', { untaxed: false }, 'true', 'false'],
    ['in_paid', 'untaxed', { untaxed: true }, 'false', 'true'],
  ] as const)('in AvaTax on %s: %s', (id, field, change, expected, actual) => {
    const invoices = { ...TAX.invoices, [id]: { ...TAX.invoices[id], ...change } }
    expect(breaksOf(avalaraHolds({ invoices }))).toEqual([
      `avalara | invoice ${id} | ${field} | ${expected} | ${actual}`,
    ])
  })
})

it('names an invoice that was a draft and was finalized untaxed', () => {
  const breaks = compare(stripeHolds({ in_open: { untaxed: true }, in_draft: { untaxed: false } }), [])
  expect(shown(breaks)).toEqual([
    'stripe | invoice in_open | tax | decided before it was finalized: it was a draft | finalized untaxed',
  ])
})
