// Every price that the cost table uses, on demand, us-east-1, without free tiers. An estimate for reading and not money in
// the books: plain numbers of dollars. AWS's pages fill their tables by script; `quotedBy` is a page that repeats the figure
// and was read on PRICES_AS_OF. Where it is missing, the figure was not read again: compare before you rely on it.

export const PRICES_AS_OF = '2026-11-28'

export interface Price {
  dollars: number
  per: number
  unit: string
  source: string
  quotedBy?: string
}

const price = (dollars: number, per: number, unit: string, source: string, quotedBy?: string): Price => ({
  dollars,
  per,
  unit,
  source,
  ...(quotedBy && { quotedBy }),
})

const MILLION = 1_000_000
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/'
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/'
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/'
const S3 = 'https://aws.amazon.com/s3/pricing/'

export const PRICES = {
  lambdaRequest: price(0.2, MILLION, 'requests', LAMBDA, 'https://cloudchipr.com/blog/aws-lambda-pricing'),
  lambdaGbSecond: price(
    0.0000133334,
    1,
    'GB-seconds, arm64',
    LAMBDA,
    'https://cloudchipr.com/blog/aws-lambda-pricing',
  ),
  apiRequest: price(
    1,
    MILLION,
    'requests of 512 KB',
    'https://aws.amazon.com/api-gateway/pricing/',
    'https://awsforengineers.com/blog/aws-api-gateway-pricing-explained',
  ),
  sqsRequest: price(0.4, MILLION, 'requests of 64 KB', 'https://aws.amazon.com/sqs/pricing/'),
  writeUnit: price(
    0.625,
    MILLION,
    'write request units',
    DYNAMODB,
    'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  ),
  readUnit: price(
    0.125,
    MILLION,
    'read request units',
    DYNAMODB,
    'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  ),
  ledgerGbMonth: price(0.25, 1, 'GB-months', DYNAMODB),
  ledgerBackupGbMonth: price(0.2, 1, 'GB-months, point in time', DYNAMODB),
  s3Put: price(0.005, 1_000, 'PUT requests', S3),
  s3GbMonth: price(0.023, 1, 'GB-months', S3),
  logGb: price(
    0.5,
    1,
    'GB taken in',
    CLOUDWATCH,
    'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
  ),
  logGbMonth: price(0.03, 1, 'GB-months, compressed', CLOUDWATCH),
  metricMonth: price(0.3, 1, 'metrics a month', CLOUDWATCH, 'https://signoz.io/guides/cloudwatch-pricing'),
  alarmMonth: price(0.1, 1, 'alarms a month', CLOUDWATCH),
  dashboardMonth: price(
    3,
    1,
    'dashboards a month',
    CLOUDWATCH,
    'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
  ),
  trace: price(5, MILLION, 'traces', 'https://aws.amazon.com/xray/pricing/'),
  secretMonth: price(0.4, 1, 'secrets a month', 'https://aws.amazon.com/secrets-manager/pricing/'),
  secretRead: price(0.05, 10_000, 'reads', 'https://aws.amazon.com/secrets-manager/pricing/'),
  schedule: price(1, MILLION, 'calls', 'https://aws.amazon.com/eventbridge/pricing/'),
} as const satisfies Record<string, Price>

export type PriceName = keyof typeof PRICES

/** What a managed service asks for events alone; none of them posts a document, holds a draft or compares books. */
export interface Alternative {
  name: string
  what: string
  /** Dollars a month for so many events; undefined: not published for that many. */
  monthly: (events: number) => number | undefined
  terms: string
  source: string
}

export const ALTERNATIVES: readonly Alternative[] = [
  {
    name: 'Svix, Professional',
    what: 'receives and delivers webhooks, retries',
    monthly: (events) => 490 + Math.max(0, events - 50_000) * 0.0001,
    terms:
      '$490 with 50,000 messages, then $0.0001 a message; a message is one event, however many endpoints',
    source: 'https://www.svix.com/pricing/',
  },
  {
    name: 'Svix, Free',
    what: 'the same with an SLA of 99.9 % and 30 days of payloads',
    monthly: (events) => Math.max(0, events - 50_000) * 0.0001,
    terms: '50,000 messages free, then $0.0001 a message',
    source: 'https://www.svix.com/pricing/',
  },
  {
    name: 'Hookdeck, Team',
    what: 'receives, queues and delivers webhooks, retries',
    monthly: (events) => (events <= 10_000 ? 39 : undefined),
    terms: 'from $39 with 10,000 events, metered above by events and throughput; the rate is in a slider',
    source: 'https://hookdeck.com/pricing',
  },
  {
    name: 'Stripe Sigma',
    what: 'SQL over Stripe data; of all here it replaces the lake only',
    monthly: () => undefined,
    terms:
      'by charges and not events: 30,000 a month are $533 ($100, and $0.02 to $0.014 a charge); above 50,000 ask',
    source: 'https://support.stripe.com/questions/understanding-stripe-sigma-pricing',
  },
]
