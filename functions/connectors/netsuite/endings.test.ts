// What becomes of an invoice after it was posted: written off, recovered, voided, credited and the credit taken back. The
// documents that stand are never touched; each turn is a new one of its own date.
import { expect, test } from 'vitest'
import { type Desk, openDesk } from './desk.fixture.ts'
import { balanceTransaction, creditNote, customer, day, invoice } from './objects.fixture.ts'

// 111 receivable, 121 clearing, 211 sales tax, 411 revenue, 611 bad debt; items 801 Team plan, 808 sales tax, 810 write-off.
const NOTES = '/v1/credit_notes'
/** 100.00 and 8.00 of tax. */
const sold = (changes: Partial<Parameters<typeof invoice>[0]> = {}) =>
  invoice({ total: 10_800, lines: [{ id: 'il_9', amount: 10_000, tax: { amount: 800 } }], ...changes })
const uncollectible = { marked_uncollectible_at: day(10) }

test('paid after it was written off: the write-off stands, a recovery of the day takes the payment', async () => {
  await using desk = await openDesk()
  const first = { id: 'inpay_1', amount: 800, paidAt: day(4) }
  await desk.bring(
    sold({ payments: [first], transitions: uncollectible, changes: { status: 'uncollectible' } }),
  )
  expect(desk.ledger()).toEqual(['121 8.00', '211 -8.00', '411 -100.00', '611 100.00'])
  const late = { id: 'inpay_2', amount: 10_000, paidAt: day(25) }
  expect(
    await desk.bring(
      sold({ payments: [first, late], transitions: uncollectible, changes: { status: 'paid' } }),
    ),
  ).toEqual([
    'journalEntry inpay_2-recovery 2026-11-25: dr 111 100.00, cr 611 100.00',
    'customerPayment inpay_2 2026-11-25 121: 100.00 → journalEntry/inpay_2-recovery 100.00',
  ])
  expect(desk.open('customerPayment', 'inpay_2')).toBe(0)
  expect(desk.ledger()).toEqual(['121 108.00', '211 -8.00', '411 -100.00'])
})

test('no more is recovered than was lost: what comes beyond it is the customer’s', async () => {
  const overpaid = balanceTransaction({ amount: -1_200, type: 'invoice_overpaid', invoice: 'in_1' })
  await using desk = await openDesk({}, { '/v1/customers/cus_1/balance_transactions': [overpaid] })
  await desk.bring(sold({ transitions: uncollectible, changes: { status: 'uncollectible' } }))
  const payments = [
    { id: 'inpay_1', amount: 6_000, paidAt: day(20) },
    { id: 'inpay_2', amount: 6_000, paidAt: day(24) },
  ]
  const changes = { status: 'paid', amount_overpaid: 1_200 }
  expect(await desk.bring(sold({ payments, transitions: uncollectible, changes }))).toEqual([
    'journalEntry inpay_1-recovery 2026-11-20: dr 111 60.00, cr 611 60.00',
    'customerPayment inpay_1 2026-11-20 121: 60.00 → journalEntry/inpay_1-recovery 60.00',
    'journalEntry inpay_2-recovery 2026-11-24: dr 111 48.00, cr 611 48.00',
    'journalEntry inpay_2-tobalance 2026-11-24: dr 111 12.00, cr 213 12.00',
    'customerPayment inpay_2 2026-11-24 121: 60.00 → journalEntry/inpay_2-recovery 48.00, journalEntry/inpay_2-tobalance 12.00',
  ])
  expect(desk.ledger()).toEqual(['121 120.00', '211 -8.00', '213 -12.00', '411 -100.00'])
})

test('a payment in the very second of the write-off came before it', async () => {
  await using desk = await openDesk()
  const payments = [{ id: 'inpay_1', amount: 800, paidAt: day(10) }]
  expect(
    await desk.bring(sold({ payments, transitions: uncollectible, changes: { status: 'uncollectible' } })),
  ).toEqual([
    'invoice in_1 2026-11-02: 801 100.00, 808 8.00',
    'customerPayment inpay_1 2026-11-10 121: 8.00 → invoice/in_1 8.00',
    'creditMemo in_1-writeoff 2026-11-10: 810 100.00 → invoice/in_1 100.00',
  ])
})

