// Where the hub journals revenue, what the close holds against each other: the schedules of all that was sold, also after the
// cut-off (usage of the month is billed on the first of the next), the sub-ledger in the bucket, the journals that stand in
// NetSuite, and the balance of the deferred account by posting periods.
import type { S3Client } from '@aws-sdk/client-s3'
import type Stripe from 'stripe'
import * as z from 'zod'
import type { Clock } from '../../shared/clock.ts'
import type { Evidence } from '../../shared/close/check.ts'
import type { RevenueFacts } from '../../shared/close/deferred.ts'
import type { StandingRevenue } from '../../shared/close/deferred-journals.ts'
import type { Period } from '../../shared/close/period.ts'
import { lastDayOf } from '../../shared/recognition/day.ts'
import { journalsDue } from '../../shared/recognition/journal.ts'
import type { NetSuiteClient } from '../connectors/netsuite/client.ts'
import type { NetSuiteConfig } from '../connectors/netsuite/config.ts'
import { PeriodBook } from '../connectors/netsuite/periods.ts'
import type { RevenueJournalsConfig } from '../connectors/netsuite/revenue-config.ts'
import { subsidiaryByConfig } from '../recognition/mapping.ts'
import { openMonth } from '../recognition/open-month.ts'
import { readPostedSales } from '../recognition/posted-sales.ts'
import { revenueInvoices } from '../recognition/revenue-invoices.ts'
import { policyOf } from '../recognition/settings.ts'
import { booksOf } from '../recognition/store-due.ts'
import { JOURNALS_PREFIX, recognizedOf, totalOf } from '../recognition/stored-journal.ts'
import { readStripeSales } from '../recognition/stripe-sales.ts'
import { SubLedger } from '../recognition/sub-ledger.ts'
import { type Progress, Question } from './evidence.ts'
import type { StripeObjects } from './stripe-objects.ts'
import { day, maybe, minorOf, SuiteQl, text } from './suiteql.ts'

export interface JournaledSources {
  stripe: Stripe
  client: NetSuiteClient
  config: NetSuiteConfig
  settings: RevenueJournalsConfig
  s3: S3Client
  bucket: string
  clock: Clock
  progress?: Progress
}

/** @throws HubError. */
export async function readJournaledRevenue(
  sources: JournaledSources,
  period: Period,
  objects: StripeObjects,
): Promise<{ value: RevenueFacts; evidence: Evidence[] }> {
  const { client, config, settings, clock, progress } = sources
  const { month } = period
  const { firstMonth } = settings
  const { stored, later, evidence } = await readStored(sources, period)
  const posted = await readPostedSales(client)
  const sales = {
    invoices: [...objects.invoices, ...later.invoices],
    creditNotes: [...objects.creditNotes, ...later.creditNotes],
    prices: later.prices,
  }
  const { invoices, breaks, refused } = revenueInvoices(sales, {
    policy: policyOf(settings, config.timeZone),
    subsidiaryOf: (invoice) => posted.subsidiaries.get(invoice.id) ?? subsidiaryByConfig(invoice, config),
    books: { posted, firstMonth, through: month },
  })
  const firstOpenMonth = await openMonth(new PeriodBook(client, clock, config), firstMonth)
  const books = booksOf(stored, { invoices, firstMonth, firstOpenMonth })
  const inNetSuite = new SuiteQl({ client, clock, ...(progress && { progress }) })
  const standing = await readStanding(inNetSuite)
  const balanceMinor = await readBalance(inNetSuite, settings.deferredAccount, period)
  return {
    value: {
      invoices,
      books,
      breaks,
      refused,
      journaled: {
        stored: stored.map((journal) => ({
          journalId: journal.journalId,
          externalId: journal.externalId,
          currency: journal.currency,
          month: journal.month,
          totalMinor: totalOf(journal),
          recognizedMinor: recognizedOf(journal),
        })),
        standing,
        due: journalsDue(invoices, books, month).map(({ journalId, currency, entries }) => ({
          journalId,
          currency,
          recognizedMinor: entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
        })),
        balanceMinor,
        firstOpenMonth,
      },
    },
    evidence: [...evidence, ...inNetSuite.evidence],
  }
}

async function readStored(
  { stripe, s3, bucket, clock, progress }: JournaledSources,
  { untilSeconds }: Period,
) {
  const asked = new Question('lake', `s3://${bucket}/${JOURNALS_PREFIX}`, clock, progress)
  const stored = (await new SubLedger(s3, bucket).readAll()).map((journal) => asked.take(journal))
  const listed = new Question('Stripe', `GET /v1/invoices?created[gte]=${untilSeconds}`, clock, progress)
  const later = await readStripeSales(stripe, { gte: untilSeconds })
  for (const invoice of later.invoices) listed.take(invoice)
  return { stored, later, evidence: [asked.evidence(), listed.evidence()] }
}

const standingRow = z.object({
  externalid: text,
  symbol: text,
  foreigntotal: maybe,
  trandate: text,
  period: maybe,
})

async function readStanding(books: SuiteQl): Promise<StandingRevenue[]> {
  const rows = await books.select(
    `SELECT t.externalid, c.symbol, t.foreigntotal, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate,
     TO_CHAR(p.startdate, 'YYYY-MM') AS period FROM transaction t INNER JOIN currency c ON c.id = t.currency
     LEFT JOIN accountingperiod p ON p.id = t.postingperiod
     WHERE t.type = 'Journal' AND t.externalid LIKE 'revrec-%' ORDER BY t.id`,
    standingRow,
    'read the revenue journals',
  )
  return rows.map(({ externalid, symbol, foreigntotal, trandate, period }) => ({
    externalId: externalid,
    currency: symbol,
    day: trandate,
    periodMonth: period ?? trandate.slice(0, 7),
    totalMinor: minorOf(foreigntotal, symbol),
  }))
}

const balanceRow = z.object({ symbol: text, own: maybe })

/** The primary accounting book alone: with multi-book accounting every line stands once for each. */
async function readBalance(
  books: SuiteQl,
  account: string,
  { month }: Period,
): Promise<Record<string, bigint>> {
  const rows = await books.select(
    `SELECT c.symbol, SUM(tl.foreignamount) AS own FROM transactionaccountingline a INNER JOIN transaction t ON t.id = a.transaction
     INNER JOIN transactionline tl ON tl.transaction = a.transaction AND tl.id = a.transactionline
     INNER JOIN currency c ON c.id = t.currency INNER JOIN accountingperiod p ON p.id = t.postingperiod
     WHERE a.posting = 'T' AND a.accountingbook = 1 AND a.account = ${account} AND p.enddate <= ${day(lastDayOf(month))}
     GROUP BY c.symbol ORDER BY c.symbol`,
    balanceRow,
    'read the balance of the deferred account',
  )
  return Object.fromEntries(rows.map(({ symbol, own }) => [symbol, -minorOf(own, symbol)]))
}
