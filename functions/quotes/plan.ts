// What Stripe will bill for a deal, invoice by invoice, worked out before anything is created, and laid beside what the quote
// says. Equal to the cent, or there is a reason that a salesperson understands and no plan. PURE.
//
// A recurring line bears in each whole cycle what its quantity, price and discounts come to, rounded as Stripe rounds. Shares of
// short cycles are the quote's own: what its total leaves, spread by days. Where there is none, a remainder of a minor unit or
// less a cycle (1,000 a year in twelve months: 12 × 83.33 and 0.04) is a line of its own on the line's first invoice.
import { allocate, decimalsOf, toDecimal } from '../../shared/money/money.ts'
import type { Day } from '../../shared/recognition/day.ts'
import { type Cycle, cyclesOf, shareOfWhole } from './cycles.ts'
import type { Deal, DealLine } from './deal.ts'
import { type Decimal, inMinor, percentOf, times, toText, whole } from './decimal.ts'

export interface PlannedItem {
  /** The quote's line. */
  line: number
  kind: 'recurring' | 'share' | 'rounding' | 'one-off'
  amountMinor: bigint
  /** Its service period. */
  from: Day
  until: Day
}

export interface PlannedInvoice {
  day: Day
  cycle: Cycle
  items: PlannedItem[]
  totalMinor: bigint
}

/** Why a quote cannot become a subscription, for whoever wrote it. */
export interface Objection {
  code: 'QUOTE-DIFF' | 'QUOTE-LINE' | 'QUOTE-TERM' | 'QUOTE-TOTAL'
  /** The quote's line; absent: the quote itself. */
  line?: number
  text: string
}

export type Plan = { invoices: PlannedInvoice[] } | { objections: Objection[] }

/** Calendars differ in what a part of a month is: by days, by thirtieths, by 365ths of a year. */
const SHARE_TOLERANCE_DAYS = 3n

export function planInvoices(deal: Deal): Plan {
  const terms = objectionsToTerms(deal)
  if (terms.length > 0) return { objections: terms }
  const cycles = cyclesOf(deal)
  const planned = deal.lines.map((line) => planLine(line, cycles, deal))
  const objections = planned.flatMap((each) => ('objection' in each ? [each.objection] : []))
  const items = planned.flatMap((each) => ('items' in each ? each.items : []))
  const sumMinor = deal.lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0n)
  if (objections.length === 0 && sumMinor !== deal.totalMinor) {
    objections.push({
      code: 'QUOTE-TOTAL',
      text: `The lines come to ${say(sumMinor, deal)}; the quote says ${say(deal.totalMinor, deal)}. A discount or a charge of the whole quote belongs on its lines.`,
    })
  }
  if (objections.length > 0) return { objections }
  return {
    invoices: cycles.map((cycle) => {
      const own = items.filter(({ from }) => from >= cycle.from && from < cycle.until)
      return {
        day: cycle.from,
        cycle,
        items: own,
        totalMinor: own.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
      }
    }),
  }
}

type PlannedLine = { items: PlannedItem[] } | { objection: Objection }

function planLine(line: DealLine, cycles: readonly Cycle[], deal: Deal): PlannedLine {
  switch (line.charge) {
    case 'usage':
      return { items: [] }
    case 'one-off':
      return planOneOff(line, deal)
    case 'recurring':
      return planRecurring(line, cycles, deal)
  }
}

function planOneOff(line: DealLine, deal: Deal): PlannedLine {
  const { number, from, until, totalMinor } = line
  const worthMinor = worthOf(line, whole(1), deal)
  if (worthMinor !== totalMinor)
    return { objection: differs(line, formula(line, '', worthMinor, deal), deal) }
  return { items: [{ line: number, kind: 'one-off', amountMinor: totalMinor, from, until }] }
}

function planRecurring(line: DealLine, cycles: readonly Cycle[], deal: Deal): PlannedLine {
  const { number, totalMinor } = line
  const own = cycles.filter(({ from, until }) => from >= line.from && until <= line.until)
  const full = own.filter(({ isWhole }) => isWhole)
  const short = own.filter(({ isWhole }) => !isWhole)
  const eachMinor = worthOf(line, { units: BigInt(deal.billingMonths), per: BigInt(line.unitMonths) }, deal)
  const leftMinor = totalMinor - eachMinor * BigInt(full.length)
  const item = (kind: PlannedItem['kind'], amountMinor: bigint, { from, until }: Cycle): PlannedItem => ({
    line: number,
    kind,
    amountMinor,
    from,
    until,
  })
  const items = full.map((cycle) => item('recurring', eachMinor, cycle))
  const [first] = own
  if (!first) return { items }
  if (short.length === 0) {
    const count = BigInt(full.length)
    const isRounding = leftMinor >= -count && leftMinor <= count
    if (!isRounding)
      return { objection: differs(line, formula(line, `${count} × `, eachMinor * count, deal), deal) }
    if (leftMinor !== 0n) items.push(item('rounding', leftMinor, first))
    return { items }
  }
  // Each share in units of a day's worth, so that one weight suits cycles of 28 and of 31 days.
  const shares = short.map((cycle) => shareOfWhole(cycle, deal.billingMonths))
  const expected = shares.map(({ days, of }) => (eachMinor * BigInt(days)) / BigInt(of))
  const expectedMinor = expected.reduce((sum, share) => sum + share, 0n)
  const tolerance = shares.reduce(
    (sum, { of }) => sum + (size(eachMinor) * SHARE_TOLERANCE_DAYS) / BigInt(of) + 1n,
    BigInt(full.length),
  )
  if (size(leftMinor - expectedMinor) > tolerance) {
    const worth = eachMinor * BigInt(full.length) + expectedMinor
    const parts = `${full.length} × ${say(eachMinor, deal)} and ${daysOf(shares)} by days`
    return { objection: differs(line, `${parts} is about ${say(worth, deal)}`, deal) }
  }
  const weights = expected.map((share) => (share > 0n ? share : 1n))
  allocate(leftMinor, weights).forEach((amountMinor, index) => {
    const cycle = short[index]
    if (cycle) items.push(item('share', amountMinor, cycle))
  })
  return { items: items.sort((a, b) => (a.from < b.from ? -1 : 1)) }
}

