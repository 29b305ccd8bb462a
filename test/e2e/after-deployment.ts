// What is set once the stacks stand. The secrets, which a user stores as well; and where the emulator falls short or its run
// would take too long, each with its reason. Then the deployed event sources and queues are compared with the manifests: an
// emulator that drops a setting in silence would make every later answer worthless.
import { DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import { LambdaClient, paginateListEventSourceMappings } from '@aws-sdk/client-lambda'
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { registry } from '../../functions/connectors/registry.ts'
import { avalaraCredentials, netsuiteCredentials } from '../../local/hub/connectors.ts'
import { SALESFORCE, SIGNING_SECRETS, STRIPE_API_KEY, TAX_ESTIMATE } from '../../local/hub/credentials.ts'
import type { Vendors } from '../../local/hub/vendors.ts'
import type { Deployment } from './deployment.ts'
import type { EmulatedAccount } from './emulated-account.ts'

/**
 * A killed function's messages come back after this, instead of 6 to 7 minutes: longer than a lease (90 s), so that the next
 * worker finds it run out.
 */
export const VISIBILITY_SECONDS = 100

/** As a user stores them, with the simulators' addresses in them. */
export async function storeSecrets(
  { clients }: EmulatedAccount,
  { secrets }: Deployment,
  vendors: Vendors,
): Promise<void> {
  const values: Record<string, object> = {
    stripe: { apiKey: STRIPE_API_KEY, baseUrl: vendors.urls.stripe },
    webhook: { signingSecrets: SIGNING_SECRETS },
    salesforce: { loginUrl: vendors.urls.salesforce, ...SALESFORCE },
    netsuite: netsuiteCredentials(vendors.netsuitePrivateKey, vendors.urls.netsuite),
    avalara: avalaraCredentials(vendors),
    'tax-estimate': TAX_ESTIMATE,
  }
  const client = new SecretsManagerClient(clients)
  for (const [name, arn] of Object.entries(secrets)) {
    const value = values[name]
    if (!value) throw new Error(`A deployed function asks for the secret ${name}, and this run has none.`)
    await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: JSON.stringify(value) }))
  }
  client.destroy()
}

export async function setWhatIsMissing(
  { clients }: EmulatedAccount,
  { table, queues }: Deployment,
): Promise<void> {
  // CloudFormation there drops the table's time to live.
  const dynamoDb = new DynamoDBClient(clients)
  await dynamoDb.send(
    new UpdateTimeToLiveCommand({
      TableName: table,
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    }),
  )
  dynamoDb.destroy()
  const sqs = new SQSClient(clients)
  for (const QueueUrl of Object.values(queues)) {
    const Attributes = { VisibilityTimeout: String(VISIBILITY_SECONDS) }
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
  }
  sqs.destroy()
}

/** @returns what the emulator made other than the manifests say; [] when nothing. */
export async function comparePlumbing(
  { clients }: EmulatedAccount,
  deployment: Deployment,
): Promise<string[]> {
  const sqs = new SQSClient(clients)
  const lambda = new LambdaClient(clients)
  const sources = new Map<string, object>()
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda }, {})) {
    for (const mapping of EventSourceMappings) {
      sources.set(mapping.EventSourceArn ?? '', {
        batchSize: mapping.BatchSize,
        windowSeconds: mapping.MaximumBatchingWindowInSeconds,
        concurrency: mapping.ScalingConfig?.MaximumConcurrency,
        answers: mapping.FunctionResponseTypes?.join(),
        state: mapping.State,
      })
    }
  }
  const differences: string[] = []
  const compare = (what: string, expected: unknown, actual: unknown) => {
    const [wanted, found] = [JSON.stringify(expected), JSON.stringify(actual)]
    if (wanted !== found) differences.push(`${what}: expected ${wanted}, found ${found}`)
  }
  for (const { name, queue } of registry) {
    const QueueUrl = deployment.queues[name]
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    )
    const redrive = JSON.parse(Attributes.RedrivePolicy ?? '{}') as Record<string, unknown>
    compare(`${name}: receives before the dead-letter queue`, 1_000, Number(redrive.maxReceiveCount))
    compare(`${name}: dead-letter queue`, true, /letters/.test(String(redrive.deadLetterTargetArn)))
    compare(`${name}: retention`, '1209600', Attributes.MessageRetentionPeriod)
    compare(`${name}: largest message`, '1048576', Attributes.MaximumMessageSize)
    compare(
      `${name}: event source`,
      {
        batchSize: queue.batchSize,
        windowSeconds: queue.batchWindowSeconds,
        concurrency: queue.maximumConcurrency,
        answers: 'ReportBatchItemFailures',
        state: 'Enabled',
      },
      sources.get(Attributes.QueueArn ?? ''),
    )
  }
  sqs.destroy()
  lambda.destroy()
  return differences
}
