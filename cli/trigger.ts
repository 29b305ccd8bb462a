// `hub trigger`: one signed event through the front door, to see that address, secret, queues and ledger fit together. Without
// an id it is a type of the hub's own that only the lake keeps. With an id it is an update that Stripe never sent, about an
// object as it stands: it changes nothing that was in step, and is refused on a live stage all the same.
import { randomUUID } from 'node:crypto'
import process from 'node:process'
import { type Clock, nowSeconds } from '../shared/clock.ts'
import { createStripeReader } from '../shared/stripe/access.ts'
import { createStripeClient, STRIPE_API_VERSION, stripeAddress } from '../shared/stripe/client.ts'
import { webhookSecretSchema } from '../shared/stripe/webhook-endpoint.ts'
import { findObject, NOTHING_KNOWN } from '../shared/trace/find-object.ts'
import { confirmStage } from './confirm.ts'
import { Refusal } from './refusal.ts'
import { type OpenStage, openStage } from './stage.ts'

export interface TriggerOptions {
  stage: string
  /** An object of Stripe, or an invoice's number. */
  id?: string
  confirm?: string
  folder: string
  clock?: Clock
}

/** The lake keeps it as it keeps any type that it does not know. */
const PING = 'switchyard.ping'
const TIMEOUT_MS = 30_000

/** @returns the exit code: 0 when it stands in the ledger. */
export async function trigger(options: TriggerOptions): Promise<number> {
  const stage = await openStage(options)
  try {
    const { livemode } = stage.config
    await confirmStage({ stage: stage.name, isLive: livemode, typed: options.confirm, act: 'posts an event' })
    const stripe = createStripeClient(stripeAddress(await stage.secrets.read('stripe')))
    const { type, object } = options.id === undefined ? ping() : await update(stage, stripe, options.id)
    const event = {
      id: `evt_hub${randomUUID().replaceAll('-', '')}`,
      object: 'event',
      api_version: STRIPE_API_VERSION,
      created: nowSeconds(stage.clock),
      data: { object },
      livemode,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
    }
    const payload = JSON.stringify(event)
    const { signingSecrets } = webhookSecretSchema.parse(await stage.secrets.read('webhook'))
    const answer = await post(stage.webhookUrl, payload, {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': stripe.webhooks.generateTestHeaderString({
        payload,
        secret: signingSecrets[0] ?? '',
        timestamp: nowSeconds(stage.clock),
      }),
    })
    const row = answer.status === 200 ? await stage.ledger.findEvent(event.id) : undefined
    if (!row) {
      throw new Refusal(
        `${stage.webhookUrl} answered ${answer.status}: ${answer.text.slice(0, 200)}. The event ${event.id} is not in the ledger. ${next(answer.status, stage)} [TRIGGER-REFUSED]`,
        1,
      )
    }
    process.stdout.write(
      `${event.id} (${type}) was taken: it is in the ledger and in the ${row.connectors.length === 1 ? 'queue' : 'queues'} of ${row.connectors.join(', ') || 'nobody'}.\n`,
    )
    return 0
  } finally {
    stage.close()
  }
}

const ping = () => ({ type: PING, object: { id: 'ping', object: PING } })

async function update(stage: OpenStage, stripe: ReturnType<typeof createStripeClient>, id: string) {
  if (stage.config.livemode)
    throw new Refusal(
      `Nothing was posted: ${stage.name} is live, and its lake must hold no event that Stripe never sent. To bring an object in step: hub replay ${id} --stage ${stage.name} [TRIGGER-LIVE]`,
    )
  const ref = await findObject(id, stage)
  if (!ref) throw new Refusal(NOTHING_KNOWN(id), 1)
  const fetched = await createStripeReader(stripe).fetch(ref)
  if (!('object' in fetched))
    throw new Refusal(`Nothing was posted: Stripe has no ${ref.type} ${ref.id}. [TRIGGER-GONE]`, 1)
  return { type: `${ref.type}.updated`, object: fetched.object }
}

async function post(url: string, body: string, headers: Record<string, string>) {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return { status: answer.status, text: await answer.text() }
  } catch (error) {
    throw new Refusal(
      `${url} does not answer (${error instanceof Error ? error.message : String(error)}). Nothing is known to be stored. Look whether the stage is deployed and the address reachable from here. [TRIGGER-ADDRESS]`,
      1,
      { cause: error },
    )
  }
}

function next(status: number, { name, isLocal }: OpenStage): string {
  const flag = isLocal ? '' : ` --stage ${name}`
  if (status === 400)
    return `Its secret is another one than the stage's functions have: they read a new one within five minutes. Then: hub trigger${flag}`
  return `Engineering: the log of the function Ingest says why. Then: hub doctor${flag}`
}
