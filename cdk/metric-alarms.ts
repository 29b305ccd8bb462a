// Alarms on the hub's own metrics, but for those of one lane (lane-alarms.ts): what is hurt, the likely causes, the command
// to run. Every schedule sends a number each time it has done its work: where that is missing, an alarm rings, since nothing
// else would.
//
// No alarm for TaxReleased (an approver did it by hand and knows) and TaxReissued (the policy that hub.config.ts asks for).
import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { DimensionOf, MetricName } from '../shared/metrics.ts'
import { hubMetric, type Reading } from './hub-metric.ts'

/** A metric under the dimensions that it is sent with, whose statistic is still to be said. */
interface Source {
  name: MetricName
  read(reading: Reading): Metric
}

const source = <N extends MetricName>(
  name: N,
  dimensions: Readonly<Record<DimensionOf<N>, string>>,
): Source => ({ name, read: (reading) => hubMetric(name, dimensions, reading) })

interface Watch {
  metric: Source
  period: Duration
  description: string
  /** `Sum`. */
  statistic?: string
  /** 1: once is enough. */
  threshold?: number
  /** 1. */
  periods?: number
  /** A number told now and then stays as it was where it is missing. */
  isGauge?: boolean
}

/** A run that is missing: its number did not come for so many periods. */
interface Heartbeat {
  metric: Source
  period: Duration
  periods: number
  description: string
}

const EDGE: readonly Watch[] = [
  {
    metric: source('Rejected', {}),
    period: Duration.minutes(5),
    description:
      'Stripe sent correctly signed events that this hub cannot use; they are recorded and answered 2xx, and nobody retries them. Likely: the endpoint of another account or mode points here, or Stripe changed a format. Next: look for outcome "rejected" in the log of ingest; each line says why.',
  },
  {
    metric: source('Failed', {}),
    period: Duration.minutes(5),
    threshold: 5,
    description:
      'The hub could not take in five events within five minutes and answered 500. Nothing is lost: Stripe sends them again for up to three days, and the sweep looks every quarter of an hour. Likely: the ledger or a queue is throttled or out of reach, or the newest deployment took away a right or a variable. Engineering: look for outcome "failed" in the log of ingest; each line says why.',
  },
  {
    metric: source('Recovered', {}),
    period: Duration.minutes(15),
    periods: 2,
    description:
      'Events reach the hub by the sweep alone, a quarter of an hour late: Stripe\'s webhooks do not arrive. Nothing is lost; a draft may be held too late to be taxed. Likely: the endpoint is disabled in Stripe, its address or signing secret is not this hub\'s, or ingest fails. Engineering: in Stripe → Developers → Webhooks, look at the endpoint\'s last answers; look for outcome "refused" or "failed" in the log of ingest; hub doctor.',
  },
]

const LANES: readonly Watch[] = [
  {
    metric: source('PausedLanes', {}),
    period: Duration.minutes(5),
    statistic: 'Minimum',
    description:
      'A lane has been paused for five minutes: its system gets nothing; what is for it waits in its queue, and nothing is lost. It is probed each minute and resumes by itself. Likely: the vendor is down or asks to slow down, it refuses our credential, or an operator paused the lane. Next: the lines "lane" in the log of the breaker name connector and code; a code that ends in CRED or ROLE needs a person: rotate the credential, then hub doctor.',
  },
]

const BREAKER_SILENT: Heartbeat = {
  metric: source('PausedLanes', {}),
  period: Duration.minutes(5),
  periods: 2,
  description:
    'Nobody has looked at the lanes for ten minutes: a paused lane is not resumed when its vendor is back, and one that should stand still may run. Nothing is lost. Likely: the breaker cannot start, cannot read the ledger, or may not change an event source; or its schedule is off. Engineering: read the last error in the log of the breaker.',
}

const SWEEP_SILENT: Heartbeat = {
  metric: source('Recovered', {}),
  period: Duration.hours(1),
  periods: 1,
  description:
    "Nobody has compared Stripe's list of events with the ledger for an hour: a lost webhook stays lost meanwhile, and the numbers of parked and unsettled objects are old. Nothing is known to be wrong; the next run looks at all of it. Likely: Stripe cannot be read or refuses our key, the ledger is throttled, or the schedule is off. Engineering: read the last error in the log of reconcile; hub doctor.",
}

const AVALARA = { connector: 'avalara' }

