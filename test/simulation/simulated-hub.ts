// The whole hub and everything around it on one scheduler: simulated vendors, AWS in memory, the networks between them
// with their faults, lanes, webhooks and schedules. What happens in Stripe is the story's.
import Stripe from 'stripe'
import { connectorNames } from '../../functions/connectors/hub.ts'
import { manifestsOf } from '../../functions/connectors/registry.ts'
import hubConfig from '../../hub.config.ts'
import { SIGNING_SECRETS, STRIPE_API_KEY } from '../../local/hub/credentials.ts'
import { createLaneQueues } from '../../local/hub/lane-queues.ts'
import { LEDGER_TABLE, STAGE } from '../../local/hub/names.ts'
import { createSimulators, type Simulators } from '../../local/hub/vendors.ts'
import { salesforceSchema } from '../../local/simulators/salesforce/schema.ts'
import type { ObjectRef } from '../../shared/connector/contract.ts'
import { ledgerTable } from '../../shared/ledger/table.ts'
import { createStripeClient } from '../../shared/stripe/client.ts'
import { createBucket } from './aws/bucket.ts'
import { awsClients } from './aws/clients.ts'
import { createDynamoDb } from './aws/dynamodb.ts'
import { createLambda } from './aws/lambda.ts'
import { createSqs } from './aws/sqs.ts'
import { AwsNetwork } from './aws-network.ts'
import { ADDED_FIELD, Deployment } from './deployment.ts'
import { createDice, type Dice } from './dice.ts'
import { Deadly, type DeadlyPlan, planDeadly } from './faults/deadly.ts'
import { Disasters } from './faults/disasters.ts'
import { Faults } from './faults/faults.ts'
import { type Outage, planOutages } from './faults/outages.ts'
import { LanePoller } from './lane.ts'
import type { HistoryOptions } from './result.ts'
import { type Process, type ProcessRole, Scheduler } from './scheduler.ts'
import { BreakerSchedule, SweepSchedule } from './schedules.ts'
import { StepBackWatch } from './step-back.ts'
import { stripeClockwork, Webhooks } from './stripe-side.ts'
import { Trace } from './trace.ts'
import { VENDOR_URLS, VendorNetwork } from './vendor-network.ts'
import { useMachine } from './virtual-time.ts'

/** A Monday morning in the middle of an open posting period. */
export const START_MS = Date.UTC(2026, 9, 5, 9)
const HUB_URL = 'http://hub.test/stripe/webhook'
const MINUTE_MS = 60_000
const EDGE_OF_OUTAGE_MS = 15 * MINUTE_MS
const MOST_SKEW_MS = 20_000

export interface SimulatedHub {
  dice: Dice
  trace: Trace
  scheduler: Scheduler
  faults: Faults
  outages: readonly Outage[]
  simulators: Simulators
  stripe: Stripe
  stripeHttpClient: Stripe.HttpClient
  vendorNetwork: VendorNetwork
  awsNetwork: AwsNetwork
  dynamoDb: ReturnType<typeof createDynamoDb>
  sqs: ReturnType<typeof createSqs>
  bucket: ReturnType<typeof createBucket>
  deployment: Deployment
  lanes: readonly LanePoller[]
  webhooks: Webhooks
  sweeps: SweepSchedule
  stepBack: StepBackWatch
  /** Objects that kill whoever works on them. */
  deadly: readonly { connector: string; ref: ObjectRef }[]
}

type Pace = (nowMs: number) => { breakerMs: number; sweepMs: number }

export interface SimulatedHubOptions extends Pick<HistoryOptions, 'seed' | 'faults' | 'skip'> {
  /** Beyond this moment Stripe's clockwork is not waited for. */
  horizonMs: () => number
  /** Absent: what the seed chooses. */
  outages?: readonly Outage[]
  /** Absent: what the seed chooses. */
  deadly?: DeadlyPlan
  /** How often the schedules are called at a moment; absent: each minute but in the midst of an outage, and each half hour. */
  pace?: Pace
}

