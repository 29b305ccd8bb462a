// What is open on receivables: an invoice and a journal's debit to be settled, a credit memo, payment, deposit
// application and a journal's credit to be used. Each line of a journal is an item of its own: "the doc field as the
// key with the line as a secondary key; the line represents the transaction line ID"
// (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0830082954.html).
import { itemKey } from './applications.ts'
import { accountType, type Company, currencyOf, customerOf, receivableOf, totalOf } from './company.ts'
import { lineNumber } from './lines.ts'
import { type Scaled, sum } from './money.ts'
import { asScaled, asText, type Line, type StoredRecord } from './schema.ts'

export interface OpenItem {
  doc: string
  /** Only where the document is a journal. */
  line: string | undefined
  /** A debit is settled; a credit settles, or is paid out. */
  side: 'debit' | 'credit'
  customer: string
  currency: string
  receivable: string
  total: Scaled
  open: Scaled
}

const DEBIT_TYPES = new Set(['invoice'])
const CREDIT_TYPES = new Set(['creditMemo', 'customerPayment', 'depositApplication'])

export function openItemsOf(company: Company, record: StoredRecord): OpenItem[] {
  if (record.type === 'journalEntry') return journalItems(company, record)
  if (!DEBIT_TYPES.has(record.type) && !CREDIT_TYPES.has(record.type)) return []
  return [
    {
      doc: record.id,
      line: undefined,
      side: DEBIT_TYPES.has(record.type) ? 'debit' : 'credit',
      customer: customerOf(record) ?? '',
      currency: currencyOf(record),
      receivable: receivableOf(record) ?? '',
      total: totalOf(record),
      open: openAmount(company, record),
    },
  ]
}

export const keyOf = ({ doc, line }: OpenItem): string => itemKey(doc, line)

/** The transaction line id of a journal's line, as apply lists and SuiteQL name it. */
export const lineIdOf = (line: Line): string => String(lineNumber(line.line))

/** A journal that waits for approval has not posted: nothing of it can be applied. */
function journalItems(company: Company, journal: StoredRecord): OpenItem[] {
  if (journal.fields.approved === false) return []
  return (journal.sublists.line ?? []).flatMap((line): OpenItem[] => {
    const account = asText(line.account)
    const customer = asText(line.entity)
    if (account === undefined || customer === undefined || accountType(company, account) !== 'AcctRec')
      return []
    const total = asScaled(line.debit) ?? asScaled(line.credit) ?? 0n
    const id = lineIdOf(line)
    return [
      {
        doc: journal.id,
        line: id,
        side: line.debit === undefined ? 'credit' : 'debit',
        customer,
        currency: currencyOf(journal),
        receivable: account,
        total,
        open:
          total -
          company.applications.appliedTo(journal.id, id) -
          company.applications.appliedBy(journal.id, id),
      },
    ]
  })
}

/** What is still to pay on an invoice, still to use of a credit or deposit, still to settle on a journal's debits. */
export function openAmount(company: Company, record: StoredRecord): Scaled {
  const { applications } = company
  switch (record.type) {
    case 'invoice':
    case 'creditMemo':
    case 'customerPayment':
    case 'depositApplication':
      return totalOf(record) - applications.appliedBy(record.id) - applications.appliedTo(record.id)
    case 'customerDeposit':
      return totalOf(record) - sum(applicationsOfDeposit(company, record).map(totalOf))
    case 'journalEntry':
      return sum(
        journalItems(company, record)
          .filter(({ side }) => side === 'debit')
          .map(({ open }) => open),
      )
    default:
      return 0n
  }
}

/** The deposit applications that a customer deposit has been used by. */
export const applicationsOfDeposit = (company: Company, deposit: StoredRecord): StoredRecord[] =>
  company.store
    .transactionsOf(customerOf(deposit) ?? '')
    .filter((record) => record.type === 'depositApplication' && record.fields.deposit === deposit.id)
