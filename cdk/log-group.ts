// A log as every part of the hub keeps one: for as long as hub.config.ts says, and gone with its stack.
import { RemovalPolicy } from 'aws-cdk-lib'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { stageMeans } from './stage-means.ts'

export function createLogGroup(scope: Construct, id: string): LogGroup {
  const { logRetentionDays, key } = stageMeans(scope)
  return new LogGroup(scope, id, {
    // The enum's values are days.
    retention: logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(key && { encryptionKey: key.key }),
  })
}
