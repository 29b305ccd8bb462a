import { describe, expect, it } from 'vitest'
import type { Check } from './check.ts'
import { OCTOBER, read, told } from './close.fixture.ts'
import type { BookTax, TaxShare } from './facts.ts'
import { type ChargedTax, checkTax, type DeclaredTax } from './tax-liability.ts'

const STATE = { country: 'US', region: 'CA', name: 'CALIFORNIA' }
const COUNTY = { country: 'US', region: 'CA', name: 'LOS ANGELES' }
const GERMANY = { country: 'DE', region: '', name: 'GERMANY' }
const JAPAN = { country: 'JP', region: '', name: 'JAPAN' }
const KUWAIT = { country: 'KW', region: '', name: 'KUWAIT' }

const total = (shares: readonly TaxShare[]): bigint =>
  shares.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)

const charged = (
  root: string,
  currency: string,
  shares: TaxShare[],
  more: Partial<ChargedTax> = {},
): ChargedTax => ({
  root,
  label: root,
  day: '2026-10-05',
  currency,
  grossMinor: 0n,
  taxMinor: total(shares),
  shares,
  isVoid: false,
  byStripe: false,
  ...more,
})
const declared = (
  code: string,
  currency: string,
  shares: TaxShare[],
  more: Partial<DeclaredTax> = {},
): DeclaredTax => ({
  code,
  root: code.split('-')[0] ?? '',
  day: '2026-10-05',
  currency,
  grossMinor: 0n,
  taxMinor: total(shares),
  isCancelled: false,
  shares,
  ...more,
})
const posted = (
  document: string,
  currency: string,
  shares: TaxShare[],
  more: Partial<BookTax> = {},
): BookTax[] =>
  shares.map(({ amountMinor, ...jurisdiction }) => ({
    document,
    day: '2026-10-05',
    currency,
    amountMinor,
    jurisdiction,
    ...more,
  }))

const US: TaxShare[] = [
  { ...STATE, amountMinor: 600n },
  { ...COUNTY, amountMinor: 125n },
]
const EUR: TaxShare[] = [{ ...GERMANY, amountMinor: 1_900n }]
const JPY: TaxShare[] = [{ ...JAPAN, amountMinor: 1_000n }]
const KWD: TaxShare[] = [{ ...KUWAIT, amountMinor: 1_230n }]
const BACK: TaxShare[] = [{ ...GERMANY, amountMinor: -950n }]

const CHARGED = [
  charged('in_us', 'USD', US),
  charged('in_de', 'EUR', EUR),
  charged('cn_de', 'EUR', BACK),
  charged('in_jp', 'JPY', JPY),
  charged('in_kw', 'KWD', KWD),
]
const DECLARED = [
  declared('in_us', 'USD', US),
  declared('in_de', 'EUR', EUR),
  declared('cn_de', 'EUR', BACK),
  declared('in_jp', 'JPY', JPY),
  declared('in_kw', 'KWD', KWD),
]
const POSTED = [
  ...posted('in_us', 'USD', US),
  ...posted('in_de', 'EUR', EUR),
  ...posted('cn_de', 'EUR', BACK),
  ...posted('in_jp', 'JPY', JPY),
  ...posted('in_kw', 'KWD', KWD),
]

const judge = (
  stripe: ChargedTax[] = CHARGED,
  avatax: DeclaredTax[] = DECLARED,
  books: BookTax[] = POSTED,
): Check => checkTax(OCTOBER, { stripe: read(stripe), avatax: read(avatax), books: read(books) })

it('ties by jurisdiction in every currency', () => {
  const tied = judge()
  expect(tied.state).toBe('ties')
  const row = (currency: string, label: string, amount: bigint) => ({
    currency,
    label,
    amounts: { stripe: amount, avatax: amount, netsuite: amount },
  })
  expect(tied.figures).toEqual([
    row('EUR', 'all', 950n),
    row('EUR', 'DE / GERMANY', 950n),
    row('JPY', 'all', 1_000n),
    row('JPY', 'JP / JAPAN', 1_000n),
    row('KWD', 'all', 1_230n),
    row('KWD', 'KW / KUWAIT', 1_230n),
    row('USD', 'all', 725n),
    row('USD', 'US / CA / CALIFORNIA', 600n),
    row('USD', 'US / CA / LOS ANGELES', 125n),
  ])
})

describe('names the document', () => {
  it.each<[string, Check, string[]]>([
    ['not declared', judge(CHARGED, DECLARED.slice(1)), ['tax-not-declared in_us USD -725 → Billing']],
    [
      'a fils too much declared',
      judge(CHARGED, [
        ...DECLARED.slice(0, 4),
        declared('in_kw', 'KWD', [{ ...KUWAIT, amountMinor: 1_231n }]),
      ]),
      ['tax-differs in_kw KWD 1 → Avalara admin'],
    ],
    [
      'declared, and never charged',
      judge(CHARGED, [...DECLARED, declared('in_9', 'EUR', [{ ...GERMANY, amountMinor: 70n }])]),
      ['tax-only-in-avatax in_9 EUR 70 → Avalara admin'],
    ],
    ['not posted', judge(CHARGED, DECLARED, POSTED.slice(2)), ['tax-not-posted in_us USD -725 → Accounting']],
    [
      'a yen short in the books',
      judge(CHARGED, DECLARED, [
        ...POSTED.filter(({ currency }) => currency !== 'JPY'),
        ...posted('in_jp', 'JPY', [{ ...JAPAN, amountMinor: 999n }]),
      ]),
      ['tax-differs-in-books in_jp JPY -1 → Accounting'],
    ],
  ])('%s', (_, found, expected) => {
    expect(told(found)).toEqual(expected)
  })
})

