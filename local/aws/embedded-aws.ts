// The AWS account of the local hub: DynamoDB, SQS, S3, Lambda's event sources and Secrets Manager on loopback, reached
// by the real SDK with nothing changed but the endpoint, all by one clock. Which queues, tables and functions there are
// is for the hub to say.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../shared/clock.ts'
import { type ClientConfig, clientConfig } from './account.ts'
import { type EmbeddedDynamoDb, startDynamoDb } from './dynamodb.ts'
import { type EmbeddedLambda, startLambda } from './lambda.ts'
import { type EmbeddedS3, startS3 } from './s3.ts'
import { type EmbeddedSecrets, startSecrets } from './secrets.ts'
import { type EmbeddedSqs, startSqs } from './sqs.ts'

export interface EmbeddedAwsOptions {
  clock: Clock
  /** The folder of the S3 buckets. */
  lakeRoot: string
  /** A folder that keeps the tables; absent: they live in memory, as the queues always do. */
  tablesPath?: string
  /** Draws the order of delivery from the queues; absent: the longest visible message first. */
  random?: () => number
}

export interface EmbeddedAws {
  dynamoDb: EmbeddedDynamoDb
  sqs: EmbeddedSqs
  s3: EmbeddedS3
  lambda: EmbeddedLambda
  secrets: EmbeddedSecrets
  /** The configuration of an SDK client, by service. */
  clients: {
    dynamoDb: ClientConfig
    sqs: ClientConfig
    s3: ClientConfig & { forcePathStyle: true }
    lambda: ClientConfig
    secretsManager: ClientConfig
  }
  /** After a manual clock was moved: all who wait by it look again at once instead of within 20 ms. */
  wake(): void
  /** Resolves when nothing more happens in any event source until the clock moves or something is sent. */
  whenQuiet(): Promise<void>
  /** The next moment at which the clock alone makes an event source do something; undefined when there is none. */
  nextDueMs(): number | undefined
  /** Lets begun batches end, for five seconds at most, and stops everything. */
  close(): Promise<void>
}

const CLOSE_WITHIN_MS = 5_000

export async function startEmbeddedAws(options: EmbeddedAwsOptions): Promise<EmbeddedAws> {
  const { clock, random } = options
  const [dynamoDb, sqs, s3, lambda, secrets] = await Promise.all([
    startDynamoDb({ path: options.tablesPath }),
    startSqs({ clock, random }),
    startS3({ clock, root: options.lakeRoot }),
    startLambda({ clock }),
    startSecrets({ clock }),
  ])
  const sources = () => lambda.mappings().map(({ source }) => source)
  return {
    dynamoDb,
    sqs,
    s3,
    lambda,
    secrets,
    clients: {
      dynamoDb: clientConfig(dynamoDb.endpoint),
      sqs: clientConfig(sqs.endpoint),
      s3: { ...clientConfig(s3.endpoint), forcePathStyle: true },
      lambda: clientConfig(lambda.endpoint),
      secretsManager: clientConfig(secrets.endpoint),
    },
    wake: () => sqs.wake(),
    whenQuiet: async () => {
      while (!sources().every((source) => source.quiet)) await sleep(1)
    },
    nextDueMs: () => {
      const moments = sources()
        .map((source) => source.nextDueMs())
        .filter((moment) => moment !== undefined)
      return moments.length > 0 ? Math.min(...moments) : undefined
    },
    close: async () => {
      // Functions first: what they still do needs the other services.
      await Promise.race([lambda.close(), sleep(CLOSE_WITHIN_MS, undefined, { ref: false })])
      await Promise.all([sqs.close(), s3.close(), secrets.close(), dynamoDb.close()])
    },
  }
}
