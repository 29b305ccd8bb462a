// Customers: a company or a person, with a name that no other has, a subsidiary and its currencies.
import { baseCurrencyOf, type Company } from '../company.ts'
import { missingValue, userError } from '../errors.ts'
import { asText, isTrue, type StoredRecord } from '../schema.ts'

export function prepareCustomer(
  company: Company,
  record: StoredRecord,
  previous: StoredRecord | undefined,
): void {
  const { fields } = record
  const text = (name: string): string | undefined => asText(fields[name]) || undefined
  fields.isPerson = isTrue(fields.isPerson)
  if (fields.isPerson === true) {
    if (!text('firstName')) throw missingValue('First Name', 'firstName')
    if (!text('lastName')) throw missingValue('Last Name', 'lastName')
  } else if (!text('companyName')) throw missingValue('Company Name', 'companyName')
  const subsidiary = text('subsidiary')
  if (subsidiary === undefined) throw missingValue('Primary Subsidiary', 'subsidiary')
  fields.currency ??= baseCurrencyOf(company, subsidiary)
  fields.isInactive = isTrue(fields.isInactive)
  // Reading: auto-generated numbers are off, so the name is the id and two customers cannot have the same one.
  fields.entityId = text('entityId') ?? text('companyName') ?? `${text('firstName')} ${text('lastName')}`
  refuseTakenName(company, record)
  if (previous) refuseMoveWithTransactions(company, record, previous)
}

/** Seen in public logs: 400, USER_ERROR, "This entity already exists." */
function refuseTakenName(company: Company, record: StoredRecord): void {
  const holder = company.store.findCustomerNamed(asText(record.fields.entityId) ?? '')
  if (holder !== undefined && holder !== record.id) throw userError('This entity already exists.')
}

/** "This currency cannot be changed after transactions involving this [entity] have been saved" (field help). */
function refuseMoveWithTransactions(company: Company, record: StoredRecord, previous: StoredRecord): void {
  for (const field of ['currency', 'subsidiary']) {
    if (record.fields[field] === previous.fields[field] || !hasTransactions(company, record.id)) continue
    throw userError(
      `The ${field} cannot be changed after transactions involving this customer have been saved.`,
      field,
    )
  }
}

export const hasTransactions = (company: Company, customerId: string): boolean =>
  company.store.transactionsOf(customerId).length > 0