describe('places', () => {
  const swapped = (first: bigint, second: bigint): TaxShare[] => [
    { ...STATE, amountMinor: first },
    { ...COUNTY, amountMinor: second },
  ]
  const avatax = (shares: TaxShare[]) => [declared('in_us', 'USD', shares), ...DECLARED.slice(1)]

  it('a cent for each share may lie in the next jurisdiction, because a declared amount is spread anew', () => {
    const found = judge(CHARGED, avatax(swapped(601n, 124n)))
    expect(found.state).toBe('ties')
    expect(found.explained.map(({ object, amountMinor }) => `${object} ${amountMinor}`)).toEqual([
      'US / CA / CALIFORNIA 1',
      'US / CA / LOS ANGELES -1',
    ])
  })

  it('more than that is a break', () => {
    expect(told(judge(CHARGED, avatax(swapped(602n, 123n))))).toEqual([
      'other-jurisdiction tax of US / CA / CALIFORNIA USD 2 → Avalara admin',
      'other-jurisdiction tax of US / CA / LOS ANGELES USD -2 → Avalara admin',
    ])
  })

  it('after a drift AvaTax spreads what was charged by its own rates: said, and no break while the country is the same', () => {
    const drifted = (shares: TaxShare[]) => [
      declared('in_us', 'USD', shares, { calculatedMinor: 1_000n }),
      ...DECLARED.slice(1),
    ]
    const found = judge(CHARGED, drifted(swapped(625n, 100n)))
    expect([found.state, found.breaks]).toEqual(['ties', []])
    // 7.25 were charged, and AvaTax calculates 10.00.
    expect(found.explained.map(({ amountMinor }) => amountMinor)).toEqual([275n])
    const abroad = [
      ...swapped(600n, 100n),
      { country: 'CA', region: 'ON', name: 'ONTARIO', amountMinor: 25n },
    ]
    expect(told(judge(CHARGED, drifted(abroad)))).toContain(
      'other-jurisdiction tax of CA USD 25 → Avalara admin',
    )
  })

  it('another country is a break, to the cent', () => {
    const moved = [...DECLARED.filter(({ code }) => code !== 'in_de')]
    const shares = [
      { ...GERMANY, amountMinor: 1_899n },
      { country: 'AT', region: '', name: 'AUSTRIA', amountMinor: 1n },
    ]
    expect(told(judge(CHARGED, [...moved, declared('in_de', 'EUR', shares)]))).toEqual([
      'other-jurisdiction tax of DE EUR -1 → Avalara admin',
      'other-jurisdiction tax of AT EUR 1 → Avalara admin',
    ])
  })

  it('books that name no place are held to the total', () => {
    const nameless = POSTED.map(({ jurisdiction: _, ...line }) => line)
    const found = judge(CHARGED, DECLARED, nameless)
    expect(found.state).toBe('ties')
    expect(found.figures.find(({ label }) => label === 'DE / GERMANY')?.amounts).toEqual({
      stripe: 950n,
      avatax: 950n,
    })
  })
})

describe('voids', () => {
  const VOID = { isVoid: true }
  const took = charged('in_de', 'EUR', [{ ...GERMANY, amountMinor: -1_900n }], VOID)

  it('voided in its own month: nothing is owed anywhere', () => {
    const found = judge(
      [charged('in_de', 'EUR', EUR, VOID), took],
      [declared('in_de', 'EUR', EUR, { isCancelled: true })],
      [...posted('in_de', 'EUR', EUR), ...posted('in_de-void', 'EUR', took.shares)],
    )
    expect(found).toMatchObject({ state: 'ties', explained: [] })
  })

  it('of an earlier month: AvaTax took it out of that month, and that is explained', () => {
    const found = judge(
      [took],
      [declared('in_de', 'EUR', EUR, { isCancelled: true, day: '2026-09-12' })],
      posted('in_de-void', 'EUR', took.shares),
    )
    expect(found.state).toBe('ties')
    expect(found.explained).toEqual([
      {
        object: 'in_de',
        currency: 'EUR',
        amountMinor: 1_900n,
        why: 'voided: AvaTax took it out of 2026-09, where it was dated; the books post the void on its own day',
      },
    ])
  })

  it('filed, and taken back by its opposite', () => {
    const found = judge(
      [took],
      [
        declared('in_de', 'EUR', EUR, { day: '2026-09-12' }),
        declared('in_de-void', 'EUR', took.shares, { day: '2026-10-20' }),
      ],
      posted('in_de-void', 'EUR', took.shares),
    )
    expect(found).toMatchObject({ state: 'ties', explained: [] })
  })

  it('credited in part before, and the rest taken back in the month of the void', () => {
    const rest: TaxShare[] = [{ ...GERMANY, amountMinor: -950n }]
    const found = judge(
      [charged('in_de', 'EUR', rest, { ...VOID, day: '2026-10-20' })],
      [
        declared('in_de', 'EUR', EUR, { day: '2026-09-12' }),
        declared('in_de-void', 'EUR', rest, { day: '2026-10-20' }),
      ],
      posted('in_de-void', 'EUR', rest),
    )
    expect(found).toMatchObject({ state: 'ties', explained: [] })
  })

  it('void in Stripe and still declared', () => {
    const found = judge(
      [took],
      [declared('in_de', 'EUR', EUR, { day: '2026-09-12' })],
      posted('in_de-void', 'EUR', took.shares),
    )
    expect(told(found)).toEqual(['void-still-declared in_de EUR 1900 → Billing'])
  })
})

