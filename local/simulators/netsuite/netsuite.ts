// The NetSuite simulator, composed: an account with a chart and periods, the rules of its documents, and the REST
// face that the real client talks to. It keeps state in memory and shares no code with the hub.

import type { Hono } from 'hono'
import { CallLog, Faults, type Listening, listen, type Now } from '../simulator.ts'
import { Applications } from './applications.ts'
import { type Chart, type ChartIds, defaultChart } from './chart.ts'
import { type Company, displayName, type Settings } from './company.ts'
import { formatScaled, scaled } from './money.ts'
import { type M2mClient, M2mTokens } from './oauth.ts'
import { Periods, type PeriodYears, yearsAround } from './periods.ts'
import { postingsOf } from './postings.ts'
import { ChangedRecords } from './query-tables.ts'
import { customerSpec } from './records/customer-spec.ts'
import { ledgerSpecs } from './records/ledger-specs.ts'
import { listSpecs } from './records/lists.ts'
import { revaluationsOf } from './records/revaluation.ts'
import { salesDocumentSpec } from './records/sales-specs.ts'
import { settlementSpecs } from './records/settlement-specs.ts'
import { type Json, renderRecord } from './render.ts'
import { asText, type CustomField, type IdGroup, type RecordSpec } from './schema.ts'
import { createApp } from './server.ts'
import { RecordStore } from './store.ts'
import { type QueryRow, SuiteQl } from './suiteql.ts'
import { type TbaClient, TbaSignatures } from './tba.ts'

export interface NetSuiteSimulatorOptions {
  now: Now
  /** The account id: the realm of TBA, and the host in the assertion's audience. */
  account?: string
  clients: { m2m?: M2mClient[]; tba?: TbaClient[] }
  /** Requests at work at the same time before 429; a developer account has 5. */
  concurrencyLimit?: number
  /** Real milliseconds that every request takes; 0 by default. */
  latencyMs?: number
  periods?: PeriodYears
  chart?: Chart
  customFields?: CustomField[]
  /** 'items' (default): tax is an item line. 'suitetax': taxDetails with override. */
  tax?: Settings['tax']
  /**
   * Places per currency, two where not named. NetSuite documents 0 and 2 only
   * (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N1397831.html); the default carries the
   * dinar's third digit, and `{ KWD: 2 }` is what a real account allows.
   */
  currencyPrecision?: Record<string, number>
  maxLines?: number
  /** 'refuse' (default), or where NetSuite's preference sends a document that is dated in a closed period. */
  dateInClosedPeriod?: Settings['dateInClosedPeriod']
  /** 'allow' (default): a document may post into another month than that of its date. */
  dateOutsidePeriod?: Settings['dateOutsidePeriod']
}

/** A line of the general ledger, amounts as decimal texts in the subsidiary's currency. */
export interface LedgerLine {
  account: string
  accountName: string
  debit: string
  credit: string
}

export interface NetSuiteSimulator {
  app: Hono
  faults: Faults
  calls: CallLog
  chart: ChartIds
  periods: Periods
  listen(port?: number): Promise<Listening>
  /** Every record of a type as a GET with expandSubResources would show it. */
  records(type: string): { [name: string]: Json }[]
  find(type: string, externalId: string): { [name: string]: Json } | undefined
  /**
   * The G/L impact of a transaction and of the currency revaluations that its applications brought about, one line an
   * account. SuiteQL shows the revaluations as transactions of their own.
   */
  ledger(transactionId: string): LedgerLine[]
  /** SuiteTax: the engine of a subsidiary's tax registration, by the subsidiary's id, until a day or for good; or none. */
  assignTaxEngine(subsidiary: string, engine: string | undefined, validUntil?: string): void
  /** SuiteQL without HTTP, for pages and tests. */
  query(suiteql: string): QueryRow[]
  /** Every access token given out so far stops working. */
  revokeTokens(): void
}

const DEFAULT_PRECISION: Record<string, number> = { JPY: 0, KWD: 3 }

/** What the hub's connector needs to exist in an account, so that the default company fits it. */
const DEFAULT_CUSTOM_FIELDS: CustomField[] = [
  { scriptId: 'custentity_stripe_id', kind: 'text' },
  { scriptId: 'custbody_stripe_id', kind: 'text' },
  { scriptId: 'custbody_stripe_number', kind: 'text' },
  { scriptId: 'custbody_switchyard_note', kind: 'text' },
  { scriptId: 'custcol_stripe_line_id', kind: 'text' },
  { scriptId: 'custcol_service_start', kind: 'date' },
  { scriptId: 'custcol_service_end', kind: 'date' },
  { scriptId: 'custitem_stripe_id', kind: 'text' },
]

