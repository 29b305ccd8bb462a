// Every `hub` command, its options and its help.
import process from 'node:process'
import { Command, InvalidArgumentError, Option } from 'commander'
import { close } from './close.ts'
import { demo } from './demo.ts'
import { recognize } from './recognize.ts'
import { replay } from './replay.ts'
import { sql } from './sql.ts'
import { start } from './start.ts'
import { trace } from './trace.ts'

/** Left behind by the last demo or start, read by trace and sql. */
const FOLDER = '.hub'

function whole(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number.')
  return Number(text)
}

interface DemoFlags {
  json?: boolean
  close?: boolean
  revenue?: 'journals'
  seed: number
  customers: number
}

interface ReplayFlags {
  parked?: boolean
  connector?: string
  code?: string
  dryRun?: boolean
  output?: string
}

/** @returns the exit code: 0 in step, 1 failed, 2 needs a person. */
export async function run(argv: readonly string[]): Promise<number> {
  let code = 0
  const program = new Command('hub')
    .description('Keeps Salesforce, NetSuite, Avalara and a data lake in step with Stripe.')
    .showHelpAfterError('(hub --help lists the commands)')
    .exitOverride()
  program
    .command('demo')
    .description('play a billing month through the local hub and compare every system with Stripe')
    .option('--json', 'print one JSON document instead of tables')
    .option('--close', 'close the month too: can it be signed?')
    .option('--seed <number>', 'another month', whole, 42)
    .option('--customers <number>', 'how many sign up', whole, 210)
    .addOption(
      new Option('--revenue <how>', 'journals: the hub recognizes revenue, with a journal a month').choices([
        'journals',
      ]),
    )
    .action(async (options: DemoFlags) => {
      const { json = false, close: closing = false, ...rest } = options
      code = await demo({ ...rest, json, close: closing, folder: FOLDER })
    })
  program
    .command('start')
    .description('the demo, and then the local hub stays up for your own webhooks')
    .option('--from <file>', 'instead of the month: recorded Stripe events (a JSON file with one or many)')
    .option('--seed <number>', 'another month', whole, 42)
    .option('--customers <number>', 'how many sign up', whole, 210)
    .action(async (options: { from?: string; seed: number; customers: number }) => {
      code = await start({ ...options, folder: FOLDER })
    })
  program
    .command('trace')
    .description('what happened to an event, an invoice, a customer … in every system')
    .argument('<id>', 'an event id, a Stripe object id, or an invoice number')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: { json?: boolean }) => {
      code = await trace({ id, json: options.json === true, folder: FOLDER })
    })
  program
    .command('replay')
    .description('try again what is parked, at its newest state; never an old payload')
    .argument('[id]', 'one object in every system: an event id, a Stripe object id, or an invoice number')
    .option('--parked', 'everything that is parked')
    .option('--connector <name>', 'with --parked: of one system')
    .option('--code <code>', 'with --parked: for one reason, for example NS-ITEM')
    .option('--dry-run', 'only show what would be tried again')
    .option('-o, --output <format>', 'json: one JSON document instead of a table')
    .action(
      async (id: string | undefined, { parked = false, dryRun = false, output, ...filter }: ReplayFlags) => {
        const json = output === 'json'
        code = await replay({
          ...(id !== undefined && { id }),
          ...filter,
          parked,
          dryRun,
          json,
          folder: FOLDER,
        })
      },
    )
  program
    .command('sql')
    .description('query the lake: tables are named and shaped as in Stripe Sigma')
    .argument('<query>', 'for example: "select status, count(*) from invoices group by 1"')
    .option('--json', 'print rows as JSON')
    .action(async (query: string, options: { json?: boolean }) => {
      code = await sql({ query, json: options.json === true, folder: FOLDER })
    })
  program
    .command('close')
    .description(
      'can this month be signed? every system against Stripe, to the cent, and what is open with whom',
    )
    .argument('<month>', 'for example 2026-10')
    .option('-o, --output <format>', 'json: one JSON document instead of tables')
    .option('--previous <file>', 'the JSON document of the month before: its closing is this month’s opening')
    .option('--html <file>', 'also write the page that the hub shows at /close, whole in one file')
    .action(async (month: string, options: { output?: string; previous?: string; html?: string }) => {
      const { output, ...files } = options
      code = await close({ month, json: output === 'json', folder: FOLDER, ...files })
    })
  program
    .command('recognize')
    .description('post the revenue journals of a month that has ended; they are stored line by line before')
    .argument('[month]', 'for example 2026-10; without it, the month that is due today')
    .option('--dry-run', 'show the journals; store and post nothing')
    .option('-o, --output <format>', 'json: one JSON document instead of a table')
    .action(async (month: string | undefined, options: { dryRun?: boolean; output?: string }) => {
      const isDryRun = options.dryRun === true
      const json = options.output === 'json'
      code = await recognize({ json, isDryRun, folder: FOLDER, ...(month !== undefined && { month }) })
    })
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    if (error instanceof Error && 'exitCode' in error) return Number(error.exitCode)
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
  process.stdout.write('')
  return code
}
