// For `npm run e2e` only: with `-c emulated=true` the stacks are deployed to an emulator of AWS. They are the same stacks but
// for what stands here: resources that the emulator's CloudFormation does not know are left out; policies say in the emulator's
// words what they say in AWS's; and each function carries a parameter in its description, so that another value of it is a
// release that replaces all functions.
import {
  type App,
  Aspects,
  CfnCondition,
  CfnParameter,
  CfnResource,
  Fn,
  type IAspect,
  Lazy,
  Stack,
} from 'aws-cdk-lib'
import { CfnPolicy } from 'aws-cdk-lib/aws-iam'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager'
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
    if (node instanceof CfnPolicy) translatePolicy(node)
    if (node instanceof CfnResource && UNKNOWN_TYPES.has(node.cfnResourceType))
      node.cfnOptions.condition = neverIn(Stack.of(node))
  }
}

/**
 * On AWS each of these permits its batch too; MiniStack asks for an action of the batch's own.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
 */
const BATCHED: ReadonlySet<unknown> = new Set([
  'sqs:SendMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
])

/** On AWS, `Ref` and `Id` of a secret are both its ARN. MiniStack's `Ref` is its name, which permits nothing. */
function translatePolicy(policy: CfnPolicy): void {
  const document = policy.policyDocument
  policy.policyDocument = Lazy.uncachedAny({
    produce: (context) => {
      const stack = Stack.of(policy)
      const secrets = stack.node.findAll().filter((node) => node instanceof CfnSecret)
      const ids = new Set(secrets.map((secret) => String(stack.resolve(secret.logicalId))))
      return translate(context.resolve(document), ids)
    },
  })
}

function translate(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (Array.isArray(value))
    return value.flatMap((each) => (BATCHED.has(each) ? [each, `${each}Batch`] : [translate(each, secrets)]))
  if (typeof value !== 'object' || value === null) return value
  if ('Ref' in value && secrets.has(String(value.Ref))) return { 'Fn::GetAtt': [value.Ref, 'Id'] }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, translate(each, secrets)]))
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
