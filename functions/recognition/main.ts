// The recognition's composition root on AWS; EventBridge Scheduler calls it once a day.
import hub from '../../hub.config.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { createStripeClient, stripeAddress } from '../../shared/stripe/client.ts'
import { createNetSuiteClient } from '../connectors/netsuite/client.ts'
import { netsuiteCredentials } from '../connectors/netsuite/config.ts'
import { runRecognition } from './run.ts'

const runtime = awsRuntime(process.env)
const config = hub(runtime.stage).connectors.netsuite
if (!config) throw new Error(`hub.config.ts does not switch netsuite on for stage ${runtime.stage}.`)
const stripe = createStripeClient(stripeAddress(await runtime.secret('stripe')))
const credentials = netsuiteCredentials.parse(await runtime.secret('netsuite'))
const client = createNetSuiteClient(config.account, credentials, runtime.clock)

export const handler = () => runRecognition({ ...runtime, config, stripe, client })
