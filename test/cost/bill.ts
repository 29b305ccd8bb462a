// A month's bill from counted requests and published prices. What cannot be counted on a laptop (how long a call to a
// vendor takes, what Lambda writes into a log by itself, how Lambda polls) is assumed, here and nowhere else.
import type { Counts, Month } from './counts.ts'
import { PRICES, type PriceName } from './prices.ts'

export interface BillLine {
  service: string
  what: string
  quantity: number
  price: PriceName
  dollars: number
  /** Grows with events; false: stands. */
  perEvent: boolean
}

/** Judgements, in milliseconds of a function that waits for them one after another: the most that they can cost. */
export const ASSUMED_MS: Readonly<Record<string, number>> = {
  ingest: 40,
  lane: 60,
  lakeFile: 80,
  stripe: 150,
  salesforce: 500,
  netsuite: 1_200,
  avalara: 250,
  breaker: 300,
  sweep: 5_000,
}

/** START, END and REPORT of one invocation, with a trace. */
const PLATFORM_LOG_BYTES = 350
/** The line of the API's access log. */
const ACCESS_LOG_BYTES = 330
/** Five pollers, 20 s each, while a queue is empty: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const EMPTY_POLLS_PER_QUEUE = (5 * 30 * 24 * 3_600) / 20
const BREAKER_RUNS = 30 * 24 * 60
const SWEEP_RUNS = 30 * 24 * 4
/** Kept by a container for five minutes; the schedules and some traffic keep one warm for each function. */
const SECRET_READS_PER_FUNCTION = 30 * 24 * 12
/** X-Ray takes the first request of a second and every twentieth of the rest. */
const TRACED_SHARE = 0.05
const TRACED_AT_MOST = 30 * 24 * 3_600
/** Ledger rows are kept 400 days and the lake for ever: the first year's are what is shown. */
const MONTHS_KEPT = 12
const LOG_MONTHS_KEPT = 3
/** Of log text, as CloudWatch stores it. */
const LOG_COMPRESSION = 0.15
const GB = 1_000_000_000

export function billOf({ events, counts, standing }: Month): BillLine[] {
  const times = (count: number): number => (count / counts.events) * events
  const invocations = events + times(counts.laneInvocations)
  const logBytes = times(counts.logBytes) + invocations * PLATFORM_LOG_BYTES + events * ACCESS_LOG_BYTES
  const ledgerGb = (times(counts.storedBytes) * MONTHS_KEPT) / GB
  const perEvent: [string, string, number, PriceName][] = [
    ['API Gateway', 'webhooks', events, 'apiRequest'],
    ['Lambda', 'invocations of ingest and lanes', invocations, 'lambdaRequest'],
    ['Lambda', 'time of ingest and lanes', times(busySeconds(counts)), 'lambdaGbSecond'],
    ['SQS', 'sends and delays', times(counts.sqsSends), 'sqsRequest'],
    ['SQS', 'receives and deletes', times(2 * counts.sqsReceives), 'sqsRequest'],
    ['DynamoDB', 'writes', times(counts.writeUnits), 'writeUnit'],
    ['DynamoDB', 'reads', times(counts.readUnits), 'readUnit'],
    ['DynamoDB', "a year's rows", ledgerGb, 'ledgerGbMonth'],
    ['DynamoDB', 'their backup', ledgerGb, 'ledgerBackupGbMonth'],
    ['S3', 'lake files written', times(counts.lakeFiles), 's3Put'],
    ['S3', "a year's lake", (times(counts.lakeBytes) * MONTHS_KEPT) / GB, 's3GbMonth'],
    ['CloudWatch', 'logs taken in', logBytes / GB, 'logGb'],
    [
      'CloudWatch',
      'logs kept three months',
      (logBytes * LOG_MONTHS_KEPT * LOG_COMPRESSION) / GB,
      'logGbMonth',
    ],
    ['X-Ray', 'traces', tracesOf(invocations), 'trace'],
  ]
  const stands: [string, string, number, PriceName][] = [
    ['SQS', 'polls of empty queues', standing.queues * EMPTY_POLLS_PER_QUEUE, 'sqsRequest'],
    ['Lambda', 'runs of breaker and sweep', BREAKER_RUNS + SWEEP_RUNS, 'lambdaRequest'],
    ['Lambda', 'their time', scheduledGbSeconds(), 'lambdaGbSecond'],
    ['EventBridge', 'their schedules', BREAKER_RUNS + SWEEP_RUNS, 'schedule'],
    ['CloudWatch', 'custom metrics', standing.metrics, 'metricMonth'],
    ['CloudWatch', 'alarms', standing.alarms, 'alarmMonth'],
    ['CloudWatch', 'dashboards', standing.dashboards, 'dashboardMonth'],
    ['Secrets Manager', 'secrets', standing.secrets, 'secretMonth'],
    ['Secrets Manager', 'reads', standing.functions * SECRET_READS_PER_FUNCTION, 'secretRead'],
  ]
  const line =
    (grows: boolean) =>
    ([service, what, quantity, name]: [string, string, number, PriceName]): BillLine => ({
      service,
      what,
      quantity,
      price: name,
      dollars: (quantity / PRICES[name].per) * PRICES[name].dollars,
      perEvent: grows,
    })
  return [...perEvent.map(line(true)), ...stands.map(line(false))]
}

export const sumOf = (lines: readonly BillLine[]): number =>
  lines.reduce((sum, { dollars }) => sum + dollars, 0)

/** Ingest and lanes have a gigabyte each, so seconds are GB-seconds. */
function busySeconds({ events, laneInvocations, lakeFiles, vendorCalls }: Counts): number {
  const ms = (name: string): number => ASSUMED_MS[name] ?? 0
  const vendors = Object.entries(vendorCalls).reduce((sum, [vendor, calls]) => sum + calls * ms(vendor), 0)
  return (events * ms('ingest') + laneInvocations * ms('lane') + lakeFiles * ms('lakeFile') + vendors) / 1_000
}

function scheduledGbSeconds(): number {
  const { breaker = 0, sweep = 0 } = ASSUMED_MS
  return (BREAKER_RUNS * breaker * 0.5 + SWEEP_RUNS * sweep) / 1_000
}

function tracesOf(invocations: number): number {
  const first = Math.min(invocations, TRACED_AT_MOST)
  return first + (invocations - first) * TRACED_SHARE
}
