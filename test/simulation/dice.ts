// A history's dice: everything random comes from one seed. A fork has a stream of its own, so that one more throw in
// one part of a history does not change every other part.
import { seededRandom } from '../../local/seeded-random.ts'

export interface Dice {
  /** In [0, 1). */
  next(): number
  /** Whole, from 0 to below `limit`. */
  below(limit: number): number
  /** Whole, both ends included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** The same name and the same seed give the same stream, however much was thrown before. */
  fork(name: string): Dice
}

export function createDice(seed: number, name = ''): Dice {
  const next = seededRandom(hash(`${seed}/${name}`))
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability,
    pick(items) {
      if (items.length === 0) throw new RangeError('Nothing to pick from.')
      // Within the bounds; an item may itself be undefined.
      return items[below(items.length)] as (typeof items)[number]
    },
    fork: (part) => createDice(seed, `${name}/${part}`),
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0
  }
  return value
}
