// The composition root on AWS of the daily look at the clearing accounts; EventBridge Scheduler calls it each morning.
import hub from '../../hub.config.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { withCurrentSecrets } from '../../shared/runtime/current-secrets.ts'
import { createStripeClient, stripeAddress } from '../../shared/stripe/client.ts'
import { sellerZone } from '../connectors/hub.ts'
import { createNetSuiteClient } from '../connectors/netsuite/client.ts'
import { netsuiteCredentials } from '../connectors/netsuite/config.ts'
import { checkDailyClearing } from './daily-clearing.ts'

const runtime = awsRuntime(process.env)
const config = hub(runtime.stage)
const { netsuite } = config.connectors
if (!netsuite) throw new Error(`hub.config.ts does not switch netsuite on for stage ${runtime.stage}.`)

export const handler = await withCurrentSecrets(runtime, ['stripe', 'netsuite'], (address, secret) => {
  const { clock, log } = runtime
  const stripe = createStripeClient(stripeAddress(address))
  const client = createNetSuiteClient(netsuite.account, netsuiteCredentials.parse(secret), clock)
  return async () => {
    await checkDailyClearing({
      stripe,
      netsuite: { client, config: netsuite },
      timeZone: sellerZone(config),
      clock,
      log,
    })
  }
})
