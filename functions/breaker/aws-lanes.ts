// A lane as AWS has it: the event source mapping is its switch, its own Lambda answers the probe.
import {
  GetEventSourceMappingCommand,
  InvokeCommand,
  type LambdaClient,
  ResourceInUseException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import type { Manifest } from '../../shared/connector/contract.ts'
import type { ProbeAnswer } from '../../shared/delivery/handler.ts'
import type { Lane } from './breaker.ts'

/** By connector: the mapping's UUID and the function's name. */
export type LaneAddresses = Readonly<Record<string, { eventSource: string; functionName: string }>>

export function awsLanes(
  lambda: LambdaClient,
  manifests: readonly Manifest[],
  addresses: LaneAddresses,
): Lane[] {
  return manifests
    .filter(({ pausable }) => pausable)
    .map(({ name, resumeOrder }) => {
      const address = addresses[name]
      if (!address)
        throw new Error(`The breaker does not know the lane of ${name}. Deploy it with the hub's CDK app.`)
      return {
        connector: name,
        resumeOrder,
        async probe() {
          const answer = await lambda.send(
            new InvokeCommand({
              FunctionName: address.functionName,
              Payload: JSON.stringify({ probe: true }),
            }),
          )
          if (answer.FunctionError || !answer.Payload) {
            return {
              working: false,
              reason: `The function of ${name} failed its probe: ${answer.FunctionError ?? 'no answer'}.`,
            }
          }
          return JSON.parse(Buffer.from(answer.Payload).toString('utf8')) as ProbeAnswer
        },
        eventSource: {
          // A mapping on its way (Enabling, Disabling) counts as not there yet: it is looked at again in a minute.
          async isEnabled() {
            const { State } = await lambda.send(
              new GetEventSourceMappingCommand({ UUID: address.eventSource }),
            )
            return State === 'Enabled' || State === 'Enabling' || State === 'Updating'
          },
          async setEnabled(enabled) {
            const command = new UpdateEventSourceMappingCommand({
              UUID: address.eventSource,
              Enabled: enabled,
            })
            await lambda.send(command).catch((error: unknown) => {
              // Still on its way from the last change: it is looked at again in a minute.
              if (!(error instanceof ResourceInUseException)) throw error
            })
          },
        },
      }
    })
}
