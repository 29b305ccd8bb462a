// What every deed of a story works on: the account, the people, what must be left alone, and a count of what applied.
// Deeds find their objects in the simulator's store at the moment they run, because the hub holds, taxes and finalizes
// in between; a deed whose object is not in the needed state does nothing.
import Stripe from 'stripe'
import type { StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import type { Invoice, Subscription } from '../../../local/simulators/stripe/wire.ts'
import type { ObjectRef } from '../../../shared/connector/contract.ts'
import type { Dice } from '../dice.ts'
import type { Profile } from './people.ts'
import type { Shelf } from './shelf.ts'

/** A record that a vendor will never take, and the code that it must be parked with. Whatever depends on it may be parked too (code WAITS). */
export interface Impossible {
  connector: string
  ref: ObjectRef
  code: string
}

export interface Tally {
  /** Acts that found what they needed. */
  applied: number
  /** Acts that found nothing to do: a draft still held, a customer gone. */
  idle: number
  /** Stripe's refusals that a story must expect, by code. */
  refused: Map<string, number>
}

export interface Person {
  index: number
  profile: Profile
  /** Absent until the person has signed up. */
  customer?: string
}

export interface Scene {
  stripe: Stripe
  simulator: StripeSimulator
  shelf: Shelf
  impossible: Impossible[]
  /** Invoices that only their own deed may touch, or an impossible thing would be mended. */
  setAside: Set<string>
  tally: Tally
}

/** What a purchase leaves behind, if all goes well, for later deeds to find. */
export type Standing = 'open invoice' | 'paid invoice' | 'subscription'

/** Something that happens in Stripe, in one step or several. */
export interface Deed {
  /** For the log and for counting: 'voids an invoice'. */
  name: string
  weight: number
  /** About how many events of Stripe it brings, what follows by itself included; the hub's own are not counted. */
  events: number
  /** Purchases come first; what needs a finalized invoice comes after there was time to finalize one. */
  when: 'buying' | 'later' | 'any'
  leaves?: readonly Standing[]
  /** Planned only for whom one was planned before; it is used up unless `spares`. */
  needs?: Standing
  spares?: boolean
  plan(scene: Scene, person: Person, dice: Dice): Step[]
}

export interface Step {
  /** After the deed's first step. */
  gapMs?: number
  /** What of the gap must stay when all happens in one second. */
  leastMs?: number
  text: string
  /** @param atMs when it was to happen. @returns whether it found anything to do. */
  run(atMs: number): Promise<boolean>
}

/** A deed of one step. */
export const once = (text: string, run: Step['run']): Step[] => [{ text, run }]

/**
 * The same done a few times: at once, so that all have one second, or within the minutes in which workers have the first
 * in hand.
 */
export function again<Change>(
  text: string,
  changes: readonly Change[],
  dice: Dice,
  run: (change: Change) => Promise<boolean>,
): Step[] {
  if (dice.chance(0.4)) {
    return once(`${text}, ${changes.length} times in one second`, async () => {
      let found = false
      for (const change of changes) found = await run(change)
      return found
    })
  }
  let gapMs = 0
  return changes.map((change, index) => {
    if (index > 0) gapMs += dice.between(1, 45_000)
    return { gapMs, text: index > 0 ? `${text} again` : text, run: () => run(change) }
  })
}

const EXPECTED = new Set([
  'card_declined',
  'charge_already_refunded',
  'invoice_already_paid',
  'invoice_not_editable',
  'invoice_not_payable',
  'resource_already_exists',
  'resource_missing',
])

/** A refusal that only says that the object is no longer in the needed state is no error; any other is thrown. */
export async function unlessRefused<T>({ tally }: Scene, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    const byState =
      error instanceof Stripe.errors.StripeInvalidRequestError ||
      error instanceof Stripe.errors.StripeCardError
    if (!byState || !EXPECTED.has(error.code ?? '')) throw error
    tally.refused.set(error.code ?? '', (tally.refused.get(error.code ?? '') ?? 0) + 1)
    return undefined
  }
}

/** The id of a customer who has signed up and was not deleted. */
export function customerOf({ simulator }: Scene, { customer }: Person): string | undefined {
  return customer !== undefined && simulator.store.customers.get(customer) ? customer : undefined
}

export function invoicesOf(scene: Scene, person: Person, status: 'draft' | 'open' | 'paid'): Invoice[] {
  const customer = customerOf(scene, person)
  return scene.simulator.store.invoices
    .of(customer)
    .filter((invoice) => invoice.status === status && !scene.setAside.has(invoice.id))
}

export function subscriptionsOf(scene: Scene, person: Person): Subscription[] {
  const customer = customerOf(scene, person)
  return scene.simulator.store.subscriptions
    .of(customer)
    .filter(({ status }) => status === 'active' || status === 'trialing' || status === 'past_due')
}

/** What an expression of the SDK may leave out, made certain. */
export function certain<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing.`)
  return value
}
