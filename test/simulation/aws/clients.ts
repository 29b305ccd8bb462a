// The real AWS SDK clients over a transport in memory. Kept: serialization, endpoints, checksums, typed exceptions, the
// standard retries with the SDK's own attempts and delays. Left out: what proves nothing here and costs a third of a call
// (signing, user agent, headers of the connection), and everything that reads the environment or a file.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { REGION } from '../../../local/aws/account.ts'
import type { Dice } from '../dice.ts'
import type { AwsRequest, AwsResponse, ServiceName } from './wire.ts'

export interface CallOptions {
  abortSignal?: AbortSignal
}

export interface AwsClientOptions {
  /** Throw what a transport throws: an Error with `code: 'ECONNRESET'`, or one named TimeoutError. */
  handle(service: ServiceName, request: AwsRequest, options: CallOptions): Promise<AwsResponse>
  /** Draws the jitter of retries. */
  dice: Dice
}

export interface AwsClients {
  dynamoDb: DynamoDBDocumentClient
  sqs: SQSClient
  s3: S3Client
  lambda: LambdaClient
}

export function awsClients({ handle, dice }: AwsClientOptions): AwsClients {
  const configFor = (service: ServiceName) => ({
    region: REGION,
    endpoint: `https://${service}.${REGION}.amazonaws.com`,
    credentials: { accessKeyId: 'simulation', secretAccessKey: 'simulation' },
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    authSchemePreference: [],
    userAgentAppId: '',
    requestHandler: {
      metadata: { handlerProtocol: 'memory' },
      async handle(request: AwsRequest, options: CallOptions = {}) {
        return { response: await handle(service, request, options) }
      },
    },
  })
  // The attempts are the SDK's own: four for DynamoDB, three for the others.
  const dynamoDb = new DynamoDBClient({
    ...configFor('dynamodb'),
    maxAttempts: 4,
    accountIdEndpointMode: 'disabled',
  })
  const sqs = new SQSClient({ ...configFor('sqs'), maxAttempts: 3 })
  const s3 = new S3Client({
    ...configFor('s3'),
    maxAttempts: 3,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    disableS3ExpressSessionAuth: true,
    useArnRegion: false,
    sigv4aSigningRegionSet: [REGION],
  })
  const lambda = new LambdaClient({ ...configFor('lambda'), maxAttempts: 3 })
  for (const client of [dynamoDb, sqs, s3, lambda]) prepare(client, dice)
  return {
    // As the hub's own clients.
    dynamoDb: DynamoDBDocumentClient.from(dynamoDb, { marshallOptions: { removeUndefinedValues: true } }),
    sqs,
    s3,
    lambda,
  }
}

interface Client {
  config: {
    retryStrategy: () => Promise<object>
    credentials: unknown
  }
  middlewareStack: { remove(name: string): boolean }
}

const LEFT_OUT = [
  'loggerMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
  'httpAuthSchemeMiddleware',
  'httpSigningMiddleware',
]

function prepare({ config, middlewareStack }: Client, dice: Dice): void {
  for (const name of LEFT_OUT) middlewareStack.remove(name)
  const standard = config.retryStrategy
  let strategy: Promise<object> | undefined
  config.retryStrategy = () => {
    strategy ??= standard().then((made) => drawJitter(made, dice))
    return strategy
  }
  makeSpreadFast(config)
}

interface StandardStrategy {
  retryBackoffStrategy: {
    setDelayBase(delayMs: number): void
    computeNextBackoffDelay(attempt: number): number
  }
}

const isStandard = (strategy: object): strategy is StandardStrategy => 'retryBackoffStrategy' in strategy

/** The SDK's own delay, with the jitter drawn from the dice instead of Math.random. */
function drawJitter(strategy: object, dice: Dice): object {
  if (!isStandard(strategy)) throw new TypeError('The retry strategy of this SDK is made otherwise.')
  let baseMs = 0
  strategy.retryBackoffStrategy = {
    setDelayBase: (delayMs) => {
      baseMs = delayMs
    },
    computeNextBackoffDelay: (attempt) => Math.floor(dice.next() * Math.min(baseMs * 2 ** attempt, 20_000)),
  }
  return strategy
}

/**
 * The SDK copies its configuration three times a call, 17 µs each: it has so many members by then that V8 keeps them in a
 * dictionary. As the prototype of something that is read, it gets a fixed layout again, and a copy takes 2 µs.
 */
function makeSpreadFast(config: Client['config']): void {
  // An accessor among the members would keep it a dictionary.
  const { credentials } = config
  Object.defineProperty(config, 'credentials', {
    value: credentials,
    enumerable: true,
    configurable: true,
    writable: true,
  })
  const heir: { region?: unknown } = Object.create(config)
  for (let reads = 0; reads < 100; reads += 1) readOf(heir)
}

const readOf = (heir: { region?: unknown }): unknown => heir.region