export function createSimulatedHub(options: SimulatedHubOptions): SimulatedHub {
  const { horizonMs } = options
  const dice = createDice(options.seed)
  const trace = new Trace(() => scheduler.clock.now() - START_MS)
  const scheduler = new Scheduler({ startMs: START_MS, dice: dice.fork('scheduler'), trace })
  const faults = new Faults({ dice: dice.fork('faults'), trace, only: options.faults, skip: options.skip })
  const disasters = new Disasters({ scheduler, faults, dice: dice.fork('disasters') })
  const simulators = createVendors(options.seed, scheduler)
  const outages = options.outages ?? planOutages(faults, dice.fork('outages'), START_MS)
  const stepBack = new StepBackWatch(faults, simulators.salesforce)
  const vendorNetwork = new VendorNetwork({
    scheduler,
    dice: dice.fork('vendors'),
    faults,
    disasters,
    outages,
    vendors: simulators,
    salesforceLocks: {
      set: (times) => simulators.salesforce.refuseRecords({ statusCode: 'UNABLE_TO_LOCK_ROW', times }),
      clear: () => simulators.salesforce.clearRecordRefusals(),
    },
    onWrite: (vendor) => vendor === 'salesforce' && stepBack.look(),
  })
  const stripeHttpClient = Stripe.createFetchHttpClient((input, init) => fetch(input, init))
  const stripe = createStripeClient({
    apiKey: STRIPE_API_KEY,
    baseUrl: VENDOR_URLS.stripe,
    httpClient: stripeHttpClient,
  })
  const startProcess = createProcesses(scheduler, faults, dice.fork('processes'))

  const dynamoDb = createDynamoDb()
  dynamoDb.createTable(ledgerTable(LEDGER_TABLE))
  const bucket = createBucket()
  let messages = 0
  const nextId = () => {
    messages += 1
    return `message-${String(messages).padStart(5, '0')}`
  }
  const sqs = createSqs({ clock: scheduler.clock, random: dice.fork('queues').next, nextId })
  const aws = awsClients({
    dice: dice.fork('sdk'),
    handle: (service, request) => awsNetwork.send(service, request),
  })
  const deadly = new Deadly(scheduler, faults, options.deadly ?? planDeadly(faults, dice.fork('deadly')))
  const deployment = new Deployment({
    dice: dice.fork('hub'),
    aws,
    queueUrls: createLaneQueues(sqs, manifestsOf(connectorNames(hubConfig(STAGE)))),
    stripe,
    netsuitePrivateKey: simulators.netsuitePrivateKey,
    onLog: (process, line) => {
      trace.write(process.name, `says ${JSON.stringify(line)}`)
    },
    onGather: (process, connector, ref) => deadly.meet(process, connector, ref),
  })
  const lanes = deployment.manifests.map((manifest) => {
    const { name } = manifest
    return new LanePoller({
      manifest,
      queue: sqs.queue(name),
      scheduler,
      faults,
      dice: dice.fork(`lane ${name}`),
      start: (processName) => {
        const process = startProcess(processName, 'worker')
        return { process, handler: deployment.worker(name, process) }
      },
      onEnd: (process) => awsNetwork.checkPatience(process),
    })
  })
  const lambda = createLambda({
    mappings: new Map(lanes.map((lane) => [lane.name, lane])),
    functions: new Map(lanes.map(({ name }) => [name, () => probe(name)] as const)),
  })
  let probes = 0
  const probe = (name: string): Promise<unknown> => {
    probes += 1
    const process = startProcess(`${name}-probe#${probes}`, 'worker')
    const handler = deployment.worker(name, process)
    return new Promise((resolve, reject) =>
      scheduler.invoke(
        process,
        () => handler({ probe: true } as never, {} as never),
        (ending) =>
          ending.how === 'answered'
            ? resolve(ending.answer)
            : reject(new Error(`The probe of ${name} ${ending.how}.`)),
      ),
    )
  }
  const awsNetwork = new AwsNetwork({
    scheduler,
    dice: dice.fork('aws'),
    faults,
    disasters,
    services: { dynamodb: dynamoDb, sqs, s3: bucket, lambda },
  })
  const stripeSide = {
    stripe: simulators.stripe,
    scheduler,
    faults,
    dice: dice.fork('webhooks'),
    horizonMs,
    isRecorded: (eventId: string) => dynamoDb.has(LEDGER_TABLE, `EVENT#${eventId}`),
    start: (processName: string) => {
      const process = startProcess(processName, 'ingest')
      return { process, handler: deployment.ingest(process) }
    },
  }
  simulators.stripe.addEndpoint({ url: HUB_URL, secret: SIGNING_SECRETS[0] })
  const webhooks = new Webhooks(stripeSide)
  const isPaused = () => lanes.some(({ name }) => dynamoDb.has(LEDGER_TABLE, `LANE#${name}`))
  const pace = () => (options.pace ?? paceWithin(outages))(scheduler.clock.now())
  const breaker = new BreakerSchedule({
    scheduler,
    start: (name) => startProcess(name, 'breaker'),
    run: (process) => deployment.breaker(process),
    everyMs: () => pace().breakerMs,
    isNeeded: () => isPaused() || lanes.some(({ state }) => state !== 'Enabled'),
  })
  const sweeps = new SweepSchedule({
    scheduler,
    start: (name) => startProcess(name, 'sweep'),
    run: (process) => deployment.sweep(process),
    everyMs: () => pace().sweepMs,
  })
  for (const source of [stripeClockwork(stripeSide), webhooks, ...lanes, breaker, sweeps])
    scheduler.addSource(source)
  return {
    dice,
    trace,
    scheduler,
    faults,
    outages,
    simulators,
    stripe,
    stripeHttpClient,
    vendorNetwork,
    awsNetwork,
    dynamoDb,
    sqs,
    bucket,
    deployment,
    lanes,
    webhooks,
    sweeps,
    stepBack,
    deadly: deadly.objects,
  }
}

