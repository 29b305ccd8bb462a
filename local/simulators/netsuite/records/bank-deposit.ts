// Deposits to a bank account: payments out of Undeposited Funds, other money in, cash back out. REST has no record for
// a transfer between two bank accounts (REST Web Services Supported Records, help chapter_1558962745): that is a
// journal entry, in which both accounts have the document's currency or the subsidiary's base currency.
//
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_14124948339.html (record and samples)
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N1542431.html (rules: the bank account decides
// subsidiary and currency; other deposits are positive; only what posted to Undeposited Funds can be chosen)
import { accountType, baseCurrencyOf, type Company, placesOf } from '../company.ts'
import { invalidFieldValue, invalidKey, missingValue, userError } from '../errors.ts'
import { formatScaled, multiply, roundTo, type Scaled, sum } from '../money.ts'
import { asScaled, asText, isTrue, type Line, type StoredRecord } from '../schema.ts'
import { checkAccount, checkPlaces, type Draft, prepareHeader } from './header.ts'

const DEPOSITABLE = new Set(['customerPayment', 'customerDeposit'])

export function prepareBankDeposit(company: Company, draft: Draft): void {
  const { record } = draft
  const accountId = asText(record.fields.account)
  if (accountId === undefined) throw missingValue('Account', 'account')
  const account = company.store.get('account', accountId)
  if (accountType(company, accountId) !== 'Bank') throw invalidFieldValue(accountId, 'account', 'account')
  record.fields.subsidiary = account?.fields.subsidiary ?? record.fields.subsidiary
  const subsidiary = asText(record.fields.subsidiary)
  if (subsidiary === undefined) throw missingValue('Subsidiary', 'subsidiary')
  record.fields.currency = account?.fields.currency ?? baseCurrencyOf(company, subsidiary)
  prepareHeader(company, draft)
  if (draft.previous) record.fields.exchangeRate = draft.previous.fields.exchangeRate
  const payments = preparePayments(company, draft)
  const others = prepareMoney(company, record, 'other')
  const cashBack = prepareMoney(company, record, 'cashback')
  if (payments.length + others.length + cashBack.length === 0)
    throw userError('You must enter at least one line item for this transaction.')
  const total = sum(payments) + sum(others) - sum(cashBack)
  // Reading: cash back cannot exceed what is deposited.
  if (total < 0n) throw userError('The total of this transaction cannot be negative.', 'cashback')
  record.fields.total = total
}

/** Payment lines that stay ticked, each with its amount in the bank account's currency. Returns the amounts. */
function preparePayments(company: Company, { record, previous }: Draft): Scaled[] {
  const lines = (record.sublists.payment ?? []).filter((line) => line.deposit !== false)
  for (const [index, line] of lines.entries()) {
    const path = `payment.items[${index}]`
    const id = asScaled(line.id)
    if (id === undefined) throw missingValue('id', `${path}.id`)
    const payment = company.store.get('transaction', formatScaled(id))
    const holder = payment && depositOf(company, payment.id)
    const isOpen =
      payment !== undefined &&
      DEPOSITABLE.has(payment.type) &&
      payment.fields.account === company.undepositedFundsAccount &&
      payment.fields.subsidiary === record.fields.subsidiary &&
      (holder === undefined || holder.id === previous?.id)
    if (!isOpen) throw invalidKey('payment', formatScaled(id), `${path}.id`)
    line.deposit = true
    line.paymentAmount = amountInBankCurrency(company, record, payment, path)
  }
  record.sublists.payment = lines
  return lines.map((line) => asScaled(line.paymentAmount) ?? 0n)
}

/** "If the payment currency is different from the bank's, but the bank and subsidiary currencies match, NetSuite uses
 * the stored exchange rate"; else someone has to enter the amount, which this simulator does not take. */
function amountInBankCurrency(
  company: Company,
  record: StoredRecord,
  payment: StoredRecord,
  path: string,
): Scaled {
  const amount = asScaled(payment.fields.total) ?? 0n
  if (payment.fields.currency === record.fields.currency) return amount
  const base = baseCurrencyOf(company, asText(record.fields.subsidiary) ?? '')
  if (record.fields.currency !== base) throw missingValue('Amount', `${path}.transactionAmount`)
  return roundTo(multiply(amount, asScaled(payment.fields.exchangeRate) ?? 0n), placesOf(company, base))
}

function prepareMoney(company: Company, record: StoredRecord, list: 'other' | 'cashback'): Scaled[] {
  return (record.sublists[list] ?? []).map((line, index) => {
    const path = `${list}.items[${index}]`
    const account = asText(line.account)
    if (account === undefined) throw missingValue('Account', `${path}.account`)
    const type = accountType(company, account) ?? ''
    checkAccount(company, record, account, { types: [type], field: 'account', path: `${path}.account` })
    const amount = asScaled(line.amount)
    if (amount === undefined) throw missingValue('Amount', `${path}.amount`)
    // "Enter the name, amount (positive)": what goes out of a deposit, a fee for one, is cash back.
    if (amount <= 0n) throw invalidFieldValue(formatScaled(amount), 'amount', `${path}.amount`)
    checkPlaces(company, record, amount, 'amount', `${path}.amount`)
    if (type === 'AcctRec' && asText(line.entity) === undefined) throw missingValue('Name', `${path}.entity`)
    return amount
  })
}

/** The deposit that a payment has gone into. */
export const depositOf = (company: Company, paymentId: string): StoredRecord | undefined =>
  company.store.list('deposit').find((deposit) => depositedIds(deposit).includes(paymentId))

export const depositedIds = (deposit: StoredRecord | undefined): string[] =>
  (deposit?.sublists.payment ?? []).flatMap((line: Line) => {
    const id = asScaled(line.id)
    return id === undefined || !isTrue(line.deposit) ? [] : [formatScaled(id)]
  })
