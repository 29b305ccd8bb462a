// What every rule of the simulated Stripe works on: the store, the clock, the agenda and the event log, and the few
// verbs that keep them together (change an object and say so; take money from a balance).
import type { Now } from '../simulator.ts'
import { Agenda } from './agenda.ts'
import { missingInParameter, missingInPath } from './errors.ts'
import { differences, EventLog, type RequestContext } from './events.ts'
import { Ids } from './ids.ts'
import { type Collection, Store } from './store.ts'
import { copy, type Identified } from './wire.ts'

/** What an account decides in its dashboard. https://docs.stripe.com/billing/revenue-recovery/smart-retries */
export interface Dunning {
  /** Days from one failed attempt to the next automatic one. */
  retryAfterDays: readonly number[]
  /** When the last retry fails. */
  subscriptionThen: 'cancel' | 'unpaid' | 'past_due'
  invoiceThen: 'uncollectible' | 'void' | 'open'
}

/** How money in one currency reaches the balance in another. https://docs.stripe.com/currencies/conversions */
export interface SettlementRule {
  into: string
  /** What one unit of the payment's currency is worth, a decimal: '1.0850' dollars for a euro. */
  rate: string
  /** Stripe's fee for converting, in per cent of the converted amount; absent: none. */
  feePercent?: string | undefined
}

export interface Settings {
  now: Now
  seed: number
  accountId: string
  accountName: string
  accountCountry: string
  defaultCurrency: string
  livemode: boolean
  eventApiVersion: string
  dunning: Dunning
  /** Number invoices through the account with this prefix (INV-0001); absent: through the customer, as Stripe does. */
  invoiceNumberPrefix: string | undefined
  /** Bank debits: days from the attempt to its outcome. */
  settleAfterDays: number
  /** An invoice finalized by API call with automatic collection is charged this much later. */
  collectAfterSeconds: number
  /** Currencies that settle in another one, by the currency of the payment; all others settle in their own. */
  settlement: Map<string, SettlementRule>
  /** Less than this cannot be charged, by currency; what is absent has no minimum. */
  minimumCharge: Map<string, number>
  /** `daily`: what is available is paid out on every business day. `manual`: only when somebody asks for it. */
  payoutSchedule: 'daily' | 'manual'
  /** Refunds to bank accounts are pending for this long; 0: they succeed at once. */
  bankRefundAfterDays: number
}

export interface World {
  readonly settings: Settings
  readonly store: Store
  readonly ids: Ids
  readonly events: EventLog
  readonly agenda: Agenda
  /** The API request being served; null while the simulator works by itself. */
  request: RequestContext | null
  /** Whole seconds now, or the due time of the piece of work in hand. */
  seconds(): number
  /** Does everything due by now, each piece at its own time. */
  runDue(): void
  invoiceSequence: number
}

export function createWorld(settings: Settings): World {
  const ids = new Ids(settings.seed)
  let workingAt: number | undefined
  const world: World = {
    settings,
    ids,
    store: new Store(),
    agenda: new Agenda(),
    events: new EventLog(
      { apiVersion: settings.eventApiVersion, accountId: settings.accountId, livemode: settings.livemode },
      () => ids.next('evt'),
    ),
    request: null,
    invoiceSequence: 0,
    seconds: () => workingAt ?? Math.floor(settings.now() / 1000),
    runDue: () => {
      if (workingAt !== undefined) return
      const nowSeconds = Math.floor(settings.now() / 1000)
      const request = world.request
      world.request = null
      try {
        for (let entry = world.agenda.takeDue(nowSeconds); entry; entry = world.agenda.takeDue(nowSeconds)) {
          workingAt = entry.at
          runEntry(entry)
        }
      } finally {
        workingAt = undefined
        world.request = request
      }
    },
  }
  return world
}

/** Whatever goes wrong here is the simulator's own fault, never an answer to the request that happened to wake it. */
function runEntry(entry: { at: number; run: () => void }): void {
  try {
    entry.run()
  } catch (error) {
    throw new Error(`The simulated Stripe could not do what was due at ${entry.at}.`, { cause: error })
  }
}

export function emit(
  world: World,
  type: string,
  object: Identified,
  previous?: Record<string, unknown>,
): void {
  world.events.emit(type, object, world.seconds(), world.request, previous)
}

/** Changes an object and, if anything did change, emits the update with the former values. */
export function change<T extends Identified>(
  world: World,
  object: T,
  eventType: string | null,
  mutate: (object: T) => void,
): boolean {
  const before = copy(object)
  try {
    mutate(object)
  } catch (error) {
    // A refused request changes nothing.
    Object.assign(object, before)
    throw error
  }
  const previous = differences(before, object)
  if (!previous) return false
  if (eventType) emit(world, eventType, object, previous)
  return true
}

export function fetchByPath<T extends Identified>(collection: Collection<T>, kind: string, id: string): T {
  const object = collection.get(id)
  if (!object) throw missingInPath(kind, id)
  return object
}

export function fetchByParameter<T extends Identified>(
  collection: Collection<T>,
  kind: string,
  id: string,
  param = kind,
): T {
  const object = collection.get(id)
  if (!object) throw missingInParameter(kind, id, param)
  return object
}
