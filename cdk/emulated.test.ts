// The emulated stacks differ from the real ones in what cdk/emulated.ts lists, and in nothing else: otherwise the run end to
// end would prove something of other stacks.
import { App, CfnResource, Stack } from 'aws-cdk-lib'
import { Template as Synthesized } from 'aws-cdk-lib/assertions'
import { expect, it } from 'vitest'
import { adaptToEmulator } from './emulated.ts'
import { stageOf } from './synthesize.fixture.ts'

interface Template {
  Parameters?: Record<string, unknown>
  Conditions?: unknown
  Resources: Record<string, { Type: string; Condition?: string; Properties?: { Description?: unknown } }>
}

function synthesize(adapt: (app: App) => void): { data: Template; hub: Template } {
  const { app, data, hub } = stageOf({ stage: 'e2e' })
  adapt(app)
  return {
    data: Synthesized.fromStack(data).toJSON() as Template,
    hub: Synthesized.fromStack(hub).toJSON() as Template,
  }
}

it('changes each function’s description and the words of policies, leaves out what the emulator does not know, and no more', () => {
  const real = synthesize(() => undefined)
  const emulated = synthesize(adaptToEmulator)
  expect(emulated.data).toEqual(real.data)
  let functions = 0
  let secrets = 0
  let batches = 0
  for (const [id, resource] of Object.entries(emulated.hub.Resources)) {
    if (resource.Condition === 'NotOnTheEmulator') delete resource.Condition
    if (resource.Type === 'AWS::IAM::Policy') {
      const text = JSON.stringify(resource.Properties)
      const asRef = text.replaceAll(/\{"Fn::GetAtt":\["(\w+secret\w+)","Id"\]\}/g, '{"Ref":"$1"}')
      const plain = asRef.replaceAll(/,"sqs:(SendMessage|ChangeMessageVisibility|DeleteMessage)Batch"/g, '')
      if (asRef !== text) secrets += 1
      if (plain !== asRef) batches += 1
      resource.Properties = JSON.parse(plain)
    }
    if (resource.Type !== 'AWS::Lambda::Function') continue
    const plain = String(real.hub.Resources[id]?.Properties?.Description)
    expect(resource.Properties?.Description).toEqual({
      'Fn::Join': ['', [`${plain} (revision `, { Ref: 'Revision' }, ')']],
    })
    resource.Properties = { ...resource.Properties, Description: plain }
    functions += 1
  }
  expect(functions).toBeGreaterThan(8)
  expect(secrets).toBeGreaterThan(6)
  expect(batches).toBeGreaterThan(6)
  const { Conditions, Parameters, ...rest } = emulated.hub
  const { Revision, ...parameters } = Parameters ?? {}
  expect(Revision).toEqual({ Type: 'String', Default: '1' })
  expect({ ...rest, Parameters: parameters }).toEqual(real.hub)
}, 600_000)

it('makes what the emulator does not know on a condition that never holds', () => {
  const app = new App()
  const stack = new Stack(app, 'Stack')
  new CfnResource(stack, 'Overview', { type: 'AWS::CloudWatch::CompositeAlarm', properties: {} })
  new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic', properties: {} })
  adaptToEmulator(app)
  expect(Synthesized.fromStack(stack).toJSON()).toMatchObject({
    Conditions: { NotOnTheEmulator: { 'Fn::Equals': ['an account', 'an emulator'] } },
    Resources: {
      Overview: { Condition: 'NotOnTheEmulator' },
      Topic: expect.not.objectContaining({ Condition: 'NotOnTheEmulator' }),
    },
  })
})
