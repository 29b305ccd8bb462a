// What every transaction has in common: customer, subsidiary, currency and rate, date and period, number. Lines and
// settlements are in the files beside this one.

import type { Application } from '../applications.ts'
import {
  accountType,
  baseCurrencyOf,
  type Company,
  displayName,
  listedRate,
  placesOf,
  TRANSACTION_NAMES,
  today,
} from '../company.ts'
import { invalidFieldValue, missingValue, userError } from '../errors.ts'
import { fitsPlaces, formatScaled, type Scaled, scaled } from '../money.ts'
import { areaOf } from '../periods.ts'
import { asScaled, asText, type StoredRecord } from '../schema.ts'
import type { Patch } from '../validation.ts'

/** A transaction about to be saved. `record` is a copy that the rules may still complete. */
export interface Draft {
  record: StoredRecord
  previous: StoredRecord | undefined
  patch: Patch
  /** Sublists named in ?replace=. */
  replace: ReadonlySet<string>
}

/** What a write brings about besides the record itself. */
export interface Plan {
  /** What the document settles, all of it; undefined where it settles nothing. */
  applications?: Application[]
  /** Applications of other documents' credits, on top of what these settle already. */
  credits?: Application[]
  /** Customer deposits that a refund pays out. */
  deposits?: { deposit: StoredRecord; amount: Scaled }[]
  /** False: nothing is left to keep (a payment of zero). */
  kept?: boolean
}

const NUMBER_PREFIX: Record<string, string> = {
  invoice: 'INV',
  creditMemo: 'CM',
  customerPayment: 'PYMT',
  customerRefund: 'RFND',
  customerDeposit: 'CD',
  depositApplication: 'DA',
  deposit: 'DEP',
  journalEntry: 'JE',
  fxReval: 'FXR',
}

/** Completes the header of a document that belongs to a customer. */
export function prepareCustomerHeader(
  company: Company,
  draft: Draft,
  customerField: 'entity' | 'customer',
): void {
  const { fields } = draft.record
  const customerId = asText(fields[customerField])
  if (customerId === undefined) throw missingValue('Customer', customerField)
  const customer = company.store.get('entity', customerId)
  if (!customer) throw invalidFieldValue(customerId, customerField, customerField)
  const subsidiary = asText(customer.fields.subsidiary) ?? ''
  // A customer here has one subsidiary; NetSuite refuses any that the customer is not assigned to.
  const given = asText(fields.subsidiary) ?? subsidiary
  if (given !== subsidiary) throw invalidFieldValue(given, 'subsidiary', 'subsidiary')
  fields.subsidiary = subsidiary
  fields.currency ??= customer.fields.currency
  const currency = asText(fields.currency) ?? ''
  if (!customerCurrencies(customer).has(currency)) throw invalidFieldValue(currency, 'currency', 'currency')
  prepareHeader(company, draft)
}

/** Primary currency and the currencies sublist; a customer can be billed in no other. */
export function customerCurrencies(customer: StoredRecord): Set<string> {
  const listed = (customer.sublists.currencyList ?? []).map((line) => asText(line.currency) ?? '')
  return new Set([asText(customer.fields.currency) ?? '', ...listed])
}

/** Rate, dates, period and number; the subsidiary and currency are settled before. */
export function prepareHeader(company: Company, { record, previous, patch }: Draft): void {
  const { fields } = record
  const base = baseCurrencyOf(company, asText(fields.subsidiary) ?? '')
  const currency = asText(fields.currency) ?? base
  fields.currency = currency
  const rate = asScaled(fields.exchangeRate)
  // In the base currency the rate is 1, whatever was sent.
  fields.exchangeRate =
    currency === base
      ? scaled('1')
      : rate !== undefined && rate > 0n
        ? rate
        : listedRate(company, currency, base)
  const tranDate = asText(fields.tranDate) ?? today(company)
  fields.tranDate = tranDate
  fields.postingPeriod = choosePeriod(company, tranDate, {
    previous,
    patch,
    given: asText(fields.postingPeriod),
    type: record.type,
  })
  stampNumber(company, record)
}

