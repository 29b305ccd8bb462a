// CloudWatch metrics in the embedded metric format: numbers ride on the wide log line, so that they cost no call. All of
// them stand here once, with their dimensions, for the functions that count and for the alarms and dashboards that watch:
// a metric that is emitted with a dimension is another metric without it. Dimensions stay few, since each value of one is
// a paid metric; a count that is nought is not sent, because a metric is paid for the hours in which it is.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
// https://aws.amazon.com/cloudwatch/pricing/
import type { Clock } from './clock.ts'
import type { JsonObject } from './connector/contract.ts'
import type { LogLine } from './log.ts'

export const METRIC_NAMESPACE = 'Switchyard'

/** `kind` is one of shared/errors.ts, `currency` one that the balance or the clearing accounts hold. */
export type Dimension = 'connector' | 'kind' | 'currency'

interface Metric {
  unit: 'Count' | 'Seconds' | 'Percent' | 'None'
  by: readonly Dimension[]
}

const total = { unit: 'Count', by: [] } as const
const ofLane = { unit: 'Count', by: ['connector'] } as const

export const METRICS = {
  // At the front door (functions/ingest).
  Accepted: total,
  Duplicates: total,
  Rejected: total,
  Refused: total,
  Failed: total,

  // Of each batch (shared/delivery/report.ts, functions/connectors/lake). LagSeconds: from Stripe's `created` to the end of
  // the delivery, a value for each event that came to one, so that percentiles can be told.
  Applied: ofLane,
  Unchanged: ofLane,
  Superseded: ofLane,
  LagSeconds: { unit: 'Seconds', by: ['connector'] },
  BatchMessages: ofLane,
  // Objects that became parked: a later event about one that is parked already is not counted again.
  NewlyParked: ofLane,
  // Attempts that failed.
  Errors: { unit: 'Count', by: ['connector', 'kind'] },
  // Answers of the connector's own vendor, those among them that refuse for being too many, and what the vendor says is
  // left of the day (shared/connector/traffic.ts).
  VendorCalls: ofLane,
  Throttled: ofLane,
  QuotaLeftPercent: { unit: 'Percent', by: ['connector'] },

  // What the ledger says, at each sweep (functions/reconcile/lane-health.ts).
  ParkedObjects: ofLane,
  WaitingObjects: ofLane,
  UnsettledSeconds: { unit: 'Seconds', by: ['connector'] },
  TaxHolds: total,
  OldestTaxHoldSeconds: { unit: 'Seconds', by: [] },
  // Events that only the sweep brought, though their webhook had had five minutes. Sent at each sweep, nought too: where it
  // is missing, nobody looks.
  Recovered: total,

  // Of the breaker; the first at each look, nought too, the second while a lane stands still.
  PausedLanes: total,
  PausedSeconds: { unit: 'Seconds', by: ['connector'] },

  // Of tax; each counts its log lines (functions/connectors/avalara/tax-signals.ts).
  TaxDrift: ofLane,
  FinalizedUntaxed: ofLane,
  UntaxedCredit: ofLane,
  TaxFallback: ofLane,
  TaxReleased: ofLane,
  TaxReissued: ofLane,

  // Of the daily look at the clearing accounts (functions/close/daily-clearing.ts). Breaks only when everything could be
  // read; the difference in minor units and without sign: it is the money that is not in step.
  ClearingBreaks: total,
  ClearingDifference: { unit: 'None', by: ['currency'] },
  // Of each run of functions/recognition, nought too.
  JournalsPosted: total,
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof METRICS

/** What must be said to name one: `connector`, or nothing. */
export type DimensionOf<N extends MetricName> = (typeof METRICS)[N]['by'][number]

/** Metrics with exactly these dimensions. */
export type MetricBy<D> = {
  [N in MetricName]: [DimensionOf<N>] extends [D] ? ([D] extends [DimensionOf<N>] ? N : never) : never
}[MetricName]

/** One value, or all of them where percentiles are asked of it. */
type Value = number | readonly number[]

/** A longer list of values is refused whole. */
export const MAX_VALUES = 100

/** Fields that make a log line carry metrics, all with the same dimensions. */
export function withMetrics<D extends Partial<Record<Dimension, string>> = Record<never, string>>(
  clock: Clock,
  values: Readonly<Partial<Record<MetricBy<keyof D>, Value>>>,
  dimensions?: D,
): LogLine {
  const sent = Object.entries<Value | undefined>(values).filter(([, value]) => value !== undefined)
  if (sent.length === 0) return {}
  const directive: JsonObject = {
    Namespace: METRIC_NAMESPACE,
    Dimensions: [Object.keys(dimensions ?? {})],
    Metrics: sent.map(([Name]) => ({ Name, Unit: METRICS[Name as MetricName].unit })),
  }
  return {
    _aws: { Timestamp: clock.now(), CloudWatchMetrics: [directive] },
    ...dimensions,
    ...(Object.fromEntries(sent) as JsonObject),
  }
}

/** For a line that carries metrics of several dimensions. */
export function joinMetrics(...parts: readonly LogLine[]): LogLine {
  const embedded = parts.flatMap(({ _aws }) => (isEmbedded(_aws) ? [_aws] : []))
  const [first] = embedded
  const fields: LogLine = Object.assign({}, ...parts)
  if (!first) return fields
  const { Timestamp } = first
  const CloudWatchMetrics = embedded.flatMap((each) => each.CloudWatchMetrics)
  return { ...fields, _aws: { Timestamp, CloudWatchMetrics } }
}

interface Embedded {
  Timestamp: number
  CloudWatchMetrics: JsonObject[]
}

const isEmbedded = (value: unknown): value is Embedded =>
  typeof value === 'object' && value !== null && 'CloudWatchMetrics' in value

/** A count as it is sent: nought is not. */
export const counted = (count: number): number | undefined => (count === 0 ? undefined : count)
