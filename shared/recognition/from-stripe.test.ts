// Stripe's objects as revenue: what a line is worth, when an invoice counts, what a credit note takes.
import { describe, expect, it } from 'vitest'
import { type Books, recognize } from './books.ts'
import { findBreaks, invoiceBreaks } from './breaks.ts'
import { billedInvoice, creditOf } from './from-stripe.ts'
import { revenueOf, spoken } from './recognition.fixture.ts'
import { recut } from './recut.ts'
import { at, context, invoice, type LineInput, linesOf, note, november } from './stripe.fixture.ts'

describe('what a line is worth', () => {
  it.each<[string, LineInput, bigint]>([
    ['its amount', { amount: 100_00 }, 100_00n],
    ['less its discounts, both of them', { amount: 100_00, discounts: [10_00, 4_50] }, 85_50n],
    [
      'without tax that comes on top',
      { amount: 100_00, taxes: [{ amount: 19_00, tax_behavior: 'exclusive' }] },
      100_00n,
    ],
    [
      'less tax that is inside, after the discount: 119.00 − 11.90 − 17.10',
      { amount: 119_00, discounts: [11_90], taxes: [{ amount: 17_10, tax_behavior: 'inclusive' }] },
      90_00n,
    ],
    [
      'less two inclusive taxes and no exclusive one',
      {
        amount: 110_00,
        taxes: [
          { amount: 6_00, tax_behavior: 'inclusive' },
          { amount: 4_00, tax_behavior: 'inclusive' },
          { amount: 1_00, tax_behavior: 'exclusive' },
        ],
      },
      100_00n,
    ],
    [
      'less billing credits, which are not the discounts repeated',
      { amount: 100_00, discounts: [10_00], credits: [30_00] },
      60_00n,
    ],
    [
      'negative for unused time, with its negative inclusive tax',
      { amount: -59_50, taxes: [{ amount: -9_50, tax_behavior: 'inclusive' }] },
      -50_00n,
    ],
    ['zero', { amount: 0 }, 0n],
    ['zero after a discount of all', { amount: 20_00, discounts: [20_00] }, 0n],
  ])('%s', (_name, input, expected) => {
    expect(linesOf([input])[0]?.netMinor).toBe(expected)
  })

  it('keeps JPY whole and KWD in thousandths', () => {
    expect(linesOf([{ amount: 1_000 }], {}, { currency: 'jpy' })[0]?.netMinor).toBe(1_000n)
    expect(linesOf([{ amount: 12_340 }], {}, { currency: 'kwd' })[0]?.netMinor).toBe(12_340n)
  })

  it('reads no Decimal: strings of a webhook and the SDK’s objects give the same', () => {
    const wire = { quantity: 1, quantity_decimal: '1.5' }
    const sdk = { quantity: 1, quantity_decimal: { toString: () => '1.5' } }
    expect(linesOf([{ amount: 15_00, more: wire }])).toEqual(linesOf([{ amount: 15_00, more: sdk }]))
  })

  it('finds what the lines do not explain', () => {
    const billed = billedInvoice(invoice([{ amount: 100_00 }], { total: 101_00 }), context())
    if (!billed) throw new Error('a draft')
    expect(invoiceBreaks([recut(billed, []).invoice])).toMatchObject([
      { code: 'lines-differ-from-invoice', expectedMinor: 101_00n, actualMinor: 100_00n },
    ])
  })
})

