// A company for this folder's tests: simulated Stripe and NetSuite with the real SDKs between, documents posted by the real
// connector, and the embedded S3. What stands is told in short lines:
//   revrec-1-USD-2026-10-1 2026-10-31 in Oct 2026: dr 212 46.58 plans, cr 411 46.58 plans
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type Stripe from 'stripe'
import { vi } from 'vitest'
import { clientConfig } from '../../local/aws/account.ts'
import { startS3 } from '../../local/aws/s3.ts'
import type { NetSuiteSimulator } from '../../local/simulators/netsuite/netsuite.ts'
import { createStripeSimulator, type StripeSimulator } from '../../local/simulators/stripe/server.ts'
import { createStripeReader } from '../../shared/stripe/access.ts'
import { createStripeClient } from '../../shared/stripe/client.ts'
import { startAccount, TBA } from '../connectors/netsuite/account.fixture.ts'
import { createNetSuiteClient, type NetSuiteClient } from '../connectors/netsuite/client.ts'
import type { NetSuiteConfigInput } from '../connectors/netsuite/config.ts'
import { deskOf } from '../connectors/netsuite/desk.fixture.ts'
import { manifest } from '../connectors/netsuite/manifest.ts'
import { configOf, fullConfig } from '../connectors/netsuite/objects.fixture.ts'
import type { Root } from '../connectors/netsuite/project.ts'
import {
  type RecognitionReport,
  type RecognitionRequest,
  type RecognitionSources,
  recognizeRevenue,
} from './recognize.ts'
import { keyOf, type StoredJournal } from './stored-journal.ts'
import { SubLedger } from './sub-ledger.ts'

const BUCKET = 'lake'
/** What others refer to comes first. */
const ORDER = ['customer', 'invoice', 'credit_note'] as const

export const REVENUE = {
  mode: 'journals',
  firstMonth: '2026-10',
  deferredAccount: '212',
  revenueAccounts: { plans: '411', usage: '412', services: '413' },
  products: { prod_usage: 'usage', prod_setup: 'services' },
  defaultKey: 'plans',
} satisfies NetSuiteConfigInput['revenue']

export interface Line {
  amount: number
  /** First day, and the first day after; a point in time without. Midnight UTC. */
  from?: string
  until?: string
  product?: string
}

