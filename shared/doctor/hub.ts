// Whether the hub's own parts are there and as they should be: table, queues, dead-letter queues, bucket, lanes. Each in one
// small call; the table is described, never read through.
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { minuteOf } from '../calendar.ts'
import type { Manifest } from '../connector/contract.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { ledgerTable } from '../ledger/table.ts'
import { examine, type Finding } from './finding.ts'

export interface HubExamination {
  db: DynamoDBClient
  table: string
  ledger: Pick<Ledger, 'readLane'>
  sqs: SQSClient
  /** By connector. */
  queueUrls: Readonly<Record<string, string>>
  deadLetterUrls: Readonly<Record<string, string>>
  s3: S3Client
  bucket: string
  manifests: readonly Manifest[]
  /** ' --stage staging', for commands to paste. */
  flag: string
}

const { ok, failed, unknown, look } = examine('hub')
const DEPLOY = 'Engineering: deploy the stage again: npx cdk deploy --all.'
/** What a vendor's outage may last. */
const RETENTION_SECONDS = 1_209_600

export async function examineHub(options: HubExamination): Promise<Finding[]> {
  const lanes = await Promise.all(options.manifests.map((manifest) => examineLane(options, manifest)))
  return [
    ...(await aws('ledger table', options, examineTable)),
    ...(await aws('lake bucket', options, examineBucket)),
    ...lanes.flat(),
  ]
}

async function examineTable({ db, table }: HubExamination): Promise<Finding> {
  const { Table: found } = await db.send(new DescribeTableCommand({ TableName: table }))
  const wanted = ledgerTable(table)
  const missing = (wanted.GlobalSecondaryIndexes ?? [])
    .map(({ IndexName }) => IndexName)
    .filter((name) => !found?.GlobalSecondaryIndexes?.some(({ IndexName }) => IndexName === name))
  if (missing.length > 0)
    return failed('ledger table', {
      why: `The index ${missing.join(', ')} is missing: what is parked, or a customer's timeline, could not be found.`,
      next: DEPLOY,
      code: 'HUB-TABLE',
    })
  if (found?.TableStatus !== 'ACTIVE')
    return failed('ledger table', {
      why: `It is ${found?.TableStatus ?? 'not there'}.`,
      next: 'Wait until it is ACTIVE, then run hub doctor again.',
      code: 'HUB-TABLE',
    })
  return ok('ledger table', table)
}

async function examineBucket({ s3, bucket }: HubExamination): Promise<Finding> {
  await s3.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1, Prefix: 'events/' }))
  return ok('lake bucket', bucket)
}

async function examineLane(options: HubExamination, { name, pausable }: Manifest): Promise<Finding[]> {
  const what = `lane ${name}`
  const { sqs, ledger, queueUrls, deadLetterUrls, flag } = options
  return aws(what, options, async () => {
    const [queue, dead, paused] = await Promise.all([
      attributesOf(sqs, queueUrls[name]),
      attributesOf(sqs, deadLetterUrls[name]),
      ledger.readLane(name),
    ])
    const findings: Finding[] = []
    if (!queue.RedrivePolicy || Number(queue.MessageRetentionPeriod) < RETENTION_SECONDS)
      findings.push(
        failed(what, {
          why: 'Its queue has no dead-letter queue, or keeps messages for less than 14 days: an outage would lose events.',
          next: DEPLOY,
          code: 'HUB-QUEUE',
        }),
      )
    const deaths = Number(dead.ApproximateNumberOfMessages ?? 0)
    if (deaths > 0)
      findings.push(
        failed(`${what}: dead letters`, {
          why: `${deaths} ${deaths === 1 ? 'message' : 'messages'} killed the worker again and again. They are in no system and nobody retries them.`,
          next: "Engineering: read the function's last errors, mend, then redrive the dead-letter queue.",
          code: 'HUB-DEAD',
        }),
      )
    if (paused) {
      const since = minuteOf(paused.pausedSinceMs)
      const trouble = {
        why: `Paused since ${since}: ${paused.reason} Events wait; nothing is lost for 14 days.`,
        next:
          paused.by === 'operator'
            ? `Whoever paused it: hub resume ${name}${flag}`
            : `It is probed each minute and resumes by itself. If a credential was refused: store the new one, then hub resume ${name}${flag}`,
        code: 'HUB-PAUSED',
      }
      findings.push(paused.by === 'operator' ? unknown(what, trouble) : failed(what, trouble))
    }
    if (findings.length > 0) return findings
    const waiting = queue.ApproximateNumberOfMessages ?? '0'
    return [ok(what, `${pausable ? '' : 'never paused, '}${waiting} waiting`)]
  })
}

async function attributesOf(sqs: SQSClient, url: string | undefined): Promise<Record<string, string>> {
  const { Attributes: attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  )
  return attributes
}

/** What AWS refuses is one of three things, and a name says which. */
function aws(
  what: string,
  options: HubExamination,
  examination: (options: HubExamination) => Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  return look(what, async () => {
    try {
      return await examination(options)
    } catch (error) {
      const name = error instanceof Error ? error.name : String(error)
      if (/NotFound|NonExistent|NoSuchBucket|DoesNotExist/.test(name))
        return failed(what, { why: `It is not there (${name}).`, next: DEPLOY, code: 'HUB-MISSING' })
      return unknown(what, {
        why: `AWS did not let it be looked at (${name}).`,
        next: 'AWS admin: the role in use needs to read it; then run hub doctor again.',
        code: 'HUB-ACCESS',
      })
    }
  })
}
