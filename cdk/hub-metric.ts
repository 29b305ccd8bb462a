// A metric of the hub's own, as alarms and dashboards name it: with the dimensions it is emitted with (shared/metrics.ts),
// which the types see to. With others it would be a metric that nobody sends, and its alarm would never ring.
import type { Duration } from 'aws-cdk-lib'
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import { type DimensionOf, METRIC_NAMESPACE, type MetricName } from '../shared/metrics.ts'

export interface Reading extends Pick<MetricOptions, 'label' | 'color'> {
  /** `Sum`, `Maximum`, `p99`, … */
  statistic: string
  period: Duration
}

export function hubMetric<N extends MetricName>(
  metricName: N,
  dimensions: Readonly<Record<DimensionOf<N>, string>>,
  reading: Reading,
): Metric {
  const dimensionsMap: Record<string, string> = { ...dimensions }
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    ...(Object.keys(dimensionsMap).length > 0 && { dimensionsMap }),
    ...reading,
  })
}
