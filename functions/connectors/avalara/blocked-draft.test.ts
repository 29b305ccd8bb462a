// Drafts whose tax cannot be calculated as they are: what the configuration allows, what stands in Stripe and in AvaTax
// afterwards, and what finance reads. Berlin is taxed at 19 %, Los Angeles at 9.75 %, unknown parts of California at 7.25 %.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { creditNoteOf, lineOf, MARCH_31_EVENING, taxOf } from './objects.fixture.ts'
import { PLACES, type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

let bench: SimulatorBench
beforeEach(async () => {
  bench = await startSimulatorBench()
})
afterEach(() => bench.close())

const HOUR_MS = 3_600_000
const draft = (over: object = {}) => bench.put({ currency: 'eur', ...over })
const approved = (by: string) => ({ metadata: { tax_release_approved_by: by } })
const stripeInvoice = () => bench.stripePeer.invoice('in_1')
/** Finalized in Stripe's way: number, date and the lines as they stand. */
const finalized = () => {
  const standing = structuredClone(bench.stripePeer.objects.get('invoices/in_1')) as ReturnType<typeof draft>
  const tax = standing.lines.data
    .flatMap(({ taxes }) => taxes ?? [])
    .reduce((sum, { amount }) => sum + amount, 0)
  return {
    ...standing,
    number: 'ACME-0001',
    total: standing.total + tax,
    status_transitions: { ...standing.status_transitions, finalized_at: MARCH_31_EVENING },
  }
}

describe('an address that AvaTax cannot find', () => {
  beforeEach(() => bench.customerAt(PLACES.berlinn))

  test('is estimated by its postal code where that is allowed, and everything says so', async () => {
    bench.reconfigure({ fallback: { postalCode: true } })
    const taxed = await bench.sync(draft())
    expect(taxed.trouble).toBeUndefined()
    expect(stripeInvoice()).toMatchObject({
      status: 'open',
      metadata: { switchyard_tax_note: 'estimated by postal code' },
      lines: { data: [{ taxes: [{ amount: 1900 }] }] },
    })
    expect(taxed.keep).toMatchObject({ place: { postalCode: '10115', country: 'DE' } })
    expect(bench.log.map(({ _aws: _, ...line }) => line)).toEqual([
      {
        line: 'tax-fallback',
        connector: 'avalara',
        document: 'in_1',
        currency: 'EUR',
        amount: '100.00',
        note: 'estimated by postal code',
        TaxFallback: 1,
      },
    ])
    // Recorded at the same place: the address on the invoice would be refused.
    const recorded = await bench.sync(
      { ...finalized(), customer_address: { ...PLACES.berlinn, city: 'Berlinn' } } as ReturnType<
        typeof draft
      >,
      taxed,
    )
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 100 19'])
    await bench.requireStanding(recorded)

    // And so is what is taken back of it, again and again.
    bench.stripePeer.change('invoices/in_1', { ...finalized(), customer_address: PLACES.berlinn })
    const note = creditNoteOf({
      currency: 'eur',
      total: 11900,
      lines: [
        {
          id: 'cnli_1', amount: 10000, discount_amount: 0, discount_amounts: [], invoice_line_item: 'il_1',
          pretax_credit_amounts: [], taxes: [taxOf(1900)], type: 'invoice_line_item',
        }, // biome-ignore format: one object
      ],
    })
    const returned = await bench.sync(note)
    expect(returned.trouble).toBeUndefined()
    expect(bench.documents()[1]).toBe('cn_1 ReturnInvoice Committed 2026-04-01 -100 -19')
    expect((await bench.sync(note, returned)).records).toEqual(returned.records)
  })

  test('stays held where it is not, or without a postal code', async () => {
    expect((await bench.sync(draft())).trouble).toMatchObject({ code: 'TAX-ADDR' })
    bench.reconfigure({ fallback: { postalCode: true } })
    bench.customerAt({ ...PLACES.berlinn, postal_code: null })
    expect((await bench.sync(draft())).trouble).toMatchObject({
      code: 'TAX-ADDR',
      message:
        'in_1 (EUR 100.00) is held, untaxed: AvaTax cannot find the address in "Berlinn", DE. Nothing was finalized.',
    })
    expect(stripeInvoice().status).toBe('draft')
  })

  test('is released untaxed by a named approver, once, and the records say by whom', async () => {
    bench.reconfigure({ fallback: { approvers: ['jane.doe'] } })
    const released = await bench.sync(draft(approved('jane.doe')))
    expect(released.trouble).toBeUndefined()
    expect(stripeInvoice()).toMatchObject({
      status: 'open',
      metadata: { switchyard_tax_note: 'released untaxed by jane.doe: TAX-ADDR' },
      lines: { data: [{ taxes: [] }] },
    })
    expect(bench.log.map(({ line, document, amount, note }) => [line, document, amount, note])).toEqual([
      ['tax-released', 'in_1', '100.00', 'released untaxed by jane.doe: TAX-ADDR'],
    ])
    expect(released.keep).toEqual({ released: { by: 'jane.doe', why: 'TAX-ADDR' } })
    await bench.requireStanding(released)
    // In AvaTax it waits for the customer's corrected address, and is no policy's business: a person has decided.
    bench.reconfigure({
      fallback: { approvers: ['jane.doe'] },
      neverDraft: { policy: 'record-as-included', since: '2026-01-01' },
    })
    const invoice = { ...finalized(), customer_address: PLACES.berlinn } as ReturnType<typeof draft>
    const parked = await bench.sync(invoice, released)
    expect(parked.trouble).toMatchObject({ code: 'TAX-ADDR', waitsOn: [{ type: 'customer', id: 'cus_1' }] })
    bench.customerAt(PLACES.berlin)
    const recorded = await bench.sync(invoice, parked)
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 100 0'])
    expect(bench.simulator.documents()[0]).toMatchObject({
      referenceCode: 'FINALIZED_UNTAXED RELEASED_BY jane.doe',
      totalTaxCalculated: 19,
    })
    await bench.requireStanding(recorded)
  })

  test('is not released by somebody whom the configuration does not name', async () => {
    bench.reconfigure({ fallback: { approvers: ['jane.doe'] } })
    const { trouble } = await bench.sync(draft(approved('joe.bloggs')))
    expect(trouble).toMatchObject({
      kind: 'permanent',
      code: 'TAX-ADDR',
      message:
        'in_1 (EUR 100.00) is held, untaxed: AvaTax cannot find the address in "Berlinn", DE. Nothing was finalized. The approval by "joe.bloggs" does not count: hub.config.ts → avalara.fallback.approvers does not name them.',
    })
    expect(trouble?.waitsOn).toEqual([{ type: 'customer', id: 'cus_1' }])
    expect(stripeInvoice().status).toBe('draft')
  })

  test('corrected in time is taxed, whatever approval stands on the invoice', async () => {
    bench.reconfigure({ fallback: { approvers: ['jane.doe'] } })
    bench.customerAt(PLACES.berlin)
    await bench.sync(draft(approved('jane.doe')))
    expect(stripeInvoice().lines.data[0]?.taxes).toMatchObject([{ amount: 1900 }])
    expect(bench.log).toEqual([])
  })
})

describe('while AvaTax is down', () => {
  beforeEach(() => {
    bench.reconfigure({ fallback: { approvers: ['jane.doe'], outageMinutes: 60 } })
    bench.customerAt(PLACES.berlin)
    bench.simulator.faults.add({ effect: 'unavailable' })
  })

  test('a draft waits, approved or not: it usually comes back', async () => {
    expect((await bench.sync(draft())).trouble).toMatchObject({ kind: 'transient', code: 'TAX-DOWN' })
    const { trouble } = await bench.sync(draft(approved('jane.doe')))
    expect(trouble).toMatchObject({ kind: 'transient', code: 'TAX-DOWN' })
    expect(trouble?.message).toContain(
      'Approved by jane.doe; released untaxed if AvaTax is still away in 60 min.',
    )
    expect(stripeInvoice().status).toBe('draft')
  })

  test('after an hour an approval counts', async () => {
    bench.clock.advance(HOUR_MS)
    expect((await bench.sync(draft())).trouble).toMatchObject({ code: 'TAX-DOWN' })
    await bench.sync(draft(approved('jane.doe')))
    expect(stripeInvoice()).toMatchObject({
      status: 'open',
      metadata: { switchyard_tax_note: 'released untaxed by jane.doe: TAX-DOWN' },
    })
  })
})

describe('an address without a postal code', () => {
  const partial = { ...PLACES.losAngeles, postal_code: null }
  beforeEach(() => bench.customerAt(partial))

  test('is taxed where AvaTax guesses, or completed first where that is allowed', async () => {
    await bench.sync(draft({ currency: 'usd' }))
    const sum = () =>
      (stripeInvoice().lines.data[0]?.taxes ?? []).reduce((total, { amount }) => total + amount, 0)
    expect(sum()).toBe(725)
    bench.reconfigure({ resolveAddresses: 'without-postal-code' })
    const taxed = await bench.sync(draft({ currency: 'usd' }))
    expect(sum()).toBe(975)
    expect(stripeInvoice().metadata.switchyard_tax_note).toBe('address completed by AvaTax')
    const recorded = await bench.sync(
      { ...finalized(), customer_address: partial } as ReturnType<typeof draft>,
      taxed,
    )
    expect(recorded.records[0]?.body.shipTo).toEqual({
      line1: '1 Main St',
      city: 'LOS ANGELES',
      region: 'CA',
      postalCode: '90012-3308',
      country: 'US',
    })
    await bench.requireStanding(recorded)
  })

  test('that the post does not know is taxed as it stands', async () => {
    bench.reconfigure({ resolveAddresses: 'always' })
    bench.customerAt({ ...partial, city: 'Nowhere' })
    expect((await bench.sync(draft({ currency: 'usd' }))).trouble).toBeUndefined()
    expect(stripeInvoice().status).toBe('open')
  })
})

describe('what Stripe takes no tax for', () => {
  test('a shipping cost is parked with its amount and the way out', async () => {
    const shipping = { amount_subtotal: 1500, amount_tax: 0, amount_total: 1500, shipping_rate: null }
    const { trouble } = await bench.sync(draft({ total: 11500, shipping_cost: shipping }))
    expect(trouble).toMatchObject({
      code: 'TAX-SHIPPING',
      message:
        'in_1 (EUR 115.00) is held, untaxed: EUR 15.00 of it is a shipping cost, and Stripe takes no tax from outside for that. Nothing was calculated.',
    })
    expect(trouble?.hint).toContain('add a line over EUR 15.00')
  })

  test('a line with tax rates of its own is parked in Billing’s words', async () => {
    bench.customerAt(PLACES.berlin)
    bench.stripePeer.refusesTaxAmounts = true
    const { trouble } = await bench.sync(draft())
    expect(trouble).toMatchObject({
      kind: 'permanent',
      code: 'TAX-RATES',
      message:
        'in_1 is held, untaxed: lines of it carry tax rates set by hand, and Stripe takes no calculated tax beside them. Nothing was finalized.',
    })
    expect(trouble?.hint).toMatch(/^Billing: take the tax rates off the lines/)
    expect(stripeInvoice().status).toBe('draft')
  })

  test('an invoice of nothing asks nobody, and its state says why', async () => {
    const before = bench.simulator.calls.total
    const { keep } = await bench.sync(draft({ total: 0, lines: [lineOf({ id: 'il_1', amount: 0 })] }))
    expect(keep).toEqual({ leftAlone: 'zero_invoice' })
    expect(stripeInvoice().status).toBe('open')
    expect(bench.simulator.calls.total).toBe(before)
  })

  test('a line of nothing beside others says so', async () => {
    bench.customerAt(PLACES.berlin)
    await bench.sync(
      draft({ lines: [lineOf({ id: 'il_1', amount: 10000 }), lineOf({ id: 'il_2', amount: 0 })] }),
    )
    expect(stripeInvoice().lines.data[1]?.taxes).toMatchObject([
      { amount: 0, taxability_reason: 'not_subject_to_tax' },
    ])
  })
})
