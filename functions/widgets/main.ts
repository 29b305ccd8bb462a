// The widgets' composition root on AWS; CloudWatch calls it for each widget that a dashboard shows, with the rights of
// whoever looks at it.
import type { Context } from 'aws-lambda'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { createStripeClient, stripeAddress } from '../../shared/stripe/client.ts'
import { invoiceOfNumber } from '../../shared/trace/invoice-number.ts'
import { manifestsOf } from '../connectors/registry.ts'
import { answerWidget } from './answer.ts'

const runtime = awsRuntime(process.env)
const sources = {
  ...runtime,
  manifests: manifestsOf(runtime.connectors),
  // The secret is read when somebody looks for a number.
  invoiceOfNumber: async (number: string) =>
    invoiceOfNumber(createStripeClient(stripeAddress(await runtime.secret('stripe'))))(number),
  consoleUrl: process.env.HUB_CONSOLE_URL,
}

export const handler = (event: unknown, { invokedFunctionArn }: Context): Promise<string> =>
  answerWidget(event, invokedFunctionArn, sources)
