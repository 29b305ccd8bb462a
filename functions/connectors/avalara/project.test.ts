import { describe, expect, test } from 'vitest'
import type { Calculation } from './calculation.ts'
import type { DocumentFacts } from './document.ts'
import { creditNoteOf, invoiceOf, lineOf, MARCH_31_EVENING, taxOf } from './objects.fixture.ts'
import { projectTax } from './project.ts'
import { taxOutcome, wasNeverTaxed } from './tax-outcome.ts'

const calculation: Calculation = {
  rates: { r1: { name: 'CA STATE TAX', percentage: '6', inclusive: false, level: 'state', country: 'US' } },
  lines: {
    il_1: {
      base: '10000',
      taxes: [{ rate: 'r1', amount: '600', taxable: '10000', reason: 'standard_rated' }],
    },
  },
}
const facts: DocumentFacts = {
  shipTo: { line1: '1 Main St', city: 'Los Angeles', region: 'CA', postalCode: '90012', country: 'US' },
  standing: { why: 'ordinary' },
  taxCodes: { prod_1: 'SW056000', '': 'SW056000' },
  timeZone: 'America/New_York',
}
const finalized = (over: Parameters<typeof invoiceOf>[0]) =>
  invoiceOf({
    status: 'open',
    number: 'ACME-0001',
    status_transitions: {
      finalized_at: MARCH_31_EVENING,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
    ...over,
  })
const recordOf = (invoice: ReturnType<typeof invoiceOf>) =>
  projectTax(invoice, { does: 'record', facts })[0]?.body

describe('a draft', () => {
  const tax = (over: object, keptByStripe = false) =>
    projectTax(invoiceOf(over), { does: 'tax', calculation, keptByStripe })[0]

  test('carries the calculation, and is released as it was found', () => {
    expect(tax({})).toEqual({
      kind: 'stripeTax',
      externalId: 'in_1',
      requires: [],
      body: { former: 'true', release: true, ...calculation },
    })
  })

  test('looks the same before and after our own hold', () => {
    const held = tax({ auto_advance: false, metadata: { switchyard_hold: 'true' } })
    expect(held).toEqual(tax({ auto_advance: true }))
  })

  test('that did not advance is taxed and never released', () => {
    expect(tax({ auto_advance: false })?.body).toMatchObject({ former: 'false', release: false })
    expect(tax({ auto_advance: false, metadata: { switchyard_hold: 'false' } })?.body).toMatchObject({
      release: false,
    })
  })

  test('kept by Stripe is not released; switched on again by a person, it is', () => {
    expect(tax({}, true)?.body).toMatchObject({ former: 'true', release: false })
    expect(tax({ auto_advance: true, metadata: { switchyard_hold: 'false' } })?.body).toMatchObject({
      release: true,
    })
  })
})

describe('a finalized invoice', () => {
  test('is committed as charged, dated in the seller’s time zone', () => {
    const invoice = finalized({
      total: 9652,
      lines: [
        lineOf({
          id: 'il_b',
          amount: 10000,
          discount_amounts: [{ amount: 1000, discount: 'di_1' }],
          taxes: [taxOf(600), taxOf(52)],
        }),
        lineOf({ id: 'il_a', amount: 0 }),
      ],
    })
    expect(projectTax(invoice, { does: 'record', facts })).toEqual([
      {
        kind: 'transaction',
        externalId: 'in_1',
        requires: [],
        body: {
          type: 'SalesInvoice',
          code: 'in_1',
          status: 'Committed',
          date: '2026-03-31',
          currency: 'USD',
          customerCode: 'cus_1',
          referenceCode: 'ACME-0001',
          shipTo: facts.shipTo,
          lines: [
            { number: 'il_a', itemCode: 'prod_1', taxCode: 'SW056000', amount: '0.00', tax: '0.00' },
            { number: 'il_b', itemCode: 'prod_1', taxCode: 'SW056000', amount: '90.00', tax: '6.52' },
          ],
        },
      },
    ])
  })

  test('with inclusive tax is recorded net of it', () => {
    const body = recordOf(
      finalized({
        currency: 'eur',
        total: 11900,
        lines: [lineOf({ id: 'il_1', amount: 11900, taxes: [taxOf(1900, { tax_behavior: 'inclusive' })] })],
      }),
    )
    expect(body?.lines).toMatchObject([{ amount: '100.00', tax: '19.00' }])
  })

  test('yen and dinars keep their own decimals', () => {
    const yen = finalized({
      currency: 'jpy',
      total: 1100,
      lines: [lineOf({ id: 'il_1', amount: 1000, taxes: [taxOf(100)] })],
    })
    expect(recordOf(yen)).toMatchObject({ currency: 'JPY', lines: [{ amount: '1000', tax: '100' }] })
    const dinar = finalized({
      currency: 'kwd',
      total: 12340,
      lines: [lineOf({ id: 'il_1', amount: 12340, taxes: [taxOf(0)] })],
    })
    expect(recordOf(dinar)).toMatchObject({ currency: 'KWD', lines: [{ amount: '12.340', tax: '0.000' }] })
  })

  test('voided keeps the same document, cancelled', () => {
    const paid = finalized({
      total: 10600,
      lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(600)] })],
    })
    const voided = { ...paid, status: 'void' as const }
    expect(recordOf(voided)).toEqual({ ...recordOf(paid), status: 'Cancelled' })
    expect(recordOf({ ...paid, status: 'uncollectible' })).toEqual(recordOf(paid))
  })

  test('whose lines do not come to its total is parked, not recorded', () => {
    expect(() => recordOf(finalized({ total: 10001 }))).toThrow(
      expect.objectContaining({ kind: 'permanent', code: 'TAX-SUM' }),
    )
  })
})

