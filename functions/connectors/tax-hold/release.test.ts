// An approver releases a draft because AvaTax is away: over the simulated Stripe and AvaTax, with a ledger that says what
// the tax lane is doing, and the tax lane's own connector once it runs again. 100.00 EUR in Berlin would bear 19.00.
import type Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Connector } from '../../../shared/connector/contract.ts'
import type { Ledger } from '../../../shared/ledger/ledger.ts'
import type { LogLine } from '../../../shared/log.ts'
import { clock, ledgerOf } from '../../../test/contract/ledger-under-test.ts'
import { type Synced, syncObject } from '../avalara/engine-steps.fixture.ts'
import { BERLIN, type StripeAndAvaTax, startStripeAndAvaTax } from '../avalara/stripe-and-avatax.fixture.ts'
import { createTaxHold } from './connector.ts'
import type { HoldContext } from './project.ts'

const MINUTE_MS = 60_000
const FALLBACK = { approvers: ['jane.doe'], outageMinutes: 60 }

let vendors: StripeAndAvaTax
let stripe: Stripe
let ledger: Ledger
let hold: Connector<Stripe.Invoice, HoldContext>
let log: LogLine[]

beforeEach(async () => {
  vendors = await startStripeAndAvaTax(clock)
  stripe = vendors.stripe
  ledger = ledgerOf()
  log = []
  hold = createTaxHold({ config: FALLBACK, stripe, clock, ledger, log: (line) => log.push(line) })
})
afterEach(async () => {
  await ledger.resumeLane('avalara')
  await vendors.close()
})

const pause = () =>
  ledger.pauseLane({
    connector: 'avalara',
    pausedSinceMs: clock.now(),
    pausedUntilMs: clock.now() + MINUTE_MS,
    reason: 'AvaTax did not answer.',
    code: 'TAX-DOWN',
    by: 'worker',
  })

/** What the tax lane wrote down when it last came to an end with the invoice. */
const taxLaneParked = async (id: string, lastMs: number) => {
  const ref = { type: 'invoice', id }
  const lease = { owner: 'worker', untilMs: clock.now() + MINUTE_MS }
  const before = await ledger.readState('avalara', ref)
  await ledger.claim('avalara', ref, before, lease)
  const trouble = {
    status: 'parked' as const, kind: 'permanent' as const, code: 'TAX-RATES', reason: 'Rates on lines.',
    sinceMs: lastMs, lastMs, attempts: 1, waitsOn: [],
  } // biome-ignore format: one row
  const revision = (before?.revision ?? 0) + 1
  await ledger.settle('avalara', { ref, revision, records: {}, waiters: [], trouble }, 'worker')
}

/** Held at once, as its first event brings about; then somebody writes an approval into it. */
async function draft(approvedBy?: string, over: Partial<Stripe.InvoiceCreateParams> = {}): Promise<string> {
  const customer = await stripe.customers.create({ name: 'Ada', address: BERLIN })
  const { id } = await stripe.invoices.create({
    customer: customer.id,
    currency: 'eur',
    collection_method: 'send_invoice',
    days_until_due: 30,
    auto_advance: true,
    ...over,
  })
  await stripe.invoiceItems.create({ customer: customer.id, invoice: id, amount: 100_00, currency: 'eur' })
  await look(id)
  if (approvedBy) await stripe.invoices.update(id, { metadata: { tax_release_approved_by: approvedBy } })
  return id
}
const read = (id: string) => stripe.invoices.retrieve(id)
const look = async (id: string, before?: Synced) => syncObject(hold, await read(id), before)
/** As a draft that is still held shows. */
const HELD = { status: 'draft', auto_advance: false, metadata: { switchyard_hold: 'true' } }

