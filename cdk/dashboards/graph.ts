// The few kinds of picture that the dashboards are made of. A title says what one learns from it.
import { Duration } from 'aws-cdk-lib'
import {
  Color,
  GraphWidget,
  type HorizontalAnnotation,
  type IMetric,
  LegendPosition,
  MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import { METRIC_NAMESPACE, type MetricName } from '../../shared/metrics.ts'
import { AGES } from '../lane-alarms.ts'

/** Of a dashboard's 24 columns. */
export const HALF = 12
export const THIRD = 8
export const FULL = 24

/** What most numbers are added up over. */
export const FIVE_MINUTES = Duration.minutes(5)
/** The sweep's rhythm: what it says is missing in between. */
export const SWEEP = Duration.minutes(15)

export interface Graph {
  title: string
  left: readonly IMetric[]
  right?: readonly IMetric[]
  /** Of the left axis: 'seconds'. */
  unit: string
  rightUnit?: string
  lines?: readonly HorizontalAnnotation[]
  stacked?: boolean
  width?: number
  /** The highest value that makes sense, where there is one. */
  upTo?: number
}

export const graph = ({
  title,
  left,
  right = [],
  unit,
  rightUnit,
  lines = [],
  ...rest
}: Graph): GraphWidget =>
  new GraphWidget({
    title,
    left: [...left],
    right: [...right],
    leftYAxis: { label: unit, min: 0, showUnits: false, ...(rest.upTo !== undefined && { max: rest.upTo }) },
    ...(rightUnit && { rightYAxis: { label: rightUnit, min: 0, showUnits: false } }),
    leftAnnotations: [...lines],
    stacked: rest.stacked ?? false,
    width: rest.width ?? THIRD,
    height: 6,
    legendPosition: LegendPosition.BOTTOM,
    liveData: true,
  })

export const text = (markdown: string, height: number, width = FULL): TextWidget =>
  new TextWidget({ markdown, width, height })

/** Where the alarms of age ring. */
export const AGE_LINES: readonly HorizontalAnnotation[] = AGES.map(({ age }, index) => ({
  value: age.toSeconds(),
  label: age.toHumanString(),
  color: [Color.ORANGE, Color.RED, Color.PURPLE][index] ?? Color.RED,
}))

/** One line for each value that the dimension has had. */
export const foundBy = (metricName: MetricName, dimension: string, statistic: string, period: Duration) =>
  new MathExpression({
    expression: `SEARCH('{${METRIC_NAMESPACE},${dimension}} MetricName="${metricName}"', '${statistic}', ${period.toSeconds()})`,
    usingMetrics: {},
    label: '',
    period,
  })