test('voided after it was written off: bad debt becomes the sale and its tax taken back', async () => {
  await using desk = await openDesk()
  await desk.bring(sold({ transitions: uncollectible, changes: { status: 'uncollectible' } }))
  const voided = sold({ transitions: { ...uncollectible, voided_at: day(20) }, changes: { status: 'void' } })
  expect(await desk.bring(voided)).toEqual([
    'journalEntry in_1-void-recovery 2026-11-20: dr 111 108.00, cr 611 108.00',
    'creditMemo in_1-void 2026-11-20: 801 100.00, 808 8.00 → journalEntry/in_1-void-recovery 108.00',
  ])
  expect(desk.ledger()).toEqual([])
})

test('credited after it was written off: that part of the loss is recovered, and the memo takes it', async () => {
  await using desk = await openDesk()
  await desk.bring(sold({ transitions: uncollectible, changes: { status: 'uncollectible' } }))
  const credited = sold({
    transitions: uncollectible,
    changes: { status: 'uncollectible', pre_payment_credit_notes_amount: 5_400 },
  })
  const note = creditNote({
    total: 5_400,
    prePayment: 5_400,
    created: day(15),
    lines: [{ amount: 5_000, invoiceLine: 'il_9', tax: { amount: 400 } }],
    changes: { invoice: credited },
  })
  desk.account.stripe.set(NOTES, [note])
  expect(await desk.bring(note)).toEqual([
    'journalEntry cn_1-recovery 2026-11-15: dr 111 54.00, cr 611 54.00',
    'creditMemo cn_1 2026-11-15: 801 50.00, 808 4.00 → journalEntry/cn_1-recovery 54.00',
  ])
  expect(desk.ledger()).toEqual(['211 -4.00', '411 -50.00', '611 54.00'])
  // The write-off does not shrink with it.
  expect(await desk.bring(credited)).toEqual([])
})

test('voided after an amount was credited that states no tax: all of the tax comes back with the void', async () => {
  await using desk = await openDesk({ creditItem: '801' })
  await desk.bring(sold())
  const credited = { pre_payment_credit_notes_amount: 3_000 }
  const note = creditNote({
    total: 3_000,
    prePayment: 3_000,
    created: day(5),
    lines: [{ amount: 3_000 }],
    changes: { invoice: sold({ changes: credited }) },
  })
  desk.account.stripe.set(NOTES, [note])
  expect(await desk.bring(note)).toEqual(['creditMemo cn_1 2026-11-05: 801 30.00 → invoice/in_1 30.00'])
  const voided = sold({ transitions: { voided_at: day(20) }, changes: { ...credited, status: 'void' } })
  expect(await desk.bring(voided)).toEqual([
    'creditMemo in_1-void 2026-11-20: 801 70.00, 808 8.00 → invoice/in_1 78.00',
  ])
  expect(desk.ledger()).toEqual([])
})

const forty = (changes: Record<string, unknown> = {}) =>
  creditNote({
    total: 4_320,
    prePayment: 4_320,
    created: day(5),
    lines: [{ amount: 4_000, invoiceLine: 'il_9', tax: { amount: 320 } }],
    changes: { invoice: sold({ changes: { pre_payment_credit_notes_amount: 4_320 } }), ...changes },
  })
/** A worker that read the credit note, and Stripe's list of them, before it was voided; then the list is as it is. */
const unaware = (desk: Desk, notes: unknown[]) => async () => {
  desk.account.stripe.set(NOTES, [forty()])
  await desk.bring(forty())
  desk.account.stripe.set(NOTES, notes)
}