describe('an invoice', () => {
  it('is nothing while it is a draft', () => {
    expect(billedInvoice(invoice([{ amount: 1 }], { status: 'draft' }), context())).toBeUndefined()
    const never = invoice([{ amount: 1 }], { status_transitions: { finalized_at: null } })
    expect(billedInvoice(never, context())).toBeUndefined()
  })

  it('bears its effective date, and the month its document was posted to', () => {
    const backdated = invoice([], { effective_at: at('2026-09-15T00:00:00Z') })
    expect(billedInvoice(backdated, context())).toMatchObject({
      invoicedOn: '2026-09-15',
      bookedIn: '2026-09',
    })
    const posted = context({}, { bookedIn: new Map([['in_1', '2026-10']]) })
    expect(billedInvoice(backdated, posted)).toMatchObject({ invoicedOn: '2026-09-15', bookedIn: '2026-10' })
  })

  it('written off: revenue stands (bad debt is an expense); voided: it does not', () => {
    const lines = [{ amount: 30_00, ...november }]
    const revenue = (transitions: object) => {
      const billed = billedInvoice(invoice(lines, { status_transitions: transitions }), context())
      if (!billed) throw new Error('a draft')
      return revenueOf(recut(billed, []).invoice)
    }
    expect(revenue({ marked_uncollectible_at: at('2026-12-15T00:00:00Z') })).toEqual({ '2026-11': '30.00' })
    expect(revenue({ voided_at: at('2026-12-15T00:00:00Z') })).toEqual({
      '2026-11': '30.00',
      '2026-12': '-30.00',
    })
  })

  it('with shipping has it as one more line, delivered with the invoice', () => {
    const shipped = invoice([{ amount: 10_00 }], {
      shipping_cost: { amount_subtotal: 5_95, amount_tax: 95, amount_total: 5_95 },
      total: 15_95,
      total_taxes: [{ amount: 95 }],
    })
    const keys = { byProduct: { prod_team: 'plan' }, shipping: 'freight' }
    const billed = billedInvoice(shipped, context({ revenueKeys: keys }))
    expect(billed?.lines[1]).toEqual({
      lineId: 'in_1:shipping',
      netMinor: 5_00n,
      revenueKey: 'freight',
      timing: 'delivery',
      service: { from: '2026-10-01', until: '2026-10-02' },
    })
    expect(billed?.totalNetMinor).toBe(15_00n)
    expect(() => billedInvoice(shipped, context())).toThrow('shipping has no revenue key')
  })

  it('is refused with its number, its amount and who mends it', () => {
    const priced = invoice([{ amount: 1190_00, price: 'price_gone' }], { currency: 'eur' })
    expect(() => billedInvoice(priced, context())).toThrow(
      'The revenue of INV-0042 (EUR 1190.00) cannot be scheduled: the terms of price price_gone are not known (field pricing.price_details.price). Nothing was recognized for it.',
    )
    const unmapped = invoice([{ amount: 5_00, product: 'prod_new' }])
    expect(() => billedInvoice(unmapped, context())).toThrow(
      expect.objectContaining({
        kind: 'permanent',
        code: 'REVREC-KEY',
        hint: 'Engineering: hub.config.ts → netsuite.revenue.products: add prod_new with its revenue key. Then: hub recognize',
      }),
    )
    const cut = invoice([{ amount: 1 }], { lines: { data: [], has_more: true } })
    expect(() => billedInvoice(cut, context())).toThrow('in_1 has more lines than were fetched')
  })
})

