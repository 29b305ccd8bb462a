// What must outlive every deployment: the ledger, the bucket of the lake (with what is too large for SQS under
// spill/) and a queue for each connector. Protected: deleting the stack leaves all of it standing.
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Manifest } from '../shared/connector/contract.ts'
import { ledgerTable } from '../shared/ledger/table.ts'
import { addDataOutputs } from './stage-outputs.ts'

export interface DataStackProps extends StackProps {
  /** Of every connector there is, switched on or not: a queue costs nothing and its messages stay. */
  manifests: readonly Manifest[]
}

export interface LaneQueues {
  queue: Queue
  deadLetters: Queue
}

/** The longest that SQS keeps a message: what a vendor's outage may last. */
const RETENTION = Duration.days(14)
/** The engine alone parks; the dead-letter queue is only the net under a crash. */
const MAX_RECEIVES = 1_000
/** The default of 262,144 would refuse large invoices. */
const MAX_MESSAGE_BYTES = 1_048_576
/** Lambda asks for six times the function's time-out; the window comes on top. */
const VISIBILITY = Duration.minutes(6)

export class DataStack extends Stack {
  readonly ledger: Table
  readonly bucket: Bucket
  /** By connector. */
  readonly queues: ReadonlyMap<string, LaneQueues>

  constructor(scope: Construct, id: string, { manifests, ...props }: DataStackProps) {
    super(scope, id, { ...props, terminationProtection: true })
    this.ledger = createLedger(this)
    this.bucket = createBucket(this)
    this.queues = new Map(manifests.map((manifest) => [manifest.name, createQueues(this, manifest)]))
    // Exported whether used or not: otherwise a connector that is switched off would want its export taken away
    // while the hub stack still imports it, and CloudFormation refuses that.
    for (const { queue, deadLetters } of this.queues.values()) {
      for (const value of [queue.queueArn, queue.queueUrl, queue.queueName, deadLetters.queueName])
        this.exportValue(value)
    }
    addDataOutputs(this)
  }
}

function createLedger(scope: Construct): Table {
  const { KeySchema = [], GlobalSecondaryIndexes = [] } = ledgerTable('')
  const table = new Table(scope, 'Ledger', {
    ...keysOf(KeySchema),
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'expires',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })
  for (const index of GlobalSecondaryIndexes) {
    table.addGlobalSecondaryIndex({
      indexName: index.IndexName ?? '',
      ...keysOf(index.KeySchema ?? []),
      projectionType: ProjectionType.ALL,
    })
  }
  return table
}

function keysOf(schema: readonly { AttributeName?: string | undefined; KeyType?: string | undefined }[]) {
  const key = (type: string) => {
    const name = schema.find(({ KeyType }) => KeyType === type)?.AttributeName
    if (!name) throw new Error(`shared/ledger/table.ts: a key schema has no ${type} key.`)
    return { name, type: AttributeType.STRING }
  }
  return { partitionKey: key('HASH'), sortKey: key('RANGE') }
}

function createBucket(scope: Construct): Bucket {
  return new Bucket(scope, 'Lake', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [
      // A day longer than the queue that points to it.
      { prefix: 'spill/', expiration: Duration.days(15), noncurrentVersionExpiration: Duration.days(1) },
      // Room to undo a mistake, and an end to what was forgotten on request.
      {
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  })
}

function createQueues(scope: Construct, { name, queue }: Manifest): LaneQueues {
  const settings = {
    retentionPeriod: RETENTION,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  }
  const deadLetters = new Queue(scope, `${name}-dead-letters`, settings)
  return {
    deadLetters,
    queue: new Queue(scope, `${name}-queue`, {
      ...settings,
      visibilityTimeout: VISIBILITY.plus(Duration.seconds(queue.batchWindowSeconds)),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVES },
    }),
  }
}
