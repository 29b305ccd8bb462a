// What wakes a person for one lane: what it newly refuses, how long the ledger has had work of it that did not end, what
// kills its worker, and what SQS is about to drop. Not how much is in its queue: a billing run fills that every month.
import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { Manifest } from '../shared/connector/contract.ts'
import type { LaneQueues } from './data-stack.ts'
import { hubMetric } from './hub-metric.ts'

export interface LaneAlarmsProps {
  manifest: Manifest
  handler: IFunction
  queues: LaneQueues
  topic: ITopic
}

/** How often the sweep tells the ledger's age. */
const SWEEP = Duration.minutes(15)

/** Crosses the graphs of age as lines, too (dashboards/). */
export const AGES = [
  { id: 'Behind1Hour', age: Duration.hours(1), consequence: 'Nothing is lost.' },
  { id: 'Behind3Days', age: Duration.days(3), consequence: 'Nothing is lost; reports are wrong by now.' },
  { id: 'Behind10Days', age: Duration.days(10), consequence: 'In four days SQS starts to drop messages.' },
] as const

export function addLaneAlarms(scope: Construct, props: LaneAlarmsProps): void {
  const { manifest, handler, topic } = props
  const { queue, deadLetters } = props.queues
  const { name, title, style, pausable } = manifest
  const alarm = (
    id: string,
    alarmDescription: string,
    metric: IMetric,
    threshold: number,
    treatMissingData = TreatMissingData.NOT_BREACHING,
  ) =>
    new Alarm(scope, id, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData,
    }).addAlarmAction(new SnsAction(topic))

  alarm(
    'DeadLetters',
    `A message killed the worker of ${title} again and again, or cannot be read. It is not in ${title} and no one retries it. Engineering: read the function's last errors, mend, then redrive the dead-letter queue.`,
    deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
    1,
  )
  alarm(
    'Crashing',
    `The worker of ${title} crashes: three times within a quarter of an hour. What it had in hand comes back by itself, so nothing is lost, but the lane may stand still. Likely: out of memory, out of time, a missing environment variable or secret, or a defect in the newest deployment. Engineering: read the last errors in the log of the function; if they began with a deployment, deploy the former version.`,
    handler.metricErrors({ period: Duration.minutes(15), statistic: 'Sum' }),
    3,
  )
  if (style === 'projection')
    alarm(
      'NewlyParked',
      `${title} has something new that only a person can mend: an object is parked and is not in step there; all others go on. It is not retried until it is mended, or asked for. Likely: a field is empty or not mapped, or ${title} refuses the record. Next: hub replay --parked --connector ${name} --dry-run lists each with its cause and who mends it; hub trace <id> shows one.`,
      hubMetric('NewlyParked', { connector: name }, { statistic: 'Sum', period: Duration.minutes(5) }),
      1,
    )
  // Of the ledger. A sweep that is missing says nothing about the lane, and has an alarm of its own.
  const age = hubMetric('UnsettledSeconds', { connector: name }, { statistic: 'Maximum', period: SWEEP })
  if (!pausable)
    alarm(
      'Behind15Minutes',
      `${title} has been behind Stripe for 15 minutes. A draft that is not held is finalized by Stripe about an hour after it was made, untaxed. Likely: Stripe refuses our key, asks to slow down, or is down. Engineering: hub doctor; the last errors in the log of ${name} say which. The tax of what was finalized meanwhile is told by the alarm FinalizedUntaxed.`,
      age,
      900,
      TreatMissingData.IGNORE,
    )
  const likely = pausable
    ? `${title} is down, its credential was refused, or its lane is paused`
    : 'Stripe is down, refuses our key, or asks to slow down'
  for (const { id, age: limit, consequence } of AGES)
    alarm(
      id,
      `${title} has been behind Stripe for ${limit.toHumanString()}, by the ledger. ${consequence} Likely: ${likely}. Next: hub doctor.`,
      age,
      limit.toSeconds(),
      TreatMissingData.IGNORE,
    )
  alarm(
    'MessagesExpire',
    `The oldest message for ${title} has been in its queue for 10 days; at 14 SQS drops it, and ${title} lacks what it said until somebody asks for that object. Likely: ${likely}, and nobody looked. Next: hub doctor; if it cannot be mended within four days, note the day: hub replay <id> brings an object at its newest state later.`,
    queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
    Duration.days(10).toSeconds(),
  )
}
