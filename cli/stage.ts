// Opens a stage for a command: the local hub by the note it leaves while it is up, a deployed one by the outputs of its two
// stacks (shared/stage/outputs.ts) and the AWS credentials of whoever types. From here on a command cannot tell them apart.
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { connectorNames, type HubConfig } from '../functions/connectors/hub.ts'
import { manifestsOf } from '../functions/connectors/registry.ts'
import hubConfig from '../hub.config.ts'
import { clientConfig, secretArn } from '../local/aws/account.ts'
import { openLedger, readRunning } from '../local/hub/left-behind.ts'
import { LAKE_BUCKET, LEDGER_TABLE, STAGE } from '../local/hub/names.ts'
import { type Clock, systemClock } from '../shared/clock.ts'
import type { Manifest } from '../shared/connector/contract.ts'
import { Ledger } from '../shared/ledger/ledger.ts'
import { createQueues, type Queues } from '../shared/queue/queues.ts'
import {
  BUCKET_OUTPUT,
  dataStackName,
  deadLettersOutput,
  hubStackName,
  LEDGER_OUTPUT,
  queueOutput,
  secretOutput,
  WEBHOOK_OUTPUT,
} from '../shared/stage/outputs.ts'
import { createStripeClient, stripeAddress } from '../shared/stripe/client.ts'
import { invoiceOfNumber } from '../shared/trace/invoice-number.ts'
import { invoiceInLake } from './invoice-in-lake.ts'
import { Refusal } from './refusal.ts'
import { StageSecrets } from './stage-secrets.ts'

export interface StageOptions {
  /** 'local', or what was deployed: 'staging', 'production'. */
  stage: string
  /** The local hub's. */
  folder: string
  clock?: Clock
}

export interface OpenStage {
  name: string
  isLocal: boolean
  config: HubConfig
  /** Of the connectors that are switched on. */
  manifests: Manifest[]
  clock: Clock
  ledger: Ledger
  table: string
  db: DynamoDBClient
  queues: Queues
  sqs: SQSClient
  /** By connector. */
  queueUrls: Record<string, string>
  deadLetterUrls: Record<string, string>
  s3: S3Client
  bucket: string
  secrets: StageSecrets
  /** Where signed events are posted. */
  webhookUrl: string
  /** @returns the id of the invoice with this number. */
  invoiceOfNumber(number: string): Promise<string | undefined>
  close(): void
}

/** What a stage consists of, before anything is connected. */
interface Parts {
  table: string
  bucket: string
  queueUrls: Record<string, string>
  deadLetterUrls: Record<string, string>
  secretIds: Record<string, string>
  webhookUrl: string
  clients: Record<'dynamoDb' | 'sqs' | 's3' | 'secretsManager', object>
}

/** @throws Refusal that says what is missing, and where. */
export async function openStage({ stage, folder, clock = systemClock }: StageOptions): Promise<OpenStage> {
  const config = hubConfig(stage)
  const manifests = manifestsOf(connectorNames(config))
  const isLocal = stage === STAGE
  const parts = isLocal ? localParts(folder, manifests) : await deployedParts(stage, manifests, config)
  const { clients } = parts
  const db = new DynamoDBClient(clients.dynamoDb)
  const sqs = new SQSClient(clients.sqs)
  const s3 = new S3Client(clients.s3)
  const manager = new SecretsManagerClient(clients.secretsManager)
  const secrets = new StageSecrets(manager, parts.secretIds, stage)
  const ledger = new Ledger({
    db: DynamoDBDocumentClient.from(db, { marshallOptions: { removeUndefinedValues: true } }),
    table: parts.table,
    clock,
    scope: { account: config.stripe.account, livemode: config.livemode },
  })
  return {
    ...parts,
    name: stage,
    isLocal,
    config,
    manifests,
    clock,
    ledger,
    db,
    sqs,
    s3,
    secrets,
    queues: createQueues(sqs, parts.queueUrls),
    invoiceOfNumber: isLocal
      ? invoiceInLake(folder)
      : async (number) =>
          invoiceOfNumber(createStripeClient(stripeAddress(await secrets.read('stripe'))))(number),
    close: () => {
      for (const client of [db, sqs, s3, manager]) client.destroy()
    },
  }
}

/** For what only reads the ledger: the local hub's is there when the hub is not. */
export async function openStageLedger(
  options: StageOptions,
): Promise<Pick<OpenStage, 'ledger' | 'manifests' | 'invoiceOfNumber'> & { close(): Promise<void> }> {
  const { stage, folder } = options
  if (stage === STAGE) {
    const { ledger, close } = await openLedger(folder)
    const manifests = manifestsOf(connectorNames(hubConfig(stage)))
    return { ledger, manifests, invoiceOfNumber: invoiceInLake(folder), close }
  }
  const open = await openStage(options)
  return { ...open, close: async () => open.close() }
}