/** Number, and the dates of making and changing. */
export function stampNumber(company: Company, record: StoredRecord): void {
  const { fields } = record
  fields.tranId ??= `${NUMBER_PREFIX[record.type] ?? ''}${record.id}`
  const nowIso = `${new Date(company.now()).toISOString().slice(0, 19)}Z`
  fields.createdDate ??= nowIso
  fields.lastModifiedDate = nowIso
}

/**
 * Given, or the month of the date; by preference another one where that month is closed. A changed date moves an
 * unnamed period along (reading).
 */
function choosePeriod(
  company: Company,
  tranDate: string,
  from: { previous: StoredRecord | undefined; patch: Patch; given: string | undefined; type: string },
): string {
  const dateMoved = from.patch.fields.tranDate !== undefined && from.patch.fields.postingPeriod === undefined
  const period =
    from.given !== undefined && !(from.previous && dateMoved)
      ? from.given
      : company.periods.forDate(tranDate, {
          area: areaOf(from.type),
          today: today(company),
          whenClosed: company.settings.dateInClosedPeriod,
        })
  if (period === undefined)
    throw userError(`There is no accounting period for the date ${tranDate}.`, 'tranDate')
  const record = company.store.get('accountingPeriod', period)
  if (!record || !company.periods.canPost(record))
    throw invalidFieldValue(period, 'postingPeriod', 'postingPeriod')
  // NetSuite's own sentence for it (public logs of several expense tools).
  if (company.settings.dateOutsidePeriod === 'disallow' && !company.periods.contains(period, tranDate)) {
    throw userError(
      'The transaction date you specified is not within the date range of your accounting period.',
      'tranDate',
    )
  }
  return period
}

/** NetSuite carries 0 or 2 places a currency; more is refused here (reading: an account might round instead). */
export function checkPlaces(
  company: Company,
  record: StoredRecord,
  amount: Scaled,
  field: string,
  path: string,
): void {
  const places = placesOf(company, asText(record.fields.currency) ?? '')
  if (!fitsPlaces(amount, places)) throw invalidFieldValue(formatScaled(amount), field, path)
}

/**
 * An account must be of one of the types, and its currency the document's. A bank may also be in the subsidiary's
 * base currency: NetSuite lets a foreign payment be deposited there.
 */
export function checkAccount(
  company: Company,
  record: StoredRecord,
  accountId: string,
  rule: { types: string[]; field: string; path: string },
): void {
  const type = accountType(company, accountId)
  if (type === undefined || !rule.types.includes(type))
    throw invalidFieldValue(accountId, rule.field, rule.path)
  const account = company.store.get('account', accountId)
  const subsidiary = asText(record.fields.subsidiary)
  const owner = asText(account?.fields.subsidiary)
  if (owner !== undefined && owner !== subsidiary) {
    // Sentence seen in a public log of an integration.
    throw userError(
      `The ${displayName(company, 'account', accountId)} account cannot be used with the ${displayName(company, 'subsidiary', subsidiary ?? '')} subsidiary.`,
      rule.path,
    )
  }
  const currency = asText(account?.fields.currency)
  const allowed = [
    record.fields.currency,
    ...(type === 'Bank' ? [baseCurrencyOf(company, subsidiary ?? '')] : []),
  ]
  if (currency !== undefined && !allowed.includes(currency))
    throw invalidFieldValue(accountId, rule.field, rule.path)
}

/** A document that others settle, or that settles others, keeps its customer, currency and receivable account. */
export function refuseMoveOfSettled(company: Company, { record, previous }: Draft, fields: string[]): void {
  if (!previous) return
  const { applications } = company
  if (applications.from(record.id).length === 0 && applications.onto(record.id).length === 0) return
  for (const field of fields) {
    if (record.fields[field] === previous.fields[field]) continue
    throw userError(
      `You cannot change the ${field} of this ${TRANSACTION_NAMES[record.type] ?? 'transaction'} because it is linked to by one or more transactions.`,
      field,
    )
  }
}
