// A refusal by S3: its code, status and text.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

const STATUS = {
  NoSuchBucket: 404,
  NoSuchKey: 404,
  PreconditionFailed: 412,
  InvalidRange: 416,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidRequest: 400,
  KeyTooLongError: 400,
  BadDigest: 400,
  IncompleteBody: 400,
  MalformedXML: 400,
  MethodNotAllowed: 405,
  NotImplemented: 501,
} as const

export type S3ErrorCode = keyof typeof STATUS

export class S3Error extends Error {
  readonly code: S3ErrorCode
  readonly status: number

  constructor(code: S3ErrorCode, message: string) {
    super(message)
    this.code = code
    this.status = STATUS[code]
  }
}
