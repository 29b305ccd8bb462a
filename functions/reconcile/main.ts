// The sweep's composition root on AWS; EventBridge Scheduler calls it every few minutes.
import { createAccept } from '../../shared/intake/accept.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { withCurrentSecrets } from '../../shared/runtime/current-secrets.ts'
import { createStripeClient, stripeAddress } from '../../shared/stripe/client.ts'
import { manifestsOf } from '../connectors/registry.ts'
import { runSweep } from './sweep.ts'

const runtime = awsRuntime(process.env)
const manifests = manifestsOf(runtime.connectors)
const accept = createAccept({ ...runtime, manifests })

export const handler = await withCurrentSecrets(runtime, ['stripe'], (address) => {
  const stripe = createStripeClient(stripeAddress(address))
  return () => runSweep({ ...runtime, stripe, manifests, accept })
})
