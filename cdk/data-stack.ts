// What must outlive every deployment: the ledger, the bucket of the lake (with what is too large for SQS under
// spill/), a queue for each connector, and where they exist the key and the fixed addresses. Protected: deleting the
// stack leaves all of it standing, unless hub.config.ts says otherwise.
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Deployment } from '../functions/connectors/deployment.ts'
import type { Manifest } from '../shared/connector/contract.ts'
import { ledgerTable } from '../shared/ledger/table.ts'
import { acceptFinding } from './checks.ts'
import { CustomerKey } from './customer-key.ts'
import { QUERY_RESULTS } from './lake-prefixes.ts'
import { Network } from './network.ts'
import { giveStageMeans } from './stage-means.ts'
import { addDataOutputs } from './stage-outputs.ts'

export interface DataStackProps extends StackProps {
  /** Of every connector there is, switched on or not: a queue costs nothing and its messages stay. */
  manifests: readonly Manifest[]
  deployment: Deployment
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
/** Events from EventBridge wait under this name. */
const INTAKE = 'intake'

/** What is the same for everything that holds data. */
interface Keeping {
  removalPolicy: RemovalPolicy
  key: CustomerKey | undefined
}

export class DataStack extends Stack {
  readonly ledger: Table
  readonly bucket: Bucket
  /** By connector. */
  readonly queues: ReadonlyMap<string, LaneQueues>
  /** For events that come through EventBridge. */
  readonly intake: LaneQueues
  readonly key: CustomerKey | undefined
  readonly network: Network | undefined

  constructor(scope: Construct, id: string, { manifests, deployment, ...props }: DataStackProps) {
    const { keepData, encryptionKey, lake, network, logRetentionDays } = deployment
    super(scope, id, { ...props, terminationProtection: keepData })
    this.key =
      encryptionKey === 'customer' ? new CustomerKey(this, 'CustomerKey', { keep: keepData }) : undefined
    giveStageMeans(this, { logRetentionDays, ...(this.key && { key: this.key }) })
    const keeping = { removalPolicy: keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY, key: this.key }
    this.ledger = createLedger(this, keeping)
    this.bucket = createBucket(this, keeping, Duration.days(lake.resultDays))
    this.queues = new Map(
      manifests.map(({ name, queue }) => [
        name,
        createQueues(this, name, VISIBILITY.plus(Duration.seconds(queue.batchWindowSeconds)), keeping),
      ]),
    )
    this.intake = createQueues(this, INTAKE, VISIBILITY, keeping)
    if (deployment.eventSource) allowEventBridge(this.intake)
    this.network = network && new Network(this, 'Network', network)
    // Exported whether used or not: otherwise a connector that is switched off would want its export taken away
    // while the hub stack still imports it, and CloudFormation refuses that.
    for (const { queue, deadLetters } of [...this.queues.values(), this.intake]) {
      for (const value of [queue.queueArn, queue.queueUrl, queue.queueName, deadLetters.queueName])
        this.exportValue(value)
    }
    addDataOutputs(this)
  }
}

function createLedger(scope: Construct, { removalPolicy, key }: Keeping): Table {
  const { KeySchema = [], GlobalSecondaryIndexes = [] } = ledgerTable('')
  const table = new Table(scope, 'Ledger', {
    ...keysOf(KeySchema),
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'expires',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    removalPolicy,
    ...(key && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key.key }),
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

function createBucket(scope: Construct, { removalPolicy, key }: Keeping, resultsKept: Duration): Bucket {
  const bucket = new Bucket(scope, 'Lake', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    ...(key
      ? // One key for a day's objects instead of a call to KMS for each.
        { encryption: BucketEncryption.KMS, encryptionKey: key.key, bucketKeyEnabled: true }
      : { encryption: BucketEncryption.S3_MANAGED }),
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [
      // A day longer than the queue that points to it.
      { prefix: 'spill/', expiration: Duration.days(15), noncurrentVersionExpiration: Duration.days(1) },
      { prefix: QUERY_RESULTS, expiration: resultsKept, noncurrentVersionExpiration: Duration.days(1) },
      // Room to undo a mistake, and an end to what was forgotten on request.
      {
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    removalPolicy,
    // S3 deletes no bucket that holds something.
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
  })
  acceptFinding(
    bucket,
    'S1',
    "Only the hub's roles and those that you give it to read it; who must know each read switches on CloudTrail's data events for it",
  )
  return bucket
}

function createQueues(
  scope: Construct,
  name: string,
  visibility: Duration,
  { removalPolicy, key }: Keeping,
): LaneQueues {
  const settings = {
    retentionPeriod: RETENTION,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    ...(key
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key.key, dataKeyReuse: Duration.hours(1) }
      : { encryption: QueueEncryption.SQS_MANAGED }),
    enforceSSL: true,
    removalPolicy,
  }
  const deadLetters = new Queue(scope, `${name}-dead-letters`, settings)
  return {
    deadLetters,
    queue: new Queue(scope, `${name}-queue`, {
      ...settings,
      visibilityTimeout: visibility,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVES },
    }),
  }
}

/** Its rules are in the hub stack; naming them here would make the two stacks depend on each other. */
function allowEventBridge({ queue, deadLetters }: LaneQueues): void {
  for (const target of [queue, deadLetters]) {
    target.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [target.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(target).account } },
      }),
    )
  }
}