function localParts(folder: string, manifests: readonly Manifest[]): Parts {
  const running = readRunning(folder)
  const { s3, secretsManager, webhook } = running ?? {}
  if (!running || !s3 || !secretsManager || !webhook) {
    throw new Refusal(
      `No local hub is up in ${folder}/, and its simulated vendors end with it. Nothing was done. Start it with npm start, then try again. [STAGE-NO-HUB]`,
    )
  }
  return {
    table: LEDGER_TABLE,
    bucket: LAKE_BUCKET,
    queueUrls: running.queues,
    deadLetterUrls: Object.fromEntries(
      manifests.map(({ name }) => [name, `${running.queues[name] ?? ''}-dead`]),
    ),
    secretIds: Object.fromEntries(
      ['stripe', 'webhook', 'salesforce', 'netsuite', 'avalara', 'tax-estimate'].map((name) => [
        name,
        secretArn(name),
      ]),
    ),
    webhookUrl: webhook,
    clients: {
      dynamoDb: clientConfig(running.dynamoDb),
      sqs: clientConfig(running.sqs),
      s3: { ...clientConfig(s3), forcePathStyle: true },
      secretsManager: clientConfig(secretsManager),
    },
  }
}

async function deployedParts(
  stage: string,
  manifests: readonly Manifest[],
  { connectors }: HubConfig,
): Promise<Parts> {
  const cloudFormation = new CloudFormationClient({})
  try {
    const data = await outputsOf(cloudFormation, dataStackName(stage), stage)
    const hub = await outputsOf(cloudFormation, hubStackName(stage), stage)
    const names = manifests.map(({ name }) => name)
    const secretNames = ['stripe', 'webhook', 'tax-estimate', ...Object.keys(connectors)]
    return {
      table: data.require(LEDGER_OUTPUT),
      bucket: data.require(BUCKET_OUTPUT),
      queueUrls: Object.fromEntries(names.map((name) => [name, data.require(queueOutput(name))])),
      deadLetterUrls: Object.fromEntries(names.map((name) => [name, data.require(deadLettersOutput(name))])),
      secretIds: Object.fromEntries(
        secretNames.flatMap((name) => {
          const arn = hub.find(secretOutput(name))
          return arn === undefined ? [] : [[name, arn]]
        }),
      ),
      webhookUrl: hub.require(WEBHOOK_OUTPUT),
      clients: { dynamoDb: {}, sqs: {}, s3: {}, secretsManager: {} },
    }
  } finally {
    cloudFormation.destroy()
  }
}

interface Outputs {
  find(name: string): string | undefined
  require(name: string): string
}

async function outputsOf(client: CloudFormationClient, stack: string, stage: string): Promise<Outputs> {
  const { Stacks: [found] = [] } = await client
    .send(new DescribeStacksCommand({ StackName: stack }))
    .catch((error: unknown) => {
      throw refusalFor(error, stack, stage)
    })
  const outputs = new Map(found?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
  const find = (name: string) => outputs.get(name)
  return {
    find,
    require: (name) => {
      const value = find(name)
      if (value) return value
      throw new Refusal(
        `The stack ${stack} has no output ${name}: it was deployed by an older version of the hub, or with another hub.config.ts. Nothing was done. Deploy it again: npx cdk deploy -c stage=${stage} --all [STAGE-OUTPUT]`,
      )
    },
  }
}

function refusalFor(error: unknown, stack: string, stage: string): Refusal {
  const { name = '', message = '' } = error instanceof Error ? error : {}
  if (name === 'ValidationError' && message.includes('does not exist')) {
    return new Refusal(
      `There is no stack ${stack} in this AWS account and region. Nothing was done. Look at the stage's name, AWS_PROFILE and AWS_REGION, or deploy it: npx cdk deploy -c stage=${stage} --all [STAGE-UNKNOWN]`,
      2,
      { cause: error },
    )
  }
  if (name === 'AccessDenied' || name === 'AccessDeniedException') {
    return new Refusal(
      `AWS does not let you read the stack ${stack}. Nothing was done. AWS admin: allow cloudformation:DescribeStacks, or set AWS_PROFILE to a role that may. [STAGE-ACCESS]`,
      2,
      { cause: error },
    )
  }
  return new Refusal(
    `AWS cannot be asked for the stage ${stage} (${message}). Nothing was done. Sign in (aws sso login) and set AWS_PROFILE and AWS_REGION, then try again. [STAGE-AWS]`,
    1,
    { cause: error },
  )
}
