// The hub as it is deployed in a history: the same handlers as in the cloud, each made anew in the process that a cold
// start brings, from that process's own clock, and from the configuration that is deployed at the moment.

import type Stripe from 'stripe'
import { awsLanes } from '../../functions/breaker/aws-lanes.ts'
import { runBreaker } from '../../functions/breaker/breaker.ts'
import { connectorNames, type HubConfig } from '../../functions/connectors/hub.ts'
import { manifestsOf } from '../../functions/connectors/registry.ts'
import { createWebhookHandler } from '../../functions/ingest/handler.ts'
import { createIngest } from '../../functions/ingest/ingest.ts'
import { runSweep, type SweepReport } from '../../functions/reconcile/sweep.ts'
import hubConfig from '../../hub.config.ts'
import { createLocalConnector } from '../../local/hub/connectors.ts'
import { SIGNING_SECRETS } from '../../local/hub/credentials.ts'
import { createLaneHandler } from '../../local/hub/lane-handler.ts'
import { LAKE_BUCKET, LEDGER_TABLE, STAGE } from '../../local/hub/names.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Connector, Manifest, ObjectRef } from '../../shared/connector/contract.ts'
import { createAccept } from '../../shared/intake/accept.ts'
import { Ledger, type Scope } from '../../shared/ledger/ledger.ts'
import type { LogLine } from '../../shared/log.ts'
import { createQueues } from '../../shared/queue/queues.ts'
import type { Runtime } from '../../shared/runtime/runtime.ts'
import { createSpillBucket } from '../../shared/runtime/spill-bucket.ts'
import type { AwsClients } from './aws/clients.ts'
import type { Dice } from './dice.ts'
import type { WorkerHandler } from './lane.ts'
import type { Process } from './scheduler.ts'
import type { WebhookHandler } from './stripe-side.ts'
import { VENDOR_URLS } from './vendor-network.ts'

export interface DeploymentOptions {
  dice: Dice
  aws: AwsClients
  queueUrls: Readonly<Record<string, string>>
  stripe: Stripe
  netsuitePrivateKey: string
  onLog(process: Process, line: LogLine): void
  /** A worker has this object in its hands: it may not survive that. */
  onGather(process: Process, connector: string, ref: ObjectRef): void
}

const sample = hubConfig(STAGE)

/** Fees as journals beside their payments, as a company has them whose payouts are manual; else they come with the payout. */
function withOwnFees(config: HubConfig): HubConfig {
  const { netsuite } = config.connectors
  if (!netsuite?.payouts) return config
  const payouts = { ...netsuite.payouts, feesWithPaymentsFrom: '2026-01-01' }
  return { ...config, connectors: { ...config.connectors, netsuite: { ...netsuite, payouts } } }
}

export class Deployment {
  readonly manifests: readonly Manifest[] = manifestsOf(connectorNames(sample))
  private readonly scope: Scope = { account: sample.stripe.account, livemode: sample.livemode }
  private readonly options: DeploymentOptions
  private readonly config: HubConfig
  /** Every configuration that was ever deployed, the newest last. */
  readonly deployedConfigs: HubConfig[]

  constructor(options: DeploymentOptions) {
    this.options = options
    this.config = options.dice.fork('fees').chance(0.3) ? withOwnFees(sample) : sample
    this.deployedConfigs = [this.config]
  }

  /** From the next cold start on, customers carry one field more. */
  changeMapping(): void {
    const { config } = this
    const { salesforce } = config.connectors
    if (!salesforce) return
    const fields = {
      ...salesforce.fields,
      Stripe_Customer__c: {
        [ADDED_FIELD]: { from: 'name', owner: 'stripe' as const, type: 'text' as const },
      },
    }
    this.deployedConfigs.push({
      ...config,
      connectors: { ...config.connectors, salesforce: { ...salesforce, fields } },
    })
  }

  ingest(process: Process): WebhookHandler {
    const edge = this.edge(process)
    const accept = createAccept(edge)
    return createWebhookHandler(createIngest({ ...edge, accept, secrets: async () => SIGNING_SECRETS }))
  }

  worker(name: string, process: Process): WorkerHandler {
    const runtime = this.runtime(process)
    const { aws, onGather, stripe } = this.options
    return createLaneHandler(name, {
      runtime,
      stripe,
      s3: aws.s3,
      livemode: this.scope.livemode,
      connector: () => {
        const connector = this.connector(name, process.clock, { ledger: runtime.ledger })
        return {
          ...connector,
          gather: (objects) => {
            for (const { ref } of objects) onGather(process, name, ref)
            return connector.gather(objects)
          },
        }
      },
    })
  }

  /**
   * Accepts the events that no webhook brought. What it would do about deliveries that never ended is left out by giving
   * it no lanes to look at: that mends what the engine gets wrong, and nobody would see.
   */
  sweep(process: Process): Promise<SweepReport> {
    const edge = this.edge(process)
    return runSweep({ ...edge, manifests: [], stripe: this.options.stripe, accept: createAccept(edge) })
  }

  breaker(process: Process): Promise<void> {
    const addresses = Object.fromEntries(
      this.manifests.map(({ name }) => [name, { eventSource: name, functionName: name }]),
    )
    const lanes = awsLanes(this.options.aws.lambda, this.manifests, addresses)
    return runBreaker({ ...this.runtime(process), lanes })
  }

  connector(
    name: string,
    clock: Clock,
    {
      deployed = this.deployedConfigs.at(-1) ?? this.config,
      ledger,
    }: { deployed?: HubConfig; ledger?: Ledger } = {},
  ): Connector {
    const { netsuitePrivateKey, stripe } = this.options
    return createLocalConnector(name, {
      config: deployed,
      ledger,
      vendors: { urls: VENDOR_URLS, netsuitePrivateKey },
      stripe,
      clock,
      livemode: this.scope.livemode,
    })
  }

  private ledger(clock: Clock): Ledger {
    return new Ledger({ db: this.options.aws.dynamoDb, table: LEDGER_TABLE, clock, scope: this.scope })
  }

  private edge(process: Process) {
    return { ...this.runtime(process), manifests: this.manifests, scope: this.scope }
  }

  private runtime(process: Process): Runtime {
    const { aws, dice, onLog, queueUrls } = this.options
    return {
      stage: STAGE,
      clock: process.clock,
      random: dice.fork(process.name).next,
      log: (line) => onLog(process, line),
      ledger: this.ledger(process.clock),
      queues: createQueues(aws.sqs, queueUrls),
      spill: createSpillBucket(aws.s3, LAKE_BUCKET),
      workerId: process.name,
    }
  }
}

/** A text field of Stripe_Customer__c that the first deployment does not write. */
export const ADDED_FIELD = 'Billing_Name__c'
