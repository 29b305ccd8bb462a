// Alarms on the hub's own metrics: what is hurt, the likely causes, the command to run. A metric that is emitted with a
// dimension is another metric without it, so the dimension stands here as the function emits it (shared/metrics.ts).
//
// No alarm for TaxReleased (an approver did it by hand and knows) and TaxReissued (the policy that hub.config.ts asks for).
import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { METRIC_NAMESPACE, type MetricName } from '../shared/metrics.ts'

interface Watch {
  metric: MetricName
  dimensions?: Readonly<Record<string, string>>
  period: Duration
  description: string
}

/** Once is enough. */
const EDGE: readonly Watch[] = [
  {
    metric: 'Rejected',
    period: Duration.minutes(5),
    description:
      'Stripe sent correctly signed events that this hub cannot use; they are recorded and answered 2xx, and nobody retries them. Likely: the endpoint of another account or mode points here, or Stripe changed a format. Next: look for outcome "rejected" in the log of ingest; each line says why.',
  },
]

const AVALARA = { connector: 'avalara' }

const TAX: readonly Watch[] = [
  {
    metric: 'FinalizedUntaxed',
    dimensions: AVALARA,
    period: Duration.minutes(5),
    description:
      'An invoice was finalized without the tax that it should bear: the customer was not asked for it, and you may owe it. Likely: it was never a draft (first invoice of a self-serve subscription, Checkout, an upgrade that bills at once), a line came in its last second, or an approver released it. Finance: take "document" from the line "finalized-untaxed" in the log of avalara, run hub trace <document>, and decide: credit and reissue it, or bear the tax. Engineering: POST /tax/estimate before such subscriptions are made.',
  },
  {
    metric: 'TaxDrift',
    dimensions: AVALARA,
    period: Duration.hours(1),
    description:
      'AvaTax would charge another tax than the customer was charged. What was charged is recorded and will be filed; the difference is yours to judge. Likely: a rate, tax code or exemption changed between the draft and its finalization, somebody edited taxes in Stripe, or the nexus settings changed. Finance: the line "tax-drift" in the log of avalara has document, charged and calculated; run hub trace <document>. If many differ alike, compare the tax codes in hub.config.ts with Avalara.',
  },
  {
    metric: 'TaxFallback',
    dimensions: AVALARA,
    period: Duration.days(1),
    description:
      'A draft was taxed by its postal code, because AvaTax cannot find its address. It is billed and not held, but its tax can be a little off, and so will be the next. Likely: a typing error in the street or city. Support: the line "tax-fallback" in the log of avalara has the document; run hub trace <document> and correct the address in Stripe.',
  },
  {
    metric: 'UntaxedCredit',
    dimensions: AVALARA,
    period: Duration.days(1),
    description:
      'A credit note over a taxed invoice gives no tax back: the customer got the amount, and the tax on it is still owed. Likely: it was made over an amount, not over the invoice\'s lines. Finance: the line "untaxed-credit" in the log of avalara has document and amount; run hub trace <document>. If the tax was meant to be given back, void the note and credit the lines.',
  },
]

const CLEARING: Watch = {
  metric: 'ClearingBreaks',
  period: Duration.days(1),
  description:
    'The Stripe clearing accounts in NetSuite do not hold the Stripe balance of last midnight: a payment, fee, refund, dispute or payout is missing, twice, or wrong in the books. The month will not tie. Likely: the NetSuite lane is behind or paused, a document is parked, or somebody posted on the account by hand. Accounting: the lines "clearing" and "clearing-check" in the log of DailyClearing name currency, difference and document; run hub close <month> for all of them, hub trace <document> for one.',
}

const SILENT =
  'Nobody has compared the clearing accounts with the Stripe balance for two days, so a difference could stand unseen. Nothing is known to be wrong. Likely: Stripe or NetSuite could not be read, a credential was refused, or the account has grown beyond what the function reads in a quarter of an hour. Engineering: the last error in the log of DailyClearing says which; hub close <month> answers the same question by hand.'

export class MetricAlarms {
  private readonly scope: Construct
  private readonly topic: ITopic

  constructor(scope: Construct, topic: ITopic) {
    this.scope = scope
    this.topic = topic
  }

  watchEdge(): void {
    for (const watch of EDGE) this.watch(watch)
  }

  watchTax(): void {
    for (const watch of TAX) this.watch(watch)
  }

  watchClearing(): void {
    this.watch(CLEARING)
    this.alarm('ClearingSilent', {
      alarmDescription: SILENT,
      metric: metricOf({ ...CLEARING, statistic: 'SampleCount' }),
      threshold: 1,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    })
  }

  private watch(watch: Watch): void {
    this.alarm(watch.metric, {
      alarmDescription: watch.description,
      metric: metricOf({ ...watch, statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
  }

  private alarm(id: string, props: ConstructorParameters<typeof Alarm>[2]): void {
    new Alarm(this.scope, id, props).addAlarmAction(new SnsAction(this.topic))
  }
}

const metricOf = ({
  metric,
  dimensions,
  period,
  statistic,
}: Omit<Watch, 'description'> & { statistic: string }) =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: metric,
    ...(dimensions && { dimensionsMap: { ...dimensions } }),
    statistic,
    period,
  })
