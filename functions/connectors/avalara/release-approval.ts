// A draft whose tax cannot be calculated may be released untaxed by a person whom hub.config.ts names. The approval is a
// field on the invoice itself, so Stripe's own log says when it was written and by whom; the hub says what it did on it.
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../../../shared/clock.ts'
import { HubError } from '../../../shared/errors.ts'
import type { AvalaraConfig } from './config.ts'

/** Metadata of the invoice; its value is one of `fallback.approvers`. */
export const APPROVAL_KEY = 'tax_release_approved_by'

/** Blocked for good, until somebody acts. An outage ends by itself, so an approval waits for it a while. */
const BLOCKED = new Set(['TAX-ADDR', 'TAX-CODE', 'TAX-SHIPPING', 'TAX-ANSWER', 'TAX-REFUSED'])
const OUTAGE = new Set(['TAX-DOWN', 'TAX-BUSY'])

export interface Release {
  by: string
  /** Code of what had blocked it. */
  why: string
}

/** @throws `blocked`, in its own words or with what is wrong with the approval. */
export function releaseOf(
  invoice: Stripe.Invoice,
  blocked: HubError,
  { config, clock }: { config: AvalaraConfig['fallback']; clock: Clock },
): Release {
  const by = invoice.metadata?.[APPROVAL_KEY]
  const mayBeReleased = BLOCKED.has(blocked.code) || OUTAGE.has(blocked.code)
  if (!by || !mayBeReleased) throw blocked
  if (!config.approvers.includes(by)) {
    throw refused(
      blocked,
      `The approval by "${by.slice(0, 60)}" does not count: hub.config.ts → avalara.fallback.approvers does not name them.`,
    )
  }
  const heldMinutes = Math.floor((nowSeconds(clock) - invoice.created) / 60)
  if (OUTAGE.has(blocked.code) && heldMinutes < config.outageMinutes) {
    throw refused(
      blocked,
      `Approved by ${by}; released untaxed if AvaTax is still away in ${config.outageMinutes - heldMinutes} min.`,
    )
  }
  return { by, why: blocked.code }
}

/** On the invoice, for whoever asks later: the tax is an estimate by postal code, or a person released it untaxed. */
export const NOTE_KEY = 'switchyard_tax_note'

export const releaseNote = ({ by, why }: Release): string => `released untaxed by ${by}: ${why}`

/** Released here or, while this lane stood still, by the hold's (../tax-hold/release.ts): the invoice says so. */
export function notedRelease({ metadata }: Pick<Stripe.Invoice, 'metadata'>): Release | undefined {
  const note = /^released (?:untaxed|as it stood) by (.+): ([A-Z-]+)$/.exec(metadata?.[NOTE_KEY] ?? '')
  return note?.[1] === undefined || note[2] === undefined ? undefined : { by: note[1], why: note[2] }
}

const refused = (blocked: HubError, why: string): HubError =>
  new HubError(blocked.kind, `${blocked.message} ${why}`, {
    code: blocked.code,
    hint: blocked.hint,
    retryAfterSeconds: blocked.retryAfterSeconds,
    recordOnly: blocked.recordOnly,
    waitsOn: blocked.waitsOn,
    detail: blocked.detail,
    cause: blocked,
  })
