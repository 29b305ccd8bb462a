// Which faults a history meets. Each one that the seed wants is an occurrence with a number, so that a failing history
// can be played again without it; it counts as hit only where it really happens.
import type { Dice } from '../dice.ts'
import type { Occurrence } from '../result.ts'
import type { Trace } from '../trace.ts'
import { FAULT_KINDS, type FaultKind } from './kinds.ts'

export interface FaultsOptions {
  dice: Dice
  trace: Trace
  only?: readonly FaultKind[]
  skip?: ReadonlySet<number>
}

/** Enough to be together with others, few enough that a history comes to its end. */
const MOST_OF_A_KIND = 8

export class Faults {
  readonly occurrences: Occurrence[] = []
  readonly hits: Partial<Record<FaultKind, number>> = {}
  private readonly dice: Dice
  private readonly trace: Trace
  private readonly skip: ReadonlySet<number>
  private readonly chosen: ReadonlySet<FaultKind>
  private readonly intensity: number
  private readonly wanted = new Map<FaultKind, number>()
  private wants = 0
  /** From here on nothing new goes wrong: the hub is to come to rest. */
  over = false

  constructor({ dice, trace, only, skip = new Set() }: FaultsOptions) {
    this.dice = dice
    this.trace = trace
    this.skip = skip
    this.chosen = new Set(only ?? chooseKinds(dice))
    // Asked for by name, they come thick and fast.
    this.intensity = only ? dice.pick([2, 4, 8]) : dice.pick([0.5, 1, 1, 2, 4])
  }

  isChosen(kind: FaultKind): boolean {
    return this.chosen.has(kind)
  }

  /** Whether this fault is to happen here and now; `rate` is its share at a place like this. */
  strikes(kind: FaultKind, rate: number, at: string): boolean {
    if (this.over || !this.chosen.has(kind) || !this.dice.chance(rate * this.intensity)) return false
    const soFar = this.wanted.get(kind) ?? 0
    if (soFar >= MOST_OF_A_KIND) return false
    this.wanted.set(kind, soFar + 1)
    return this.occurs(kind, at)
  }

  /** A fault that a history has once or not at all. */
  occursOnce(kind: FaultKind, probability: number, at: string): boolean {
    return this.chosen.has(kind) && this.dice.chance(probability) && this.occurs(kind, at)
  }

  hit(kind: FaultKind, count = 1): void {
    this.hits[kind] = (this.hits[kind] ?? 0) + count
  }

  private occurs(kind: FaultKind, at: string): boolean {
    const number = this.wants
    this.wants += 1
    if (this.skip.has(number)) return false
    this.occurrences.push({ number, kind, at })
    this.trace.write('fault', `${kind} at ${at}`)
    return true
  }
}

/** Alone, in twos to fours, half of all, all, or none: what hides behind one fault shows with another. */
function chooseKinds(dice: Dice): FaultKind[] {
  const draw = (count: number) => {
    const left = [...FAULT_KINDS]
    return Array.from({ length: count }, () => left.splice(dice.below(left.length), 1)).flat()
  }
  const way = dice.next()
  if (way < 0.04) return []
  if (way < 0.25) return draw(1)
  if (way < 0.6) return draw(dice.between(2, 5))
  if (way < 0.9) return draw(Math.floor(FAULT_KINDS.length / 2))
  return [...FAULT_KINDS]
}
