// What the console asks of AWS beside the ledger: how much lies in a lane's queue, and a look into a system by the function
// that holds its credential.
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { LookAnswer, LookRequest } from '../../shared/connector/look.ts'
import { transient } from '../../shared/errors.ts'
import type { Backlog } from '../../shared/trace/lanes.ts'
import type { AmountsOptions } from './amounts.ts'

/** @param urls queue URL by connector name. */
export const queueBacklog =
  (sqs: SQSClient, urls: Readonly<Record<string, string>>) =>
  async (connector: string): Promise<Backlog> => {
    const { Attributes: about } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: urls[connector],
        // Delayed ones are looks for late writes, which come after everything is in step.
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    )
    const number = (name: keyof NonNullable<typeof about>) => Number(about?.[name] ?? Number.NaN)
    const waiting = number('ApproximateNumberOfMessages')
    const inFlight = number('ApproximateNumberOfMessagesNotVisible')
    if (Number.isNaN(waiting) || Number.isNaN(inFlight))
      throw transient(`SQS does not say what lies in the queue of ${connector}.`, { code: 'QUEUE-DEPTH' })
    return { waiting, inFlight }
  }

/** @param functions name of the looking function by connector. */
export const lookByFunction =
  (lambda: LambdaClient, functions: Readonly<Record<string, string>>): AmountsOptions['look'] =>
  async (connector, objects) => {
    const request: LookRequest = { look: [...objects] }
    const { FunctionError: failure, Payload: payload } = await lambda.send(
      new InvokeCommand({ FunctionName: functions[connector], Payload: JSON.stringify(request) }),
    )
    if (failure || !payload)
      throw transient(`The function that looks into ${connector} failed.`, { code: 'LOOK-FAILED' })
    return JSON.parse(Buffer.from(payload).toString('utf8')) as LookAnswer
  }
