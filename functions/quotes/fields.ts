// The custom fields that quotes need in Salesforce, beside those that the objects have by themselves: what sales says
// of a deal that Salesforce has no field for, and what the hub writes back. The one list of them: the metadata in
// salesforce/ has these fields and no others, in these types, and a test holds both together. Pure data.
//
// Objects and fields that the connector keeps (Stripe_Invoice__c and the rest) are in connectors/salesforce/kinds.ts.

export interface QuoteField {
  type: 'text' | 'prose' | 'choice' | 'amount' | 'whole' | 'date' | 'datetime' | 'checkbox'
  /** Longest text, in characters. */
  length?: number
  choices?: readonly string[]
  /** `stripe`: the hub alone writes it. `salesforce`: sales fills it in, the hub only reads it. */
  owner: 'stripe' | 'salesforce'
}

export type QuoteFields = Readonly<Record<string, QuoteField>>

const ours = (type: QuoteField['type'], length?: number): QuoteField => ({
  type,
  owner: 'stripe',
  ...(length !== undefined && { length }),
})
const theirs = (type: QuoteField['type'], length?: number): QuoteField => ({
  ...ours(type, length),
  owner: 'salesforce',
})
const choice = (...choices: string[]): QuoteField => ({ type: 'choice', choices, owner: 'salesforce' })

/**
 * "You can safely assume object IDs we generate will never exceed 255 characters", and that their case matters:
 * https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backwards-compatible
 */
const ID_LENGTH = 255

/**
 * What became of a quote. On the quote itself, on its Opportunity and on its Account; there it is that of the newest
 * quote. Amounts are major units of Stripe_Currency__c; MRR and TCV are without tax.
 */
const result = {
  Stripe_Status__c: ours('text', 40),
  Stripe_Customer_Id__c: ours('text', ID_LENGTH),
  Stripe_Subscription_Id__c: ours('text', ID_LENGTH),
  Stripe_Schedule_Id__c: ours('text', ID_LENGTH),
  Stripe_First_Invoice_Id__c: ours('text', ID_LENGTH),
  Stripe_Currency__c: ours('text', 3),
  Stripe_MRR__c: ours('amount'),
  Stripe_TCV__c: ours('amount'),
  /** Why nothing was created, in words for sales; empty once it is. */
  Stripe_Last_Error__c: ours('prose', 4000),
  /** The stable code beside it: reports and list views cannot filter by a long text. */
  Stripe_Error_Code__c: ours('text', 40),
  Stripe_Last_Synced__c: ours('datetime'),
} as const satisfies QuoteFields

/** Terms that neither the standard quote nor Salesforce CPQ has a field for. */
const terms = {
  Stripe_Billing_Day__c: theirs('whole'),
  Stripe_Payment_Method__c: choice('Card', 'ACH', 'SEPA', 'Invoice'),
  Stripe_PO_Number__c: theirs('text', 80),
  Stripe_Auto_Renew__c: theirs('checkbox'),
  Stripe_Trial_Days__c: theirs('whole'),
} as const satisfies QuoteFields

/** Terms that Salesforce CPQ has (SBQQ__StartDate__c, SBQQ__SubscriptionTerm__c, …) and the standard quote has not. */
const standardTerms = {
  Stripe_Start_Date__c: theirs('date'),
  Stripe_Term_Months__c: theirs('whole'),
  Stripe_Billing_Frequency__c: choice('Monthly', 'Quarterly', 'Semiannual', 'Annual'),
  Stripe_Net_Days__c: theirs('whole'),
} as const satisfies QuoteFields

const standardLineTerms = {
  Stripe_Charge_Type__c: choice('Recurring', 'One-Time', 'Usage'),
  /** Of a ramp's segment; empty: the quote's own. */
  Stripe_Start_Date__c: theirs('date'),
  Stripe_End_Date__c: theirs('date'),
} as const satisfies QuoteFields

export const QUOTE_FIELDS = {
  Quote: { ...result, ...terms, ...standardTerms },
  QuoteLineItem: standardLineTerms,
  SBQQ__Quote__c: { ...result, ...terms },
  Opportunity: result,
  Account: result,
  /** Which Stripe price a price book's entry stands for, where it is not found by its product. */
  PricebookEntry: { Stripe_Price_Id__c: theirs('text', ID_LENGTH) },
} as const satisfies Record<string, QuoteFields>

/**
 * Fields that objects have by themselves and that a reader of quotes may ask for: the hub's user has read access to
 * these and no others.
 */
export const QUOTE_READS = {
  Quote: [
    'AccountId',
    'BillingAddress',
    'BillingName',
    'ContactId',
    'Description',
    'Discount',
    'Email',
    'ExpirationDate',
    'GrandTotal',
    'ShippingHandling',
    'Status',
    'Subtotal',
    'Tax',
    'TotalPrice',
  ],
  QuoteLineItem: ['Description', 'Discount', 'ListPrice', 'ServiceDate', 'Subtotal', 'TotalPrice'],
  Opportunity: ['AccountId', 'Amount', 'Type'],
  Account: ['BillingAddress', 'ShippingAddress', 'Phone'],
  Product2: ['Description', 'Family', 'ProductCode'],
  SBQQ__Quote__c: [
    'SBQQ__Account__c',
    'SBQQ__BillingFrequency__c',
    'SBQQ__CustomerDiscount__c',
    'SBQQ__EndDate__c',
    'SBQQ__ExpirationDate__c',
    'SBQQ__MasterContract__c',
    'SBQQ__NetAmount__c',
    'SBQQ__Opportunity2__c',
    'SBQQ__PaymentTerms__c',
    'SBQQ__Primary__c',
    'SBQQ__RenewalTerm__c',
    'SBQQ__StartDate__c',
    'SBQQ__Status__c',
    'SBQQ__SubscriptionTerm__c',
    'SBQQ__Type__c',
  ],
  SBQQ__QuoteLine__c: [
    'SBQQ__AdditionalDiscountAmount__c',
    'SBQQ__BillingFrequency__c',
    'SBQQ__BillingType__c',
    'SBQQ__Bundled__c',
    'SBQQ__ChargeType__c',
    'SBQQ__CustomerPrice__c',
    'SBQQ__DefaultSubscriptionTerm__c',
    'SBQQ__Description__c',
    'SBQQ__Discount__c',
    'SBQQ__EffectiveEndDate__c',
    'SBQQ__EffectiveQuantity__c',
    'SBQQ__EffectiveStartDate__c',
    'SBQQ__EndDate__c',
    'SBQQ__Existing__c',
    'SBQQ__ListPrice__c',
    'SBQQ__NetPrice__c',
    'SBQQ__NetTotal__c',
    'SBQQ__Number__c',
    'SBQQ__Optional__c',
    'SBQQ__PricebookEntryId__c',
    'SBQQ__PricingMethod__c',
    'SBQQ__PriorQuantity__c',
    'SBQQ__Product__c',
    'SBQQ__ProductCode__c',
    'SBQQ__ProductName__c',
    'SBQQ__ProrateMultiplier__c',
    'SBQQ__Quantity__c',
    'SBQQ__RegularPrice__c',
    'SBQQ__RequiredBy__c',
    'SBQQ__SegmentIndex__c',
    'SBQQ__SegmentKey__c',
    'SBQQ__SegmentLabel__c',
    'SBQQ__StartDate__c',
    'SBQQ__SubscriptionPricing__c',
    'SBQQ__SubscriptionTerm__c',
    'SBQQ__SubscriptionType__c',
  ],
} as const satisfies Record<string, readonly string[]>
