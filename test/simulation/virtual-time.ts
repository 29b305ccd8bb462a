// Takes the time, the network and the chance of this Node process into the simulation's hands: for code that runs inside
// a simulated process, setTimeout and AbortSignal.timeout go by the history's clock; fetch and randomUUID (Stripe's SDK
// makes idempotency keys of it) are the history's for everybody while one is played.
import { AsyncLocalStorage } from 'node:async_hooks'
import nodeCrypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import timersPromises from 'node:timers/promises'
import type { Scheduler } from './scheduler.ts'
import { currentProcess } from './scheduler.ts'

export interface SimulatedMachine {
  scheduler: Scheduler
  /** Answers requests to the simulated vendors; undefined: not one of them. */
  fetch(url: URL, init: RequestInit | undefined): Promise<Response> | undefined
  randomUuid(): ReturnType<typeof nodeCrypto.randomUUID>
}

let machine: SimulatedMachine | undefined
let installed = false
/** The alarm behind an AbortSignal.timeout, so that an answered call leaves none behind. */
const deadlines = new WeakMap<AbortSignal, () => void>()

/** From here on this history is the one whose time and network are used; undefined: none. */
export function useMachine(next: SimulatedMachine | undefined): void {
  if (!installed) install()
  machine = next
}

/** The call that this signal guarded has been answered. */
export function forgetDeadline(signal: AbortSignal | null | undefined): void {
  if (signal) deadlines.get(signal)?.()
}

function install(): void {
  installed = true
  const { fetch, setTimeout, clearTimeout } = globalThis
  const abortAfter = AbortSignal.timeout.bind(AbortSignal)
  const sleep = timersPromises.setTimeout

  const alarm = (run: () => void, ms: number | undefined): (() => void) | undefined => {
    const process = currentProcess()
    if (!machine || !process) return undefined
    const { scheduler } = machine
    // What an alarm sets off belongs to the process that set it.
    const inProcess = AsyncLocalStorage.snapshot()
    return scheduler.at(scheduler.clock.now() + (ms ?? 0), () => inProcess(run), process)
  }

  globalThis.fetch = (input, init) => {
    const answer =
      machine && !(input instanceof Request) ? machine.fetch(new URL(String(input)), init) : undefined
    return answer ?? fetch(input, init)
  }
  globalThis.setTimeout = Object.assign(
    (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const cancel = alarm(() => run(...args), ms)
      return cancel ? new VirtualTimeout(cancel) : setTimeout(run, ms, ...args)
    },
    setTimeout,
  ) as unknown as typeof setTimeout
  globalThis.clearTimeout = (timeout) => {
    if (timeout instanceof VirtualTimeout) timeout.cancel()
    else clearTimeout(timeout)
  }
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController()
    const expired = () =>
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    const cancel = alarm(expired, ms)
    if (!cancel) return abortAfter(ms)
    deadlines.set(controller.signal, cancel)
    return controller.signal
  }
  timersPromises.setTimeout = <T>(ms?: number, value?: T, options?: object): Promise<T> => {
    if (!machine || !currentProcess()) return sleep(ms, value, options)
    return new Promise((resolve) => void alarm(() => resolve(value as T), ms))
  }
  const { randomUUID } = nodeCrypto
  const drawUuid: typeof randomUUID = (options) => machine?.randomUuid() ?? randomUUID(options)
  nodeCrypto.randomUUID = drawUuid
  Object.defineProperty(globalThis.crypto, 'randomUUID', { configurable: true, value: drawUuid })
  syncBuiltinESMExports()

  // WebCrypto works in a thread pool: NetSuite's assertions are signed there.
  const { subtle } = globalThis.crypto
  for (const name of ['sign', 'importKey'] as const) {
    const work: (...args: never[]) => Promise<unknown> = subtle[name].bind(subtle)
    Object.defineProperty(subtle, name, {
      configurable: true,
      value: (...args: never[]) =>
        machine && currentProcess() ? machine.scheduler.waitFor(work(...args)) : work(...args),
    })
  }
}

class VirtualTimeout {
  readonly cancel: () => void

  constructor(cancel: () => void) {
    this.cancel = cancel
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }
}
