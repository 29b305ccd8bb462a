// Which permissions a restricted key of the hub needs, by the connectors that are switched on, and the call that shows each.
// The names are those of Stripe's dashboard (Developers → API keys); a test holds the list against the calls in the code.
// https://docs.stripe.com/keys/restricted-api-keys
import type { Manifest } from '../connector/contract.ts'

export interface Permission {
  /** As the dashboard names it. */
  permission: string
  method: 'GET' | 'POST'
  path: string
  /** What for, in the words of a person. */
  why: string
}

interface Need extends Permission {
  /** Absent: always. */
  connectors?: readonly string[]
  /** The SDK's resources that it covers. */
  covers: readonly string[]
}

const read = (
  permission: string,
  path: string,
  covers: readonly string[],
  connectors?: readonly string[],
): Need => ({
  permission: `${permission} (read)`,
  method: 'GET',
  path,
  why: `read ${permission.toLowerCase()}`,
  covers,
  ...(connectors && { connectors }),
})

const write = (
  permission: string,
  path: string,
  why: string,
  covers: readonly string[],
  connectors?: readonly string[],
): Need => ({
  permission: `${permission} (write)`,
  method: 'POST',
  path,
  why,
  covers,
  ...(connectors && { connectors }),
})

const TAXING = ['avalara']
const BOOKS_AND_CRM = ['netsuite', 'salesforce', 'lake']
/** No object has such an id. */
const NOBODY = 'switchyard_doctor'

const NEEDS: readonly Need[] = [
  read('Events', `/v1/events/evt_${NOBODY}`, ['events']),
  read('Customers', `/v1/customers/cus_${NOBODY}`, ['customers']),
  read('Products', `/v1/products/${NOBODY}`, ['products']),
  read('Prices', `/v1/prices/price_${NOBODY}`, ['prices', 'plans']),
  read('Coupons', `/v1/coupons/${NOBODY}`, ['coupons']),
  read('Subscriptions', `/v1/subscriptions/sub_${NOBODY}`, ['subscriptions', 'subscriptionSchedules']),
  read('Invoices', `/v1/invoices/in_${NOBODY}`, ['invoices', 'invoicePayments']),
  read('Credit notes', `/v1/credit_notes/cn_${NOBODY}`, ['creditNotes']),
  read('Tax rates', `/v1/tax_rates/txr_${NOBODY}`, ['taxRates']),
  read('PaymentIntents', `/v1/payment_intents/pi_${NOBODY}`, ['paymentIntents'], BOOKS_AND_CRM),
  read('Charges and refunds', `/v1/refunds/re_${NOBODY}`, ['refunds', 'charges'], BOOKS_AND_CRM),
  read('Disputes', `/v1/disputes/du_${NOBODY}`, ['disputes'], BOOKS_AND_CRM),
  read('Payouts', `/v1/payouts/po_${NOBODY}`, ['payouts'], ['netsuite']),
  read('Balance', `/v1/balance_transactions/txn_${NOBODY}`, ['balanceTransactions', 'balance'], ['netsuite']),
  read('Billing credits', `/v1/billing/credit_grants/credgr_${NOBODY}`, ['billing'], ['netsuite']),
  write(
    'Invoices',
    `/v1/invoices/in_${NOBODY}`,
    'hold drafts, write their tax and release them',
    ['invoices'],
    TAXING,
  ),
  // Without a single parameter: refused for that, once the key is let in.
  write('Tax rates', '/v1/tax_rates', 'give the rates of an estimate', ['taxRates'], TAXING),
  write(
    'Credit notes',
    `/v1/credit_notes/cn_${NOBODY}`,
    'credit and reissue an invoice that was finalized untaxed, where the policy says so',
    ['creditNotes'],
    TAXING,
  ),
  read('Webhook endpoints', `/v1/webhook_endpoints/we_${NOBODY}`, ['webhookEndpoints']),
]

export const permissionsFor = (manifests: readonly Manifest[]): Permission[] => {
  const names = new Set(manifests.map(({ name }) => name))
  return NEEDS.filter(({ connectors }) => connectors?.some((name) => names.has(name)) ?? true)
}

/** The SDK's resources that some permission covers, by whether it lets them be written. */
export const coveredResources = (method: 'GET' | 'POST'): Set<string> =>
  new Set(NEEDS.filter((need) => need.method === method).flatMap(({ covers }) => covers))
