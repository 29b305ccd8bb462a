// The network between the hub and AWS: every request of a simulated process waits to be admitted, and then the faults
// say whether the service does it and whether it says so. Whoever is no process of the hub goes straight through.

import * as z from 'zod'
import { partOfBatch } from './aws/batch-part.ts'
import { refusals } from './aws/refusals.ts'
import {
  type AwsRequest,
  type AwsResponse,
  type AwsService,
  jsonOf,
  type ServiceName,
  textOf,
} from './aws/wire.ts'
import type { Dice } from './dice.ts'
import type { Disasters } from './faults/disasters.ts'
import type { Faults } from './faults/faults.ts'
import type { FaultKind } from './faults/kinds.ts'
import { type Admitted, type Answering, currentProcess, type Process, type Scheduler } from './scheduler.ts'

export interface AwsNetworkOptions {
  scheduler: Scheduler
  dice: Dice
  faults: Faults
  disasters: Disasters
  services: Readonly<Record<ServiceName, AwsService>>
}

interface AwsCall {
  service: ServiceName
  operation: string
  /** 'dynamodb UpdateItem OBJECT#…' */
  at: string
  request: AwsRequest
  process: Process
}

const visibilities = z.object({ Entries: z.array(z.object({ VisibilityTimeout: z.number() })) })
const SECOND_MS = 1_000
const MINUTE_MS = 60_000

export class AwsNetwork {
  calls = 0
  /** Batches that came back sooner than a vendor had asked for. */
  readonly impatient: string[] = []
  private readonly options: AwsNetworkOptions
  /** The SDK asks three times, DynamoDB's four: what is to get through it strikes as often. */
  private readonly strikingOn = new Map<string, { kind: FaultKind; left: number }>()

  constructor(options: AwsNetworkOptions) {
    this.options = options
  }

  async send(service: ServiceName, request: AwsRequest): Promise<AwsResponse> {
    const { scheduler, services } = this.options
    const process = currentProcess()
    if (!process) return services[service].handle(request)
    this.calls += 1
    const operation = services[service].operationOf(request)
    const call = { service, operation, request, process, at: `${service} ${operation}${subjectOf(request)}` }
    if (operation === 'ChangeMessageVisibilityBatch') this.noteComeback(call)
    return scheduler.call<AwsResponse>(process, (answering) => this.admit(call, answering))
  }

  private async admit(call: AwsCall, answering: Answering<AwsResponse>): Promise<Admitted> {
    const { disasters, scheduler } = this.options
    const { process, at } = call
    const told: Answering<AwsResponse> = {
      resolve: (response) => {
        scheduler.trace.write(process.name, `${at} → ${response.statusCode}`)
        answering.resolve(response)
      },
      reject: (error) => {
        scheduler.trace.write(process.name, `${at} → ${error instanceof Error ? error.name : 'failed'}`)
        answering.reject(error)
      },
    }
    const fate = await disasters.befall(process, at, {
      send: async () => this.perform(call),
      answering: told,
      mayClaim: call.service === 'dynamodb' && call.operation === 'UpdateItem',
    })
    if (fate !== 'spared') return fate
    if (call.service === 'lambda') {
      await this.admitLambda(call, told)
      return 'met'
    }
    const answer = this.answer(call)
    if (answer instanceof Error) told.reject(answer)
    else told.resolve(answer)
    return 'met'
  }

  private answer(call: AwsCall): AwsResponse | Error {
    if (call.service === 'dynamodb') return this.answerOfDynamoDb(call)
    return call.service === 'sqs' ? this.answerOfSqs(call) : this.answerOfS3(call)
  }

  private answerOfDynamoDb(call: AwsCall): AwsResponse | Error {
    const { dice, faults } = this.options
    if (this.strikes('ledger-throttled', 0.008, call)) {
      return dice.pick([refusals.dynamodb.throttled, refusals.dynamodb.throughputExceeded])()
    }
    if (this.strikes('ledger-timeout-before', 0.006, call)) return noAnswer()
    if (this.strikes('ledger-timeout-after', 0.006, call)) {
      this.perform(call)
      return noAnswer()
    }
    const part = this.drawPart('ledger-unprocessed', 0.06, call)
    if (part) return part
    const response = this.perform(call)
    if (String(response.body).includes('ConditionalCheckFailed')) faults.hit('ledger-condition-failed')
    return response
  }

  private answerOfSqs(call: AwsCall): AwsResponse | Error {
    const part = this.drawPart('sqs-send-failed', 0.08, call)
    if (part) return part
    if (!this.strikes('sqs-send-failed', 0.05, call)) return this.perform(call)
    const refusal = this.options.dice.pick([refusals.sqs.unavailable, refusals.sqs.throttled, undefined])
    if (refusal) return refusal()
    this.perform(call)
    return noAnswer()
  }

