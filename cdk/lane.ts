// One connector's lane: its Lambda, fed by its queue as its manifest says, with its own secret and the least that it
// may do. What wakes a person is in lane-alarms.ts.
import { Duration } from 'aws-cdk-lib'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { Manifest } from '../shared/connector/contract.ts'
import { allowLedger, allowListing, allowReading, allowWriting } from './access.ts'
import type { DataStack, LaneQueues } from './data-stack.ts'
import { HubFunction } from './hub-function.ts'
import { EVENTS } from './lake-prefixes.ts'
import { addLaneAlarms } from './lane-alarms.ts'

export interface LaneProps {
  manifest: Manifest
  data: DataStack
  /** What every function of the hub is told. */
  environment: Readonly<Record<string, string>>
  /** By the name under which the function asks for them. */
  secrets: Readonly<Record<string, ISecret>>
  alarms: ITopic
}

/** Less than the lease's 90 s, so that a killed worker's lease outlives it. */
const LANE_TIMEOUT = Duration.seconds(60)

export class Lane extends Construct {
  readonly manifest: Manifest
  readonly handler: HubFunction
  readonly source: SqsEventSource

  constructor(scope: Construct, id: string, { manifest, data, environment, secrets, alarms }: LaneProps) {
    super(scope, id)
    checkConcurrency(manifest)
    this.manifest = manifest
    const queues = queuesOf(data, manifest)
    const { name, title, queue } = manifest

    this.handler = new HubFunction(this, 'Function', {
      folder: `connectors/${name}`,
      description: `Keeps ${title} in step with Stripe`,
      memoryMiB: 1_024,
      timeout: LANE_TIMEOUT,
      environment: {
        ...environment,
        HUB_QUEUES: data.toJsonString({ [name]: queues.queue.queueUrl }),
      },
      secrets,
      callsVendors: true,
    })
    this.source = new SqsEventSource(queues.queue, {
      batchSize: queue.batchSize,
      maxBatchingWindow: Duration.seconds(queue.batchWindowSeconds),
      maxConcurrency: queue.maximumConcurrency,
      reportBatchItemFailures: true,
    })
    this.handler.addEventSource(this.source)

    queues.queue.grantSendMessages(this.handler)
    allowLedger(this.handler, data.ledger, ...LEDGER_ACTIONS)
    allowReading(this.handler, data.bucket, 'spill/')
    if (manifest.style === 'append') {
      allowWriting(this.handler, data.bucket, EVENTS)
      allowListing(this.handler, data.bucket, EVENTS)
    }
    addLaneAlarms(this, { manifest, handler: this.handler, queues, topic: alarms })
  }
}

/** Never a scan, never a transaction. */
export const LEDGER_ACTIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'GetItem',
  'PutItem',
  'Query',
  'UpdateItem',
] as const

export function queuesOf(data: DataStack, { name }: Manifest): LaneQueues {
  const queues = data.queues.get(name)
  if (!queues)
    throw new Error(`The data stack has no queue for ${name}: give both stacks the same manifests.`)
  return queues
}

/** @throws Error when the lane could make more calls at once than the vendor's account allows. */
export function checkConcurrency({ name, title, queue, vendor }: Manifest): void {
  const calls = queue.maximumConcurrency * vendor.parallelCalls
  if (calls <= vendor.accountConcurrency) return
  throw new Error(
    `${title} allows ${vendor.accountConcurrency} calls at once for the whole account, and this lane could make ${calls}: ` +
      `${queue.maximumConcurrency} workers × ${vendor.parallelCalls} calls. Lower queue.maximumConcurrency or ` +
      `vendor.parallelCalls in functions/connectors/${name}/manifest.ts.`,
  )
}