const TAX: readonly Watch[] = [
  {
    metric: source('FinalizedUntaxed', AVALARA),
    period: Duration.minutes(5),
    description:
      'An invoice was finalized without the tax that it should bear: the customer was not asked for it, and you may owe it. Likely: it was never a draft (first invoice of a self-serve subscription, Checkout, an upgrade that bills at once), a line came in its last second, or an approver released it. Finance: take "document" from the line "finalized-untaxed" in the log of avalara, run hub trace <document>, and decide: credit and reissue it, or bear the tax. Engineering: POST /tax/estimate before such subscriptions are made.',
  },
  {
    metric: source('TaxDrift', AVALARA),
    period: Duration.hours(1),
    description:
      'AvaTax would charge another tax than the customer was charged. What was charged is recorded and will be filed; the difference is yours to judge. Likely: a rate, tax code or exemption changed between the draft and its finalization, somebody edited taxes in Stripe, or the nexus settings changed. Finance: the line "tax-drift" in the log of avalara has document, charged and calculated; run hub trace <document>. If many differ alike, compare the tax codes in hub.config.ts with Avalara.',
  },
  {
    metric: source('TaxFallback', AVALARA),
    period: Duration.days(1),
    description:
      'A draft was taxed by its postal code, because AvaTax cannot find its address. It is billed and not held, but its tax can be a little off, and so will be the next. Likely: a typing error in the street or city. Support: the line "tax-fallback" in the log of avalara has the document; run hub trace <document> and correct the address in Stripe.',
  },
  {
    metric: source('UntaxedCredit', AVALARA),
    period: Duration.days(1),
    description:
      'A credit note over a taxed invoice gives no tax back: the customer got the amount, and the tax on it is still owed. Likely: it was made over an amount, not over the invoice\'s lines. Finance: the line "untaxed-credit" in the log of avalara has document and amount; run hub trace <document>. If the tax was meant to be given back, void the note and credit the lines.',
  },
  {
    metric: source('OldestTaxHoldSeconds', {}),
    period: Duration.minutes(15),
    statistic: 'Maximum',
    threshold: 86_400,
    isGauge: true,
    description:
      'A draft has been held, untaxed, for a day: its customer is not billed until its tax can be calculated. Nothing was finalized. Likely: an address that AvaTax cannot find, a tax code or a VAT number that is missing, or AvaTax is away. Support or finance: hub replay --parked --connector avalara --dry-run lists each with who mends it; it resumes alone.',
  },
]

const CLEARING: Watch = {
  metric: source('ClearingBreaks', {}),
  period: Duration.days(1),
  description:
    'The Stripe clearing accounts in NetSuite do not hold the Stripe balance of last midnight: a payment, fee, refund, dispute or payout is missing, twice, or wrong in the books. The month will not tie. Likely: the NetSuite lane is behind or paused, a document is parked, or somebody posted on the account by hand. Accounting: the lines "clearing" and "clearing-check" in the log of DailyClearing name currency, difference and document; run hub close <month> for all of them, hub trace <document> for one.',
}

const CLEARING_SILENT: Heartbeat = {
  metric: source('ClearingBreaks', {}),
  period: Duration.days(1),
  periods: 2,
  description:
    'Nobody has compared the clearing accounts with the Stripe balance for two days, so a difference could stand unseen. Nothing is known to be wrong. Likely: Stripe or NetSuite could not be read, a credential was refused, or the account has grown beyond what the function reads in a quarter of an hour. Engineering: the last error in the log of DailyClearing says which; hub close <month> answers the same question by hand.',
}

const JOURNALS_SILENT: Heartbeat = {
  metric: source('JournalsPosted', {}),
  period: Duration.days(1),
  periods: 2,
  description:
    'Nobody has looked for revenue that is due for two days, so it may not be journaled. Nothing is known to be wrong; the next run posts all that is due. Likely: the function cannot start, or its account has grown beyond what it reads in a quarter of an hour. Engineering: read the last error in the log of RevenueJournals; hub recognize <month> --dry-run answers the same question by hand.',
}

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

  watchSchedules(): void {
    for (const watch of LANES) this.watch(watch)
    this.listen('BreakerSilent', BREAKER_SILENT)
    this.listen('SweepSilent', SWEEP_SILENT)
  }

  watchTax(): void {
    for (const watch of TAX) this.watch(watch)
  }

  watchClearing(): void {
    this.watch(CLEARING)
    this.listen('ClearingSilent', CLEARING_SILENT)
  }

  watchJournals(): void {
    this.listen('JournalsSilent', JOURNALS_SILENT)
  }

  private watch(watch: Watch): void {
    const { metric, period, description, isGauge } = watch
    const { statistic = 'Sum', threshold = 1, periods = 1 } = watch
    this.alarm(metric.name, {
      alarmDescription: description,
      metric: metric.read({ statistic, period }),
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: isGauge ? TreatMissingData.IGNORE : TreatMissingData.NOT_BREACHING,
    })
  }

  private listen(id: string, { metric, period, periods, description }: Heartbeat): void {
    this.alarm(id, {
      alarmDescription: description,
      metric: metric.read({ statistic: 'SampleCount', period }),
      threshold: 1,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    })
  }

  private alarm(id: string, props: ConstructorParameters<typeof Alarm>[2]): void {
    new Alarm(this.scope, id, props).addAlarmAction(new SnsAction(this.topic))
  }
}
