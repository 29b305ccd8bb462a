// What may be sent as an SQS message, and how it is measured and fingerprinted. It knows no queue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
import { createHash, hash } from 'node:crypto'
import * as z from 'zod'
import { SqsError } from './sqs-error.ts'

export const messageAttributeSchema = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  /** Base64, as on the wire. */
  BinaryValue: z.base64().optional(),
})

export type MessageAttribute = z.infer<typeof messageAttributeSchema>
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>

// Outside XML 1.0: lone surrogates, two non-characters, and control characters but tab, line feed and return (those of
// Latin-1 are allowed). They could not be answered in the query protocol, so SQS refuses them in all.
const FORBIDDEN_CHARACTER = /\p{Cs}|[\uFFFE\uFFFF]|\p{Cc}(?<![\t\n\r\u007F-\u009F])/u

/** Throws what SQS answers to a body that is empty, too long, or holds characters outside XML 1.0. */
export function checkBody(body: string): void {
  if (body === '') {
    throw new SqsError('MissingParameter', 'The request must contain the parameter MessageBody.')
  }
  if (FORBIDDEN_CHARACTER.test(body)) {
    throw new SqsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
    )
  }
}

export function checkAttributes(attributes: MessageAttributes): void {
  const names = Object.keys(attributes)
  if (names.length > 10) {
    throw invalid(`Number of message attributes [${names.length}] exceeds the allowed maximum [10].`)
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    if (!/^(?!AWS\.|Amazon\.)[A-Za-z0-9_.-]{1,256}$/i.test(name)) {
      throw invalid(`The message attribute name '${name}' is invalid.`)
    }
    const [type] = attribute.DataType.split('.', 1)
    const value = type === 'Binary' ? attribute.BinaryValue : attribute.StringValue
    if (type !== 'String' && type !== 'Number' && type !== 'Binary') {
      throw invalid(`The message attribute '${name}' has an invalid message attribute type.`)
    }
    if (!value) throw invalid(`The message attribute '${name}' must contain a non-empty value of its type.`)
    if (type === 'Number' && !Number.isFinite(Number(value))) {
      throw invalid(`Could not cast message attribute '${name}' value to number.`)
    }
  }
}

const invalid = (reason: string): SqsError => new SqsError('InvalidParameterValue', reason)

/** Body plus the names, types and values of its attributes: what counts towards the size limits. */
export function messageSizeBytes(body: string, attributes: MessageAttributes): number {
  let size = Buffer.byteLength(body)
  for (const [name, attribute] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueBytes(attribute).byteLength
  }
  return size
}

export const md5OfBody = (body: string): string => hash('md5', body)

/**
 * The fingerprint of message attributes; undefined when there are none.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return undefined
  const digest = createHash('md5')
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.byteLength)
    digest.update(length).update(bytes)
  }
  for (const [name, attribute] of entries) {
    add(Buffer.from(name))
    add(Buffer.from(attribute.DataType))
    digest.update(Buffer.of(attribute.DataType.startsWith('Binary') ? 2 : 1))
    add(valueBytes(attribute))
  }
  return digest.digest('hex')
}

const valueBytes = (attribute: MessageAttribute): Buffer =>
  attribute.BinaryValue === undefined
    ? Buffer.from(attribute.StringValue ?? '')
    : Buffer.from(attribute.BinaryValue, 'base64')
