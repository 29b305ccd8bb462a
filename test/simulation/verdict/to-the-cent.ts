// Promise: every system agrees with Stripe to the cent, told by readings that share nothing with the connectors
// (local/demo), and no invoice that was ever a draft was finalized untaxed by Stripe's clockwork or by the hub.
import { type Break, compare } from '../../../local/demo/compare.ts'
import { readAvalara } from '../../../local/demo/readings/avalara.ts'
import { readNetSuite } from '../../../local/demo/readings/netsuite.ts'
import { type Reading, type RecordKind, totalsOf } from '../../../local/demo/readings/reading.ts'
import { readSalesforce } from '../../../local/demo/readings/salesforce.ts'
import { readStripe, type StripeReading } from '../../../local/demo/readings/stripe.ts'
import type { StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import type { WireEvent } from '../../../local/simulators/stripe/wire.ts'
import type { Finding } from '../result.ts'
import type { LedgerRows } from './ledger-rows.ts'
import type { JudgedWorld } from './world.ts'

export async function checkToTheCent(
  world: Pick<JudgedWorld, 'vendorAccess' | 'simulators' | 'deadly' | 'outOfReach'>,
  rows: LedgerRows,
): Promise<Finding[]> {
  const { vendorAccess, simulators, deadly, outOfReach } = world
  const stripe = await readStripe(vendorAccess.stripe)
  const readings = [
    await readSalesforce(vendorAccess.salesforce),
    await readNetSuite(vendorAccess.netsuite, stripe.invoiceOfNote),
    await readAvalara(vendorAccess.avalara),
  ]
  const unheld = new Set(outOfReach)
  for (const { connector, ref } of deadly) if (connector === 'tax-hold') unheld.add(ref.id)
  const [untaxed, others] = partition(compare(stripe, []), ({ field }) => field === 'tax')
  return [
    ...untaxed
      .filter(({ object }) => !unheld.has(idIn(object)) && !byHand(idIn(object), simulators.stripe.events))
      .map((found) => findingOf(found, 'tax')),
    ...others.map((found) => findingOf(found)),
    ...readings.flatMap((reading) => {
      const exempt = exemptIn(reading.system, rows, stripe, simulators.stripe)
      return compare(without(stripe, exempt), [without(reading, exempt)])
        .filter(({ system }) => system === reading.system)
        .map((found) => findingOf(found))
    }),
  ]
}

/**
 * What may be missing or unfinished there: parked objects, and for NetSuite what is settled by a document that is
 * parked (an open amount) or belongs to one (payments, voids and write-offs go by their invoice). A customer whose
 * currency Stripe does not know yet cannot be placed in the books: it comes with its first invoice.
 */
function exemptIn(
  system: string,
  rows: LedgerRows,
  { creditNotes, payments }: StripeReading,
  { store }: StripeSimulator,
): ReadonlySet<string> {
  const exempt = new Set<string>()
  for (const { ref, trouble, records } of rows.of(system)) {
    if (trouble?.status === 'parked') exempt.add(ref.id)
    // Voided before anybody could record it: there is no tax to take back.
    const isVoid = creditNotes.get(ref.id)?.status === 'void'
    if (system === 'avalara' && isVoid && Object.keys(records).length === 0) exempt.add(ref.id)
  }
  // Whether a note belongs there, its invoice tells.
  for (const [id, { invoice }] of creditNotes)
    if (system === 'avalara' && exempt.has(invoice ?? '')) exempt.add(id)
  if (system !== 'netsuite') return exempt
  for (const [id, { invoice }] of creditNotes) if (exempt.has(id) && invoice) exempt.add(invoice)
  for (const [id, { invoice }] of payments) if (exempt.has(invoice ?? '')) exempt.add(id)
  for (const { id, currency } of store.customers.all()) if (!currency) exempt.add(id)
  return exempt
}

const KINDS: readonly RecordKind[] = [
  'invoices',
  'payments',
  'refunds',
  'creditNotes',
  'voids',
  'writeOffs',
  'customers',
  'subscriptions',
  'disputes',
]

/** The reading as if the exempt objects were not: neither expected nor counted. */
function without<R extends Reading>(reading: R, exempt: ReadonlySet<string>): R {
  if (exempt.size === 0) return reading
  const kept = { ...reading }
  for (const kind of KINDS) {
    const records: ReadonlyMap<string, unknown> | undefined = reading[kind]
    if (!records) continue
    Object.assign(kept, { [kind]: new Map([...records].filter(([id]) => !exempt.has(id))) })
  }
  return { ...kept, totals: totalsOf(kept) }
}

/** A person who finalizes a draft by an API call of their own takes the tax into their own hands. */
function byHand(invoice: string, events: readonly WireEvent[]): boolean {
  const finalized = events.find(
    ({ type, data }) => type === 'invoice.finalized' && data.object.id === invoice,
  )
  const key = finalized?.request.idempotency_key
  return typeof key === 'string' && !key.startsWith('switchyard-')
}

const idIn = (object: string): string => object.slice(object.lastIndexOf(' ') + 1)

const findingOf = ({ system, object, field, expected, actual }: Break, promise = 'to the cent'): Finding => ({
  promise,
  system,
  object,
  expected: `${field}: ${expected}`,
  actual,
})

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))]
}
