// Check (e): the deferred-revenue waterfall ties. Recognized + deferred = invoiced net of tax − credited, for everything up
// to the month's end; the month opens with what the last one closed with; and what the waterfall says was invoiced and
// credited in the month is what NetSuite's documents say. Where the hub journals revenue, so do the journals and the
// deferred account (deferred-journals.ts). How revenue is scheduled is shared/recognition.

import { type Books, type RecognizedLine, recognize } from '../recognition/books.ts'
import { findBreaks } from '../recognition/breaks.ts'
import { type Month, monthOf } from '../recognition/day.ts'
import type { Break as RevenueBreak, RevenueInvoice } from '../recognition/revenue-line.ts'
import { type WaterfallRow, waterfall } from '../recognition/waterfall.ts'
import {
  type Break,
  type Check,
  check,
  type Explained,
  type Figure,
  Figures,
  type Finding,
  type Reading,
  spoken,
} from './check.ts'
import { explainLate, type JournaledFacts, judgeJournals } from './deferred-journals.ts'
import type { Period } from './period.ts'

export interface RevenueFacts {
  /** All that were ever issued, with their credit notes and voids cut in. */
  invoices: RevenueInvoice[]
  books: Books
  /** What could not be cut in, and invoices that could not be scheduled at all. */
  breaks: RevenueBreak[]
  refused: { object: string; why: string; owner: string; next: string; code: string }[]
  /** What last month's close was signed with, by currency; absent: no such document was given. */
  previousClosing?: Record<string, bigint>
  /** Where the hub journals revenue. */
  journaled?: JournaledFacts
}

/** NetSuite's sales documents of the month, net of tax. */
export interface BookedSales {
  currency: string
  invoicedMinor: bigint
  creditedMinor: bigint
}

export interface DeferredInputs {
  revenue: Reading<RevenueFacts>
  sales: Reading<BookedSales[]>
}

export const checkDeferred = (period: Period, { revenue, sales }: DeferredInputs): Check =>
  check('deferred', 'The deferred-revenue waterfall ties', [revenue, sales], (facts, booked) =>
    judge(period, facts, booked),
  )

function judge(period: Period, facts: RevenueFacts, booked: readonly BookedSales[]): Finding {
  const { month } = period
  const figures = new Figures(['waterfall', 'netsuite'])
  const breaks: Break[] = [
    ...facts.refused.map((refusal) => ({ ...refusal, cause: refusal.code })),
    ...[...facts.breaks, ...findBreaks(facts.invoices, facts.books, month)]
      // A line mapped elsewhere since stays where it was journaled: that is as it should be.
      .filter((found) => found.code !== 'remapped' && (found.month === undefined || found.month <= month))
      .map(asBreak),
  ]
  const lines = recognize(facts.invoices, facts.books)
  const explained: Explained[] = []
  const rows = Map.groupBy(waterfall(lines), ({ currency }) => currency)
  const sales = new Map(booked.map((each) => [each.currency, each]))
  const dated = datedSales(facts.invoices, month)
  const currencies = new Set([
    ...rows.keys(),
    ...sales.keys(),
    ...Object.keys(facts.previousClosing ?? {}),
    ...Object.keys(facts.journaled?.balanceMinor ?? {}),
  ])
  const closings = new Map<string, bigint>()
  for (const currency of [...currencies].sort()) {
    const life = (rows.get(currency) ?? []).filter((row) => row.month <= month)
    const total = totalsOf(life, month)
    closings.set(currency, total.closing)
    const { invoicedMinor, creditedMinor } = sales.get(currency) ?? NO_SALES
    figures.add(currency, 'opening', 'waterfall', total.opening)
    figures.add(currency, 'invoiced', 'waterfall', total.billed)
    figures.add(currency, 'invoiced', 'netsuite', invoicedMinor)
    figures.add(currency, 'recognized', 'waterfall', total.recognized)
    figures.add(currency, 'credited', 'waterfall', total.credited)
    figures.add(currency, 'credited', 'netsuite', creditedMinor)
    figures.add(currency, 'closing', 'waterfall', total.closing)
    const own = dated.get(currency) ?? NO_SALES
    breaks.push(
      ...differ(currency, 'invoiced net of tax', own.invoicedMinor, invoicedMinor),
      ...differ(currency, 'credited net of tax', own.creditedMinor, creditedMinor),
      ...wholeLife(currency, life, total.closing),
      ...openingBreak(currency, total.opening, facts.previousClosing, month),
    )
    explained.push(
      ...otherMonth(currency, 'invoiced', total.billed - own.invoicedMinor),
      ...otherMonth(currency, 'credited', total.credited - own.creditedMinor),
    )
  }
  if (facts.journaled) {
    const found = judgeJournaled(period, { facts: facts.journaled, lines, closings, figures })
    breaks.push(...found.breaks)
    explained.push(...found.explained)
  }
  const own = facts.journaled ? OPENING : OWN_LABELS
  return {
    figures: figures.list().map((figure) => (own.has(figure.label) ? waterfallOnly(figure) : figure)),
    breaks,
    explained,
  }
}

const NO_SALES = { invoicedMinor: 0n, creditedMinor: 0n }

