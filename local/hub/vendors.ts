// The four simulated vendors, started on loopback.
import type { Clock } from '../../shared/clock.ts'
import { type AvalaraSimulator, createAvalaraSimulator } from '../simulators/avalara/avalara.ts'
import type { Chart } from '../simulators/netsuite/chart.ts'
import { createNetSuiteSimulator, type NetSuiteSimulator } from '../simulators/netsuite/netsuite.ts'
import type { SObjectSchema } from '../simulators/salesforce/schema.ts'
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

export interface VendorOptions {
  clock: Clock
  seed: number
  stripeAccount: string
  netsuiteAccount: string
  companyCode: string
  /** 'suitetax': NetSuite takes tax as details of lines; absent: as item lines. */
  netsuiteTax?: 'items' | 'suitetax'
  /** Absent: the one that hub.config.ts fits. */
  netsuiteChart?: Chart | undefined
  /** Absent: what the hub needs with nothing configured. */
  salesforceSchema?: readonly SObjectSchema[]
  /** How long Stripe waits before it collects a finalized invoice; absent: its hour. */
  collectAfterSeconds?: number
}

export type Simulators = Pick<
  Vendors,
  'stripe' | 'salesforce' | 'netsuite' | 'avalara' | 'now' | 'netsuitePrivateKey'
>

/** The four of them, not yet reachable by anybody. */
export function createSimulators(options: VendorOptions): Simulators {
  const now = () => options.clock.now()
  const keys = netsuiteKeys()
  return {
    stripe: createStripeSimulator({
      now,
      seed: options.seed,
      apiKey: STRIPE_API_KEY,
      accountId: options.stripeAccount,
      collectAfterSeconds: options.collectAfterSeconds,
    }),
    salesforce: createSalesforceSimulator({ now, ...SALESFORCE, schema: options.salesforceSchema }),
    netsuite: createNetSuiteSimulator({
      now,
      account: options.netsuiteAccount,
      ...(options.netsuiteChart && { chart: options.netsuiteChart }),
      clients: { m2m: [{ ...NETSUITE, publicKey: keys.publicKey }] },
      ...(options.netsuiteTax && { tax: options.netsuiteTax }),
    }),
    avalara: createAvalaraSimulator({ now, companyCode: options.companyCode, ...AVALARA }),
    now,
    netsuitePrivateKey: keys.privateKey,
  }
}

export async function startVendors(options: VendorOptions & { ports?: VendorPorts }): Promise<Vendors> {
  const simulators = createSimulators(options)
  const { stripe, salesforce, netsuite, avalara } = simulators
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
    ...simulators,
    urls: {
      stripe: stripeAt.url,
      salesforce: salesforceAt.url,
      netsuite: netsuiteAt.url,
      avalara: avalaraAt.url,
    },
    close: async () => void (await Promise.all(listening.map(close))),
  }
}
