// Standard objects of the simulated org, with the custom fields that an administrator deploys to them.
//
// `secured` marks the standard fields that field-level security covers, as they stand in published permission sets and
// profiles (https://github.com/mshanemc/profile-example-for-conversion-testing).
import {
  address,
  bool,
  createOnly,
  currency,
  currencyIsoCode,
  date,
  dateTime,
  field,
  longText,
  lookup,
  openPicklist,
  readOnly,
  secured,
  stripeKey,
  text,
} from './field-builders.ts'
import { quoteResultFields } from './quote-fields.ts'
import type { SObjectSchema } from './schema.ts'

/**
 * Status, Origin, Priority and Type are no restricted picklists (the reference marks Language alone as one), so a value
 * that is not on the list is stored. Texts and lengths from
 * https://developer.salesforce.com/docs/atlas.en-us.228.0.sfFieldRef.meta/sfFieldRef/salesforce_field_reference_Case.htm
 */
const caseObject: SObjectSchema = {
  name: 'Case',
  label: 'Case',
  keyPrefix: '500',
  fields: [
    readOnly(text('CaseNumber', 30)),
    secured(lookup('AccountId', 'Account')),
    secured(lookup('ContactId', 'Contact')),
    secured(lookup('ParentId', 'Case')),
    // Users and queues are not simulated: any id of one is taken.
    field('OwnerId', 'reference', { length: 18 }),
    secured(text('Subject', 255)),
    secured(longText('Description', 32_000)),
    openPicklist('Status', ['New', 'Working', 'Escalated', 'Closed']),
    secured(openPicklist('Priority', ['High', 'Medium', 'Low'])),
    secured(openPicklist('Origin', ['Phone', 'Email', 'Web'])),
    secured(openPicklist('Type', ['Mechanical', 'Electrical', 'Electronic', 'Structural', 'Other'])),
    secured(openPicklist('Reason', ['Installation', 'Performance', 'Breakdown', 'Other'])),
    secured(field('SuppliedEmail', 'email', { length: 80 })),
    secured(text('SuppliedName', 80)),
    secured(bool('IsEscalated')),
    readOnly(bool('IsClosed')),
    readOnly(bool('IsClosedOnCreate')),
    readOnly(dateTime('ClosedDate')),
    stripeKey('Stripe_Id__c', false),
    bool('Stripe_Opened__c'),
    text('Stripe_State__c', 80),
    lookup('Stripe_Customer__c', 'Stripe_Customer__c'),
    lookup('Stripe_Invoice__c', 'Stripe_Invoice__c'),
    lookup('Stripe_Dispute__c', 'Stripe_Dispute__c'),
  ],
}

export const standardObjects: SObjectSchema[] = [
  {
    name: 'Account',
    label: 'Account',
    keyPrefix: '001',
    fields: [
      text('Name', 255, { label: 'Account Name', required: true }),
      secured(openPicklist('Type', ['Customer', 'Partner', 'Prospect', 'Other'])),
      secured(lookup('ParentId', 'Account')),
      ...address('Billing'),
      ...address('Shipping'),
      secured(field('Phone', 'phone', { length: 40 })),
      secured(field('Fax', 'phone', { length: 40 })),
      secured(text('AccountNumber', 40)),
      secured(field('Website', 'url', { length: 255 })),
      secured(openPicklist('Industry', ['Technology', 'Finance', 'Healthcare', 'Retail', 'Other'])),
      secured(field('AnnualRevenue', 'currency', { precision: 18, scale: 0 })),
      secured(field('NumberOfEmployees', 'int', { precision: 8, scale: 0 })),
      secured(longText('Description', 32_000)),
      stripeKey('Stripe_Key__c', false),
      ...quoteResultFields(),
    ],
  },
  {
    name: 'Contact',
    label: 'Contact',
    keyPrefix: '003',
    fields: [
      lookup('AccountId', 'Account'),
      text('FirstName', 40),
      text('LastName', 80, { required: true }),
      field('Email', 'email', { length: 80 }),
      field('Phone', 'phone', { length: 40 }),
      ...address('Mailing'),
    ],
  },
  {
    name: 'Opportunity',
    label: 'Opportunity',
    keyPrefix: '006',
    fields: [
      text('Name', 120, { required: true }),
      secured(lookup('AccountId', 'Account', { childRelationshipName: 'Opportunities' })),
      secured(openPicklist('Type', ['New Customer', 'Existing Customer - Upgrade'])),
      lookup('Pricebook2Id', 'Pricebook2'),
      openPicklist('StageName', ['Prospecting', 'Negotiation/Review', 'Closed Won', 'Closed Lost'], {
        required: true,
      }),
      field('CloseDate', 'date', { required: true }),
      secured(currency('Amount')),
      secured(longText('Description', 32_000)),
      readOnly(bool('IsWon')),
      readOnly(bool('IsClosed')),
      currencyIsoCode(),
      ...quoteResultFields(),
    ],
  },
  {
    name: 'Product2',
    label: 'Product',
    keyPrefix: '01t',
    fields: [
      text('Name', 255, { label: 'Product Name', required: true }),
      secured(text('ProductCode', 255)),
      secured(longText('Description', 4000)),
      secured(openPicklist('Family', ['None'])),
      bool('IsActive'),
      stripeKey('Stripe_Id__c', false),
    ],
  },
  {
    name: 'Pricebook2',
    label: 'Price Book',
    keyPrefix: '01s',
    fields: [text('Name', 255, { required: true }), bool('IsActive'), readOnly(bool('IsStandard'))],
  },
  {
    // https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_pricebookentry.htm
    name: 'PricebookEntry',
    label: 'Price Book Entry',
    keyPrefix: '01u',
    permissionsOf: 'Pricebook2',
    fields: [
      readOnly(text('Name', 255)),
      createOnly(
        lookup('Pricebook2Id', 'Pricebook2', {
          required: true,
          childRelationshipName: 'PricebookEntries',
        }),
      ),
      createOnly(
        lookup('Product2Id', 'Product2', { required: true, childRelationshipName: 'PricebookEntries' }),
      ),
      currency('UnitPrice', 18, 2, { required: true }),
      bool('IsActive'),
      bool('UseStandardPrice'),
      readOnly(text('ProductCode', 255)),
      createOnly(currencyIsoCode()),
      text('Stripe_Price_Id__c', 255),
    ],
  },
  {
    name: 'Contract',
    label: 'Contract',
    keyPrefix: '800',
    fields: [
      readOnly(text('ContractNumber', 30)),
      lookup('AccountId', 'Account', { required: true, childRelationshipName: 'Contracts' }),
      date('StartDate'),
      readOnly(date('EndDate')),
      field('ContractTerm', 'int', { precision: 4, scale: 0 }),
      openPicklist('Status', ['Draft', 'In Approval Process', 'Activated']),
    ],
  },
  caseObject,
]
