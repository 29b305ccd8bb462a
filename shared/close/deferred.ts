// Check (e): the deferred-revenue waterfall ties. Recognized + deferred = invoiced net of tax − credited, for everything up
// to the month's end; the month opens with what the last one closed with; and what the waterfall says was invoiced and
// credited in the month is what NetSuite's documents say. How revenue is scheduled is shared/recognition.

import { type Books, recognize } from '../recognition/books.ts'
import { findBreaks } from '../recognition/breaks.ts'
import type { Break as RevenueBreak, RevenueInvoice } from '../recognition/revenue-line.ts'
import { type WaterfallRow, waterfall } from '../recognition/waterfall.ts'
import {
  type Break,
  type Check,
  check,
  type Figure,
  Figures,
  type Finding,
  type Reading,
  spoken,
} from './check.ts'
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

function judge({ month }: Period, facts: RevenueFacts, booked: readonly BookedSales[]): Finding {
  const figures = new Figures(['waterfall', 'netsuite'])
  const breaks: Break[] = [
    ...facts.refused.map((refusal) => ({ ...refusal, cause: refusal.code })),
    ...[...facts.breaks, ...findBreaks(facts.invoices, facts.books, month)]
      .filter((found) => found.month === undefined || found.month <= month)
      .map(asBreak),
  ]
  const rows = Map.groupBy(waterfall(recognize(facts.invoices, facts.books)), ({ currency }) => currency)
  const sales = new Map(booked.map((each) => [each.currency, each]))
  const currencies = new Set([...rows.keys(), ...sales.keys(), ...Object.keys(facts.previousClosing ?? {})])
  for (const currency of [...currencies].sort()) {
    const life = (rows.get(currency) ?? []).filter((row) => row.month <= month)
    const total = totalsOf(life, month)
    const { invoicedMinor, creditedMinor } = sales.get(currency) ?? { invoicedMinor: 0n, creditedMinor: 0n }
    figures.add(currency, 'opening', 'waterfall', total.opening)
    figures.add(currency, 'invoiced', 'waterfall', total.billed)
    figures.add(currency, 'invoiced', 'netsuite', invoicedMinor)
    figures.add(currency, 'recognized', 'waterfall', total.recognized)
    figures.add(currency, 'credited', 'waterfall', total.credited)
    figures.add(currency, 'credited', 'netsuite', creditedMinor)
    figures.add(currency, 'closing', 'waterfall', total.closing)
    breaks.push(
      ...differ(currency, 'invoiced net of tax', total.billed, invoicedMinor),
      ...differ(currency, 'credited net of tax', total.credited, creditedMinor),
      ...wholeLife(currency, life, total.closing),
      ...openingBreak(currency, total.opening, facts.previousClosing, month),
    )
  }
  return { figures: figures.list().map(ownOnly), breaks }
}

/** NetSuite's sales documents say nothing of these. */
const OWN_LABELS = new Set(['opening', 'recognized', 'closing'])

const ownOnly = (figure: Figure): Figure =>
  OWN_LABELS.has(figure.label)
    ? { ...figure, amounts: { waterfall: figure.amounts.waterfall ?? 0n } }
    : figure

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
