// Turns AvaTax's answer about a draft into the tax entries of each Stripe line. Pure. Every line gets at least one
// entry: "untaxed" is not "zero", so a zero says why.

import { hashJson } from '../../../shared/connector/hash.ts'
import { invariant, permanent } from '../../../shared/errors.ts'
import type { LineAnswer, TransactionAnswer } from './answer.ts'
import { rateOf } from './rate-data.ts'
import { chargeStep, exactMinor, roundExact, roundToSum, toPercentage } from './rounding.ts'
import type { TaxStanding } from './tax-standing.ts'
import { zeroEntry } from './zero-entry.ts'

// Types, not interfaces: they stand inside JSON bodies, and only types are assignable to those.

/** What Stripe makes a (hidden, reusable) tax rate from. */
export type RateData = {
  name: string
  /** Percent with at most four decimals, '7.25'. */
  percentage: string
  inclusive: boolean
  jurisdiction?: string
  level?: string
  country?: string
  state?: string
  type?: string
}

export type TaxEntry = {
  /** Key in `rates`. */
  rate: string
  /** Minor units, decimal digits. */
  amount: string
  taxable: string
  reason: string
}

export type LineTaxes = {
  /** The line's amount after discounts that was calculated with: another one means that the draft has changed. */
  base: string
  taxes: TaxEntry[]
}

export type Calculation = {
  rates: Record<string, RateData>
  lines: Record<string, LineTaxes>
}

export interface AskedLine {
  id: string
  baseMinor: bigint
  inclusive: boolean
}

/** Stripe takes at most 20 tax amounts a line. https://docs.stripe.com/api/invoices/update_lines */
const ENTRIES_PER_LINE = 20

interface Portion {
  rate: RateData
  taxExact: bigint
  taxableMinor: bigint
  reason: string
}

/**
 * Rounds lines so that they sum to the rounded document, and each line's entries so that they sum to the line.
 * @throws permanent when the answer does not cover the lines asked for, or does not sum to its own total.
 */
export function toCalculation(
  answer: TransactionAnswer,
  asked: readonly AskedLine[],
  { currency, standing, crossBorderEu, entriesPerLine = ENTRIES_PER_LINE, everyRate = false }: Asked,
): Calculation {
  const step = chargeStep(currency)
  const answered = new Map((answer.lines ?? []).map((line) => [line.lineNumber, line]))
  const pairs = asked.map((line) => {
    const found = answered.get(line.id)
    if (!found) throw unusable(answer.code, `it says nothing about line ${line.id}`)
    return { line, found }
  })
  const exact = pairs.map(({ found }) => exactMinor(found.tax, currency))
  const target = roundExact(
    exact.reduce((total, one) => total + one, 0n),
    step,
  )
  if (answered.size !== asked.length || target !== roundExact(exactMinor(answer.totalTax, currency), step)) {
    throw unusable(answer.code, 'its lines do not sum to its total')
  }
  const rounded = roundToSum(exact, target, step)
  const calculation: Calculation = { rates: {}, lines: {} }
  for (const [index, { line, found }] of pairs.entries()) {
    const entries = entriesOf(line, found, rounded[index] ?? 0n, {
      currency,
      step,
      standing,
      crossBorderEu,
      entriesPerLine,
      everyRate,
    })
    calculation.lines[line.id] = {
      base: line.baseMinor.toString(),
      taxes: entries.map(({ rate, ...entry }) => {
        const key = hashJson(rate)
        calculation.rates[key] = rate
        return { rate: key, ...entry }
      }),
    }
  }
  return calculation
}

/** A document that sells nothing for money is not asked about, and its lines carry no entries. */
export const zeroCalculation = (lines: readonly AskedLine[]): Calculation => ({
  rates: {},
  lines: Object.fromEntries(
    lines.map((line) => [line.id, { base: line.baseMinor.toString(), taxes: [] satisfies TaxEntry[] }]),
  ),
})

