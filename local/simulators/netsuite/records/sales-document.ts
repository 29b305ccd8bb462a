// Invoices and credit memos: item lines, tax, totals. A credit memo's applications are in settlement.ts.
import { type Company, placesOf } from '../company.ts'
import { invalidFieldValue, missingValue, userError } from '../errors.ts'
import { divide, multiply, roundTo, type Scaled, scaled, sum } from '../money.ts'
import { asScaled, asText, isTrue, type Line, type StoredRecord } from '../schema.ts'
import {
  checkAccount,
  checkPlaces,
  type Draft,
  prepareCustomerHeader,
  refuseMoveOfSettled,
} from './header.ts'
import { defaultReceivable } from './settlement.ts'

export function prepareSalesDocument(company: Company, draft: Draft): void {
  const { record } = draft
  prepareCustomerHeader(company, draft, 'entity')
  refuseMoveOfSettled(company, draft, ['entity', 'currency', 'account'])
  record.fields.account ??= defaultReceivable(company, record)
  const account = asText(record.fields.account)
  if (account === undefined) throw missingValue('A/R Account', 'account')
  checkAccount(company, record, account, { types: ['AcctRec'], field: 'account', path: 'account' })
  const lines = record.sublists.item ?? []
  if (lines.length === 0)
    throw userError('You must enter at least one line item for this transaction.', 'item')
  if (lines.length > company.settings.maxLines) {
    throw userError(`A transaction may have at most ${company.settings.maxLines} lines.`, 'item')
  }
  const subtotal = sum(lines.map((line, index) => prepareItemLine(company, record, line, index)))
  const taxTotal = company.settings.tax === 'suitetax' ? prepareTaxDetails(company, record) : 0n
  const total = subtotal + taxTotal
  record.fields.subtotal = subtotal
  record.fields.taxTotal = taxTotal
  record.fields.total = total
  // NetSuite has no negative invoices or credit memos (the refusal is known from public threads, not its wording).
  if (total < 0n) throw userError('The total of this transaction cannot be negative.', 'item')
  const settled = company.applications.appliedTo(record.id)
  if (total < settled)
    throw userError('The total cannot be less than the amount already applied to it.', 'item')
}

/** The amount of a line: as given, or quantity × rate. Returns it. */
function prepareItemLine(company: Company, record: StoredRecord, line: Line, index: number): Scaled {
  const path = `item.items[${index}]`
  const itemId = asText(line.item)
  if (itemId === undefined) throw missingValue('Item', `${path}.item`)
  const item = company.store.get('item', itemId)
  const owner = asText(item?.fields.subsidiary)
  if (!item || (owner !== undefined && owner !== record.fields.subsidiary)) {
    throw invalidFieldValue(itemId, 'item', `${path}.item`)
  }
  const quantity = asScaled(line.quantity) ?? scaled('1')
  const rate = asScaled(line.rate)
  const given = asScaled(line.amount)
  if (given === undefined && rate === undefined) throw missingValue('Amount', `${path}.amount`)
  const places = placesOf(company, asText(record.fields.currency) ?? '')
  const amount = given ?? roundTo(multiply(quantity, rate ?? 0n), places)
  checkPlaces(company, record, amount, 'amount', `${path}.amount`)
  checkRecognition(line, path)
  line.quantity = quantity
  line.rate = rate ?? (quantity === 0n ? 0n : divide(amount, quantity))
  line.amount = amount
  return amount
}

/** Reading: the schedule that these dates ask for cannot run backwards. Neither rule nor sentence is documented. */
function checkRecognition(line: Line, path: string): void {
  const [start, end] = [asText(line.revRecStartDate), asText(line.revRecEndDate)]
  if (start === undefined || end === undefined || start <= end) return
  throw userError(
    'The Rev. Rec. End Date must not be earlier than the Rev. Rec. Start Date.',
    `${path}.revRecEndDate`,
  )
}

/**
 * SuiteTax with override: every tax line names an item line by taxDetailsReference and brings its own amount.
 * Without the override NetSuite's engine would calculate; this one has none, and the tax is zero.
 * "Tax Details Override", REST web services taxation, Oracle help.
 */
function prepareTaxDetails(company: Company, record: StoredRecord): Scaled {
  if (!isTrue(record.fields.taxDetailsOverride)) {
    record.sublists.taxDetails = []
    return 0n
  }
  const references = new Set<string>()
  for (const line of record.sublists.item ?? []) {
    const reference = asText(line.taxDetailsReference)
    if (reference === undefined) continue
    if (references.has(reference)) {
      throw userError(`The tax details reference ${reference} is used by more than one line.`, 'item')
    }
    references.add(reference)
  }
  return sum(
    (record.sublists.taxDetails ?? []).map((line, index) => {
      const path = `taxDetails.items[${index}]`
      const reference = asText(line.taxDetailsReference)
      if (reference === undefined || !references.has(reference)) {
        throw invalidFieldValue(reference ?? '', 'taxDetailsReference', `${path}.taxDetailsReference`)
      }
      for (const field of ['taxCode', 'taxType', 'taxBasis', 'taxRate', 'taxAmount']) {
        if (line[field] === undefined) throw missingValue(field, `${path}.${field}`)
      }
      const amount = asScaled(line.taxAmount) ?? 0n
      checkPlaces(company, record, amount, 'taxAmount', `${path}.taxAmount`)
      return amount
    }),
  )
}
