// The outputs by which the `hub` command finds what a stage consists of (shared/stage/outputs.ts). They are not exported:
// nothing but a person's command depends on them.
import { CfnOutput, type Stack } from 'aws-cdk-lib'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import {
  BUCKET_OUTPUT,
  deadLettersOutput,
  LEDGER_OUTPUT,
  queueOutput,
  secretOutput,
} from '../shared/stage/outputs.ts'
import type { DataStack } from './data-stack.ts'

export function addDataOutputs(stack: DataStack): void {
  const output = (name: string, value: string) => new CfnOutput(stack, name, { value })
  output(LEDGER_OUTPUT, stack.ledger.tableName)
  output(BUCKET_OUTPUT, stack.bucket.bucketName)
  for (const [connector, { queue, deadLetters }] of stack.queues) {
    output(queueOutput(connector), queue.queueUrl)
    output(deadLettersOutput(connector), deadLetters.queueUrl)
  }
}

export function addSecretOutput(stack: Stack, name: string, secret: ISecret): void {
  new CfnOutput(stack, secretOutput(name), { value: secret.secretArn })
}
