// One connector's dashboard: what it did, how late, what its vendor said and has left, how it works through its queue. The
// same for each; what a lane does not have (an append lane parks nothing) is left out.
import { Duration } from 'aws-cdk-lib'
import {
  Color,
  CustomWidget,
  Dashboard,
  type IMetric,
  type IWidget,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { Manifest } from '../../shared/connector/contract.ts'
import type { DimensionOf, MetricName } from '../../shared/metrics.ts'
import type { LaneQueues } from '../data-stack.ts'
import { hubMetric } from '../hub-metric.ts'
import { ERROR_KINDS } from '../metric-set.ts'
import { AGE_LINES, FIVE_MINUTES, FULL, graph, SWEEP, THIRD, text } from './graph.ts'

export interface ConnectorDashboardProps {
  stage: string
  manifest: Manifest
  handler: IFunction
  queues: LaneQueues
  /** Of the Lambda behind the widgets. */
  widgets: string
  consoleUrl?: string
}

/** A lane's metrics that have no other dimension. */
type OfLane = { [N in MetricName]: DimensionOf<N> extends 'connector' ? N : never }[MetricName]

export function createConnectorDashboard(
  scope: Construct,
  id: string,
  props: ConnectorDashboardProps,
): Dashboard {
  const { manifest, widgets } = props
  const { name: connector, title, style } = manifest
  const projects = style === 'projection'
  const of = (name: OfLane, statistic: string, label: string, period = FIVE_MINUTES) =>
    hubMetric(name, { connector }, { statistic, period, label })

  const dashboard = new Dashboard(scope, id, { defaultInterval: Duration.hours(12) })
  dashboard.addWidgets(text(heading(props), 3))
  dashboard.addWidgets(
    delivered(title, of, projects),
    lag(title, of),
    ...(projects ? [unchangedShare(of)] : [batches(of)]),
  )
  dashboard.addWidgets(
    age(title, of, props.queues),
    errors(connector, title),
    ...(projects ? [parked(of)] : []),
  )
  if (projects) dashboard.addWidgets(calls(title, of), quota(manifest, of), batches(of))
  dashboard.addWidgets(...lambda(props))
  if (projects)
    dashboard.addWidgets(
      new CustomWidget({
        title: `Newest parked of ${title}: what needs somebody, and what to do`,
        functionArn: widgets,
        params: { widget: 'parked', connector },
        width: FULL,
        height: 10,
      }),
    )
  return dashboard
}

function heading({ manifest, stage, consoleUrl }: ConnectorDashboardProps): string {
  const { name, title, style } = manifest
  const fix =
    style === 'projection'
      ? `**Something is parked**: \`hub replay --parked --connector ${name} --dry-run\` lists each with its cause and who mends it${consoleUrl ? `; so does the [console](${consoleUrl}/parked)` : ''}. Once mended most resume alone; the others by the same command without \`--dry-run\`.`
      : '**It takes every event as it came**: nothing is parked here; a batch that fails comes back whole.'
  return [
    `# ${title}, stage ${stage}`,
    `**It is late**: look at errors first. \`credential\` needs a new key (then \`hub doctor\`); \`transient\` is the vendor's and ends by itself; \`invariant\` is a defect of ours: the log of the function says which.`,
    fix,
  ].join('\n\n')
}

type Of = (name: OfLane, statistic: string, label: string, period?: Duration) => IMetric

const delivered = (title: string, of: Of, projects: boolean): IWidget =>
  graph({
    title: `What became of the events for ${title}`,
    left: [
      of('Applied', 'Sum', 'applied: written'),
      ...(projects
        ? [
            of('Unchanged', 'Sum', 'unchanged: nothing to write'),
            of('Superseded', 'Sum', 'superseded: a newer one stands'),
          ]
        : []),
    ],
    unit: 'events in 5 min',
    stacked: true,
  })

const lag = (title: string, of: Of): IWidget =>
  graph({
    title: `How long until an event is in ${title}`,
    left: [
      of('LagSeconds', 'p50', 'half of them (p50)'),
      of('LagSeconds', 'p99', 'all but one in a hundred (p99)'),
      of('LagSeconds', 'Maximum', 'the slowest'),
    ],
    unit: 'seconds since Stripe made the event',
  })

const unchangedShare = (of: Of): IWidget =>
  graph({
    title: 'Share of events that changed nothing: high after a replay; always high means events nobody needs',
    left: [
      new MathExpression({
        expression:
          '100 * FILL(unchanged, 0) / (FILL(applied, 0) + FILL(unchanged, 0) + FILL(superseded, 0))',
        usingMetrics: {
          applied: of('Applied', 'Sum', 'applied'),
          unchanged: of('Unchanged', 'Sum', 'unchanged'),
          superseded: of('Superseded', 'Sum', 'superseded'),
        },
        label: 'unchanged',
        period: FIVE_MINUTES,
      }),
    ],
    unit: 'percent',
    upTo: 100,
  })

const age = (title: string, of: Of, { queue }: LaneQueues): IWidget =>
  graph({
    title: `The oldest work for ${title} that has not ended: above a line its alarm rings`,
    left: [
      of('UnsettledSeconds', 'Maximum', 'by the ledger', SWEEP),
      queue.metricApproximateAgeOfOldestMessage({
        statistic: 'Maximum',
        period: FIVE_MINUTES,
        label: 'by SQS (without what came three times)',
      }),
    ],
    unit: 'seconds',
    lines: AGE_LINES,
  })

const KIND_COLOURS: Readonly<Record<(typeof ERROR_KINDS)[number], string>> = {
  transient: Color.GREY,
  permanent: Color.ORANGE,
  credential: Color.RED,
  ambiguous: Color.PURPLE,
  invariant: Color.BROWN,
}

const errors = (connector: string, title: string): IWidget =>
  graph({
    title: `Attempts that failed in ${title}, by kind`,
    left: ERROR_KINDS.map((kind) =>
      hubMetric(
        'Errors',
        { connector, kind },
        { statistic: 'Sum', period: FIVE_MINUTES, label: kind, color: KIND_COLOURS[kind] },
      ),
    ),
    unit: 'attempts in 5 min',
    stacked: true,
  })

const parked = (of: Of): IWidget =>
  graph({
    title: 'What waits for a person (parked) and what is tried again by itself (waiting)',
    left: [
      of('ParkedObjects', 'Maximum', 'parked', SWEEP),
      of('WaitingObjects', 'Maximum', 'waiting', SWEEP),
    ],
    right: [of('NewlyParked', 'Sum', 'newly parked')],
    unit: 'objects',
    rightUnit: 'newly, in 5 min',
  })

const calls = (title: string, of: Of): IWidget =>
  graph({
    title: `Calls to ${title}, and those that it refused for being too many`,
    left: [of('VendorCalls', 'Sum', 'calls')],
    right: [of('Throttled', 'Sum', 'refused')],
    unit: 'calls in 5 min',
    rightUnit: 'refused in 5 min',
  })

/** Where the vendor does not say, its refusals beside the calls are all there is. */
function quota({ title, vendor }: Manifest, of: Of): IWidget {
  if (vendor.tellsQuota)
    return graph({
      title: `What ${title} has left of the day's calls, for everybody who uses it`,
      left: [of('QuotaLeftPercent', 'Minimum', 'left')],
      unit: 'percent',
      upTo: 100,
      lines: [{ value: 20, label: 'ask who uses the rest', color: Color.ORANGE }],
    })
  return text(
    `**${title} does not say how much of its quota is left.** It allows ${vendor.accountConcurrency} calls at once; this lane makes ${vendor.parallelCalls} a worker. When "refused" rises on the left and nothing was deployed, somebody else is using the account.`,
    6,
    THIRD,
  )
}

const batches = (of: Of): IWidget =>
  graph({
    title: 'Events that a worker takes at once: larger batches mean fewer calls',
    left: [of('BatchMessages', 'Average', 'on average'), of('BatchMessages', 'Maximum', 'the largest')],
    unit: 'messages',
  })

function lambda({ handler, queues, manifest }: ConnectorDashboardProps): IWidget[] {
  const own = { period: FIVE_MINUTES }
  return [
    graph({
      title: 'How long a batch takes: at 60 s the worker is stopped',
      left: [
        handler.metricDuration({ ...own, statistic: 'p50', label: 'half of them (p50)' }),
        handler.metricDuration({ ...own, statistic: 'Maximum', label: 'the slowest' }),
      ],
      unit: 'milliseconds',
      lines: [{ value: 60_000, label: 'stopped', color: Color.RED }],
    }),
    graph({
      title: 'Workers that crash (their messages come back), and messages in the dead-letter queue',
      left: [handler.metricErrors({ ...own, statistic: 'Sum', label: 'crashes' })],
      right: [
        queues.deadLetters.metricApproximateNumberOfMessagesVisible({
          ...own,
          statistic: 'Maximum',
          label: 'dead letters',
        }),
      ],
      unit: 'crashes in 5 min',
      rightUnit: 'messages',
    }),
    graph({
      title: `What is in the queue: at most ${manifest.queue.maximumConcurrency} workers take from it`,
      left: [
        queues.queue.metricApproximateNumberOfMessagesVisible({
          ...own,
          statistic: 'Maximum',
          label: 'ready to be taken',
        }),
        queues.queue.metricApproximateNumberOfMessagesNotVisible({
          ...own,
          statistic: 'Maximum',
          label: 'in hand, or waiting to be tried again',
        }),
      ],
      unit: 'messages',
    }),
  ]
}
