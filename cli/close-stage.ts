// The close of a deployed stage: the same reader as the local hub's, given the stage's own credentials, ledger and lake.
import { closeMonth } from '../functions/close/close.ts'
import type { Progress } from '../functions/close/evidence.ts'
import { connectAvaTax } from '../functions/connectors/avalara/client.ts'
import { avalaraCredentialsSchema } from '../functions/connectors/avalara/config.ts'
import { sellerZone } from '../functions/connectors/hub.ts'
import { createNetSuiteClient } from '../functions/connectors/netsuite/client.ts'
import { netsuiteCredentials } from '../functions/connectors/netsuite/config.ts'
import { queryLake } from '../local/sql.ts'
import type { CloseReport } from '../shared/close/close.ts'
import { createStripeClient, stripeAddress } from '../shared/stripe/client.ts'
import { mirrorLake } from './lake-mirror.ts'
import type { OpenStage } from './stage.ts'

export interface StageClose {
  /** 'YYYY-MM'. */
  month: string
  folder: string
  previousClosing?: Record<string, bigint>
  progress?: Progress
}

/** @throws RangeError for what is no month, or has not begun; Refusal for a secret that cannot be read. */
export async function closeStageMonth(stage: OpenStage, asked: StageClose): Promise<CloseReport> {
  const { config, secrets, clock, ledger, manifests, s3, bucket } = stage
  const { netsuite, avalara, lake } = config.connectors
  const { month, folder, previousClosing, progress } = asked
  return closeMonth({
    month,
    timeZone: sellerZone(config),
    clock,
    stripe: createStripeClient(stripeAddress(await secrets.read('stripe'))),
    ...(netsuite && {
      netsuite: {
        client: createNetSuiteClient(
          netsuite.account,
          netsuiteCredentials.parse(await secrets.read('netsuite')),
          clock,
        ),
        config: netsuite,
      },
    }),
    ...(avalara && {
      avatax: connectAvaTax({
        credentials: avalaraCredentialsSchema.parse(await secrets.read('avalara')),
        companyCode: avalara.companyCode,
        livemode: config.livemode,
      }),
    }),
    ...(lake && {
      lake: async (sql: string) => (await queryLake(await mirrorLake(stage, folder), sql)).rows,
    }),
    ledger: {
      ledger,
      lanes: manifests.filter(({ style }) => style === 'projection').map(({ name }) => name),
    },
    subLedger: { s3, bucket },
    ...(previousClosing && { revenue: { previousClosing } }),
    ...(progress && { progress }),
  })
}
