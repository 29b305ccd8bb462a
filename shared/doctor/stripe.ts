// Whether Stripe is as the hub needs it: the key's mode and account, a permission for each object that is read and each that
// is written, and the webhook endpoint. Nothing is changed: an object that cannot exist is asked for, and written to. A key
// without the permission is told so (403) and never that there is no such object (404).
// Reading: that order of the two refusals is how Stripe was seen to answer; it is not promised anywhere.
import type Stripe from 'stripe'
import type { Manifest } from '../connector/contract.ts'
import { STRIPE_API_VERSION } from '../stripe/client.ts'
import { translateStripeError } from '../stripe/errors.ts'
import {
  differences,
  findEndpoints,
  hasPinnedVersion,
  type WantedEndpoint,
  type WebhookSecret,
} from '../stripe/webhook-endpoint.ts'
import { examine, type Finding } from './finding.ts'
import { permissionsFor } from './stripe-permissions.ts'

export interface StripeExamination {
  stripe: Stripe
  apiKey: string
  account: string
  livemode: boolean
  manifests: readonly Manifest[]
  wanted: WantedEndpoint
  /** What stands in the secret `webhook`; undefined: nothing that can be read. */
  stored: WebhookSecret | undefined
}

const { ok, failed, unknown, look } = examine('stripe')

export async function examineStripe(options: StripeExamination): Promise<Finding[]> {
  const key = await look('key', async () => examineKey(options))
  const account = await look('account and API version', () => examineAccount(options))
  // A key that is refused altogether would be refused forty times.
  const isRefused = account.some(({ code }) => code === 'STRIPE-CRED')
  if (isRefused) return [...key, ...account]
  return [
    ...key,
    ...account,
    ...(await examinePermissions(options)),
    ...(await look('webhook endpoint', () => examineEndpoint(options))),
  ]
}

function examineKey({ apiKey, livemode }: StripeExamination): Finding[] {
  const isLive = apiKey.includes('_live_')
  if (isLive !== livemode)
    return [
      failed('key', {
        why: `It is a ${isLive ? 'live' : 'test'} key, and hub.config.ts says livemode: ${livemode}. Each object would be missing.`,
        next: `Stripe admin: store a ${livemode ? 'live' : 'test'} key in the secret "stripe", then run hub doctor.`,
        code: 'STRIPE-MODE',
      }),
    ]
  if (livemode && !apiKey.startsWith('rk_'))
    return [
      failed('key', {
        why: 'It is a secret key, which may move money; the hub never does.',
        next: 'Stripe admin: Developers → API keys → Create restricted key, with the permissions that hub doctor lists; store it in the secret "stripe".',
        code: 'STRIPE-UNRESTRICTED',
      }),
    ]
  return [ok('key', `a ${isLive ? 'live' : 'test'} key${apiKey.startsWith('rk_') ? ', restricted' : ''}`)]
}

async function examineAccount({ stripe, account }: StripeExamination): Promise<Finding> {
  const what = 'account and API version'
  let id: string
  try {
    const answer: { id?: string } = await stripe.rawRequest('GET', '/v1/account')
    id = String(answer.id)
  } catch (error) {
    if (statusOf(error) === 403)
      return unknown(what, {
        why: 'The key may not read its own account, so nobody can say whether it is the right one.',
        next: 'Stripe admin: give the key the permission to read accounts, or compare the account id in the dashboard with hub.config.ts.',
        code: 'STRIPE-ACCOUNT',
      })
    throw translateStripeError(error, 'reading the account', false)
  }
  if (id === account) return ok(what, `${id} at ${STRIPE_API_VERSION}`)
  return failed(what, {
    why: `The key belongs to ${id}, and hub.config.ts names ${account}. Every event would be rejected.`,
    next: 'Engineering: hub.config.ts → stripe.account; or Stripe admin: store a key of the right account in the secret "stripe".',
    code: 'STRIPE-ACCOUNT',
  })
}

/** One line for all that is well: the table is read for what is not. */
async function examinePermissions({ stripe, manifests }: StripeExamination): Promise<Finding[]> {
  const findings: Finding[] = []
  const permitted: string[] = []
  for (const { permission, method, path, why } of permissionsFor(manifests)) {
    const what = `permission: ${permission}`
    try {
      await stripe.rawRequest(method, path)
      permitted.push(permission)
    } catch (error) {
      const status = statusOf(error)
      // Let in, and then there is no such object, or a parameter is missing.
      if (status === 400 || (status === 404 && codeOf(error) === 'resource_missing'))
        permitted.push(permission)
      else if (status === 403)
        findings.push(
          failed(what, {
            why: `The key may not: ${why}.`,
            next: `Stripe admin: Developers → API keys → the hub's restricted key → ${permission}. Then run hub doctor.`,
            code: 'STRIPE-PERMISSION',
          }),
        )
      else
        findings.push(
          unknown(what, {
            why: `Stripe answered ${status ?? 'nothing'} when it was asked.`,
            next: 'Wait a little, then run hub doctor again.',
            code: 'STRIPE-PERMISSION',
          }),
        )
    }
  }
  if (permitted.length > 0) findings.unshift(ok('permissions', permitted.join(', ')))
  return findings
}

async function examineEndpoint({ stripe, wanted, stored }: StripeExamination): Promise<Finding[]> {
  const what = 'webhook endpoint'
  const mend = 'Engineering: hub register mends it.'
  const standing = await findEndpoints(stripe, wanted, stored)
  const current = standing.usable.find(hasPinnedVersion)
  const others = standing.foreign.map(({ id }) =>
    unknown(`webhook endpoint ${id}`, {
      why: 'It points to the same address and was not made by hub register; its secret may be another. Each event comes twice, which is harmless.',
      next: 'Stripe admin: delete it, if nobody needs it.',
      code: 'STRIPE-ENDPOINT',
    }),
  )
  if (!current) {
    const [old] = standing.usable
    const why = old
      ? `${old.id} sends events at version ${old.api_version ?? "of the account's default"}, and the hub reads ${STRIPE_API_VERSION}: each object would be fetched anew.`
      : standing.lost.length > 0
        ? `The secret of ${standing.lost.map(({ id }) => id).join(', ')} is not stored: nothing that it sends is accepted.`
        : `No endpoint of ${wanted.stage} sends events to ${wanted.url}: nothing arrives but what the sweep finds.`
    return [failed(what, { why, next: mend, code: 'STRIPE-ENDPOINT' }), ...others]
  }
  const wrong = differences(current, wanted)
  const own =
    wrong.length === 0
      ? ok(what, `${current.id} → ${current.url}`)
      : failed(what, { why: `${current.id}: ${wrong.join('; ')}.`, next: mend, code: 'STRIPE-ENDPOINT' })
  return [own, ...others]
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : undefined
const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined
