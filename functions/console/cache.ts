// What was read a moment ago is shown again, with the time at which it was read. A failure is not kept.
import type { Clock } from '../../shared/clock.ts'

const MOST = 500

export class Cache<T> {
  private readonly clock: Clock
  private readonly forMs: number
  private readonly read: (key: string) => Promise<T>
  private readonly kept = new Map<string, { atMs: number; value: Promise<T> }>()

  constructor(clock: Clock, forMs: number, read: (key: string) => Promise<T>) {
    this.clock = clock
    this.forMs = forMs
    this.read = read
  }

  get(key: string): Promise<T> {
    const nowMs = this.clock.now()
    const known = this.kept.get(key)
    if (known && nowMs - known.atMs < this.forMs) return known.value
    const value = this.read(key)
    this.kept.delete(key)
    this.kept.set(key, { atMs: nowMs, value })
    for (const [old] of [...this.kept].slice(0, -MOST)) this.kept.delete(old)
    value.catch(() => this.kept.delete(key))
    return value
  }
}
