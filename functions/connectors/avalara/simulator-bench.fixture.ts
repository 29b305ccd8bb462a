// The connector between a Stripe peer and the AvaTax simulator, with a configuration of the test's own and what it logs.
import type Stripe from 'stripe'
import type * as z from 'zod'
import { createAvalaraSimulator } from '../../../local/simulators/avalara/avalara.ts'
import { ManualClock } from '../../../shared/clock.ts'
import type { LogLine } from '../../../shared/log.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { avalaraConfigSchema } from './config.ts'
import { createAvalara } from './connector.ts'
import { requireStanding, type Synced, syncObject } from './engine-steps.fixture.ts'
import { invoiceOf, MARCH_31_EVENING } from './objects.fixture.ts'
import { StripePeer } from './peers.fixture.ts'
import type { StripeRoot } from './project.ts'

export const PLACES = {
  losAngeles: { line1: '1 Main St', city: 'Los Angeles', state: 'CA', postal_code: '90012', country: 'US' },
  reno: { line1: '1 Main St', city: 'Reno', state: 'NV', postal_code: '89501', country: 'US' },
  berlin: { line1: 'Linienstr. 1', city: 'Berlin', state: null, postal_code: '10115', country: 'DE' },
  berlinn: { line1: 'Linienstr. 1', city: 'Berlinn', state: null, postal_code: '10115', country: 'DE' },
  tokyo: { line1: '1-1', city: 'Tokyo', state: null, postal_code: '100-0001', country: 'JP' },
}

type ConfigInput = Partial<z.input<typeof avalaraConfigSchema>>

export async function startSimulatorBench(over: ConfigInput = {}) {
  const clock = new ManualClock((MARCH_31_EVENING + 5) * 1000)
  const stripePeer = new StripePeer()
  const simulator = createAvalaraSimulator({
    now: () => clock.now(),
    companyCode: 'ACME',
    accountId: '11',
    licenseKey: 'key',
  })
  const server = await simulator.listen()
  const stripe = createStripeClient({ apiKey: 'rk_test_1', baseUrl: await stripePeer.start() })
  const log: LogLine[] = []
  const connectWith = (more: ConfigInput) =>
    createAvalara({
      config: avalaraConfigSchema.parse({
        companyCode: 'ACME',
        sellerAddress: { line1: '5 Quay', city: 'Dublin', postalCode: 'D01', country: 'IE' },
        timeZone: 'America/New_York',
        taxCodes: { default: 'SW056000' },
        ...more,
      }),
      credentials: { accountId: '11', licenseKey: 'key', environment: server.url },
      stripe,
      clock,
      livemode: false,
      log: (line) => log.push(line),
    })
  const bench = {
    clock,
    stripe,
    stripePeer,
    simulator,
    server,
    log,
    connector: connectWith(over),
    /** A deployment with another configuration. */
    reconfigure: (more: ConfigInput) => {
      bench.connector = connectWith({ ...over, ...more })
    },
    close: async () => {
      await stripePeer.stop()
      await server.close()
    },
    customerAt(address: object | null, more: object = {}) {
      stripePeer.objects.set('customers/cus_1', {
        id: 'cus_1',
        object: 'customer',
        metadata: {},
        tax_exempt: 'none',
        shipping: null,
        tax_ids: { data: [] },
        address,
        ...more,
      })
    },
    put(invoice: Parameters<typeof invoiceOf>[0]): Stripe.Invoice {
      const made = invoiceOf(invoice)
      stripePeer.objects.set(`invoices/${made.id}`, structuredClone(made))
      return made
    },
    /** What stands in AvaTax: code, type, status, date, amount, tax. */
    documents: () =>
      simulator
        .documents()
        .map(({ code, type, status, date, totalAmount, totalTax }) =>
          [code, type, status, date, totalAmount, totalTax].join(' '),
        ),
    sync: (object: StripeRoot, before?: Synced) => syncObject(bench.connector, object, before),
    requireStanding: (synced: Synced) => requireStanding(bench.connector, synced),
  }
  bench.customerAt(PLACES.losAngeles)
  stripePeer.objects.set('products/prod_1', { id: 'prod_1', object: 'product', metadata: {}, tax_code: null })
  stripePeer.objects.set('prices/price_1', { id: 'price_1', object: 'price', tax_behavior: 'exclusive' })
  return bench
}

export type SimulatorBench = Awaited<ReturnType<typeof startSimulatorBench>>
