// Where each system stands with an object, and its events in the order in which they happened, with what became of each:
// what `hub trace` prints and the console shows. It reads the ledger alone, and judges nothing beyond what stands there.
import type { Manifest, ObjectRef } from '../connector/contract.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { DeliveryRow, EventRow, ObjectState, Trouble } from '../ledger/rows.ts'

/** `nothing`: none of the object's events concerned the system. */
export type StandingState = 'in step' | 'waiting' | 'parked' | 'working' | 'deleted' | 'nothing'

export interface Standing {
  connector: string
  /** For people: 'NetSuite'. */
  system: string
  state: StandingState
  /** The state in words, with its reason and code. */
  standing: string
  /** `kind remote-id` of what stands there. */
  records: string[]
  /** What is to be done, and by whom. Given exactly when the state is `waiting` or `parked`. */
  hint?: string
  trouble?: Trouble
}

export interface Trace {
  object: ObjectRef
  customer?: string
  systems: Standing[]
  /** Of an object without a customer (a product, a price): none, since timelines are customers'. */
  events: { event: EventRow; deliveries: DeliveryRow[] }[]
}

export interface TraceSource {
  ledger: Pick<Ledger, 'readState' | 'timeline' | 'deliveriesOf'>
  /** Of the connectors that are switched on. */
  manifests: readonly Manifest[]
  /** The newest so many of the customer's events are looked through, and of those the object's own are told. */
  events?: number
}

const EVENTS = 1_000

export async function traceObject(
  object: ObjectRef,
  { ledger, manifests, events = EVENTS }: TraceSource,
): Promise<Trace> {
  const concerned = manifests.filter(({ style, objects }) => style === 'projection' && object.type in objects)
  const states = await Promise.all(
    concerned.map(async (manifest) => ({ manifest, state: await ledger.readState(manifest.name, object) })),
  )
  const customer =
    object.type === 'customer' ? object.id : states.flatMap(({ state }) => state?.customer ?? [])[0]
  const timeline = customer ? await ledger.timeline(customer, events) : []
  const own = timeline.filter((row) => object.type === 'customer' || row.object?.id === object.id)
  return {
    object,
    ...(customer && { customer }),
    systems: states.map(({ manifest, state }) => standingOf(manifest, state)),
    events: await Promise.all(
      own.sort(inTime).map(async (event) => ({ event, deliveries: await ledger.deliveriesOf(event.id) })),
    ),
  }
}

/** Of one second, in the order in which things happen to an object: Stripe gives no finer time. */
const STEPS = [
  'created',
  'attached',
  'updated',
  'finalized',
  'sent',
  'payment_failed',
  'paid',
  'payment_succeeded',
]

function inTime(a: EventRow, b: EventRow): number {
  const step = ({ type }: EventRow) => {
    const index = STEPS.indexOf(type.slice(type.lastIndexOf('.') + 1))
    return index < 0 ? STEPS.length : index
  }
  return a.createdSeconds - b.createdSeconds || step(a) - step(b)
}

function standingOf({ name, title }: Manifest, state: ObjectState | undefined): Standing {
  const records = Object.entries(state?.records ?? {})
    .filter(([, { remoteId, retired }]) => remoteId && !retired)
    .map(([key, { remoteId }]) => `${key.slice(0, key.indexOf('/'))} ${remoteId}`)
  const own = { connector: name, system: title, records }
  if (state?.trouble) {
    const { status, code, reason, hint = 'It is tried again by itself.' } = state.trouble
    const standing = `${status}: ${reason} [${code}]`
    return { ...own, state: status, standing, hint, trouble: state.trouble }
  }
  if (state?.tombstone) return { ...own, state: 'deleted', standing: 'deleted in Stripe' }
  if (state?.hash) {
    const standing = records.length > 0 ? 'in step' : 'in step: nothing to record'
    return { ...own, state: 'in step', standing }
  }
  if (state?.lease) return { ...own, state: 'working', standing: 'being worked on' }
  return {
    ...own,
    state: 'nothing',
    standing: 'nothing delivered: none of its events so far concern this system',
  }
}
