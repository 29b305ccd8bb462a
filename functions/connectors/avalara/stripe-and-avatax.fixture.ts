// Stripe and AvaTax, both simulated and both reached by their real SDKs, for a seller in New York.
import type { z } from 'zod'
import { createAvalaraSimulator } from '../../../local/simulators/avalara/avalara.ts'
import { createStripeSimulator } from '../../../local/simulators/stripe/server.ts'
import type { ManualClock } from '../../../shared/clock.ts'
import type { Log } from '../../../shared/log.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { avalaraConfigSchema } from './config.ts'
import { createAvalara } from './connector.ts'

type ConfigInput = z.input<typeof avalaraConfigSchema>

export const NEW_YORK_SELLER = {
  companyCode: 'ACME',
  sellerAddress: {
    line1: '1 Broadway',
    city: 'New York',
    region: 'NY',
    postalCode: '10004',
    country: 'US',
  },
  timeZone: 'America/New_York',
} satisfies ConfigInput

/** Taxed at 9.75 %: 6 + 0.25 + 1 + 2.5. */
export const LOS_ANGELES = {
  line1: '1 Main St',
  city: 'Los Angeles',
  state: 'CA',
  postal_code: '90012',
  country: 'US',
}
/** Taxed at 19 %. */
export const BERLIN = { line1: 'Linienstr. 1', city: 'Berlin', postal_code: '10115', country: 'DE' }

export async function startStripeAndAvaTax(clock: ManualClock) {
  const now = () => clock.now()
  const apiKey = 'sk_test_1'
  const stripeSimulator = createStripeSimulator({ now, seed: 7, apiKey })
  const avatax = createAvalaraSimulator({ now, companyCode: 'ACME', accountId: '11', licenseKey: 'key' })
  const servers = { stripe: await stripeSimulator.listen(), avalara: await avatax.listen() }
  const stripe = createStripeClient({ apiKey, baseUrl: servers.stripe.url })
  const credentials = { accountId: '11', licenseKey: 'key', environment: servers.avalara.url }
  return {
    clock,
    stripe,
    stripeUrl: servers.stripe.url,
    stripeSimulator,
    avatax,
    credentials,
    connect: (over: Partial<ConfigInput> = {}, log?: Log) =>
      createAvalara({
        config: avalaraConfigSchema.parse({
          ...NEW_YORK_SELLER,
          taxCodes: { default: 'SW056000' },
          ...over,
        }),
        credentials,
        stripe,
        clock,
        livemode: false,
        ...(log && { log }),
      }),
    /** What stands in AvaTax: code, type, status, date, amount, tax. */
    documents: () =>
      avatax
        .documents()
        .map(({ code, type, status, date, totalAmount, totalTax }) =>
          [code, type, status, date, totalAmount, totalTax].join(' '),
        ),
    close: async () => {
      await servers.stripe.close()
      await servers.avalara.close()
    },
  }
}

export type StripeAndAvaTax = Awaited<ReturnType<typeof startStripeAndAvaTax>>
