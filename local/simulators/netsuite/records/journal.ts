// Journal entries: lines that balance, on accounts that may be used, with a customer wherever receivables are touched.
// The entry that reverses one is in journal-reversal.ts.
//
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_163165275262.html (fields and their defaults)
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_159886587653.html (the REST record and a sample)
import { accountType, baseCurrencyOf, type Company } from '../company.ts'
import { invalidFieldValue, missingValue, userError } from '../errors.ts'
import { formatScaled, type Scaled } from '../money.ts'
import { lineIdOf } from '../open-items.ts'
import { asScaled, asText, type Line, type StoredRecord } from '../schema.ts'
import {
  checkAccount,
  checkPlaces,
  customerCurrencies,
  type Draft,
  prepareHeader,
  refuseMoveOfSettled,
} from './header.ts'
import { refuseEditOfReversal } from './journal-reversal.ts'

export function prepareJournal(company: Company, draft: Draft): void {
  const { record } = draft
  if (draft.previous) refuseEditOfReversal(draft.previous)
  const subsidiary = asText(record.fields.subsidiary)
  if (subsidiary === undefined) throw missingValue('Subsidiary', 'subsidiary')
  record.fields.currency ??= baseCurrencyOf(company, subsidiary)
  record.fields.approved ??= true
  prepareHeader(company, draft)
  refuseMoveOfSettled(company, draft, ['currency', 'subsidiary'])
  checkReversal(record)
  const lines = record.sublists.line ?? []
  if (lines.length < 2) throw userError('You must enter at least two lines for this transaction.', 'line')
  if (lines.length > company.settings.maxLines) {
    throw userError(`A transaction may have at most ${company.settings.maxLines} lines.`, 'line')
  }
  let balance = 0n
  let debits = 0n
  for (const [index, line] of lines.entries()) {
    const amount = checkLine(company, record, line, `line.items[${index}]`)
    balance += amount
    if (amount > 0n) debits += amount
  }
  // NetSuite's own sentence for it.
  if (balance !== 0n)
    throw userError(`Transaction was not in balance. Posting total = ${formatScaled(balance)}`, 'line')
  record.fields.total = debits
  refuseChangeOfSettledLines(company, record)
}

/** A line that was paid, or paid out, stays with its customer and account and does not shrink below that (reading). */
function refuseChangeOfSettledLines(company: Company, record: StoredRecord): void {
  for (const { toLine, amount } of company.applications.onto(record.id)) {
    const line = (record.sublists.line ?? []).find((each) => lineIdOf(each) === toLine)
    const before = company.store
      .get('transaction', record.id)
      ?.sublists.line?.find((each) => lineIdOf(each) === toLine)
    const side = before?.debit === undefined ? 'credit' : 'debit'
    const same = line?.account === before?.account && line?.entity === before?.entity
    if (line && same && (asScaled(line[side]) ?? 0n) >= amount) continue
    throw userError(
      `You cannot change line ${toLine} of this journal because it is linked to by one or more transactions.`,
      'line',
    )
  }
}

/** "If you check the Defer Entry box, the Reversal Date field is required": then a memorized transaction makes it. */
function checkReversal(record: StoredRecord): void {
  const date = asText(record.fields.reversalDate)
  if (record.fields.reversalDefer === true) {
    if (date === undefined) throw missingValue('Reversal Date', 'reversalDate')
    throw userError('Deferred reversals are not part of this simulator.', 'reversalDefer')
  }
  // Reading: nothing is undone before it was done. Neither rule nor sentence is documented.
  if (date !== undefined && date < (asText(record.fields.tranDate) ?? ''))
    throw userError('The reversal date must not be earlier than the transaction date.', 'reversalDate')
}

/** Returns the line's amount, debits positive. */
function checkLine(company: Company, record: StoredRecord, line: Line, path: string): Scaled {
  const account = asText(line.account)
  if (account === undefined) throw missingValue('Account', `${path}.account`)
  const type = accountType(company, account)
  if (type === undefined) throw invalidFieldValue(account, 'account', `${path}.account`)
  checkAccount(company, record, account, { types: [type], field: 'account', path: `${path}.account` })
  const debit = asScaled(line.debit)
  const credit = asScaled(line.credit)
  if ((debit === undefined) === (credit === undefined)) {
    throw userError('A journal line must have either a debit or a credit.', path)
  }
  const amount = debit ?? credit ?? 0n
  if (amount < 0n)
    throw invalidFieldValue(formatScaled(amount), debit === undefined ? 'credit' : 'debit', path)
  checkPlaces(company, record, amount, debit === undefined ? 'credit' : 'debit', path)
  checkEntity(company, record, line, type, `${path}.entity`)
  return debit === undefined ? -amount : amount
}

/**
 * A customer where receivables are touched. "The journal posts to this subsidiary and only entities associated with the
 * subsidiary can view the entry"; "you can make journal entries in any currency used by an entity".
 */
function checkEntity(
  company: Company,
  record: StoredRecord,
  line: Line,
  accountKind: string,
  path: string,
): void {
  const entity = asText(line.entity)
  if (entity === undefined) {
    if (accountKind === 'AcctRec') throw missingValue('Name', path)
    return
  }
  const customer = company.store.get('entity', entity)
  if (
    !customer ||
    customer.fields.subsidiary !== record.fields.subsidiary ||
    !customerCurrencies(customer).has(asText(record.fields.currency) ?? '')
  )
    throw invalidFieldValue(entity, 'entity', path)
}