  private answerOfS3(call: AwsCall): AwsResponse | Error {
    if (!this.strikes('bucket-failed', 0.25, call)) return this.perform(call)
    const way = this.options.dice.pick(['refused', 'unanswered', 'done but unanswered'])
    if (way === 'refused') return refusals.s3.slowDown()
    if (way === 'done but unanswered') this.perform(call)
    return noAnswer()
  }

  /** An invoked function makes calls of its own: its caller waits, the scheduler does not. */
  private async admitLambda(call: AwsCall, answering: Answering<AwsResponse>): Promise<void> {
    const { dice, faults, scheduler, services } = this.options
    const disables = call.operation === 'UpdateEventSourceMapping' && textOf(call.request).includes('false')
    if (disables && faults.strikes('late-disable', 0.6, call.at)) {
      const landsAtMs = scheduler.clock.now() + dice.between(20 * SECOND_MS, 4 * MINUTE_MS)
      let landed = false
      scheduler.addSource({
        dueMs: () => (landed ? undefined : landsAtMs),
        run: async () => {
          landed = true
          const { statusCode } = await services.lambda.handle(call.request)
          if (statusCode < 300) faults.hit('late-disable')
          scheduler.trace.write('lambda', `${call.at} lands late → ${statusCode}`)
        },
      })
      // What it says while on its way is the mapping as it still stands.
      return answering.resolve(
        await services.lambda.handle({ ...call.request, method: 'GET', body: undefined }),
      )
    }
    Promise.resolve(services.lambda.handle(call.request)).then(answering.resolve, answering.reject)
  }

  /** A batch that the service does in part, and says so. */
  private drawPart(kind: FaultKind, rate: number, call: AwsCall): AwsResponse | undefined {
    const { dice, faults } = this.options
    if (!call.operation.includes('Batch') || !faults.strikes(kind, rate, call.at)) return undefined
    const part = partOfBatch(call.request, dice)
    if (!part) return undefined
    call.process.troubled = true
    faults.hit(kind)
    return part.answer(part.request && this.perform({ ...call, request: part.request }))
  }

  private noteComeback({ process, request }: AwsCall): void {
    const { Entries } = visibilities.parse(jsonOf(request))
    const seconds = Entries.map(({ VisibilityTimeout }) => VisibilityTimeout)
    process.comesBackInSeconds = Math.max(process.comesBackInSeconds ?? 0, ...seconds)
  }

  /**
   * At the end of a batch. What a vendor refused must stay away for as long as it said; a minute is the longest backoff.
   * Where more went wrong in the batch, which of it decided for a message is not known here.
   */
  checkPatience(process: Process): void {
    const { askedToWaitUntilMs, comesBackInSeconds, name, troubled } = process
    if (troubled || askedToWaitUntilMs.length === 0 || comesBackInSeconds === undefined) return
    const comesBackMs = this.options.scheduler.clock.now() + comesBackInSeconds * SECOND_MS
    const early = Math.min(...askedToWaitUntilMs) - comesBackMs
    if (early <= 0) return
    this.impatient.push(`${name}: comes back ${Math.ceil(early / SECOND_MS)} s before it was asked to`)
  }

  private perform({ service, request }: AwsCall): AwsResponse {
    return this.options.services[service].handle(request) as AwsResponse
  }

  /** Some faults last over the SDK's own repetitions, so that the hub gets to see them. */
  private strikes(kind: FaultKind, rate: number, { process, service, operation, at }: AwsCall): boolean {
    const { dice, faults } = this.options
    const key = `${process.name} ${service} ${operation}`
    const lasting = this.strikingOn.get(key)
    if (lasting?.kind === kind && lasting.left > 0) {
      lasting.left -= 1
      process.troubled = true
      faults.hit(kind)
      return true
    }
    if (!faults.strikes(kind, rate, at)) return false
    process.troubled = true
    faults.hit(kind)
    this.strikingOn.set(key, { kind, left: dice.pick([0, 0, 2, 3]) })
    return true
  }
}

/** As the SDK's own transport says that nothing came in time: its retries take it for passing. */
const noAnswer = (): Error =>
  Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' })

/** The key, queue or object that a request is about, so that the log can be filtered by it. */
function subjectOf(request: AwsRequest): string {
  const body = textOf(request)
  const found = /"pk":\{"S":"([^"]+)"\}/.exec(body)?.[1] ?? /"QueueUrl":"[^"]*\/([^"/]+)"/.exec(body)?.[1]
  return found === undefined ? ` ${request.path}` : ` ${found}`
}
