import { describe, expect, it } from 'vitest'
import type { Check } from './check.ts'
import { document, eventsOf, movement, OCTOBER, read, told, UNREAD } from './close.fixture.ts'
import type { BookDocument, Movement, TaxDocument } from './facts.ts'
import { checkPosted } from './posted.ts'

const TAX: TaxDocument = {
  code: 'in_1',
  root: 'in_1',
  day: '2026-10-05',
  currency: 'EUR',
  grossMinor: 11_900n,
  taxMinor: 1_900n,
  isCancelled: false,
  shares: [],
}

const INVOICE = movement('invoice', 'in_1', 'EUR', 11_900n, {
  label: 'INV-0042',
  taxMinor: 1_900n,
  tax: { taxMinor: 1_900n, isVoid: false },
})

/** A month in three currencies: an invoice paid, yen refunded, dinars credited. */
const MOVEMENTS: Movement[] = [
  INVOICE,
  movement('payment', 'inpay_1', 'EUR', 11_900n),
  movement('refund', 're_1', 'JPY', 501n),
  movement('credit note', 'cn_1', 'KWD', 1_230n),
]
const DOCUMENTS: BookDocument[] = [
  document('in_1', 'EUR', 11_900n),
  document('inpay_1', 'EUR', 11_900n, { type: 'CustPymt' }),
  document('re_1', 'JPY', 501n, { type: 'CustRfnd' }),
  document('cn_1', 'KWD', 1_230n, { type: 'CustCred' }),
]

const judge = ({
  movements = MOVEMENTS,
  documents = DOCUMENTS,
  taxDocuments = [TAX],
  lakeEvents = eventsOf(movements),
}: {
  movements?: Movement[]
  documents?: BookDocument[]
  taxDocuments?: TaxDocument[]
  lakeEvents?: ReadonlySet<string>
} = {}): Check =>
  checkPosted(OCTOBER, {
    movements: read(movements),
    documents: read(documents),
    taxDocuments: read(taxDocuments),
    lakeEvents: read(lakeEvents),
  })

const instead = (changed: Partial<BookDocument>): BookDocument[] => [
  { ...document('in_1', 'EUR', 11_900n), ...changed },
  ...DOCUMENTS.slice(1),
]

it('ties to the cent in every currency', () => {
  const tied = judge()
  expect(tied.state).toBe('ties')
  expect(tied.figures).toEqual([
    { currency: 'EUR', label: 'invoice', amounts: { stripe: 11_900n, netsuite: 11_900n } },
    { currency: 'EUR', label: 'payment', amounts: { stripe: 11_900n, netsuite: 11_900n } },
    { currency: 'JPY', label: 'refund', amounts: { stripe: 501n, netsuite: 501n } },
    { currency: 'KWD', label: 'credit note', amounts: { stripe: 1_230n, netsuite: 1_230n } },
  ])
})

it('an empty month ties', () => {
  expect(judge({ movements: [], documents: [], taxDocuments: [] })).toMatchObject({
    state: 'ties',
    figures: [],
    breaks: [],
  })
})