describe('while the tax lane stands still', () => {
  beforeEach(pause)

  test('an approved draft waits for the outage to last, and goes out, told and recorded by name', async () => {
    const id = await draft('jane.doe')
    const waiting = await look(id)
    expect(waiting.trouble).toMatchObject({
      kind: 'transient',
      code: 'TAX-PAUSED',
      message: `${id} (EUR 100.00) is held, untaxed: AvaTax is paused. Approved by jane.doe; released untaxed if AvaTax is still away in 60 min.`,
      recordOnly: true,
    })
    expect(await read(id)).toMatchObject(HELD)
    clock.advance(60 * MINUTE_MS)
    const released = await look(id, waiting)
    expect(released.trouble).toBeUndefined()
    expect(await read(id)).toMatchObject({
      status: 'open',
      total: 100_00,
      auto_advance: true,
      metadata: { switchyard_tax_note: 'released untaxed by jane.doe: TAX-PAUSED' },
    })
    expect(log.map(({ _aws: _, ...line }) => line)).toEqual([
      {
        line: 'tax-released',
        connector: 'tax-hold',
        document: id,
        currency: 'EUR',
        amount: '100.00',
        note: 'released untaxed by jane.doe: TAX-PAUSED',
        TaxReleased: 1,
      },
    ])
    const after = await look(id, released)
    expect([after.trouble, after.records[0]?.body]).toEqual([undefined, { held: false }])

    // The tax lane runs again. A person has decided: no policy credits it and bills it anew.
    await ledger.resumeLane('avalara')
    const avalara = vendors.connect({ neverDraft: { policy: 'credit-and-reissue', since: '2026-01-01' } })
    const recorded = await syncObject(avalara, await read(id))
    expect(recorded.trouble).toBeUndefined()
    expect(recorded.keep).toMatchObject({ policy: 'report-only', released: { by: 'jane.doe' } })
    expect(vendors.avatax.documents()).toMatchObject([
      {
        code: id,
        referenceCode: 'FINALIZED_UNTAXED RELEASED_BY jane.doe',
        totalTax: 0,
        totalTaxCalculated: 19,
      },
    ])
    expect((await stripe.creditNotes.list({ invoice: id })).data).toEqual([])
  })

  test.each(['metadata', 'finalize'])('cut off after %s, it goes out once', async (step) => {
    const id = await draft('jane.doe')
    const waiting = await look(id)
    clock.advance(60 * MINUTE_MS)
    const path = step === 'finalize' ? 'finalize$' : `invoices/${id}$`
    // The hold itself is sent once more before each look.
    vendors.stripeSimulator.faults.add({ effect: 'reset_after', method: 'POST', path, times: 2 })
    const cut = await look(id, waiting)
    expect(cut.trouble).toMatchObject({ kind: 'ambiguous' })
    vendors.stripeSimulator.faults.clear()
    const released = await look(id, cut)
    expect(released.trouble).toBeUndefined()
    const finalized = vendors.stripeSimulator.events.filter(
      ({ type, data }) => type === 'invoice.finalized' && data.object.id === id,
    )
    expect(finalized).toHaveLength(1)
    expect(await read(id)).toMatchObject({ status: 'open', auto_advance: true })
  })

  test('tax rates that stand on the draft charge what they charge, and AvaTax gets it as charged', async () => {
    const rate = await stripe.taxRates.create({
      display_name: 'VAT', percentage: 19, inclusive: false, country: 'DE', jurisdiction: 'DE',
    }) // biome-ignore format: one rate
    const id = await draft('jane.doe', { default_tax_rates: [rate.id] })
    clock.advance(60 * MINUTE_MS)
    expect((await look(id)).trouble).toBeUndefined()
    expect(await read(id)).toMatchObject({
      status: 'open',
      total: 119_00,
      metadata: { switchyard_tax_note: 'released as it stood by jane.doe: TAX-PAUSED' },
    })
    await ledger.resumeLane('avalara')
    await syncObject(vendors.connect(), await read(id))
    expect(vendors.documents()).toEqual([`${id} SalesInvoice Committed 2026-11-01 100 19`])
  })

  test.each([
    ['nobody', undefined, {}],
    ['somebody whom the configuration does not name', 'joe.bloggs', {}],
  ])('approved by %s it stays held', async (_name, by, over) => {
    const id = await draft(by, over)
    clock.advance(120 * MINUTE_MS)
    const { trouble, records } = await look(id)
    expect([trouble, records[0]?.body]).toEqual([undefined, { held: true, former: 'true' }])
    expect(await read(id)).toMatchObject(HELD)
  })

  test('a draft that its owner keeps is not sent out by an approval', async () => {
    const id = await draft('jane.doe', { auto_advance: false })
    clock.advance(120 * MINUTE_MS)
    await look(id)
    expect(await read(id)).toMatchObject({ status: 'draft', metadata: { switchyard_hold: 'false' } })
  })

  test('a draft that comes approved is held before anything else', async () => {
    const customer = await stripe.customers.create({ name: 'Ada', address: BERLIN })
    const { id } = await stripe.invoices.create({
      customer: customer.id,
      auto_advance: true,
      metadata: { tax_release_approved_by: 'jane.doe' },
    })
    expect((await look(id)).trouble).toMatchObject({ code: 'TAX-PAUSED' })
    expect(await read(id)).toMatchObject(HELD)
  })

  test('an approval that was taken back while it waited does not count', async () => {
    const id = await draft('jane.doe')
    clock.advance(120 * MINUTE_MS)
    // Between our reading and our writing.
    const approved = await read(id)
    await stripe.invoices.update(id, { metadata: { tax_release_approved_by: '' } })
    expect((await syncObject(hold, approved)).trouble).toBeUndefined()
    expect(await read(id)).toMatchObject(HELD)
  })
})

