// A billing run: hundreds of subscriptions, signed up in the whole local hub, renew at the same second. What the hub
// then costs at each vendor, in the ledger and in SQS is counted where it arrives. Nobody but the hub calls a vendor in
// that time: Stripe's renewals happen inside the simulator.
import { createCatalog } from '../../local/demo/catalog.ts'
import { inventCustomers } from '../../local/demo/customers.ts'
import { type BenchHub, DAY_MS, openBenchHub, SEED, signUp, troubledObjects, wantedBy } from './bench-hub.ts'
import { BILLING_RUN, burstOf, ledgerRows } from './ledger-rows.ts'
import { cpuMicros, progress, type Row, rounded } from './measurement.ts'
import { SqsWire } from './sqs-wire.ts'

/** Of the customers. */
// So few that the two events of each are in one batch of the smallest windowed lane.
const CHANGED_TWICE = 20
const HOUR_MS = 3_600_000

const DOCUMENTS = ['invoice', 'customerPayment', 'creditMemo', 'customerRefund', 'journalEntry'] as const

interface Counts {
  stripe: Map<string, number>
  salesforce: Map<string, number>
  netsuite: Map<string, number>
  avalara: Map<string, number>
  documents: number
  events: number
  accepted: number
  sends: number
  wallMs: number
  cpuMicros: number
}

export async function measureBillingRun(subscriptions: number): Promise<Row[]> {
  const bench = await openBenchHub()
  try {
    const { hub, clock, player, units, coalesced } = bench
    const sqs = new SqsWire()
    const startMs = clock.now()
    const startedMs = performance.now()
    const catalog = await createCatalog(hub.stripe)
    const customers: string[] = []
    for (const profile of inventCustomers(SEED, subscriptions))
      customers.push(await signUp(hub.stripe, catalog, profile))
    await player.playUntil(startMs + 20 * DAY_MS)
    progress(
      `  ${subscriptions} subscriptions stand, ${hub.vendors.stripe.events.length} events in ${seconds(performance.now() - startedMs)} s`,
    )

    const before = count(bench, sqs)
    units.reset()
    coalesced.clear()
    await player.playUntil(startMs + 34 * DAY_MS)
    await player.playUntilQuiet(DAY_MS)
    const after = count(bench, sqs)
    const eventTypes = hub.vendors.stripe.events.slice(before.events).map(({ type }) => type)
    progress(`  renewed, ${eventTypes.length} events in ${seconds(after.wallMs - before.wallMs)} s`)
    const rows = [
      ...ledgerRows(bench, eventTypes, BILLING_RUN),
      ...vendorRows(before, after),
      throughputRow(before, after),
      sendsRow(bench, eventTypes, after.sends - before.sends),
      scansRow(bench),
      {
        name: 'Objects parked or waiting after the billing run',
        measured: await troubledObjects(hub),
        unit: 'objects',
        bound: 0,
        exact: true as const,
        note: 'with any, the counts above would be those of work left undone',
      },
    ]
    return [...rows, ...(await measureBurst(bench, customers.slice(0, CHANGED_TWICE)))]
  } finally {
    await bench.close()
  }
}

/** Two changes of each customer in one second, and so two events of one object in a batch. */
async function measureBurst(bench: BenchHub, customers: readonly string[]): Promise<Row[]> {
  const { hub, clock, player, units, coalesced } = bench
  const known = hub.vendors.stripe.events.length
  units.reset()
  coalesced.clear()
  for (const name of ['First', 'Second']) {
    for (const customer of customers)
      await hub.stripe.customers.update(customer, { name: `${name} name of ${customer}` })
  }
  await player.playUntil(clock.now() + HOUR_MS)
  const windowed = hub.manifests.filter(
    ({ style, queue }) => style === 'projection' && queue.batchWindowSeconds > 0,
  )
  const eventTypes = hub.vendors.stripe.events.slice(known).map(({ type }) => type)
  return ledgerRows(bench, eventTypes, burstOf(windowed.map(({ name }) => name)))
}

function scansRow({ units }: BenchHub): Row {
  const { commands } = units.charged
  const all = [...commands.values()].reduce((sum, each) => sum + each, 0)
  return {
    name: 'DynamoDB scans',
    measured: commands.get('ScanCommand') ?? 0,
    unit: 'scans',
    bound: 0,
    exact: true,
    note: `among ${all} commands: ${listed(commands)}`,
  }
}

function count({ hub, player }: BenchHub, sqs: SqsWire): Counts {
  const { stripe, salesforce, netsuite, avalara } = hub.vendors
  return {
    stripe: new Map(stripe.calls.byRoute),
    salesforce: new Map(salesforce.calls.byRoute),
    netsuite: new Map(netsuite.calls.byRoute),
    avalara: new Map(avalara.calls.byRoute),
    documents: DOCUMENTS.reduce((sum, type) => sum + netsuite.records(type).length, 0),
    events: stripe.events.length,
    accepted: player.deliveries.accepted,
    sends: sqs.count('SendMessage'),
    wallMs: performance.now(),
    cpuMicros: cpuMicros(),
  }
}

function sendsRow({ hub }: BenchHub, eventTypes: readonly string[], sends: number): Row {
  const pairs = [...wantedBy(hub, eventTypes).values()].reduce((sum, each) => sum + each, 0)
  return {
    name: 'SQS sends per event and queue',
    measured: sends / pairs,
    unit: 'sends',
    bound: 1,
    exact: true,
    note: `${sends} SendMessage requests seen on the wire for ${pairs} pairs`,
  }
}

function vendorRows(before: Counts, after: Counts): Row[] {
  const events = after.accepted - before.accepted
  const perThousand = (calls: number) => rounded((calls / events) * 1_000)
  // A sign-in is not counted against an org's daily limit.
  const salesforce = callsBetween(before.salesforce, after.salesforce).filter(
    ([route]) => !route.includes('/oauth2/'),
  )
  const netsuite = callsBetween(before.netsuite, after.netsuite)
  const writes = netsuite.filter(([route]) => !route.startsWith('GET') && route.includes('/record/'))
  const queries = netsuite.filter(([route]) => route.includes('suiteql'))
  const stripe = callsBetween(before.stripe, after.stripe)
  const reads = stripe.filter(([route]) => route.startsWith('GET'))
  const documents = after.documents - before.documents
  return [
    {
      name: 'Salesforce API calls per 1,000 events of a billing run',
      measured: perThousand(total(salesforce)),
      unit: 'calls',
      bound: 25,
      note: `${total(salesforce)} calls for ${events} events: ${listed(new Map(salesforce))}`,
    },
    {
      name: 'NetSuite writes per posted document',
      measured: rounded(total(writes) / documents),
      unit: 'writes',
      bound: 1.1,
      note: `${total(writes)} writes for ${documents} documents; beside them ${total(queries)} SuiteQL reads`,
    },
    {
      name: 'Stripe reads per 1,000 events of a billing run',
      measured: perThousand(total(reads)),
      unit: 'reads',
      bound: null,
      note: `${total(reads)} reads, ${total(stripe) - total(reads)} writes: ${listed(new Map(stripe))}`,
    },
    {
      name: 'AvaTax calls per 1,000 events of a billing run',
      measured: perThousand(total(callsBetween(before.avalara, after.avalara))),
      unit: 'calls',
      bound: null,
      note: listed(new Map(callsBetween(before.avalara, after.avalara))),
    },
  ]
}

function throughputRow(before: Counts, after: Counts): Row {
  const events = after.accepted - before.accepted
  const wallSeconds = (after.wallMs - before.wallMs) / 1_000
  const cpuSeconds = (after.cpuMicros - before.cpuMicros) / 1_000_000
  return {
    name: 'Events a second, end to end, on this machine',
    measured: rounded(events / wallSeconds),
    unit: 'events/s',
    bound: null,
    note: `${events} events in ${wallSeconds.toFixed(1)} s until all lanes were drained; ${rounded((cpuSeconds / events) * 1_000)} ms of processor an event, simulators and embedded AWS included`,
  }
}

function callsBetween(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>) {
  return [...after]
    .map(([route, calls]): [string, number] => [route, calls - (before.get(route) ?? 0)])
    .filter(([, calls]) => calls > 0)
}

const total = (calls: readonly [string, number][]): number => calls.reduce((sum, [, each]) => sum + each, 0)

const seconds = (ms: number): string => (ms / 1_000).toFixed(1)

/** `12 × GET /a, 3 × POST /b`, the most first. */
function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, calls]) => `${calls} × ${name}`)
    .join(', ')
}
