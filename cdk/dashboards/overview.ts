// The dashboard that whoever is on call opens first: is anything hurt, what comes in, how far behind is each system, what
// needs a person, is money in step. Each row answers one question; the text above it says what to do.
import { Duration } from 'aws-cdk-lib'
import {
  type Alarm,
  AlarmStatusWidget,
  CustomWidget,
  Dashboard,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import type { Manifest } from '../../shared/connector/contract.ts'
import type { MetricName } from '../../shared/metrics.ts'
import { hubMetric } from '../hub-metric.ts'
import { AGE_LINES, FIVE_MINUTES, FULL, foundBy, graph, HALF, SWEEP, THIRD, text } from './graph.ts'

export interface OverviewProps {
  stage: string
  manifests: readonly Manifest[]
  alarms: readonly Alarm[]
  /** Of each connector, by name. */
  dashboards: ReadonlyMap<string, Dashboard>
  /** Of the Lambda behind the widgets. */
  widgets: string
  consoleUrl?: string
  taxes: boolean
  books: boolean
  journals: boolean
}

export function createOverview(scope: Construct, id: string, props: OverviewProps): Dashboard {
  const dashboard = new Dashboard(scope, id, { defaultInterval: Duration.hours(12) })
  dashboard.addWidgets(text(heading(props), 3))
  // CloudWatch shows a hundred at most.
  dashboard.addWidgets(
    new AlarmStatusWidget({
      title: 'What is hurt: each alarm that rings says the impact, the likely causes and the next command',
      alarms: props.alarms.slice(0, 100),
      width: FULL,
      height: 5,
    }),
  )
  dashboard.addWidgets(...edge())
  dashboard.addWidgets(...lag(props.manifests))
  dashboard.addWidgets(...unfinished(props.manifests))
  dashboard.addWidgets(...needsSomebody(props))
  dashboard.addWidgets(...money(props))
  dashboard.addWidgets(...looks(props.widgets))
  return dashboard
}

function heading({ stage, manifests, dashboards, consoleUrl }: OverviewProps): string {
  const links = manifests.flatMap(({ name, title }) => {
    const one = dashboards.get(name)
    return one ? [`[${title}](#dashboards:name=${one.dashboardName})`] : []
  })
  return [
    `# Switchyard, stage ${stage}: is every system in step with Stripe?`,
    `**If an alarm rings**, open it: its description says what is hurt and which command to run. **If a customer asks**, look for the invoice at the bottom${consoleUrl ? `, or in the [console](${consoleUrl})` : ''}. **If nothing rings** and the lines below stay under theirs, nothing is to be done.`,
    `By system: ${links.join(' · ')}`,
  ].join('\n\n')
}

const count = (
  name: 'Accepted' | 'Duplicates' | 'Rejected' | 'Refused' | 'Failed' | 'Recovered',
  label: string,
) => hubMetric(name, {}, { statistic: 'Sum', period: FIVE_MINUTES, label })

const edge = () => [
  graph({
    title: 'Events that Stripe delivered: accepted, and sent again',
    left: [count('Accepted', 'accepted'), count('Duplicates', 'sent again')],
    unit: 'events in 5 min',
    width: HALF,
  }),
  graph({
    title: 'Turned away at the door, and events that only the sweep found (should be flat)',
    left: [
      count('Rejected', 'rejected: signed, of no use'),
      count('Refused', 'refused: forged, stale or too large'),
      count('Failed', 'failed: our fault, Stripe sends again'),
      count('Recovered', 'found by the sweep: no webhook came'),
    ],
    unit: 'events in 5 min',
    width: HALF,
  }),
]

const byLane = (
  manifests: readonly Manifest[],
  read: (connector: string, title: string) => IMetric,
): IMetric[] => manifests.map(({ name, title }) => read(name, title))

const lag = (manifests: readonly Manifest[]) =>
  (['p50', 'p99'] as const).map((statistic) =>
    graph({
      title:
        statistic === 'p50'
          ? 'Half of all events are in each system after so many seconds (p50)'
          : 'All but one in a hundred are in each system after so many seconds (p99)',
      left: byLane(manifests, (connector, label) =>
        hubMetric('LagSeconds', { connector }, { statistic, period: FIVE_MINUTES, label }),
      ),
      unit: 'seconds since Stripe made the event',
      width: HALF,
    }),
  )

const unfinished = (manifests: readonly Manifest[]) => [
  graph({
    title: 'The oldest work that has not ended, by the ledger: above a line its alarm rings',
    left: byLane(manifests, (connector, label) =>
      hubMetric('UnsettledSeconds', { connector }, { statistic: 'Maximum', period: SWEEP, label }),
    ),
    unit: 'seconds',
    lines: AGE_LINES,
    width: HALF,
  }),
  graph({
    title: 'Lanes that stand still, and for how long (nothing is lost; each resumes by itself)',
    left: byLane(
      manifests.filter(({ pausable }) => pausable),
      (connector, label) =>
        hubMetric('PausedSeconds', { connector }, { statistic: 'Maximum', period: FIVE_MINUTES, label }),
    ),
    right: [
      hubMetric('PausedLanes', {}, { statistic: 'Maximum', period: FIVE_MINUTES, label: 'paused lanes' }),
    ],
    unit: 'seconds',
    rightUnit: 'lanes',
    lines: AGE_LINES,
    width: HALF,
  }),
]

function needsSomebody({ manifests, taxes }: OverviewProps) {
  const projecting = manifests.filter(({ style }) => style === 'projection')
  const parked = (name: 'ParkedObjects' | 'NewlyParked', statistic: string, period: Duration) =>
    byLane(projecting, (connector, label) => hubMetric(name, { connector }, { statistic, period, label }))
  const width = taxes ? THIRD : HALF
  return [
    graph({
      title: 'Parked now: each waits for a person, and is listed below',
      left: parked('ParkedObjects', 'Maximum', SWEEP),
      unit: 'objects',
      stacked: true,
      width,
    }),
    graph({
      title: 'Newly parked: a step up is a new cause',
      left: parked('NewlyParked', 'Sum', FIVE_MINUTES),
      unit: 'objects in 5 min',
      stacked: true,
      width,
    }),
    ...(taxes
      ? [
          graph({
            title: 'Drafts held untaxed, and for how long the oldest (its customer is not billed)',
            left: [hubMetric('TaxHolds', {}, { statistic: 'Maximum', period: SWEEP, label: 'held drafts' })],
            right: [
              hubMetric(
                'OldestTaxHoldSeconds',
                {},
                { statistic: 'Maximum', period: SWEEP, label: 'the oldest' },
              ),
            ],
            unit: 'drafts',
            rightUnit: 'seconds',
          }),
        ]
      : []),
  ]
}

const DAY = Duration.days(1)

const money = ({ taxes, books, journals }: OverviewProps) => [
  ...(books ? [outOfStep()] : []),
  ...(taxes ? [taxSignals()] : []),
  ...(journals
    ? [
        graph({
          title: 'Revenue journals posted each night',
          left: [hubMetric('JournalsPosted', {}, { statistic: 'Sum', period: DAY, label: 'journals' })],
          unit: 'journals',
          width: HALF,
        }),
      ]
    : []),
]

const outOfStep = () =>
  graph({
    title: 'Money not in step, by currency, each morning: 0 is in step (minor units, 100 = 1.00)',
    left: [foundBy('ClearingDifference', 'currency', 'Maximum', DAY)],
    right: [
      hubMetric('ClearingBreaks', {}, { statistic: 'Maximum', period: DAY, label: 'differences named' }),
    ],
    unit: 'minor units',
    rightUnit: 'differences',
    width: HALF,
  })

const TAXING = 'avalara'
const HOLDING = 'tax-hold'

function taxSignals() {
  const signal = (
    name: Extract<
      MetricName,
      'FinalizedUntaxed' | 'TaxDrift' | 'UntaxedCredit' | `Tax${'Fallback' | 'Released' | 'Reissued'}`
    >,
    label: string,
    connector = TAXING,
  ) => hubMetric(name, { connector }, { statistic: 'Sum', period: DAY, label })
  return graph({
    title: 'Tax that finance should look at, by day (the log lines name each document)',
    left: [
      signal('FinalizedUntaxed', 'finalized untaxed'),
      signal('TaxDrift', 'charged another tax than AvaTax would'),
      signal('UntaxedCredit', 'credited without its tax'),
      signal('TaxFallback', 'taxed by postal code'),
      signal('TaxReissued', 'credited and reissued'),
      signal('TaxReleased', 'released by a person'),
      signal('TaxReleased', 'released by a person while AvaTax was away', HOLDING),
    ],
    unit: 'documents a day',
    width: HALF,
  })
}

/** They read, and change nothing; and an alarm never hangs on them. */
const looks = (functionArn: string) => [
  new CustomWidget({
    title: 'Newest parked: what needs somebody, and what to do',
    functionArn,
    params: { widget: 'parked' },
    width: HALF,
    height: 14,
  }),
  new CustomWidget({
    title: 'Where is it? Look by customer, invoice number or event id',
    functionArn,
    params: { widget: 'trace' },
    width: HALF,
    height: 14,
    updateOnTimeRangeChange: false,
  }),
]
