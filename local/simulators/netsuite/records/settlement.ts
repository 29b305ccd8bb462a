// Payments, refunds, and the applying of credits: what may settle what, and by how much. Lines of the apply sublist
// are addressed by `doc`; one that is not named stays as it is.
//
// Fields: customerPayment, customerRefund and creditMemo in the REST record catalogue. The sentences of the refusals
// are ours where no public log shows NetSuite's; the code is USER_ERROR, as for other business rules.
import type { Application } from '../applications.ts'
import {
  accountType,
  type Company,
  currencyOf,
  customerOf,
  openAmount,
  receivableOf,
  TRANSACTION_NAMES,
  totalOf,
} from '../company.ts'
import { invalidKey, missingValue, userError } from '../errors.ts'
import { formatScaled, type Scaled, sum } from '../money.ts'
import { asScaled, asText, isTrue, type StoredRecord } from '../schema.ts'
import type { LinePatch } from '../validation.ts'
import {
  checkAccount,
  checkPlaces,
  type Draft,
  prepareCustomerHeader,
  refuseMoveOfSettled,
} from './header.ts'

/** What each kind of document may settle. */
const TARGETS: Record<string, string[]> = {
  creditMemo: ['invoice', 'journalEntry'],
  customerPayment: ['invoice', 'journalEntry'],
  customerRefund: ['creditMemo', 'customerPayment'],
}

export const settles = (type: string): boolean => type in TARGETS

/** The first active receivable account in the document's currency, else one without a currency. */
export function defaultReceivable(company: Company, record: StoredRecord): string | undefined {
  const customer = company.store.get('entity', customerOf(company, record) ?? '')
  const receivables = company.store
    .list('account')
    .filter((account) => accountType(company, account.id) === 'AcctRec' && !isTrue(account.fields.isInactive))
  const inCurrency = receivables.find((account) => account.fields.currency === record.fields.currency)
  const anyCurrency = receivables.find((account) => account.fields.currency === undefined)
  return asText(customer?.fields.receivablesAccount) ?? inCurrency?.id ?? anyCurrency?.id
}

export function preparePayment(company: Company, draft: Draft): Application[] {
  const { record } = draft
  prepareSettlementHeader(company, draft)
  const applications = planApplications(company, draft)
  const applied = sum(applications.map(({ amount }) => amount))
  // Reading: a payment without an amount is worth what it is applied to.
  const amount = asScaled(record.fields.payment) ?? (applied > 0n ? applied : undefined)
  if (amount === undefined) throw missingValue('Payment Amount', 'payment')
  if (amount <= 0n) throw userError('The payment amount must be greater than zero.', 'payment')
  checkPlaces(company, record, amount, 'payment', 'payment')
  const refunded = company.applications.appliedTo(record.id)
  if (applied + refunded > amount) throw overApplied(amount)
  record.fields.payment = amount
  record.fields.total = amount
  return isTrue(record.fields.autoApply) ? fillOldestFirst(company, record, applications) : applications
}

/** A refund is worth exactly the credits it pays out; with none there is nothing to refund. */
export function prepareRefund(company: Company, draft: Draft): Application[] {
  const { record } = draft
  prepareSettlementHeader(company, draft)
  const applications = planApplications(company, draft)
  const total = sum(applications.map(({ amount }) => amount))
  if (total <= 0n)
    throw userError('You must apply this refund to at least one credit memo or payment.', 'apply')
  record.fields.total = total
  return applications
}

export function prepareCreditApplications(company: Company, draft: Draft): Application[] {
  const { record } = draft
  const applications = planApplications(company, draft)
  const applied = sum(applications.map(({ amount }) => amount))
  if (applied + company.applications.appliedTo(record.id) > totalOf(record))
    throw overApplied(totalOf(record))
  return isTrue(record.fields.autoApply) ? fillOldestFirst(company, record, applications) : applications
}

function prepareSettlementHeader(company: Company, draft: Draft): void {
  const { record } = draft
  prepareCustomerHeader(company, draft, 'customer')
  refuseMoveOfSettled(company, draft, ['customer', 'currency', 'arAcct'])
  if (isUndeposited(record)) record.fields.account = company.undepositedFundsAccount
  const account = asText(record.fields.account)
  if (account === undefined) throw missingValue('Account', 'account')
  checkAccount(company, record, account, {
    types: ['Bank', 'OthCurrAsset'],
    field: 'account',
    path: 'account',
  })
  record.fields.arAcct ??= defaultReceivable(company, record)
  const receivable = asText(record.fields.arAcct)
  if (receivable === undefined) throw missingValue('A/R Account', 'arAcct')
  checkAccount(company, record, receivable, { types: ['AcctRec'], field: 'arAcct', path: 'arAcct' })
}

