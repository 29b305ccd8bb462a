// The demo's company as one that leaves revenue to the hub: what is sold waits on a deferred account of its own, and once the
// month has ended a journal for each subsidiary and currency brings what is earned. The same code as `hub recognize` posts
// them; whether they tie is the close's to say.
import { S3Client } from '@aws-sdk/client-s3'
import type { HubConfig } from '../../functions/connectors/hub.ts'
import { createNetSuiteClient } from '../../functions/connectors/netsuite/client.ts'
import { netsuiteConfig } from '../../functions/connectors/netsuite/config.ts'
import { type RecognitionReport, recognizeRevenue } from '../../functions/recognition/recognize.ts'
import hubConfig from '../../hub.config.ts'
import type { Clock } from '../../shared/clock.ts'
import { netsuiteCredentials } from '../hub/connectors.ts'
import type { LocalHub } from '../hub/hub.ts'
import { LAKE_BUCKET, STAGE } from '../hub/names.ts'
import { type Chart, defaultChart } from '../simulators/netsuite/chart.ts'

const DEFERRED = '215'

/** @param firstMonth nothing was billed before it. */
export function journalingCompany(firstMonth: string): { config: HubConfig; chart: Chart } {
  const base = hubConfig(STAGE)
  const netsuite = netsuiteConfig.parse({
    ...base.connectors.netsuite,
    revenue: {
      mode: 'journals',
      firstMonth,
      deferredAccount: DEFERRED,
      // Calls that are paid for in advance are earned as they are used: until then they are owed, on the account that
      // `billingCredits` names.
      revenueAccounts: { plans: '411', usage: '412', services: '413', 'prepaid calls': '212' },
      products: {
        prod_usage: 'usage',
        prod_onboarding: 'services',
        prod_support: 'services',
        prod_freight: 'services',
        prod_credits: 'prepaid calls',
      },
      defaultKey: 'plans',
      shippingKey: 'services',
    },
  })
  const sells = new Set([...Object.values(netsuite.items), netsuite.shippingItem])
  return {
    config: { ...base, connectors: { ...base.connectors, netsuite } },
    chart: deferringChart((item) => sells.has(item)),
  }
}

function deferringChart(isSold: (item: string) => boolean): Chart {
  const { records, ids } = defaultChart()
  const isItem = ({ type }: { type: string }) => type.endsWith('SaleItem')
  return {
    ids,
    records: [
      ...records.map((record) =>
        isItem(record) && isSold(record.id)
          ? { ...record, fields: { ...record.fields, incomeAccount: DEFERRED } }
          : record,
      ),
      {
        type: 'account',
        id: DEFERRED,
        fields: { acctNumber: '2310', acctName: 'Sales to be Earned', acctType: 'DeferRevenue' },
      },
    ],
  }
}

/** The journals of the month, stored and posted; as the nightly function would have. @throws HubError. */
export async function recognizeMonth(
  { config, vendors, stripe, aws }: LocalHub,
  clock: Clock,
  month: string,
): Promise<RecognitionReport> {
  const { netsuite } = config.connectors
  if (!netsuite) throw new Error('hub.config.ts does not switch netsuite on.')
  const credentials = netsuiteCredentials(vendors.netsuitePrivateKey, vendors.urls.netsuite)
  const s3 = new S3Client(aws.clients.s3)
  try {
    return await recognizeRevenue(
      {
        config: netsuite,
        stripe,
        client: createNetSuiteClient(netsuite.account, credentials, clock),
        s3,
        bucket: LAKE_BUCKET,
        clock,
      },
      { through: month },
    )
  } finally {
    s3.destroy()
  }
}
