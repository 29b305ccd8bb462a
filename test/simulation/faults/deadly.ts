// One object that is too much for whoever takes it into hand: the process runs out of memory.
import type { ObjectRef } from '../../../shared/connector/contract.ts'
import type { Dice } from '../dice.ts'
import type { Process, Scheduler } from '../scheduler.ts'
import type { Faults } from './faults.ts'

/** The nth object that this connector meets. */
export interface DeadlyPlan {
  connector: string
  nth: number
}

export const planDeadly = (faults: Faults, dice: Dice): DeadlyPlan | undefined =>
  faults.occursOnce('out-of-memory', 0.9, 'an object')
    ? { connector: dice.pick(['netsuite', 'salesforce', 'avalara']), nth: dice.between(1, 10) }
    : undefined

export class Deadly {
  readonly objects: { connector: string; ref: ObjectRef }[] = []
  private readonly scheduler: Scheduler
  private readonly faults: Faults
  private readonly plan: DeadlyPlan | undefined
  private readonly seen = new Set<string>()

  constructor(scheduler: Scheduler, faults: Faults, plan: DeadlyPlan | undefined) {
    this.scheduler = scheduler
    this.faults = faults
    this.plan = plan
  }

  meet(process: Process, connector: string, ref: ObjectRef): void {
    if (connector !== this.plan?.connector) return
    this.seen.add(ref.id)
    if (this.objects.length === 0 && this.seen.size === this.plan.nth) this.objects.push({ connector, ref })
    if (!this.objects.some((object) => object.ref.id === ref.id)) return
    this.faults.hit('out-of-memory')
    this.scheduler.kill(process, `runs out of memory over ${ref.type} ${ref.id}`)
  }
}
