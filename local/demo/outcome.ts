// What a played month came to, read from all systems through their public APIs and laid beside Stripe.
import { rm } from 'node:fs/promises'
import { AVALARA, NETSUITE, SALESFORCE, STRIPE_API_KEY } from '../hub/credentials.ts'
import type { LocalHub } from '../hub/hub.ts'
import type { PlayedDeliveries } from '../hub/player.ts'
import { type Break, compare } from './compare.ts'
import { readAvalara } from './readings/avalara.ts'
import { readLake } from './readings/lake.ts'
import { readNetSuite } from './readings/netsuite.ts'
import type { Reading } from './readings/reading.ts'
import { readSalesforce } from './readings/salesforce.ts'
import { readStripe, type StripeReading } from './readings/stripe.ts'
import type { Tally } from './tally.ts'

export interface ParkedItem {
  system: string
  object: string
  reason: string
  hint: string
}

export interface SystemOutcome {
  reading: Reading
  /** HTTP requests that the hub made to it; for the lake, files written to S3. */
  calls: number
}

export interface Outcome {
  deliveries: PlayedDeliveries
  stripe: StripeReading
  systems: SystemOutcome[]
  breaks: Break[]
  parked: ParkedItem[]
}

export async function readOutcome(
  hub: LocalHub,
  deliveries: PlayedDeliveries,
  tally: Tally,
): Promise<Outcome> {
  const { vendors, config } = hub
  // Counted before the readings below make calls of their own.
  const calls = {
    salesforce: vendors.salesforce.calls.total,
    netsuite: vendors.netsuite.calls.total,
    avalara: vendors.avalara.calls.total,
    lake: tally.lane('lake').files,
  }
  const { stripe, readings } = await readSystems({ vendors, config, lakeFolder: hub.lakeFolder })
  const systems = (['salesforce', 'netsuite', 'avalara', 'lake'] as const).map((name) => ({
    reading: readings[name],
    calls: calls[name],
  }))
  return {
    deliveries,
    stripe,
    systems,
    breaks: compare(
      stripe,
      systems.map(({ reading }) => reading),
    ),
    parked: await readParked(hub),
  }
}

/** Each through its own API, the lake from its files. */
export async function readSystems({
  vendors,
  config,
  lakeFolder,
}: Pick<LocalHub, 'vendors' | 'config' | 'lakeFolder'>): Promise<{
  stripe: StripeReading
  readings: Record<'salesforce' | 'netsuite' | 'avalara' | 'lake', Reading>
}> {
  const stripe = await readStripe({ apiKey: STRIPE_API_KEY, baseUrl: vendors.urls.stripe })
  const tax = config.connectors.netsuite?.tax
  const readings = {
    salesforce: await readSalesforce({ loginUrl: vendors.urls.salesforce, ...SALESFORCE }),
    netsuite: await readNetSuite(
      {
        baseUrl: vendors.urls.netsuite,
        ...NETSUITE,
        privateKey: vendors.netsuitePrivateKey,
        now: () => vendors.now(),
        journalsRevenue: config.connectors.netsuite?.revenue?.mode === 'journals',
        taxItems: tax?.mode === 'liability-item' ? [tax.item, ...Object.values(tax.items)] : [],
      },
      stripe.invoiceOfNote,
    ),
    avalara: await readAvalara({
      baseUrl: vendors.urls.avalara,
      companyCode: config.connectors.avalara?.companyCode ?? '',
      ...AVALARA,
    }),
    lake: await readLake(lakeFolder),
  }
  return { stripe, readings }
}

/** What is not in step, and is known not to be. */
export async function readParked({
  manifests,
  ledger,
}: Pick<LocalHub, 'manifests' | 'ledger'>): Promise<ParkedItem[]> {
  const items: ParkedItem[] = []
  for (const { name, style } of manifests) {
    if (style !== 'projection') continue
    for (const status of ['parked', 'waiting'] as const) {
      for (const { ref, trouble } of await ledger.troubled(name, status)) {
        items.push({
          system: name,
          object: ref.id,
          reason: `${trouble?.reason ?? ''} [${trouble?.code ?? ''}]`,
          hint: trouble?.hint ?? 'It is tried again by itself.',
        })
      }
    }
  }
  return items
}

/** What an earlier run left behind. */
export const clearFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })
