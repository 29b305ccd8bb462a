// One seed, one history: a random story in Stripe, the whole hub around it, random faults, and the verdict when all is
// quiet.
import hubConfig from '../../hub.config.ts'
import { AVALARA, NETSUITE, SALESFORCE, STRIPE_API_KEY } from '../../local/hub/credentials.ts'
import { LEDGER_TABLE, STAGE } from '../../local/hub/names.ts'
import { createStripeReader } from '../../shared/stripe/access.ts'
import { draftsOutOfReach } from './out-of-reach.ts'
import type { Finding, HistoryOptions, HistoryResult } from './result.ts'
import { NeverAtRest, type Source } from './scheduler.ts'
import { createSimulatedHub, type SimulatedHub, START_MS } from './simulated-hub.ts'
import { planStory, type Story } from './story/story.ts'
import { VENDOR_URLS } from './vendor-network.ts'
import { judge } from './verdict/judge.ts'
import type { JudgedWorld } from './verdict/world.ts'
import { useMachine } from './virtual-time.ts'

const HOUR_MS = 3_600_000
/** After the story's last act: its invoices finalize an hour later, and what they bring follows. */
const AFTERMATH_MS = 3 * HOUR_MS

export async function playHistory(options: HistoryOptions): Promise<HistoryResult> {
  let horizonMs = START_MS
  const hub = createSimulatedHub(options, () => horizonMs)
  const { scheduler, trace } = hub
  const ids = hub.dice.fork('ids')
  const hex = (digits: number) => Array.from({ length: digits }, () => ids.below(16).toString(16)).join('')
  useMachine({
    scheduler,
    fetch: (url, init) => hub.vendorNetwork.fetch(url, init),
    randomUuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  })
  try {
    const story = planFor(hub)
    horizonMs = Math.max(START_MS, ...story.acts.map(({ atMs }) => atMs)) + AFTERMATH_MS
    scheduler.addSource(playing(story, hub, options.skipActs))
    scheduler.at(horizonMs, () => {
      hub.faults.over = true
    })
    deployInMidStream(hub, horizonMs)
    const findings = await playOut(hub)
    if (findings.length === 0) findings.push(...(await judge(judgedWorld(hub, story))))
    for (const { system, object, promise } of findings)
      trace.write('verdict', `${promise}: ${system} ${object}`)
    return {
      seed: options.seed,
      events: hub.simulators.stripe.events.length,
      calls:
        hub.awsNetwork.calls +
        Object.values(hub.vendorNetwork.traffic).reduce((sum, { calls }) => sum + calls, 0),
      virtualHours: (scheduler.clock.now() - START_MS) / HOUR_MS,
      hits: hub.faults.hits,
      occurrences: hub.faults.occurrences,
      acts: story.acts.map(({ name }) => name),
      findings,
      digest: trace.digest(),
      trace: trace.lines,
    }
  } finally {
    useMachine(undefined)
  }
}

function planFor({ dice, faults, simulators, stripe }: SimulatedHub): Story {
  const own = dice.fork('story')
  const oneSecond = faults.occursOnce('one-second', 0.9, 'the story')
  const longInvoice = faults.occursOnce('long-invoice', 0.9, 'the story')
  const impossible = faults.occursOnce('impossible-record', 0.9, 'the story')
  if (oneSecond) faults.hit('one-second')
  return planStory({
    stripe,
    simulator: simulators.stripe,
    dice: own,
    startMs: START_MS,
    oneSecond,
    allow: { longInvoice, impossible },
  })
}

/** The acts, one after the other, each at its time and whole. */
function playing(
  { acts }: Story,
  { faults, trace }: SimulatedHub,
  skip: ReadonlySet<number> = new Set(),
): Source {
  let next = 0
  return {
    dueMs: () => acts[next]?.atMs,
    run: async () => {
      const act = acts[next]
      const number = next
      next += 1
      if (!act || skip.has(number)) return
      trace.write('story', act.name)
      await act.run()
      if (act.deed === 'long invoice') faults.hit('long-invoice')
    },
  }
}

