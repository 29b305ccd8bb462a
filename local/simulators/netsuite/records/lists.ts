// The lists a company sets up once: accounts, items, currencies, subsidiaries, periods, classifications, tax lists.
// Documents refer to them; their own rules are few and stand at the end.
import { missingValue } from '../errors.ts'
import {
  asText,
  boolean,
  type CustomField,
  choice,
  customFieldSpecs,
  date,
  decimal,
  integer,
  type RecordSpec,
  reference,
  type StoredRecord,
  text,
} from '../schema.ts'

const named = (type: 'department' | 'classification' | 'location'): RecordSpec => ({
  type,
  group: type,
  fields: { name: { ...text(60), label: 'Name' }, isInactive: boolean, subsidiary: reference('subsidiary') },
  sublists: {},
})

const itemType = (
  type: 'serviceSaleItem' | 'nonInventorySaleItem',
  customFields: CustomField[],
): RecordSpec => ({
  type,
  group: 'item',
  fields: {
    itemId: { ...text(60), label: 'Item Name/Number' },
    displayName: text(60),
    salesDescription: text(4000),
    incomeAccount: { ...reference('account'), label: 'Income Account' },
    deferredRevenueAccount: reference('account'),
    department: reference('department'),
    class: reference('classification'),
    location: reference('location'),
    subsidiary: reference('subsidiary'),
    taxSchedule: choice,
    revenueRecognitionRule: choice,
    isInactive: boolean,
    ...customFieldSpecs(customFields, 'custitem'),
  },
  sublists: {},
})

export function listSpecs(customFields: CustomField[]): RecordSpec[] {
  return [
    {
      type: 'account',
      group: 'account',
      fields: {
        acctNumber: text(60),
        acctName: { ...text(60), label: 'Name' },
        acctType: { ...choice, label: 'Type' },
        currency: reference('currency'),
        subsidiary: reference('subsidiary'),
        description: text(999),
        isInactive: boolean,
      },
      sublists: {},
    },
    {
      type: 'subsidiary',
      group: 'subsidiary',
      fields: { name: text(83), currency: reference('currency'), country: choice, isInactive: boolean },
      sublists: {},
    },
    {
      type: 'currency',
      group: 'currency',
      fields: {
        name: text(60),
        symbol: text(4),
        exchangeRate: decimal,
        currencyPrecision: integer,
        isBaseCurrency: boolean,
        isInactive: boolean,
      },
      sublists: {},
    },
    {
      type: 'accountingPeriod',
      group: 'accountingPeriod',
      fields: {
        periodName: text(60),
        startDate: date,
        endDate: date,
        parent: reference('accountingPeriod'),
        isYear: boolean,
        isQuarter: boolean,
        isAdjust: boolean,
        isPosting: boolean,
        closed: boolean,
        allLocked: boolean,
        arLocked: boolean,
        apLocked: boolean,
        allowNonGLChanges: boolean,
      },
      sublists: {},
    },
    itemType('serviceSaleItem', customFields),
    itemType('nonInventorySaleItem', customFields),
    named('department'),
    named('classification'),
    named('location'),
    {
      type: 'taxType',
      group: 'taxType',
      fields: { name: text(60), payablesAccount: reference('account'), isInactive: boolean },
      sublists: {},
    },
    {
      type: 'salesTaxItem',
      group: 'taxCode',
      fields: { itemId: text(60), taxType: reference('taxType'), isInactive: boolean },
      sublists: {},
    },
    {
      // A line of a subsidiary's tax registrations, with the engine that calculates there. Field names of SOAP's type
      // SubsidiaryTaxRegistration (https://github.com/ryanwinchester/netsuite-php, generated from the WSDL). Reading:
      // SuiteQL's subsidiaryTaxRegistration has the same ones beside its subsidiary.
      type: 'subsidiaryTaxRegistration',
      group: 'taxRegistration',
      fields: {
        subsidiary: reference('subsidiary'),
        nexus: choice,
        taxEngine: choice,
        taxRegistrationNumber: text(60),
        effectiveFrom: date,
        validUntil: date,
      },
      sublists: {},
      systemMade: true,
    },
  ]
}

/** Lists that an integration may not write: they are set up by people, in the UI. */
export const SET_UP_BY_PEOPLE = new Set([
  'subsidiary',
  'currency',
  'accountingPeriod',
  'taxType',
  'salesTaxItem',
])

const REQUIRED: Record<string, string[]> = {
  account: ['acctName', 'acctType'],
  serviceSaleItem: ['itemId', 'incomeAccount'],
  nonInventorySaleItem: ['itemId', 'incomeAccount'],
  department: ['name'],
  classification: ['name'],
  location: ['name'],
}

export function checkListRecord(record: StoredRecord, spec: RecordSpec): void {
  for (const field of REQUIRED[record.type] ?? []) {
    if (!asText(record.fields[field])) throw missingValue(spec.fields[field]?.label ?? field, field)
  }
}
