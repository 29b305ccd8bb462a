// The connectors as the laptop composes them: with the simulators' addresses and made-up credentials.
import type Stripe from 'stripe'
import { createAvalara } from '../../functions/connectors/avalara/connector.ts'
import type { HubConfig } from '../../functions/connectors/hub.ts'
import { createNetSuite } from '../../functions/connectors/netsuite/connector.ts'
import { createSalesforce } from '../../functions/connectors/salesforce/connector.ts'
import { createTaxHold } from '../../functions/connectors/tax-hold/connector.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Connector } from '../../shared/connector/contract.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { Log } from '../../shared/log.ts'
import { AVALARA, NETSUITE, SALESFORCE } from './credentials.ts'
import type { Vendors } from './vendors.ts'

export interface LocalConnectorOptions {
  config: HubConfig
  vendors: Pick<Vendors, 'urls' | 'netsuitePrivateKey'>
  stripe: Stripe
  clock: Clock
  livemode: boolean
  /** What a lane's worker has; absent: only what stands and what should stand is asked. */
  ledger?: Ledger
  log?: Log
}

export const avalaraCredentials = ({ urls }: Pick<Vendors, 'urls'>) => ({
  ...AVALARA,
  environment: urls.avalara,
})

export const netsuiteCredentials = (privateKey: string, baseUrl: string) => ({
  auth: 'oauth2' as const,
  ...NETSUITE,
  privateKey,
  algorithm: 'ES256' as const,
  baseUrl,
})

/** A projecting connector that is switched on. */
export function createLocalConnector(
  name: string,
  { config, vendors, stripe, clock, livemode, ledger, log }: LocalConnectorOptions,
): Connector {
  const { salesforce, netsuite, avalara } = config.connectors
  const { urls } = vendors
  if (name === 'salesforce' && salesforce) {
    const credentials = { loginUrl: urls.salesforce, ...SALESFORCE }
    return createSalesforce({ config: salesforce, credentials, stripe, clock, livemode })
  }
  if (name === 'netsuite' && netsuite) {
    const credentials = netsuiteCredentials(vendors.netsuitePrivateKey, urls.netsuite)
    return createNetSuite({ config: netsuite, credentials, stripe, clock, livemode })
  }
  if (name === 'avalara' && avalara) {
    const credentials = avalaraCredentials(vendors)
    return createAvalara({ config: avalara, credentials, stripe, clock, livemode, log })
  }
  if (name === 'tax-hold' && avalara) {
    return createTaxHold({ config: avalara.fallback ?? {}, stripe, clock, ledger, log })
  }
  throw new Error(`The local hub does not know how to run the connector ${name}.`)
}
