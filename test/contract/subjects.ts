// How each connector is put to the contract: its configuration in literals, the simulators that the local hub starts,
// and how to count what its vendor holds.

import { avalaraConfigSchema } from '../../functions/connectors/avalara/config.ts'
import { createAvalara } from '../../functions/connectors/avalara/connector.ts'
import { NEW_YORK_SELLER } from '../../functions/connectors/avalara/stripe-and-avatax.fixture.ts'
import { netsuiteConfig } from '../../functions/connectors/netsuite/config.ts'
import { createNetSuite } from '../../functions/connectors/netsuite/connector.ts'
import { salesforceConfig } from '../../functions/connectors/salesforce/config.ts'
import { createSalesforce } from '../../functions/connectors/salesforce/connector.ts'
import { createTaxHold } from '../../functions/connectors/tax-hold/connector.ts'
import { AVALARA, NETSUITE, SALESFORCE, STRIPE_API_KEY } from '../../local/hub/credentials.ts'
import { startVendors, type Vendors } from '../../local/hub/vendors.ts'
import { ManualClock } from '../../shared/clock.ts'
import type { Connector } from '../../shared/connector/contract.ts'
import { createStripeClient } from '../../shared/stripe/client.ts'
import type { ContractSubject } from './connector-suite.ts'
import { accountOf, NOVEMBER_2 } from './stripe-account.ts'

export interface Subject extends ContractSubject {
  vendors: Vendors
}

interface Parts {
  vendors: Vendors
  clock: ManualClock
  stripe: ContractSubject['stripe']
}

type Choice = Pick<ContractSubject, 'stored' | 'faults'> & { connect(): Connector }

const CUSTOMERS = 3
const TEN_DAYS_MS = 10 * 86_400_000

async function start(choose: (parts: Parts) => Choice): Promise<Subject> {
  const clock = new ManualClock(NOVEMBER_2 * 1000 + TEN_DAYS_MS)
  const vendors = await startVendors({
    clock,
    seed: 1,
    stripeAccount: 'acct_1',
    netsuiteAccount: 'TSTDRV1',
    companyCode: 'ACME',
  })
  vendors.stripe.seedObjects(accountOf(CUSTOMERS))
  const stripe = createStripeClient({ apiKey: STRIPE_API_KEY, baseUrl: vendors.urls.stripe })
  const choice = choose({ vendors, clock, stripe })
  return {
    ...choice,
    connector: choice.connect(),
    vendors,
    clock,
    stripe,
    secrets: [
      STRIPE_API_KEY,
      SALESFORCE.clientSecret,
      AVALARA.licenseKey,
      Buffer.from(`${AVALARA.accountId}:${AVALARA.licenseKey}`).toString('base64'),
      // Any line of the key will do.
      vendors.netsuitePrivateKey.split('\n')[1] ?? '',
      'Bearer ',
    ],
    close: () => vendors.close(),
  }
}

/** What the simulated Stripe told of such a change of this object. */
const changesTold = ({ stripe }: Vendors, type: string, id: string, changed?: string) =>
  stripe.events.filter(
    (event) =>
      event.type === type &&
      event.data.object.id === id &&
      (changed === undefined || changed in (event.data.previous_attributes ?? {})),
  )

export const startTaxHold = (): Promise<Subject> =>
  start(({ vendors, clock, stripe }) => ({
    connect: () => createTaxHold({ config: {}, stripe, clock }),
    stored: (_kind, externalId) => changesTold(vendors, 'invoice.updated', externalId, 'auto_advance'),
    faults: vendors.stripe.faults,
  }))

export const startAvalara = (): Promise<Subject> =>
  start(({ vendors, clock, stripe }) => ({
    connect: () =>
      createAvalara({
        config: avalaraConfigSchema.parse({
          ...NEW_YORK_SELLER,
          taxCodes: { byStripeTaxCode: { txcd_10103001: 'SW056000' } },
        }),
        credentials: { ...AVALARA, environment: vendors.urls.avalara },
        stripe,
        clock,
        livemode: false,
      }),
    stored: (kind, externalId) =>
      kind === 'stripeTax'
        ? changesTold(vendors, 'invoice.finalized', externalId)
        : vendors.avalara
            .documents()
            .filter(({ code }) => code === externalId)
            // AvaTax numbers every adjustment anew, also one that changes nothing: what would be filed counts.
            .map(({ type, status, totalAmount, totalTax, lines }) => ({
              type,
              status,
              totalAmount,
              totalTax,
              lines: lines?.length,
            })),
    faults: vendors.avalara.faults,
  }))

export const startNetSuite = (): Promise<Subject> =>
  start(({ vendors, clock, stripe }) => ({
    connect: () =>
      createNetSuite({
        // The ids are those of the simulated account's chart.
        config: netsuiteConfig.parse({
          account: 'TSTDRV1',
          subsidiaries: { us: { id: '1', currency: 'USD', receivable: { USD: '111' } } },
          customerSubsidiary: { default: 'us' },
          currencies: { USD: '1', EUR: '2' },
          clearingAccounts: { USD: '121' },
          disputes: { receivableAccount: '141', feeAccount: '612', lossAccount: '613' },
          payouts: { bankAccounts: { USD: '131' }, feeAccount: '612' },
          billingCredits: { liabilityAccount: '212', revenueAccount: '412', breakageAccount: '412' },
          tax: { mode: 'liability-item', item: '808' },
        }),
        credentials: {
          auth: 'oauth2',
          ...NETSUITE,
          privateKey: vendors.netsuitePrivateKey,
          algorithm: 'ES256',
          baseUrl: vendors.urls.netsuite,
        },
        stripe,
        clock,
        livemode: false,
      }),
    stored: (kind, externalId) =>
      vendors.netsuite.records(kind).filter((record) => record.externalId === externalId),
    faults: vendors.netsuite.faults,
  }))

export const startSalesforce = (): Promise<Subject> =>
  start(({ vendors, clock, stripe }) => ({
    connect: () =>
      createSalesforce({
        config: salesforceConfig.parse({
          createAccounts: 'business',
          cases: { disputes: true, fraudWarnings: true, reviews: true },
        }),
        credentials: { loginUrl: vendors.urls.salesforce, ...SALESFORCE },
        stripe,
        clock,
        livemode: false,
      }),
    stored: (kind, externalId) =>
      vendors.salesforce
        .records(kind)
        .filter((record) => record.Stripe_Id__c === externalId || record.Stripe_Key__c === externalId),
    faults: vendors.salesforce.faults,
  }))