/** Quantity × price for so much of the price's period, then each discount of what is left, each rounded as Stripe rounds it. */
export function worthOf(line: DealLine, periods: Decimal, { currency }: Pick<Deal, 'currency'>): bigint {
  const listMinor = inMinor(times(line.quantity, line.unitPrice, periods), currency)
  return line.discounts.reduce((left, percent) => left - percentOf(percent, left), listMinor)
}

function objectionsToTerms(deal: Deal): Objection[] {
  const { from, until, lines, totalMinor, billingMonths } = deal
  const objections: Objection[] = []
  const term = (text: string) => objections.push({ code: 'QUOTE-TERM', text })
  if (until <= from) term(`The term ends on ${until}, before it begins on ${from}.`)
  if (lines.length === 0) term('The quote has no line.')
  if (billingMonths < 1) term('The quote does not say how often it is billed.')
  if (totalMinor <= 0n)
    objections.push({
      code: 'QUOTE-TOTAL',
      text: `The quote comes to ${say(totalMinor, deal)}. A subscription is made of what costs something.`,
    })
  for (const line of lines) {
    const object = (text: string) =>
      objections.push({ code: 'QUOTE-LINE', line: line.number, text: `Line ${line.number}: ${text}` })
    if (line.until <= line.from) object(`it ends on ${line.until}, before it begins on ${line.from}.`)
    else if (line.from < from || line.until > until)
      object(`it goes from ${line.from} to ${line.until}, beyond the term from ${from} to ${until}.`)
    if (line.quantity.units <= 0n) object(`its quantity is ${toText(line.quantity)}.`)
    if (line.charge === 'recurring' && line.unitMonths < 1)
      object('it does not say what time its price is for.')
  }
  return objections.length > 0 ? objections : objectionsToSegments(lines)
}

/** Segments of one ramp follow each other without a gap and without overlapping. */
function objectionsToSegments(lines: readonly DealLine[]): Objection[] {
  const ramps = Map.groupBy(
    lines.filter(({ segmentKey }) => segmentKey !== undefined),
    ({ product, segmentKey }) => `${segmentKey} ${product}`,
  )
  return [...ramps.values()].flatMap((segments) => {
    const inTime = [...segments].sort((a, b) => (a.from < b.from ? -1 : 1))
    return inTime.flatMap((segment, index): Objection[] => {
      const before = inTime[index - 1]
      if (!before || before.until === segment.from) return []
      const how = before.until < segment.from ? 'leaves a gap after' : 'overlaps'
      const text = `Line ${segment.number}: its segment begins on ${segment.from} and ${how} that of line ${before.number}, which ends on ${before.until}.`
      return [{ code: 'QUOTE-LINE', line: segment.number, text }]
    })
  })
}

function differs(line: DealLine, worth: string, deal: Deal): Objection {
  return {
    code: 'QUOTE-DIFF',
    line: line.number,
    text: `Line ${line.number}: ${worth}; the quote says ${say(line.totalMinor, deal)}.`,
  }
}

/** "12 × 49.00 less 10 % is 529.20" */
function formula(line: DealLine, cycles: string, worthMinor: bigint, deal: Deal): string {
  const quantity = toText(line.quantity)
  const pieces = quantity === '1' ? '' : `${quantity} × `
  const less = line.discounts.map((percent) => ` less ${toText(percent)} %`).join('')
  const price = toText(line.unitPrice, decimalsOf(deal.currency))
  return `${cycles}${pieces}${price}${less} is ${say(worthMinor, deal)}`
}

const daysOf = (shares: readonly { days: number }[]): string =>
  `${shares.reduce((sum, { days }) => sum + days, 0)} days`

const say = (amountMinor: bigint, { currency }: Pick<Deal, 'currency'>): string =>
  toDecimal({ amountMinor, currency })

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount)
