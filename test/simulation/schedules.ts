// What EventBridge Scheduler calls: the breaker each minute while a lane stands still, and the sweep, which finds the
// webhooks that never came. Repair of drift is off: it would hide what the engine does wrong.
import type { SweepReport } from '../../functions/reconcile/sweep.ts'
import type { Ending, Process, Scheduler, Source } from './scheduler.ts'

interface Job<T> {
  name: string
  scheduler: Scheduler
  start(name: string): Process
  run(process: Process): Promise<T>
}

const MINUTE_MS = 60_000
const TIMEOUT_MS = 5 * MINUTE_MS

/** Runs a job in a process of its own, one at a time. */
class JobRunner<T> {
  busy = false
  private readonly job: Job<T>
  private started = 0

  constructor(job: Job<T>) {
    this.job = job
  }

  run(onEnd: (ending: Ending<T>) => void): void {
    const { name, scheduler, start, run } = this.job
    this.started += 1
    const process = start(`${name}#${this.started}`)
    this.busy = true
    const cancelTimeout = scheduler.at(scheduler.clock.now() + TIMEOUT_MS, () =>
      scheduler.kill(process, 'is stopped at its deadline'),
    )
    scheduler.invoke(
      process,
      () => run(process),
      (ending) => {
        cancelTimeout()
        this.busy = false
        const reason = ending.how === 'threw' ? `: ${String(ending.error)}` : ''
        scheduler.trace.write(process.name, `ends: ${ending.how}${reason}`)
        onEnd(ending)
      },
    )
  }
}

interface Schedule<T> extends Omit<Job<T>, 'name'> {
  everyMs(): number
}

export class BreakerSchedule implements Source {
  private nextMs: number | undefined
  private readonly runner: JobRunner<void>
  private readonly schedule: Schedule<void> & { isNeeded: () => boolean }

  /** @param schedule.isNeeded whether a lane stands still, or is switched off: else nothing would come of looking. */
  constructor(schedule: Schedule<void> & { isNeeded: () => boolean }) {
    this.runner = new JobRunner({ ...schedule, name: 'breaker' })
    this.schedule = schedule
  }

  dueMs(): number | undefined {
    if (this.runner.busy) return undefined
    if (this.nextMs === undefined && this.schedule.isNeeded()) {
      this.nextMs = this.schedule.scheduler.clock.now() + this.schedule.everyMs()
    }
    return this.nextMs
  }

  run(): void {
    this.nextMs = undefined
    this.runner.run(() => undefined)
  }
}

export class SweepSchedule implements Source {
  /** When an event was found that no webhook had brought, by its id. */
  readonly recovered = new Map<string, number>()
  private nextMs: number | undefined
  private readonly runner: JobRunner<SweepReport>
  private readonly scheduler: Scheduler
  private readonly everyMs: () => number

  constructor(schedule: Schedule<SweepReport>) {
    this.runner = new JobRunner({ ...schedule, name: 'sweep' })
    this.scheduler = schedule.scheduler
    this.everyMs = schedule.everyMs
    this.nextMs = schedule.scheduler.clock.now() + schedule.everyMs()
  }

  dueMs(): number | undefined {
    return this.runner.busy ? undefined : this.nextMs
  }

  /** Ends when one that began while all else was at rest has found nothing. */
  run(): void {
    const now = this.scheduler.clock.now()
    const resting = this.scheduler.isAtRestBut(this)
    this.nextMs = now + this.everyMs()
    this.runner.run((ending) => {
      if (ending.how !== 'answered') return
      const { recovered } = ending.answer
      for (const id of recovered) this.recovered.set(id, this.scheduler.clock.now())
      if (resting && recovered.length === 0) this.nextMs = undefined
    })
  }
}
