// Standard quotes and their lines, as the reference has them: types, lengths, what can be written, what Salesforce works
// out. The working out is in quotes.ts.
// https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_quote.htm
// https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_quotelineitem.htm
// https://developer.salesforce.com/docs/platform/field-reference/references/field-reference/salesforce-field-reference-quote.html
//
// Left out: syncing with the Opportunity's products, tax and shipping rules, Subscription Management, Revenue Cloud.
import {
  address,
  bool,
  createOnly,
  currency,
  currencyIsoCode,
  date,
  field,
  longText,
  lookup,
  openPicklist,
  percent,
  readOnly,
  secured,
  text,
} from './field-builders.ts'
import {
  quoteResultFields,
  quoteTermFields,
  standardLineTermFields,
  standardTermFields,
} from './quote-fields.ts'
import type { SObjectSchema } from './schema.ts'

export const quoteObjects: SObjectSchema[] = [
  {
    name: 'Quote',
    label: 'Quote',
    keyPrefix: '0Q0',
    fields: [
      text('Name', 255, { label: 'Quote Name', required: true }),
      readOnly(text('QuoteNumber', 40)),
      // From the Opportunity, which cannot be changed afterwards.
      secured(readOnly(lookup('AccountId', 'Account', { childRelationshipName: 'Quotes' }))),
      createOnly(lookup('OpportunityId', 'Opportunity', { childRelationshipName: 'Quotes' })),
      lookup('Pricebook2Id', 'Pricebook2'),
      secured(lookup('ContactId', 'Contact', { childRelationshipName: 'Quotes' })),
      secured(lookup('ContractId', 'Contract')),
      secured(
        openPicklist('Status', [
          'Draft',
          'Needs Review',
          'In Review',
          'Approved',
          'Rejected',
          'Presented',
          'Accepted',
          'Denied',
        ]),
      ),
      secured(date('ExpirationDate')),
      secured(longText('Description', 32_000)),
      secured(field('Email', 'email', { length: 80 })),
      secured(text('BillingName', 255)),
      ...address('Billing'),
      ...address('Shipping'),
      readOnly(bool('IsSyncing')),
      readOnly(field('LineItemCount', 'int', { precision: 9, scale: 0 })),
      secured(readOnly(currency('Subtotal'))),
      secured(readOnly(percent('Discount', 5, 2))),
      secured(readOnly(currency('TotalPrice'))),
      secured(currency('Tax')),
      secured(currency('ShippingHandling')),
      secured(readOnly(currency('GrandTotal'))),
      readOnly(currencyIsoCode()),
      ...quoteResultFields(),
      ...quoteTermFields(),
      ...standardTermFields(),
    ],
  },
  {
    name: 'QuoteLineItem',
    label: 'Quote Line Item',
    keyPrefix: '0QL',
    // "The user must have “Edit” permissions on quote records to create or update quote line items on a quote."
    permissionsOf: 'Quote',
    fields: [
      readOnly(text('LineNumber', 255)),
      createOnly(
        lookup('QuoteId', 'Quote', {
          required: true,
          masterDetail: true,
          childRelationshipName: 'QuoteLineItems',
        }),
      ),
      createOnly(lookup('PricebookEntryId', 'PricebookEntry', { required: true })),
      readOnly(lookup('Product2Id', 'Product2')),
      field('Quantity', 'double', { precision: 12, scale: 2, required: true }),
      currency('UnitPrice', 18, 2, { required: true }),
      secured(percent('Discount', 5, 2)),
      secured(text('Description', 255)),
      secured(date('ServiceDate')),
      readOnly(field('SortOrder', 'int', { precision: 9, scale: 0 })),
      secured(readOnly(currency('ListPrice'))),
      secured(readOnly(currency('Subtotal'))),
      secured(readOnly(currency('TotalPrice'))),
      readOnly(currencyIsoCode()),
      ...standardLineTermFields(),
    ],
  },
]
