// Closes a month: reads every system through its own API, and has shared/close judge what was read. Shares no mapping with
// the connectors, so that a mistake of theirs shows. A system that does not answer makes its checks unknown; the others are
// judged all the same.
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import type { Reading } from '../../shared/close/check.ts'
import { type CloseReport, judgeClose } from '../../shared/close/close.ts'
import type { BookDocument } from '../../shared/close/facts.ts'
import { periodOf } from '../../shared/close/period.ts'
import type { Day } from '../../shared/recognition/day.ts'
import type { AvaTax } from '../connectors/avalara/client.ts'
import type { NetSuiteClient } from '../connectors/netsuite/client.ts'
import type { NetSuiteConfig } from '../connectors/netsuite/config.ts'
import { balanceOf } from './balance.ts'
import { readBookDocuments } from './book-documents.ts'
import { StripeAccounts } from './clearing-books.ts'
import { attempt, map, notConnected, type Progress } from './evidence.ts'
import { type LakeQuery, readLakeEvents } from './lake-events.ts'
import { movementsOf } from './movements.ts'
import { neverPostedRefunds } from './never-posted.ts'
import { owedInvoicesOf } from './owed-invoices.ts'
import { refundedParts } from './refunded-parts.ts'
import { type RevenueOptions, readRevenue, type SubLedgerPlace } from './revenue.ts'
import { readBookedSales, readBookTax, readOpenItems } from './sales-books.ts'
import { readStripeObjects, type StripeObjects } from './stripe-objects.ts'
import { placeOf, stripeTaxOf } from './stripe-tax.ts'
import { readTaxDocuments } from './tax-documents.ts'
import { type LedgerSource, readTroubles } from './troubles.ts'

export interface CloseSources {
  /** 'YYYY-MM'. */
  month: string
  /** The seller's: what tax goes by. */
  timeZone: string
  clock: Clock
  stripe: Stripe
  /** Absent: switched off. */
  netsuite?: { client: NetSuiteClient; config: NetSuiteConfig }
  avatax?: AvaTax
  /** Refunds without a credit note take tax back from this day on (`avalara.refundsWithoutCreditNote`); absent: none does. */
  refundsReturnedSince?: Day | undefined
  lake?: LakeQuery
  ledger: Omit<LedgerSource, 'clock'>
  /** Absent: a plain policy, no journals, no signed close before. */
  revenue?: Partial<RevenueOptions>
  /** Where the hub journals revenue: without it nothing is said of what is deferred. */
  subLedger?: SubLedgerPlace
  progress?: Progress
}

/** @throws RangeError for what is no month, or has not begun. */
export async function closeMonth(sources: CloseSources): Promise<CloseReport> {
  const { month, timeZone, clock, stripe, progress } = sources
  const period = periodOf(month, timeZone, nowSeconds(clock))
  const objects = await attempt('Stripe', () => readStripeObjects({ stripe, clock, progress }, period))
  const found = readValue(objects)
  const movements = map(objects, (all) => movementsOf(all, timeZone))
  const owed = map(objects, (all) => owedInvoicesOf(all, period))

  const books = await readBooks(sources, period, found, readValue(movements) ?? [], readValue(owed) ?? [])
  const neverPosted = neverPostedRefunds(
    readValue(movements) ?? [],
    readValue<BookDocument[]>(books.documents) ?? [],
    period,
  )
  const { avatax, lake, ledger, refundsReturnedSince } = sources
  const charged = map(objects, (all) =>
    stripeTaxOf(all, timeZone, refundedParts(all, timeZone, { since: refundsReturnedSince, neverPosted })),
  )
  const taxDocuments = avatax
    ? await attempt('AvaTax', () =>
        readTaxDocuments({ avatax, clock, progress }, period, readValue(charged) ?? []),
      )
    : { unread: notConnected('AvaTax', 'avalara') }
  const lakeEvents: Reading<ReadonlySet<string>> = lake
    ? await attempt('lake', () =>
        readLakeEvents({ query: lake, clock, progress }, readValue(movements) ?? []),
      )
    : { unread: notConnected('The lake', 'lake') }
  const revenue = await readRevenue(sources, period, objects)
  return judgeClose(
    period,
    {
      posted: { movements, documents: books.documents, taxDocuments, lakeEvents },
      clearing: {
        balance: map(objects, (all) =>
          balanceOf(all, period, {
            feesFrom: sources.netsuite?.config.payouts?.feesWithPaymentsFrom,
            neverPosted,
          }),
        ),
        books: books.clearing,
      },
      tax: { stripe: charged, avatax: taxDocuments, books: books.tax },
      receivables: { invoices: owed, open: books.open },
      deferred: { revenue, sales: books.sales },
      troubles: await attempt('ledger', () => readTroubles({ ...ledger, clock }, found)),
    },
    nowSeconds(clock),
  )
}

const readValue = <T>(reading: Reading<T>): T | undefined => ('unread' in reading ? undefined : reading.value)

async function readBooks(
  { netsuite, clock, progress }: CloseSources,
  period: ReturnType<typeof periodOf>,
  objects: StripeObjects | undefined,
  movements: ReturnType<typeof movementsOf>,
  owed: ReturnType<typeof owedInvoicesOf>,
) {
  if (!netsuite) {
    const off = { unread: notConnected('NetSuite', 'netsuite') }
    return { documents: off, clearing: off, tax: off, open: off, sales: off }
  }
  const { client, config } = netsuite
  const source = { client, clock, progress }
  const accounts = new StripeAccounts(source, config, period)
  const rates = objects?.taxRates
  const place = (rateId: string) => {
    const rate = rates?.get(rateId)
    return rate && placeOf(rate)
  }
  const documents = await attempt('NetSuite', () =>
    readBookDocuments(source, period, movements, (which) => accounts.linesOf(which)),
  )
  const clearing = await attempt('NetSuite', () => accounts.readClearing())
  const tax = await attempt('NetSuite', () => readBookTax(source, config, period, place))
  const sales =
    'unread' in tax ? tax : await attempt('NetSuite', () => readBookedSales(source, period, tax.value))
  const notes = new Map((objects?.creditNotes ?? []).map(({ id, invoice }) => [id, String(invoice)]))
  const open = await attempt('NetSuite', () => readOpenItems(source, period, owed, notes))
  return { documents, clearing, tax, open, sales }
}
