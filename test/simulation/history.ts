// One seed, one history: a random story in Stripe, the whole hub around it, random faults, and the verdict when all is
// quiet.
import type { WireEvent } from '../../local/simulators/stripe/wire.ts'
import { isObject } from '../../shared/stripe/event.ts'
import { judgedWorld } from './judged-world.ts'
import type { Finding, HistoryOptions, HistoryResult } from './result.ts'
import { NeverAtRest, type Source } from './scheduler.ts'
import { createSimulatedHub, inSimulation, type SimulatedHub, START_MS } from './simulated-hub.ts'
import { planStory, type Story } from './story/story.ts'
import { judge } from './verdict/judge.ts'

const HOUR_MS = 3_600_000
/** After the story's last act: its invoices finalize an hour later, and what they bring follows. */
const AFTERMATH_MS = 3 * HOUR_MS

export async function playHistory(options: HistoryOptions): Promise<HistoryResult> {
  let horizonMs = START_MS
  const hub = createSimulatedHub({ ...options, horizonMs: () => horizonMs })
  const { scheduler, simulators, trace } = hub
  return inSimulation(hub, async () => {
    const story = planFor(hub)
    horizonMs = Math.max(START_MS, ...story.acts.map(({ atMs }) => atMs)) + AFTERMATH_MS
    scheduler.addSource(playing(story, hub, options.skipActs))
    scheduler.at(horizonMs, () => {
      hub.faults.over = true
    })
    deployInMidStream(hub, horizonMs)
    const findings = await playOut(hub)
    findings.push(...hub.webhooks.tooEarly.map(acknowledgedTooEarly))
    findings.push(...hub.awsNetwork.impatient.map(tooSoon))
    findings.push(...hub.stepBack.findings)
    findings.push(...killsTooMany(hub))
    if (findings.length === 0) findings.push(...(await judge(judgedWorld(hub, story.impossible))))
    const { events } = simulators.stripe
    if (events.some(isLongInvoice)) hub.faults.hit('long-invoice')
    if (story.impossible.length > 0) hub.faults.hit('impossible-record', story.impossible.length)
    for (const { system, object, promise } of findings)
      trace.write('verdict', `${promise}: ${system} ${object}`)
    return {
      seed: options.seed,
      events: events.length,
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
  })
}

/** An event carries the first ten lines only. */
const isLongInvoice = ({ data }: WireEvent): boolean =>
  'lines' in data.object && isObject(data.object.lines) && data.object.lines.has_more === true

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
function playing({ acts }: Story, { trace }: SimulatedHub, skip: ReadonlySet<number> = new Set()): Source {
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

/** Ten deaths park an object; one more may have been under way. */
const MOST_DEATHS = 12

function killsTooMany({ deadly, faults }: SimulatedHub): Finding[] {
  const deaths = faults.hits['out-of-memory'] ?? 0
  return deadly
    .filter(() => deaths > MOST_DEATHS)
    .map(({ connector, ref }) => ({
      promise: 'parked',
      system: connector,
      object: `${ref.type} ${ref.id}`,
      expected: `parked after at most ${MOST_DEATHS} deaths`,
      actual: `${deaths} workers died`,
    }))
}

const tooSoon = (actual: string): Finding => ({
  promise: 'limits',
  system: 'hub',
  object: 'Retry-After',
  expected: 'obeyed',
  actual,
})

const acknowledgedTooEarly = (eventId: string): Finding => ({
  promise: 'ledger',
  system: 'hub',
  object: `event ${eventId}`,
  expected: 'a row before the answer 2xx',
  actual: 'none',
})

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
