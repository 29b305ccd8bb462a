// Ids that look like Stripe's and depend on nothing but the seed, the kind of object and how many of that kind came
// before: the same play gives the same ids, whatever else was read in between.

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A small seeded generator (mulberry32); returns numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function hash(text: string, seed: number): number {
  let value = (seed ^ 0x811c9dc5) >>> 0
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0
  }
  return value
}

/** Kinds whose ids have 14 characters after the prefix; all others have 24, the first of them a version digit. */
const SHORT = new Set(['cus', 'prod', 'si', 'req'])

export class Ids {
  private readonly counters = new Map<string, number>()
  private readonly seed: number

  constructor(seed: number) {
    this.seed = seed
  }

  next(prefix: string): string {
    const body = SHORT.has(prefix) ? this.characters(prefix, 14) : `1${this.characters(prefix, 23)}`
    return `${prefix}_${body}`
  }

  /** `length` characters that no other call for this kind has returned in this order. */
  characters(kind: string, length: number, alphabet = ALPHABET): string {
    const count = (this.counters.get(kind) ?? 0) + 1
    this.counters.set(kind, count)
    const random = seededRandom(hash(`${kind}:${count}`, this.seed))
    // The count itself is woven in, so that two hashes that meet still give two ids.
    const unique = count.toString(36).toUpperCase().padStart(4, '0')
    let text = ''
    while (text.length < length - unique.length)
      text += alphabet[Math.floor(random() * alphabet.length)] ?? '0'
    return length > unique.length + 2 ? text + unique : `${text}${unique}`.slice(-length)
  }
}
