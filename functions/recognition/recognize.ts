// Recognizes revenue: what the days of service have earned up to a month's end, less what is journaled, becomes a journal
// for each subsidiary, currency and open month. Each is stored entry by entry before it is posted, so that a run that dies
// anywhere is finished by the next one from what was stored. How much is earned when is shared/recognition.
import type { S3Client } from '@aws-sdk/client-s3'
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import { periodOf } from '../../shared/close/period.ts'
import { type HubError, isHubError } from '../../shared/errors.ts'
import { invoiceBreaks } from '../../shared/recognition/breaks.ts'
import type { Month } from '../../shared/recognition/day.ts'
import type { Break } from '../../shared/recognition/revenue-line.ts'
import type { PostingPeriod } from '../connectors/netsuite/books.ts'
import type { NetSuiteClient } from '../connectors/netsuite/client.ts'
import type { NetSuiteConfig } from '../connectors/netsuite/config.ts'
import type { RevenueJournalsConfig } from '../connectors/netsuite/revenue-config.ts'
import { refuseMissingAccounts, refuseOtherItems } from './account-checks.ts'
import { naming, numbersOf, subsidiaryByConfig } from './mapping.ts'
import { openMonth } from './open-month.ts'
import { journalWriter, type PostedNow, postMissing } from './post-journals.ts'
import { readPostedSales } from './posted-sales.ts'
import { type Refusal, type RevenueInvoices, revenueInvoices } from './revenue-invoices.ts'
import { journalSettings, monthDue, policyOf } from './settings.ts'
import { type Dues, findDue, storeDue } from './store-due.ts'
import { type StoredJournal, toStore } from './stored-journal.ts'
import { type Progress, readStripeSales } from './stripe-sales.ts'
import { SubLedger } from './sub-ledger.ts'

export interface RecognitionSources {
  config: NetSuiteConfig
  stripe: Stripe
  client: NetSuiteClient
  s3: S3Client
  bucket: string
  clock: Clock
  progress?: Progress
}

export interface RecognitionRequest {
  /** The last month to journal; absent: the one that is due today. */
  through?: Month
  /** Tells what would be journaled; stores and posts nothing. */
  dryRun?: boolean
}

export interface HandledJournal {
  journal: StoredJournal
  /** 'offset': its entries cancel out, so that nothing is posted of it. */
  state: 'would-post' | 'posted' | 'offset' | 'failed'
  /** Stored by an earlier run that did not get to post it. */
  isLeftOver: boolean
  period?: PostingPeriod
  error?: HubError
}

export interface RecognitionReport {
  through: Month
  /** The first month that takes journals, by NetSuite's periods. */
  firstOpenMonth: Month
  isDryRun: boolean
  journals: HandledJournal[]
  /** Journals of earlier runs. */
  storedBefore: number
  refused: Refusal[]
  /** Invoices and credits that do not add up. */
  breaks: Break[]
}

/**
 * @throws HubError when a system does not answer or the sub-ledger is damaged; what was stored until then is posted by the
 * next run. RangeError for a month that has not ended, or is before the first.
 */
