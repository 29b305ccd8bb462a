// The simulated org's objects and fields as plain data: what a Salesforce administrator would have set up for
// billing records from Stripe, next to the standard objects. Behaviour of the field types is in values.ts.
//
// Limits kept from Salesforce: Text and URL fields hold 255 characters at most, longer ones are long text areas, which
// can be neither filtered nor unique (https://help.salesforce.com/s/articleView?id=platform.custom_field_types.htm).

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'date'
  | 'datetime'
  | 'picklist'
  | 'reference'

export interface FieldSchema {
  name: string
  label: string
  type: FieldType
  /** Longest text, in characters. */
  length?: number
  /** Digits in all, and digits after the point. */
  precision?: number
  scale?: number
  /** Must have a value on create, and cannot be cleared. */
  required?: boolean
  unique?: boolean
  /** For unique text: whether `cus_a` and `cus_A` are two values. Salesforce's default is no; Stripe ids need yes. */
  caseSensitive?: boolean
  externalId?: boolean
  referenceTo?: string
  relationshipName?: string
  picklist?: readonly string[]
  /** A restricted picklist refuses values that are not on its list. */
  restricted?: boolean
  /** False: set by Salesforce, or read-only for this user by field-level security. */
  updateable?: boolean
}

export interface SObjectSchema {
  name: string
  label: string
  /** First three characters of every id of this object. */
  keyPrefix: string
  fields: FieldSchema[]
}

type Extra = Partial<Omit<FieldSchema, 'name' | 'type'>>

const label = (name: string): string => name.replace(/__c$/, '').replaceAll('_', ' ')

const field = (name: string, type: FieldType, extra: Extra = {}): FieldSchema => ({
  name,
  label: label(name),
  type,
  ...extra,
})
const text = (name: string, length: number, extra: Extra = {}) => field(name, 'string', { length, ...extra })
const longText = (name: string, length: number) => field(name, 'textarea', { length })
const bool = (name: string) => field(name, 'boolean')
const dateTime = (name: string) => field(name, 'datetime')
const number = (name: string, precision: number, scale: number) => field(name, 'double', { precision, scale })
const amount = (name: string) => number(name, 18, 3)
const currencyCode = () => text('Currency__c', 3)
const restrictedPicklist = (name: string, ...picklist: string[]) =>
  field(name, 'picklist', { length: 255, picklist, restricted: true })
const openPicklist = (name: string, picklist: string[], extra: Extra = {}) =>
  field(name, 'picklist', { length: 255, picklist, ...extra })
const lookup = (name: string, referenceTo: string, extra: Extra = {}) =>
  field(name, 'reference', {
    length: 18,
    referenceTo,
    relationshipName: name.endsWith('__c') ? name.replace(/__c$/, '__r') : name.replace(/Id$/, ''),
    ...extra,
  })

/** A text external id that keeps Stripe's upper and lower case apart. */
const stripeKey = (name: string, required: boolean) =>
  text(name, 255, { externalId: true, unique: true, caseSensitive: true, required })

const customObject = (name: string, keyPrefix: string, fields: FieldSchema[]): SObjectSchema => ({
  name,
  label: label(name),
  keyPrefix,
  fields: [
    ...(fields.some(({ name }) => name === 'Name') ? [] : [text('Name', 80)]),
    stripeKey('Stripe_Id__c', true),
    ...fields,
  ],
})

const address = (kind: 'Billing' | 'Shipping' | 'Mailing'): FieldSchema[] => [
  field(`${kind}Street`, 'textarea', { length: 255 }),
  text(`${kind}City`, 40),
  text(`${kind}State`, 80),
  text(`${kind}PostalCode`, 20),
  text(`${kind}Country`, 80),
]

/**
 * Status values that count as closed; an administrator says so of each value in the setup of Case Status.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_casestatus.htm
 */
export const CLOSED_CASE_STATUSES: readonly string[] = ['Closed']

const readOnly = (schema: FieldSchema): FieldSchema => ({ ...schema, updateable: false })

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
    lookup('AccountId', 'Account'),
    lookup('ContactId', 'Contact'),
    lookup('ParentId', 'Case'),
    // Users and queues are not simulated: any id of one is taken.
    field('OwnerId', 'reference', { length: 18 }),
    text('Subject', 255),
    longText('Description', 32_000),
    openPicklist('Status', ['New', 'Working', 'Escalated', 'Closed']),
    openPicklist('Priority', ['High', 'Medium', 'Low']),
    openPicklist('Origin', ['Phone', 'Email', 'Web']),
    openPicklist('Type', ['Mechanical', 'Electrical', 'Electronic', 'Structural', 'Other']),
    openPicklist('Reason', ['Installation', 'Performance', 'Breakdown', 'Other']),
    field('SuppliedEmail', 'email', { length: 80 }),
    text('SuppliedName', 80),
    bool('IsEscalated'),
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

