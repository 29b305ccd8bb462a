// Which seeds are done, as few ranges: workers finish out of order, and a file that is written every few seconds must
// stay small.

/** Both ends included. */
export type SeedRange = [first: number, last: number]

export class SeedRanges {
  /** In order, with a gap between each two. */
  private ranges: SeedRange[]

  constructor(ranges: readonly SeedRange[] = []) {
    this.ranges = ranges.map(([first, last]) => [first, last])
  }

  add(seed: number): void {
    const next = this.ranges.findIndex(([first]) => first > seed)
    const at = next < 0 ? this.ranges.length : next
    const before = this.ranges[at - 1]
    const after = this.ranges[at]
    if (before && seed <= before[1]) return
    const joinsBefore = before !== undefined && before[1] === seed - 1
    const joinsAfter = after !== undefined && after[0] === seed + 1
    if (joinsBefore && joinsAfter) {
      before[1] = after[1]
      this.ranges.splice(at, 1)
    } else if (joinsBefore) before[1] = seed
    else if (joinsAfter) after[0] = seed
    else this.ranges.splice(at, 0, [seed, seed])
  }

  /** Seeds from `first` to `last` that are not done. */
  *missing(first: number, last: number): Generator<number> {
    let seed = first
    for (const [from, to] of this.toJSON()) {
      for (; seed < from && seed <= last; seed += 1) yield seed
      seed = Math.max(seed, to + 1)
    }
    for (; seed <= last; seed += 1) yield seed
  }

  toJSON(): SeedRange[] {
    return this.ranges.map(([first, last]) => [first, last])
  }
}
