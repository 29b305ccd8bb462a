// What `hub doctor` finds: one thing looked at, and whether it is as the hub needs it. `unknown` is never taken for good: what
// could not be looked at is said, with why. Who looks at what stands with each vendor (functions/connectors/<name>/doctor.ts).
import { isHubError } from '../errors.ts'

export interface Finding {
  /** Whose it is: 'stripe', 'netsuite', 'hub'. */
  system: string
  /** What was looked at: 'fields of Stripe_Invoice__c'. */
  what: string
  verdict: 'ok' | 'failed' | 'unknown'
  /** What is wrong and what it would do; of something that is well: what was seen, where that helps. */
  why?: string
  /** Who mends it, and how. */
  next?: string
  /** Stable and searchable. */
  code?: string
}

type Trouble = Required<Pick<Finding, 'why' | 'next' | 'code'>>

export interface Examination {
  ok(what: string, why?: string): Finding
  failed(what: string, trouble: Trouble): Finding
  unknown(what: string, trouble: Trouble): Finding
  /** Runs one look; what it throws becomes a finding of that name. */
  look(what: string, look: () => Promise<Finding | readonly Finding[]>): Promise<Finding[]>
}

export function examine(system: string): Examination {
  return {
    ok: (what, why) => ({ system, what, verdict: 'ok', ...(why !== undefined && { why }) }),
    failed: (what, trouble) => ({ system, what, verdict: 'failed', ...trouble }),
    unknown: (what, trouble) => ({ system, what, verdict: 'unknown', ...trouble }),
    async look(what, look) {
      try {
        const found = await look()
        return Array.isArray(found) ? [...found] : [found as Finding]
      } catch (error) {
        return [findingOf(system, what, error)]
      }
    },
  }
}

/** A vendor that did not answer proves nothing; one that refuses does. */
export function findingOf(system: string, what: string, error: unknown): Finding {
  if (!isHubError(error)) {
    const why = error instanceof Error ? error.message : String(error)
    return {
      system,
      what,
      verdict: 'unknown',
      why,
      next: 'Engineering: this is a defect of hub doctor.',
      code: 'DOCTOR',
    }
  }
  const isRefusal = error.kind === 'credential' || error.kind === 'permanent'
  return {
    system,
    what,
    verdict: isRefusal ? 'failed' : 'unknown',
    why: error.message,
    next: error.hint ?? 'Wait a little, then run hub doctor again.',
    code: error.code,
  }
}
