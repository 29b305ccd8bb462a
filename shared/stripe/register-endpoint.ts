// Makes Stripe's webhook endpoint what it should be, and rolls its secret. Each step leaves a state that the next run goes on
// from, whichever two steps a crash falls between:
//
//   make the new endpoint → store its secret, first in the list → tell the former endpoint when to go
//   … until then both deliver, and the hub takes each event once …
//   delete the former endpoint → take its secret off the list
//
// An endpoint whose secret was never stored can deliver nothing: it is deleted, after another one works. Rolling by a second
// endpoint is how it must be: Stripe rolls a secret in place in its dashboard only (https://docs.stripe.com/webhooks#roll-endpoint-secrets).
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../clock.ts'
import { invariant } from '../errors.ts'
import { STRIPE_API_VERSION } from './client.ts'
import { translateStripeError } from './errors.ts'
import {
  differences,
  findEndpoints,
  hasPinnedVersion,
  RETIRE_KEY,
  STAGE_KEY,
  secretMark,
  type WantedEndpoint,
  type WebhookSecret,
} from './webhook-endpoint.ts'

export interface RegisterOptions {
  stripe: Stripe
  wanted: WantedEndpoint
  secret: {
    /** undefined: nothing that can be read stands there yet. */
    read(): Promise<WebhookSecret | undefined>
    write(secret: WebhookSecret): Promise<void>
  }
  rotate: boolean
  /** How long a former endpoint goes on delivering, and its secret is accepted. 0: it goes at once. */
  keepFormerSeconds: number
  clock: Clock
}

/** What was done, in order, in the words of a person. Empty: everything stood. */
export interface Registered {
  endpoint: string
  done: string[]
  notes: string[]
}

/** @throws HubError. */
export async function registerEndpoint(options: RegisterOptions): Promise<Registered> {
  const { stripe, wanted, rotate, keepFormerSeconds, clock } = options
  const done: string[] = []
  let stored = await options.secret.read()
  const standing = await findEndpoints(stripe, wanted, stored)
  const store = async (next: WebhookSecret) => {
    await options.secret.write(next)
    stored = next
  }

  const fit = standing.usable.filter(hasPinnedVersion)
  let current = rotate ? undefined : fit[0]
  if (!current) {
    const made = await attempt('making the webhook endpoint', () =>
      stripe.webhookEndpoints.create({
        url: wanted.url,
        enabled_events: wanted.events as Stripe.WebhookEndpointCreateParams.EnabledEvent[],
        api_version: STRIPE_API_VERSION as Stripe.WebhookEndpointCreateParams.ApiVersion,
        description: `Switchyard (${wanted.stage})`,
        metadata: { [STAGE_KEY]: wanted.stage },
      }),
    )
    await store(withSecret(stored, made))
    done.push(`made ${made.id} at version ${STRIPE_API_VERSION}; its secret is stored, first in the list`)
    current = made
  } else {
    const wrong = differences(current, wanted)
    if (wrong.length > 0) {
      const { id } = current
      await attempt(`updating ${id}`, () =>
        stripe.webhookEndpoints.update(id, {
          url: wanted.url,
          enabled_events: wanted.events as Stripe.WebhookEndpointUpdateParams.EnabledEvent[],
          disabled: false,
        }),
      )
      done.push(`put ${id} right: ${wrong.join('; ')}`)
    }
  }

  const remove = async (id: string, why: string) => {
    await attempt(`deleting ${id}`, () => stripe.webhookEndpoints.del(id))
    if (stored && id in stored.endpoints) await store(withoutSecret(stored, id))
    done.push(`deleted ${id}: ${why}`)
  }
  const now = nowSeconds(clock)
  for (const former of standing.usable) {
    if (former.id === current.id) continue
    if (keepFormerSeconds === 0) {
      await remove(former.id, 'another took its place; its secret is no longer accepted')
      continue
    }
    const until = now + keepFormerSeconds
    await attempt(`marking ${former.id}`, () =>
      stripe.webhookEndpoints.update(former.id, { metadata: { [RETIRE_KEY]: String(until) } }),
    )
    done.push(`${former.id} delivers until ${time(until)}, and its secret is accepted until then`)
  }
  for (const { id, metadata } of standing.retiring) {
    if (Number(metadata[RETIRE_KEY]) <= now || keepFormerSeconds === 0)
      await remove(id, 'its time is over; its secret is no longer accepted')
  }
  for (const { id } of standing.lost) await remove(id, 'nobody has its secret, so it could deliver nothing')
  for (const id of standing.gone) {
    if (!stored) break
    await store(withoutSecret(stored, id))
    done.push(`took the secret of ${id} off the list: Stripe no longer has that endpoint`)
  }
  return { endpoint: current.id, done, notes: notesOn(standing, now) }
}

function notesOn({ foreign, retiring }: Awaited<ReturnType<typeof findEndpoints>>, now: number): string[] {
  return [
    ...foreign.map(
      ({ id }) =>
        `${id} points to the same address and was not made by hub register: each event comes twice, which is harmless. Stripe admin: delete it, if nobody needs it.`,
    ),
    ...retiring
      .filter(({ metadata }) => Number(metadata[RETIRE_KEY]) > now)
      .map(
        ({ id, metadata }) =>
          `${id} goes with the next hub register after ${time(Number(metadata[RETIRE_KEY]))}.`,
      ),
  ]
}

function withSecret(stored: WebhookSecret | undefined, made: Stripe.WebhookEndpoint): WebhookSecret {
  const { secret } = made
  if (!secret) {
    throw invariant(
      `${made.id} was made, and Stripe did not tell its secret. The next hub register replaces it.`,
    )
  }
  return {
    ...stored,
    signingSecrets: [secret, ...(stored?.signingSecrets ?? [])],
    endpoints: { ...stored?.endpoints, [made.id]: secretMark(secret) },
  }
}

/** The last secret of all stays: a list without one would stop ingest, and nothing is signed with it any more. */
function withoutSecret(stored: WebhookSecret, id: string): WebhookSecret {
  const { [id]: mark, ...endpoints } = stored.endpoints
  const left = stored.signingSecrets.filter((secret) => secretMark(secret) !== mark)
  return { ...stored, signingSecrets: left.length > 0 ? left : stored.signingSecrets, endpoints }
}

async function attempt<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw translateStripeError(error, what, true)
  }
}

const time = (seconds: number): string => `${new Date(seconds * 1_000).toISOString().slice(0, 16)}Z`
