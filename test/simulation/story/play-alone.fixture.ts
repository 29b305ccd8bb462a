// A story without a hub: the Stripe simulator in memory, the real SDK on top of it, and a clock that moves from one
// act, or one thing that Stripe does by itself, to the next. Loaded by tests only.
import Stripe from 'stripe'
import { createStripeSimulator, type StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import { createDice } from '../dice.ts'
import { planStory, type Story, type StoryOptions } from './story.ts'

const HOUR_MS = 3_600_000
/** A Monday morning in the middle of an open posting period. */
export const START_MS = Date.UTC(2026, 9, 5, 9)

export interface Played {
  story: Story
  simulator: StripeSimulator
}

export async function playAlone(
  seed: number,
  options: Partial<Pick<StoryOptions, 'events' | 'oneSecond' | 'allow'>> = {},
  skip: ReadonlySet<number> = new Set(),
): Promise<Played> {
  let nowMs = START_MS
  const simulator = createStripeSimulator({ now: () => nowMs, seed })
  const stripe = new Stripe('sk_test_story', {
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(async (input, init) =>
      simulator.app.fetch(new Request(input, init)),
    ),
  })
  const story = planStory({
    stripe,
    simulator,
    dice: createDice(seed, 'story'),
    startMs: START_MS,
    allow: { longInvoice: false, impossible: false },
    ...options,
  })
  const moveTo = (untilMs: number) => {
    for (let due = simulator.nextDue(); due !== undefined && due <= untilMs; due = simulator.nextDue()) {
      nowMs = Math.max(nowMs, due)
      simulator.runDue()
    }
    nowMs = Math.max(nowMs, untilMs)
  }
  for (const [number, act] of story.acts.entries()) {
    moveTo(act.atMs)
    if (!skip.has(number)) await act.run()
  }
  moveTo(nowMs + 2.5 * HOUR_MS)
  return { story, simulator }
}