const wholeNote = () =>
  creditNote({
    id: 'cn_2',
    total: 10_800,
    prePayment: 10_800,
    created: day(9),
    lines: [{ amount: 10_000, invoiceLine: 'il_9', tax: { amount: 800 } }],
    changes: { invoice: sold({ changes: { pre_payment_credit_notes_amount: 10_800, status: 'paid' } }) },
  })

const taken = { status: 'void', voided_at: day(7), invoice: sold() }

test('a credit note voided after it was posted is open again beside the invoice; a payment settles both', async () => {
  await using desk = await openDesk()
  await desk.bring(sold())
  desk.account.stripe.set(NOTES, [forty()])
  expect(await desk.bring(forty())).toEqual([
    'creditMemo cn_1 2026-11-05: 801 40.00, 808 3.20 → invoice/in_1 43.20',
  ])
  desk.account.stripe.set(NOTES, [forty(taken)])
  expect(await desk.bring(forty(taken))).toEqual(['invoice cn_1-void 2026-11-07: 801 40.00, 808 3.20'])
  expect([desk.open('invoice', 'in_1'), desk.open('invoice', 'cn_1-void')]).toEqual([64.8, 43.2])
  const payments = [{ id: 'inpay_1', amount: 10_800, paidAt: day(9) }]
  expect(await desk.bring(sold({ payments, changes: { status: 'paid' } }))).toEqual([
    'customerPayment inpay_1 2026-11-09 121: 108.00 → a document 43.20, invoice/in_1 64.80',
  ])
  expect([desk.open('invoice', 'in_1'), desk.open('invoice', 'cn_1-void')]).toEqual([0, 0])
  expect(desk.ledger()).toEqual(['121 108.00', '211 -8.00', '411 -100.00'])
  // Asked again, the payment settles what it settled, though nothing is open any more that would tell.
  expect(await desk.bring(sold({ payments, changes: { status: 'paid' } }))).toEqual([])
})

test('the invoice voided after its credit note was: both documents are settled by the one memo', async () => {
  await using desk = await openDesk()
  await desk.bring(sold())
  desk.account.stripe.set(NOTES, [forty()])
  await desk.bring(forty())
  desk.account.stripe.set(NOTES, [forty(taken)])
  await desk.bring(forty(taken))
  const voided = sold({ transitions: { voided_at: day(20) }, changes: { status: 'void' } })
  expect(await desk.bring(voided)).toEqual([
    'creditMemo in_1-void 2026-11-20: 801 100.00, 808 8.00 → a document 43.20, invoice/in_1 64.80',
  ])
  expect(desk.ledger()).toEqual([])
})

/** Two lines of 100.00 each, of different items. */
const ofTwo =
  (line: { tax?: { amount: number } } = {}) =>
  (changes: Record<string, unknown> = {}, transitions = {}) =>
    invoice({
      total: 2 * (10_000 + (line.tax?.amount ?? 0)),
      lines: [
        { id: 'il_a', amount: 10_000, ...line },
        { id: 'il_b', amount: 10_000, product: 'prod_seats', ...line },
      ],
      customer: customer(),
      transitions,
      changes,
    })

test('voided after one of its lines was credited: the other one is taken back, and nothing twice', async () => {
  const two = ofTwo({ tax: { amount: 800 } })
  const credited = { pre_payment_credit_notes_amount: 13_500 }
  // The whole first line, and a quarter of the second.
  const note = creditNote({
    total: 13_500,
    prePayment: 13_500,
    created: day(5),
    lines: [
      { amount: 10_000, invoiceLine: 'il_a', tax: { amount: 800 } },
      { amount: 2_500, invoiceLine: 'il_b', tax: { amount: 200 } },
    ],
    changes: { invoice: two(credited) },
  })
  await using desk = await openDesk()
  await desk.bring(two())
  desk.account.stripe.set(NOTES, [note])
  await desk.bring(note)
  expect(await desk.bring(two({ ...credited, status: 'void' }, { voided_at: day(20) }))).toEqual([
    'creditMemo in_1-void 2026-11-20: 804 75.00, 808 6.00 → invoice/in_1 81.00',
  ])
  expect(desk.ledger()).toEqual([])
})