describe('names the difference', () => {
  it.each<[string, Parameters<typeof judge>[0], string[]]>([
    ['not posted', { documents: DOCUMENTS.slice(1) }, ['not-posted invoice INV-0042 EUR 11900 → Billing']],
    [
      'a cent short',
      { documents: instead({ amountMinor: 11_899n }) },
      ['wrong-amount invoice INV-0042 EUR -1 → Accounting'],
    ],
    [
      'another currency',
      { documents: instead({ currency: 'USD' }) },
      ['wrong-amount invoice INV-0042 EUR 11900 → Accounting'],
    ],
    [
      'dated by another calendar',
      { documents: instead({ day: '2026-11-01' }) },
      ['wrong-date invoice INV-0042 EUR 11900 → Engineering'],
    ],
    [
      'posted to another period, and it does not say why',
      { documents: instead({ periodMonth: '2026-11' }) },
      ['other-period invoice INV-0042 EUR 11900 → Accounting'],
    ],
    [
      'posted twice',
      { documents: [...DOCUMENTS, document('in_1', 'EUR', 11_900n)] },
      ['posted-twice invoice INV-0042 EUR 11900 → Accounting'],
    ],
    [
      'a document of nothing',
      { documents: [...DOCUMENTS, document('inpay_9-x', 'USD', 100n, { type: 'CustPymt' })] },
      ['stands-for-nothing CustPymt inpay_9-x USD 100 → Accounting'],
    ],
    ['not taxed', { taxDocuments: [] }, ['not-in-avatax invoice INV-0042 EUR 1900 → Billing']],
    [
      'its tax document cancelled',
      { taxDocuments: [{ ...TAX, isCancelled: true }] },
      ['cancelled-in-avatax invoice INV-0042 EUR 1900 → Avalara admin'],
    ],
    [
      'its tax document of another day',
      { taxDocuments: [{ ...TAX, day: '2026-10-06' }] },
      ['wrong-date-in-avatax invoice INV-0042 EUR 1900 → Avalara admin'],
    ],
    [
      'not in the lake',
      { lakeEvents: eventsOf(MOVEMENTS.slice(1)) },
      ['not-in-lake invoice INV-0042  → Engineering'],
    ],
  ])('%s', (_, inputs, expected) => {
    const found = judge(inputs)
    expect(found.state).toBe('differs')
    expect(told(found)).toEqual(expected)
  })
})

it('a document whose period was closed is in a later one: said, and no break', () => {
  const kept = judge({ documents: instead({ periodMonth: '2026-11', movedFrom: {} }) })
  expect([kept.state, kept.breaks]).toEqual(['ties', []])
  expect(kept.explained).toEqual([
    {
      object: 'invoice INV-0042',
      currency: 'EUR',
      amountMinor: 11_900n,
      why: 'posted to the period 2026-11: its own was closed when it came',
    },
  ])
  const moved = { periodMonth: '2026-11', day: '2026-11-01', movedFrom: { day: '2026-10-05' } }
  expect(judge({ documents: instead(moved) }).breaks).toEqual([])
  // Not by a calendar of another zone, though it lands on the first of the month as well.
  expect(told(judge({ documents: instead({ periodMonth: '2026-11', day: '2026-11-01' }) }))).toEqual([
    'wrong-date invoice INV-0042 EUR 11900 → Engineering',
  ])
})

it('says what a person has to know', () => {
  const [found] = judge({ documents: DOCUMENTS.slice(1) }).breaks
  expect(found).toMatchObject({
    why: 'invoice INV-0042 (EUR 119.00) of 2026-10-05 has no document in_1 in NetSuite.',
    next: 'hub trace in_1 says why; then hub replay in_1',
  })
})

it('leaves to the next month what happened after 23:59:59 of the seller', () => {
  const movements = [
    movement('invoice', 'in_31', 'USD', 100n, { day: '2026-10-31' }),
    movement('invoice', 'in_1st', 'USD', 200n, { day: '2026-11-01' }),
  ]
  const found = judge({ movements, documents: [document('in_31', 'USD', 100n, { day: '2026-10-31' })] })
  expect(found.state).toBe('ties')
  expect(found.figures).toEqual([
    { currency: 'USD', label: 'invoice', amounts: { stripe: 100n, netsuite: 100n } },
  ])
})

it('a credit note voided before it was posted has neither document; one of the two alone is a break', () => {
  const movements = [
    movement('credit note', 'cn_2', 'USD', 500n, { pairedWith: 'cn_2-void' }),
    movement('voided credit note', 'cn_2', 'USD', 500n, { document: 'cn_2-void', pairedWith: 'cn_2' }),
  ]
  expect(judge({ movements, documents: [] }).state).toBe('ties')
  expect(told(judge({ movements, documents: [document('cn_2', 'USD', 500n)] }))).toEqual([
    'not-posted voided credit note cn_2 USD 500 → Billing',
  ])
})

it('is unknown, never green, when a system did not answer', () => {
  const found = checkPosted(OCTOBER, {
    movements: read(MOVEMENTS),
    documents: { unread: UNREAD },
    taxDocuments: read([TAX]),
    lakeEvents: read(eventsOf(MOVEMENTS)),
  })
  expect(found).toMatchObject({ state: 'unknown', unread: [UNREAD], breaks: [], figures: [] })
})
