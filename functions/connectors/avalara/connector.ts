// The avalara connector: keeps the tax of Stripe's drafts and the documents in AvaTax in step with their projection.
import pLimit from 'p-limit'
import type Stripe from 'stripe'
import type { Clock } from '../../../shared/clock.ts'
import type { Connector } from '../../../shared/connector/contract.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { permanent } from '../../../shared/errors.ts'
import { Catalog } from './catalog.ts'
import { AvaTax } from './client.ts'
import type { AvalaraConfig, AvalaraCredentials } from './config.ts'
import { gatherTax } from './gather.ts'
import { manifest } from './manifest.ts'
import { projectTax, type StripeRoot, type TaxContext } from './project.ts'
import { StripeTax } from './stripe-tax.ts'
import { Transactions } from './transactions.ts'

export function createAvalara(options: {
  config: AvalaraConfig
  credentials: AvalaraCredentials
  stripe: Stripe
  clock: Clock
  livemode: boolean
}): Connector<StripeRoot, TaxContext> {
  const { config, credentials, stripe, clock } = options
  if (!options.livemode && credentials.environment === 'production') {
    throw permanent("Stripe's test mode does not go to AvaTax's production: its documents would be filed.", {
      code: 'TAX-MODE',
      hint: 'Avalara admin: store credentials of the AvaTax sandbox for this stage (field environment).',
    })
  }
  const avatax = new AvaTax({ credentials, companyCode: config.companyCode })
  const catalog = new Catalog({ stripe, clock, taxCodes: config.taxCodes })
  const stripeTax = new StripeTax({ stripe, clock })
  const transactions = new Transactions({ avatax, config, clock })
  const limit = pLimit(manifest.vendor.parallelCalls)
  const each = <I, O>(items: readonly I[], work: (item: I) => Promise<O>): Promise<O[]> =>
    Promise.all(items.map((item) => limit(() => work(item))))

  return {
    manifest,
    mapping: hashJson(JSON.stringify(config)),
    gather: (objects) => gatherTax({ stripe, clock, config, catalog, avatax }, objects),
    project: projectTax,
    write: (kind, writings) =>
      each(writings, (writing) =>
        kind === 'stripeTax' ? stripeTax.write(writing) : transactions.write(writing),
      ),
    read: (kind, externalIds) =>
      each(externalIds, (id) => (kind === 'stripeTax' ? stripeTax.read(id) : transactions.read(id))),
    // Tax on a draft is no longer wanted when the draft is one no longer, or is Stripe's to tax: nothing to take away.
    retire: (kind, records) =>
      each(records, async ({ externalId, standing }) =>
        kind === 'stripeTax'
          ? stripeTax.leave(externalId, standing !== undefined)
          : transactions.retire(externalId),
      ),
    probe: () => avatax.ping(),
  }
}
