// CloudWatch metrics in the embedded metric format: numbers ride on the wide log line, so that they cost no call. Their
// names stand here once, for the functions that count and for the alarms that watch. Dimensions stay few (connector):
// each further value is a paid metric.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
import type { Clock } from './clock.ts'
import type { LogLine } from './log.ts'

export const METRIC_NAMESPACE = 'Switchyard'

export type MetricName =
  // At the front door, without dimension.
  | 'Accepted'
  | 'Duplicates'
  | 'Rejected'
  | 'Refused'
  | 'Failed'
  // Per connector. LagSeconds: from Stripe's `created` to the end of the delivery, the slowest of a batch.
  | 'Applied'
  | 'Unchanged'
  | 'Superseded'
  | 'Waiting'
  | 'Parked'
  | 'LagSeconds'
  // Of tax, per connector; each counts its log lines (functions/connectors/avalara/tax-signals.ts).
  | 'TaxDrift'
  | 'FinalizedUntaxed'
  | 'UntaxedCredit'
  | 'TaxFallback'
  | 'TaxReleased'
  | 'TaxReissued'
  // Of the daily look at the clearing accounts (functions/close/daily-clearing.ts). Breaks without dimension, and only when
  // everything could be read; the difference per currency, in its minor units and without sign.
  | 'ClearingBreaks'
  | 'ClearingDifference'

/** All others are counts. */
const UNITS: Readonly<Partial<Record<MetricName, 'Seconds' | 'None'>>> = {
  LagSeconds: 'Seconds',
  ClearingDifference: 'None',
}

/** Fields that make a log line carry metrics. */
export function withMetrics(
  clock: Clock,
  values: Readonly<Partial<Record<MetricName, number>>>,
  dimensions: Readonly<Record<string, string>> = {},
): LogLine {
  return {
    _aws: {
      Timestamp: clock.now(),
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: Object.keys(values).map((Name) => ({ Name, Unit: UNITS[Name as MetricName] ?? 'Count' })),
        },
      ],
    },
    ...dimensions,
    ...values,
  }
}