/** From then on new processes start with another mapping; those that run go on with the old one. */
function deployInMidStream(hub: SimulatedHub, horizonMs: number): void {
  const { deployment, dice, faults, lanes, scheduler, trace } = hub
  if (!faults.occursOnce('deployment', 0.9, 'mid-stream')) return
  const own = dice.fork('deployment')
  scheduler.at(START_MS + own.below(horizonMs - START_MS), () => {
    faults.hit('deployment')
    trace.write('deployment', 'a new mapping')
    deployment.changeMapping()
    for (const lane of lanes) lane.replaceSandboxes()
  })
}

async function playOut({ scheduler }: SimulatedHub): Promise<Finding[]> {
  try {
    await scheduler.runUntilNothingIsDue()
    return []
  } catch (error) {
    if (!(error instanceof NeverAtRest)) throw error
    return [
      {
        promise: 'quiet',
        system: 'hub',
        object: 'history',
        expected: 'comes to rest',
        actual: error.message,
      },
    ]
  }
}

function judgedWorld(hub: SimulatedHub, story: Story): JudgedWorld {
  const {
    bucket,
    deployment,
    dynamoDb,
    scheduler,
    simulators,
    sqs,
    stripe,
    sweeps,
    vendorNetwork,
    webhooks,
  } = hub
  const { manifests } = deployment
  const queue = (name: string) => {
    const found = sqs.queue(name)
    if (!found) throw new Error(`There is no queue ${name}.`)
    return found
  }
  const leased = manifests.filter(({ style }) => style === 'projection')
  const configs = deployment.deployedConfigs
  const acknowledged = new Map([...sweeps.recovered, ...webhooks.acknowledged])
  return {
    manifests,
    connectors: configs.flatMap((config) =>
      leased.map(({ name }) => deployment.connector(name, scheduler.clock, config)),
    ),
    stripe,
    reader: createStripeReader(stripe),
    ledgerItems: () => dynamoDb.items(LEDGER_TABLE),
    simulators,
    vendorAccess: {
      stripe: { apiKey: STRIPE_API_KEY, baseUrl: VENDOR_URLS.stripe, httpClient: hub.stripeHttpClient },
      salesforce: { loginUrl: VENDOR_URLS.salesforce, ...SALESFORCE },
      netsuite: netsuiteAccess(simulators.netsuitePrivateKey, () => scheduler.clock.now()),
      avalara: {
        baseUrl: VENDOR_URLS.avalara,
        companyCode: hubConfig(STAGE).connectors.avalara?.companyCode ?? '',
        ...AVALARA,
      },
    },
    lakeObjects: new Map([...bucket.objects].map(([key, { bytes }]) => [key, bytes])),
    queues: new Map(manifests.map(({ name }) => [name, queue(name)])),
    deadQueues: new Map(manifests.map(({ name }) => [name, queue(`${name}-dead`)])),
    acknowledged: [...acknowledged.keys()].map((eventId) => ({ eventId })),
    outOfReach: draftsOutOfReach(simulators.stripe.events, acknowledged, hub.outages),
    impossible: story.impossible,
    deadly: hub.deadly,
    limits: leased.flatMap(({ name, vendor }) => {
      const traffic = Object.values(vendorNetwork.traffic).find((each) => each.vendor === name)
      return traffic
        ? [{ vendor: name, most: traffic.most, allowed: vendor.accountConcurrency, refused: traffic.refused }]
        : []
    }),
  }
}

function netsuiteAccess(privateKey: string, now: () => number): JudgedWorld['vendorAccess']['netsuite'] {
  const tax = hubConfig(STAGE).connectors.netsuite?.tax
  return {
    baseUrl: VENDOR_URLS.netsuite,
    ...NETSUITE,
    privateKey,
    now,
    taxItems: tax?.mode === 'liability-item' ? [tax.item, ...Object.values(tax.items)] : [],
  }
}
