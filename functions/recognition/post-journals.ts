// Stored journals onto NetSuite: those that do not stand are posted, each as it was stored, under its own external id. After
// a crash or a lost answer the same happens again, and a journal that stands is left alone. The period is chosen now: a
// month that was closed meanwhile posts to the first open one, and the memo says so.
import * as z from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { type RemoteRecord, recordKey, type Written } from '../../shared/connector/contract.ts'
import { HubError, isHubError } from '../../shared/errors.ts'
import { fromDecimal } from '../../shared/money/money.ts'
import type { PostingPeriod } from '../connectors/netsuite/books.ts'
import { inChunks, NAMES_PER_QUERY, type NetSuiteClient, sqlList } from '../connectors/netsuite/client.ts'
import type { NetSuiteConfig } from '../connectors/netsuite/config.ts'
import { journalRecord } from '../connectors/netsuite/journals.ts'
import { manifest } from '../connectors/netsuite/manifest.ts'
import { OpenAmounts } from '../connectors/netsuite/open-amounts.ts'
import { spokenAmount } from '../connectors/netsuite/parked.ts'
import { PeriodBook } from '../connectors/netsuite/periods.ts'
import { TaxEngines } from '../connectors/netsuite/tax-engines.ts'
import { type DocumentWriter, writeDocuments } from '../connectors/netsuite/write-documents.ts'
import { type StoredJournal, totalOf } from './stored-journal.ts'

const KIND = 'journalEntry'

/** A journal's lines are no sales and settle nothing; the writer is whole all the same, for it is the connector's. */
export const journalWriter = (
  client: NetSuiteClient,
  config: NetSuiteConfig,
  clock: Clock,
): DocumentWriter => ({
  client,
  config,
  periods: new PeriodBook(client, clock, config),
  openAmounts: new OpenAmounts(client),
  taxEngines: new TaxEngines(client, config, clock),
})

export interface PostedNow {
  journal: StoredJournal
  period: PostingPeriod | undefined
  outcome: Written | HubError
}

/** Of those that have something to post and do not stand yet, in order. @throws HubError when that cannot be told. */
export async function postMissing(
  writer: DocumentWriter,
  journals: readonly StoredJournal[],
): Promise<PostedNow[]> {
  const postable = journals.filter(({ lines }) => lines.length > 0)
  const standing = await standingIds(writer.client, postable)
  const missing = postable.filter(({ externalId }) => !standing.has(externalId))
  const posted: PostedNow[] = []
  for (const chunk of inChunks(missing, manifest.vendor.recordsPerCall))
    posted.push(...(await postChunk(writer, chunk)))
  return settleFailures(writer, posted)
}

/** Of two runs at once one may be refused what the other has just posted: whatever stands now is compared, and counts. */
async function settleFailures(writer: DocumentWriter, posted: PostedNow[]): Promise<PostedNow[]> {
  const failed = posted.filter(({ outcome }) => isHubError(outcome)).map(({ journal }) => journal)
  if (failed.length === 0) return posted
  let standing: Set<string>
  try {
    standing = await standingIds(writer.client, failed)
  } catch (error) {
    // The failures stand as they are told; the next run looks again.
    if (isHubError(error)) return posted
    throw error
  }
  const again = await postChunk(
    writer,
    failed.filter(({ externalId }) => standing.has(externalId)),
  )
  const settled = new Map(again.map((each) => [each.journal, each]))
  return posted.map((each) => settled.get(each.journal) ?? each)
}

async function postChunk(writer: DocumentWriter, journals: readonly StoredJournal[]): Promise<PostedNow[]> {
  const prepared: {
    journal: StoredJournal
    period: PostingPeriod | undefined
    record: RemoteRecord | HubError
  }[] = []
  for (const journal of journals) {
    const period = await writer.periods.postingPeriod(journal.date)
    prepared.push({ journal, period, record: recordOf(journal, period, writer) })
  }
  const records = prepared.flatMap(({ record }) => (isHubError(record) ? [] : [record]))
  const written = await writeDocuments(
    writer,
    KIND,
    records.map((record) => ({ record, references: {}, known: undefined })),
  )
  const outcomes = new Map(records.map((record, index) => [record, written[index]]))
  return prepared.map(({ journal, period, record }) => {
    const outcome = isHubError(record) ? record : outcomes.get(record)
    if (outcome === undefined) throw new TypeError(`Nothing is known of ${journal.externalId}.`)
    return { journal, period, outcome: isHubError(outcome) ? withNextCommand(outcome) : outcome }
  })
}

function recordOf(
  journal: StoredJournal,
  period: PostingPeriod | undefined,
  { config }: DocumentWriter,
): RemoteRecord | HubError {
  const { journalId, externalId, subsidiary, subsidiaryName, currency, currencyId, date } = journal
  const record = { kind: KIND, externalId }
  const total = spokenAmount({ amountMinor: totalOf(journal), currency })
  try {
    return journalRecord(
      {
        record,
        document: `Revenue journal ${journalId} (${total})`,
        title: 'Revenue recognized',
        number: journalId,
        stripeId: '',
        customerId: undefined,
        currency,
        atSeconds: Date.parse(`${date}T12:00:00Z`) / 1_000,
        day: date,
      },
      journal.lines.map(({ account, side, amount, revenueKey }) => ({
        account,
        side,
        amount: fromDecimal(amount, currency),
        memo: revenueKey,
      })),
      {
        books: { subsidiaryName, subsidiaryId: subsidiary, currencyId, items: {}, taxPercentages: {} },
        periods: period ? { [recordKey(record)]: period } : {},
      },
      config,
    )
  } catch (error) {
    if (isHubError(error)) return error
    throw error
  }
}

const idRow = z.object({ externalid: z.string() })

async function standingIds(client: NetSuiteClient, journals: readonly StoredJournal[]): Promise<Set<string>> {
  const standing = new Set<string>()
  for (const chunk of inChunks(journals, NAMES_PER_QUERY)) {
    const rows = await client.query(
      `SELECT externalid FROM transaction WHERE externalid IN (${sqlList(chunk.map(({ externalId }) => externalId))})`,
      idRow,
      'read which revenue journals stand',
    )
    for (const { externalid } of rows) standing.add(externalid)
  }
  return standing
}

/** The connector's hints are of what the engine parks and projects anew; a journal is posted as it was stored. */
function withNextCommand(error: HubError): HubError {
  const hint = error.hint
    ?.replaceAll('hub replay --parked', 'hub recognize')
    .replaceAll(', or correct it in hub.config.ts → netsuite', '')
  return hint === error.hint
    ? error
    : new HubError(error.kind, error.message, { ...error, ...(hint && { hint }) })
}
