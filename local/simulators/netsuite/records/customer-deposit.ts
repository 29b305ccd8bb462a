// Customer deposits: money taken in advance, a liability until it is applied ("does not affect the customer's accounts
// receivable balance"), and the deposit applications that use it, made by transforming the deposit only.
//
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0830072110.html (customerDeposit)
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0830101547.html (depositApplication)
import { type Company, totalOf } from '../company.ts'
import { missingValue, userError } from '../errors.ts'
import { sum } from '../money.ts'
import { applicationsOfDeposit, openAmount } from '../open-items.ts'
import { asScaled, asText, type StoredRecord } from '../schema.ts'
import { planApplications } from './apply-list.ts'
import { checkPlaces, type Draft, type Plan, prepareCustomerHeader } from './header.ts'
import { overApplied, prepareCashAccount, prepareReceivable } from './settlement.ts'

export function prepareCustomerDeposit(company: Company, draft: Draft): void {
  const { record, previous } = draft
  prepareCustomerHeader(company, draft, 'customer')
  // Oracle's sample names no account: then it is Undeposited Funds, as in the UI.
  if (record.fields.account === undefined) record.fields.account = company.undepositedFundsAccount
  prepareCashAccount(company, record)
  const amount = asScaled(record.fields.payment)
  if (amount === undefined) throw missingValue('Payment Amount', 'payment')
  if (amount <= 0n) throw userError('The payment amount must be greater than zero.', 'payment')
  checkPlaces(company, record, amount, 'payment', 'payment')
  const used = sum(applicationsOfDeposit(company, record).map(totalOf))
  if (amount < used) throw userError('The deposit cannot be less than the amount already applied.', 'payment')
  if (previous && used > 0n && !sameKey(record, previous)) {
    throw userError('You cannot change this deposit because it is linked to by one or more transactions.')
  }
  record.fields.total = amount
}

const sameKey = (record: StoredRecord, previous: StoredRecord): boolean =>
  ['customer', 'currency', 'exchangeRate'].every((field) => record.fields[field] === previous.fields[field])

/** What a transformed deposit hands to its application. */
export const fieldsFromDeposit = (deposit: StoredRecord): StoredRecord['fields'] => ({
  deposit: deposit.id,
  customer: deposit.fields.customer,
  subsidiary: deposit.fields.subsidiary,
  currency: deposit.fields.currency,
  exchangeRate: deposit.fields.exchangeRate,
  depositDate: deposit.fields.tranDate,
})

export function prepareDepositApplication(company: Company, draft: Draft): Plan {
  const { record, previous } = draft
  const deposit = company.store.get('transaction', asText(record.fields.deposit) ?? '')
  if (!deposit) {
    // "You can create a deposit application only by transformation"; the sentence is ours.
    throw userError('A deposit application can only be created by transforming a customer deposit.')
  }
  if (asText(previous?.fields.madeByRefund) !== undefined && draft.patch.sublists.apply !== undefined) {
    throw userError('This deposit application belongs to a refund: delete the refund to change it.', 'apply')
  }
  Object.assign(record.fields, fieldsFromDeposit(deposit))
  prepareCustomerHeader(company, draft, 'customer')
  prepareReceivable(company, record)
  const room = openAmount(company, deposit) + (previous ? totalOf(previous) : 0n)
  const applications = planApplications(company, draft, room)
  const total = sum(applications.map(({ amount }) => amount)) + company.applications.appliedTo(record.id)
  if (total <= 0n) throw userError('You must apply this deposit to at least one transaction.', 'apply')
  if (total > room) throw overApplied(room)
  record.fields.total = total
  return { applications }
}
