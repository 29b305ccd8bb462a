// Fields and sublists of what is written straight into the ledger: journal entries and bank deposits, as the REST API
// browser (2026.1) names them, and the currency revaluations that NetSuite makes by itself.
import {
  boolean,
  type CustomField,
  choice,
  computed,
  customFieldSpecs,
  date,
  decimal,
  type FieldSpec,
  integer,
  type RecordSpec,
  reference,
  type SublistSpec,
  text,
} from '../schema.ts'
import { transactionFields } from './transaction-fields.ts'

/**
 * Reading: `line` is the transaction line id that SuiteQL and apply lists show, and a journal's first line is 0. Tax
 * columns are left out: "Tax-related fields are not supported in REST" (help section_159886587653).
 */
const journalLines = (customFields: CustomField[]): SublistSpec => ({
  key: 'line',
  firstLine: 0,
  fields: {
    line: integer,
    account: reference('account'),
    debit: decimal,
    credit: decimal,
    entity: reference('entity'),
    memo: text(4000),
    department: reference('department'),
    class: reference('classification'),
    location: reference('location'),
    ...customFieldSpecs(customFields, 'custcol'),
  },
})

/** Lines of `other` and `cashback` have their `line` as a text. */
const moneyLines = (more: Record<string, FieldSpec>): SublistSpec => ({
  key: 'line',
  fields: {
    line: text(20),
    account: reference('account'),
    amount: decimal,
    memo: text(4000),
    department: reference('department'),
    class: reference('classification'),
    location: reference('location'),
    ...more,
  },
})

const depositPayments: SublistSpec = {
  key: 'id',
  fields: { id: integer, deposit: boolean, lineId: integer, paymentAmount: computed(decimal) },
}

export const ledgerSpecs = (customFields: CustomField[]): RecordSpec[] => [
  {
    type: 'journalEntry',
    group: 'transaction',
    fields: {
      ...transactionFields(customFields),
      approved: boolean,
      reversalDate: date,
      reversalDefer: boolean,
      reversalEntry: computed(text(45)),
      isReversal: computed(boolean),
      createdFrom: computed(reference('transaction')),
    },
    sublists: { line: journalLines(customFields) },
  },
  {
    type: 'deposit',
    group: 'transaction',
    fields: {
      ...transactionFields(customFields),
      account: { ...reference('account'), label: 'Account' },
      total: computed(decimal),
    },
    sublists: {
      payment: depositPayments,
      other: moneyLines({ entity: reference('entity'), paymentMethod: choice, refNum: text(45) }),
      cashback: moneyLines({}),
    },
  },
  {
    type: 'fxReval',
    group: 'transaction',
    systemMade: true,
    fields: { ...transactionFields(customFields), createdFrom: computed(reference('transaction')) },
    sublists: { line: journalLines(customFields) },
  },
]
