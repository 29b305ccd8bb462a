import { describe, expect, test } from 'vitest'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { isHubError } from '../../../shared/errors.ts'
import type { Context } from './books.ts'
import {
  booksOf,
  configOf,
  creditNote,
  customer,
  day,
  dispute,
  inNovember,
  invoice,
  invoiceContext,
  refund,
} from './objects.fixture.ts'
import { choosePeriod } from './periods.ts'
import { project, type Root, standInCustomer } from './project.ts'

const config = configOf()
const itemsOf = (record: RemoteRecord | undefined) =>
  (record?.body.item as { items: unknown[] } | undefined)?.items
const names = (records: RemoteRecord[]) => records.map(({ kind, externalId }) => `${kind}/${externalId}`)

function refused(
  object: Root,
  context: Context,
  using = config,
): { code: string; message: string; hint: string } {
  try {
    project(object, context, using)
  } catch (error) {
    if (isHubError(error) && error.kind === 'permanent') {
      return { code: error.code, message: error.message, hint: error.hint ?? '' }
    }
    throw error
  }
  throw new Error('It was projected.')
}

describe('customer', () => {
  const context: Context = { root: 'customer', subsidiaryName: 'us', waitsForCurrency: false }

  test('has no record while a rule goes by currency and Stripe knows none yet', () => {
    expect(project(customer(), { ...context, waitsForCurrency: true }, config)).toEqual([])
  })

  test('is a company with a unique entity id, billable in every mapped currency', () => {
    const address = {
      line1: '1 Main St',
      line2: null,
      city: 'Springfield',
      state: 'IL',
      postal_code: '62701',
      country: 'US',
    }
    expect(project(customer({ address }), context, config)).toEqual([
      {
        kind: 'customer',
        externalId: 'cus_1',
        body: {
          entityId: 'cus_1',
          isPerson: false,
          companyName: 'Acme',
          email: 'billing@acme.test',
          subsidiary: { id: '1' },
          currency: { id: '1' },
          currencyList: {
            items: [
              { currency: { id: '2' } },
              { currency: { id: '3' } },
              { currency: { id: '4' } },
              { currency: { id: '5' } },
            ],
          },
          addressBook: {
            items: [
              {
                label: 'Stripe',
                defaultBilling: true,
                defaultShipping: true,
                addressBookAddress: {
                  addr1: '1 Main St',
                  city: 'Springfield',
                  state: 'IL',
                  zip: '62701',
                  country: { id: 'US' },
                },
              },
            ],
          },
          isInactive: false,
        },
        requires: [],
      },
    ])
  })

  test('without a name is called by its email address; without both it parks', () => {
    expect(project(customer({ name: null }), context, config)[0]?.body.companyName).toBe('billing@acme.test')
    const parked = refused(customer({ name: '  ', email: null }), context)
    expect(parked.code).toBe('NS-NAME')
    expect(parked.message).toContain('field name')
  })

  test('with a name of 300 emoji parks and names the field', () => {
    const parked = refused(customer({ name: '🎉'.repeat(300) }), context)
    expect(parked.code).toBe('NS-NAME')
    expect(parked.message).toBe(
      'Customer cus_1 is not in NetSuite: its name has 600 characters (field name), and NetSuite takes 83. Nothing was posted.',
    )
  })

  test('deleted before NetSuite knew it stands in, inactive, from the invoice', () => {
    const [record] = standInCustomer(
      { type: 'customer', id: 'cus_9' },
      invoice({ total: 100, lines: [{ amount: 100 }] }),
      config,
    )
    expect(record?.externalId).toBe('cus_9')
    expect(record?.body.companyName).toBe('Acme')
    expect(record?.body.isInactive).toBe(true)
    // A dispute has only its charge's copy.
    expect(standInCustomer({ type: 'customer', id: 'cus_9' }, dispute([]), config)).toEqual([record])
  })
})

