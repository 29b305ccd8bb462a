// The close over the local hub: the same reader as in the cloud, given the simulated vendors' addresses, the lake's folder
// and the ledger of a hub that is up. `hub close` and the page on the front door both come here, so that they cannot differ.
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { type CloseSources, closeMonth } from '../../functions/close/close.ts'
import type { Progress } from '../../functions/close/evidence.ts'
import { connectAvaTax } from '../../functions/connectors/avalara/client.ts'
import {
  connectorNames,
  type HubConfig,
  refundsReturnedSince,
  sellerZone,
} from '../../functions/connectors/hub.ts'
import { createNetSuiteClient } from '../../functions/connectors/netsuite/client.ts'
import { manifestsOf } from '../../functions/connectors/registry.ts'
import hubConfig from '../../hub.config.ts'
import type { Clock } from '../../shared/clock.ts'
import type { CloseReport } from '../../shared/close/close.ts'
import { createStripeClient } from '../../shared/stripe/client.ts'
import { clientConfig } from '../aws/account.ts'
import { startS3 } from '../aws/s3.ts'
import { queryLake } from '../sql.ts'
import { netsuiteCredentials } from './connectors.ts'
import { AVALARA, STRIPE_API_KEY } from './credentials.ts'
import { connectLedger, type Running } from './left-behind.ts'
import { BUCKETS_FOLDER, LAKE_BUCKET, STAGE } from './names.ts'

export interface LocalClose {
  /** 'YYYY-MM'. */
  month: string
  hub: Pick<Running, 'dynamoDb' | 'vendors' | 'netsuitePrivateKey'>
  /** The hub's: its lake is in it. */
  folder: string
  clock: Clock
  /** The hub's, where it is not hub.config.ts's. */
  config?: HubConfig
  /** By currency, of the close of the month before. */
  previousClosing?: Record<string, bigint>
  /** Given: Stripe itself is read instead of the simulator. */
  stripeApiKey?: string
  progress?: Progress
}

/** @throws RangeError for what is no month, or has not begun. */
export async function closeLocalMonth(asked: LocalClose): Promise<CloseReport> {
  const { ledger, close } = connectLedger(asked.hub.dynamoDb)
  // A second door to the hub's own bucket folder, for the journals of revenue: the close only reads there.
  const bucket = await startS3({ clock: asked.clock, root: join(asked.folder, BUCKETS_FOLDER) })
  const s3 = new S3Client({ ...clientConfig(bucket.endpoint), forcePathStyle: true })
  try {
    return await closeMonth({
      ...sourcesOf(asked),
      ledger: { ledger, lanes: lanes() },
      subLedger: { s3, bucket: LAKE_BUCKET },
    })
  } finally {
    s3.destroy()
    await bucket.close()
    close()
  }
}

function lanes(): string[] {
  const manifests = manifestsOf(connectorNames(hubConfig(STAGE)))
  return manifests.filter(({ style }) => style === 'projection').map(({ name }) => name)
}

function sourcesOf({
  month,
  hub,
  folder,
  clock,
  config = hubConfig(STAGE),
  previousClosing,
  stripeApiKey,
  progress,
}: LocalClose): Omit<CloseSources, 'ledger' | 'subLedger'> {
  const { connectors, livemode } = config
  const { netsuite, avalara } = connectors
  const lake = join(folder, BUCKETS_FOLDER, LAKE_BUCKET)
  const credentials = netsuiteCredentials(hub.netsuitePrivateKey, hub.vendors.netsuite)
  return {
    month,
    timeZone: sellerZone(config),
    refundsReturnedSince: refundsReturnedSince(config),
    clock,
    stripe: stripeApiKey
      ? createStripeClient({ apiKey: stripeApiKey })
      : createStripeClient({ apiKey: STRIPE_API_KEY, baseUrl: hub.vendors.stripe }),
    ...(netsuite && {
      netsuite: { client: createNetSuiteClient(netsuite.account, credentials, clock), config: netsuite },
    }),
    ...(avalara && {
      avatax: connectAvaTax({
        credentials: { ...AVALARA, environment: hub.vendors.avalara },
        companyCode: avalara.companyCode,
        livemode,
      }),
    }),
    ...(connectors.lake && { lake: async (sql: string) => (await queryLake(lake, sql)).rows }),
    ...(previousClosing && { revenue: { previousClosing } }),
    ...(progress && { progress }),
  }
}
