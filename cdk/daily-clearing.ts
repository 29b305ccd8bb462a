// Each morning of the seller: the clearing accounts against the Stripe balance. It reads two vendors and writes nothing but its
// log, so it has their two credentials and no right to the ledger, a queue or the lake.
import { Duration, TimeZone } from 'aws-cdk-lib'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { FunctionSchedule } from './function-schedule.ts'
import { HubFunction } from './hub-function.ts'

export interface DailyClearingProps {
  /** What every function of the hub is told. */
  environment: Readonly<Record<string, string>>
  /** Stripe's and the books', by the name under which the function asks for them. */
  secrets: Readonly<Record<string, ISecret>>
  /** The seller's. */
  timeZone: string
}

export class DailyClearing extends Construct {
  constructor(scope: Construct, id: string, { environment, secrets, timeZone }: DailyClearingProps) {
    super(scope, id)
    const check = new HubFunction(this, 'Function', {
      folder: 'close',
      description: 'Compares the clearing accounts with the Stripe balance',
      // Every movement that the balance ever made is read and held.
      memoryMiB: 2_048,
      timeout: Duration.minutes(15),
      environment: { ...environment, HUB_QUEUES: '{}' },
      secrets,
      callsVendors: true,
    })
    new FunctionSchedule(this, 'Schedule', {
      // Hours after midnight: what moved yesterday has had its time to be posted.
      schedule: ScheduleExpression.cron({ minute: '0', hour: '5', timeZone: TimeZone.of(timeZone) }),
      target: check,
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
    })
  }
}
