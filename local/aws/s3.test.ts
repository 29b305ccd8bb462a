import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../../shared/clock.ts'
import { clientConfig } from './account.ts'
import { type EmbeddedS3, startS3 } from './s3.ts'

const clock = new ManualClock(Date.UTC(2026, 10, 1, 12))
const Bucket = 'lake'
let root: string
let s3: EmbeddedS3
let client: S3Client

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'embedded-s3-'))
  s3 = await startS3({ clock, root })
  client = new S3Client({ ...clientConfig(s3.endpoint), forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket }))
  await client.send(new CreateBucketCommand({ Bucket }))
})

afterAll(async () => {
  client.destroy()
  await s3.close()
  await rm(root, { recursive: true })
})

const put = (Key: string, Body: PutObjectCommandInput['Body'], more: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))

async function textOf(Key: string, Range?: string): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, Range }))
  return Body?.transformToString()
}

describe('an object', () => {
  it('is a plain file, and comes back with its bytes, type, metadata and time by the clock', async () => {
    const Key = 'events/dt=2026-11-01/part & 1.json'
    const { ETag } = await put(Key, '{"id":"evt_1"}', {
      ContentType: 'application/json',
      Metadata: { rows: '1' },
    })
    expect(await readFile(join(root, Bucket, Key), 'utf8')).toBe('{"id":"evt_1"}')
    const got = await client.send(new GetObjectCommand({ Bucket, Key }))
    expect(await got.Body?.transformToString()).toBe('{"id":"evt_1"}')
    expect(ETag).toBe('"a7d1a4751fdf70a980c77435fc527ede"')
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }))
    expect(head).toMatchObject({
      ETag,
      ContentLength: 14,
      ContentType: 'application/json',
      Metadata: { rows: '1' },
      LastModified: new Date('2026-11-01T12:00:00Z'),
    })
  })

  it('may be sent as a stream, which the SDK frames in chunks with a checksum behind', async () => {
    const bytes = Buffer.alloc(300_000, 'switchyard ')
    await put('stream.bin', Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]), {
      ContentLength: bytes.byteLength,
    })
    expect(bytes.equals(await readFile(join(root, Bucket, 'stream.bin')))).toBe(true)
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'stream.bin' }))
    expect(head.ContentEncoding).toBeUndefined()
  })

  it('whose digest does not match is refused and not kept', async () => {
    await expect(put('bad', 'body', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
    })
    await expect(put('bad', 'body', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
    })
    await expect(textOf('bad')).rejects.toBeInstanceOf(NoSuchKey)
  })

  it('is created once when only its absence is accepted, however many try at the same time', async () => {
    const tries = Array.from({ length: 8 }, (_, index) => put('once', String(index), { IfNoneMatch: '*' }))
    const results = await Promise.allSettled(tries)
    const winners = results.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []))
    expect(winners).toHaveLength(1)
    expect(await textOf('once')).toBe(String(winners[0]))
    const losers = results.filter((result) => result.status === 'rejected')
    for (const { reason } of losers) {
      expect(reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } })
    }
    expect(await readdir(join(root, '.uploads'))).toEqual([])
    await put('once', 'replaced')
    expect(await textOf('once')).toBe('replaced')
  })

  it('is read in ranges', async () => {
    await put('digits', '0123456789')
    expect(await textOf('digits', 'bytes=2-4')).toBe('234')
    expect(await textOf('digits', 'bytes=7-')).toBe('789')
    expect(await textOf('digits', 'bytes=-2')).toBe('89')
    expect(await textOf('digits', 'bytes=8-100')).toBe('89')
    const part = await client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=0-0' }))
    expect(part.ContentRange).toBe('bytes 0-0/10')
    await expect(textOf('digits', 'bytes=10-12')).rejects.toMatchObject({ name: 'InvalidRange' })
  })

  it('has another tag when it is replaced by one of the same size at the same moment', async () => {
    const tagOf = async () => (await client.send(new HeadObjectCommand({ Bucket, Key: 'same-size' }))).ETag
    await put('same-size', 'a')
    expect(await tagOf()).toBe('"0cc175b9c0f1b6a831c399e269772661"')
    await put('same-size', 'b')
    expect(await tagOf()).toBe('"92eb5ffee6ae2fec3ad71c777531578f"')
  })

  it('has another tag when somebody writes into its file', async () => {
    const tagOf = async () => (await client.send(new HeadObjectCommand({ Bucket, Key: 'edited' }))).ETag
    await put('edited', 'a')
    expect(await tagOf()).toBe('"0cc175b9c0f1b6a831c399e269772661"')
    await sleep(20)
    await writeFile(join(root, Bucket, 'edited'), 'b')
    expect(await tagOf()).toBe('"92eb5ffee6ae2fec3ad71c777531578f"')
  })

  it('may be empty', async () => {
    await put('empty', new Uint8Array())
    expect(await textOf('empty')).toBe('')
  })

  it('that is not there is NoSuchKey, in a bucket that is not there NoSuchBucket', async () => {
    await expect(textOf('nothing')).rejects.toBeInstanceOf(NoSuchKey)
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'nothing' }))).rejects.toBeInstanceOf(
      NotFound,
    )
    await expect(client.send(new GetObjectCommand({ Bucket: 'elsewhere', Key: 'a' }))).rejects.toBeInstanceOf(
      NoSuchBucket,
    )
    await expect(
      client.send(new PutObjectCommand({ Bucket: 'elsewhere', Key: 'a', Body: 'a' })),
    ).rejects.toBeInstanceOf(NoSuchBucket)
  })

  it('is gone once deleted, its empty folders too, and may be deleted twice', async () => {
    await put('gone/deep/a', 'a')
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone/deep/a' }))
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone/deep/a' }))
    expect(await readdir(join(root, Bucket))).not.toContain('gone')
    await put('gone', 'now a file')
    expect(await textOf('gone')).toBe('now a file')
  })

  it('cannot be a file and the folder of others', async () => {
    await put('both', 'file')
    await expect(put('both/inside', 'a')).rejects.toMatchObject({ name: 'InvalidRequest' })
    expect(await textOf('both')).toBe('file')
  })
})

