// The recognition's composition root on AWS; EventBridge Scheduler calls it once a day.
import hub from '../../hub.config.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { withCurrentSecrets } from '../../shared/runtime/current-secrets.ts'
import { createStripeClient, stripeAddress } from '../../shared/stripe/client.ts'
import { createNetSuiteClient } from '../connectors/netsuite/client.ts'
import { netsuiteCredentials } from '../connectors/netsuite/config.ts'
import { runRecognition } from './run.ts'

const runtime = awsRuntime(process.env)
const config = hub(runtime.stage).connectors.netsuite
if (!config) throw new Error(`hub.config.ts does not switch netsuite on for stage ${runtime.stage}.`)

export const handler = await withCurrentSecrets(runtime, ['stripe', 'netsuite'], (address, secret) => {
  const stripe = createStripeClient(stripeAddress(address))
  const client = createNetSuiteClient(config.account, netsuiteCredentials.parse(secret), runtime.clock)
  return () => runRecognition({ ...runtime, config, stripe, client })
})
