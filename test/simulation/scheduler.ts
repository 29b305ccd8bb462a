// The one thread on which a history happens: it owns the true time, the processes that run the hub's code, and every
// call that leaves them. It admits one call, timer or happening at a time, chosen by the dice, and waits until all that
// follows from it stands still again. So a seed is a history, call for call.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '../../shared/clock.ts'
import type { Dice } from './dice.ts'
import type { Trace } from './trace.ts'

/** Something that runs the hub's code and can die: a Lambda sandbox. It serves one invocation at a time. */
export interface Process {
  /** 'netsuite/1#3': lane, slot and how many lived there before. */
  readonly name: string
  readonly role: ProcessRole
  readonly clock: Clock
  dead: boolean
  /** The moments until which vendors have asked its invocation to wait (Retry-After). */
  askedToWaitUntilMs: number[]
  /** The longest that a message of its invocation stays away. */
  comesBackInSeconds: number | undefined
  /** Something else went wrong in its invocation too. */
  troubled: boolean
  /** Until then nothing that it does goes on. */
  frozenUntilMs: number
  /** Set while an invocation runs: ends it as the sandbox's death does. */
  onDeath: (() => void) | undefined
}

export type ProcessRole = 'ingest' | 'worker' | 'breaker' | 'sweep'

/** How a call ends for the one who made it. Neither called: it never hears of it again. */
export interface Answering<T> {
  resolve(value: T): void
  reject(error: unknown): void
}

/** 'met': the call has had its fate. 'again': it has not left yet, and is to be admitted once more. */
export type Admitted = 'met' | 'again'

interface PendingCall {
  process: Process
  admit(): Promise<Admitted>
}

interface Alarm {
  dueMs: number
  process: Process | undefined
  run(): void
}

/** What happens outside the hub's processes: an act of the story, a webhook, a schedule, a queue's batch. */
export interface Source {
  /** When it has something to do next; undefined: nothing that time alone will bring. */
  dueMs(): number | undefined
  run(): Promise<void> | void
}

export interface SchedulerOptions {
  startMs: number
  dice: Dice
  trace: Trace
}

/** More than any sound history needs: whatever goes on beyond it goes in a circle. */
const MAX_STEPS = 60_000
const MAX_DAYS = 60
const DAY_MS = 86_400_000
/** Turns of the event loop after which nothing more follows from a step by itself. */
const TURNS = 2

const running = new AsyncLocalStorage<Process>()
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** The simulated process whose code is running; undefined outside of all. */
export const currentProcess = (): Process | undefined => running.getStore()

export class NeverAtRest extends Error {}

export class Scheduler {
  readonly trace: Trace
  private readonly startMs: number
  private readonly dice: Dice
  private nowMs: number
  private calls: PendingCall[] = []
  private alarms: Alarm[] = []
  private readonly sources: Source[] = []
  private readonly outside = new Set<Promise<unknown>>()
  private frozen: Process[] = []
  /** Names of the processes that died. */
  readonly died = new Set<string>()
  steps = 0

  constructor({ startMs, dice, trace }: SchedulerOptions) {
    this.startMs = startMs
    this.nowMs = startMs
    this.dice = dice
    this.trace = trace
  }

  /** The true time: what Stripe and all other vendors go by. */
  readonly clock: Clock = { now: () => this.nowMs }

  addSource(source: Source): void {
    this.sources.push(source)
  }

  createProcess(name: string, role: ProcessRole, skewMs = 0): Process {
    return {
      name,
      role,
      clock: { now: () => this.nowMs + skewMs },
      dead: false,
      askedToWaitUntilMs: [],
      comesBackInSeconds: undefined,
      troubled: false,
      frozenUntilMs: 0,
      onDeath: undefined,
    }
  }

  /** Runs an invocation in a process; told how it ended exactly once. */
  invoke<T>(process: Process, run: () => Promise<T>, onEnd: (ending: Ending<T>) => void): void {
    let ended = false
    process.askedToWaitUntilMs = []
    process.comesBackInSeconds = undefined
    process.troubled = false
    const end = (ending: Ending<T>) => {
      if (ended) return
      ended = true
      process.onDeath = undefined
      onEnd(ending)
    }
    process.onDeath = () => end({ how: 'died' })
    running
      .run(process, run)
      .then((answer) => !process.dead && end({ how: 'answered', answer }))
      .catch((error: unknown) => !process.dead && end({ how: 'threw', error }))
  }

