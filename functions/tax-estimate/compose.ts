// POST /tax/estimate put together from its configuration slice and its transports, on AWS and on a laptop alike.
import type Stripe from 'stripe'
import type { Clock } from '../../shared/clock.ts'
import type { Log } from '../../shared/log.ts'
import { Catalog } from '../connectors/avalara/catalog.ts'
import { connectAvaTax } from '../connectors/avalara/client.ts'
import type { AvalaraConfig, AvalaraCredentials } from '../connectors/avalara/config.ts'
import type { Callers } from './authorize.ts'
import { createTaxEstimate } from './estimate.ts'
import { createEstimateFront } from './front.ts'
import { createTaxEstimateHandler } from './handler.ts'
import { TaxRates } from './tax-rates.ts'

export interface TaxEstimateOptions {
  config: AvalaraConfig
  credentials: AvalaraCredentials
  stripe: Stripe
  /** Cached by whoever provides it: a flood of strangers must not reach the store. */
  callers: () => Promise<Callers>
  clock: Clock
  log: Log
  livemode: boolean
}

/** @throws permanent TAX-MODE when a test stage points to AvaTax's production. */
export function composeTaxEstimate({
  config,
  credentials,
  stripe,
  callers,
  clock,
  log,
  livemode,
}: TaxEstimateOptions) {
  const avatax = connectAvaTax({ credentials, companyCode: config.companyCode, livemode })
  const catalog = new Catalog({ stripe, clock, taxCodes: config.taxCodes })
  const rates = new TaxRates({ stripe, clock })
  const estimate = createTaxEstimate({ stripe, avatax, catalog, rates, config, clock })
  return createTaxEstimateHandler(createEstimateFront({ estimate, callers, clock, log }))
}
