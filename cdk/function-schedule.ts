// Calls a function by the clock, under a role that may call this function and nothing else.
import type { Duration } from 'aws-cdk-lib'
import { Stack } from 'aws-cdk-lib'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Schedule, type ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type { Construct } from 'constructs'

export interface FunctionScheduleProps {
  schedule: ScheduleExpression
  target: IFunction
  /** When Scheduler could not hand the call over; what the function itself makes of it is its own business. */
  retryAttempts: number
  maxEventAge: Duration
}

export class FunctionSchedule extends Schedule {
  constructor(scope: Construct, id: string, { schedule, target, ...retries }: FunctionScheduleProps) {
    const role = new Role(scope, `${id}Role`, {
      // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
      inlinePolicies: {
        invoke: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
          ],
        }),
      },
    })
    super(scope, id, {
      schedule,
      // The target would add a right to every version of the function.
      target: new LambdaInvoke(target, { ...retries, role: role.withoutPolicyUpdates() }),
    })
  }
}
