// `hub register`: Stripe's webhook endpoint for a stage, at its address and the pinned version, with exactly the event types
// that its connectors want; the secret goes into Secrets Manager. Run again it changes nothing; --rotate rolls the secret.
import process from 'node:process'
import type { Clock } from '../shared/clock.ts'
import { isHubError } from '../shared/errors.ts'
import { createStripeClient, stripeAddress } from '../shared/stripe/client.ts'
import { registerEndpoint } from '../shared/stripe/register-endpoint.ts'
import { type WebhookSecret, wantedEvents, webhookSecretSchema } from '../shared/stripe/webhook-endpoint.ts'
import { confirmStage } from './confirm.ts'
import { Refusal } from './refusal.ts'
import { type OpenStage, openStage } from './stage.ts'

export interface RegisterOptions {
  stage: string
  rotate: boolean
  /** How long the former endpoint delivers beside the new one. */
  keepHours: number
  confirm?: string
  json: boolean
  folder: string
  clock?: Clock
}

/** @returns the exit code. */
export async function register(options: RegisterOptions): Promise<number> {
  const stage = await openStage(options)
  try {
    const { name, config, manifests, clock, webhookUrl } = stage
    await confirmStage({
      stage: name,
      isLive: config.livemode,
      typed: options.confirm,
      act: options.rotate
        ? 'rolls the signing secret of the webhook endpoint'
        : 'writes the webhook endpoint',
    })
    const address = stripeAddress(await stage.secrets.read('stripe'))
    refuseOtherMode(address.apiKey, stage)
    const registered = await registerEndpoint({
      stripe: createStripeClient(address),
      wanted: { stage: name, url: webhookUrl, events: wantedEvents(manifests) },
      secret: {
        read: () => readWebhookSecret(stage),
        write: (secret) => stage.secrets.write('webhook', secret),
      },
      rotate: options.rotate,
      keepFormerSeconds: options.keepHours * 3_600,
      clock,
    })
    const { endpoint, done, notes } = registered
    if (options.json) process.stdout.write(`${JSON.stringify(registered, undefined, 2)}\n`)
    else {
      const what =
        done.length > 0 ? done.map((step) => `  ${step}`) : ['  nothing to do: it stands as it should']
      process.stdout.write(
        [`${endpoint} → ${webhookUrl}`, ...what, ...notes.map((note) => `  note: ${note}`), ''].join('\n'),
      )
    }
    return 0
  } catch (error) {
    if (!isHubError(error)) throw error
    throw new Refusal(
      `${error.message} What was done before stands; run hub register again, and it goes on from there. ${error.hint ?? ''} [${error.code}]`,
      error.kind === 'credential' ? 2 : 1,
      { cause: error },
    )
  } finally {
    stage.close()
  }
}

/** A stage that was just deployed has a secret with nothing in it. */
async function readWebhookSecret(stage: OpenStage): Promise<WebhookSecret | undefined> {
  let stored: unknown
  try {
    stored = await stage.secrets.read('webhook')
  } catch (error) {
    if (error instanceof Refusal && error.message.includes('[SECRET-EMPTY]')) return undefined
    throw error
  }
  const parsed = webhookSecretSchema.safeParse(stored)
  if (parsed.success) return parsed.data
  throw new Refusal(
    `Nothing was done: the secret "webhook" of ${stage.name} is JSON of another shape, and its secrets would be lost. Store {"signingSecrets": ["whsec_…"]} in it, or nothing at all. [SECRET-SHAPE]`,
  )
}

/** An endpoint in the other mode would be made, and its events all be rejected. */
function refuseOtherMode(apiKey: string, { name, config }: OpenStage): void {
  const isLiveKey = apiKey.includes('_live_')
  if (isLiveKey === config.livemode) return
  throw new Refusal(
    `Nothing was done: the Stripe key of ${name} is a ${isLiveKey ? 'live' : 'test'} key, and hub.config.ts says livemode: ${config.livemode}. Stripe admin: store a key of the other mode in the secret "stripe". [STRIPE-MODE]`,
  )
}
