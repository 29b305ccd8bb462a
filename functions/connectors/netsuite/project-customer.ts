// A Stripe customer as a NetSuite customer: a company with a unique entity id, in one subsidiary, billable in every
// currency that the hub knows. PURE.
import type Stripe from 'stripe'
import type { JsonObject, RemoteRecord } from '../../../shared/connector/contract.ts'
import { RECORDS } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { parked } from './parked.ts'

/** NetSuite's own limit for companyName. */
const NAME_MAX = 83
/** Tells the hub's address from those that people add in NetSuite. */
export const ADDRESS_LABEL = 'Stripe'

export interface CustomerFields {
  id: string
  name: string | null
  email: string | null
  address: Stripe.Address | null
  /** Only for a customer that Stripe has deleted. */
  isInactive: boolean
}

export function projectCustomer(
  customer: CustomerFields,
  subsidiaryName: string | undefined,
  config: NetSuiteConfig,
): RemoteRecord {
  const subsidiary = subsidiaryName === undefined ? undefined : config.subsidiaries[subsidiaryName]
  const document = `Customer ${customer.id}`
  if (!subsidiary) {
    throw parked({
      code: 'NS-SUBSIDIARY',
      document,
      why:
        subsidiaryName === undefined
          ? 'no rule says which subsidiary it belongs to (field subsidiary).'
          : `its subsidiary "${subsidiaryName}" is not in the configuration (field subsidiary).`,
      hint: `Engineering: hub.config.ts → netsuite.customerSubsidiary (a rule or a default) and netsuite.subsidiaries; or in Stripe the customer's metadata ${config.customerSubsidiary.metadataKey}. Then: hub replay --parked`,
    })
  }
  const currencyId = config.currencies[subsidiary.currency]
  if (currencyId === undefined) {
    throw parked({
      code: 'NS-CURRENCY',
      document,
      why: `the currency ${subsidiary.currency} of subsidiary "${subsidiaryName}" is not mapped (field currency).`,
      hint: `Engineering: hub.config.ts → netsuite.currencies.${subsidiary.currency}. Then: hub replay --parked`,
    })
  }
  const others = Object.entries(config.currencies)
    .filter(([code]) => code !== subsidiary.currency)
    .map(([, id]) => ({ currency: { id } }))
    .sort((a, b) => Number(a.currency.id) - Number(b.currency.id))
  return {
    ...RECORDS.customer(customer.id),
    body: {
      ...(config.entityId === 'stripe-id' && { entityId: customer.id }),
      isPerson: false,
      companyName: companyName(customer, document),
      ...(customer.email && { email: customer.email }),
      subsidiary: { id: subsidiary.id },
      // The subsidiary's own, not the customer's: NetSuite freezes it with the first document, and Stripe learns a
      // customer's currency only later. The list lets every invoice be posted in its own currency.
      currency: { id: currencyId },
      ...(others.length > 0 && { currencyList: { items: others } }),
      ...addressFields(customer.address),
      isInactive: customer.isInactive,
    },
    requires: [],
  }
}

function companyName(customer: CustomerFields, document: string): string {
  const name = customer.name?.trim() || customer.email?.trim()
  if (!name) {
    throw parked({
      code: 'NS-NAME',
      document,
      why: 'it has neither a name nor an email address (field name), and NetSuite requires a company name.',
      hint: 'Support: give the customer a name in the Stripe dashboard; it resumes alone.',
    })
  }
  if (name.length > NAME_MAX) {
    throw parked({
      code: 'NS-NAME',
      document,
      why: `its name has ${name.length} characters (field name), and NetSuite takes ${NAME_MAX}.`,
      hint: 'Support: shorten the name in the Stripe dashboard; it resumes alone.',
    })
  }
  return name
}

function addressFields(address: Stripe.Address | null): JsonObject {
  const lines = {
    ...(address?.line1 && { addr1: address.line1 }),
    ...(address?.line2 && { addr2: address.line2 }),
    ...(address?.city && { city: address.city }),
    ...(address?.state && { state: address.state }),
    ...(address?.postal_code && { zip: address.postal_code }),
    ...(address?.country && { country: { id: address.country } }),
  }
  if (Object.keys(lines).length === 0) return {}
  return {
    addressBook: {
      items: [
        { label: ADDRESS_LABEL, defaultBilling: true, defaultShipping: true, addressBookAddress: lines },
      ],
    },
  }
}