describe('what would leave the folder of the bucket', () => {
  const rawStatus = (method: string, path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const sent = request(`${s3.endpoint}`, { method, path }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject)
      sent.end(method === 'PUT' ? 'stolen' : undefined)
    })

  it.each([
    '/lake/../escaped',
    '/lake/..%2Fescaped',
    '/lake/%2e%2e/escaped',
    '/lake/a/../../escaped',
    '/lake//etc/passwd',
    '/lake/a%00b',
    '/lake/..%5Cescaped',
    '/../escaped/a',
    '/.metadata/lake/a',
  ])('%s is refused', async (path) => {
    await writeFile(join(root, 'escaped'), 'mine')
    expect(await rawStatus('PUT', path)).toBe(400)
    expect(await rawStatus('GET', path)).toBe(400)
    expect(await readFile(join(root, 'escaped'), 'utf8')).toBe('mine')
  })

  it('is refused as a prefix of a listing', async () => {
    await expect(client.send(new ListObjectsV2Command({ Bucket, Prefix: '../' }))).rejects.toMatchObject({
      name: 'InvalidArgument',
    })
  })
})

describe('a listing', () => {
  const Prefix = 'list/'
  const keys = ['list/dt=1/a', 'list/dt=1/b <&>"', 'list/dt=10/a', 'list/dt=2/ü', 'list/z', 'list/\u{1F4B6}']

  beforeAll(async () => {
    for (const key of keys) await put(key, key)
  })

  it('gives keys in the order of their bytes, with size, tag and time', async () => {
    const {
      Contents = [],
      KeyCount,
      IsTruncated,
    } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }))
    expect(Contents.map(({ Key }) => Key)).toEqual(keys)
    expect(KeyCount).toBe(6)
    expect(IsTruncated).toBe(false)
    expect(Contents[4]).toMatchObject({
      Size: 6,
      ETag: '"e6cd9516b5d9b9dceaa2e94669dd7dd2"',
      LastModified: new Date('2026-11-01T12:00:00Z'),
    })
  })

  it('starts with a prefix that ends within a name', async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/dt=1' }))
    expect(Contents.map(({ Key }) => Key)).toEqual(['list/dt=1/a', 'list/dt=1/b <&>"', 'list/dt=10/a'])
  })

  it('is read page by page, common prefixes counted once', async () => {
    const pages: string[][] = []
    let ContinuationToken: string | undefined
    do {
      const page: Awaited<ReturnType<typeof listPage>> = await listPage(ContinuationToken)
      pages.push([
        ...(page.CommonPrefixes ?? []).map((each) => each.Prefix ?? ''),
        ...(page.Contents ?? []).map((each) => each.Key ?? ''),
      ])
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken !== undefined)
    expect(pages).toEqual([['list/dt=1/', 'list/dt=10/'], ['list/dt=2/', 'list/z'], ['list/\u{1F4B6}']])
  })

  const listPage = (ContinuationToken: string | undefined) =>
    client.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/', MaxKeys: 2, ContinuationToken }))

  it('can start after a key', async () => {
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix, StartAfter: 'list/dt=2/ü' }),
    )
    expect(Contents.map(({ Key }) => Key)).toEqual(['list/z', 'list/\u{1F4B6}'])
  })

  it('is empty for a prefix that nothing has', async () => {
    const { Contents, KeyCount } = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'none/at/all' }),
    )
    expect(Contents).toBeUndefined()
    expect(KeyCount).toBe(0)
  })
})

it('deletes many at once and tells which', async () => {
  for (const key of ['many/1 & 2', 'many/3']) await put(key, 'x')
  const { Deleted, Errors } = await client.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: [{ Key: 'many/1 & 2' }, { Key: 'many/3' }, { Key: 'many/none' }, { Key: '../up' }] },
    }),
  )
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['many/1 & 2', 'many/3', 'many/none'])
  expect(Errors).toMatchObject([{ Key: '../up', Code: 'InvalidArgument' }])
  const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'many/' }))
  expect(KeyCount).toBe(0)
})

it('says that it does not implement the rest, instead of doing something else', async () => {
  await put('source', 'a')
  await expect(
    client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: 'lake/source' })),
  ).rejects.toMatchObject({ name: 'NotImplemented' })
  await expect(put('source', 'b', { IfMatch: '"etag"' })).rejects.toMatchObject({ name: 'NotImplemented' })
  expect(await textOf('source')).toBe('a')
})

it('leaves a folder that DuckDB reads with its day partitions', async () => {
  for (const day of ['2026-11-01', '2026-11-02']) {
    await put(`duck/dt=${day}/part.json`, JSON.stringify({ id: day }))
  }
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  const reader = await connection.runAndReadAll(
    `select id, cast(dt as varchar) as dt from read_json('${join(root, Bucket, 'duck', '**', '*.json')}', hive_partitioning = true, columns = {id: 'varchar'}) order by id`,
  )
  expect(reader.getRowObjects()).toEqual([
    { id: '2026-11-01', dt: '2026-11-01' },
    { id: '2026-11-02', dt: '2026-11-02' },
  ])
  connection.closeSync()
})
