// Shows an outcome: as tables for a person, as one JSON document for a program. Neither decides anything.
import Table from 'cli-table3'
import type { Outcome } from './outcome.ts'
import { expectationOf } from './readings/expectation.ts'
import type { SystemName } from './readings/reading.ts'
import { formatMinor, type Totals, type TotalsByCurrency } from './readings/totals.ts'
import type { Tally } from './tally.ts'

const FIGURES: [keyof Totals, string][] = [
  ['invoicedMinor', 'invoiced'],
  ['taxMinor', 'tax'],
  ['paidMinor', 'paid'],
  ['refundedMinor', 'refunded'],
  ['creditedMinor', 'credited'],
]

export function toJson(outcome: Outcome): object {
  const { deliveries, stripe, systems, breaks, parked } = outcome
  return {
    events: deliveries,
    systems: Object.fromEntries(
      systems.map(({ reading, calls }) => [
        reading.system,
        { records: reading.records, calls, totals: asStrings(reading.totals, figuresOf(reading.system)) },
      ]),
    ),
    stripe: { totals: asStrings(stripe.totals, figuresOf('stripe')) },
    neverDraft: stripe.neverDraft.map(({ totalMinor, ...invoice }) => ({
      ...invoice,
      totalMinor: totalMinor.toString(),
    })),
    breaks,
    parked,
  }
}

/** AvaTax knows no payments; a figure that a system knows is there for each of its currencies, zero or not. */
const figuresOf = (system: SystemName): (keyof Totals)[] =>
  system === 'avalara'
    ? ['invoicedMinor', 'creditedMinor', 'taxMinor']
    : ['invoicedMinor', 'paidMinor', 'refundedMinor', 'creditedMinor', 'taxMinor']

const asStrings = (totals: TotalsByCurrency, figures: readonly (keyof Totals)[]): object =>
  Object.fromEntries(
    Object.entries(totals).map(([currency, amounts]) => [
      currency,
      Object.fromEntries(figures.map((figure) => [figure, (amounts[figure] ?? 0n).toString()])),
    ]),
  )

/** @param color off where the output is no terminal. */
export function toText(outcome: Outcome, tally: Tally, color: boolean): string {
  const { deliveries, stripe, breaks, parked } = outcome
  const lines = [
    `${count(stripe.customers.size)} customers, ${count(deliveries.accepted)} events: ${count(deliveries.sent)} deliveries, ${count(deliveries.duplicates)} of them sent again, ${count(deliveries.rejected)} rejected`,
    '',
    laneTable(outcome, tally, color),
    '',
    'To the cent, read from each system through its own API',
    moneyTable(outcome, color),
    '',
  ]
  const own = [...stripe.invoices].filter(([, { taxedByStripe }]) => taxedByStripe).map(([id]) => id)
  if (own.length > 0)
    lines.push(
      `¹ Without what Stripe's own engine taxes, of which AvaTax hears nothing: ${own.join(', ')}.`,
      '',
    )
  if (stripe.neverDraft.length > 0) {
    const named = stripe.neverDraft.map(({ id, number }) => number ?? id).join(', ')
    lines.push(
      `Never a draft, so nobody could tax them: ${named}.`,
      '  Self-serve checkouts finalize their first invoice at once. They stand in AvaTax as FINALIZED_UNTAXED.',
      '',
    )
  }
  for (const item of parked) lines.push(`Parked in ${item.system}: ${item.reason}`, `  ${item.hint}`)
  for (const { system, object, field, expected, actual } of breaks.slice(0, 40)) {
    lines.push(`Break in ${system}: ${object}, ${field}: expected ${expected}, found ${actual}`)
  }
  if (breaks.length > 40)
    lines.push(`… and ${breaks.length - 40} breaks more: npm run demo -- --json lists all.`)
  const stepping = new Set(breaks.map(({ object }) => object)).size
  lines.push(
    breaks.length === 0 && parked.length === 0
      ? paint(
          color,
          32,
          `In step: ${count(stripe.customers.size)} of ${count(stripe.customers.size)} customers, 0 breaks.`,
        )
      : paint(
          color,
          31,
          `Out of step: ${breaks.length} breaks on ${stepping} objects, ${parked.length} parked.`,
        ),
  )
  return lines.join('\n')
}

function laneTable({ systems }: Outcome, tally: Tally, color: boolean): string {
  const table = plainTable(
    ['connector', 'wanted', 'applied', 'unchanged', 'superseded', 'parked', 'records', 'calls'],
    color,
  )
  for (const name of ['tax-hold', 'avalara', 'netsuite', 'salesforce', 'lake']) {
    const lane = tally.lane(name)
    const system = systems.find(({ reading }) => reading.system === name)
    table.push([
      name,
      count(lane.wanted),
      count(lane.applied),
      name === 'lake' ? '–' : count(lane.unchanged),
      name === 'lake' ? '–' : count(lane.superseded),
      name === 'lake' ? '–' : count(lane.parked),
      system ? count(system.reading.records) : '–',
      system ? count(system.calls) : '–',
    ])
  }
  return table.toString()
}

/** One row a currency and figure: Stripe's amount, and a mark for each system that agrees, or what it should hold instead. */
function moneyTable({ stripe, systems }: Outcome, color: boolean): string {
  const wanted = new Map(
    systems.map(({ reading }) => [reading.system, expectationOf(reading.system, stripe).totals]),
  )
  const table = plainTable(['', '', 'Stripe', ...systems.map(({ reading }) => reading.system)], color)
  for (const currency of Object.keys(stripe.totals).sort()) {
    for (const [figure, name] of FIGURES) {
      const expected = stripe.totals[currency]?.[figure] ?? 0n
      table.push([
        figure === 'invoicedMinor' ? currency : '',
        name,
        amount(expected, currency),
        ...systems.map(({ reading }) => {
          if (!figuresOf(reading.system).includes(figure)) return '·'
          const found = reading.totals[currency]?.[figure] ?? 0n
          const due = wanted.get(reading.system)?.[currency]?.[figure] ?? 0n
          if (found !== due) return paint(color, 31, amount(found, currency))
          return paint(color, 32, due === expected ? '= same' : `${amount(found, currency)} ¹`)
        }),
      ])
    }
  }
  return table.toString()
}

function plainTable(head: string[], color: boolean) {
  return new Table({
    head,
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
    style: { head: color ? ['grey'] : [], border: [], compact: true },
    chars: {
      top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '',
      'bottom-right': '', left: '  ', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
    },
  }) // biome-ignore format: the characters of a frame that is not drawn
}

const count = (value: number): string => value.toLocaleString('en-US')

const amount = (value: bigint, currency: string): string => {
  const [whole = '', fraction] = formatMinor(value, currency).split(' ')[1]?.split('.') ?? []
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

const paint = (color: boolean, code: number, text: string): string =>
  color ? `\u001b[${code}m${text}\u001b[0m` : text
