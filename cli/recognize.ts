// `hub recognize 2026-10`: the revenue journals of a month that has ended, made and posted; with `--dry-run` only shown. For
// people a table and a sum a currency, with `-o json` the document. Exit 0 when all that is due is posted, 1 when
// something was not and may be the next time, 2 when a person is needed.
import { join } from 'node:path'
import process from 'node:process'
import { S3Client } from '@aws-sdk/client-s3'
import Table from 'cli-table3'
import { createNetSuiteClient } from '../functions/connectors/netsuite/client.ts'
import {
  type NetSuiteConfig,
  netsuiteCredentials as netsuiteCredentialsSchema,
} from '../functions/connectors/netsuite/config.ts'
import { recognitionDocument } from '../functions/recognition/document.ts'
import {
  exitCodeOf,
  type HandledJournal,
  type RecognitionReport,
  recognizeRevenue,
} from '../functions/recognition/recognize.ts'
import { recognizedOf, type StoredJournal } from '../functions/recognition/stored-journal.ts'
import hubConfig from '../hub.config.ts'
import { clientConfig } from '../local/aws/account.ts'
import { startS3 } from '../local/aws/s3.ts'
import { netsuiteCredentials } from '../local/hub/connectors.ts'
import { STRIPE_API_KEY } from '../local/hub/credentials.ts'
import { type Running, readRunning } from '../local/hub/left-behind.ts'
import { BUCKETS_FOLDER, LAKE_BUCKET, STAGE } from '../local/hub/names.ts'
import { type Clock, systemClock } from '../shared/clock.ts'
import { spoken } from '../shared/close/check.ts'
import { isHubError } from '../shared/errors.ts'
import { createStripeClient, stripeAddress } from '../shared/stripe/client.ts'
import { confirmStage } from './confirm.ts'
import { openStage } from './stage.ts'

export interface RecognizeOptions {
  /** Absent: the local hub. */
  stage?: string
  /** A live stage's name, typed. */
  confirm?: string
  /** 'YYYY-MM'; absent: the one that is due today. */
  month?: string
  isDryRun: boolean
  json: boolean
  folder: string
  clock?: Clock
  /** Instead of hub.config.ts's. */
  config?: NetSuiteConfig
}

/** @returns the exit code. */
export async function recognize(options: RecognizeOptions): Promise<number> {
  const { month, folder, json, stage = STAGE } = options
  const hub = stage === STAGE ? readRunning(folder) : undefined
  if (!hub && stage === STAGE) {
    console.error(
      `No revenue was recognized: no local hub is up in ${folder}/, and its simulated vendors end with it. Nothing was read. Start it with npm start, then: hub recognize${month === undefined ? '' : ` ${month}`} [REVREC-NO-HUB]`,
    )
    return 2
  }
  try {
    const report = await (hub ? run(hub, options) : runDeployed(stage, options))
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    process.stdout.write(
      json
        ? `${JSON.stringify(recognitionDocument(report), undefined, 2)}\n`
        : `${recognitionText(report)}\n`,
    )
    return exitCodeOf(report)
  } catch (error) {
    if (error instanceof RangeError) {
      console.error(`${error.message} Nothing was read or posted. [REVREC-MONTH]`)
      return 2
    }
    if (!isHubError(error)) throw error
    console.error(`${error.message}${error.hint ? ` ${error.hint}` : ''} [${error.code}]`)
    return error.kind === 'transient' || error.kind === 'ambiguous' ? 1 : 2
  }
}

async function runDeployed(name: string, options: RecognizeOptions): Promise<RecognitionReport> {
  const { month, isDryRun, confirm: typed } = options
  const stage = await openStage({ ...options, stage: name })
  try {
    const { config, clock, secrets, s3, bucket } = stage
    const { netsuite } = config.connectors
    if (!netsuite) throw new RangeError('hub.config.ts does not switch netsuite on.')
    const isLive = config.livemode && !isDryRun
    await confirmStage({ stage: name, isLive, typed, act: 'posts the revenue journals that are due' })
    const credentials = netsuiteCredentialsSchema.parse(await secrets.read('netsuite'))
    return await recognizeRevenue(
      {
        config: netsuite,
        stripe: createStripeClient(stripeAddress(await secrets.read('stripe'))),
        client: createNetSuiteClient(netsuite.account, credentials, clock),
        s3,
        bucket,
        clock,
        progress: showProgress,
      },
      { dryRun: isDryRun, ...(month !== undefined && { through: month }) },
    )
  } finally {
    stage.close()
  }
}

