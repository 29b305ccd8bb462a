import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../shared/clock.ts'
import { Queue } from './sqs-queue.ts'
import { DEFAULT_QUEUE_SETTINGS } from './sqs-queue-attributes.ts'

function makeQueue(random?: () => number) {
  const clock = new ManualClock(Date.UTC(2026, 10, 1))
  const queue = new Queue({
    name: 'lake',
    settings: DEFAULT_QUEUE_SETTINGS,
    clock,
    random,
    findQueue: () => undefined,
  })
  return { clock, queue }
}

/** A small linear congruential generator: the same draws for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

function order(seed: number): string[] {
  const { queue } = makeQueue(seeded(seed))
  for (let index = 0; index < 50; index += 1) queue.send({ body: String(index) })
  const bodies: string[] = []
  for (;;) {
    const [received] = queue.receive({ limit: 1 })
    if (!received) return bodies
    bodies.push(received.message.body)
  }
}

describe('Queue', () => {
  it('delivers in an order that a seed decides: each message once, another seed another order', () => {
    const inOrder = Array.from({ length: 50 }, (_, index) => String(index))
    expect(order(1)).toEqual(order(1))
    expect(order(1)).not.toEqual(order(2))
    expect(order(1)).not.toEqual(inOrder)
    expect(order(1).sort((a, b) => Number(a) - Number(b))).toEqual(inOrder)
  })

  it('delivers the longest visible message first without a seed', () => {
    const { queue } = makeQueue()
    for (const body of ['a', 'b', 'c']) queue.send({ body })
    expect(queue.receive({ limit: 3 }).map(({ message }) => message.body)).toEqual(['a', 'b', 'c'])
  })

  it('leaves untouched what the receiver does not accept', () => {
    const { queue } = makeQueue()
    for (const body of ['a', 'b', 'c']) queue.send({ body })
    const taken = queue.receive({ limit: 3, accept: (message) => message.body !== 'b' })
    expect(taken.map(({ message }) => message.body)).toEqual(['a'])
    expect(queue.counts()).toEqual({ visible: 2, inFlight: 1, delayed: 0 })
    expect(queue.receive({ limit: 1 })[0]?.message.receiveCount).toBe(1)
  })

  it('holds 120,000 messages in flight and gives no more until one is deleted', () => {
    const { queue } = makeQueue()
    for (let index = 0; index < 120_001; index += 1) queue.send({ body: 'body' })
    const received = queue.receive({ limit: 200_000 })
    expect(received).toHaveLength(120_000)
    expect(queue.full).toBe(true)
    expect(queue.receive({ limit: 1 })).toEqual([])
    queue.delete(received[0]?.receiptHandle ?? '')
    expect(queue.receive({ limit: 1 })).toHaveLength(1)
  })

  it('keeps its counts right through deletes of visible, hidden and expired messages', () => {
    const { queue, clock } = makeQueue()
    for (let index = 0; index < 6; index += 1) queue.send({ body: String(index) })
    const [first, second, third] = queue.receive({ limit: 3 })
    queue.delete(first?.receiptHandle ?? '')
    clock.advance(30_000)
    queue.delete(second?.receiptHandle ?? '')
    expect(queue.counts()).toEqual({ visible: 4, inFlight: 0, delayed: 0 })
    expect(() => queue.changeVisibility(third?.receiptHandle ?? '', 10)).toThrow('not in flight')
    expect(queue.receive({ limit: 10 }).map(({ message }) => message.body)).toEqual(['3', '4', '5', '2'])
    clock.advance(345_600_000)
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
    expect(queue.receive({ limit: 10 })).toEqual([])
    expect(queue.nextVisibleMs()).toBeUndefined()
  })
})