export function createNetSuiteSimulator(options: NetSuiteSimulatorOptions): NetSuiteSimulator {
  const { now, account = 'TSTDRV1', clients, chart = defaultChart() } = options
  const customFields = options.customFields ?? DEFAULT_CUSTOM_FIELDS
  const { company, suiteQl } = createCompany(options, chart, customFields)
  const faults = new Faults()
  const calls = new CallLog()
  const m2m = new M2mTokens(account, clients.m2m ?? [], now)
  const tba = new TbaSignatures(account, clients.tba ?? [], now)
  const app = createApp({
    company,
    suiteQl,
    m2m,
    tba,
    faults,
    calls,
    account,
    concurrencyLimit: options.concurrencyLimit ?? 5,
    latencyMs: options.latencyMs ?? 0,
  })
  const shown = { origin: '', expandSubResources: true }
  return {
    app,
    faults,
    calls,
    chart: chart.ids,
    periods: company.periods,
    listen: (port) => listen(app, port),
    records: (type) => company.store.list(type).map((record) => renderRecord(company, record, shown)),
    find(type, externalId) {
      const group = company.specs.get(type)?.group
      const record = group && company.store.findExternal(group, externalId)
      return record?.type === type ? renderRecord(company, record, shown) : undefined
    },
    ledger: (transactionId) => ledgerOf(company, transactionId),
    assignTaxEngine(subsidiary, taxEngine, validUntil) {
      if (company.settings.tax !== 'suitetax') throw new RangeError('This account has no SuiteTax.')
      company.store.save({
        type: 'subsidiaryTaxRegistration',
        id: subsidiary,
        externalId: undefined,
        fields: { subsidiary, nexus: '1', taxEngine, validUntil },
        sublists: {},
      })
    },
    query: (suiteql) => suiteQl.run(suiteql),
    revokeTokens: () => m2m.revokeAll(),
  }
}

function createCompany(
  options: NetSuiteSimulatorOptions,
  chart: Chart,
  customFields: CustomField[],
): { company: Company; suiteQl: SuiteQl } {
  const tax = options.tax ?? 'items'
  const specs = new Map<string, RecordSpec>(
    [
      ...listSpecs(customFields),
      customerSpec(customFields),
      salesDocumentSpec('invoice', customFields, tax === 'suitetax'),
      salesDocumentSpec('creditMemo', customFields, tax === 'suitetax'),
      ...settlementSpecs(customFields),
      ...ledgerSpecs(customFields),
    ].map((spec) => [spec.type, spec]),
  )
  const groupOf = (type: string): IdGroup => specs.get(type)?.group ?? 'transaction'
  const changed = new ChangedRecords()
  const store = new RecordStore(groupOf, (group, id) => changed.mark(group, id))
  const company: Company = {
    now: options.now,
    store,
    specs,
    applications: new Applications((id) => changed.mark('transaction', id)),
    periods: new Periods(store, options.periods ?? yearsAround(options.now())),
    settings: {
      tax,
      maxLines: options.maxLines ?? 200,
      dateInClosedPeriod: options.dateInClosedPeriod ?? 'refuse',
      dateOutsidePeriod: options.dateOutsidePeriod ?? 'allow',
    },
    realizedGainLossAccount: chart.ids.accounts.realizedGainLoss,
    undepositedFundsAccount: chart.ids.accounts.undepositedFunds,
    customerDepositsAccount: chart.ids.accounts.customerDeposits,
    touched: (id) => changed.mark('transaction', id),
  }
  const suiteQl = new SuiteQl(
    company,
    changed,
    customFields.map(({ scriptId }) => scriptId),
  )
  seed(store, chart, { ...DEFAULT_PRECISION, ...options.currencyPrecision })
  return { company, suiteQl }
}

function seed(store: RecordStore, chart: Chart, precision: Record<string, number>): void {
  for (const { type, id, externalId, fields } of chart.records) {
    const places =
      type === 'currency'
        ? { currencyPrecision: scaled(String(precision[asText(fields.symbol) ?? ''] ?? 2)) }
        : {}
    store.save({ type, id, externalId, fields: { isInactive: false, ...fields, ...places }, sublists: {} })
  }
}

function ledgerOf(company: Company, transactionId: string): LedgerLine[] {
  const record = company.store.get('transaction', transactionId)
  if (!record) return []
  const own = postingsOf(company, record).map(({ account, base }) => ({ account, base }))
  for (const revaluation of revaluationsOf(company, transactionId)) {
    for (const { account, base } of postingsOf(company, revaluation)) {
      const line = own.find((each) => each.account === account)
      if (line) line.base += base
      else own.push({ account, base })
    }
  }
  return own.map(({ account, base }) => ({
    account,
    accountName: displayName(company, 'account', account),
    debit: base > 0n ? formatScaled(base) : '',
    credit: base < 0n ? formatScaled(-base) : '',
  }))
}
