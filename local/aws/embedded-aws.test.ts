import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import {
  GetEventSourceMappingCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ResourceInUseException,
  ResourceNotFoundException as UnknownFunctionException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  GetSecretValueCommand,
  SecretsManagerClient,
  ResourceNotFoundException as UnknownSecretException,
} from '@aws-sdk/client-secrets-manager'
import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { SQSEvent } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../../shared/clock.ts'
import { startDynamoDb } from './dynamodb.ts'
import { type EmbeddedAws, startEmbeddedAws } from './embedded-aws.ts'

const START_MS = Date.UTC(2026, 10, 1)
const clock = new ManualClock(START_MS)
let folder: string
let aws: EmbeddedAws

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-aws-'))
  aws = await startEmbeddedAws({ clock, lakeRoot: join(folder, 'lake') })
})

afterAll(async () => {
  await aws.close()
  await rm(folder, { recursive: true })
})

const ledger = {
  TableName: 'ledger',
  BillingMode: 'PAY_PER_REQUEST' as const,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
}

async function moveClock(seconds: number): Promise<void> {
  clock.advance(seconds * 1_000)
  aws.wake()
  await aws.whenQuiet()
}

describe('DynamoDB', () => {
  it('decides a race of conditional writes for one of them', async () => {
    await aws.dynamoDb.createTable(ledger)
    const client = new DynamoDBClient(aws.clients.dynamoDb)
    await client.send(new PutItemCommand({ TableName: 'ledger', Item: { pk: { S: 'in_1' } } }))
    const claims = Array.from({ length: 20 }, (_, index) =>
      client.send(
        new UpdateItemCommand({
          TableName: 'ledger',
          Key: { pk: { S: 'in_1' } },
          UpdateExpression: 'SET lease = :lease',
          ConditionExpression: 'attribute_not_exists(lease)',
          ExpressionAttributeValues: { ':lease': { N: String(index) } },
        }),
      ),
    )
    const results = await Promise.allSettled(claims)
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    const refused = results.filter((result) => result.status === 'rejected')
    for (const { reason } of refused) expect(reason).toBeInstanceOf(ConditionalCheckFailedException)
    client.destroy()
  })

  it('keeps its tables in a folder when it is given one, and makes them once', async () => {
    const path = join(folder, 'tables')
    const read = { TableName: 'ledger', Key: { pk: { S: 'evt_1' } } }
    const first = await startDynamoDb({ path })
    await first.createTable(ledger)
    const writer = new DynamoDBClient({ ...aws.clients.dynamoDb, endpoint: first.endpoint })
    await writer.send(
      new PutItemCommand({ TableName: 'ledger', Item: { pk: { S: 'evt_1' }, n: { N: '7' } } }),
    )
    writer.destroy()
    await first.close()
    const second = await startDynamoDb({ path })
    await second.createTable(ledger)
    const reader = new DynamoDBClient({ ...aws.clients.dynamoDb, endpoint: second.endpoint })
    expect((await reader.send(new GetItemCommand(read))).Item?.n).toEqual({ N: '7' })
    reader.destroy()
    await second.close()
  })
})

