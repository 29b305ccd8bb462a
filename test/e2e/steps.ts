// The run as its watcher sees it: each step's name when it begins, how it goes, and what it took. What went wrong is said
// by the step that failed; the others are never shown as done.
import process from 'node:process'

export interface TakenStep {
  name: string
  seconds: number
}

export class Steps {
  readonly taken: TakenStep[] = []
  private readonly write: (line: string) => void
  private readonly nowMs: () => number

  constructor(
    write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
    nowMs: () => number = () => performance.now(),
  ) {
    this.write = write
    this.nowMs = nowMs
  }

  /** Runs one step and remembers what it took. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const startedMs = this.nowMs()
    this.write(`── ${name}`)
    const result = await work()
    const seconds = (this.nowMs() - startedMs) / 1_000
    this.taken.push({ name, seconds })
    this.write(`   ${seconds.toFixed(1)} s`)
    return result
  }

  /** A line under the step that runs. */
  say(text: string): void {
    this.write(`   ${text}`)
  }
}