describe('invoice', () => {
  test('carries net lines, exclusive tax as a liability item, its own service days, and its payment', () => {
    const object = invoice({
      total: 17_985,
      lines: [
        { amount: 15_000, quantity: 3, discount: 1_500, tax: { amount: 1_185, taxable: 13_500 } },
        {
          amount: 5_000,
          product: 'prod_seats',
          description: 'Remaining time on 2 × Seats after 16 Nov 2026',
          period: { start: Date.UTC(2026, 10, 16) / 1_000, end: Date.UTC(2026, 11, 1) / 1_000 },
          tax: { amount: 300, rate: 'txr_2' },
        },
        { amount: -2_000, product: 'prod_seats', description: 'Unused time' },
      ],
      payments: [{ id: 'inpay_1', amount: 17_985, paidAt: day(3) }],
      changes: { status: 'paid', custom_fields: [{ name: 'PO', value: 'PO-7781' }] },
    })
    const records = project(object, invoiceContext(), config)
    expect(records).toEqual([
      {
        kind: 'invoice',
        externalId: 'in_1',
        body: {
          entity: { $record: 'customer/cus_1' },
          subsidiary: { id: '1' },
          currency: { id: '1' },
          account: { id: '111' },
          tranDate: '2026-11-02',
          postingPeriod: { id: '31' },
          memo: 'Stripe Invoice INV-0042 in_1',
          dueDate: '2026-11-02',
          otherRefNum: 'PO-7781',
          item: {
            items: [
              {
                item: { id: '801' },
                description: 'Team plan',
                quantity: '3',
                price: { id: '-1' },
                amount: '135.00',
                revRecStartDate: '2026-11-01',
                revRecEndDate: '2026-11-30',
              },
              {
                item: { id: '804' },
                description: 'Remaining time on 2 × Seats after 16 Nov 2026',
                quantity: '1',
                price: { id: '-1' },
                amount: '50.00',
                revRecStartDate: '2026-11-16',
                revRecEndDate: '2026-11-30',
              },
              {
                item: { id: '804' },
                description: 'Unused time',
                quantity: '1',
                price: { id: '-1' },
                amount: '-20.00',
                revRecStartDate: '2026-11-01',
                revRecEndDate: '2026-11-30',
              },
              {
                item: { id: '808' },
                description: 'Tax txr_1',
                quantity: '1',
                price: { id: '-1' },
                amount: '11.85',
              },
              {
                item: { id: '808' },
                description: 'Tax txr_2',
                quantity: '1',
                price: { id: '-1' },
                amount: '3.00',
              },
            ],
          },
        },
        requires: [{ type: 'customer', id: 'cus_1' }],
        frozen: true,
      },
      {
        kind: 'customerPayment',
        externalId: 'inpay_1',
        body: {
          customer: { $record: 'customer/cus_1' },
          subsidiary: { id: '1' },
          currency: { id: '1' },
          arAcct: { id: '111' },
          tranDate: '2026-11-03',
          postingPeriod: { id: '31' },
          memo: 'Stripe Payment INV-0042 inpay_1',
          account: { id: '121' },
          payment: '179.85',
          apply: { items: [{ doc: { $record: 'invoice/in_1' }, apply: true, amount: '179.85' }] },
        },
        requires: [{ type: 'customer', id: 'cus_1' }],
        frozen: true,
      },
    ])
  })

  test('with inclusive tax posts the line net of it: EUR 119.00 = 100.00 + 19.00', () => {
    const object = invoice({
      currency: 'eur',
      total: 11_900,
      lines: [{ amount: 11_900, tax: { amount: 1_900, inclusive: true, taxable: 10_000 } }],
    })
    expect(itemsOf(project(object, invoiceContext('EUR'), config)[0])).toMatchObject([
      { item: { id: '801' }, amount: '100.00' },
      { item: { id: '808' }, amount: '19.00' },
    ])
  })

  test.each([
    ['jpy', 'JPY', 1_190, '1190', '114', '124'],
    ['kwd', 'KWD', 12_340, '12.340', '115', '125'],
  ] as const)('in %s keeps its own decimals', (currency, code, total, decimal, receivable, clearing) => {
    const object = invoice({
      currency,
      total,
      lines: [{ amount: total }],
      payments: [{ id: 'inpay_1', amount: total, paidAt: day(3) }],
      changes: { status: 'paid' },
    })
    const [document, payment] = project(object, invoiceContext(code), config)
    expect(itemsOf(document)).toMatchObject([{ amount: decimal }])
    expect(document?.body.account).toEqual({ id: receivable })
    expect(payment?.body.payment).toBe(decimal)
    expect(payment?.body.account).toEqual({ id: clearing })
  })

  test('takes its date in the zone of the books', () => {
    const object = invoice({ total: 100, lines: [{ amount: 100 }], changes: { effective_at: day(2, 23) } })
    const berlin = configOf({ timeZone: 'Europe/Berlin' })
    expect(project(object, invoiceContext(), berlin)[0]?.body.tranDate).toBe('2026-11-03')
  })

  test('says on the record that its period was closed', () => {
    const object = invoice({ total: 100, lines: [{ amount: 100 }] })
    const context = {
      ...invoiceContext(),
      periods: { 'invoice/in_1': { id: '32', name: 'Dec 2026', insteadOf: 'Nov 2026' } },
    }
    const [record] = project(object, context, config)
    expect(record?.body.tranDate).toBe('2026-11-02')
    expect(record?.body.postingPeriod).toEqual({ id: '32' })
    expect(record?.body.memo).toBe('Stripe Invoice INV-0042 in_1 · posted to Dec 2026: Nov 2026 was closed')
  })

  test('voided is reversed line by line on the day it was voided, applied in full', () => {
    const object = invoice({
      total: 10_800,
      lines: [{ amount: 10_000, tax: { amount: 800 } }],
      transitions: { voided_at: day(20) },
      changes: { status: 'void' },
    })
    const records = project(object, invoiceContext(), config)
    expect(names(records)).toEqual(['invoice/in_1', 'creditMemo/in_1-void'])
    expect(records[1]?.body).toMatchObject({
      account: { id: '111' },
      tranDate: '2026-11-20',
      memo: 'Stripe Void INV-0042 in_1',
      apply: { items: [{ doc: { $record: 'invoice/in_1' }, apply: true, amount: '108.00' }] },
    })
    expect(itemsOf(records[1])).toMatchObject([{ amount: '100.00' }, { item: { id: '808' }, amount: '8.00' }])
  })

  test('voided after a credit note reverses only what was left, in proportion, to the cent', () => {
    const object = invoice({
      total: 10_000,
      lines: [{ amount: 3_333 }, { amount: 3_333 }, { amount: 3_334 }],
      transitions: { voided_at: day(20) },
      changes: { status: 'void', pre_payment_credit_notes_amount: 3_000 },
    })
    const notes = [creditNote({ total: 3_000, prePayment: 3_000, lines: [] })]
    const memo = project(object, invoiceContext('USD', notes), config)[1]
    // 70 %: 2333.1, 2333.1, 2333.8 → 2333 + 2333 + 2333, and the last cent on the largest.
    expect(itemsOf(memo)).toMatchObject([{ amount: '23.33' }, { amount: '23.33' }, { amount: '23.34' }])
    expect(memo?.body.apply).toMatchObject({ items: [{ amount: '70.00' }] })
  })

  test('uncollectible after a part was paid writes the rest off to bad debt', () => {
    const object = invoice({
      total: 10_000,
      lines: [{ amount: 10_000 }],
      payments: [{ id: 'inpay_1', amount: 4_000, paidAt: day(5) }],
      transitions: { marked_uncollectible_at: day(18) },
      changes: { status: 'uncollectible' },
    })
    const records = project(object, invoiceContext(), config)
    expect(names(records)).toEqual(['invoice/in_1', 'customerPayment/inpay_1', 'creditMemo/in_1-writeoff'])
    expect(records[2]?.body).toMatchObject({
      tranDate: '2026-11-18',
      item: { items: [{ item: { id: '810' }, amount: '60.00' }] },
      apply: { items: [{ doc: { $record: 'invoice/in_1' }, apply: true, amount: '60.00' }] },
    })
  })

  test('the write-off does not shrink when a credit note follows it', () => {
    const object = invoice({
      total: 10_000,
      lines: [{ amount: 10_000 }],
      transitions: { marked_uncollectible_at: day(18) },
      changes: { status: 'uncollectible', pre_payment_credit_notes_amount: 2_000 },
    })
    const later = [creditNote({ total: 2_000, prePayment: 2_000, lines: [], created: day(19) })]
    expect(project(object, invoiceContext('USD', later), config)[1]?.body).toMatchObject({
      item: { items: [{ amount: '100.00' }] },
    })
  })

  test('drafts and invoices of zero lines have no document; zero in total does, if its lines are not', () => {
    const draft = invoice({
      total: 100,
      lines: [{ amount: 100 }],
      changes: { status: 'draft' },
      transitions: { finalized_at: null },
    })
    expect(project(draft, invoiceContext(), config)).toEqual([])
    expect(
      project(
        invoice({ total: 0, lines: [{ amount: 0 }], changes: { status: 'paid' } }),
        invoiceContext(),
        config,
      ),
    ).toEqual([])
    const evenedOut = invoice({
      total: 0,
      lines: [{ amount: 500 }, { amount: -500 }],
      changes: { status: 'paid' },
    })
    expect(itemsOf(project(evenedOut, invoiceContext(), config)[0])).toMatchObject([
      { amount: '5.00' },
      { amount: '-5.00' },
    ])
  })

  test.each([
    ['a negative total', { total: -500, lines: [{ amount: -500 }] }, {}, 'NS-NEGATIVE'],
    ['customer balance', {}, { starting_balance: -300, ending_balance: 0 }, 'NS-BALANCE'],
    ['an overpayment', {}, { amount_overpaid: 100 }, 'NS-BALANCE'],
    ['a payment nobody lists', {}, { status: 'paid' }, 'NS-PAID-OTHERWISE'],
    ['lines that do not sum to the total', { total: 10_001 }, {}, 'NS-SUM'],
    ['an unmapped product', { lines: [{ amount: 10_000, product: 'prod_new' }] }, {}, 'NS-ITEM'],
    [
      'a purchase order number of 46 characters',
      {},
      { custom_fields: [{ name: 'PO', value: 'x'.repeat(46) }] },
      'NS-PO',
    ],
  ])('with %s parks', (_what, input, changes, code) => {
    const object = invoice({ total: 10_000, lines: [{ amount: 10_000 }], ...input, changes })
    expect(refused(object, invoiceContext()).code).toBe(code)
  })

  test('paid after it was written off parks without an account for that, and says what the books need meanwhile', () => {
    const object = invoice({
      total: 10_000,
      lines: [{ amount: 10_000 }],
      payments: [{ id: 'inpay_1', amount: 10_000, paidAt: day(20) }],
      transitions: { marked_uncollectible_at: day(18) },
      changes: { status: 'paid' },
    })
    const parked = refused(object, invoiceContext())
    expect(parked.code).toBe('NS-PAID-AFTER-WRITE-OFF')
    expect(parked.hint).toContain('enter the recovery')
    expect(parked.hint).toContain('hub.config.ts → netsuite.recoveryAccount')
  })

  test('an unmapped product waits for the product and names the line to add', () => {
    const object = invoice({ total: 10_000, lines: [{ amount: 10_000, product: 'prod_new' }] })
    const parked = refused(object, invoiceContext())
    expect(parked.message).toBe(
      'INV-0042 (USD 100.00) is not in NetSuite: product prod_new has no NetSuite item (field product). Nothing was posted.',
    )
    expect(parked.hint).toContain('hub.config.ts → netsuite.items["prod_new"]')
    expect(parked.hint).toContain('metadata netsuite_item')
  })

  test('a currency without receivable or clearing account parks and names the line to add', () => {
    const object = invoice({ currency: 'gbp', total: 100, lines: [{ amount: 100 }] })
    const context = {
      ...invoiceContext(),
      books: { ...booksOf('USD'), currencyId: '3', receivableId: undefined },
    }
    expect(refused(object, context).hint).toContain('netsuite.subsidiaries.us.receivable.GBP')
  })

  test('a payment out of band posts to its own account, or parks without one', () => {
    const object = invoice({
      total: 10_000,
      lines: [{ amount: 10_000 }],
      payments: [{ id: 'inpay_1', amount: 10_000, paidAt: day(5), outOfBand: true }],
      changes: { status: 'paid' },
    })
    expect(refused(object, invoiceContext()).code).toBe('NS-OUT-OF-BAND')
    const context = { ...invoiceContext(), books: { ...booksOf('USD'), outOfBandId: '131' } }
    expect(project(object, context, config)[1]?.body.account).toEqual({ id: '131' })
  })

  test('over 200 lines, tax lines counted, parks', () => {
    const lines = Array.from({ length: 200 }, () => ({ amount: 100, tax: { amount: 8 } }))
    const parked = refused(invoice({ total: 21_600, lines }), invoiceContext())
    expect(parked.code).toBe('NS-LINES')
    expect(parked.message).toContain('201 lines')
  })

  test('with SuiteTax overrides the tax of each line', () => {
    const suitetax = configOf({ tax: { mode: 'suitetax', taxCode: '1', taxType: '1' } })
    const context = { ...invoiceContext(), books: { ...booksOf('USD'), taxPercentages: { txr_1: '8.25' } } }
    const object = invoice({ total: 10_825, lines: [{ amount: 10_000, tax: { amount: 825 } }] })
    const [record] = project(object, context, suitetax)
    expect(record?.body.taxDetailsOverride).toBe(true)
    expect(record?.body.taxDetails).toEqual({
      items: [
        {
          taxDetailsReference: 'line1',
          taxCode: { id: '1' },
          taxType: { id: '1' },
          taxBasis: '100.00',
          taxRate: '8.25',
          taxAmount: '8.25',
        },
      ],
    })
    expect(itemsOf(record)).toMatchObject([{ amount: '100.00', taxDetailsReference: 'line1' }])
  })
})