interface Journaled {
  facts: JournaledFacts
  lines: readonly RecognizedLine[]
  closings: ReadonlyMap<string, bigint>
  figures: Figures
}

function judgeJournaled(period: Period, { facts, lines, closings, figures }: Journaled) {
  const found = judgeJournals(period, facts, closings)
  for (const currency of closings.keys()) {
    figures.add(currency, 'recognized', 'netsuite', found.recognizedMinor[currency] ?? 0n)
    figures.add(currency, 'closing', 'netsuite', facts.balanceMinor[currency] ?? 0n)
  }
  return { breaks: found.breaks, explained: [...found.explained, ...explainLate(period.month, facts, lines)] }
}

/** By the documents' own dates, as NetSuite's are asked for; the waterfall goes by the month a document was posted to. */
function datedSales(invoices: readonly RevenueInvoice[], month: Month): Map<string, typeof NO_SALES> {
  const sales = new Map<string, typeof NO_SALES>()
  for (const { currency, invoicedOn, lines } of invoices) {
    const sum = { ...(sales.get(currency) ?? NO_SALES) }
    for (const { netMinor, changes } of lines) {
      if (monthOf(invoicedOn) === month) sum.invoicedMinor += netMinor
      for (const { on, deltaMinor } of changes) if (monthOf(on) === month) sum.creditedMinor -= deltaMinor
    }
    sales.set(currency, sum)
  }
  return sales
}

const otherMonth = (currency: string, what: string, amountMinor: bigint): Explained[] =>
  amountMinor === 0n
    ? []
    : [
        {
          object: `${what} ${currency}`,
          currency,
          amountMinor,
          why: 'documents dated in a closed month count in the month they were posted to',
        },
      ]

/** NetSuite's sales documents say nothing of these; with journals only the opening is the waterfall's alone. */
const OWN_LABELS = new Set(['opening', 'recognized', 'closing'])
const OPENING = new Set(['opening'])

const waterfallOnly = (figure: Figure): Figure => ({
  ...figure,
  amounts: { waterfall: figure.amounts.waterfall ?? 0n },
})

function totalsOf(life: readonly WaterfallRow[], month: string) {
  const row = life.find((each) => each.month === month)
  const last = life.at(-1)
  return {
    // After its last movement a currency has no rows of its own: what it closed with stands.
    opening: row?.openingMinor ?? last?.closingMinor ?? 0n,
    billed: row?.billedMinor ?? 0n,
    recognized: row?.recognizedMinor ?? 0n,
    credited: row?.creditedMinor ?? 0n,
    closing: last?.closingMinor ?? 0n,
  }
}

function wholeLife(currency: string, life: readonly WaterfallRow[], deferredMinor: bigint): Break[] {
  const sum = (pick: (row: WaterfallRow) => bigint) => life.reduce((total, row) => total + pick(row), 0n)
  const recognized = sum((row) => row.recognizedMinor)
  const net = sum((row) => row.billedMinor) - sum((row) => row.creditedMinor)
  if (recognized + deferredMinor === net) return []
  return [
    {
      object: `waterfall ${currency}`,
      currency,
      amountMinor: recognized + deferredMinor - net,
      cause: 'roll-forward',
      why: `Recognized ${spoken(recognized, currency)} and deferred ${spoken(deferredMinor, currency)} are not the ${spoken(net, currency)} invoiced less credited.`,
      owner: 'Engineering',
      next: 'Report it with the invoices of the month: the schedules are wrong.',
    },
  ]
}

function openingBreak(
  currency: string,
  opening: bigint,
  previousClosing: Record<string, bigint> | undefined,
  month: string,
): Break[] {
  if (!previousClosing) return []
  const closed = previousClosing[currency] ?? 0n
  if (closed === opening) return []
  return [
    {
      object: `waterfall ${currency}`,
      currency,
      amountMinor: opening - closed,
      cause: 'opening-differs',
      why: `Last month was closed with ${spoken(closed, currency)} deferred; ${month} opens with ${spoken(opening, currency)}: something was booked into a closed month.`,
      owner: 'Accounting',
      next: 'Compare the two closes; book what came late into the first open month.',
    },
  ]
}

function differ(currency: string, what: string, waterfallMinor: bigint, netsuiteMinor: bigint): Break[] {
  if (waterfallMinor === netsuiteMinor) return []
  return [
    {
      object: `${what} ${currency}`,
      currency,
      amountMinor: netsuiteMinor - waterfallMinor,
      cause: 'sales-differ',
      why: `By the waterfall ${spoken(waterfallMinor, currency)} were ${what} in the month; NetSuite's documents say ${spoken(netsuiteMinor, currency)}.`,
      owner: 'Accounting',
      next: 'Mend what is not posted, or posted otherwise, first (the first check names it).',
    },
  ]
}

const asBreak = ({ where, currency, code, text, expectedMinor, actualMinor }: RevenueBreak): Break => ({
  object: where,
  currency,
  amountMinor: actualMinor - expectedMinor,
  cause: code,
  why: text,
  owner: 'Accounting',
  next: 'Correct it in the first open month; a closed one stays as it was journaled.',
})
