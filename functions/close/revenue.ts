// Revenue for the close's waterfall: with what is journaled where the hub journals, else Stripe's invoices and credit notes by
// a plain policy, with nothing that stands. What cannot be scheduled is on the list.
import type { S3Client } from '@aws-sdk/client-s3'
import type { Reading } from '../../shared/close/check.ts'
import type { RevenueFacts } from '../../shared/close/deferred.ts'
import type { Period } from '../../shared/close/period.ts'
import type { Books } from '../../shared/recognition/books.ts'
import type { RecognitionPolicy } from '../../shared/recognition/policy.ts'
import { revenueInvoices } from '../recognition/revenue-invoices.ts'
import type { CloseSources } from './close.ts'
import { readJournaledRevenue } from './deferred-journals.ts'
import { attempt, map } from './evidence.ts'
import type { StripeObjects } from './stripe-objects.ts'

export interface RevenueOptions {
  policy: RecognitionPolicy
  /** Journals that stand, and up to when the books are closed. */
  books: Books
  previousClosing?: Record<string, bigint>
}

/** Where the journals of revenue are stored. */
export interface SubLedgerPlace {
  s3: S3Client
  bucket: string
}

/**
 * While no policy is configured: straight-line over every period, everything else at the invoice's date, and nothing before
 * the month of the invoice, so that a month opens with what the last one closed with though a proration was billed late.
 * The tie does not depend on the revenue account, so there is one.
 */
const plainPolicy = (timeZone: string): RecognitionPolicy => ({
  timeZone,
  revenueKeys: { byProduct: {}, default: 'revenue' },
  oneOffDate: 'invoice',
  oneOffWithPeriod: 'over-period',
  recognizeFrom: 'invoice',
})

/** The waterfall goes by currency, so one subsidiary stands for all. */
const SUBSIDIARY = 'all'

export async function readRevenue(
  sources: CloseSources,
  period: Period,
  objects: Reading<StripeObjects>,
): Promise<Reading<RevenueFacts>> {
  const { netsuite, subLedger, timeZone, revenue, stripe, clock, progress } = sources
  const settings = netsuite?.config.revenue
  if (
    'unread' in objects ||
    !netsuite ||
    settings?.mode !== 'journals' ||
    period.month < settings.firstMonth
  ) {
    const options = { policy: plainPolicy(timeZone), books: { posted: [] }, ...revenue }
    return map(objects, (all) => plainRevenue(all, options))
  }
  if (!subLedger) return { unread: NO_SUB_LEDGER }
  const read = await attempt('lake', () =>
    readJournaledRevenue(
      { ...netsuite, ...subLedger, settings, stripe, clock, ...(progress && { progress }) },
      period,
      objects.value,
    ),
  )
  if ('unread' in read) return read
  const previousClosing = revenue?.previousClosing
  return {
    value: { ...read.value, ...(previousClosing && { previousClosing }) },
    evidence: [...objects.evidence, ...read.evidence],
  }
}

const NO_SUB_LEDGER = {
  source: 'lake',
  why: 'The bucket with the revenue journals is not connected, so nothing can be said of what is recognized.',
  owner: 'Engineering',
  next: 'Give the close the bucket of the lake (CloseSources.subLedger).',
  code: 'CLOSE-OFF',
}

function plainRevenue(
  { invoices, creditNotes, prices }: StripeObjects,
  { policy, books, previousClosing }: RevenueOptions,
): RevenueFacts {
  return {
    ...revenueInvoices({ invoices, creditNotes, prices }, { policy, subsidiaryOf: () => SUBSIDIARY }),
    books,
    ...(previousClosing && { previousClosing }),
  }
}