test('what a note says of no line is spread over what the others left', async () => {
  const two = ofTwo()
  const credited = { pre_payment_credit_notes_amount: 9_000 }
  const of = (id: string, total: number, invoiceLine?: string) =>
    creditNote({
      id,
      total,
      prePayment: total,
      created: day(5),
      lines: [{ amount: total, ...(invoiceLine !== undefined && { invoiceLine }) }],
      changes: { invoice: two(credited) },
    })
  const notes = [of('cn_1', 6_000, 'il_a'), of('cn_2', 3_000)]
  await using desk = await openDesk({ creditItem: '811' })
  await desk.bring(two())
  desk.account.stripe.set(NOTES, notes)
  for (const note of notes) await desk.bring(note)
  // Of 30.00 that no line is named for, 8.571… and 21.428… come off 40.00 and 100.00: 31.43 and 78.57 are left.
  expect(await desk.bring(two({ ...credited, status: 'void' }, { voided_at: day(20) }))).toEqual([
    'creditMemo in_1-void 2026-11-20: 801 31.43, 804 78.57 → invoice/in_1 110.00',
  ])
})

test('what is to be settled waits while a reversal is on its way', async () => {
  await using desk = await openDesk()
  await desk.bring(sold())
  desk.account.stripe.set(NOTES, [forty()])
  await desk.bring(forty())
  desk.account.stripe.set(NOTES, [forty(taken)])
  const payments = [{ id: 'inpay_1', amount: 10_800, paidAt: day(9) }]
  await expect(desk.bring(sold({ payments, changes: { status: 'paid' } }))).rejects.toMatchObject({
    kind: 'transient',
    code: 'NS-NOTE-VOID',
    recordOnly: true,
  })
  expect(desk.account.simulator.records('customerPayment')).toEqual([])
})

test('a payment that a credit note overtook, which a worker posted that did not know it was voided, is gathered anew', async () => {
  await using desk = await openDesk()
  await desk.bring(sold())
  desk.account.stripe.set(NOTES, [forty(taken)])
  const payments = [{ id: 'inpay_1', amount: 10_800, paidAt: day(9) }]
  const paid = sold({ payments, changes: { status: 'paid' } })
  // Gathered while the whole invoice was open; then the note takes 43.20 of it.
  await expect(desk.bring(paid, unaware(desk, [forty(taken)]))).rejects.toMatchObject({
    kind: 'transient',
    code: 'NS-OVERTAKEN',
    recordOnly: true,
  })
  await expect(desk.bring(paid)).rejects.toMatchObject({ code: 'NS-NOTE-VOID' })
  await desk.bring(forty(taken))
  expect(await desk.bring(paid)).toEqual([
    'customerPayment inpay_1 2026-11-09 121: 108.00 → a document 43.20, invoice/in_1 64.80',
  ])
  expect(desk.ledger()).toEqual(['121 108.00', '211 -8.00', '411 -100.00'])
})

test('a credit note that Stripe lists as voided by now is not posted from what was read before', async () => {
  await using desk = await openDesk()
  await desk.bring(sold())
  desk.account.stripe.set(NOTES, [forty(taken)])
  await expect(desk.bring(forty())).rejects.toMatchObject({ kind: 'transient', code: 'NS-NOTE-CHANGED' })
  expect(desk.account.simulator.records('creditMemo')).toEqual([])
})

test('so is another credit note', async () => {
  await using desk = await openDesk()
  await desk.bring(sold())
  const all = wholeNote()
  desk.account.stripe.set(NOTES, [forty(taken), all])
  await expect(desk.bring(all, unaware(desk, [forty(taken), all]))).rejects.toMatchObject({
    code: 'NS-OVERTAKEN',
  })
  await desk.bring(forty(taken))
  expect(await desk.bring(all)).toEqual([
    'creditMemo cn_2 2026-11-09: 801 100.00, 808 8.00 → a document 43.20, invoice/in_1 64.80',
  ])
  expect(desk.ledger()).toEqual([])
})

