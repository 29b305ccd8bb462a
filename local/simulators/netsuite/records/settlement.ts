// Refunds, the applying of credit memos, and the header that payments, refunds and deposits share. Apply lists are
// read in apply-list.ts.
//
// Refund: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0830082954.html (its `deposit` list is
// for creating only, always empty in a GET, and shows as a deposit application on the apply list).
import { accountType, type Company, currencyOf, customerOf, totalOf } from '../company.ts'
import { invalidKey, missingValue, userError } from '../errors.ts'
import { formatScaled, type Scaled, sum } from '../money.ts'
import { openAmount } from '../open-items.ts'
import { asScaled, asText, isTrue, type StoredRecord } from '../schema.ts'
import { fillOldestFirst, isUnticked, planApplications } from './apply-list.ts'
import {
  checkAccount,
  checkPlaces,
  type Draft,
  type Plan,
  prepareCustomerHeader,
  refuseMoveOfSettled,
} from './header.ts'

/** The first active receivable account in the document's currency, else one without a currency. */
export function defaultReceivable(company: Company, record: StoredRecord): string | undefined {
  const customer = company.store.get('entity', customerOf(record) ?? '')
  const receivables = company.store
    .list('account')
    .filter((account) => accountType(company, account.id) === 'AcctRec' && !isTrue(account.fields.isInactive))
  const inCurrency = receivables.find((account) => account.fields.currency === record.fields.currency)
  const anyCurrency = receivables.find((account) => account.fields.currency === undefined)
  return asText(customer?.fields.receivablesAccount) ?? inCurrency?.id ?? anyCurrency?.id
}

/** A refund is worth exactly the credits and deposits it pays out; with none there is nothing to refund. */
export function prepareRefund(company: Company, draft: Draft): Plan {
  const { record } = draft
  prepareSettlementHeader(company, draft)
  const applications = planApplications(company, draft, undefined)
  const deposits = draft.previous ? [] : planDeposits(company, draft)
  const total = sum(applications.map(({ amount }) => amount)) + sum(deposits.map(({ amount }) => amount))
  if (total <= 0n)
    throw userError('You must apply this refund to at least one credit memo or payment.', 'apply')
  record.fields.total = total
  return { applications, deposits }
}

/** Reading: deposit lines in a later request are ignored, as "the deposit sublist cannot be updated". */
function planDeposits(
  company: Company,
  { record, patch }: Draft,
): { deposit: StoredRecord; amount: Scaled }[] {
  return (patch.sublists.deposit ?? []).flatMap((line, index) => {
    if (isUnticked(line)) return []
    const path = `deposit.items[${index}]`
    const doc = asText(line.doc ?? undefined)
    if (doc === undefined) throw missingValue('doc', `${path}.doc`)
    const deposit = company.store.get('transaction', doc)
    const open = deposit?.type === 'customerDeposit' ? openAmount(company, deposit) : 0n
    const isOurs =
      deposit !== undefined &&
      customerOf(deposit) === customerOf(record) &&
      currencyOf(deposit) === currencyOf(record)
    if (!isOurs || open <= 0n) throw invalidKey('deposit', doc, `${path}.doc`)
    const amount = asScaled(line.amount ?? undefined) ?? open
    checkPlaces(company, record, amount, 'amount', `${path}.amount`)
    if (amount <= 0n || amount > open) throw overApplied(open, 'deposit')
    return [{ deposit, amount }]
  })
}

export function prepareCreditApplications(company: Company, draft: Draft): Plan {
  const { record } = draft
  const total = totalOf(record)
  const applications = planApplications(company, draft, total)
  const applied = sum(applications.map(({ amount }) => amount))
  if (applied + company.applications.appliedTo(record.id) > total) throw overApplied(total)
  return {
    applications: isTrue(record.fields.autoApply)
      ? fillOldestFirst(company, record, applications, total)
      : applications,
  }
}

export function prepareSettlementHeader(company: Company, draft: Draft): void {
  prepareCustomerHeader(company, draft, 'customer')
  refuseMoveOfSettled(company, draft, ['customer', 'currency', 'arAcct'])
  prepareCashAccount(company, draft.record)
  prepareReceivable(company, draft.record)
}

/** Where the money goes, or comes from. */
export function prepareCashAccount(company: Company, record: StoredRecord): void {
  if (isUndeposited(record)) record.fields.account = company.undepositedFundsAccount
  const account = asText(record.fields.account)
  if (account === undefined) throw missingValue('Account', 'account')
  checkAccount(company, record, account, {
    types: ['Bank', 'OthCurrAsset'],
    field: 'account',
    path: 'account',
  })
}

export function prepareReceivable(company: Company, record: StoredRecord): void {
  record.fields.arAcct ??= defaultReceivable(company, record)
  const receivable = asText(record.fields.arAcct)
  if (receivable === undefined) throw missingValue('A/R Account', 'arAcct')
  checkAccount(company, record, receivable, { types: ['AcctRec'], field: 'arAcct', path: 'arAcct' })
}

/** Reading: true, "T" and {id: "T"} all tick the box; anything else, or nothing, leaves it empty. */
const isUndeposited = (record: StoredRecord): boolean =>
  ['T', 'true'].includes(asText(record.fields.undepFunds) ?? '')

export const overApplied = (total: Scaled, path = 'apply'): Error =>
  userError(`You cannot apply more than the amount of the transaction (${formatScaled(total)}).`, path)