describe('recorded as included in the price', () => {
  const IN: TaxShare[] = [{ ...GERMANY, amountMinor: 1_597n }]
  const OUT: TaxShare[] = [{ ...GERMANY, amountMinor: -798n }]
  const why =
    'finalized untaxed and declared as included in the price: neither Stripe nor the books show this tax, the seller pays it out of the price'

  it('what Stripe never charged is explained, the part that a credit note returns too', () => {
    const found = judge(
      [charged('in_in', 'EUR', []), charged('cn_in', 'EUR', [], { of: 'in_in' })],
      [declared('in_in', 'EUR', IN, { isIncluded: true }), declared('cn_in', 'EUR', OUT)],
      [],
    )
    expect(found.state).toBe('ties')
    expect(found.explained).toEqual([
      { object: 'in_in', currency: 'EUR', amountMinor: 1_597n, why },
      { object: 'cn_in', currency: 'EUR', amountMinor: -798n, why },
    ])
  })

  it('the credit note of a sale in an earlier month', () => {
    const sale = declared('in_in', 'EUR', IN, { isIncluded: true, day: '2026-09-12' })
    const found = judge(
      [charged('cn_in', 'EUR', [], { of: 'in_in' })],
      [sale, declared('cn_in', 'EUR', OUT)],
      [],
    )
    expect(found.explained).toEqual([{ object: 'cn_in', currency: 'EUR', amountMinor: -798n, why }])
  })

  it('net and tax in AvaTax that are not what was charged are a break, also where the tax is none', () => {
    const found = judge(
      [
        charged('in_in', 'EUR', [], { grossMinor: 10_000n }),
        charged('in_zero', 'EUR', [], { grossMinor: 5_000n }),
        charged('in_ok', 'EUR', [], { grossMinor: 10_000n }),
        charged('cn_in', 'EUR', [], { of: 'in_in', grossMinor: -5_000n }),
      ],
      [
        declared('in_in', 'EUR', IN, { isIncluded: true, grossMinor: 10_001n }),
        declared('in_zero', 'EUR', [], { isIncluded: true, grossMinor: 4_000n }),
        declared('in_ok', 'EUR', IN, { isIncluded: true, grossMinor: 10_000n }),
        declared('cn_in', 'EUR', OUT, { grossMinor: -4_998n }),
      ],
      [],
    )
    expect(told(found)).toEqual([
      'included-gross-differs in_in EUR 1 → Avalara admin',
      'included-gross-differs in_zero EUR -1000 → Avalara admin',
      'included-gross-differs cn_in EUR 2 → Avalara admin',
    ])
    expect(found.breaks[0]?.why).toBe(
      'in_in comes to EUR 100.00 in Stripe, tax included; AvaTax declares EUR 84.04 and EUR 15.97 tax, together EUR 100.01.',
    )
    expect(found.explained).toEqual([{ object: 'in_ok', currency: 'EUR', amountMinor: 1_597n, why }])
  })

  it('voided: cancelled in AvaTax, it has no amounts to compare', () => {
    const found = judge(
      [charged('in_in', 'EUR', [], { isVoid: true, grossMinor: 10_000n })],
      [declared('in_in', 'EUR', IN, { isIncluded: true, isCancelled: true, grossMinor: 10_000n })],
      [],
    )
    expect(found.breaks).toEqual([])
  })

  it('a tax that no document says so of is a break', () => {
    const found = judge(
      [charged('in_in', 'EUR', []), charged('cn_in', 'EUR', [], { of: 'in_in' })],
      [declared('in_in', 'EUR', []), declared('cn_in', 'EUR', OUT)],
      [],
    )
    expect(told(found)).toEqual(['tax-differs cn_in EUR -798 → Avalara admin'])
  })
})

it("Stripe's own tax engine declares what it charged", () => {
  const found = judge([charged('in_st', 'EUR', EUR, { byStripe: true })], [], posted('in_st', 'EUR', EUR))
  expect(found.state).toBe('ties')
  expect(found.explained).toHaveLength(1)
})
