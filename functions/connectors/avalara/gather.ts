// Fetches what the projection needs beyond the object, one gather for each thing that it may be: a draft, a finalized
// invoice, a credit note, a refund. Look-ups are shared over the batch; one object's failure is its own.
import pLimit from 'p-limit'
import type { Gathering } from '../../../shared/connector/contract.ts'
import { type HubError, invariant, isHubError } from '../../../shared/errors.ts'
import { isTaxedByStripe } from '../../../shared/stripe/tax-hold-marker.ts'
import { gatherDraft } from './gather-draft.ts'
import { gatherRecord } from './gather-record.ts'
import { gatherRefund } from './gather-refund.ts'
import { gatherReturn } from './gather-return.ts'
import { type Gatherer, keepSchema, type LiveCustomer, nothing, type Result } from './gathering.ts'
import { isZero, soldLines } from './invoice-lines.ts'
import { manifest } from './manifest.ts'
import type { StripeRoot } from './project.ts'
import { readCustomer } from './stripe-reads.ts'

export async function gatherTax(
  options: Omit<Gatherer, 'customerOf'>,
  objects: readonly Gathering<StripeRoot>[],
): Promise<(Result | HubError)[]> {
  const limit = pLimit(manifest.vendor.parallelCalls)
  const customers = new Map<string, Promise<LiveCustomer>>()
  const tools: Gatherer = {
    ...options,
    customerOf: (id) => {
      const known = customers.get(id) ?? readCustomer(options.stripe, id)
      customers.set(id, known)
      return known
    },
  }
  return Promise.all(
    objects.map((gathering) =>
      limit(async () => {
        try {
          return await gatherOne(tools, gathering)
        } catch (error) {
          if (isHubError(error)) return error
          return invariant(`Gathering ${gathering.ref.id} failed: ${String(error)}`, { cause: error })
        }
      }),
    ),
  )
}

async function gatherOne(tools: Gatherer, { object, known, ...before }: Gathering<StripeRoot>) {
  const keep = keepSchema.safeParse(before.keep ?? {}).data ?? {}
  const recorded = known[`transaction/${object.id}`]?.remoteId !== undefined
  if (object.object === 'refund') {
    const stands = recorded && known[`transaction/${object.id}`]?.retired !== true
    return gatherRefund(tools, object, keep, stands)
  }
  if (object.object === 'credit_note') return gatherReturn(tools, object, keep, recorded)
  if (object.object !== 'invoice') return nothing('no_records')
  if (isTaxedByStripe(object)) return nothing('automatic_tax')
  if (object.status === 'draft') return gatherDraft(tools, object, keep)
  if (isZero(soldLines(object))) return nothing('zero_invoice')
  return gatherRecord(tools, object, keep, recorded)
}
