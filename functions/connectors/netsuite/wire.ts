// Between the projection's bodies and NetSuite's JSON, both ways. Bodies hold decimal strings and references to other
// records; the wire wants JSON numbers and internal ids. Reading gives back only what a projection writes, so that
// the two can be compared.
import { type Json, type JsonObject, type RecordKey, recordRef } from '../../../shared/connector/contract.ts'
import { invariant } from '../../../shared/errors.ts'
import {
  decimalsOf,
  fromDecimal,
  parseDecimal,
  toDecimal,
  toWireNumber,
} from '../../../shared/money/money.ts'
import type { DocumentName } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { ADDRESS_LABEL } from './project-customer.ts'

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const MONEY = new Set(['amount', 'payment', 'taxBasis', 'taxAmount', 'debit', 'credit'])
const DECIMALS = new Set(['quantity', 'taxRate', 'exchangeRate'])

/** ISO code of a document body, by its NetSuite currency id. */
export function currencyOf(body: JsonObject, config: NetSuiteConfig): string {
  const id = isObject(body.currency) ? body.currency.id : undefined
  const code = Object.keys(config.currencies).find((iso) => config.currencies[iso] === id)
  if (code === undefined) throw invariant(`Currency id ${String(id)} is in no mapping.`)
  return code
}

/** @throws invariant for a reference that was not resolved or an amount that no JSON number holds. */
export function toWire(
  body: JsonObject,
  references: Readonly<Record<RecordKey, string>>,
  currency: string | undefined,
): JsonObject {
  const convert = (value: Json, field: string): Json => {
    if (typeof value === 'string' && currency !== undefined && MONEY.has(field)) {
      return toWireNumber(fromDecimal(value, currency))
    }
    if (typeof value === 'string' && DECIMALS.has(field)) return decimalNumber(value)
    if (Array.isArray(value)) return value.map((item) => convert(item, field))
    if (!isObject(value)) return value
    const key = value.$record
    if (key !== undefined) {
      const id = references[String(key) as RecordKey]
      if (id === undefined) throw invariant(`The reference to ${String(key)} has no remote id.`)
      return { id }
    }
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, convert(inner, name)]))
  }
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, convert(value, name)]))
}

function decimalNumber(text: string): number {
  const number = Number(text)
  // A quantity or a percentage of at most 15 digits keeps its shortest decimal form.
  if (!Number.isFinite(number) || text.replace(/\D/g, '').length > 15)
    throw invariant(`${text} is no JSON number.`)
  return number
}

/** What a document body says it is worth, in minor units. */
export function projectedTotal(kind: string, body: JsonObject, currency: string): bigint {
  const minor = (value: unknown): bigint => fromDecimal(String(value), currency).amountMinor
  if (kind === 'customerPayment') return minor(body.payment)
  let total = 0n
  if (kind === 'journalEntry') {
    for (const line of linesOf(body.line)) if (line.debit !== undefined) total += minor(line.debit)
    return total
  }
  const list = kind === 'customerRefund' ? linesOf(body.apply) : linesOf(body.item)
  for (const line of list) total += minor(line.amount)
  for (const line of linesOf(body.taxDetails)) total += minor(line.taxAmount)
  return total
}

export function linesOf(sublist: unknown): Record<string, unknown>[] {
  return isObject(sublist) && Array.isArray(sublist.items) ? sublist.items.filter(isObject) : []
}

/** External ids of what a read record refers to, by internal id. */
export interface ReadNames {
  customers: ReadonlyMap<string, string>
  documents: ReadonlyMap<string, DocumentName>
}

type Reader = (value: unknown, names: ReadNames, currency: string) => Json | undefined

const plain: Reader = (value) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
const id: Reader = (value) =>
  isObject(value) && value.id !== undefined ? { id: String(value.id) } : undefined
/** A fraction of a cent, changed by hand, comes back as it is: a difference to show, no reason to fail the read. */
const amount: Reader = (value, _names, currency) => {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  const amountMinor = parseDecimal(value, decimalsOf(currency))
  return amountMinor === undefined ? String(value) : toDecimal({ amountMinor, currency })
}
const decimal: Reader = (value) =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : undefined
const customer: Reader = (value, names) => {
  const internalId = isObject(value) ? String(value.id) : ''
  // A customer that is not ours shows as its internal id: a difference, plainly.
  return recordRef('customer', names.customers.get(internalId) ?? internalId)
}

const lines =
  (fields: Record<string, Reader>): Reader =>
  (value, names, currency) => ({ items: linesOf(value).map((line) => pick(line, fields, names, currency)) })

/** Who entered a line shows as its internal id where that is nobody of ours. */
const apply: Reader = (value, names, currency) => {
  // NetSuite lists everything that could be applied; only ticked lines are.
  const items = linesOf(value)
    .filter((line) => line.apply === true)
    .map((line) => {
      const internalId = isObject(line.doc) ? String(line.doc.id) : ''
      const document = names.documents.get(internalId) ?? { kind: 'document', externalId: internalId }
      // A reversed credit note or a failed refund belongs to another root, and is told by its internal id.
      const isForeign =
        (document.kind === 'invoice' && document.externalId.startsWith('cn_')) ||
        (document.kind === 'customerPayment' && document.externalId.endsWith('-failed'))
      return {
        name: isForeign ? internalId : document.externalId,
        doc: isForeign ? { id: internalId } : recordRef(document.kind, document.externalId),
        amount: amount(line.amount, names, currency) ?? '0',
      }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ doc, amount: applied }) => ({ doc, apply: true, amount: applied }))
  return items.length > 0 ? { items } : undefined
}

