import { describe, expect, it } from 'vitest'
import { type Due, DueHeap } from './due-heap.ts'

const entry = (dueMs: number): Due => ({ dueMs, heapIndex: -1, heapTurn: 0 })

describe('DueHeap', () => {
  it('gives entries back by due time, without those removed from its middle', () => {
    const heap = new DueHeap<Due>()
    const entries = [50, 10, 40, 20, 60, 30, 5, 45].map(entry)
    for (const each of entries) heap.push(each)
    for (const each of entries) if (each.dueMs === 20 || each.dueMs === 60) heap.remove(each)
    const order: number[] = []
    for (let top = heap.pop(); top; top = heap.pop()) order.push(top.dueMs)
    expect(order).toEqual([5, 10, 30, 40, 45, 50])
  })

  it('gives entries of one moment back in the order they came', () => {
    const heap = new DueHeap<Due & { name: string }>()
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) heap.push({ ...entry(9), name })
    const order: string[] = []
    for (let top = heap.pop(); top; top = heap.pop()) order.push(top.name)
    expect(order.join('')).toBe('abcdefg')
  })

  it('ignores the removal of an entry that it does not hold', () => {
    const heap = new DueHeap<Due>()
    const popped = entry(1)
    heap.push(popped)
    heap.push(entry(2))
    heap.pop()
    heap.remove(popped)
    expect(heap.size).toBe(1)
    expect(heap.peek()?.dueMs).toBe(2)
  })

  it('stays ordered through many mixed operations', () => {
    const heap = new DueHeap<Due>()
    const held: Due[] = []
    let state = 7
    const random = () => {
      state = (state * 1103515245 + 12345) % 2147483648
      return state
    }
    for (let step = 0; step < 5_000; step += 1) {
      if (held.length > 0 && random() % 3 === 0) {
        const [gone] = held.splice(random() % held.length, 1)
        if (gone) heap.remove(gone)
      } else {
        const added = entry(random() % 1_000)
        held.push(added)
        heap.push(added)
      }
    }
    const order: number[] = []
    for (let top = heap.pop(); top; top = heap.pop()) order.push(top.dueMs)
    expect(order).toEqual(held.map((each) => each.dueMs).sort((a, b) => a - b))
  })
})
