// The journals in the bucket, `revenue/journals/<subsidiary>/<currency>/<month>/<n>.json`: read whole, and added to one by
// one, never changed. A key is written only if it is not there, so that two runs at once cannot make two journals of one
// number; who comes second reads again. What they mean is stored-journal.ts.
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import pLimit from 'p-limit'
import { credential, type HubError, permanent, transient } from '../../shared/errors.ts'
import { JOURNALS_PREFIX, keyOf, type StoredJournal, storedJournal } from './stored-journal.ts'

const PARALLEL_READS = 8

export class SubLedger {
  private readonly s3: S3Client
  private readonly bucket: string

  constructor(s3: S3Client, bucket: string) {
    this.s3 = s3
    this.bucket = bucket
  }

  /** All of them, month by month. @throws HubError, also when one is missing or cannot be read. */
  async readAll(): Promise<StoredJournal[]> {
    const limit = pLimit(PARALLEL_READS)
    const keys = await this.keys()
    const journals = await Promise.all(keys.map((key) => limit(() => this.read(key))))
    refuseGaps(journals)
    return journals.sort((a, b) => compare(a.month, b.month) || compare(sortable(a), sortable(b)))
  }

  /** 'taken': another run has stored a journal of this number; read again before anything else. @throws HubError. */
  async add(journal: StoredJournal): Promise<'stored' | 'taken'> {
    try {
      await this.s3.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: keyOf(journal),
          Body: JSON.stringify(journal, undefined, 2),
          ContentType: 'application/json',
          IfNoneMatch: '*',
        }),
      )
      return 'stored'
    } catch (error) {
      // 409: another upload of the same key is under way.
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html#conditional-error-response
      if ([409, 412].includes(statusOf(error) ?? 0)) return 'taken'
      throw translate(error, `store journal ${journal.journalId}`)
    }
  }

  private async keys(): Promise<string[]> {
    const keys: string[] = []
    const asked = { Bucket: this.bucket, Prefix: JOURNALS_PREFIX }
    try {
      for await (const { Contents } of paginateListObjectsV2({ client: this.s3 }, asked)) {
        for (const { Key } of Contents ?? []) if (Key?.endsWith('.json')) keys.push(Key)
      }
    } catch (error) {
      throw translate(error, 'list the revenue journals')
    }
    return keys
  }

  private async read(key: string): Promise<StoredJournal> {
    let text: string
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }))
      text = (await Body?.transformToString()) ?? ''
    } catch (error) {
      throw translate(error, `read ${key}`)
    }
    const parsed = storedJournal.safeParse(parse(text))
    if (parsed.success && keyOf(parsed.data) === key) return parsed.data
    throw damaged(`${key} in the bucket is no revenue journal, or one of another name.`, parsed.error)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const placeOf = ({ journalId }: StoredJournal): string => journalId.slice(0, journalId.lastIndexOf('/'))
const numberOf = ({ journalId }: StoredJournal): number =>
  Number(journalId.slice(journalId.lastIndexOf('/') + 1))
const sortable = (journal: StoredJournal): string =>
  `${placeOf(journal)}/${String(numberOf(journal)).padStart(6, '0')}`

/** Of a month whose journals are not 1, 2, 3 … one was removed, and its revenue would be recognized again. */
function refuseGaps(journals: readonly StoredJournal[]): void {
  for (const [place, group] of Map.groupBy(journals, placeOf)) {
    const numbers = new Set(group.map(numberOf))
    for (let number = 1; number <= numbers.size; number += 1) {
      if (!numbers.has(number))
        throw damaged(`Revenue journal ${place}/${number} is not in the bucket, and later ones are.`)
    }
  }
}

const damaged = (what: string, cause?: unknown): HubError =>
  permanent(`${what} No revenue was recognized: it might be for a second time.`, {
    code: 'REVREC-SUBLEDGER',
    hint: `AWS admin: bring back the former version of the object (the bucket is versioned; versions are kept for 30 days, so do it soon) under ${JOURNALS_PREFIX}. Then: hub recognize`,
    cause,
  })

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error
    ? (error as Error & { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
    : undefined

function translate(error: unknown, what: string): HubError {
  const status = statusOf(error)
  const detail = [status, error instanceof Error ? error.name : ''].filter(Boolean).join(' · ')
  if (status === 403 || (error instanceof Error && error.name === 'NoSuchBucket')) {
    return credential(`S3 refuses: ${what}. Nothing further was posted.`, {
      code: 'REVREC-S3-DENIED',
      hint: 'AWS admin: the role of the recognition Lambda reads and writes revenue/* of the lake bucket. Then: hub recognize',
      detail,
      cause: error,
    })
  }
  return transient(
    `S3 did not answer: ${what}. Nothing further was posted; the next run goes on from there.`,
    {
      code: 'REVREC-S3',
      detail,
      cause: error,
    },
  )
}