const standardObjects: SObjectSchema[] = [
  {
    name: 'Account',
    label: 'Account',
    keyPrefix: '001',
    fields: [
      text('Name', 255, { label: 'Account Name', required: true }),
      openPicklist('Type', ['Customer', 'Partner', 'Prospect', 'Other']),
      lookup('ParentId', 'Account'),
      ...address('Billing'),
      ...address('Shipping'),
      field('Phone', 'phone', { length: 40 }),
      field('Fax', 'phone', { length: 40 }),
      text('AccountNumber', 40),
      field('Website', 'url', { length: 255 }),
      openPicklist('Industry', ['Technology', 'Finance', 'Healthcare', 'Retail', 'Other']),
      field('AnnualRevenue', 'currency', { precision: 18, scale: 0 }),
      field('NumberOfEmployees', 'int', { precision: 8, scale: 0 }),
      longText('Description', 32_000),
      stripeKey('Stripe_Key__c', false),
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
      lookup('AccountId', 'Account'),
      openPicklist('StageName', ['Prospecting', 'Negotiation/Review', 'Closed Won', 'Closed Lost'], {
        required: true,
      }),
      field('CloseDate', 'date', { required: true }),
      field('Amount', 'currency', { precision: 18, scale: 2 }),
      longText('Description', 32_000),
    ],
  },
  {
    name: 'Product2',
    label: 'Product',
    keyPrefix: '01t',
    fields: [
      text('Name', 255, { label: 'Product Name', required: true }),
      text('ProductCode', 255),
      longText('Description', 4000),
      bool('IsActive'),
      stripeKey('Stripe_Id__c', false),
    ],
  },
  caseObject,
]

