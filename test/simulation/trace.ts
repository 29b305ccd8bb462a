// What happened, line by line, and its fingerprint: two runs of a seed must write the same.
import { createHash } from 'node:crypto'
import type { TraceLine } from './result.ts'

export class Trace {
  readonly lines: TraceLine[] = []
  private readonly nowMs: () => number

  /** @param nowMs milliseconds since the history's beginning. */
  constructor(nowMs: () => number) {
    this.nowMs = nowMs
  }

  write(actor: string, text: string): void {
    this.lines.push({ atMs: this.nowMs(), actor, text })
  }

  digest(): string {
    const hash = createHash('sha256')
    for (const { atMs, actor, text } of this.lines) hash.update(`${atMs} ${actor} ${text}\n`)
    return hash.digest('hex').slice(0, 32)
  }
}