describe('credit note', () => {
  const paidInvoice = invoice({
    total: 10_800,
    lines: [{ id: 'il_9', amount: 10_000, tax: { amount: 800 } }],
  })
  const contextOf = (posted = false, of = paidInvoice): Context => ({
    root: 'credit_note',
    invoice: of,
    posted,
    books: booksOf('USD'),
    periods: inNovember,
  })

  test('is one memo; only its pre-payment part is applied to the invoice', () => {
    const note = creditNote({
      total: 5_400,
      prePayment: 1_400,
      refunds: [{ refund: 're_1', amount_refunded: 4_000 }],
      lines: [{ amount: 5_000, invoiceLine: 'il_9', tax: { amount: 400 } }],
    })
    const [memo] = project(note, contextOf(), config)
    expect(memo).toMatchObject({
      kind: 'creditMemo',
      externalId: 'cn_1',
      requires: [
        { type: 'customer', id: 'cus_1' },
        { type: 'invoice', id: 'in_1' },
      ],
      frozen: true,
      body: {
        tranDate: '2026-11-09',
        item: {
          items: [
            { item: { id: '801' }, amount: '50.00' },
            { item: { id: '808' }, amount: '4.00' },
          ],
        },
        apply: { items: [{ doc: { $record: 'invoice/in_1' }, amount: '14.00' }] },
      },
    })
  })

  test('wholly refunded is not applied to the invoice at all', () => {
    const note = creditNote({
      total: 4_000,
      refunds: [{ refund: 're_1', amount_refunded: 4_000 }],
      lines: [{ amount: 4_000, invoiceLine: 'il_9' }],
    })
    expect(project(note, contextOf(), config)[0]?.body).not.toHaveProperty('apply')
  })

  test.each([
    ['credited to the balance', { customer_balance_transaction: 'cbtxn_1' }, 'NS-BALANCE'],
    ['paid back out of band', { out_of_band_amount: 4_000 }, 'NS-CREDIT-OUT-OF-BAND'],
  ])('%s parks', (_what, changes, code) => {
    const note = creditNote({ total: 4_000, lines: [{ amount: 4_000, invoiceLine: 'il_9' }], changes })
    expect(refused(note, contextOf()).code).toBe(code)
  })

  test('voided is reversed only if its memo had been posted', () => {
    const note = creditNote({
      total: 4_000,
      prePayment: 4_000,
      lines: [{ amount: 4_000, invoiceLine: 'il_9' }],
      changes: { status: 'void', voided_at: day(12) },
    })
    expect(project(note, contextOf(false), config)).toEqual([])
    expect(names(project(note, contextOf(true), config))).toEqual(['creditMemo/cn_1', 'invoice/cn_1-void'])
  })

  test('after its invoice was written off parks', () => {
    const writtenOff = invoice({ total: 10_000, lines: [], transitions: { marked_uncollectible_at: day(5) } })
    const note = creditNote({
      total: 4_000,
      prePayment: 4_000,
      lines: [{ amount: 4_000, invoiceLine: 'il_9' }],
    })
    expect(refused(note, contextOf(false, writtenOff)).code).toBe('NS-CREDIT-AFTER-WRITE-OFF')
  })

  test('a line without a product needs the item for credits', () => {
    const note = creditNote({ total: 4_000, prePayment: 4_000, lines: [{ amount: 4_000 }] })
    expect(refused(note, contextOf()).hint).toContain('netsuite.creditItem')
  })
})

