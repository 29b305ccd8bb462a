// `npm run cost`: what a hub costs on AWS, per million events and per month, from requests counted in two runs on this
// machine and published prices. A table, or with `-o json` one document. `--customers 20` plays a smaller month.
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { templatesOf } from '../../cdk/synthesize.fixture.ts'
import { progress } from '../bench/measurement.ts'
import { ASSUMED_MS, type BillLine, billOf, sumOf } from './bill.ts'
import type { Month, Standing } from './counts.ts'
import { playBusy, playQuiet } from './play.ts'
import { ALTERNATIVES, PRICES, PRICES_AS_OF } from './prices.ts'

const MILLION = 1_000_000

const { values } = parseArgs({
  options: {
    output: { type: 'string', short: 'o', default: 'table' },
    customers: { type: 'string', default: '100' },
  },
})
const customers = Number(values.customers)
if (!Number.isInteger(customers) || customers < 1) throw new Error('--customers takes a number, 1 or more.')
if (values.output !== 'table' && values.output !== 'json') throw new Error('-o takes table or json.')

progress('stacks: what stands')
const standing = standingOf()
progress('quiet: each event alone')
const quiet = await playQuiet(Math.min(customers, 12))
progress('busy: all renewals in one second')
const busy = await playBusy(customers)
const metrics = Math.max(quiet.metrics, busy.metrics)
const months: Record<string, Month> = {
  quiet: { events: 100_000, counts: quiet.counts, standing: { ...standing, metrics } },
  busy: { events: 10 * MILLION, counts: busy.counts, standing: { ...standing, metrics } },
}
if (values.output === 'json') console.log(JSON.stringify(asDocument(), undefined, 2))
else print()
await Promise.all([quiet.close(), busy.close()])

/** As the template says, with every default and all connectors. */
function standingOf(): Omit<Standing, 'metrics'> {
  const { data, hub } = templatesOf()
  const count = (type: string): number => Object.keys(hub.findResources(type)).length
  return {
    // Those that Lambda polls.
    queues: count('AWS::Lambda::EventSourceMapping'),
    functions: count('AWS::Lambda::Function'),
    alarms:
      count('AWS::CloudWatch::Alarm') + Object.keys(data.findResources('AWS::CloudWatch::Alarm')).length,
    dashboards: count('AWS::CloudWatch::Dashboard'),
    secrets: count('AWS::SecretsManager::Secret'),
  }
}

/** What grows, at a million events; what stands, at the month's. */
function linesOf(month: Month): { perMillion: BillLine[]; stands: BillLine[]; monthTotal: number } {
  return {
    perMillion: billOf({ ...month, events: MILLION }).filter(({ perEvent }) => perEvent),
    stands: billOf(month).filter(({ perEvent }) => !perEvent),
    monthTotal: sumOf(billOf(month)),
  }
}

function asDocument() {
  return {
    region: 'us-east-1',
    pricesAsOf: PRICES_AS_OF,
    prices: PRICES,
    assumedMs: ASSUMED_MS,
    months: Object.fromEntries(
      Object.entries(months).map(([name, month]) => [name, { ...month, ...linesOf(month) }]),
    ),
    alternatives: ALTERNATIVES.map(({ monthly, ...alternative }) => ({
      ...alternative,
      perMillionEvents: monthly(MILLION) ?? null,
    })),
  }
}

function print(): void {
  const style = { head: [], border: [] }
  const [calm, full] = [linesOf(months.quiet as Month), linesOf(months.busy as Month)]
  const table = new Table({ head: ['per million events', '', 'quiet', '$', 'busy', '$'], style })
  for (const [index, line] of calm.perMillion.entries()) {
    const other = full.perMillion[index]
    table.push([
      line.service,
      line.what,
      amount(line.quantity),
      money(line.dollars),
      amount(other?.quantity ?? 0),
      money(other?.dollars ?? 0),
    ])
  }
  table.push(['', 'together', '', money(sumOf(calm.perMillion)), '', money(sumOf(full.perMillion))])
  console.log(table.toString())
  const stands = new Table({ head: ['a month, events or none', '', '', '$'], style })
  for (const { service, what, quantity, dollars } of calm.stands)
    stands.push([service, what, amount(quantity), money(dollars)])
  stands.push(['', 'together', '', money(sumOf(calm.stands))])
  console.log(stands.toString())
  const totals = new Table({ head: ['a month in all', 'events', '$', '$ per million'], style })
  for (const [name, month] of Object.entries(months)) {
    const total = linesOf(month).monthTotal
    totals.push([name, amount(month.events), money(total), money((total / month.events) * MILLION)])
  }
  console.log(totals.toString())
  const others = new Table({
    head: ['elsewhere, a million events a month', 'does', '$', 'terms'],
    colWidths: [38, 34, 10, 64],
    wordWrap: true,
    style,
  })
  for (const { name, what, monthly, terms, source } of ALTERNATIVES) {
    const dollars = monthly(MILLION)
    others.push([name, what, dollars === undefined ? 'ask' : money(dollars), `${terms}. ${source}`])
  }
  console.log(others.toString())
  console.log(
    `us-east-1, ${PRICES_AS_OF}, without free tiers. Counted: requests, units, batches, files, log lines. Assumed: how long calls take (test/cost/bill.ts).`,
  )
}

const money = (dollars: number): string => dollars.toFixed(2)
const amount = (quantity: number): string =>
  quantity >= 100 ? Math.round(quantity).toLocaleString('en-US') : quantity.toPrecision(3)
