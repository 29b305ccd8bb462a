// The composition root on AWS of the daily look at the clearing accounts; EventBridge Scheduler calls it each morning.
import hub from '../../hub.config.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { createStripeClient, stripeAddress } from '../../shared/stripe/client.ts'
import { sellerZone } from '../connectors/hub.ts'
import { createNetSuiteClient } from '../connectors/netsuite/client.ts'
import { netsuiteCredentials } from '../connectors/netsuite/config.ts'
import { checkDailyClearing } from './daily-clearing.ts'

const runtime = awsRuntime(process.env)
const config = hub(runtime.stage)
const { netsuite } = config.connectors
if (!netsuite) throw new Error(`hub.config.ts does not switch netsuite on for stage ${runtime.stage}.`)
const stripe = createStripeClient(stripeAddress(await runtime.secret('stripe')))
const credentials = netsuiteCredentials.parse(await runtime.secret('netsuite'))
const client = createNetSuiteClient(netsuite.account, credentials, runtime.clock)

export const handler = async () => {
  const { clock, log } = runtime
  await checkDailyClearing({
    stripe,
    netsuite: { client, config: netsuite },
    timeZone: sellerZone(config),
    clock,
    log,
  })
}
