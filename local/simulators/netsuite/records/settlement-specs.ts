// Fields and sublists of what moves money or settles: payments, refunds, customer deposits and their applications, as the
// REST API browser (2026.1) names them. The rules for them are beside this file, one file a kind of document.
import {
  boolean,
  type CustomField,
  choice,
  computed,
  date,
  decimal,
  type FieldSpec,
  integer,
  type RecordSpec,
  reference,
  type SublistSpec,
  text,
} from '../schema.ts'
import { applyLines, transactionFields } from './transaction-fields.ts'

/** The credits that a payment may join to what it pays. */
const creditLines: SublistSpec = {
  key: 'doc',
  fields: {
    doc: reference('transaction'),
    apply: boolean,
    amount: decimal,
    line: integer,
    appliedTo: computed(text(45)),
    creditDate: computed(date),
    currency: computed(text(45)),
    due: computed(decimal),
    total: computed(decimal),
    refNum: computed(text(45)),
    type: computed(text(45)),
  },
}

/** The customer deposits that a refund pays out; empty in every answer. */
const depositLines: SublistSpec = {
  key: 'doc',
  fields: {
    doc: reference('transaction'),
    apply: boolean,
    amount: decimal,
    currency: computed(text(45)),
    depositDate: computed(date),
    refNum: computed(text(45)),
    remaining: computed(decimal),
    total: computed(decimal),
  },
}

const settlementFields = (customFields: CustomField[]): Record<string, FieldSpec> => ({
  ...transactionFields(customFields),
  customer: { ...reference('entity'), label: 'Customer' },
  total: computed(decimal),
})

const cashFields: Record<string, FieldSpec> = {
  account: { ...reference('account'), label: 'Account' },
  paymentMethod: choice,
}

const incomingFields: Record<string, FieldSpec> = {
  ...cashFields,
  payment: { ...decimal, label: 'Payment Amount' },
  undepFunds: choice,
  checkNum: text(45),
}

export const settlementSpecs = (customFields: CustomField[]): RecordSpec[] => [
  {
    type: 'customerPayment',
    group: 'transaction',
    fields: {
      ...settlementFields(customFields),
      ...incomingFields,
      arAcct: reference('account'),
      autoApply: boolean,
      applied: computed(decimal),
      unapplied: computed(decimal),
    },
    sublists: { apply: applyLines, credit: creditLines },
  },
  {
    type: 'customerRefund',
    group: 'transaction',
    fields: { ...settlementFields(customFields), ...cashFields, arAcct: reference('account') },
    sublists: { apply: applyLines, deposit: depositLines },
  },
  {
    type: 'customerDeposit',
    group: 'transaction',
    fields: { ...settlementFields(customFields), ...incomingFields, paymentOption: choice },
    sublists: {},
  },
  {
    type: 'depositApplication',
    group: 'transaction',
    fields: {
      ...settlementFields(customFields),
      arAcct: reference('account'),
      deposit: computed(reference('transaction')),
      depositDate: computed(date),
      applied: computed(decimal),
      unapplied: computed(decimal),
    },
    sublists: { apply: applyLines },
  },
]