test('what nothing in Stripe explains, and stood before it was gathered, parks', async () => {
  await using desk = await openDesk()
  await desk.bring(sold())
  desk.account.stripe.set(NOTES, [forty()])
  await desk.bring(forty())
  const payments = [{ id: 'inpay_1', amount: 10_800, paidAt: day(9) }]
  desk.account.stripe.set(NOTES, [])
  await expect(desk.bring(sold({ payments, changes: { status: 'paid' } }))).rejects.toMatchObject({
    kind: 'permanent',
    code: 'NS-APPLY',
  })
})

test('a credit note voided before anybody posted it leaves no trace', async () => {
  await using desk = await openDesk()
  await desk.bring(sold())
  desk.account.stripe.set(NOTES, [forty(taken)])
  expect(await desk.bring(forty(taken))).toEqual([])
  const payments = [{ id: 'inpay_1', amount: 10_800, paidAt: day(9) }]
  expect(await desk.bring(sold({ payments, changes: { status: 'paid' } }))).toEqual([
    'customerPayment inpay_1 2026-11-09 121: 108.00 → invoice/in_1 108.00',
  ])
})

test('nor does it when the invoice is voided after another one that stands', async () => {
  await using desk = await openDesk()
  await desk.bring(sold())
  const credited = { pre_payment_credit_notes_amount: 4_320 }
  const other = { ...forty(), id: 'cn_2', created: day(8), invoice: sold({ changes: credited }) }
  desk.account.stripe.set(NOTES, [forty(taken), other])
  await desk.bring(other)
  const changes = { ...credited, status: 'void' }
  expect(await desk.bring(sold({ transitions: { voided_at: day(20) }, changes }))).toEqual([
    'creditMemo in_1-void 2026-11-20: 801 60.00, 808 4.80 → invoice/in_1 64.80',
  ])
  expect(desk.ledger()).toEqual([])
})

test('a second credit note takes what is left of the invoice, then the reversal of the first', async () => {
  await using desk = await openDesk()
  await desk.bring(sold())
  desk.account.stripe.set(NOTES, [forty()])
  await desk.bring(forty())
  desk.account.stripe.set(NOTES, [forty(taken)])
  await desk.bring(forty(taken))
  const all = wholeNote()
  desk.account.stripe.set(NOTES, [forty(taken), all])
  expect(await desk.bring(all)).toEqual([
    'creditMemo cn_2 2026-11-09: 801 100.00, 808 8.00 → a document 43.20, invoice/in_1 64.80',
  ])
  expect(desk.ledger()).toEqual([])
})

test('a recovery in a closed month goes to the first open one and says so; it stays there', async () => {
  await using desk = await openDesk()
  await desk.bring(sold({ transitions: uncollectible, changes: { status: 'uncollectible' } }))
  const { periods } = desk.account.simulator
  periods.closePeriod(periods.find('2026-11') ?? '')
  desk.account.clock.advance(61_000)
  const payments = [{ id: 'inpay_2', amount: 10_800, paidAt: day(25) }]
  const paid = sold({ payments, transitions: uncollectible, changes: { status: 'paid' } })
  await desk.bring(paid)
  for (const [kind, id] of [
    ['journalEntry', 'inpay_2-recovery'],
    ['customerPayment', 'inpay_2'],
  ] as const) {
    expect(desk.account.simulator.find(kind, id)).toMatchObject({
      tranDate: '2026-11-25',
      postingPeriod: { id: periods.find('2026-12') },
      memo: expect.stringContaining('posted to Dec 2026: Nov 2026 was closed'),
    })
  }
  periods.closePeriod(periods.find('2026-12') ?? '')
  desk.account.clock.advance(61_000)
  expect(await desk.bring(paid)).toEqual([])
})
