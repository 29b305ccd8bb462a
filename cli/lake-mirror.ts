// The lake of a deployed stage, for DuckDB on this machine: the bucket's files in a folder. Files are never changed under
// their names but by the nightly compaction, so only what is missing, or has another size, is fetched.
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import pLimit from 'p-limit'
import type { OpenStage } from './stage.ts'

const PREFIX = 'events/'
const AT_ONCE = 16

/** @returns the folder that holds `events/`. */
export async function mirrorLake({ s3, bucket, name }: OpenStage, folder: string): Promise<string> {
  const root = join(folder, 'stages', name, 'lake')
  mkdirSync(join(root, PREFIX), { recursive: true, mode: 0o700 })
  const standing = new Set<string>()
  const limit = pLimit(AT_ONCE)
  const fetches: Promise<void>[] = []
  let token: string | undefined
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: PREFIX, ContinuationToken: token }),
    )
    for (const { Key: key, Size: size } of page.Contents ?? []) {
      if (!key?.endsWith('.parquet') || key.split('/').includes('..')) continue
      standing.add(key)
      if (sizeOf(join(root, key)) !== size) fetches.push(limit(() => fetchFile(key)))
    }
    token = page.NextContinuationToken
  } while (token)
  await Promise.all(fetches)
  await removeOthers(root, standing)
  return root

  async function fetchFile(key: string): Promise<void> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    const file = join(root, key)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(file, (await Body?.transformToByteArray()) ?? new Uint8Array(), { mode: 0o600 })
  }
}

const sizeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.size

/** What the bucket no longer has was compacted, or forgotten on request. */
async function removeOthers(root: string, standing: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(join(root, PREFIX), { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name)
    if (!standing.has(relative(root, file).replaceAll('\\', '/'))) rmSync(file)
  }
}
