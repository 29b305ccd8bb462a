// The network between the hub and its vendors: every request of a simulated process waits to be admitted, and then the
// faults say whether it arrives, whether it has its effect, and whether it is answered. Requests of nobody (the story,
// the verdict) go straight through.
import type { Hono } from 'hono'
import type { Fault } from '../../local/simulators/simulator.ts'
import type { Dice } from './dice.ts'
import type { Disasters } from './faults/disasters.ts'
import type { Faults } from './faults/faults.ts'
import type { FaultKind } from './faults/kinds.ts'
import { type Outage, outageOf, type VendorName } from './faults/outages.ts'
import { type Admitted, type Answering, currentProcess, type Process, type Scheduler } from './scheduler.ts'
import { forgetDeadline } from './virtual-time.ts'

/** What the network needs of a simulator. */
export interface Vendor {
  app: Hono
  faults: { add(fault: Fault): void; clear(): void }
}

/** Locks single records of Salesforce for the next call. */
export interface RecordLocks {
  /** @param times how many records; undefined: all. */
  set(times: number | undefined): void
  clear(): void
}

export interface VendorNetworkOptions {
  scheduler: Scheduler
  dice: Dice
  faults: Faults
  disasters: Disasters
  outages: readonly Outage[]
  vendors: Readonly<Record<VendorName, Vendor>>
  salesforceLocks: RecordLocks
  /** After each request that a vendor has answered and that may have changed something. */
  onWrite(vendor: VendorName): void
}

export interface Traffic {
  vendor: VendorName
  calls: number
  /** Calls under way at once, at most; those of processes that should be dead are not counted. */
  most: number
  /** 429s that no fault asked for. */
  refused: number
}

export const VENDOR_URLS: Readonly<Record<VendorName, string>> = {
  stripe: 'http://stripe.test',
  salesforce: 'http://salesforce.test',
  netsuite: 'http://netsuite.test',
  avalara: 'http://avalara.test',
}

/** Salesforce sends no Retry-After, and AvaTax's SDK shows no header. */
const SAY_FOR_HOW_LONG: ReadonlySet<VendorName> = new Set(['stripe', 'netsuite'])

interface VendorRequest {
  vendor: VendorName
  /** 'netsuite POST /services/rest/record/v1/invoice' */
  at: string
  /** It only asks, and changes nothing. */
  asks: boolean
  send(): Promise<Response>
}

const MINUTE_MS = 60_000
/** A longer wait is a pause of the lane. */
const LONGEST_BACKOFF_SECONDS = 60
/** Vendors are slow now and then; no client gives up on them so soon. */
const SLOW_SHARE = 0.05
const LONGEST_ANSWER_MS = 15_000
const isVendor = (name: string): name is VendorName => name in VENDOR_URLS

export class VendorNetwork {
  readonly traffic: Readonly<Record<VendorName, Traffic>>
  private readonly options: VendorNetworkOptions
  private readonly underWay = new Map<object, { vendor: VendorName; process: Process }>()

  constructor(options: VendorNetworkOptions) {
    this.options = options
    const none = (vendor: VendorName): Traffic => ({ vendor, calls: 0, most: 0, refused: 0 })
    this.traffic = {
      stripe: none('stripe'),
      salesforce: none('salesforce'),
      netsuite: none('netsuite'),
      avalara: none('avalara'),
    }
  }

  /** @returns undefined for an address that is none of the vendors'. */
  fetch(url: URL, init: RequestInit = {}): Promise<Response> | undefined {
    const [name = '', top] = url.hostname.split('.')
    if (top !== 'test' || !isVendor(name)) return undefined
    const { signal, redirect: _, ...rest } = init
    const method = init.method ?? 'GET'
    const { app } = this.options.vendors[name]
    const request: VendorRequest = {
      vendor: name,
      at: `${name} ${method} ${url.pathname}`,
      asks: method === 'GET' || /suiteql$|\/token$/.test(url.pathname),
      send: async () => app.fetch(new Request(url, rest)),
    }
    const process = currentProcess()
    return process ? this.request(request, process, signal ?? undefined) : request.send()
  }

