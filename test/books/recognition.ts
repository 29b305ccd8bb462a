// What `hub recognize` does, for a case: the company's own function, with the real NetSuite client and the embedded S3 as the
// store of its journals.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import type Stripe from 'stripe'
import { createNetSuiteClient } from '../../functions/connectors/netsuite/client.ts'
import type { NetSuiteConfig, NetSuiteCredentials } from '../../functions/connectors/netsuite/config.ts'
import { recognizeRevenue } from '../../functions/recognition/recognize.ts'
import { clientConfig } from '../../local/aws/account.ts'
import { startS3 } from '../../local/aws/s3.ts'
import type { Clock } from '../../shared/clock.ts'

const BUCKET = 'lake'

export interface Recognizing {
  config: NetSuiteConfig
  stripe: Stripe
  clock: Clock
  credentials: NetSuiteCredentials
}

/** Journals every month that is due through this one, 'YYYY-MM'. @throws Error when one is refused or fails. */
export type Recognize = (through: string) => Promise<void>

/** @returns a function to recognize with, and how to end it. */
export async function startRecognition(options: Recognizing) {
  const { config, clock, credentials, stripe } = options
  const root = mkdtempSync(join(tmpdir(), 'switchyard-worked-cases-'))
  const server = await startS3({ clock, root })
  await server.createBucket(BUCKET)
  const s3 = new S3Client({ ...clientConfig(server.endpoint), forcePathStyle: true })
  const client = createNetSuiteClient(config.account, credentials, clock)
  const recognize: Recognize = async (through) => {
    const report = await recognizeRevenue({ config, stripe, client, s3, bucket: BUCKET, clock }, { through })
    const { breaks, journals, refused } = report
    const failed = journals.filter(({ state }) => state === 'failed')
    if (failed.length + refused.length + breaks.length > 0)
      throw new Error(`Not all revenue is journaled: ${JSON.stringify({ breaks, failed, refused })}`)
  }
  return {
    recognize,
    place: { s3, bucket: BUCKET },
    async close() {
      s3.destroy()
      await server.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
