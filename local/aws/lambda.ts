// A very small Lambda for @aws-sdk/client-lambda: event source mappings can be read and switched on and off, and
// registered functions invoked. Functions run in this process; how a batch is made is event-source.ts's.
// https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { eventSourceMappingArn, functionArn } from './account.ts'
import { type EventSource, type EventSourceOptions, startEventSource } from './event-source.ts'
import { invoke, type LambdaFunction } from './lambda-function.ts'
import { type Endpoint, listenOnLoopback, readBody, sendJson } from './loopback-server.ts'

export interface EmbeddedLambda extends Endpoint {
  registerFunction(registered: LambdaFunction<unknown>): void
  /** Starts it at once; refused as CreateEventSourceMapping refuses. */
  addEventSource(options: Omit<EventSourceOptions, 'clock'> & { uuid?: string }): EventSourceMapping
  mappings(): EventSourceMapping[]
}

export interface EventSourceMapping {
  uuid: string
  source: EventSource
}

export async function startLambda({ clock }: { clock: Clock }): Promise<EmbeddedLambda> {
  const functions = new Map<string, LambdaFunction<unknown>>()
  const mappings = new Map<string, EventSourceMapping>()

  const server = await listenOnLoopback(async (request, response) => {
    const [path = '', query] = (request.url ?? '').split('?', 2)
    const [, , collection, name = '', action] = path.split('/').map(decodeURIComponent)
    try {
      if (collection === 'functions' && action === 'invocations' && request.method === 'POST') {
        await answerInvoke(findFunction(functions, name), request, response, clock)
      } else if (collection === 'event-source-mappings' && name === '' && request.method === 'GET') {
        const wanted = new URLSearchParams(query).get('FunctionName')
        const listed = [...mappings.values()].filter(
          ({ source }) => wanted === null || source.functionName === nameOf(wanted),
        )
        sendJson(response, 200, JSON_TYPE, {
          EventSourceMappings: listed.map((each) => describe(each, clock)),
        })
      } else if (collection === 'event-source-mappings' && request.method === 'GET') {
        sendJson(response, 200, JSON_TYPE, describe(findMapping(mappings, name), clock))
      } else if (collection === 'event-source-mappings' && request.method === 'PUT') {
        sendJson(
          response,
          202,
          JSON_TYPE,
          switchMapping(findMapping(mappings, name), await readBody(request), clock),
        )
      } else {
        throw new LambdaError(
          'InvalidParameterValueException',
          400,
          `Not offered here: ${request.method} ${path}`,
        )
      }
    } catch (error) {
      if (!(error instanceof LambdaError)) throw error
      const headers = { 'x-amzn-errortype': error.code }
      sendJson(response, error.status, JSON_TYPE, { Type: 'User', Message: error.message }, headers)
    }
  })

  return {
    endpoint: server.endpoint,
    registerFunction: (registered) => {
      functions.set(registered.functionName, registered)
    },
    addEventSource: ({ uuid = randomUUID(), ...options }) => {
      const mapping = { uuid, source: startEventSource({ ...options, clock }) }
      mappings.set(uuid, mapping)
      return mapping
    },
    mappings: () => [...mappings.values()],
    close: async () => {
      await Promise.all([...mappings.values()].map(({ source }) => source.stop()))
      await server.close()
    },
  }
}

const JSON_TYPE = 'application/json'
const PAYLOAD_LIMIT_BYTES = 6 * 1_024 * 1_024

class LambdaError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** A name, an ARN, or either with `:$LATEST`. */
const nameOf = (nameOrArn: string): string => {
  const afterFunction = /(?:^|:)function:([^:]+)/.exec(nameOrArn)?.[1]
  return afterFunction ?? nameOrArn.replace(/:\$LATEST$/, '')
}

function findFunction(
  functions: Map<string, LambdaFunction<unknown>>,
  name: string,
): LambdaFunction<unknown> {
  const found = functions.get(nameOf(name))
  if (found) return found
  throw new LambdaError('ResourceNotFoundException', 404, `Function not found: ${functionArn(nameOf(name))}`)
}

function findMapping(mappings: Map<string, EventSourceMapping>, uuid: string): EventSourceMapping {
  const found = mappings.get(uuid)
  if (found) return found
  throw new LambdaError('ResourceNotFoundException', 404, 'The resource you requested does not exist.')
}

function describe({ uuid, source }: EventSourceMapping, clock: Clock, State: string = source.state) {
  return {
    UUID: uuid,
    EventSourceMappingArn: eventSourceMappingArn(uuid),
    EventSourceArn: source.queue.arn,
    FunctionArn: functionArn(source.functionName),
    BatchSize: source.batchSize,
    MaximumBatchingWindowInSeconds: source.windowSeconds,
    ScalingConfig: { MaximumConcurrency: source.maximumConcurrency },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    LastModified: Math.floor(clock.now() / 1_000),
    State,
    StateTransitionReason: 'USER_INITIATED',
  }
}

/** Only the switch: a change of anything else here would be lost with the process. */
const switchSchema = z.strictObject({ Enabled: z.boolean().optional(), FunctionName: z.string().optional() })

function switchMapping(mapping: EventSourceMapping, body: Buffer, clock: Clock) {
  const asked = switchSchema.safeParse(JSON.parse(body.toString()))
  if (!asked.success) {
    throw new LambdaError(
      'InvalidParameterValueException',
      400,
      'The embedded Lambda changes Enabled and nothing else.',
    )
  }
  const { source } = mapping
  if (source.state === 'Disabling') {
    throw new LambdaError(
      'ResourceInUseException',
      400,
      'Cannot update the event source mapping because it is in use.',
    )
  }
  const wanted = asked.data.Enabled
  if (wanted === undefined || wanted === source.enabled) return describe(mapping, clock)
  if (wanted) source.enable()
  else source.disable()
  return describe(mapping, clock, wanted ? 'Enabling' : 'Disabling')
}

async function answerInvoke(
  invoked: LambdaFunction<unknown>,
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
): Promise<void> {
  const body = await readBody(request)
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
  if (type !== 'RequestResponse') {
    throw new LambdaError(
      'InvalidParameterValueException',
      400,
      `Only synchronous invocations here, not ${type}.`,
    )
  }
  if (body.byteLength > PAYLOAD_LIMIT_BYTES) {
    throw new LambdaError('RequestTooLargeException', 413, `${body.byteLength} byte payload is too large.`)
  }
  const version = { 'x-amz-executed-version': '$LATEST' }
  try {
    const event: unknown = body.byteLength === 0 ? {} : JSON.parse(body.toString())
    sendJson(response, 200, JSON_TYPE, (await invoke(invoked, event, clock)) ?? null, version)
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    const failure = {
      errorType: error.name,
      errorMessage: error.message,
      trace: error.stack?.split('\n') ?? [],
    }
    sendJson(response, 200, JSON_TYPE, failure, { ...version, 'x-amz-function-error': 'Unhandled' })
  }
}
