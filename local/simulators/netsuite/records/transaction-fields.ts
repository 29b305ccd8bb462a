// The fields that every transaction has, and the apply list that several share, as the REST API browser names them.
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
  reference,
  type SublistSpec,
  text,
} from '../schema.ts'

export const transactionFields = (customFields: CustomField[]): Record<string, FieldSpec> => ({
  tranId: text(45),
  tranDate: date,
  postingPeriod: reference('accountingPeriod'),
  subsidiary: { ...reference('subsidiary'), label: 'Subsidiary' },
  currency: reference('currency'),
  exchangeRate: decimal,
  memo: text(999),
  department: reference('department'),
  class: reference('classification'),
  location: reference('location'),
  customForm: choice,
  createdDate: computed({ kind: 'datetime' }),
  lastModifiedDate: computed({ kind: 'datetime' }),
  status: computed(choice),
  ...customFieldSpecs(customFields, 'custbody'),
})

/** Keyed by the document it settles, then by its line: help article_0830082954. */
export const applyLines: SublistSpec = {
  key: 'doc',
  fields: {
    doc: reference('transaction'),
    apply: boolean,
    amount: decimal,
    line: integer,
    due: computed(decimal),
    total: computed(decimal),
    refNum: computed(text(45)),
    type: computed(text(45)),
    applyDate: computed(date),
    currency: computed(text(45)),
  },
}