describe('a lane: queue, event source and function, through the SDK alone', () => {
  it('brings a message to the function, again when it fails, and is switched off and on', async () => {
    const sqsClient = new SQSClient(aws.clients.sqs)
    const lambdaClient = new LambdaClient(aws.clients.lambda)
    const queue = aws.sqs.createQueue('salesforce', { VisibilityTimeout: '360' })
    const QueueUrl = aws.sqs.queueUrl(queue)
    const received: string[] = []
    const { uuid: UUID } = aws.lambda.addEventSource({
      queue,
      functionName: 'salesforce-deliver',
      timeoutSeconds: 60,
      batchSize: 1_000,
      windowSeconds: 30,
      handler: async (event: SQSEvent) => {
        const failures = event.Records.filter((record) => record.attributes.ApproximateReceiveCount === '1')
        for (const record of event.Records)
          received.push(`${record.body} ${record.attributes.ApproximateReceiveCount}`)
        for (const { receiptHandle } of failures) {
          await sqsClient.send(
            new ChangeMessageVisibilityCommand({
              QueueUrl,
              ReceiptHandle: receiptHandle,
              VisibilityTimeout: 10,
            }),
          )
        }
        return { batchItemFailures: failures.map((record) => ({ itemIdentifier: record.messageId })) }
      },
    })
    const stateNow = async () => (await lambdaClient.send(new GetEventSourceMappingCommand({ UUID }))).State
    const switchTo = (Enabled: boolean) =>
      lambdaClient.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }))

    await sqsClient.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }))
    await aws.whenQuiet()
    expect(aws.nextDueMs()).toBe(clock.now() + 30_000)
    await moveClock(30)
    expect(received).toEqual(['a 1'])
    await moveClock(10)
    await moveClock(30)
    expect(received).toEqual(['a 1', 'a 2'])
    expect(aws.nextDueMs()).toBeUndefined()
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 })

    expect((await switchTo(false)).State).toBe('Disabling')
    await aws.whenQuiet()
    expect(await stateNow()).toBe('Disabled')
    await sqsClient.send(new SendMessageCommand({ QueueUrl, MessageBody: 'b' }))
    await moveClock(300)
    expect(received).toHaveLength(2)
    expect((await switchTo(true)).State).toBe('Enabling')
    await aws.whenQuiet()
    await moveClock(30)
    expect(received.at(-1)).toBe('b 1')
    const listed = await lambdaClient.send(
      new ListEventSourceMappingsCommand({ FunctionName: 'salesforce-deliver' }),
    )
    expect(listed.EventSourceMappings).toMatchObject([
      {
        UUID,
        State: 'Enabled',
        BatchSize: 1_000,
        EventSourceArn: queue.arn,
        MaximumBatchingWindowInSeconds: 30,
      },
    ])
    sqsClient.destroy()
    lambdaClient.destroy()
  })

  it('cannot be switched while it is still being switched off', async () => {
    const client = new LambdaClient(aws.clients.lambda)
    const queue = aws.sqs.createQueue('lake', { VisibilityTimeout: '60' })
    const work = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const { uuid: UUID } = aws.lambda.addEventSource({
      queue,
      functionName: 'lake-append',
      timeoutSeconds: 60,
      batchSize: 10,
      windowSeconds: 0,
      handler: () => {
        begun.resolve()
        return work.promise
      },
    })
    queue.send({ body: 'a' })
    await begun.promise
    await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }))
    await expect(
      client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true })),
    ).rejects.toBeInstanceOf(ResourceInUseException)
    work.resolve()
    await aws.whenQuiet()
    expect((await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }))).State).toBe(
      'Enabling',
    )
    client.destroy()
  })
})

describe('Invoke', () => {
  const textOf = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString()

  it('answers what the function answers, and its error as a function error', async () => {
    const client = new LambdaClient(aws.clients.lambda)
    aws.lambda.registerFunction({
      functionName: 'reconcile',
      timeoutSeconds: 900,
      handler: async (event, context) => {
        if (JSON.stringify(event) === '{}') throw new TypeError('no connector named')
        return { event, remaining: context.getRemainingTimeInMillis() }
      },
    })
    const answered = await client.send(
      new InvokeCommand({ FunctionName: 'reconcile', Payload: JSON.stringify({ connector: 'netsuite' }) }),
    )
    expect(answered.FunctionError).toBeUndefined()
    expect(JSON.parse(textOf(answered.Payload))).toEqual({
      event: { connector: 'netsuite' },
      remaining: 900_000,
    })
    const failed = await client.send(new InvokeCommand({ FunctionName: 'reconcile' }))
    expect(failed).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' })
    expect(JSON.parse(textOf(failed.Payload))).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'no connector named',
    })
    await expect(client.send(new InvokeCommand({ FunctionName: 'nobody' }))).rejects.toBeInstanceOf(
      UnknownFunctionException,
    )
    client.destroy()
  })
})

describe('a secret', () => {
  it('has a current and a previous value after a rotation', async () => {
    const client = new SecretsManagerClient(aws.clients.secretsManager)
    const read = (VersionStage?: string) =>
      client.send(new GetSecretValueCommand({ SecretId: 'hub/stripe', VersionStage }))
    aws.secrets.put('hub/stripe', 'whsec_old')
    const before = await read()
    expect(before).toMatchObject({
      Name: 'hub/stripe',
      SecretString: 'whsec_old',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: new Date(clock.now()),
    })
    await expect(read('AWSPREVIOUS')).rejects.toBeInstanceOf(UnknownSecretException)
    aws.secrets.put('hub/stripe', 'whsec_new')
    expect((await read()).SecretString).toBe('whsec_new')
    expect(await read('AWSPREVIOUS')).toMatchObject({
      SecretString: 'whsec_old',
      VersionId: before.VersionId,
    })
    const byArn = await client.send(
      new GetSecretValueCommand({ SecretId: before.ARN, VersionId: before.VersionId }),
    )
    expect(byArn.SecretString).toBe('whsec_old')
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'hub/none' }))).rejects.toBeInstanceOf(
      UnknownSecretException,
    )
    client.destroy()
  })
})

it('keeps the lake as files under the folder it is given', async () => {
  const client = new S3Client(aws.clients.s3)
  await aws.s3.createBucket('lake-bucket')
  await client.send(
    new PutObjectCommand({ Bucket: 'lake-bucket', Key: 'events/dt=2026-11-01/a', Body: 'rows' }),
  )
  const got = await client.send(
    new GetObjectCommand({ Bucket: 'lake-bucket', Key: 'events/dt=2026-11-01/a' }),
  )
  expect(await got.Body?.transformToString()).toBe('rows')
  client.destroy()
})