/** Reading: true, "T" and {id: "T"} all tick the box; anything else, or nothing, leaves it empty. */
const isUndeposited = (record: StoredRecord): boolean =>
  ['T', 'true'].includes(asText(record.fields.undepFunds) ?? '')

const overApplied = (total: Scaled): Error =>
  userError(`You cannot apply more than the amount of the transaction (${formatScaled(total)}).`, 'apply')

/** The applications that will stand: those of before, changed by the lines of the request. */
function planApplications(company: Company, { record, patch, replace }: Draft): Application[] {
  const planned = new Map<string, Application>()
  // ?replace=apply forgets every application that the request does not name.
  if (!replace.has('apply')) {
    for (const application of company.applications.from(record.id)) planned.set(application.to, application)
  }
  const room = (): Scaled =>
    (asScaled(record.fields.payment) ?? totalOf(record)) -
    sum([...planned.values()].map(({ amount }) => amount))
  for (const [index, line] of (patch.sublists.apply ?? []).entries()) {
    const path = `apply.items[${index}]`
    const target = checkTarget(company, record, line, path)
    planned.delete(target.id)
    // Reading: an amount alone ticks the box, as in the UI.
    if (line.apply === false || (line.apply !== true && asScaled(line.amount ?? undefined) === undefined))
      continue
    const open = openAmount(company, target) + ownShare(company, record.id, target.id)
    const free = room()
    const amount =
      asScaled(line.amount ?? undefined) ?? (record.type === 'customerRefund' || free > open ? open : free)
    checkPlaces(company, record, amount, 'amount', `${path}.amount`)
    if (amount <= 0n || amount > open) {
      throw userError(
        `The amount ${formatScaled(amount)} cannot be applied: ${formatScaled(open)} is open on ${TRANSACTION_NAMES[target.type] ?? target.type} ${asText(target.fields.tranId) ?? target.id}.`,
        `${path}.amount`,
      )
    }
    planned.set(target.id, {
      from: record.id,
      to: target.id,
      amount,
      date: asText(record.fields.tranDate) ?? '',
    })
  }
  return [...planned.values()]
}

const ownShare = (company: Company, from: string, to: string): Scaled =>
  sum(
    company.applications
      .from(from)
      .filter((application) => application.to === to)
      .map(({ amount }) => amount),
  )

/** NetSuite lists only open documents of this customer, currency and receivable account; others have no such line. */
function checkTarget(company: Company, record: StoredRecord, line: LinePatch, path: string): StoredRecord {
  const doc = asText(line.doc ?? undefined)
  if (doc === undefined) throw missingValue('doc', `${path}.doc`)
  const target = company.store.get('transaction', doc)
  if (!target || !isListed(company, record, target)) throw invalidKey('apply', doc, `${path}.doc`)
  return target
}

function isListed(company: Company, record: StoredRecord, target: StoredRecord): boolean {
  return (
    (TARGETS[record.type] ?? []).includes(target.type) &&
    customerOf(company, target) === customerOf(company, record) &&
    currencyOf(target) === currencyOf(record) &&
    receivableOf(company, target) === receivableOf(company, record) &&
    openAmount(company, target) + ownShare(company, record.id, target.id) > 0n
  )
}

/** The documents that stand on the apply sublist of a saved record: what it settles, then what it could settle. */
export const listedTargets = (company: Company, record: StoredRecord): StoredRecord[] =>
  company.store
    .transactionsOf(customerOf(company, record) ?? '')
    .filter((target) => isListed(company, record, target))

function fillOldestFirst(company: Company, record: StoredRecord, applications: Application[]): Application[] {
  const filled = [...applications]
  const byDate = (a: StoredRecord, b: StoredRecord): number =>
    (asText(a.fields.tranDate) ?? '') < (asText(b.fields.tranDate) ?? '') ? -1 : 1
  let free = totalOf(record) - sum(filled.map(({ amount }) => amount))
  for (const target of listedTargets(company, record).sort(byDate)) {
    if (free <= 0n) break
    if (filled.some(({ to }) => to === target.id)) continue
    const open = openAmount(company, target)
    const amount = open < free ? open : free
    if (amount <= 0n) continue
    filled.push({ from: record.id, to: target.id, amount, date: asText(record.fields.tranDate) ?? '' })
    free -= amount
  }
  return filled
}
