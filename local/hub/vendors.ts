// The four simulated vendors, started on loopback.
import type { Clock } from '../../shared/clock.ts'
import { type AvalaraSimulator, createAvalaraSimulator } from '../simulators/avalara/avalara.ts'
import { createNetSuiteSimulator, type NetSuiteSimulator } from '../simulators/netsuite/netsuite.ts'
import { createSalesforceSimulator, type SalesforceSimulator } from '../simulators/salesforce/server.ts'
import type { Listening } from '../simulators/simulator.ts'
import { createStripeSimulator, type StripeSimulator } from '../simulators/stripe/server.ts'
import { AVALARA, NETSUITE, netsuiteKeys, SALESFORCE, STRIPE_API_KEY } from './credentials.ts'

export interface Vendors {
  stripe: StripeSimulator
  salesforce: SalesforceSimulator
  netsuite: NetSuiteSimulator
  avalara: AvalaraSimulator
  urls: Record<'stripe' | 'salesforce' | 'netsuite' | 'avalara', string>
  /** The time that all of them go by, in milliseconds. */
  now: () => number
  /** PKCS #8 PEM that NetSuite's integration signs its assertions with. */
  netsuitePrivateKey: string
  close(): Promise<void>
}

export interface VendorPorts {
  stripe?: number
  salesforce?: number
  netsuite?: number
  avalara?: number
}

export async function startVendors(options: {
  clock: Clock
  seed: number
  stripeAccount: string
  netsuiteAccount: string
  companyCode: string
  ports?: VendorPorts
}): Promise<Vendors> {
  const now = () => options.clock.now()
  const keys = netsuiteKeys()
  const stripe = createStripeSimulator({
    now,
    seed: options.seed,
    apiKey: STRIPE_API_KEY,
    accountId: options.stripeAccount,
  })
  const salesforce = createSalesforceSimulator({ now, ...SALESFORCE })
  const netsuite = createNetSuiteSimulator({
    now,
    account: options.netsuiteAccount,
    clients: { m2m: [{ ...NETSUITE, publicKey: keys.publicKey }] },
  })
  const avalara = createAvalaraSimulator({ now, companyCode: options.companyCode, ...AVALARA })
  const { ports } = options
  const listening = await Promise.all([
    stripe.listen(ports?.stripe),
    salesforce.listen(ports?.salesforce),
    netsuite.listen(ports?.netsuite),
    avalara.listen(ports?.avalara),
  ])
  const [stripeAt, salesforceAt, netsuiteAt, avalaraAt] = listening
  const close = (server: Listening) => server.close()
  return {
    stripe,
    salesforce,
    netsuite,
    avalara,
    urls: {
      stripe: stripeAt.url,
      salesforce: salesforceAt.url,
      netsuite: netsuiteAt.url,
      avalara: avalaraAt.url,
    },
    now,
    netsuitePrivateKey: keys.privateKey,
    close: async () => void (await Promise.all(listening.map(close))),
  }
}
