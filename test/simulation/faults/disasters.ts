// What befalls a process, whichever call it is about to make: it dies, before the call had its effect, after it, or with
// the call still on its way; or it stands still for so long that its lease is lost, and then goes on as if nothing had been.
import type { Dice } from '../dice.ts'
import type { Answering, Process, ProcessRole, Scheduler } from '../scheduler.ts'
import type { Faults } from './faults.ts'
import type { FaultKind } from './kinds.ts'

/** `rate`: an ingest makes half a dozen calls in a history where the workers make hundreds. */
const KILLS: Readonly<Record<ProcessRole, { kind: FaultKind; rate: number } | undefined>> = {
  ingest: { kind: 'ingest-killed', rate: 0.03 },
  worker: { kind: 'worker-killed', rate: 0.004 },
  sweep: { kind: 'sweep-killed', rate: 0.1 },
  breaker: undefined,
}
const SECOND_MS = 1_000
/** Both come more often where they can do most: a death around a vendor's write, a standstill there and at a claim. */
const CRITICAL = 4
/** Longer than a lease, so that it is lost, and shorter than the wait of the look for late writes. */
const STANDSTILL_SECONDS = [95, 500] as const

export class Disasters {
  private readonly scheduler: Scheduler
  private readonly faults: Faults
  private readonly dice: Dice

  constructor(options: { scheduler: Scheduler; faults: Faults; dice: Dice }) {
    this.scheduler = options.scheduler
    this.faults = options.faults
    this.dice = options.dice
  }

  /** @returns 'spared': nothing happened. 'met': the call has had its fate. 'again': it is to be admitted once more. */
  async befall<T>(
    process: Process,
    at: string,
    call: {
      send: () => Promise<T>
      answering: Answering<T>
      /** Only a write: it has its effect minutes later, whoever sent it. */
      landLate?: () => void
      mayClaim?: boolean
    },
  ): Promise<'spared' | 'met' | 'again'> {
    const { dice, faults, scheduler } = this
    const kill = KILLS[process.role]
    const deathWeight = call.landLate ? CRITICAL : 1
    if (kill && faults.strikes(kill.kind, kill.rate * deathWeight, at)) {
      faults.hit(kill.kind)
      const way = dice.pick([
        'before',
        'after',
        ...(call.landLate ? (['during', 'during'] as const) : []),
      ] as const)
      // The effect counts, whatever its answer would have been.
      if (way === 'after') await call.send().catch(() => undefined)
      if (way === 'during') call.landLate?.()
      scheduler.kill(process, `dies ${way} ${at}`)
      return 'met'
    }
    const mayFreeze = process.role === 'worker' && !process.frozenUntilMs
    const freezeWeight = call.landLate || call.mayClaim ? CRITICAL : 1
    if (mayFreeze && faults.strikes('worker-frozen', 0.003 * freezeWeight, at)) {
      faults.hit('worker-frozen')
      const untilMs = scheduler.clock.now() + dice.between(...STANDSTILL_SECONDS) * SECOND_MS
      const beforeSending = dice.chance(0.5)
      scheduler.freeze(process, untilMs, `${beforeSending ? 'before' : 'after'} ${at}`)
      if (beforeSending) return 'again'
      const { answering } = call
      await call.send().then(
        (answer) => scheduler.at(untilMs, () => answering.resolve(answer), process),
        (error: unknown) => scheduler.at(untilMs, () => answering.reject(error), process),
      )
      return 'met'
    }
    return 'spared'
  }
}
