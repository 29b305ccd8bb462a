// The avalara connector: keeps the tax of Stripe's drafts and the documents in AvaTax in step with their projection.
import pLimit from 'p-limit'
import type Stripe from 'stripe'
import type { Clock } from '../../../shared/clock.ts'
import type { Connector, ReadRecord, Writing, Written } from '../../../shared/connector/contract.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { TrafficMeter } from '../../../shared/connector/traffic.ts'
import type { HubError } from '../../../shared/errors.ts'
import type { Log } from '../../../shared/log.ts'
import { amountsOf } from './amounts.ts'
import { Catalog } from './catalog.ts'
import { connectAvaTax } from './client.ts'
import type { AvalaraConfig, AvalaraCredentials } from './config.ts'
import { gatherTax } from './gather.ts'
import { manifest } from './manifest.ts'
import { projectTax, type StripeRoot, type TaxContext } from './project.ts'
import { Reissues } from './reissue.ts'
import { isReissueId } from './reissue-body.ts'
import { StripeTax } from './stripe-tax.ts'
import { tellTax } from './tax-signals.ts'
import { Transactions } from './transactions.ts'

/** Where the records of one kind stand. */
interface Remote {
  write(writing: Writing): Promise<Written | HubError>
  read(externalId: string): Promise<ReadRecord | undefined>
  /** @param inDoubt a write of unknown outcome may have landed late. */
  retire(externalId: string, inDoubt: boolean): Promise<Written | HubError>
}

export function createAvalara(options: {
  config: AvalaraConfig
  credentials: AvalaraCredentials
  stripe: Stripe
  clock: Clock
  livemode: boolean
  /** For what finance must hear of (tax-signals.ts); absent: nobody listens. */
  log?: Log
}): Connector<StripeRoot, TaxContext> {
  const { config, credentials, stripe, clock } = options
  const tell = tellTax(options.log ?? (() => undefined), clock)
  const meter = new TrafficMeter()
  const avatax = connectAvaTax({
    credentials,
    companyCode: config.companyCode,
    livemode: options.livemode,
    meter,
  })
  const catalog = new Catalog({ stripe, clock, taxCodes: config.taxCodes })
  const stripeTax = new StripeTax({ stripe, clock, tell })
  const reissues = new Reissues({ stripe, clock, tell })
  const transactions = new Transactions({ avatax, config, clock, tell })
  const remoteOf = (kind: string, externalId: string): Remote => {
    if (kind === 'stripeTax') return stripeTax
    return isReissueId(externalId) ? reissues : transactions
  }
  const limit = pLimit(manifest.vendor.parallelCalls)
  const each = <I, O>(items: readonly I[], work: (item: I) => Promise<O>): Promise<O[]> =>
    Promise.all(items.map((item) => limit(() => work(item))))

  return {
    manifest,
    mapping: hashJson(JSON.stringify(config)),
    gather: (objects) => gatherTax({ stripe, clock, config, catalog, avatax, tell }, objects),
    project: projectTax,
    write: (kind, writings) =>
      each(writings, (writing) => remoteOf(kind, writing.record.externalId).write(writing)),
    read: (kind, externalIds) => each(externalIds, (id) => remoteOf(kind, id).read(id)),
    amounts: amountsOf,
    retire: (kind, records) =>
      each(records, ({ externalId: id, standing }) => remoteOf(kind, id).retire(id, standing !== undefined)),
    probe: () => avatax.ping(),
    traffic: () => meter.take(),
  }
}
