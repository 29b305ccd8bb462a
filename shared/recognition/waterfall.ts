// The deferred-revenue waterfall: for every month opening + billed − recognized − credited = closing, and when the
// closing balance turns into revenue. `closing` is rolled forward from documents and journals; `releases` are computed
// from the schedules: findBreaks (breaks.ts) compares the two.
import { amountIn, amountThrough, type RecognizedLine } from './books.ts'
import { type Month, monthsFrom, nextMonth } from './day.ts'
import type { RevenueInvoice, RevenueLine } from './revenue-line.ts'
import { earnedBefore, finalNet, type MonthAmount, monthsOf, netThrough, splitChange } from './schedule.ts'

export interface WaterfallRow {
  /** What the row adds up: 'EUR' by default; a subsidiary, an invoice or a line when asked. One currency each. */
  group: string
  currency: string
  month: Month
  openingMinor: bigint
  /** Invoiced, net of tax. */
  billedMinor: bigint
  /** Revenue of the month after reversals. */
  recognizedMinor: bigint
  /** Credit notes and voids less those taken back, net of tax. */
  creditedMinor: bigint
  /** The part of `creditedMinor` that had been recognized before: by the schedule, for explanation. */
  creditedFromRevenueMinor: bigint
  /** opening + billed − recognized − credited. */
  closingMinor: bigint
  /** Recognized on lines not billed yet (usage of the month, billed on the first of the next): a contract asset. */
  unbilledMinor: bigint
  /** Revenue still to come of what is billed, by month; closing = their sum − unbilled. */
  releases: MonthAmount[]
}

export type GroupOf = (invoice: RevenueInvoice, line: RevenueLine) => string

export const byCurrency: GroupOf = (invoice) => invoice.currency
export const bySubsidiary: GroupOf = (invoice) => `${invoice.subsidiary}/${invoice.currency}`
export const byInvoice: GroupOf = (invoice) => invoice.invoiceId
export const byLine: GroupOf = (_invoice, line) => line.lineId

/** Rows by group and then month, from the group's first movement to its last; every month between has one. */
export function waterfall(lines: readonly RecognizedLine[], groupOf: GroupOf = byCurrency): WaterfallRow[] {
  const groups = new Map<string, Map<Month, WaterfallRow>>()
  for (const each of lines) {
    const group = groupOf(each.invoice, each.line)
    const rows = groups.get(group) ?? new Map<Month, WaterfallRow>()
    groups.set(group, rows)
    const releases = releasesOf(each)
    for (const month of lifeOf(each)) {
      const row = rows.get(month) ?? emptyRow(group, each.invoice.currency, month)
      rows.set(month, row)
      addLine(row, each, releases)
    }
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, rows]) => rollForward(rows))
}

/** From a line's first movement to its last, whichever of service, documents and journals they come from. */
function lifeOf({ invoice, line, months }: RecognizedLine): Month[] {
  if (line.netMinor === 0n && line.changes.length === 0 && months.length === 0) return []
  const still = finalNet(line) === 0n
  const touched = [
    invoice.bookedIn,
    ...line.changes.map((change) => change.bookedIn),
    ...months.map((each) => each.month),
    ...(still ? [] : monthsOf(line)),
  ].sort()
  return monthsFrom(touched[0] ?? invoice.bookedIn, touched.at(-1) ?? invoice.bookedIn)
}

function emptyRow(group: string, currency: string, month: Month): WaterfallRow {
  return {
    group,
    currency,
    month,
    openingMinor: 0n,
    billedMinor: 0n,
    recognizedMinor: 0n,
    creditedMinor: 0n,
    creditedFromRevenueMinor: 0n,
    closingMinor: 0n,
    unbilledMinor: 0n,
    releases: [],
  }
}

function addLine(
  row: WaterfallRow,
  { invoice, line, months }: RecognizedLine,
  releasesAfter: (month: Month) => MonthAmount[],
): void {
  if (invoice.bookedIn === row.month) row.billedMinor += line.netMinor
  row.recognizedMinor += amountIn(months, row.month)
  for (const change of line.changes) {
    if (change.bookedIn !== row.month) continue
    row.creditedMinor -= change.deltaMinor
    row.creditedFromRevenueMinor -= splitChange(line, change).reversedMinor
  }
  if (invoice.bookedIn > row.month) row.unbilledMinor += amountThrough(months, row.month)
  else row.releases.push(...releasesAfter(row.month))
}

/** Months between two lives get a row too; each opens with what the one before closed with. */
function rollForward(rows: ReadonlyMap<Month, WaterfallRow>): WaterfallRow[] {
  const [any] = rows.values()
  if (!any) return []
  const months = [...rows.keys()].sort()
  let openingMinor = 0n
  return monthsFrom(months[0] ?? any.month, months.at(-1) ?? any.month).map((month) => {
    const row = rows.get(month) ?? emptyRow(any.group, any.currency, month)
    row.openingMinor = openingMinor
    row.closingMinor = openingMinor + row.billedMinor - row.recognizedMinor - row.creditedMinor
    row.releases = summed(row.releases)
    openingMinor = row.closingMinor
    return row
  })
}

function summed(amounts: readonly MonthAmount[]): MonthAmount[] {
  const sums = new Map<Month, bigint>()
  for (const { month, amountMinor } of amounts) sums.set(month, (sums.get(month) ?? 0n) + amountMinor)
  return [...sums]
    .filter(([, amountMinor]) => amountMinor !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, amountMinor]) => ({ month, amountMinor }))
}

/**
 * What a billed line has still to give after a month, knowing only what was booked by then. What its days earn is worked
 * out once per amount in force, not once per month looked at from every other.
 */
function releasesOf({ line, months }: RecognizedLine): (month: Month) => MonthAmount[] {
  const life = monthsOf(line)
  const curves = new Map<bigint, bigint[]>()
  const curveOf = (net: bigint): bigint[] => {
    const curve = curves.get(net) ?? life.map((month) => earnedBefore(line, `${nextMonth(month)}-01`, net))
    curves.set(net, curve)
    return curve
  }
  return (month) => {
    const net = netThrough(line, month)
    const curve = curveOf(net)
    const releases: MonthAmount[] = []
    let through = amountThrough(months, month)
    for (const [index, later] of life.entries()) {
      if (later <= month) continue
      const earned = curve[index] ?? net
      if (earned !== through) releases.push({ month: later, amountMinor: earned - through })
      through = earned
    }
    // Service is over and something is left: the next month takes it.
    if (through !== net) releases.push({ month: nextMonth(month), amountMinor: net - through })
    return releases
  }
}
