// CloudWatch metrics in the embedded metric format: numbers ride on a log line, so that they cost no API call.
// Dimensions stay few (connector, kind): each further value is a paid metric.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

const NAMESPACE = 'Switchyard'

type Unit = 'Count' | 'Milliseconds' | 'Seconds'

export interface Metrics {
  /** One line with all values under the same dimensions. */
  emit(dimensions: Readonly<Record<string, string>>, values: Readonly<Record<string, [number, Unit]>>): void
}

export function createMetrics(log: Log, clock: Clock): Metrics {
  return {
    emit(dimensions, values) {
      log({
        _aws: {
          Timestamp: clock.now(),
          CloudWatchMetrics: [
            {
              Namespace: NAMESPACE,
              Dimensions: [Object.keys(dimensions)],
              Metrics: Object.entries(values).map(([name, [, unit]]) => ({ Name: name, Unit: unit })),
            },
          ],
        },
        ...dimensions,
        ...Object.fromEntries(Object.entries(values).map(([name, [value]]) => [name, value])),
      })
    },
  }
}
