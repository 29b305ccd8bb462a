// Objects as plain files, `<root>/<bucket>/<key>`, so that DuckDB, a shell and a person read the same folder that the
// hub writes through S3. What a file cannot carry (content type, user metadata) lies under `<root>/.metadata`.
//
// A write is atomic: a reader of the folder sees the old file or the whole new one. A key cannot be both a file and a
// folder of others here, which S3 would allow.
import { createHash, hash, randomUUID } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { link, mkdir, readdir, readFile, rename, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { S3Error } from './s3-error.ts'

const headersSchema = z.record(z.string(), z.string())

/** `content-type`, `x-amz-meta-…` and the like, in lower case. */
export type ObjectHeaders = Readonly<Record<string, string>>

export interface StoredObject {
  /** The file that holds it. */
  path: string
  sizeBytes: number
  modifiedMs: number
  /** With its quotation marks. */
  etag: string
}

export class ObjectFolder {
  private readonly root: string
  private readonly clock: Clock
  /** By path: what an unchanged file hashes to. Its change time is the system's own; its modified time is the clock's. */
  private readonly etags = new Map<string, { inode: number; changedMs: number; etag: string }>()

  constructor(root: string, clock: Clock) {
    this.root = root
    this.clock = clock
  }

  /** Making a bucket that is there is no error, as in us-east-1. */
  async createBucket(bucket: string): Promise<void> {
    await mkdir(this.bucketPath(bucket), { recursive: true })
  }

  /** Throws NoSuchBucket. */
  async checkBucket(bucket: string): Promise<void> {
    const found = await statOrUndefined(this.bucketPath(bucket))
    if (!found?.isDirectory()) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist')
  }

  /** Answers the entity tag. Throws PreconditionFailed when `onlyIfAbsent` and the key is there. */
  async put(
    bucket: string,
    key: string,
    content: Buffer,
    headers: ObjectHeaders,
    onlyIfAbsent: boolean,
  ): Promise<string> {
    const path = this.objectPath(bucket, key)
    const upload = join(this.root, '.uploads', randomUUID())
    await mkdir(dirname(upload), { recursive: true })
    await writeFile(upload, content)
    const modified = new Date(this.clock.now())
    await utimes(upload, modified, modified)
    try {
      await this.publish(upload, path, onlyIfAbsent)
    } finally {
      await rm(upload, { force: true })
    }
    await this.keepHeaders(bucket, key, headers)
    return quoted(hash('md5', content))
  }

  /** Throws NoSuchKey. */
  async find(bucket: string, key: string): Promise<StoredObject> {
    const path = this.objectPath(bucket, key)
    const found = await statOrUndefined(path)
    if (!found?.isFile()) throw new S3Error('NoSuchKey', 'The specified key does not exist.')
    return this.describe(path, found)
  }

  async headersOf(bucket: string, key: string): Promise<ObjectHeaders> {
    try {
      return headersSchema.parse(JSON.parse(await readFile(this.headersPath(bucket, key), 'utf8')))
    } catch (error) {
      if (isMissing(error)) return {}
      throw error
    }
  }

  /** Deleting what is not there is no error. */
  async delete(bucket: string, key: string): Promise<void> {
    const path = this.objectPath(bucket, key)
    const found = await statOrUndefined(path)
    if (!found?.isFile()) return
    await rm(path, { force: true })
    await rm(this.headersPath(bucket, key), { force: true })
    this.etags.delete(path)
    await removeEmptyFolders(dirname(path), this.bucketPath(bucket))
  }

  /** Every key that starts with the prefix, in the order of its UTF-8 bytes. */
  async keys(bucket: string, prefix: string): Promise<string[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
    if (folder !== '') checkKey(folder.slice(0, -1))
    const keys: string[] = []
    await collectFiles(join(this.bucketPath(bucket), folder), folder, keys)
    return keys
      .filter((key) => key.startsWith(prefix))
      .map((key) => ({ key, bytes: Buffer.from(key) }))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
      .map(({ key }) => key)
  }

  private bucketPath(bucket: string): string {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || bucket.includes('..')) {
      throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.')
    }
    return join(this.root, bucket)
  }

  private objectPath(bucket: string, key: string): string {
    checkKey(key)
    return join(this.bucketPath(bucket), key)
  }

  private headersPath(bucket: string, key: string): string {
    return join(this.root, '.metadata', bucket, `${key}.json`)
  }

  private async publish(upload: string, path: string, onlyIfAbsent: boolean): Promise<void> {
    for (;;) {
      try {
        await mkdir(dirname(path), { recursive: true })
        // A hard link fails when its name is taken: the check and the write are one step.
        await (onlyIfAbsent ? link(upload, path) : rename(upload, path))
        return
      } catch (error) {
        const code = codeOf(error)
        // A delete beside us has just removed the folder as empty.
        if (code === 'ENOENT' && (await statOrUndefined(upload))) continue
        const taken = code === 'EEXIST' ? await statOrUndefined(path) : undefined
        if (taken?.isFile()) {
          throw new S3Error(
            'PreconditionFailed',
            'At least one of the pre-conditions you specified did not hold',
          )
        }
        if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENOTEMPTY') {
          throw new S3Error(
            'InvalidRequest',
            'The embedded S3 cannot keep a key that is also the folder of other keys.',
          )
        }
        if (code === 'ENAMETOOLONG') throw new S3Error('KeyTooLongError', 'Your key is too long')
        throw error
      }
    }
  }

  private async keepHeaders(bucket: string, key: string, headers: ObjectHeaders): Promise<void> {
    const path = this.headersPath(bucket, key)
    if (Object.keys(headers).length === 0) return rm(path, { force: true })
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, JSON.stringify(headers))
  }

  private async describe(path: string, found: Stats): Promise<StoredObject> {
    const known = this.etags.get(path)
    const about = { path, sizeBytes: found.size, modifiedMs: found.mtimeMs }
    if (known?.inode === found.ino && known.changedMs === found.ctimeMs) return { ...about, etag: known.etag }
    const digest = createHash('md5')
    await pipeline(createReadStream(path), digest)
    const etag = quoted(digest.digest('hex'))
    this.etags.set(path, { inode: found.ino, changedMs: found.ctimeMs, etag })
    return { ...about, etag }
  }
}

const quoted = (digest: string): string => `"${digest}"`

/** Refuses what would leave the bucket's folder or has no place in a file system. */
function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1_024) throw new S3Error('KeyTooLongError', 'Your key is too long')
  const refused = key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')
  if (refused || key.includes('\0') || key.includes('\\')) {
    throw new S3Error('InvalidArgument', `The embedded S3 keeps objects as files and refuses the key ${key}.`)
  }
}

async function collectFiles(folder: string, prefix: string, into: string[]): Promise<void> {
  let entries: Awaited<ReturnType<typeof readEntries>>
  try {
    entries = await readEntries(folder)
  } catch (error) {
    if (isMissing(error) || codeOf(error) === 'ENOTDIR') return
    throw error
  }
  for (const entry of entries) {
    const key = prefix + entry.name
    if (entry.isDirectory()) await collectFiles(join(folder, entry.name), `${key}/`, into)
    else if (entry.isFile()) into.push(key)
  }
}

const readEntries = (folder: string) => readdir(folder, { withFileTypes: true })

async function removeEmptyFolders(folder: string, upTo: string): Promise<void> {
  for (let each = folder; each !== upTo; each = dirname(each)) {
    try {
      await rmdir(each)
    } catch {
      return
    }
  }
}

async function statOrUndefined(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined
    throw error
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT'
