// Translates what the S3 client throws into the hub's closed list. Repeating a put of the same key is always safe, so
// an unknown outcome is merely transient. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
import { credential, type HubError, transient } from '../../../shared/errors.ts'

interface S3Failure {
  name?: string
  $metadata?: { httpStatusCode?: number }
}

export function translateS3Error(error: unknown, what: string): HubError {
  const { name, $metadata }: S3Failure = error instanceof Error ? error : {}
  const status = $metadata?.httpStatusCode
  const detail = [status, name].filter(Boolean).join(' · ')
  if (status === 403 || name === 'NoSuchBucket' || name === 'CredentialsProviderError') {
    return credential(`S3 refuses: ${what}. Nothing was written; the events wait in the queue.`, {
      code: 'LAKE-S3-DENIED',
      hint: 'AWS admin: check the bucket of the lake and the role of its Lambda, then run hub doctor.',
      detail,
      cause: error,
    })
  }
  return transient(`S3 did not take the file: ${what}. The events wait in the queue.`, {
    code: 'LAKE-S3',
    detail,
    cause: error,
  })
}
