// What every construct of a stack is given without being handed it from one to the next: how long logs are kept, the
// customer's key and the network, where the stage has them.
import { Stack } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import type { CustomerKey } from './customer-key.ts'
import type { FunctionNetwork } from './network.ts'

export interface StageMeans {
  logRetentionDays: number
  /** Absent: AWS encrypts with keys of its own. */
  key?: CustomerKey
  /** Absent: functions call vendors from whatever address AWS gives them. */
  network?: FunctionNetwork
}

const means = new WeakMap<Stack, StageMeans>()

export function giveStageMeans(stack: Stack, given: StageMeans): void {
  means.set(stack, given)
}

export function stageMeans(scope: IConstruct): StageMeans {
  const given = means.get(Stack.of(scope))
  if (!given)
    throw new Error(`The stack ${Stack.of(scope).stackName} was not told what the stage has: giveStageMeans.`)
  return given
}
