// Rebuild: every object that Stripe has is touched in every lane that keeps records of it, so that a ledger that was lost, or
// is an older copy, knows again what stands. It is the same touch as a replay's: records are found by their external ids and
// written only where they differ. What Stripe deleted is not listed; its next event, or the sweep, says so.
import type Stripe from 'stripe'
import type { JsonObject, Manifest, ObjectRef } from '../../shared/connector/contract.ts'
import { invariant } from '../../shared/errors.ts'
import type { Queues } from '../../shared/queue/queues.ts'
import { translateStripeError } from '../../shared/stripe/errors.ts'

/** What others refer to comes first. Parameters only where the list would leave something out. */
const LISTS: Readonly<Record<string, string>> = {
  product: '/v1/products',
  price: '/v1/prices',
  customer: '/v1/customers',
  'billing.credit_grant': '/v1/billing/credit_grants',
  subscription: '/v1/subscriptions?status=all',
  invoice: '/v1/invoices',
  invoice_payment: '/v1/invoice_payments',
  credit_note: '/v1/credit_notes',
  refund: '/v1/refunds',
  dispute: '/v1/disputes',
  payout: '/v1/payouts',
  'radar.early_fraud_warning': '/v1/radar/early_fraud_warnings',
  review: '/v1/reviews',
}

export interface RebuildSource {
  stripe: Stripe
  /** Of the lanes that are rebuilt. */
  manifests: readonly Manifest[]
  /** Objects made later are left out: their events come by themselves. */
  untilSeconds: number
  progress?: (type: string, count: number) => void
}

/** Every object there is, of the types that some lane keeps. @throws HubError. */
export async function listEverything(source: RebuildSource): Promise<ObjectRef[]> {
  const { stripe, manifests, untilSeconds, progress } = source
  const kept = new Set(
    manifests.filter(({ style }) => style === 'projection').flatMap(({ objects }) => Object.keys(objects)),
  )
  const unlisted = [...kept].find((type) => LISTS[type] === undefined)
  if (unlisted) throw invariant(`functions/reconcile/rebuild.ts does not know how to list ${unlisted}.`)
  const found: ObjectRef[] = []
  for (const [type, path] of Object.entries(LISTS)) {
    if (!kept.has(type)) continue
    for await (const page of pagesOf(stripe, path)) {
      for (const { id, created } of page) {
        if (Number(created ?? 0) <= untilSeconds) found.push({ type, id: String(id) })
      }
      progress?.(type, found.length)
    }
  }
  return found
}

/** Finance first, then CRM, then the lake. @returns touches sent, by connector. */
export async function touchEverything(
  { queues, manifests }: { queues: Pick<Queues, 'touch'>; manifests: readonly Manifest[] },
  objects: readonly ObjectRef[],
): Promise<Record<string, number>> {
  const sent: Record<string, number> = {}
  for (const { name, objects: kept } of [...manifests].sort((a, b) => a.resumeOrder - b.resumeOrder)) {
    const own = objects.filter(({ type }) => type in kept)
    await queues.touch(
      name,
      own.map((object) => ({ object, reason: 'backfill' as const })),
    )
    sent[name] = own.length
  }
  return sent
}

async function* pagesOf(stripe: Stripe, path: string): AsyncGenerator<JsonObject[]> {
  let after = ''
  for (;;) {
    const separator = path.includes('?') ? '&' : '?'
    const page = await stripe
      .rawRequest('GET', `${path}${separator}limit=100${after}`)
      .catch((error: unknown) => {
        throw translateStripeError(error, `listing ${path}`, false)
      })
    const objects = page.data as JsonObject[]
    if (objects.length > 0) yield objects
    const last = objects.at(-1)
    if (page.has_more !== true || !last) return
    after = `&starting_after=${String(last.id)}`
  }
}
