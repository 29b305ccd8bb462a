// Lays what Stripe holds beside what every other system holds and names each difference: totals by currency, then every
// record and every field of it. Pure; nothing is rounded. What a system is meant to lack is said
// in readings/expectation.ts.
import { type Expectation, expectationOf, isGone, whyNone } from './readings/expectation.ts'
import type { Facts, Reading, RecordKind, SystemName } from './readings/reading.ts'
import type { StripeReading } from './readings/stripe.ts'
import { formatMinor, type Totals } from './readings/totals.ts'

/** A difference found. `object` says what it is about: 'total USD', 'invoice in_…', 'payment inpay_…'. */
export interface Break {
  system: SystemName
  object: string
  field: string
  expected: string
  actual: string
}

const NAMES: Record<RecordKind, string> = {
  invoices: 'invoice',
  payments: 'payment',
  refunds: 'refund',
  creditNotes: 'credit note',
  voids: 'void of invoice',
  writeOffs: 'write-off of invoice',
  customers: 'customer',
  subscriptions: 'subscription',
  disputes: 'dispute',
}
const KINDS = Object.keys(NAMES).filter((name): name is RecordKind => name in NAMES)

/** @returns [] when every system is in step, to the cent. */
export function compare(stripe: StripeReading, others: readonly Reading[]): Break[] {
  return [
    ...untaxedDrafts(stripe),
    ...standingTwice(stripe),
    ...others.flatMap((reading) => {
      const expectation = expectationOf(reading.system, stripe)
      return [
        ...compareTotals(expectation, reading),
        ...KINDS.flatMap((kind) => compareRecords(kind, expectation, reading, stripe)),
        ...standingTwice(reading),
        ...[...reading.strangers, ...orphans(reading, stripe)].map((stranger) => ({
          system: reading.system,
          object: stranger,
          field: 'record',
          expected: 'none: it stands for nothing in Stripe',
          actual: 'stands',
        })),
      ]
    }),
  ]
}

/** What a deleted customer's balance did, Stripe does not list any more; what was posted of it stays. */
const orphans = ({ adjuncts }: Reading, { ids, customers }: StripeReading): string[] =>
  adjuncts
    .filter(({ of, customer }) => {
      const isGone = of.startsWith('cbtxn_') && customer !== undefined && !customers.has(customer)
      return !ids.has(of) && !isGone
    })
    .map(({ document }) => document)

/** An invoice that was ever a draft could have been taxed, so it must be. */
function untaxedDrafts({ system, invoices }: StripeReading): Break[] {
  return [...invoices]
    .filter(([, { untaxed, wasDraft }]) => untaxed && wasDraft)
    .map(([id]) => ({
      system,
      object: `invoice ${id}`,
      field: 'tax',
      expected: 'decided before it was finalized: it was a draft',
      actual: 'finalized untaxed',
    }))
}

const standingTwice = ({ system, duplicates }: Reading): Break[] =>
  duplicates.map(({ kind, id }) => ({
    system,
    object: `${NAMES[kind]} ${id}`,
    field: 'record',
    expected: 'once',
    actual: 'more than once',
  }))

function compareTotals({ totals, figures }: Expectation, { system, totals: actual }: Reading): Break[] {
  const currencies = [...new Set([...Object.keys(totals), ...Object.keys(actual)])].sort()
  return currencies.flatMap((currency) =>
    figures.flatMap((figure) => {
      const [wanted, found] = [totals[currency]?.[figure] ?? 0n, actual[currency]?.[figure] ?? 0n]
      if (wanted === found) return []
      return [
        {
          system,
          object: `total ${currency}`,
          field: FIGURES[figure],
          expected: formatMinor(wanted, currency),
          actual: formatMinor(found, currency),
        },
      ]
    }),
  )
}

const FIGURES: Record<keyof Totals, string> = {
  invoicedMinor: 'invoiced',
  paidMinor: 'paid',
  refundedMinor: 'refunded',
  creditedMinor: 'credited',
  taxMinor: 'tax',
}

function compareRecords(
  kind: RecordKind,
  { records }: Expectation,
  reading: Reading,
  stripe: StripeReading,
): Break[] {
  const expected = records[kind]
  if (!expected) return []
  const actual: ReadonlyMap<string, Facts> = reading[kind] ?? new Map<string, Facts>()
  const { system } = reading
  const breaks: Break[] = []
  for (const [id, facts] of expected) {
    const object = `${NAMES[kind]} ${id}`
    const found = actual.get(id)
    if (found) breaks.push(...compareFields(facts, found).map((field) => ({ system, object, ...field })))
    else breaks.push({ system, object, field: 'record', expected: describe(facts), actual: 'missing' })
  }
  for (const [id, facts] of actual) {
    if (expected.has(id) || isGone(facts)) continue
    const object = `${NAMES[kind]} ${id}`
    breaks.push({
      system,
      object,
      field: 'record',
      expected: whyNone(kind, id, stripe),
      actual: describe(facts),
    })
  }
  return breaks
}

/** What Stripe does not say is not compared; what it says must be there, and the same. */
function compareFields(expected: Facts, actual: Facts): Pick<Break, 'field' | 'expected' | 'actual'>[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    if (value === undefined || value === actual[name]) return []
    return [
      {
        field: name.replace(/Minor$/, ''),
        expected: say(value, expected.currency),
        actual: say(actual[name], actual.currency),
      },
    ]
  })
}

function say(value: Facts[string], currency = ''): string {
  if (value === undefined) return 'nothing'
  return typeof value === 'bigint' ? formatMinor(value, currency) : String(value)
}

/** What a record is worth, or what state it is in. */
function describe({ currency, totalMinor, amountMinor, status, state }: Facts): string {
  const worth = totalMinor ?? amountMinor
  const words = [worth === undefined ? undefined : say(worth, currency), status ?? state]
  return words.filter((word) => word !== undefined).join(', ')
}