describe('while the tax lane runs', () => {
  test('an approval is left to it, and looked at again until it has come to an end with it', async () => {
    const id = await draft('jane.doe')
    clock.advance(120 * MINUTE_MS)
    await taxLaneParked(id, clock.now() - MINUTE_MS)
    const unread = await look(id)
    expect(unread.trouble).toMatchObject({
      kind: 'transient',
      code: 'TAX-APPROVED',
      message: `${id} (EUR 100.00) is held, untaxed, approved by jane.doe: the tax lane has yet to look at it. Nothing was finalized.`,
    })
    clock.advance(MINUTE_MS)
    await taxLaneParked(id, clock.now())
    const decided = await look(id, unread)
    expect([decided.trouble, decided.records[0]?.body]).toEqual([undefined, { held: true, former: 'true' }])
    expect(await read(id)).toMatchObject(HELD)
  })

  test('and pauses before it has looked, the approval still counts', async () => {
    const id = await draft('jane.doe')
    clock.advance(120 * MINUTE_MS)
    const unread = await look(id)
    expect(unread.trouble).toMatchObject({ code: 'TAX-APPROVED' })
    await pause()
    expect((await look(id, unread)).trouble).toBeUndefined()
    expect(await read(id)).toMatchObject({ status: 'open' })
  })

  test('a ledger that does not answer keeps no draft from being held', async () => {
    const id = await draft('jane.doe')
    await stripe.invoices.update(id, { auto_advance: true })
    const failing = async () => {
      throw new Error('ProvisionedThroughputExceededException')
    }
    const blind = { readLane: failing, readState: failing }
    hold = createTaxHold({ config: FALLBACK, stripe, clock, ledger: blind })
    expect((await look(id)).trouble).toMatchObject({ kind: 'transient', code: 'TAX-APPROVED' })
    expect(await read(id)).toMatchObject(HELD)
  })

  test('and says nothing for an hour, nobody looks on for ever', async () => {
    const id = await draft('jane.doe')
    const unread = await look(id)
    clock.advance(61 * MINUTE_MS)
    expect((await look(id, unread)).trouble).toBeUndefined()
    expect(await read(id)).toMatchObject(HELD)
  })
})
