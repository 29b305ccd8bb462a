// A binary heap of things that fall due at a moment, the earliest on top and, of one moment, the first pushed. An entry knows its own place, so one that
// is settled early leaves in O(log n) and its memory with it (a heap with lazy removal keeps every body it ever held
// for as long as a virtual clock stands still).

export interface Due {
  dueMs: number
  /** Where the heap keeps it; owned by the heap, -1 while outside. */
  heapIndex: number
  /** Which of the heap's pushes brought it in; owned by the heap. */
  heapTurn: number
}

const isBefore = (a: Due, b: Due): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.heapTurn < b.heapTurn)

export class DueHeap<T extends Due> {
  private readonly entries: T[] = []
  private pushes = 0

  get size(): number {
    return this.entries.length
  }

  peek(): T | undefined {
    return this.entries[0]
  }

  push(entry: T): void {
    this.pushes += 1
    entry.heapTurn = this.pushes
    this.put(entry, this.entries.length)
    this.rise(entry)
  }

  pop(): T | undefined {
    const top = this.entries[0]
    if (top) this.remove(top)
    return top
  }

  remove(entry: T): void {
    const index = entry.heapIndex
    if (this.entries[index] !== entry) return
    const last = this.entries.pop()
    entry.heapIndex = -1
    if (last === undefined || last === entry) return
    this.put(last, index)
    this.rise(last)
    this.sink(last)
  }

  clear(): void {
    for (const entry of this.entries) entry.heapIndex = -1
    this.entries.length = 0
  }

  private put(entry: T, index: number): void {
    this.entries[index] = entry
    entry.heapIndex = index
  }

  private rise(entry: T): void {
    while (entry.heapIndex > 0) {
      const index = entry.heapIndex
      const parentIndex = (index - 1) >> 1
      const parent = this.entries[parentIndex]
      if (!parent || isBefore(parent, entry)) return
      this.put(parent, index)
      this.put(entry, parentIndex)
    }
  }

  private sink(entry: T): void {
    for (;;) {
      const index = entry.heapIndex
      const left = this.entries[2 * index + 1]
      const right = this.entries[2 * index + 2]
      const child = left && right && isBefore(right, left) ? right : left
      if (!child || isBefore(entry, child)) return
      const childIndex = child.heapIndex
      this.put(child, index)
      this.put(entry, childIndex)
    }
  }
}
