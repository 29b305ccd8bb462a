// Lambda in memory, as the breaker uses it: event source mappings are looked at and switched, functions are invoked and
// awaited. What a mapping does, and when a switch has arrived, is for whoever gives it.
// https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
import * as z from 'zod'
import { eventSourceMappingArn, functionArn } from '../../../local/aws/account.ts'
import { type AwsRequest, type AwsResponse, type AwsService, jsonResponse, textOf } from './wire.ts'

export type MappingState = 'Enabled' | 'Disabled' | 'Enabling' | 'Disabling' | 'Updating'

export interface Mapping {
  readonly functionName: string
  readonly queueArn: string
  readonly state: MappingState
  /** Only called in a state that is not on its way; may leave the mapping on its way. */
  setEnabled(enabled: boolean): void
}

/** What it throws is answered as a FunctionError, as Lambda does. */
export type InvokedFunction = (event: unknown) => Promise<unknown>

export interface LambdaOptions {
  /** By name. */
  functions: ReadonlyMap<string, InvokedFunction>
  /** By UUID. */
  mappings: ReadonlyMap<string, Mapping>
}

class LambdaError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

export function createLambda({ functions, mappings }: LambdaOptions): AwsService {
  const act = (request: AwsRequest): AwsResponse | Promise<AwsResponse> => {
    const { name } = placeOf(request)
    switch (operationOf(request)) {
      case 'GetEventSourceMapping':
        return jsonResponse(200, describe(name, find(mappings, name)), JSON_TYPE)
      case 'UpdateEventSourceMapping':
        return switchMapping(name, find(mappings, name), request)
      case 'Invoke':
        return invoke(find(functions, name), request)
      default:
        throw new LambdaError(
          'InvalidParameterValueException',
          400,
          `The Lambda in memory does not offer ${operationOf(request)}.`,
        )
    }
  }
  return {
    operationOf,
    handle(request) {
      try {
        return act(request)
      } catch (error) {
        if (!(error instanceof LambdaError)) throw error
        return jsonResponse(error.status, JSON.stringify({ Type: 'User', Message: error.message }), {
          ...JSON_TYPE,
          'x-amzn-errortype': error.code,
        })
      }
    },
  }
}

/** /2015-03-31/event-source-mappings/{uuid} and /2015-03-31/functions/{name}/invocations */
function placeOf({ path }: AwsRequest): { collection: string; name: string; action: string } {
  const [, , collection = '', name = '', action = ''] = path.split('/').map(decodeURIComponent)
  return { collection, name, action }
}

function operationOf(request: AwsRequest): string {
  const { collection, name, action } = placeOf(request)
  const place = `${request.method} ${collection}${name && '/*'}${action && `/${action}`}`
  switch (place) {
    case 'GET event-source-mappings/*':
      return 'GetEventSourceMapping'
    case 'PUT event-source-mappings/*':
      return 'UpdateEventSourceMapping'
    case 'POST functions/*/invocations':
      return 'Invoke'
    default:
      return place
  }
}

function find<Found>(among: ReadonlyMap<string, Found>, name: string): Found {
  const found = among.get(name)
  if (found) return found
  throw new LambdaError('ResourceNotFoundException', 404, 'The resource you requested does not exist.')
}

const describe = (UUID: string, mapping: Mapping, State: MappingState = mapping.state): string =>
  JSON.stringify({
    UUID,
    EventSourceMappingArn: eventSourceMappingArn(UUID),
    EventSourceArn: mapping.queueArn,
    FunctionArn: functionArn(mapping.functionName),
    State,
  })

const switchSchema = z.strictObject({ Enabled: z.boolean() })

function switchMapping(uuid: string, mapping: Mapping, request: AwsRequest): AwsResponse {
  const asked = switchSchema.safeParse(JSON.parse(textOf(request)))
  if (!asked.success) {
    throw new LambdaError(
      'InvalidParameterValueException',
      400,
      'The Lambda in memory changes Enabled and nothing else.',
    )
  }
  // "You tried to update an event source mapping in the CREATING state, or you tried to delete an event source mapping
  // currently UPDATING." Read as: no change while one is on its way.
  // https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
  if (mapping.state !== 'Enabled' && mapping.state !== 'Disabled') {
    throw new LambdaError(
      'ResourceInUseException',
      400,
      'Cannot update the event source mapping because it is in use.',
    )
  }
  const wanted = asked.data.Enabled
  if (wanted === (mapping.state === 'Enabled')) return jsonResponse(202, describe(uuid, mapping), JSON_TYPE)
  mapping.setEnabled(wanted)
  return jsonResponse(202, describe(uuid, mapping, wanted ? 'Enabling' : 'Disabling'), JSON_TYPE)
}

async function invoke(invoked: InvokedFunction, request: AwsRequest): Promise<AwsResponse> {
  const text = textOf(request)
  const event: unknown = text === '' ? {} : JSON.parse(text)
  const headers = { ...JSON_TYPE, 'x-amz-executed-version': '$LATEST' }
  try {
    return jsonResponse(200, JSON.stringify((await invoked(event)) ?? null), headers)
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    return jsonResponse(200, JSON.stringify({ errorType: error.name, errorMessage: error.message }), {
      ...headers,
      'x-amz-function-error': 'Unhandled',
    })
  }
}