const showProgress = (what: string, rows: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${what}  ${rows}\u001b[K`)
}

async function run(
  hub: Running,
  { month, isDryRun, folder, clock = systemClock, config }: RecognizeOptions,
): Promise<RecognitionReport> {
  const netsuite = config ?? hubConfig(STAGE).connectors.netsuite
  if (!netsuite) throw new RangeError('hub.config.ts does not switch netsuite on.')
  const credentials = netsuiteCredentials(hub.netsuitePrivateKey, hub.vendors.netsuite)
  // A second door to the hub's own bucket folder: a key is taken once, through whichever door.
  const server = await startS3({ clock, root: join(folder, BUCKETS_FOLDER) })
  const s3 = new S3Client({ ...clientConfig(server.endpoint), forcePathStyle: true })
  try {
    return await recognizeRevenue(
      {
        config: netsuite,
        stripe: createStripeClient({ apiKey: STRIPE_API_KEY, baseUrl: hub.vendors.stripe }),
        client: createNetSuiteClient(netsuite.account, credentials, clock),
        s3,
        bucket: LAKE_BUCKET,
        clock,
        progress: showProgress,
      },
      { dryRun: isDryRun, ...(month !== undefined && { through: month }) },
    )
  } finally {
    s3.destroy()
    await server.close()
  }
}

const STATES: Readonly<Record<HandledJournal['state'], string>> = {
  'would-post': 'would be posted',
  posted: 'posted',
  offset: 'nothing to post: it cancels out',
  failed: 'NOT POSTED',
}

/** For people. */
export function recognitionText(report: RecognitionReport): string {
  const { through, isDryRun, journals, refused, breaks, firstOpenMonth, storedBefore } = report
  return [
    `Revenue through ${through}${isDryRun ? ' (dry run: nothing is stored or posted)' : ''}`,
    ...(firstOpenMonth > through
      ? [`${through} is closed in NetSuite: what is still due of it comes with ${firstOpenMonth}.`]
      : []),
    '',
    ...(journals.length === 0
      ? [`No journal is due; ${storedBefore} of earlier runs stand.`]
      : [journalTable(journals), '', ...sums(journals)]),
    ...failures(journals),
    ...list(
      'Not recognized',
      refused.map(({ why, next, code }) => `${why} ${next} [${code}]`),
    ),
    ...list(
      'Does not add up',
      breaks.map(({ text, code }) => `${text} [${code}]`),
    ),
  ].join('\n')
}

function journalTable(journals: readonly HandledJournal[]): string {
  const table = new Table({
    head: ['journal', 'dated', 'recognized', 'by revenue key', 'lines', ''],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'right', 'left', 'right', 'left'],
  })
  for (const { journal, state, isLeftOver, period } of journals) {
    const moved = period?.insteadOf === undefined ? '' : ` to ${period.name}: ${period.insteadOf} is closed`
    table.push([
      journal.journalId,
      journal.date,
      spoken(recognizedOf(journal), journal.currency),
      keysOf(journal),
      journal.entries.length,
      `${STATES[state]}${moved}${isLeftOver ? ' (stored before)' : ''}`,
    ])
  }
  return table.toString()
}

/** The credits, and what is taken back with a minus. */
const keysOf = ({ lines, currency }: StoredJournal): string =>
  lines
    .filter((_, index) => index % 2 === 1)
    .map(
      ({ revenueKey, side, amount, account }) =>
        `${revenueKey} ${side === 'debit' ? '-' : ''}${amount} → ${account}`,
    )
    .join('\n') || `${currency} 0`

function sums(journals: readonly HandledJournal[]): string[] {
  const byCurrency = new Map<string, bigint>()
  for (const { journal } of journals)
    byCurrency.set(journal.currency, (byCurrency.get(journal.currency) ?? 0n) + recognizedOf(journal))
  return [...byCurrency].sort().map(([currency, sum]) => `${spoken(sum, currency)} in all`)
}

const failures = (journals: readonly HandledJournal[]): string[] =>
  list(
    'Not posted',
    journals.flatMap(({ error }) => (error ? [`${error.message} ${error.hint ?? ''} [${error.code}]`] : [])),
  )

const list = (title: string, rows: readonly string[]): string[] =>
  rows.length === 0 ? [] : ['', title, ...rows.map((row) => `  ${row}`)]
