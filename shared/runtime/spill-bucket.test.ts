// A body too large for SQS goes the whole way: into the bucket and out again, through the real S3 client.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clientConfig } from '../../local/aws/account.ts'
import { type EmbeddedS3, startS3 } from '../../local/aws/s3.ts'
import { systemClock } from '../clock.ts'
import { decodeMessage, encodeEvent } from '../queue/message.ts'
import { createSpillBucket } from './spill-bucket.ts'

const root = mkdtempSync(join(tmpdir(), 'switchyard-spill-'))
let s3: EmbeddedS3
beforeAll(async () => {
  s3 = await startS3({ clock: systemClock, root })
  await s3.createBucket('lake')
})
afterAll(async () => {
  await s3.close()
  rmSync(root, { recursive: true, force: true })
})

it('an event of two megabytes that no compression helps', async () => {
  const spill = createSpillBucket(
    new S3Client({ ...clientConfig(s3.endpoint), forcePathStyle: true }),
    'lake',
  )
  const noise = Array.from({ length: 50_000 }, (_, index) =>
    createHash('sha256').update(String(index)).digest('base64'),
  )
  const body = JSON.stringify({ id: 'evt_large', noise })
  const message = await encodeEvent({ id: 'evt_large', body, receivedAtMs: 7 }, spill)
  expect(message).toBe('{"v":1,"body":"spilled","key":"spill/evt_large.json.zst","at":7}')
  expect(await decodeMessage(message, spill)).toEqual({ kind: 'event', event: body, receivedAtMs: 7 })
})