export async function recognizeRevenue(
  sources: RecognitionSources,
  request: RecognitionRequest = {},
): Promise<RecognitionReport> {
  const { config, client, clock } = sources
  const { dryRun: isDryRun = false } = request
  const settings = journalSettings(config)
  const through = request.through ?? monthDue(nowSeconds(clock), config.timeZone, settings.postOnDay)
  // Asked for no month in particular, there may be none to journal yet.
  const isTooEarly = request.through === undefined && through < settings.firstMonth
  if (!isTooEarly) refuseMonth(through, settings, sources)
  const subLedger = new SubLedger(sources.s3, sources.bucket)
  const writer = journalWriter(client, config, clock)

  const before = await subLedger.readAll()
  const leftOver = isDryRun ? [] : await postMissing(writer, before)
  const firstOpenMonth = await openMonth(writer.periods, settings.firstMonth)
  const revenue = isTooEarly ? NOTHING : await readRevenue(sources, settings, through)
  const dues = duesOf(sources, settings, { revenue, through, firstOpenMonth })
  const { made, refused } = isDryRun ? findDue(dues, before) : await storeDue(dues, before, subLedger)
  const postable = made.filter(({ lines }) => lines.length > 0)
  const posted = isDryRun ? [] : await postMissing(writer, postable)
  return {
    through,
    firstOpenMonth,
    isDryRun,
    journals: [
      ...leftOver.map((each) => handled(each, true)),
      ...posted.map((each) => handled(each, false)),
      ...(isDryRun ? postable.map((journal) => untouched(journal, 'would-post')) : []),
      ...made.filter(({ lines }) => lines.length === 0).map((journal) => untouched(journal, 'offset')),
    ],
    storedBefore: before.length,
    refused: [...revenue.refused, ...refused],
    breaks: [...revenue.breaks, ...invoiceBreaks(revenue.invoices)],
  }
}

/** 1: something was not posted that may be the next time; 2: a person is needed. */
export function exitCodeOf({ journals, refused, breaks }: RecognitionReport): 0 | 1 | 2 {
  const failed = journals.flatMap(({ error }) => (error ? [error] : []))
  const isForPerson = failed.some(({ kind }) => kind !== 'transient' && kind !== 'ambiguous')
  if (refused.length > 0 || breaks.length > 0 || isForPerson) return 2
  return failed.length > 0 ? 1 : 0
}

const NOTHING: RevenueInvoices = { invoices: [], breaks: [], refused: [] }

const handled = ({ journal, period, outcome }: PostedNow, isLeftOver: boolean): HandledJournal => ({
  journal,
  isLeftOver,
  ...(period && { period }),
  ...(isHubError(outcome) ? { state: 'failed', error: outcome } : { state: 'posted' }),
})

const untouched = (journal: StoredJournal, state: 'would-post' | 'offset'): HandledJournal => ({
  journal,
  isLeftOver: false,
  state,
})

function refuseMonth(
  through: Month,
  { firstMonth }: RevenueJournalsConfig,
  { config: { timeZone }, clock }: RecognitionSources,
): void {
  if (!periodOf(through, timeZone, nowSeconds(clock)).isOver)
    throw new RangeError(`${through} has not ended yet (${timeZone}): its revenue is not earned.`)
  if (through < firstMonth)
    throw new RangeError(
      `${through} is before ${firstMonth}, the first month that the hub journals (hub.config.ts → netsuite.revenue.firstMonth).`,
    )
}

async function readRevenue(
  { config, stripe, client, progress }: RecognitionSources,
  settings: RevenueJournalsConfig,
  through: Month,
): Promise<RevenueInvoices> {
  await refuseMissingAccounts(client, settings)
  await refuseOtherItems(client, config, settings)
  // Stripe first: what is sold and posted in between is then no sale yet, and not one that NetSuite lacks.
  const sales = await readStripeSales(stripe, undefined, progress)
  const posted = await readPostedSales(client)
  return revenueInvoices(sales, {
    policy: policyOf(settings, config.timeZone),
    subsidiaryOf: (invoice) => posted.subsidiaries.get(invoice.id) ?? subsidiaryByConfig(invoice, config),
    books: { posted, firstMonth: settings.firstMonth, through },
  })
}

function duesOf(
  { config, clock }: RecognitionSources,
  settings: RevenueJournalsConfig,
  {
    revenue: { invoices },
    ...months
  }: Pick<Dues, 'through' | 'firstOpenMonth'> & { revenue: RevenueInvoices },
): Dues {
  const numbers = numbersOf(invoices)
  return {
    ...months,
    invoices,
    firstMonth: settings.firstMonth,
    asStored: (journal) =>
      toStore(journal, { ...naming(journal, config, settings, numbers), storedAtMs: clock.now() }),
  }
}
