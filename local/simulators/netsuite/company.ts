// The simulated company: its records, settings and books in one hand, and the few questions that every rule asks of
// them (what currency, what precision, what is open, what type of account).
import type { Now } from '../simulator.ts'
import type { Applications } from './applications.ts'
import { divide, type Scaled, scaled } from './money.ts'
import type { Periods } from './periods.ts'
import { asScaled, asText, type IdGroup, type RecordSpec, type StoredRecord } from './schema.ts'
import type { RecordStore } from './store.ts'

export interface Settings {
  /** `suitetax` knows taxDetails; `items` carries tax as an item line that posts to a liability account. */
  tax: 'items' | 'suitetax'
  /** The most lines an invoice or a journal may have through REST. */
  maxLines: number
  /**
   * The accounting preference "Default Posting Period When Transaction Date in Closed Period" for documents that name
   * no period: Current Period is NetSuite's default, First Open Period the other choice
   * (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N1385293.html). `refuse` is stricter than
   * NetSuite: nothing is ever posted into a period that the caller did not choose.
   */
  dateInClosedPeriod: 'refuse' | 'currentPeriod' | 'firstOpenPeriod'
  /** The preference "Allow Transaction Date Outside of Posting Period"; a warning cannot stop an integration. */
  dateOutsidePeriod: 'allow' | 'disallow'
}

export interface Company {
  now: Now
  store: RecordStore
  specs: Map<string, RecordSpec>
  applications: Applications
  periods: Periods
  settings: Settings
  realizedGainLossAccount: string
  undepositedFundsAccount: string
  customerDepositsAccount: string
  /** Call it with a transaction whose figures changed though it was not saved. */
  touched: (transactionId: string) => void
}

export const today = (company: Company): string => new Date(company.now()).toISOString().slice(0, 10)

export function specOf(company: Company, type: string): RecordSpec {
  const spec = company.specs.get(type)
  if (!spec) throw new RangeError(`No record type ${type}.`)
  return spec
}

/** The digits after the point that a currency's amounts may have. */
export function placesOf(company: Company, currencyId: string): number {
  const places = asScaled(company.store.get('currency', currencyId)?.fields.currencyPrecision)
  return places === undefined ? 2 : Number(places / scaled('1'))
}

export const baseCurrencyOf = (company: Company, subsidiaryId: string): string =>
  asText(company.store.get('subsidiary', subsidiaryId)?.fields.currency) ?? ''

/** Base units for one unit of the currency, from the company's rate table (each rate is in the root's currency). */
export function listedRate(company: Company, currencyId: string, baseCurrencyId: string): Scaled {
  const rate = (id: string): Scaled =>
    asScaled(company.store.get('currency', id)?.fields.exchangeRate) ?? scaled('1')
  return currencyId === baseCurrencyId ? scaled('1') : divide(rate(currencyId), rate(baseCurrencyId))
}

export const accountType = (company: Company, accountId: string | undefined): string | undefined =>
  accountId === undefined ? undefined : asText(company.store.get('account', accountId)?.fields.acctType)

export const totalOf = (record: StoredRecord): Scaled => asScaled(record.fields.total) ?? 0n
export const rateOf = (record: StoredRecord): Scaled => asScaled(record.fields.exchangeRate) ?? scaled('1')
export const currencyOf = (record: StoredRecord): string => asText(record.fields.currency) ?? ''

/** A journal belongs to no one customer: its lines do. */
export const customerOf = (record: StoredRecord): string | undefined =>
  asText(record.fields.entity) ?? asText(record.fields.customer)

/** The receivable account that a document stands on. */
export const receivableOf = (record: StoredRecord): string | undefined =>
  asText(record.fields.arAcct) ?? asText(record.fields.account)

/** How a record is shown where another refers to it. */
export function displayName(company: Company, group: IdGroup, id: string): string {
  const record = company.store.get(group, id)
  if (!record) return id
  const field = (name: string): string | undefined => asText(record.fields[name])
  if (group === 'account') return `${field('acctNumber') ?? ''} ${field('acctName') ?? ''}`.trim()
  if (group === 'transaction')
    return `${TRANSACTION_NAMES[record.type] ?? record.type} #${field('tranId') ?? id}`
  return field('entityId') ?? field('itemId') ?? field('periodName') ?? field('name') ?? id
}

export const TRANSACTION_NAMES: Record<string, string> = {
  invoice: 'Invoice',
  creditMemo: 'Credit Memo',
  customerPayment: 'Payment',
  customerRefund: 'Customer Refund',
  customerDeposit: 'Customer Deposit',
  depositApplication: 'Deposit Application',
  deposit: 'Deposit',
  journalEntry: 'Journal',
  fxReval: 'Currency Revaluation',
}
