// The attributes of a standard queue: which exist, their ranges and defaults, and their two shapes (strings on the
// wire, numbers inside). Whether a dead-letter target exists is for the service to check; policies and encryption are
// kept and shown but have no effect here.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
import * as z from 'zod'
import { SqsError } from './sqs-error.ts'

export interface RedrivePolicy {
  deadLetterTargetArn: string
  maxReceiveCount: number
}

export interface QueueSettings {
  delaySeconds: number
  maximumMessageSizeBytes: number
  retentionSeconds: number
  receiveWaitSeconds: number
  visibilityTimeoutSeconds: number
  redrivePolicy: RedrivePolicy | undefined
  /** Attributes that are only kept and shown. */
  inert: Readonly<Record<string, string>>
}

const RANGES = {
  DelaySeconds: { field: 'delaySeconds', min: 0, max: 900 },
  MaximumMessageSize: { field: 'maximumMessageSizeBytes', min: 1_024, max: 1_048_576 },
  MessageRetentionPeriod: { field: 'retentionSeconds', min: 60, max: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { field: 'receiveWaitSeconds', min: 0, max: 20 },
  VisibilityTimeout: { field: 'visibilityTimeoutSeconds', min: 0, max: 43_200 },
} as const

const INERT = new Set([
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
])

export const DEFAULT_QUEUE_SETTINGS: QueueSettings = {
  delaySeconds: 0,
  maximumMessageSizeBytes: 262_144,
  retentionSeconds: 345_600,
  receiveWaitSeconds: 0,
  visibilityTimeoutSeconds: 30,
  redrivePolicy: undefined,
  inert: {},
}

/** `current` with the given attributes changed. Throws InvalidAttributeName or InvalidAttributeValue. */
export function applyQueueAttributes(
  attributes: Readonly<Record<string, string>>,
  current: QueueSettings,
): QueueSettings {
  const settings = { ...current, inert: { ...current.inert } }
  for (const [name, value] of Object.entries(attributes)) {
    if (isRanged(name)) settings[RANGES[name].field] = parseRanged(name, value)
    else if (name === 'RedrivePolicy') settings.redrivePolicy = parseRedrivePolicy(value)
    else if (INERT.has(name)) settings.inert[name] = value
    else throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
  }
  return settings
}

export function describeQueueSettings(settings: QueueSettings): Record<string, string> {
  const described: Record<string, string> = { ...settings.inert }
  for (const name of Object.keys(RANGES)) {
    if (isRanged(name)) described[name] = String(settings[RANGES[name].field])
  }
  if (settings.redrivePolicy) described.RedrivePolicy = JSON.stringify(settings.redrivePolicy)
  return described
}

type RangedName = keyof typeof RANGES

const isRanged = (name: string): name is RangedName => Object.hasOwn(RANGES, name)

function parseRanged(name: RangedName, value: string): number {
  const { min, max } = RANGES[name]
  const parsed = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN
  if (!(parsed >= min && parsed <= max)) {
    throw new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`)
  }
  return parsed
}

// The console and CDK write the count as a number, older tools as a string; SQS takes both.
const redrivePolicySchema = z.strictObject({
  deadLetterTargetArn: z.string().startsWith('arn:'),
  maxReceiveCount: z.coerce.number().int().min(1).max(1_000),
})

function parseRedrivePolicy(value: string): RedrivePolicy | undefined {
  if (value === '') return undefined
  let json: unknown
  try {
    json = JSON.parse(value)
  } catch {
    json = undefined
  }
  const parsed = redrivePolicySchema.safeParse(json)
  if (!parsed.success) {
    throw new SqsError('InvalidAttributeValue', 'Invalid value for the parameter RedrivePolicy.')
  }
  return parsed.data
}