describe('a credit note', () => {
  it('credits lines net of their discounts and of tax inside them', () => {
    const inclusive = [{ amount: 17_10, tax_behavior: 'inclusive' }]
    const exclusive = [{ amount: 1_90, tax_behavior: 'exclusive' }]
    const credit = creditOf(
      note({
        total: 107_10 + 11_90,
        taxes: [...inclusive, ...exclusive],
        lines: [
          { amount: 119_00, of: 'il_1', discounts: [11_90], taxes: inclusive },
          { amount: 10_00, of: 'il_2', taxes: exclusive },
        ],
      }),
      context(),
    )
    expect(credit).toEqual({
      creditId: 'cn_1',
      on: '2026-11-09',
      bookedIn: '2026-11',
      parts: [
        { lineId: 'il_1', netMinor: 90_00n },
        { lineId: 'il_2', netMinor: 10_00n },
      ],
      spreadMinor: 0n,
    })
  })

  it('spreads what names no line: a custom line, and a note without lines', () => {
    const custom = note({ total: 15_00, lines: [{ amount: 10_00, of: 'il_1' }, { amount: 5_00 }] })
    expect(creditOf(custom, context())).toMatchObject({
      parts: [{ lineId: 'il_1', netMinor: 10_00n }],
      spreadMinor: 5_00n,
    })
    const bare = note({ total: 11_90, taxes: [{ amount: 1_90, tax_behavior: 'exclusive' }] })
    expect(creditOf(bare, context())).toMatchObject({ parts: [], spreadMinor: 10_00n })
  })

  it('credits shipping on the shipping line', () => {
    const shipped = note({
      total: 5_95,
      taxes: [{ amount: 95, tax_behavior: 'exclusive' }],
      changes: { shipping_cost: { amount_subtotal: 5_00, amount_tax: 95, amount_total: 5_95 } },
    })
    expect(creditOf(shipped, context())).toMatchObject({
      parts: [{ lineId: 'in_1:shipping', netMinor: 5_00n }],
      spreadMinor: 0n,
    })
  })

  it('bears its effective date, its voiding, and the months both were posted to', () => {
    const voided = note({
      total: 10_00,
      changes: {
        effective_at: at('2026-10-31T12:00:00Z'),
        status: 'void',
        voided_at: at('2026-12-02T00:00:00Z'),
      },
    })
    expect(creditOf(voided, context())).toMatchObject({
      on: '2026-10-31',
      bookedIn: '2026-10',
      voided: { on: '2026-12-02', bookedIn: '2026-12' },
    })
    const bookedIn = new Map([
      ['cn_1', '2026-11'],
      ['cn_1:void', '2027-01'],
    ])
    expect(creditOf(voided, context({}, { bookedIn }))).toMatchObject({
      on: '2026-10-31',
      bookedIn: '2026-11',
      voided: { on: '2026-12-02', bookedIn: '2027-01' },
    })
  })

  it('of which the lines are cut off is refused', () => {
    const cut = note({ total: 1, changes: { lines: { data: [], has_more: true } } })
    expect(() => creditOf(cut, context())).toThrow('cn_1 has more lines than were fetched')
  })
})

describe('from Stripe to the books', () => {
  it('an upgrade with inclusive tax, then a credit note on the new plan: every month by hand', () => {
    // Unused time −71.40 gross is −60.00 net (20 days of 3.00), the new plan 95.20 is 80.00: both from 21 October.
    const own = { start: '2026-10-21T09:00:00Z', end: '2026-11-10T09:00:00Z' }
    const parent = {
      type: 'subscription_item_details',
      subscription_item_details: { proration: true },
      invoice_item_details: null,
    }
    const upgrade = invoice(
      [
        { amount: -71_40, ...own, parent, taxes: [{ amount: -11_40, tax_behavior: 'inclusive' }] },
        { amount: 95_20, ...own, parent, taxes: [{ amount: 15_20, tax_behavior: 'inclusive' }] },
      ],
      { currency: 'eur', status_transitions: { finalized_at: at('2026-10-21T09:00:00Z') } },
    )
    const credited = note({
      total: 23_80,
      taxes: [{ amount: 3_80, tax_behavior: 'inclusive' }],
      lines: [{ amount: 23_80, of: 'il_2', taxes: [{ amount: 3_80, tax_behavior: 'inclusive' }] }],
      changes: { currency: 'eur', created: at('2026-11-03T00:00:00Z') },
    })
    const billed = billedInvoice(upgrade, context())
    if (!billed) throw new Error('a draft')
    const cut = recut(billed, [creditOf(credited, context())])
    const books: Books = { posted: [] }
    expect(cut.breaks).toEqual([])
    expect(findBreaks([cut.invoice], books, '2026-12')).toEqual([])
    // Net −60.00 and +80.00 over 20 days, 11 of them in October: −33.00 + 44.00. Then 20.00 of the 80.00 go: 60.00 in
    // all less 44.00, and −27.00.
    expect(
      spoken(
        recognize([cut.invoice], books).flatMap((each) => each.months),
        'EUR',
      ),
    ).toEqual({
      '2026-10': '11.00',
      '2026-11': '-11.00',
    })
  })

  it('sixty lines with a discount and inclusive tax each tie to the invoice', () => {
    const lines = Array.from({ length: 60 }, () => ({
      amount: 11_90,
      discounts: [1_19],
      taxes: [{ amount: 1_71, tax_behavior: 'inclusive' }],
      ...november,
    }))
    const billed = billedInvoice(invoice(lines), context())
    if (!billed) throw new Error('a draft')
    expect(billed.totalNetMinor).toBe(540_00n)
    expect(findBreaks([recut(billed, []).invoice], { posted: [] }, '2026-12')).toEqual([])
  })
})
