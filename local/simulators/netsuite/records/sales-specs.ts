// Fields and sublists of invoices and credit memos, as the REST record catalogue names them. Lengths are NetSuite's own. The rules for them are in header.ts and sales-document.ts.
//
// Names: REST API browser and records catalogue; lengths: Oracle help "Invoice Import" field tables. The dates of
// revenue recognition are `revRecStartDate` and `revRecEndDate` on the item elements of sales records (browser 2026.1).
import {
  boolean,
  type CustomField,
  choice,
  computed,
  customFieldSpecs,
  date,
  decimal,
  integer,
  type RecordSpec,
  reference,
  type SublistSpec,
  text,
} from '../schema.ts'
import { address } from './customer-spec.ts'
import { applyLines, transactionFields } from './transaction-fields.ts'

const itemLines = (customFields: CustomField[], suiteTax: boolean): SublistSpec => ({
  key: 'line',
  fields: {
    line: integer,
    item: reference('item'),
    quantity: decimal,
    rate: decimal,
    amount: decimal,
    price: choice,
    description: text(4000),
    department: reference('department'),
    class: reference('classification'),
    location: reference('location'),
    revRecStartDate: date,
    revRecEndDate: date,
    ...(suiteTax ? { taxDetailsReference: text(60) } : { isTaxable: boolean }),
    ...customFieldSpecs(customFields, 'custcol'),
  },
})

const taxDetails: SublistSpec = {
  fields: {
    taxDetailsReference: text(60),
    taxType: reference('taxType'),
    taxCode: reference('taxCode'),
    taxBasis: decimal,
    taxRate: decimal,
    taxAmount: decimal,
    netAmount: decimal,
  },
}

export function salesDocumentSpec(
  type: 'invoice' | 'creditMemo',
  customFields: CustomField[],
  suiteTax: boolean,
): RecordSpec {
  return {
    type,
    group: 'transaction',
    fields: {
      ...transactionFields(customFields),
      entity: { ...reference('entity'), label: 'Customer' },
      account: reference('account'),
      otherRefNum: text(45),
      email: { kind: 'email', maxLength: 254 },
      message: text(4000),
      billingAddress: { kind: 'subrecord', fields: address },
      subtotal: computed(decimal),
      taxTotal: computed(decimal),
      total: computed(decimal),
      amountPaid: computed(decimal),
      amountRemaining: computed(decimal),
      ...(suiteTax ? { taxDetailsOverride: boolean, taxRegOverride: boolean, taxPointDate: date } : {}),
      ...(type === 'invoice'
        ? { dueDate: date, terms: choice, startDate: date, endDate: date }
        : { autoApply: boolean, applied: computed(decimal), unapplied: computed(decimal) }),
    },
    sublists: {
      item: itemLines(customFields, suiteTax),
      ...(suiteTax ? { taxDetails } : {}),
      ...(type === 'creditMemo' ? { apply: applyLines } : {}),
    },
  }
}
