// A person's approval of a held draft, read here while the tax lane stands still: nobody else can then. The tax lane
// itself reads it as long as it runs (../avalara/release-approval.ts), and knows more: why the tax cannot be calculated.
// The two agree over the invoice's metadata; release.test.ts holds them to it.
import type Stripe from 'stripe'
import type { Clock } from '../../../shared/clock.ts'
import type { Gathered } from '../../../shared/connector/contract.ts'
import { formerAutoAdvance, mayBeHeld } from '../../../shared/stripe/tax-hold-marker.ts'
import type { taxHoldConfigSchema } from './config.ts'
import type { HoldContext } from './project.ts'
import type { TaxLane } from './tax-lane.ts'

const APPROVAL_KEY = 'tax_release_approved_by'

/** After so long with a running tax lane, what has not become of the approval is not for want of a reader. */
const UNREAD_MS = 3_600_000

// A type, not an interface: it stands inside a JSON body.
export type Approval = {
  by: string
  /** The tax lane stands still. */
  paused: boolean
  /** From then on it counts. */
  fromSeconds: number
}

type Config = ReturnType<(typeof taxHoldConfigSchema)['parse']>

/** undefined: nobody whom the configuration names has approved it, or it is not ours to release. */
export function approverOf(invoice: Stripe.Invoice, { approvers }: Config): string | undefined {
  const by = invoice.metadata?.[APPROVAL_KEY]
  const ours = mayBeHeld(invoice) && formerAutoAdvance(invoice) === 'true'
  return ours && by !== undefined && approvers.includes(by) ? by : undefined
}

/**
 * An approved draft is looked at until the tax lane has decided about it, or has stood still long enough.
 * @param sinceMs when this approval was first seen.
 */
export async function gatherApproval(
  invoice: Stripe.Invoice,
  { config, clock, lane, kept }: { config: Config; clock: Clock; lane: TaxLane; kept: unknown },
): Promise<Pick<HoldContext, 'approval'> & Pick<Gathered<unknown>, 'keep'>> {
  const by = approverOf(invoice, config)
  if (by === undefined) return kept === undefined ? {} : { keep: {} }
  const before = kept as { by?: string; sinceMs?: number } | undefined
  const sinceMs = before?.by === by && before.sinceMs !== undefined ? before.sinceMs : clock.now()
  const keep = { by, sinceMs }
  const state = await stateOf(lane, invoice.id, sinceMs)
  const isOld = clock.now() - sinceMs > UNREAD_MS
  if (state === 'decided' || (state === 'running' && isOld)) return { keep }
  const fromSeconds = invoice.created + config.outageMinutes * 60
  return { keep, approval: { by, paused: state === 'paused', fromSeconds } }
}

/** A ledger that does not answer must not keep the draft from being held: the approval is looked at again. */
async function stateOf(
  lane: TaxLane,
  invoiceId: string,
  sinceMs: number,
): Promise<'paused' | 'running' | 'decided' | 'unknown'> {
  try {
    if (await lane.isPaused()) return 'paused'
    return (await lane.hasDecided(invoiceId, sinceMs)) ? 'decided' : 'running'
  } catch {
    return 'unknown'
  }
}
