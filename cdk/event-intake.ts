// The second way in: Stripe's partner event source on EventBridge. A rule lays each event into the intake queue (data
// stack: what waits there outlives a deployment), and a function takes them in as ingest does, without a signature.
import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { CfnRule, EventBus } from 'aws-cdk-lib/aws-events'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { LaneQueues } from './data-stack.ts'
import { HubFunction } from './hub-function.ts'

export interface EventIntakeProps {
  /** `aws.partner/stripe.com/ed_…` */
  eventSource: string
  queues: LaneQueues
  /** What ingest is told: it needs all lanes' queues. */
  environment: Readonly<Record<string, string>>
  alarms: ITopic
}

export class EventIntake extends Construct {
  readonly handler: HubFunction

  constructor(scope: Construct, id: string, { eventSource, queues, environment, alarms }: EventIntakeProps) {
    super(scope, id)
    const { queue, deadLetters } = queues
    // A bus that has the source's name is associated with it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html
    // Within 7 days of the destination, or AWS deletes the source: https://docs.stripe.com/event-destinations/eventbridge
    const bus = new EventBus(this, 'Bus', { eventSourceName: eventSource })
    // The queues' policies are in the data stack: this stack's targets would write theirs there, and make a circle.
    new CfnRule(this, 'Rule', {
      description: "Every event of Stripe's partner source goes to the intake queue",
      eventBusName: bus.eventBusName,
      eventPattern: { source: [eventSource] },
      targets: [
        {
          id: 'intake',
          arn: queue.queueArn,
          deadLetterConfig: { arn: deadLetters.queueArn },
          // As long and as often as EventBridge tries at all.
          retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        },
      ],
    })
    this.handler = new HubFunction(this, 'Function', {
      folder: 'intake',
      description: 'Takes in Stripe events that EventBridge brought',
      memoryMiB: 1_024,
      timeout: Duration.seconds(25),
      environment,
      secrets: {},
    })
    this.handler.addEventSource(
      new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency: 20 }),
    )
    const alarm = (name: string, description: string, metric: Metric, threshold: number) =>
      new Alarm(this, name, {
        alarmDescription: description,
        metric,
        threshold,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }).addAlarmAction(new SnsAction(alarms))
    alarm(
      'DeadLetters',
      'An event that EventBridge brought could not be taken in, or not be laid into its queue. The sweep brings it from Stripe within the hour if it can. Engineering: read the last errors of the intake function, mend, then redrive the dead-letter queue of intake.',
      deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      1,
    )
    alarm(
      'Behind1Hour',
      'Events that EventBridge brought have waited for an hour. Nothing is lost, and every system is behind Stripe. Likely: the intake function fails or is throttled, or the ledger refuses writes. Next: its last errors.',
      queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
      3_600,
    )
  }
}
