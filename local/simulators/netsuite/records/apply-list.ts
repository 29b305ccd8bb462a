// The apply list of a document that settles: which items stand on it, and which applications a request leaves. Lines
// are addressed by `doc`, a journal's also by `line`; one that is not named stays as it is. What the document is worth
// is decided by its own file.
//
// Sample requests (apply, change the amount, unapply by `apply: false` or by `amount: 0`):
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0224093711.html
// The sentences of the refusals are ours where no public log shows NetSuite's; the code is USER_ERROR, as for other
// business rules.
import { type Application, itemKey } from '../applications.ts'
import { type Company, currencyOf, customerOf, receivableOf, TRANSACTION_NAMES } from '../company.ts'
import { invalidKey, missingValue, userError } from '../errors.ts'
import { lineNumber } from '../lines.ts'
import { formatScaled, type Scaled, sum } from '../money.ts'
import { keyOf, type OpenItem, openItemsOf } from '../open-items.ts'
import { asScaled, asText, type StoredRecord } from '../schema.ts'
import type { LinePatch } from '../validation.ts'
import { checkPlaces, type Draft } from './header.ts'

interface Target {
  side: OpenItem['side']
  types: string[]
}

/** What each kind of document may settle; a refund pays out credits, the others pay debits. */
const TARGETS: Record<string, Target> = {
  creditMemo: { side: 'debit', types: ['invoice', 'journalEntry'] },
  customerPayment: { side: 'debit', types: ['invoice', 'journalEntry'] },
  depositApplication: { side: 'debit', types: ['invoice', 'journalEntry'] },
  customerRefund: { side: 'credit', types: ['creditMemo', 'customerPayment', 'journalEntry'] },
}

/** What the credit list of a payment may use. */
const CREDITS: Target = { side: 'credit', types: ['creditMemo', 'customerPayment', 'journalEntry'] }

export const settles = (type: string): boolean => type in TARGETS

/** The applications that will stand: those of before, changed by the lines of the request. `room` bounds defaults. */
export function planApplications(company: Company, draft: Draft, room: Scaled | undefined): Application[] {
  const { record, patch, replace } = draft
  const planned = new Map<string, Application>()
  for (const application of company.applications.from(record.id)) {
    // ?replace=apply forgets every application that the request does not name; those of a refund's deposits cannot be
    // changed at all (help article_0830082954).
    if (replace.has('apply') && !isDepositApplication(company, application.to)) continue
    planned.set(itemKey(application.to, application.toLine), application)
  }
  for (const [index, line] of (patch.sublists.apply ?? []).entries()) {
    const path = `apply.items[${index}]`
    const item = findItem(company, record, line, { target: TARGETS[record.type], list: 'apply', path })
    planned.delete(keyOf(item))
    const given = asScaled(line.amount ?? undefined)
    if (isUnticked(line)) continue
    const open = item.open + ownShare(company, record.id, item)
    const free = room === undefined ? open : room - sum([...planned.values()].map(({ amount }) => amount))
    const amount = given ?? (free > open ? open : free)
    checkAmount(company, record, item, { amount, open, path })
    planned.set(keyOf(item), {
      from: record.id,
      to: item.doc,
      toLine: item.line,
      amount,
      date: asText(record.fields.tranDate) ?? '',
    })
  }
  return [...planned.values()]
}

const isDepositApplication = (company: Company, id: string): boolean =>
  company.store.get('transaction', id)?.type === 'depositApplication'

/** `apply: false` and `amount: 0` both take the tick away; reading: an amount alone sets it, as in the UI. */
export function isUnticked(line: LinePatch): boolean {
  const amount = asScaled(line.amount ?? undefined)
  return line.apply === false || amount === 0n || (line.apply !== true && amount === undefined)
}

