// For `npm run e2e` only: with `-c emulated=true` the stacks are deployed to an emulator of AWS. They are the same stacks but
// for what stands here: resources that the emulator's CloudFormation does not know are left out, and each function carries a
// parameter in its description, so that another value of it is a release that replaces all functions.
import {
  type App,
  Aspects,
  CfnCondition,
  CfnParameter,
  CfnResource,
  Fn,
  type IAspect,
  Stack,
} from 'aws-cdk-lib'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { IConstruct } from 'constructs'

/** MiniStack 1.5.33 refuses a template that makes one of these. Nothing that sends an event on its way is among them. */
const UNKNOWN_TYPES: ReadonlySet<string> = new Set([
  'AWS::Athena::NamedQuery',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::Logs::QueryDefinition',
])

export function adaptToEmulator(app: App): void {
  Aspects.of(app).add(new Emulated())
}

class Emulated implements IAspect {
  visit(node: IConstruct): void {
    if (node instanceof CfnFunction)
      node.description = `${node.description ?? ''} (revision ${revisionOf(Stack.of(node)).valueAsString})`
    if (node instanceof CfnResource && UNKNOWN_TYPES.has(node.cfnResourceType))
      node.cfnOptions.condition = neverIn(Stack.of(node))
  }
}

function revisionOf(stack: Stack): CfnParameter {
  const id = 'Revision'
  const made = stack.node.tryFindChild(id)
  return made instanceof CfnParameter ? made : new CfnParameter(stack, id, { default: '1' })
}

function neverIn(stack: Stack): CfnCondition {
  const id = 'NotOnTheEmulator'
  const made = stack.node.tryFindChild(id)
  if (made instanceof CfnCondition) return made
  return new CfnCondition(stack, id, { expression: Fn.conditionEquals('an account', 'an emulator') })
}