function pick(
  record: Record<string, unknown>,
  fields: Record<string, Reader>,
  names: ReadNames,
  currency: string,
): JsonObject {
  const body: JsonObject = {}
  for (const [name, read] of Object.entries(fields)) {
    const value =
      record[name] === undefined || record[name] === null ? undefined : read(record[name], names, currency)
    if (value !== undefined) body[name] = value
  }
  return body
}

const HEAD = { subsidiary: id, currency: id, tranDate: plain, postingPeriod: id, memo: plain }

function documentFields(kind: string, config: NetSuiteConfig): Record<string, Reader> {
  if (kind === 'customerPayment') {
    return { customer, ...HEAD, arAcct: id, account: id, payment: amount, apply }
  }
  if (kind === 'customerRefund') return { customer, ...HEAD, arAcct: id, account: id, apply }
  const suiteTax = config.tax.mode === 'suitetax'
  const { department, class: className, location } = config.classification
  if (kind === 'journalEntry') {
    const line = lines({
      account: id,
      debit: amount,
      credit: amount,
      entity: customer,
      memo: plain,
      ...(department !== undefined && { department: id }),
      ...(className !== undefined && { class: id }),
      ...(location !== undefined && { location: id }),
    })
    return { ...HEAD, line }
  }
  const item = lines({
    item: id,
    description: plain,
    quantity: decimal,
    price: id,
    amount,
    ...(config.serviceDates && { [config.serviceDates.start]: plain, [config.serviceDates.end]: plain }),
    ...(department !== undefined && { department: id }),
    ...(className !== undefined && { class: id }),
    ...(location !== undefined && { location: id }),
    ...(suiteTax && { taxDetailsReference: plain }),
  })
  const taxDetails = lines({
    taxDetailsReference: plain,
    taxCode: id,
    taxType: id,
    taxBasis: amount,
    taxRate: decimal,
    taxAmount: amount,
  })
  return {
    entity: customer,
    ...HEAD,
    account: id,
    ...(kind === 'invoice' && { dueDate: plain, otherRefNum: plain }),
    item,
    ...(suiteTax && { taxDetailsOverride: plain, taxDetails }),
    ...(kind === 'creditMemo' && { apply }),
  }
}

/** A document as NetSuite has it, in the projection's terms. */
export function documentFromWire(
  kind: string,
  record: Record<string, unknown>,
  names: ReadNames,
  config: NetSuiteConfig,
): JsonObject {
  const currencyId = isObject(record.currency) ? String(record.currency.id) : ''
  const currency = Object.keys(config.currencies).find((iso) => config.currencies[iso] === currencyId)
  // Without a mapped currency its amounts cannot be told; the rest shows the difference.
  if (currency === undefined) return pick(record, { ...HEAD }, names, 'USD')
  const fields = documentFields(kind, config)
  // NetSuite always says a rate; the projection only where money was settled in another currency.
  const accountId = isObject(record.account) ? String(record.account.id) : ''
  const isForeign = Object.entries(config.clearingAccounts).some(
    ([iso, clearing]) => clearing === accountId && iso !== currency,
  )
  const withRate = isForeign && (kind === 'customerPayment' || kind === 'customerRefund')
  return pick(record, withRate ? { ...fields, exchangeRate: decimal } : fields, names, currency)
}

const ADDRESS_FIELDS: Record<string, Reader> = {
  addr1: plain,
  addr2: plain,
  city: plain,
  state: plain,
  zip: plain,
  country: id,
}

/** A customer as NetSuite has it; of its addresses only the hub's, of its currencies only mapped ones. */
export function customerFromWire(record: Record<string, unknown>, config: NetSuiteConfig): JsonObject {
  const primary = isObject(record.currency) ? String(record.currency.id) : ''
  const mappedIds = new Set(Object.values(config.currencies))
  const currencies = linesOf(record.currencyList)
    .map((line) => (isObject(line.currency) ? String(line.currency.id) : ''))
    .filter((currencyId) => currencyId !== primary && mappedIds.has(currencyId))
    .sort((a, b) => Number(a) - Number(b))
  const address = hubAddressLine(record)
  const noNames: ReadNames = { customers: new Map(), documents: new Map() }
  return {
    ...pick(
      record,
      {
        ...(config.entityId === 'stripe-id' && { entityId: plain }),
        isPerson: plain,
        companyName: plain,
        email: plain,
        subsidiary: id,
        currency: id,
        isInactive: plain,
      },
      noNames,
      '',
    ),
    ...(currencies.length > 0 && {
      currencyList: { items: currencies.map((code) => ({ currency: { id: code } })) },
    }),
    ...(address && {
      addressBook: {
        items: [
          {
            ...pick(address, { label: plain, defaultBilling: plain, defaultShipping: plain }, noNames, ''),
            addressBookAddress: isObject(address.addressBookAddress)
              ? pick(address.addressBookAddress, ADDRESS_FIELDS, noNames, '')
              : {},
          },
        ],
      },
    }),
  }
}

export function hubAddressLine(record: Record<string, unknown>): Record<string, unknown> | undefined {
  return linesOf(record.addressBook).find((line) => line.label === ADDRESS_LABEL)
}

/** Fields of an address that a correction in Stripe may have emptied. */
export const ADDRESS_FIELD_NAMES = Object.keys(ADDRESS_FIELDS)
