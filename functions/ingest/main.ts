// Ingest's composition root on AWS.
import { EDGE_SECRET, edgeOnly } from '../../shared/edge/edge-only.ts'
import { createAccept } from '../../shared/intake/accept.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { manifestsOf } from '../connectors/registry.ts'
import { createWebhookHandler } from './handler.ts'
import { createIngest } from './ingest.ts'

const runtime = awsRuntime(process.env)
const accept = createAccept({ ...runtime, manifests: manifestsOf(runtime.connectors) })

/** The secret `webhook` holds {"signingSecrets": ["whsec_new", "whsec_old"]}. */
async function signingSecrets(): Promise<readonly string[]> {
  const secret = await runtime.secret('webhook')
  if (typeof secret === 'object' && secret !== null && 'signingSecrets' in secret) {
    const { signingSecrets: secrets } = secret
    if (Array.isArray(secrets) && secrets.length > 0) return secrets.map(String)
  }
  throw new Error('The secret "webhook" must hold {"signingSecrets": ["whsec_…"]}. Store it, then try again.')
}

export const handler = edgeOnly(
  createWebhookHandler(createIngest({ ...runtime, accept, secrets: signingSecrets })),
  runtime.optionalSecret(EDGE_SECRET),
)