const billingObjects: SObjectSchema[] = [
  customObject('Stripe_Customer__c', 'a00', [
    text('Name', 80, { required: true }),
    lookup('Account__c', 'Account'),
    field('Email__c', 'email', { length: 80 }),
    currencyCode(),
    longText('Description__c', 4000),
    amount('Balance__c'),
    bool('Delinquent__c'),
    bool('Deleted__c'),
    restrictedPicklist('Tax_Exempt__c', 'none', 'exempt', 'reverse'),
    longText('Tax_Ids__c', 1000),
    amount('MRR__c'),
    text('Country__c', 2),
    bool('Livemode__c'),
  ]),
  customObject('Stripe_Price__c', 'a01', [
    lookup('Product__c', 'Product2'),
    text('Nickname__c', 255),
    currencyCode(),
    number('Unit_Amount__c', 15, 6),
    restrictedPicklist('Interval__c', 'day', 'week', 'month', 'year'),
    number('Interval_Count__c', 4, 0),
    restrictedPicklist('Type__c', 'one_time', 'recurring'),
    bool('Active__c'),
    bool('Deleted__c'),
  ]),
  customObject('Stripe_Subscription__c', 'a02', [
    lookup('Customer__c', 'Stripe_Customer__c', { required: true }),
    restrictedPicklist(
      'Status__c',
      'incomplete',
      'incomplete_expired',
      'trialing',
      'active',
      'past_due',
      'canceled',
      'unpaid',
      'paused',
    ),
    currencyCode(),
    dateTime('Start_Date__c'),
    dateTime('Trial_End__c'),
    dateTime('Current_Period_Start__c'),
    dateTime('Current_Period_End__c'),
    dateTime('Cancel_At__c'),
    dateTime('Canceled_At__c'),
    dateTime('Ended_At__c'),
    restrictedPicklist('Collection_Method__c', 'charge_automatically', 'send_invoice'),
    amount('MRR__c'),
  ]),
  customObject('Stripe_Subscription_Item__c', 'a03', [
    lookup('Subscription__c', 'Stripe_Subscription__c', { required: true }),
    lookup('Price__c', 'Stripe_Price__c'),
    number('Quantity__c', 18, 0),
  ]),
  customObject('Stripe_Invoice__c', 'a04', [
    lookup('Customer__c', 'Stripe_Customer__c', { required: true }),
    lookup('Subscription__c', 'Stripe_Subscription__c'),
    text('Number__c', 80),
    restrictedPicklist('Status__c', 'draft', 'open', 'paid', 'void', 'uncollectible'),
    currencyCode(),
    amount('Subtotal__c'),
    amount('Discount__c'),
    amount('Tax__c'),
    amount('Total__c'),
    amount('Amount_Due__c'),
    amount('Amount_Paid__c'),
    amount('Amount_Remaining__c'),
    amount('Amount_Overpaid__c'),
    amount('Paid_Out_Of_Band__c'),
    amount('Balance_Applied__c'),
    amount('Credits_Applied__c'),
    amount('Credited__c'),
    dateTime('Created_At__c'),
    dateTime('Finalized_At__c'),
    dateTime('Due_Date__c'),
    dateTime('Paid_At__c'),
    dateTime('Voided_At__c'),
    dateTime('Uncollectible_At__c'),
    number('Attempt_Count__c', 4, 0),
    dateTime('Next_Payment_Attempt__c'),
    text('Last_Payment_Error__c', 255),
    longText('Hosted_Url__c', 1000),
    text('Billing_Reason__c', 40),
    bool('Deleted__c'),
  ]),
  customObject('Stripe_Payment__c', 'a05', [
    lookup('Invoice__c', 'Stripe_Invoice__c', { required: true }),
    lookup('Customer__c', 'Stripe_Customer__c'),
    amount('Amount__c'),
    currencyCode(),
    text('Status__c', 40),
    dateTime('Paid_At__c'),
    text('Payment_Intent__c', 255),
    text('Payment_Record__c', 255),
    text('Charge__c', 255),
    text('Method__c', 40),
  ]),
  customObject('Stripe_Refund__c', 'a06', [
    lookup('Customer__c', 'Stripe_Customer__c'),
    lookup('Invoice__c', 'Stripe_Invoice__c'),
    lookup('Credit_Note__c', 'Stripe_Credit_Note__c'),
    amount('Amount__c'),
    currencyCode(),
    text('Status__c', 40),
    text('Reason__c', 255),
    text('Failure_Reason__c', 255),
    dateTime('Created_At__c'),
    text('Charge__c', 255),
  ]),
  customObject('Stripe_Credit_Note__c', 'a07', [
    lookup('Invoice__c', 'Stripe_Invoice__c', { required: true }),
    lookup('Customer__c', 'Stripe_Customer__c'),
    text('Number__c', 80),
    restrictedPicklist('Status__c', 'issued', 'void'),
    currencyCode(),
    amount('Subtotal__c'),
    amount('Tax__c'),
    amount('Total__c'),
    amount('Refunded__c'),
    amount('Balance_Credited__c'),
    amount('Out_Of_Band__c'),
    text('Reason__c', 255),
    dateTime('Created_At__c'),
    dateTime('Voided_At__c'),
  ]),
  customObject('Stripe_Dispute__c', 'a08', [
    lookup('Customer__c', 'Stripe_Customer__c'),
    lookup('Invoice__c', 'Stripe_Invoice__c'),
    amount('Amount__c'),
    currencyCode(),
    amount('Exposure__c'),
    // Not restricted: Stripe adds statuses without a new API version, and the record must still be written.
    openPicklist('Status__c', [
      'warning_needs_response',
      'warning_under_review',
      'warning_closed',
      'needs_response',
      'under_review',
      'won',
      'lost',
      'appeal_needs_response',
      'appeal_under_review',
      'prevented',
    ]),
    text('Reason__c', 255),
    text('Network_Reason__c', 40),
    text('Method__c', 40),
    dateTime('Created_At__c'),
    dateTime('Evidence_Due_At__c'),
    bool('Evidence_Submitted__c'),
    text('Settlement_Currency__c', 3),
    amount('Funds_Withdrawn__c'),
    amount('Funds_Reinstated__c'),
    amount('Fee__c'),
    text('Charge__c', 255),
    text('Payment_Intent__c', 255),
  ]),
]

/** The org that the simulator has when it is given no other. Copied at start, so a test may change its copy. */
export const salesforceSchema: readonly SObjectSchema[] = [...standardObjects, ...billingObjects]

/** Fields that every object has and only Salesforce sets. */
export const systemFields: readonly FieldSchema[] = [
  field('Id', 'id', { length: 18, updateable: false }),
  field('IsDeleted', 'boolean', { updateable: false }),
  field('CreatedDate', 'datetime', { updateable: false }),
  field('LastModifiedDate', 'datetime', { updateable: false }),
  field('SystemModstamp', 'datetime', { updateable: false }),
]
