// What happens in Stripe in one history, drawn by dice: who signs up, what they buy, and what then goes well and wrong.
// A plan is made before anything runs; each act has dice of its own, so leaving one out does not change the others.
// What the hub makes of it, and when webhooks arrive, is not this folder's business.
import type Stripe from 'stripe'
import type { StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import type { Dice } from '../dice.ts'
import { CATALOG_DEEDS } from './catalog-deeds.ts'
import { CUSTOMER_DEEDS, leaveBilled, signUp } from './customer-deeds.ts'
import { IMPOSSIBLE_DEEDS } from './impossible.ts'
import { INVOICE_DEEDS, longInvoice } from './invoice-deeds.ts'
import { MONEY_DEEDS } from './money-deeds.ts'
import { inventPerson } from './people.ts'
import {
  type Deed,
  type Impossible,
  once,
  type Person,
  type Scene,
  type Standing,
  type Step,
  type Tally,
} from './scene.ts'
import { SETTLEMENT_DEEDS } from './settlement-deeds.ts'
import { Shelf } from './shelf.ts'
import { SUBSCRIPTION_DEEDS } from './subscription-deeds.ts'

export type { Impossible } from './scene.ts'

export interface Act {
  atMs: number
  /** For the log: 'customer 2: buys the team plan on terms, 4 seats'. */
  name: string
  /** Which deed of the list it belongs to: 'subscription by schedule on terms'. */
  deed: string
  run(): Promise<void>
}

export interface Story {
  /** In order of time. */
  acts: Act[]
  /** Filled while acts run. */
  impossible: Impossible[]
  /** Filled while acts run. */
  tally: Tally
}

export interface StoryOptions {
  stripe: Stripe
  simulator: StripeSimulator
  dice: Dice
  startMs: number
  /** About how many Stripe events; default 40. */
  events?: number
  /** Everything at the same moment, as far as order allows: what needs a finalized invoice is two hours later. */
  oneSecond?: boolean
  allow: { longInvoice: boolean; impossible: boolean }
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const DEEDS: readonly Deed[] = [
  ...CUSTOMER_DEEDS,
  ...SUBSCRIPTION_DEEDS,
  ...INVOICE_DEEDS,
  ...SETTLEMENT_DEEDS,
  ...MONEY_DEEDS,
  ...CATALOG_DEEDS,
]
const PURCHASES = DEEDS.filter(({ when }) => when === 'buying')
const FOLLOW_UPS = DEEDS.filter(({ when }) => when !== 'buying')

/** When what happens, in milliseconds after the beginning. */
interface Times {
  signUp: number
  buyingUntil: number
  laterFrom: number
  end: number
}

export function planStory(options: StoryOptions): Story {
  const { stripe, simulator, dice, startMs, oneSecond = false, allow } = options
  const scene: Scene = {
    stripe,
    simulator,
    shelf: new Shelf(stripe, simulator),
    impossible: [],
    setAside: new Set(),
    tally: { applied: 0, idle: 0, refused: new Map() },
  }
  const times = drawTimes(dice, oneSecond)
  const acts: Act[] = []
  let deeds = 0

  const add = (who: string, deed: string, atMs: number, plan: (own: Dice) => Step[]): boolean => {
    deeds += 1
    const steps = plan(dice.fork(`deed ${deeds}`))
    for (const step of steps) {
      const gapMs = oneSecond ? (step.leastMs ?? 0) : (step.gapMs ?? 0)
      acts.push(actOf(scene, `${who}: ${step.text}`, deed, startMs + atMs + gapMs, step))
    }
    return steps.length > 0
  }
  const standing = new Standings()
  const addFor = (person: Person, deed: Deed): number => {
    const planned = add(`customer ${person.index + 1}`, deed.name, momentOf(deed, times, dice), (own) =>
      deed.plan(scene, person, own),
    )
    if (planned) standing.after(person, deed)
    return planned ? deed.events : 0
  }
  const addAny = (person: Person, from: readonly Deed[]): number =>
    addFor(
      person,
      weighted(
        from.filter((deed) => standing.suits(person, deed)),
        dice,
      ),
    )

  let left = (options.events ?? 40) - 6
  const people = invent(dice, dice.pick([1, 1, 1, 2, 2, 3]))
  for (const person of people) {
    const arrival = oneSecond ? 0 : dice.below(times.signUp)
    add(`customer ${person.index + 1}`, 'sign-up', arrival, (own) => signUp(scene, person, own))
    left -= 3
  }
  if (allow.impossible) {
    const { name, plan } = dice.pick(IMPOSSIBLE_DEEDS)
    add('a stranger', name, oneSecond ? 0 : dice.below(times.buyingUntil), (own) => plan(scene, own))
    left -= 12
  }
  if (allow.longInvoice) left -= addFor(dice.pick(people), longInvoice)
  // Something to settle comes first, or there would be nothing for the rest to happen to.
  left -= addAny(dice.pick(people), PURCHASES)
  while (left > 0) left -= Math.max(1, addAny(dice.pick(people), left > 13 ? DEEDS : FOLLOW_UPS))
  const billed = people.filter((person) => standing.any(person))
  if (billed.length > 0 && dice.chance(0.2)) addFor(dice.pick(billed), leaveBilled)
  if (!oneSecond && dice.chance(0.03)) addWeekLater(add, times)

  const order = acts.map((act, index) => ({ act, index }))
  order.sort((a, b) => a.act.atMs - b.act.atMs || a.index - b.index)
  return { acts: order.map(({ act }) => act), impossible: scene.impossible, tally: scene.tally }
}

/** What the plan leaves each person with, so that few acts find nothing to do. */
class Standings {
  private readonly left = new Map<string, number>()

  suits(person: Person, { needs }: Deed): boolean {
    return needs === undefined || this.of(person, needs) > 0
  }

  any(person: Person): boolean {
    return [...this.left.keys()].some((key) => key.startsWith(`${person.index} `))
  }

  after(person: Person, { needs, spares, leaves }: Deed): void {
    if (needs && !spares) this.left.set(`${person.index} ${needs}`, this.of(person, needs) - 1)
    for (const each of leaves ?? []) this.left.set(`${person.index} ${each}`, this.of(person, each) + 1)
  }

  private of(person: Person, standing: Standing): number {
    return this.left.get(`${person.index} ${standing}`) ?? 0
  }
}

function actOf(scene: Scene, name: string, deed: string, atMs: number, step: Step): Act {
  return {
    atMs,
    name,
    deed,
    async run() {
      // What is due now happens before, not in the middle of it.
      scene.simulator.runDue()
      const applied = await step.run(atMs)
      if (applied) scene.tally.applied += 1
      else scene.tally.idle += 1
    },
  }
}

function drawTimes(dice: Dice, oneSecond: boolean): Times {
  if (oneSecond) return { signUp: 0, buyingUntil: 0, laterFrom: 2 * HOUR_MS, end: 2 * HOUR_MS }
  const span = dice.between(2, 6) * HOUR_MS
  const pause = dice.chance(0.12) ? DAY_MS : 0
  return {
    signUp: span / 20,
    buyingUntil: span / 2,
    laterFrom: pause + span / 2,
    end: pause + span,
  }
}

function momentOf({ when, name }: Deed, times: Times, dice: Dice): number {
  const from = when === 'later' ? times.laterFrom : times.signUp
  const to = when === 'buying' ? times.buyingUntil : times.end
  // Drawn in any case, so that the dice go on alike.
  const drawn = from + dice.below(Math.max(1, to - from))
  if (times.signUp === 0) return when === 'later' ? times.laterFrom : 0
  return name === leaveBilled.name ? times.end : drawn
}

/** Time passes for the plans that renew by the week; nobody does anything. */
function addWeekLater(
  add: (who: string, deed: string, atMs: number, plan: () => Step[]) => boolean,
  times: Times,
): void {
  add('everybody', 'a week later', times.end + 7 * DAY_MS + 2 * HOUR_MS, () =>
    once('a week has passed', async () => true),
  )
}

const invent = (dice: Dice, count: number): Person[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    profile: inventPerson(dice.fork(`person ${index}`), index),
  }))

function weighted(deeds: readonly Deed[], dice: Dice): Deed {
  let point = dice.next() * deeds.reduce((sum, { weight }) => sum + weight, 0)
  for (const deed of deeds) {
    point -= deed.weight
    if (point < 0) return deed
  }
  return dice.pick(deeds)
}
