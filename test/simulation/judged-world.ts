// A played-out hub as the verdict sees it: everything that is left, and a way to ask each vendor without faults.
import hubConfig from '../../hub.config.ts'
import { AVALARA, NETSUITE, SALESFORCE, STRIPE_API_KEY } from '../../local/hub/credentials.ts'
import { LEDGER_TABLE, STAGE } from '../../local/hub/names.ts'
import { createStripeReader } from '../../shared/stripe/access.ts'
import { draftsOutOfReach } from './out-of-reach.ts'
import type { SimulatedHub } from './simulated-hub.ts'
import { VENDOR_URLS } from './vendor-network.ts'
import type { JudgedWorld } from './verdict/world.ts'

/** @param impossible what no vendor will ever take, and the code that it must be parked with. */
export function judgedWorld(hub: SimulatedHub, impossible: JudgedWorld['impossible'] = []): JudgedWorld {
  const {
    bucket,
    deployment,
    dynamoDb,
    scheduler,
    simulators,
    sqs,
    stripe,
    sweeps,
    vendorNetwork,
    webhooks,
  } = hub
  const { manifests } = deployment
  const queue = (name: string) => {
    const found = sqs.queue(name)
    if (!found) throw new Error(`There is no queue ${name}.`)
    return found
  }
  const leased = manifests.filter(({ style }) => style === 'projection')
  const configs = deployment.deployedConfigs
  const acknowledged = new Map([...sweeps.recovered, ...webhooks.acknowledged])
  return {
    manifests,
    connectors: configs.flatMap((config) =>
      leased.map(({ name }) => deployment.connector(name, scheduler.clock, { deployed: config })),
    ),
    stripe,
    reader: createStripeReader(stripe),
    ledgerItems: () => dynamoDb.items(LEDGER_TABLE),
    simulators,
    vendorAccess: {
      stripe: { apiKey: STRIPE_API_KEY, baseUrl: VENDOR_URLS.stripe, httpClient: hub.stripeHttpClient },
      salesforce: { loginUrl: VENDOR_URLS.salesforce, ...SALESFORCE },
      netsuite: netsuiteAccess(simulators.netsuitePrivateKey, () => scheduler.clock.now()),
      avalara: {
        baseUrl: VENDOR_URLS.avalara,
        companyCode: hubConfig(STAGE).connectors.avalara?.companyCode ?? '',
        ...AVALARA,
      },
    },
    lakeObjects: new Map([...bucket.objects].map(([key, { bytes }]) => [key, bytes])),
    queues: new Map(manifests.map(({ name }) => [name, queue(name)])),
    deadQueues: new Map(manifests.map(({ name }) => [name, queue(`${name}-dead`)])),
    acknowledged: [...acknowledged.keys()].map((eventId) => ({ eventId })),
    outOfReach: draftsOutOfReach(simulators.stripe.events, acknowledged, hub.outages),
    impossible,
    deadly: hub.deadly,
    died: scheduler.died,
    limits: leased.flatMap(({ name, vendor }) => {
      const traffic = Object.values(vendorNetwork.traffic).find((each) => each.vendor === name)
      return traffic
        ? [{ vendor: name, most: traffic.most, allowed: vendor.accountConcurrency, refused: traffic.refused }]
        : []
    }),
  }
}

function netsuiteAccess(privateKey: string, now: () => number): JudgedWorld['vendorAccess']['netsuite'] {
  const tax = hubConfig(STAGE).connectors.netsuite?.tax
  return {
    baseUrl: VENDOR_URLS.netsuite,
    ...NETSUITE,
    privateKey,
    now,
    taxItems: tax?.mode === 'liability-item' ? [tax.item, ...Object.values(tax.items)] : [],
  }
}
