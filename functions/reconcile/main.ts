// The sweep's composition root on AWS; EventBridge Scheduler calls it every few minutes.
import { createAccept } from '../../shared/intake/accept.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { createStripeClient, stripeAddress } from '../../shared/stripe/client.ts'
import { manifestsOf } from '../connectors/registry.ts'
import { runSweep } from './sweep.ts'

const runtime = awsRuntime(process.env)
const manifests = manifestsOf(runtime.connectors)
const stripe = createStripeClient(stripeAddress(await runtime.secret('stripe')))
const accept = createAccept({ ...runtime, manifests })

export const handler = () => runSweep({ ...runtime, stripe, manifests, accept })