  /** A call that leaves a process. It is admitted when the dice say so; `admit` decides how it is answered. */
  call<T>(process: Process, admit: (answering: Answering<T>) => Promise<Admitted>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (process.dead) return
      const answering: Answering<T> = {
        // What is answered to the dead is not heard.
        resolve: (value) => process.dead || resolve(value),
        reject: (error) => process.dead || reject(error),
      }
      this.calls.push({ process, admit: () => admit(answering) })
    })
  }

  /** Calls back at a moment of the true time; a dead process's alarms are forgotten. @returns how to cancel it. */
  at(dueMs: number, run: () => void, process?: Process): () => void {
    const alarm: Alarm = { dueMs, process, run }
    this.alarms.push(alarm)
    return () => {
      this.alarms = this.alarms.filter((other) => other !== alarm)
    }
  }

  /** Work of a thread pool: nothing is admitted before it is done, so that its speed decides nothing. */
  waitFor<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => undefined,
      () => undefined,
    )
    this.outside.add(settled)
    void settled.then(() => this.outside.delete(settled))
    return work
  }

  kill(process: Process, how = 'dies'): void {
    if (process.dead) return
    process.dead = true
    this.died.add(process.name)
    this.trace.write(process.name, how)
    this.calls = this.calls.filter((call) => call.process !== process)
    this.alarms = this.alarms.filter((alarm) => alarm.process !== process)
    process.onDeath?.()
  }

  /** The process stands still: nothing it waits for reaches it, and nothing it asked for is sent. */
  freeze(process: Process, untilMs: number, where: string): void {
    process.frozenUntilMs = untilMs
    process.troubled = true
    this.frozen.push(process)
    const seconds = Math.round((untilMs - this.nowMs) / 1_000)
    this.trace.write(process.name, `stands still for ${seconds} s ${where}`)
  }

  async runUntilNothingIsDue(): Promise<void> {
    for (;;) {
      await this.settle()
      this.steps += 1
      if (this.steps > MAX_STEPS) throw new NeverAtRest(`Not at rest after ${MAX_STEPS} steps.`)
      if (this.ring()) continue
      const calls = this.calls.filter((call) => !this.isFrozen(call.process))
      const due = this.sources.filter((source) => (source.dueMs() ?? Number.POSITIVE_INFINITY) <= this.nowMs)
      if (calls.length === 0 && due.length === 0) {
        const next = this.nextMoment()
        if (next === undefined) return
        this.moveTo(next)
        continue
      }
      const happens = due.length > 0 && (calls.length === 0 || this.dice.chance(0.25))
      if (happens) {
        await this.dice.pick(due).run()
        continue
      }
      const call = this.dice.pick(calls)
      this.calls = this.calls.filter((other) => other !== call)
      this.nowMs += this.dice.chance(0.015) ? this.dice.between(500, 4_000) : this.dice.between(1, 40)
      if ((await call.admit()) === 'again') this.calls.push(call)
    }
  }

  /** Nothing is under way and nothing will be, but for this source. */
  isAtRestBut(source: Source): boolean {
    const others = this.sources.filter((other) => other !== source)
    const nothingDue = others.every((other) => other.dueMs() === undefined)
    return this.calls.length === 0 && this.alarms.length === 0 && nothingDue
  }

  private isFrozen(process: Process | undefined): boolean {
    return process !== undefined && process.frozenUntilMs > this.nowMs
  }

  /** The earliest alarm that is due, if one is. */
  private ring(): boolean {
    let earliest: Alarm | undefined
    for (const alarm of this.alarms) {
      if (alarm.dueMs > this.nowMs || this.isFrozen(alarm.process)) continue
      if (!earliest || alarm.dueMs < earliest.dueMs) earliest = alarm
    }
    if (!earliest) return false
    this.alarms = this.alarms.filter((alarm) => alarm !== earliest)
    earliest.run()
    return true
  }

  private nextMoment(): number | undefined {
    this.frozen = this.frozen.filter((process) => !process.dead && this.isFrozen(process))
    let next = Number.POSITIVE_INFINITY
    for (const { dueMs, process } of this.alarms) {
      next = Math.min(next, Math.max(dueMs, process?.frozenUntilMs ?? 0))
    }
    for (const { frozenUntilMs } of this.frozen) next = Math.min(next, frozenUntilMs)
    for (const source of this.sources) next = Math.min(next, source.dueMs() ?? Number.POSITIVE_INFINITY)
    return Number.isFinite(next) ? next : undefined
  }

  private moveTo(moment: number): void {
    if (moment > this.startMs + MAX_DAYS * DAY_MS)
      throw new NeverAtRest(`Not at rest after ${MAX_DAYS} days.`)
    this.nowMs = Math.max(this.nowMs, moment)
  }

  private async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn += 1) {
      while (this.outside.size > 0) await Promise.all(this.outside)
      await nextTurn()
    }
  }
}

export type Ending<T> = { how: 'answered'; answer: T } | { how: 'threw'; error: unknown } | { how: 'died' }