export interface Company extends AsyncDisposable {
  stripe: Stripe
  stripeSimulator: StripeSimulator
  netsuite: NetSuiteSimulator
  sources: RecognitionSources
  client: NetSuiteClient
  /** Moves the clock to a moment: '2026-11-03T09:00:00Z'. */
  to(instant: string): void
  customer(params?: Stripe.CustomerCreateParams): Promise<string>
  /** An invoice over the lines, finalized now and paid by nobody. @returns its id. */
  sell(customer: string, lines: Line[], currency?: string): Promise<string>
  /** Posts into NetSuite all that is in Stripe and was not posted. */
  bringAll(): Promise<void>
  recognize(
    request?: RecognitionRequest & { config?: Partial<NetSuiteConfigInput> },
  ): Promise<RecognitionReport>
  /** Revenue journals that stand in NetSuite. */
  journals(): string[]
  stored(): Promise<StoredJournal[]>
  /** Of account 212, by currency, credits positive; by the documents' date. */
  deferred(through?: string): Record<string, string>
  closePeriod(month: string): void
  /** As if there had never been one. */
  removeEverywhere(journal: StoredJournal): Promise<void>
  removeFromBucket(journal: StoredJournal): Promise<void>
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const at = (day: string): number => Date.parse(DAY.test(day) ? `${day}T00:00:00Z` : day) / 1_000

export async function openCompany(
  startAt: string,
  changes: Partial<NetSuiteConfigInput> = {},
): Promise<Company> {
  const account = await startAccount({}, Date.parse(startAt))
  const { clock, simulator: netsuite } = account
  vi.useFakeTimers({ toFake: ['Date'], now: clock.now() })
  const stripeSimulator = createStripeSimulator({ now: () => clock.now(), seed: 11, apiKey: 'sk_test_1' })
  const stripeServer = await stripeSimulator.listen()
  const netsuiteServer = await netsuite.listen()
  const stripe = createStripeClient({ apiKey: 'sk_test_1', baseUrl: stripeServer.url })
  const input: Partial<NetSuiteConfigInput> = {
    ...fullConfig,
    billingCredits: undefined,
    defaultItem: '814',
    creditItem: '814',
    items: {},
    customerSubsidiary: { default: 'us' },
    revenue: REVENUE,
    ...changes,
  }
  const desk = deskOf(account, account.connect({ config: input, stripeUrl: stripeServer.url }))
  const root = mkdtempSync(join(tmpdir(), 'switchyard-revenue-'))
  const s3Server = await startS3({ clock, root })
  await s3Server.createBucket(BUCKET)
  const s3 = new S3Client({ ...clientConfig(s3Server.endpoint), forcePathStyle: true })
  const client = createNetSuiteClient('TSTDRV1', { auth: 'tba', ...TBA, baseUrl: netsuiteServer.url }, clock)
  const sources: RecognitionSources = { config: configOf(input), stripe, client, s3, bucket: BUCKET, clock }
  const subLedger = new SubLedger(s3, BUCKET)
  const removeFromBucket = async (journal: StoredJournal): Promise<void> => {
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: keyOf(journal) }))
  }
  for (const [id, name] of [
    ['prod_usage', 'Usage'],
    ['prod_setup', 'Set-up'],
  ])
    await stripe.products.create({ id, name: name ?? '' })

  return {
    stripe,
    stripeSimulator,
    netsuite,
    sources,
    client,
    to(instant) {
      clock.advance(Date.parse(instant) - clock.now())
      // OAuth 1.0a is signed with the machine's own time.
      vi.setSystemTime(clock.now())
      stripeSimulator.runDue()
    },
    async customer(params = {}) {
      return (await stripe.customers.create({ name: 'Ada', ...params })).id
    },
    async sell(customer, lines, currency = 'usd') {
      for (const { amount, from, until, product } of lines) {
        await stripe.invoiceItems.create({
          customer,
          currency,
          description: 'A sale',
          ...(product ? { price_data: { currency, product, unit_amount: amount }, quantity: 1 } : { amount }),
          ...(from && { period: { start: at(from), end: at(until ?? from) } }),
        })
      }
      const invoice = await stripe.invoices.create({
        customer,
        currency,
        collection_method: 'send_invoice',
        days_until_due: 30,
        auto_advance: false,
        pending_invoice_items_behavior: 'include',
      })
      await stripe.invoices.finalizeInvoice(String(invoice.id), { auto_advance: false })
      return String(invoice.id)
    },
    async bringAll() {
      const reader = createStripeReader(stripe)
      const { store } = stripeSimulator
      const all = {
        customer: store.customers.all(),
        invoice: store.invoices.all(),
        credit_note: store.creditNotes.all(),
      }
      for (const type of ORDER) {
        for (const { id } of all[type]) {
          const fetched = await reader.fetch({ type, id }, manifest.objects[type])
          if (!('object' in fetched)) throw new Error(`${id} is gone`)
          await desk.bring(fetched.object as unknown as Root)
        }
      }
    },
    recognize({ config, ...request } = {}) {
      const own = config ? { ...sources, config: configOf({ ...input, ...config }) } : sources
      return recognizeRevenue(own, request)
    },
    journals: () =>
      netsuite
        .query(
          `SELECT t.id, t.externalid, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS day, p.periodname AS period FROM transaction t INNER JOIN accountingperiod p ON p.id = t.postingperiod WHERE t.externalid LIKE 'revrec-%' ORDER BY t.externalid`,
        )
        .map(({ externalid, day, period }) => {
          const { line } = netsuite.find('journalEntry', String(externalid)) as unknown as {
            line: { items: { account: { id: string }; debit?: number; credit?: number; memo: string }[] }
          }
          const lines = line.items.map(({ account: { id }, debit, credit, memo }) =>
            debit === undefined ? `cr ${id} ${credit} ${memo}` : `dr ${id} ${debit} ${memo}`,
          )
          return `${externalid} ${day} in ${period}: ${lines.join(', ')}`
        }),
    stored: () => subLedger.readAll(),
    deferred: (through = '2999-12-31') =>
      Object.fromEntries(
        netsuite
          .query(
            `SELECT c.symbol, SUM(tl.foreignamount) AS own FROM transactionaccountingline a INNER JOIN transaction t ON t.id = a.transaction INNER JOIN transactionline tl ON tl.transaction = a.transaction AND tl.id = a.transactionline INNER JOIN currency c ON c.id = t.currency WHERE a.posting = 'T' AND a.account = 212 AND t.trandate <= TO_DATE('${through}', 'YYYY-MM-DD') GROUP BY c.symbol ORDER BY c.symbol`,
          )
          .map(({ symbol, own }) => [
            String(symbol),
            (-Number(own)).toFixed(symbol === 'JPY' ? 0 : symbol === 'KWD' ? 3 : 2),
          ]),
      ),
    closePeriod(month) {
      netsuite.periods.closePeriod(netsuite.periods.find(month) ?? '')
    },
    async removeEverywhere(journal) {
      await removeFromBucket(journal)
      await account.byHand('DELETE', `record/v1/journalEntry/eid:${journal.externalId}`)
    },
    removeFromBucket,
    async [Symbol.asyncDispose]() {
      vi.useRealTimers()
      s3.destroy()
      await s3Server.close()
      await stripeServer.close()
      await netsuiteServer.close()
      await account[Symbol.asyncDispose]()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
