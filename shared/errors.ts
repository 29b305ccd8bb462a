// The closed list of what can go wrong. The engine decides on `kind` alone, never on class names or texts, so a
// connector's whole duty is to translate its vendor's refusals into one of these, with the cause kept.
import type { ObjectRef } from './connector/contract.ts'

export type HubErrorKind =
  /** Forged or unusable input: refused at the edge (functions/ingest), never retried. */
  | 'rejected'
  /** 429, 5xx, a record lock, the network: tried again after a while. */
  | 'transient'
  /** The vendor, or our own mapping, refuses this record: parked until somebody mends it. */
  | 'permanent'
  /** Refused although the credential was refreshed: the whole lane pauses. */
  | 'credential'
  /** Sent, outcome unknown: settled by an idempotent resend or by reading, never guessed. */
  | 'ambiguous'
  /** Cannot happen. Thrown; the queue's dead-letter net and an alarm catch it. */
  | 'invariant'

export interface HubErrorDetails {
  /** Stable and searchable, for example `NS-ITEM`; people quote it in tickets. */
  code: string
  /** What to do, where, and who can do it: one or two sentences for a billing person. */
  hint?: string
  /** For `transient` and `ambiguous`: the vendor's own wish. */
  retryAfterSeconds?: number
  /**
   * Only for `transient`: the vendor works, and this one record has to wait (it changed under our hands). However many
   * records that befalls, it is no reason to stop the lane.
   */
  recordOnly?: boolean
  /** Only for `permanent`: Stripe objects whose next change may mend this; they redrive the parked record. */
  waitsOn?: ObjectRef[]
  /** The vendor's own text, shown behind "detail". Must hold no secret and no personal data. */
  detail?: string
  cause?: unknown
}

export class HubError extends Error {
  readonly kind: HubErrorKind
  readonly code: string
  readonly hint: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly recordOnly: boolean
  readonly waitsOn: ObjectRef[]
  readonly detail: string | undefined

  constructor(kind: HubErrorKind, message: string, details: HubErrorDetails) {
    super(message, { cause: details.cause })
    this.name = 'HubError'
    this.kind = kind
    this.code = details.code
    this.hint = details.hint
    this.retryAfterSeconds = details.retryAfterSeconds
    this.recordOnly = details.recordOnly ?? false
    this.waitsOn = details.waitsOn ?? []
    this.detail = details.detail
  }
}

export const transient = (message: string, details: HubErrorDetails) =>
  new HubError('transient', message, details)
/** `message` says what failed and why, and what did NOT happen; `hint` who mends it, and how. */
export const permanent = (message: string, details: HubErrorDetails & { hint: string }) =>
  new HubError('permanent', message, details)
export const credential = (message: string, details: HubErrorDetails) =>
  new HubError('credential', message, details)
export const ambiguous = (message: string, details: HubErrorDetails) =>
  new HubError('ambiguous', message, details)
export const invariant = (message: string, details?: Partial<HubErrorDetails>) =>
  new HubError('invariant', message, { code: 'INVARIANT', ...details })

/** Bundles can hold two copies of the class: the shape decides, not `instanceof`. */
export function isHubError(error: unknown): error is HubError {
  return error instanceof Error && error.name === 'HubError' && 'kind' in error && 'code' in error
}
