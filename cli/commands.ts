// Every `hub` command, its options and its help.
import process from 'node:process'
import { Command, InvalidArgumentError, Option } from 'commander'
import { isHubError } from '../shared/errors.ts'
import { close } from './close.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { pause, resume } from './lanes.ts'
import { parked as listParked } from './parked.ts'
import { rebuild } from './rebuild.ts'
import { recognize } from './recognize.ts'
import { Refusal } from './refusal.ts'
import { register } from './register.ts'
import { replay } from './replay.ts'
import { sql } from './sql.ts'
import { start } from './start.ts'
import { trace } from './trace.ts'
import { trigger } from './trigger.ts'

/** Left behind by the last demo or start, read by trace and sql. */
const FOLDER = '.hub'

function whole(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number.')
  return Number(text)
}

const STAGE = ['--stage <name>', 'a deployed stage, by the outputs of its stacks', 'local'] as const
const OUTPUT = ['-o, --output <format>', 'json: one JSON document instead of a table'] as const
const CONFIRM = ['--confirm <stage>', 'the name of a live stage, typed'] as const

interface StageFlags {
  stage: string
  confirm?: string
  output?: string
}

interface DemoFlags {
  json?: boolean
  close?: boolean
  revenue?: 'journals'
  seed: number
  customers: number
}

interface ReplayFlags {
  stage: string
  plan?: string
  reason?: string
  confirm?: string
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
    .option(...STAGE)
    .option('--json', 'print one JSON document')
    .action(async (id: string, { stage, json = false }: { stage: string; json?: boolean }) => {
      code = await trace({ stage, id, json, folder: FOLDER })
    })
  program
    .command('parked')
    .description('what needs a person now, by cause: how many, since when, and who mends it')
    .option('--connector <name>', 'of one system')
    .option('--code <code>', 'for one reason, for example NS-ITEM')
    .option(...STAGE)
    .option(...OUTPUT)
    .action(async ({ output, ...rest }: { stage: string; output?: string }) => {
      code = await listParked({ ...rest, json: output === 'json', folder: FOLDER })
    })
  program
    .command('replay')
    .description('try again what is parked, at its newest state; never an old payload')
    .argument('[id]', 'one object in every system: an event id, a Stripe object id, or an invoice number')
    .option('--parked', 'everything that is parked')
    .option('--connector <name>', 'with --parked: of one system')
    .option('--code <code>', 'with --parked: for one reason, for example NS-ITEM')
    .option('--dry-run', 'only show what would be tried again, and the plan to do it with')
    .option('--plan <id>', 'of a dry run: tries again just that set, within 15 minutes')
    .option('--reason <text>', 'with --plan: why; it is remembered with your name')
    .option(...CONFIRM)
    .option(...STAGE)
    .option(...OUTPUT)
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
    .option(...STAGE)
    .option('--json', 'print rows as JSON')
    .action(async (query: string, { stage, json = false }: { stage: string; json?: boolean }) => {
      code = await sql({ stage, query, json, folder: FOLDER })
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
    .option(...STAGE)
    .action(async (month: string, options: StageFlags & { previous?: string; html?: string }) => {
      const { output, ...files } = options
      code = await close({ month, json: output === 'json', folder: FOLDER, ...files })
    })
  program
    .command('recognize')
    .description('post the revenue journals of a month that has ended; they are stored line by line before')
    .argument('[month]', 'for example 2026-10; without it, the month that is due today')
    .option('--dry-run', 'show the journals; store and post nothing')
    .option(...CONFIRM)
    .option(...STAGE)
    .option(...OUTPUT)
    .action(async (month: string | undefined, options: StageFlags & { dryRun?: boolean }) => {
      const { dryRun: isDryRun = false, output, ...rest } = options
      const json = output === 'json'
      code = await recognize({
        ...rest,
        json,
        isDryRun,
        folder: FOLDER,
        ...(month !== undefined && { month }),
      })
    })
  program
    .command('doctor')
    .description('checks credentials, fields and permissions of every vendor, and the hub itself')
    .option(...STAGE)
    .option(...OUTPUT)
    .action(async ({ stage, output }: StageFlags) => {
      code = await doctor({ stage, json: output === 'json', folder: FOLDER })
    })
  program
    .command('register')
    .description(
      'makes or mends the webhook endpoint in Stripe, and stores its secret; run again it changes nothing',
    )
    .option('--rotate', 'a new endpoint with a new secret; the former one delivers on for a while')
    .option(
      '--keep-hours <number>',
      'with --rotate: for how long; 0: not at all (a leaked secret)',
      whole,
      24,
    )
    .option(...CONFIRM)
    .option(...STAGE)
    .option(...OUTPUT)
    .action(async (options: StageFlags & { rotate?: boolean; keepHours: number }) => {
      const { rotate = false, output, ...rest } = options
      code = await register({ ...rest, rotate, json: output === 'json', folder: FOLDER })
    })
  program
    .command('trigger')
    .description('posts one signed event, to see that address, secret, queues and ledger fit together')
    .argument('[id]', 'an object to say an update of; without it, an event that only the lake keeps')
    .option(...CONFIRM)
    .option(...STAGE)
    .action(async (id: string | undefined, options: StageFlags) => {
      code = await trigger({ ...options, folder: FOLDER, ...(id !== undefined && { id }) })
    })
  program
    .command('rebuild')
    .description('after a lost or restored ledger: every object in Stripe is brought in step again')
    .option('--connector <name>', 'one lane; without it, all')
    .option('--dry-run', 'only count, and give the plan to do it with')
    .option('--plan <id>', 'of a dry run, within 15 minutes')
    .option(...CONFIRM)
    .option(...STAGE)
    .option(...OUTPUT)
    .action(async (options: StageFlags & { connector?: string; dryRun?: boolean; plan?: string }) => {
      const { dryRun = false, output, ...rest } = options
      code = await rebuild({ ...rest, dryRun, json: output === 'json', folder: FOLDER })
    })
  program
    .command('pause')
    .description('holds one lane until it is resumed; its events wait, 14 days at most')
    .argument('<connector>', 'for example netsuite')
    .option('--reason <text>', 'why, for whoever finds the lane standing')
    .option(...CONFIRM)
    .option(...STAGE)
    .action(async (connector: string, options: StageFlags & { reason?: string }) => {
      code = await pause({ ...options, connector, folder: FOLDER })
    })
  program
    .command('resume')
    .description('ends a pause, whoever made it')
    .argument('<connector>', 'for example netsuite')
    .option(...CONFIRM)
    .option(...STAGE)
    .action(async (connector: string, options: StageFlags) => {
      code = await resume({ ...options, connector, folder: FOLDER })
    })
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    if (error instanceof Error && 'exitCode' in error) return Number(error.exitCode)
    if (error instanceof Refusal) {
      console.error(error.message)
      return error.status
    }
    if (isHubError(error)) {
      console.error([error.message, error.hint, `[${error.code}]`].filter(Boolean).join(' '))
      return error.kind === 'credential' || error.kind === 'permanent' ? 2 : 1
    }
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
  process.stdout.write('')
  return code
}
