// Where event bodies go that are too large for SQS: the lake's bucket, under spill/.
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { invariant } from '../errors.ts'
import type { SpillStore } from '../queue/message.ts'

export function createSpillBucket(s3: S3Client, bucket: string): SpillStore {
  return {
    async put(key, body) {
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/zstd' }),
      )
    },
    async get(key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      if (!Body) throw invariant(`The spilled event ${key} is empty.`)
      return Body.transformToByteArray()
    },
  }
}