  private request(
    request: VendorRequest,
    process: Process,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const { scheduler } = this.options
    const end = this.begin(request.vendor, process)
    return new Promise<Response>((resolve, reject) => {
      const finish = (how: string) => {
        end()
        forgetDeadline(signal)
        signal?.removeEventListener('abort', giveUp)
        scheduler.trace.write(process.name, `${request.at} → ${how}`)
      }
      const giveUp = () => {
        finish('gave up')
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', giveUp)
      const admit = (answering: Answering<Response>) => this.admit(request, process, answering)
      scheduler.call(process, admit).then(
        (response) => {
          finish(String(response.status))
          resolve(response)
        },
        (error: unknown) => {
          finish('cut')
          reject(error)
        },
      )
    })
  }

  private async admit(
    request: VendorRequest,
    process: Process,
    answering: Answering<Response>,
  ): Promise<Admitted> {
    const { dice, disasters, faults, scheduler } = this.options
    const { at, asks, send } = request
    const landLate = () =>
      this.landLate(request, scheduler.clock.now() + dice.between(MINUTE_MS, 10 * MINUTE_MS))
    const fate = await disasters.befall(process, at, {
      send,
      answering,
      ...(!asks && { landLate }),
    })
    if (fate !== 'spared') return fate
    if (await this.meetOutage(request, answering)) {
      process.troubled = true
      return 'met'
    }
    const refusal = this.drawRefusal(request)
    if (refusal) {
      if (refusal.retryAfterSeconds) {
        const seconds = Math.min(refusal.retryAfterSeconds, LONGEST_BACKOFF_SECONDS)
        process.askedToWaitUntilMs.push(scheduler.clock.now() + seconds * 1_000)
      } else process.troubled = true
      answering.resolve(await this.sendInto(refusal, request))
    } else if (faults.strikes('connection-reset', 0.02, at)) {
      faults.hit('connection-reset')
      process.troubled = true
      answering.reject(cutConnection())
    } else if (faults.strikes('timeout-before', 0.015, at)) {
      // Never answered: the client's own time-out ends it, or the death of its process.
      faults.hit('timeout-before')
      process.troubled = true
    } else if (!asks && faults.strikes('timeout-after', 0.04, at)) {
      faults.hit('timeout-after')
      process.troubled = true
      await send()
      if (dice.chance(0.5)) answering.reject(cutConnection())
    } else if (!asks && faults.strikes('late-write', 0.04, at)) {
      process.troubled = true
      landLate()
    } else {
      const response = await this.sendWithLocks(request, process)
      if (!asks) this.options.onWrite(request.vendor)
      if (dice.chance(SLOW_SHARE)) this.answerSlowly(response, process, answering)
      else answering.resolve(response)
    }
    return 'met'
  }

  /** No fault, but time in which others act on what this process does not know yet. */
  private answerSlowly(response: Response, process: Process, answering: Answering<Response>): void {
    const { dice, scheduler } = this.options
    const answeredMs = scheduler.clock.now() + dice.between(500, LONGEST_ANSWER_MS)
    scheduler.at(answeredMs, () => answering.resolve(response), process)
  }

  private async meetOutage(request: VendorRequest, answering: Answering<Response>): Promise<boolean> {
    const { faults, outages, scheduler } = this.options
    const outage = outageOf(outages, request.vendor, scheduler.clock.now())
    if (!outage) return false
    faults.hit(outage.kind)
    if (outage.effect === 'reset') answering.reject(cutConnection())
    else {
      const effect = outage.effect === 'refused' ? 'expired_credential' : 'unavailable'
      answering.resolve(await this.sendInto({ effect }, request))
    }
    return true
  }

  private drawRefusal({ at, vendor }: VendorRequest): Fault | undefined {
    const { dice, faults } = this.options
    const refusals: [FaultKind, Fault][] = [
      ['rate-limited', { effect: 'rate_limited' }],
      [
        'rate-limited-retry-after',
        { effect: 'rate_limited', retryAfterSeconds: dice.pick([1, 5, 30, 90, 400]) },
      ],
      ['server-error', { effect: 'server_error' }],
      ['credential-expired', { effect: 'expired_credential' }],
    ]
    for (const [kind, fault] of refusals) {
      if (kind === 'rate-limited-retry-after' && !SAY_FOR_HOW_LONG.has(vendor)) continue
      if (!faults.strikes(kind, 0.02, at)) continue
      faults.hit(kind)
      return fault
    }
    return undefined
  }

  /** The simulator words the refusal as its vendor does. */
  private async sendInto(fault: Fault, { vendor, send }: VendorRequest): Promise<Response> {
    const { faults } = this.options.vendors[vendor]
    faults.add({ ...fault, times: 1 })
    try {
      return await send()
    } finally {
      faults.clear()
    }
  }

  private landLate({ at, send }: VendorRequest, landsAtMs: number): void {
    const { faults, scheduler } = this.options
    let landed = false
    scheduler.addSource({
      dueMs: () => (landed ? undefined : landsAtMs),
      run: async () => {
        landed = true
        const { status } = await send()
        faults.hit('late-write')
        scheduler.trace.write('network', `${at} lands late → ${status}`)
      },
    })
  }

  private async sendWithLocks(request: VendorRequest, process: Process): Promise<Response> {
    const { faults, salesforceLocks } = this.options
    const lock = (kind: FaultKind) =>
      request.vendor === 'salesforce' && !request.asks && faults.strikes(kind, 0.06, request.at)
    const kind = lock('partial-success')
      ? 'partial-success'
      : lock('record-locked')
        ? 'record-locked'
        : undefined
    if (kind) salesforceLocks.set(kind === 'partial-success' ? 1 : undefined)
    const response = await request.send()
    if (kind) {
      process.troubled = true
      salesforceLocks.clear()
      if ((await response.clone().text()).includes('UNABLE_TO_LOCK_ROW')) faults.hit(kind)
    }
    if (response.status === 429) this.traffic[request.vendor].refused += 1
    return response
  }

  private begin(vendor: VendorName, process: Process): () => void {
    const call = {}
    this.underWay.set(call, { vendor, process })
    const others = [...this.underWay.values()].filter(
      (other) => other.vendor === vendor && !other.process.dead && other.process.frozenUntilMs === 0,
    )
    const traffic = this.traffic[vendor]
    traffic.calls += 1
    traffic.most = Math.max(traffic.most, others.length)
    return () => this.underWay.delete(call)
  }
}

/** As Node's fetch says that a connection was cut. */
const cutConnection = (): TypeError =>
  new TypeError('fetch failed', {
    cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' }),
  })
