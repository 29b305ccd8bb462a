// A Stripe customer becomes Stripe_Customer__c, which looks up its Account; an Account is projected only when the hub
// is to make it, and its fields only until it stands. Pure.
import type Stripe from 'stripe'
import { type JsonObject, recordRef } from '../../../shared/connector/contract.ts'
import { invariant, permanent } from '../../../shared/errors.ts'
import { amount, checkbox, clipped, fitting, multiline, text } from './body.ts'
import type { SalesforceConfig } from './config.ts'
import type { AccountChoice, Context, Draft } from './context.ts'
import { subscriptionMrrMinor } from './mrr.ts'

const NAME_LENGTH = 80
const EMAIL_LENGTH = 80
const DESCRIPTION_LENGTH = 4000
const TAX_IDS_LENGTH = 1000

export function projectCustomer(
  customer: Stripe.Customer,
  context: Context,
  config: SalesforceConfig,
): Draft[] {
  const { account } = context
  const drafts: Draft[] = [
    {
      kind: 'Stripe_Customer__c',
      externalId: customer.id,
      body: customerBody(customer, context),
      requires: [],
      source: customer,
    },
  ]
  if (account.how === 'own') {
    drafts.unshift({
      kind: 'Account',
      externalId: customer.id,
      // An Account that stands belongs to its people: nothing of it is written again.
      body: account.exists ? {} : accountBody(customer, config),
      requires: [],
      source: account.exists ? {} : customer,
      frozen: true,
    })
  }
  return drafts
}

function customerBody(customer: Stripe.Customer, context: Context): JsonObject {
  const subscriptions = customer.subscriptions?.data
  const taxIds = customer.tax_ids?.data
  if (!subscriptions || !taxIds) {
    throw invariant(`${customer.id} came without its subscriptions or tax ids, which are always expanded.`)
  }
  const currency = customer.currency ?? subscriptions[0]?.currency
  const mrr = subscriptions
    .filter((subscription) => subscription.currency === currency)
    .reduce(
      (sum, subscription) =>
        sum +
        subscriptionMrrMinor(
          subscription,
          context.items[subscription.id] ?? subscription.items.data,
          context.discounts,
        ),
      0n,
    )
  return {
    Name: displayName(customer),
    Account__c: accountReference(context.account, customer.id),
    Email__c: customer.email
      ? fitting(customer.email.trim(), EMAIL_LENGTH, 'email', customer.id) || null
      : null,
    Currency__c: currency?.toUpperCase() ?? null,
    Description__c: clipped(customer.description, DESCRIPTION_LENGTH),
    Balance__c: currency ? amount(customer.balance, currency) : null,
    Delinquent__c: checkbox(customer.delinquent),
    Deleted__c: false,
    Tax_Exempt__c: customer.tax_exempt ?? 'none',
    Tax_Ids__c: text(fitting(listTaxIds(taxIds), TAX_IDS_LENGTH, 'tax_ids', customer.id)),
    MRR__c: currency ? amount(mrr, currency) : null,
    Country__c: text(customer.address?.country),
    Livemode__c: customer.livemode,
  }
}

/** Name, else e-mail. A customer with neither cannot be told apart by people: parked rather than named after its id. */
function displayName(customer: Stripe.Customer): string {
  const name = text(customer.name)
  if (name) return fitting(name, NAME_LENGTH, 'name', customer.id)
  const email = text(customer.email)
  if (email) return fitting(email, NAME_LENGTH, 'email', customer.id)
  throw permanent(
    `${customer.id} is not in Salesforce: it has neither a name nor an e-mail. Nothing was written.`,
    {
      code: 'SF-NAME',
      hint: 'Field name. Billing: give the customer a name in Stripe; it resumes alone.',
    },
  )
}

function accountReference(account: AccountChoice, customerId: string) {
  if (account.how === 'none') return null
  return account.how === 'own' ? recordRef('Account', customerId) : account.id
}

function accountBody(customer: Stripe.Customer, config: SalesforceConfig): JsonObject {
  const name = displayName(customer)
  const { address } = customer
  const body: JsonObject = {
    Phone: text(customer.phone),
    BillingStreet: multiline([address?.line1, address?.line2].filter(Boolean).join('\n')),
    BillingCity: text(address?.city),
    BillingState: text(address?.state),
    BillingPostalCode: text(address?.postal_code),
    BillingCountry: text(address?.country),
  }
  if (config.createAccounts !== 'person') return { Name: name, ...body }
  return {
    // Stripe keeps one name, and which part of it is the family name cannot be told.
    LastName: name,
    PersonEmail: text(customer.email),
    ...(config.personAccountRecordTypeId && { RecordTypeId: config.personAccountRecordTypeId }),
    ...body,
  }
}

/** "eu_vat DE123456789 (verified), …", sorted, so that Stripe's order does not matter. */
function listTaxIds(taxIds: readonly Stripe.TaxId[]): string {
  return taxIds
    .map(
      ({ type, value, verification }) => `${type} ${value}${verification ? ` (${verification.status})` : ''}`,
    )
    .sort()
    .join(', ')
}

/**
 * Stands in for a customer that Stripe no longer has and that was never written, from what a dependent knows of it
 * (only an invoice knows a name). Nobody can mend a deleted customer, so this never parks.
 */
export function standInCustomer(id: string, dependent: object): Draft {
  const copy = dependent as Partial<Stripe.Invoice>
  const name = [copy.customer_name, copy.customer_email]
    .map(text)
    .find((known) => known && known.length <= NAME_LENGTH)
  const email = text(copy.customer_email)
  return {
    kind: 'Stripe_Customer__c',
    externalId: id,
    body: {
      Name: name ?? id,
      Account__c: null,
      Email__c: email && email.length <= EMAIL_LENGTH ? email : null,
      Currency__c: copy.currency?.toUpperCase() ?? null,
      Description__c: null,
      Balance__c: null,
      Delinquent__c: false,
      Deleted__c: true,
      Tax_Exempt__c: copy.customer_tax_exempt ?? 'none',
      Tax_Ids__c: null,
      MRR__c: copy.currency ? amount(0, copy.currency) : null,
      Country__c: text(copy.customer_address?.country),
      Livemode__c: copy.livemode === true,
    },
    requires: [],
    source: {},
  }
}