describe('finalized untaxed', () => {
  test('a charged line without any tax entry is flagged on the document, and stays flagged when voided', () => {
    const never = finalized({ status: 'paid' })
    expect(wasNeverTaxed(never)).toBe(true)
    expect(recordOf(never)).toMatchObject({ referenceCode: 'FINALIZED_UNTAXED', lines: [{ tax: '0.00' }] })
    const voided = { ...never, status: 'void' as const }
    expect(wasNeverTaxed(voided)).toBe(false)
    expect(recordOf(voided)).toMatchObject({ referenceCode: 'FINALIZED_UNTAXED', status: 'Cancelled' })
  })

  test('one line added after the tax was written is enough', () => {
    const lines = [
      lineOf({ id: 'il_1', amount: 5000, taxes: [taxOf(300)] }),
      lineOf({ id: 'il_2', amount: 5000 }),
    ]
    expect(wasNeverTaxed(finalized({ lines }))).toBe(true)
  })

  test.each([
    ['automatic_tax', { automatic_tax: { enabled: true } }],
    ['zero_invoice', { total: 0, lines: [lineOf({ id: 'il_1', amount: 0 })] }],
    ['taxed', { lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(1)] })] }],
    [
      'zero_with_reason',
      {
        lines: [
          lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(0, { taxability_reason: 'not_collecting' })] }),
        ],
      },
    ],
    ['zero_with_reason', { customer_tax_exempt: 'exempt' }],
  ] as const)('%s is not', (outcome, over) => {
    const invoice = finalized({ ...over, lines: 'lines' in over ? [...over.lines] : undefined })
    expect(taxOutcome(invoice)).toBe(outcome)
    expect(wasNeverTaxed(invoice)).toBe(false)
  })
})

test('a credit note returns the charged tax at the original’s tax date', () => {
  const invoice = finalized({
    total: 10600,
    lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(600)] })],
  })
  const creditNote = creditNoteOf({
    total: 5300,
    lines: [
      {
        id: 'cnli_1',
        amount: 5000,
        discount_amount: 0,
        discount_amounts: [],
        invoice_line_item: 'il_1',
        pretax_credit_amounts: [],
        taxes: [taxOf(300)],
        type: 'invoice_line_item',
      },
    ],
  })
  expect(projectTax(creditNote, { does: 'return', facts, invoice })).toEqual([
    {
      kind: 'transaction',
      externalId: 'cn_1',
      requires: [{ type: 'invoice', id: 'in_1' }],
      body: {
        type: 'ReturnInvoice',
        code: 'cn_1',
        status: 'Committed',
        date: '2026-04-01',
        taxDate: '2026-03-31',
        currency: 'USD',
        customerCode: 'cus_1',
        referenceCode: 'ACME-0001-CN-01',
        shipTo: facts.shipTo,
        lines: [
          { number: 'cnli_1', itemCode: 'prod_1', taxCode: 'SW056000', amount: '-50.00', tax: '-3.00' },
        ],
      },
    },
  ])
  const voided = projectTax({ ...creditNote, status: 'void' }, { does: 'return', facts, invoice })
  expect(voided[0]?.body).toMatchObject({ status: 'Cancelled' })
})

test('what is left alone has no records', () => {
  expect(
    projectTax(invoiceOf({ automatic_tax: { enabled: true } }), { does: 'nothing', why: 'automatic_tax' }),
  ).toEqual([])
})
