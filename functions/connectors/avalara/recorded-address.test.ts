// Where an invoice that was never a draft is recorded, against the AvaTax simulator: what moves its document, and what does
// not. Berlin's customer writes "Berlinn" in one address and moves from Berlin to Munich in the other.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { creditNoteOf, lineOf, MARCH_31_EVENING } from './objects.fixture.ts'
import { PLACES, type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

let bench: SimulatorBench
beforeEach(async () => {
  bench = await startSimulatorBench()
})
afterEach(() => bench.close())

const MUNICH = {
  line1: 'Sendlinger Str. 8',
  city: 'Munich',
  state: null,
  postal_code: '80331',
  country: 'DE',
}
const neverDraft = (address: object | null, over: object = {}) =>
  bench.put({
    status: 'open',
    currency: 'eur',
    number: 'ACME-0001',
    total: 10000,
    customer_address: address,
    status_transitions: {
      finalized_at: MARCH_31_EVENING,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
    ...over,
  })
/** `Ship to | line1 | line2 | city | region | postal code | country`, as the document says it. */
const standsAt = (code: string) =>
  bench.simulator.documents().find((document) => document.code === code)?.description
const BERLIN = 'Ship to | Linienstr. 1 |  | Berlin |  | 10115 | DE'
const AT_MUNICH = 'Ship to | Sendlinger Str. 8 |  | Munich |  | 80331 | DE'

test.each([
  ['reset_before', 'never arrived'],
  ['reset_after', 'arrived all the same'],
  ['unavailable', 'was turned away by a busy AvaTax'],
] as const)(
  'a first attempt without an answer (%s: it %s) stays at the invoice’s own address',
  async (effect, _fate) => {
    bench.customerAt(PLACES.berlin)
    const invoice = neverDraft(PLACES.berlin)
    // The SDK itself sends once more over a closed connection.
    bench.simulator.faults.add({ effect, times: 2 })
    const lost = await bench.sync(invoice)
    expect(lost.trouble?.kind).toMatch(/^(ambiguous|transient)$/)
    bench.simulator.faults.clear()
    bench.customerAt(MUNICH)
    const recorded = await bench.sync(invoice, lost)
    expect(recorded.trouble).toBeUndefined()
    expect(standsAt('in_1')).toBe(BERLIN)
    await bench.requireStanding(recorded)
    const again = await bench.sync(invoice, recorded)
    expect(again.records).toEqual(recorded.records)
  },
)

test('an address that AvaTax refused gives way to the customer’s; what stands there then stays, moved house or gone', async () => {
  bench.customerAt(PLACES.berlinn)
  const invoice = neverDraft(PLACES.berlinn)
  const refused = await bench.sync(invoice)
  expect(refused.trouble).toMatchObject({ code: 'TAX-ADDR' })
  bench.customerAt(PLACES.berlin)
  // Sent, and nobody knows whether it arrived.
  bench.simulator.faults.add({ effect: 'reset_after', path: 'createoradjust', times: 2 })
  const lost = await bench.sync(invoice, refused)
  expect(lost.trouble).toMatchObject({ kind: 'ambiguous' })
  bench.simulator.faults.clear()
  bench.customerAt(MUNICH)
  const recorded = await bench.sync(invoice, lost)
  expect(standsAt('in_1')).toBe(BERLIN)
  await bench.requireStanding(recorded)
  for (const customer of [MUNICH, PLACES.berlinn, null]) {
    bench.customerAt(customer)
    const later = await bench.sync({ ...invoice, status: 'paid' }, recorded)
    expect(later.records).toEqual(recorded.records)
  }
  // Nothing of the address is in what the ledger keeps.
  expect(JSON.stringify([refused.keep, lost.keep, recorded.keep])).not.toMatch(
    /Linien|Sendlinger|10115|80331/,
  )
})

test('a refused address whose customer moved on before anything arrived is recorded where they are now', async () => {
  bench.customerAt(PLACES.berlinn)
  const invoice = neverDraft(PLACES.berlinn)
  const refused = await bench.sync(invoice)
  bench.customerAt(PLACES.berlin)
  bench.simulator.faults.add({ effect: 'reset_before', path: 'createoradjust', times: 2 })
  const lost = await bench.sync(invoice, refused)
  expect(lost.trouble).toMatchObject({ kind: 'ambiguous' })
  bench.simulator.faults.clear()
  bench.customerAt(MUNICH)
  await bench.sync(invoice, lost)
  expect(standsAt('in_1')).toBe(AT_MUNICH)
})

test('without an address of its own it takes the customer’s, once', async () => {
  bench.customerAt(PLACES.berlin)
  const invoice = neverDraft(null)
  const recorded = await bench.sync(invoice)
  bench.customerAt(MUNICH)
  const later = await bench.sync(invoice, recorded)
  expect(standsAt('in_1')).toBe(BERLIN)
  expect(later.records).toEqual(recorded.records)
})

test.each([
  ['recorded before it', true],
  ['not yet recorded when it comes', false],
])('what is credited of it is returned in the town where it was sold, %s', async (_name, first) => {
  bench.customerAt(PLACES.berlinn)
  const invoice = neverDraft(PLACES.berlinn)
  const refused = await bench.sync(invoice)
  bench.customerAt(PLACES.berlin)
  if (first) await bench.sync(invoice, refused)
  const note = creditNoteOf({
    currency: 'eur',
    total: 4000,
    lines: [
      {
        id: 'cnli_1', amount: 4000, discount_amount: 0, discount_amounts: [], invoice_line_item: 'il_1',
        pretax_credit_amounts: [], taxes: [], type: 'invoice_line_item',
      }, // biome-ignore format: one object
    ],
  })
  const returned = await bench.sync(note)
  expect(returned.trouble).toBeUndefined()
  if (!first) await bench.sync(invoice, refused)
  expect([standsAt('in_1'), standsAt('cn_1')]).toEqual([BERLIN, BERLIN])
  bench.customerAt(MUNICH)
  const later = await bench.sync({ ...note, status: 'void' }, returned)
  expect(standsAt('cn_1')).toBe(BERLIN)
  await bench.requireStanding(later)
})

test('one that its own lines prove was calculated asks nobody: the customer’s move costs no call', async () => {
  bench.customerAt(PLACES.berlin)
  const invoice = neverDraft(PLACES.berlin, { lines: [lineOf({ id: 'il_1', amount: 10000 })] })
  const recorded = await bench.sync(invoice)
  bench.customerAt(MUNICH)
  const before = bench.simulator.calls.total
  await bench.connector.gather([
    { ref: { type: 'invoice', id: 'in_1' }, object: invoice, keep: recorded.keep, known: recorded.known },
  ])
  expect(bench.simulator.calls.total).toBe(before)
})