/** Runs with this hub's clock, network and ids as those of the whole Node process: one hub at a time. */
export async function inSimulation<T>(hub: SimulatedHub, run: () => Promise<T>): Promise<T> {
  const ids = hub.dice.fork('ids')
  const hex = (digits: number) =>
    ids
      .below(16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  useMachine({
    scheduler: hub.scheduler,
    fetch: (url, init) => hub.vendorNetwork.fetch(url, init),
    randomUuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`,
  })
  try {
    return await run()
  } finally {
    useMachine(undefined)
  }
}

/** In the midst of a long outage every look is like the one before: a few are enough. */
function paceWithin(outages: readonly Outage[]): Pace {
  return (nowMs) => {
    const isAmidst = ({ fromMs, untilMs }: Outage) =>
      nowMs > fromMs + EDGE_OF_OUTAGE_MS && nowMs < untilMs - EDGE_OF_OUTAGE_MS
    return { breakerMs: outages.some(isAmidst) ? 10 * MINUTE_MS : MINUTE_MS, sweepMs: 30 * MINUTE_MS }
  }
}

function createVendors(seed: number, scheduler: Scheduler): Simulators {
  const { connectors, stripe } = hubConfig(STAGE)
  const added = { name: ADDED_FIELD, label: 'Billing name', type: 'string' as const, length: 255 }
  return createSimulators({
    clock: scheduler.clock,
    seed,
    stripeAccount: stripe.account,
    netsuiteAccount: connectors.netsuite?.account ?? '',
    companyCode: connectors.avalara?.companyCode ?? '',
    salesforceSchema: salesforceSchema.map((object) =>
      object.name === 'Stripe_Customer__c' ? { ...object, fields: [...object.fields, added] } : object,
    ),
  })
}

/** Cold starts: each process has a clock of its own, which may be wrong. */
function createProcesses(scheduler: Scheduler, faults: Faults, dice: Dice) {
  const skewed = faults.occursOnce('clock-skew', 1, 'every process')
  return (name: string, role: ProcessRole): Process => {
    const skewMs = skewed ? dice.between(-MOST_SKEW_MS, MOST_SKEW_MS) : 0
    if (skewMs !== 0) faults.hit('clock-skew')
    return scheduler.createProcess(name, role, skewMs)
  }
}