export interface Terms {
  currency: string
  step: bigint
  standing: TaxStanding
  /** Sold from one EU country, or from outside, into another. */
  crossBorderEu: boolean
  entriesPerLine: number
  /** Rates that come to nothing on this amount count too: they are to charge other amounts later. */
  everyRate: boolean
}

type Asked = Pick<Terms, 'currency' | 'standing' | 'crossBorderEu'> &
  Partial<Pick<Terms, 'entriesPerLine' | 'everyRate'>>

function entriesOf(line: AskedLine, found: LineAnswer, taxMinor: bigint, terms: Terms) {
  const portions = portionsOf(line, found, terms)
  if (taxMinor === 0n && !(terms.everyRate && portions.length > 0)) return [zeroEntry(line, found, terms)]
  const kept = atMost(portions, terms.entriesPerLine)
  if (kept.length === 0) throw unusable(line.id, 'it charges tax without saying where')
  const amounts = roundToSum(
    kept.map(({ taxExact }) => taxExact),
    taxMinor,
    terms.step,
  )
  return kept.map((portion, index) => ({
    rate: portion.rate,
    amount: (amounts[index] ?? 0n).toString(),
    taxable: portion.taxableMinor.toString(),
    reason: portion.reason,
  }))
}

/** The taxing details, equal rates of one jurisdiction put together, in the order of Stripe's invoice page. */
function portionsOf(line: AskedLine, found: LineAnswer, { currency, everyRate }: Terms): Portion[] {
  const portions = new Map<string, Portion>()
  for (const detail of found.details ?? []) {
    const isRated = detail.rate !== 0 && (detail.taxableAmount ?? 0) !== 0
    if (detail.tax === 0 && !(everyRate && isRated)) continue
    const rate = rateOf(detail, line.inclusive)
    const key = hashJson(rate)
    const taxExact = exactMinor(detail.tax, currency)
    const taxableMinor = roundExact(exactMinor(detail.taxableAmount ?? 0, currency))
    const known = portions.get(key)
    if (known) {
      known.taxExact += taxExact
      known.taxableMinor += taxableMinor
    } else {
      const reason = detail.rateTypeCode === 'R' ? 'reduced_rated' : 'standard_rated'
      portions.set(key, { rate, taxExact, taxableMinor, reason })
    }
  }
  const order = ['country', 'state', 'county', 'city', 'district']
  const rank = ({ rate }: Portion) => order.indexOf(rate.level ?? '')
  return [...portions.values()].sort(
    (a, b) => rank(a) - rank(b) || (a.rate.name < b.rate.name ? -1 : a.rate.name > b.rate.name ? 1 : 0),
  )
}

/** Past Stripe's limit, the last ones become one entry of their summed rate. */
function atMost(portions: Portion[], limit: number): Portion[] {
  if (portions.length <= limit) return portions
  const rest = portions.slice(limit - 1)
  const tenThousandths = rest.reduce(
    (total, { rate }) => total + percentInTenThousandths(rate.percentage),
    0n,
  )
  const first = rest[0]
  if (!first) throw invariant('A list longer than its limit has a rest.')
  return [
    ...portions.slice(0, limit - 1),
    {
      rate: {
        name: 'Other local taxes',
        percentage: toPercentage(`${tenThousandths}e-6`),
        inclusive: first.rate.inclusive,
        level: 'multiple',
        ...(first.rate.country && { country: first.rate.country }),
        ...(first.rate.state && { state: first.rate.state }),
        ...(first.rate.type && { type: first.rate.type }),
      },
      taxExact: rest.reduce((total, { taxExact }) => total + taxExact, 0n),
      taxableMinor: first.taxableMinor,
      reason: 'standard_rated',
    },
  ]
}

function percentInTenThousandths(percentage: string): bigint {
  const [whole = '0', fraction = ''] = percentage.split('.')
  return BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'))
}

function unusable(code: string, why: string) {
  return permanent(`AvaTax's answer for ${code} cannot be used: ${why}. The invoice is held, untaxed.`, {
    code: 'TAX-ANSWER',
    hint: 'Engineering: compare the calculation in the AvaTax console with the invoice. Then: hub replay --parked',
  })
}
