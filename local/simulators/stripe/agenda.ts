// What the simulated vendor will do later by itself: renewals, finalizations, charges, retries. A heap by due time;
// at one moment a change of plan comes before a renewal, a renewal before a finalization, that before a charge.
// An entry that no longer applies when its time comes does nothing: each checks the object it belongs to.

export const PRIORITY = { plan: 0, renew: 1, finalize: 2, collect: 3, settle: 4, other: 5 } as const

interface Entry {
  at: number
  priority: number
  sequence: number
  run: () => void
}

const before = (a: Entry, b: Entry): boolean =>
  a.at !== b.at ? a.at < b.at : a.priority !== b.priority ? a.priority < b.priority : a.sequence < b.sequence

export class Agenda {
  private readonly heap: Entry[] = []
  private sequence = 0

  add(at: number, priority: number, run: () => void): void {
    this.sequence += 1
    const entry = { at, priority, sequence: this.sequence, run }
    this.heap.push(entry)
    let index = this.heap.length - 1
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = this.heap[parentIndex]
      if (!parent || !before(entry, parent)) break
      this.heap[index] = parent
      index = parentIndex
    }
    this.heap[index] = entry
  }

  /** Seconds of the earliest entry. */
  nextAt(): number | undefined {
    return this.heap[0]?.at
  }

  /** Removes and returns the earliest entry due at or before a moment. */
  takeDue(nowSeconds: number): { at: number; run: () => void } | undefined {
    const first = this.heap[0]
    if (!first || first.at > nowSeconds) return undefined
    const last = this.heap.pop()
    if (last && this.heap.length > 0) this.sink(last)
    return first
  }

  private sink(entry: Entry): void {
    let index = 0
    for (;;) {
      let childIndex = 2 * index + 1
      let child = this.heap[childIndex]
      if (!child) break
      const right = this.heap[childIndex + 1]
      if (right && before(right, child)) {
        childIndex += 1
        child = right
      }
      if (!before(child, entry)) break
      this.heap[index] = child
      index = childIndex
    }
    this.heap[index] = entry
  }
}
