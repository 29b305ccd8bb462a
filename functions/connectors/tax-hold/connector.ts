// Makes every eligible draft stand held in Stripe: one call, safe to repeat. The remote system is Stripe itself. What a
// person approved while the tax lane stands still is released after the hold (release.ts).
import pLimit from 'p-limit'
import type Stripe from 'stripe'
import * as z from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import type { Connector, ReadRecord, Traffic } from '../../../shared/connector/contract.ts'
import { type HubError, isHubError } from '../../../shared/errors.ts'
import type { Ledger } from '../../../shared/ledger/ledger.ts'
import type { Log } from '../../../shared/log.ts'
import { isStripeNotFound, translateStripeError } from '../../../shared/stripe/errors.ts'
import {
  collectAgain,
  formerAutoAdvance,
  holdDraft,
  isHeldLate,
  liftHold,
  markedFormer,
  WITH_ITS_OWNERS,
} from '../../../shared/stripe/tax-hold-marker.ts'
import { approverOf, gatherApproval } from './approval.ts'
import { type TaxHoldConfig, taxHoldConfigSchema } from './config.ts'
import { manifest } from './manifest.ts'
import { type HoldContext, projectHold } from './project.ts'
import { type Releasing, releaseApproved } from './release.ts'
import { taxLaneOf } from './tax-lane.ts'

const bodySchema = z.union([
  z.object({
    held: z.literal(true),
    former: z.enum(['true', 'false']),
    again: z.literal(true).optional(),
    approval: z.object({ by: z.string(), paused: z.boolean(), fromSeconds: z.int() }).optional(),
  }),
  z.object({ held: z.literal(false) }),
])

export function createTaxHold(options: {
  config: TaxHoldConfig
  stripe: Stripe
  clock: Clock
  /** Tells what the tax lane is doing; absent: no approval is read here. */
  ledger?: Pick<Ledger, 'readLane' | 'readState'>
  log?: Log
  /** Of this function's own client: its vendor is Stripe. */
  traffic?: () => Traffic
}): Connector<Stripe.Invoice, HoldContext> {
  const { stripe, clock } = options
  const config = taxHoldConfigSchema.parse(options.config)
  const lane = options.ledger && taxLaneOf(options.ledger)
  const releasing: Releasing = {
    stripe,
    clock,
    log: options.log ?? (() => undefined),
    approverOf: (invoice) => approverOf(invoice, config),
  }
  const limit = pLimit(manifest.vendor.parallelCalls)

  /** Runs a write; a draft that is gone, or is one no longer, is nothing to hold. */
  const attempt = async (invoiceId: string, what: string, call: () => Promise<void>) => {
    try {
      await call()
      return { remoteId: invoiceId }
    } catch (error) {
      if (isStripeNotFound(error)) return { remoteId: invoiceId }
      const translated: HubError = isHubError(error) ? error : translateStripeError(error, what, true)
      if (translated.kind !== 'permanent') return translated
      const stillDraft = await isDraft(invoiceId)
      return stillDraft ? translated : { remoteId: invoiceId }
    }
  }

  const isDraft = async (invoiceId: string) => {
    try {
      return (await stripe.invoices.retrieve(invoiceId)).status === 'draft'
    } catch (error) {
      return !isStripeNotFound(error)
    }
  }

  return {
    manifest,
    mapping: 'none',

    gather: (objects) =>
      Promise.all(
        objects.map(async ({ ref, object, keep: kept, known }) => {
          const context = { known: known[`hold/${ref.id}`] !== undefined }
          if (!lane) return { context }
          const { keep, approval } = await gatherApproval(object, { config, clock, lane, kept })
          return { context: { ...context, ...(approval && { approval }) }, keep }
        }),
      ),

    project: projectHold,

    write: (_kind, writings) =>
      Promise.all(
        writings.map(({ record, standing }) =>
          limit(async () => {
            const body = bodySchema.parse(record.body)
            const invoiceId = record.externalId
            if (!body.held) {
              if (!standing) return { remoteId: invoiceId }
              return attempt(invoiceId, `collect ${invoiceId} again`, () =>
                collectAgain(stripe, clock, invoiceId),
              )
            }
            const { approval, former, again } = body
            return attempt(invoiceId, `hold the draft ${invoiceId}`, async () => {
              await holdDraft(stripe, clock, { invoiceId, former, again: again === true })
              if (approval) await releaseApproved(releasing, invoiceId, approval)
            })
          }),
        ),
      ),

    read: (_kind, externalIds) =>
      Promise.all(
        externalIds.map((invoiceId) =>
          limit(async (): Promise<ReadRecord | undefined> => {
            try {
              const invoice = await stripe.invoices.retrieve(invoiceId, WITH_ITS_OWNERS)
              if (invoice.status !== 'draft') {
                const late = isHeldLate(invoice)
                return { remoteId: invoiceId, body: late ? { held: true, former: 'true' } : { held: false } }
              }
              const held = markedFormer(invoice) !== undefined && invoice.auto_advance === false
              if (!held) return { remoteId: invoiceId, body: { held: false } }
              return { remoteId: invoiceId, body: { held: true, former: formerAutoAdvance(invoice) } }
            } catch (error) {
              if (isStripeNotFound(error)) return undefined
              throw translateStripeError(error, `read the draft ${invoiceId}`, false)
            }
          }),
        ),
      ),

    retire: (_kind, records) =>
      Promise.all(
        records.map(({ externalId }) =>
          limit(() =>
            attempt(externalId, `lift the hold of ${externalId}`, () => liftHold(stripe, clock, externalId)),
          ),
        ),
      ),

    async probe() {
      try {
        await stripe.invoices.list({ limit: 1 })
      } catch (error) {
        throw translateStripeError(error, 'list one invoice', false)
      }
    },

    ...(options.traffic && { traffic: options.traffic }),
  }
}
