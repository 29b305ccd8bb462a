// The composition root's half that is the same for every Lambda: AWS clients from the environment that the CDK app
// sets. A missing variable stops the function at once, with its name.
import { randomUUID } from 'node:crypto'
import { getSecret } from '@aws-lambda-powertools/parameters/secrets'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { systemClock } from '../clock.ts'
import { Ledger, type Scope } from '../ledger/ledger.ts'
import { logToStdout } from '../log.ts'
import { createQueues } from '../queue/queues.ts'
import type { Runtime } from './runtime.ts'
import { createSpillBucket } from './spill-bucket.ts'

/** Set by the CDK app. Queue URLs are one JSON object: {"netsuite": "https://sqs…"}. */
const VARIABLES = [
  'HUB_STAGE',
  'HUB_ACCOUNT',
  'HUB_LIVEMODE',
  'HUB_TABLE',
  'HUB_BUCKET',
  'HUB_QUEUES',
  'HUB_SECRETS',
  'HUB_CONNECTORS',
] as const

type Variable = (typeof VARIABLES)[number]

export interface AwsRuntime extends Runtime {
  /** Names of the connectors that are switched on. */
  connectors: string[]
  scope: Scope
  livemode: boolean
  bucket: string
  s3: S3Client
  /** The ledger's table, for what keeps rows of its own in it. */
  db: DynamoDBDocumentClient
  table: string
  /** JSON of a named secret, cached for five minutes: a roll is picked up without a deployment. */
  secret(name: string): Promise<unknown>
  /** Undefined where the function was given none of that name. */
  optionalSecret(name: string): (() => Promise<unknown>) | undefined
}

const SECRET_MAX_AGE_SECONDS = 300

export function awsRuntime(environment: NodeJS.ProcessEnv): AwsRuntime {
  const variable = (name: Variable): string => {
    const value = environment[name]
    if (!value)
      throw new Error(
        `The environment variable ${name} is missing. Deploy this function with the hub's CDK app.`,
      )
    return value
  }
  const clock = systemClock
  const s3 = new S3Client({})
  const bucket = variable('HUB_BUCKET')
  const secretArns = JSON.parse(variable('HUB_SECRETS')) as Record<string, string>
  const scope = { account: variable('HUB_ACCOUNT'), livemode: variable('HUB_LIVEMODE') === 'true' }
  const db = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  })
  const table = variable('HUB_TABLE')
  const ledger = new Ledger({ db, table, clock, scope })
  const secret = async (name: string): Promise<unknown> => {
    const arn = secretArns[name]
    if (!arn) throw new Error(`This function has no secret named ${name}.`)
    const value = await getSecret(arn, { maxAge: SECRET_MAX_AGE_SECONDS })
    if (typeof value !== 'string')
      throw new Error(`The secret ${name} is not a JSON text. Store it with its fields, then try again.`)
    return JSON.parse(value)
  }
  return {
    stage: variable('HUB_STAGE'),
    clock,
    random: Math.random,
    log: logToStdout,
    ledger,
    queues: createQueues(new SQSClient({}), JSON.parse(variable('HUB_QUEUES')) as Record<string, string>),
    spill: createSpillBucket(s3, bucket),
    workerId: randomUUID(),
    bucket,
    s3,
    db,
    table,
    scope,
    livemode: scope.livemode,
    connectors: JSON.parse(variable('HUB_CONNECTORS')) as string[],
    secret,
    optionalSecret: (name) => (secretArns[name] ? () => secret(name) : undefined),
  }
}