export function checkAmount(
  company: Company,
  record: StoredRecord,
  item: OpenItem,
  { amount, open, path }: { amount: Scaled; open: Scaled; path: string },
): void {
  checkPlaces(company, record, amount, 'amount', `${path}.amount`)
  if (amount > 0n && amount <= open) return
  const target = company.store.get('transaction', item.doc)
  throw userError(
    `The amount ${formatScaled(amount)} cannot be applied: ${formatScaled(open)} is open on ${TRANSACTION_NAMES[target?.type ?? ''] ?? 'transaction'} ${asText(target?.fields.tranId) ?? item.doc}.`,
    `${path}.amount`,
  )
}

const ownShare = (company: Company, from: string, item: OpenItem): Scaled =>
  sum(
    company.applications
      .from(from)
      .filter(({ to, toLine }) => itemKey(to, toLine) === keyOf(item))
      .map(({ amount }) => amount),
  )

/** NetSuite lists only open items of this customer, currency and receivable account; others have no such line. */
function findItem(
  company: Company,
  record: StoredRecord,
  line: LinePatch,
  { target, list, path }: { target: Target | undefined; list: 'apply' | 'credit'; path: string },
): OpenItem {
  const doc = asText(line.doc ?? undefined)
  if (doc === undefined) throw missingValue('doc', `${path}.doc`)
  const stored = company.store.get('transaction', doc)
  const wantedLine = line.line === null || line.line === undefined ? undefined : String(lineNumber(line.line))
  const listed = (stored ? openItemsOf(company, stored) : []).filter(
    (item) =>
      isListed(company, record, item, target) &&
      // Documents with one item answer to any line number: NetSuite's own samples differ.
      (item.line === undefined || wantedLine === undefined || item.line === wantedLine),
  )
  const [item, second] = listed
  if (!item) throw invalidKey(list, doc, `${path}.doc`)
  // Reading: of several open lines of a journal, none is meant until one is named.
  if (second) throw missingValue('line', `${path}.line`)
  return item
}

function isListed(
  company: Company,
  record: StoredRecord,
  item: OpenItem,
  target: Target | undefined,
): boolean {
  const type = company.store.get('transaction', item.doc)?.type ?? ''
  return (
    target !== undefined &&
    item.doc !== record.id &&
    item.side === target.side &&
    target.types.includes(type) &&
    item.customer === customerOf(record) &&
    item.currency === currencyOf(record) &&
    item.receivable === receivableOf(record) &&
    item.open + ownShare(company, record.id, item) > 0n
  )
}

export const findCredit = (company: Company, record: StoredRecord, line: LinePatch, path: string): OpenItem =>
  findItem(company, record, line, { target: CREDITS, list: 'credit', path })

/** The items that stand on the apply list of a saved record: what it settles, and what it could settle. */
export const listedItems = (company: Company, record: StoredRecord): OpenItem[] =>
  itemsFor(company, record, TARGETS[record.type])

/** The open credits that stand on a payment's credit list. */
export const listedCredits = (company: Company, record: StoredRecord): OpenItem[] =>
  itemsFor(company, record, CREDITS)

const itemsFor = (company: Company, record: StoredRecord, target: Target | undefined): OpenItem[] =>
  company.store
    .transactionsOf(customerOf(record) ?? '')
    .flatMap((stored) => openItemsOf(company, stored))
    .filter((item) => isListed(company, record, item, target))

export function fillOldestFirst(
  company: Company,
  record: StoredRecord,
  applications: Application[],
  total: Scaled,
): Application[] {
  const filled = [...applications]
  const taken = new Set(filled.map(({ to, toLine }) => itemKey(to, toLine)))
  const dateOf = (item: OpenItem): string =>
    asText(company.store.get('transaction', item.doc)?.fields.tranDate) ?? ''
  const items = listedItems(company, record).sort((a, b) => (dateOf(a) < dateOf(b) ? -1 : 1))
  let free = total - sum(filled.map(({ amount }) => amount))
  for (const item of items) {
    if (free <= 0n) break
    const amount = item.open < free ? item.open : free
    if (taken.has(keyOf(item)) || amount <= 0n) continue
    filled.push({
      from: record.id,
      to: item.doc,
      toLine: item.line,
      amount,
      date: asText(record.fields.tranDate) ?? '',
    })
    free -= amount
  }
  return filled
}
