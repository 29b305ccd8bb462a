// Fields and sublists of customers and transactions, as the REST record catalogue names them. Lengths are NetSuite's
// own. The rules for them are beside this file, one file a kind of document.
//
// Names: REST API browser and records catalogue; lengths: Oracle help "Customer Import", "Invoice Import" field tables.
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

const address: Record<string, FieldSpec> = {
  addressee: text(83),
  attention: text(83),
  addr1: text(150),
  addr2: text(150),
  addr3: text(150),
  city: text(50),
  state: text(50),
  zip: text(36),
  country: choice,
  addrPhone: text(21),
  addrText: text(999),
  override: boolean,
}

export function customerSpec(customFields: CustomField[]): RecordSpec {
  return {
    type: 'customer',
    group: 'entity',
    fields: {
      entityId: text(83),
      companyName: { ...text(83), label: 'Company Name' },
      isPerson: boolean,
      firstName: { ...text(32), label: 'First Name' },
      lastName: { ...text(32), label: 'Last Name' },
      subsidiary: { ...reference('subsidiary'), label: 'Primary Subsidiary' },
      parent: reference('entity'),
      currency: reference('currency'),
      email: { kind: 'email', maxLength: 254 },
      phone: text(32),
      url: text(100),
      comments: text(4000),
      vatRegNumber: text(20),
      taxable: boolean,
      isInactive: boolean,
      receivablesAccount: reference('account'),
      category: choice,
      terms: choice,
      language: choice,
      entityStatus: choice,
      ...customFieldSpecs(customFields, 'custentity'),
    },
    sublists: {
      addressBook: {
        key: 'internalId',
        fields: {
          internalId: text(20),
          label: text(150),
          defaultBilling: boolean,
          defaultShipping: boolean,
          isResidential: boolean,
          addressBookAddress: { kind: 'subrecord', fields: address },
        },
      },
      currencyList: { key: 'currency', fields: { currency: reference('currency') } },
    },
  }
}

const transactionFields = (customFields: CustomField[]): Record<string, FieldSpec> => ({
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

/** `apply` is keyed by the document it settles (SOAP calls the key `doc`, help section_N3441570). */
const applyLines: SublistSpec = {
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

function salesDocument(
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

function settlement(type: 'customerPayment' | 'customerRefund', customFields: CustomField[]): RecordSpec {
  return {
    type,
    group: 'transaction',
    fields: {
      ...transactionFields(customFields),
      customer: { ...reference('entity'), label: 'Customer' },
      account: { ...reference('account'), label: 'Account' },
      arAcct: reference('account'),
      paymentMethod: choice,
      total: computed(decimal),
      ...(type === 'customerPayment'
        ? {
            payment: { ...decimal, label: 'Payment Amount' },
            undepFunds: choice,
            autoApply: boolean,
            checkNum: text(45),
            applied: computed(decimal),
            unapplied: computed(decimal),
          }
        : {}),
    },
    sublists: { apply: applyLines },
  }
}

export function transactionSpecs(customFields: CustomField[], suiteTax: boolean): RecordSpec[] {
  return [
    salesDocument('invoice', customFields, suiteTax),
    salesDocument('creditMemo', customFields, suiteTax),
    settlement('customerPayment', customFields),
    settlement('customerRefund', customFields),
    {
      type: 'journalEntry',
      group: 'transaction',
      fields: { ...transactionFields(customFields), approved: boolean },
      sublists: {
        line: {
          key: 'line',
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
        },
      },
    },
  ]
}
