// `npm run bench`: the figures that this hub is held to, as ratios or counts within one run. Prints a table, or with
// --json one document. Names of parts run only those: `npm run bench -- ingest imports`. A missed bound is marked and
// the exit code stays 0: a loaded machine is no defect, and a person reads this.
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { measureBillingRun } from './billing-run.ts'
import { measureImports } from './cold-import.ts'
import { measureIngest } from './ingest-cost.ts'
import { type JudgedRow, judge, progress, type Row } from './measurement.ts'
import { measureQuiet } from './quiet-run.ts'

const SUBSCRIPTIONS = 200

const PARTS: Readonly<Record<string, { what: string; measure: () => Promise<Row[]> }>> = {
  ingest: { what: 'processor time of ingest', measure: measureIngest },
  imports: { what: 'bundles, and how long they take to load', measure: measureImports },
  quiet: { what: 'the ledger in quiet traffic', measure: measureQuiet },
  billing: {
    what: `a billing run of ${SUBSCRIPTIONS} subscriptions`,
    measure: () => measureBillingRun(SUBSCRIPTIONS),
  },
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.find((name) => !(name in PARTS))
if (unknown) throw new Error(`There is no part "${unknown}". Parts: ${Object.keys(PARTS).join(', ')}.`)

const startedMs = performance.now()
const rows: JudgedRow[] = []
for (const [name, { what, measure }] of Object.entries(PARTS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  progress(`${name}: ${what}`)
  rows.push(...(await measure()).map(judge))
}
const machine = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  seconds: Math.round((performance.now() - startedMs) / 1_000),
}
if (values.json) console.log(JSON.stringify({ machine, rows }, null, 2))
else print()

function print(): void {
  const table = new Table({
    head: ['what', 'measured', 'bound', '', 'how'],
    colWidths: [44, 16, 10, 8, 78],
    wordWrap: true,
    style: { head: [], border: [] },
  })
  for (const { name, measured, unit, bound, exact, ok, note } of rows) {
    const held = bound === null ? '–' : `${exact ? '=' : '≤'} ${bound}`
    table.push([name, `${measured} ${unit}`, held, ok === null ? '' : ok ? 'ok' : 'MISSED', note])
  }
  console.log(table.toString())
  const missed = rows.filter(({ ok }) => ok === false).length
  console.log(`${machine.processors}, Node ${machine.node}, ${machine.seconds} s. Bounds missed: ${missed}.`)
}