describe('refund', () => {
  const contextOf = (
    creditNotes: { id: string; amountRefunded: number }[] | undefined,
    posted = false,
  ): Context => ({
    root: 'refund',
    source: creditNotes && { invoiceId: 'in_1', customerId: 'cus_1', creditNotes },
    posted,
    books: booksOf('USD'),
    periods: inNovember,
  })

  test('pays out the memos of its credit notes from the clearing account', () => {
    const context = contextOf([
      { id: 'cn_2', amountRefunded: 1_000 },
      { id: 'cn_1', amountRefunded: 3_000 },
    ])
    const [record] = project(refund(), context, config)
    expect(record).toMatchObject({
      kind: 'customerRefund',
      externalId: 're_1',
      requires: [
        { type: 'customer', id: 'cus_1' },
        { type: 'credit_note', id: 'cn_2' },
        { type: 'credit_note', id: 'cn_1' },
      ],
      body: {
        account: { id: '121' },
        arAcct: { id: '111' },
        apply: {
          items: [
            { doc: { $record: 'creditMemo/cn_1' }, apply: true, amount: '30.00' },
            { doc: { $record: 'creditMemo/cn_2' }, apply: true, amount: '10.00' },
          ],
        },
      },
    })
  })

  test('that no credit note explains in full parks', () => {
    expect(refused(refund(), contextOf([])).code).toBe('NS-REFUND-ALONE')
    expect(refused(refund(), contextOf([{ id: 'cn_1', amountRefunded: 3_999 }])).code).toBe('NS-REFUND-ALONE')
  })

  test('of a payment without an invoice, or not yet succeeded, has no document', () => {
    expect(project(refund(), contextOf(undefined), config)).toEqual([])
    expect(project(refund({ status: 'pending' }), contextOf([]), config)).toEqual([])
  })

  test('failed is reversed only if it had been posted', () => {
    const failed = refund({ status: 'failed' })
    expect(project(failed, contextOf(undefined), config)).toEqual([])
    const explained = [{ id: 'cn_1', amountRefunded: 4_000 }]
    expect(names(project(failed, contextOf(explained, true), config))).toEqual([
      'customerRefund/re_1',
      'customerPayment/re_1-failed',
    ])
  })
})

describe('posting period', () => {
  const month = (id: string, name: string, start: string, end: string, open: boolean) => ({
    id,
    name,
    start,
    end,
    open,
  })
  const periods = [
    month('1', 'Oct 2026', '2026-10-01', '2026-10-31', false),
    month('2', 'Nov 2026', '2026-11-01', '2026-11-30', false),
    month('3', 'Dec 2026', '2026-12-01', '2026-12-31', true),
  ]

  test('is that of the date, or the first open one after it', () => {
    expect(choosePeriod(periods, '2026-12-31', 'keep')).toEqual({ id: '3', name: 'Dec 2026' })
    expect(choosePeriod(periods, '2026-10-01', 'keep')).toEqual({
      id: '3',
      name: 'Dec 2026',
      insteadOf: 'Oct 2026',
    })
  })

  test('is none where no period is open or set up', () => {
    expect(choosePeriod(periods.slice(0, 2), '2026-10-01', 'keep')).toBeUndefined()
    expect(choosePeriod(periods, '2027-01-01', 'keep')).toBeUndefined()
  })
})
