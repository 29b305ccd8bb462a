// Each night of the seller: revenue that is due becomes journals. It reads Stripe and the books, keeps its sub-ledger in the
// lake, and has no right to the ledger, to a queue, or to what the lake has of others.
import { Duration, TimeZone } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { allowListing, allowReading, allowWriting } from './access.ts'
import { FunctionSchedule } from './function-schedule.ts'
import { HubFunction } from './hub-function.ts'

export interface RevenueJournalsProps {
  /** What every function of the hub is told. */
  environment: Readonly<Record<string, string>>
  /** Stripe's and the books', by the name under which the function asks for them. */
  secrets: Readonly<Record<string, ISecret>>
  bucket: Bucket
  /** The seller's. */
  timeZone: string
  alarms: ITopic
}

/** Where the entries of each journal are stored before it is posted: functions/recognition. */
const SUB_LEDGER = 'revenue/'

export class RevenueJournals extends Construct {
  constructor(scope: Construct, id: string, props: RevenueJournalsProps) {
    super(scope, id)
    const { environment, secrets, bucket, timeZone, alarms } = props
    const recognition = new HubFunction(this, 'Function', {
      folder: 'recognition',
      description: 'Posts the revenue that is due as journals',
      // Every invoice that Stripe ever had is read and held.
      memoryMiB: 2_048,
      timeout: Duration.minutes(15),
      environment: { ...environment, HUB_QUEUES: '{}' },
      secrets,
      callsVendors: true,
    })
    // Two runs at once do no harm; they would only read everything twice.
    const { defaultChild } = recognition.node
    if (defaultChild instanceof CfnFunction) defaultChild.reservedConcurrentExecutions = 1
    allowReading(recognition, bucket, SUB_LEDGER)
    allowListing(recognition, bucket, SUB_LEDGER)
    allowWriting(recognition, bucket, SUB_LEDGER)
    new FunctionSchedule(this, 'Schedule', {
      // Before the clearing accounts are looked at.
      schedule: ScheduleExpression.cron({ minute: '0', hour: '3', timeZone: TimeZone.of(timeZone) }),
      target: recognition,
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
    })
    new Alarm(this, 'Failed', {
      metric: recognition.metricErrors({ period: Duration.hours(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription:
        'Revenue that was due was not journaled, or not all of it: the deferred account holds too much, and the month will not tie. What was stored is posted by the next run; nothing is posted twice. Likely: a product or an item is not mapped, a document of the month is parked, or NetSuite could not be reached. Accounting: hub recognize <month> --dry-run lists each with who mends it.',
    }).addAlarmAction(new SnsAction(alarms))
  }
}
