// Journal entries: lines that balance, on accounts that may be used, with a customer wherever receivables are touched.
import { accountType, baseCurrencyOf, type Company } from '../company.ts'
import { invalidFieldValue, missingValue, userError } from '../errors.ts'
import { formatScaled, type Scaled } from '../money.ts'
import { asScaled, asText, type Line, type StoredRecord } from '../schema.ts'
import { checkAccount, checkPlaces, type Draft, prepareHeader, refuseMoveOfSettled } from './header.ts'

export function prepareJournal(company: Company, draft: Draft): void {
  const { record } = draft
  const subsidiary = asText(record.fields.subsidiary)
  if (subsidiary === undefined) throw missingValue('Subsidiary', 'subsidiary')
  record.fields.currency ??= baseCurrencyOf(company, subsidiary)
  record.fields.approved ??= true
  prepareHeader(company, draft)
  refuseMoveOfSettled(company, draft, ['currency', 'subsidiary'])
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
  if (type === 'AcctRec' && asText(line.entity) === undefined) throw missingValue('Name', `${path}.entity`)
  return debit === undefined ? -amount : amount
}
