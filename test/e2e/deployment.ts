// Deploys the app with the CDK's own command line, as a user does, to the emulator: synthesized once (with the one flag that
// cdk/emulated.ts explains), then bootstrapped and deployed. What stands afterwards is asked of the deployed functions
// themselves: their environment names table, bucket, queues and secrets.
import { join } from 'node:path'
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation'
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { runChild } from './children.ts'
import { ACCOUNT, type EmulatedAccount, plainEnvironment, REGION, ROOT } from './emulated-account.ts'

export const STAGE = 'e2e'
const HUB_STACK = `Switchyard-${STAGE}-hub`

export interface Deployment {
  /** Where Stripe posts. */
  webhookUrl: string
  table: string
  bucket: string
  /** Queue URL by connector. */
  queues: Record<string, string>
  /** ARN by the name under which functions ask for it. */
  secrets: Record<string, string>
  /** Deployed name by logical id. */
  functions: Record<string, string>
}

/** @returns the folder of the assembly, which any number of deployments can use. */
export async function synthesize(runFolder: string): Promise<string> {
  const output = join(runFolder, 'cdk.out')
  await runChild({
    name: 'cdk synth',
    command: 'cdk',
    args: ['synth', '--quiet', '--no-notices', '-c', `stage=${STAGE}`, '-c', 'emulated=true'].concat([
      '--output',
      output,
    ]),
    cwd: ROOT,
    env: { ...plainEnvironment(), CI: 'true' },
    logFile: join(runFolder, 'cdk.log'),
  })
  return output
}

export async function bootstrap(account: EmulatedAccount, runFolder: string): Promise<void> {
  await runChild({
    name: 'cdk bootstrap',
    command: 'cdk',
    args: ['bootstrap', `aws://${ACCOUNT}/${REGION}`, '--no-notices', '--app', ''],
    cwd: runFolder,
    env: account.environment,
    logFile: join(runFolder, 'cdk.log'),
  })
}

/**
 * @param assembly what synthesize() returned.
 * @param revision another one is another release: every function is replaced (cdk/emulated.ts).
 */
export async function deploy(
  account: EmulatedAccount,
  assembly: string,
  runFolder: string,
  revision: number,
): Promise<void> {
  await runChild({
    name: 'cdk deploy',
    command: 'cdk',
    args: ['deploy', '--all', '--no-notices', '--require-approval', 'never', '--app', assembly].concat([
      '--parameters',
      `${HUB_STACK}:Revision=${revision}`,
    ]),
    cwd: ROOT,
    env: account.environment,
    logFile: join(runFolder, 'cdk.log'),
  })
}

export async function readDeployment(account: EmulatedAccount): Promise<Deployment> {
  const cloudFormation = new CloudFormationClient(account.clients)
  const lambda = new LambdaClient(account.clients)
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: HUB_STACK }))
  const outputs = Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  )
  const functions: Record<string, string> = {}
  const environment: Record<string, string> = {}
  const secrets: Record<string, string> = {}
  const queues: Record<string, string> = {}
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client: cloudFormation },
    { StackName: HUB_STACK },
  )) {
    for (const { ResourceType, LogicalResourceId = '', PhysicalResourceId = '' } of StackResourceSummaries) {
      if (ResourceType !== 'AWS::Lambda::Function') continue
      functions[LogicalResourceId] = PhysicalResourceId
      const { Environment } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: PhysicalResourceId }),
      )
      Object.assign(environment, Environment?.Variables)
      Object.assign(secrets, JSON.parse(Environment?.Variables?.HUB_SECRETS ?? '{}'))
      Object.assign(queues, JSON.parse(Environment?.Variables?.HUB_QUEUES ?? '{}'))
    }
  }
  cloudFormation.destroy()
  lambda.destroy()
  const { HUB_TABLE: table, HUB_BUCKET: bucket } = environment
  if (!outputs.WebhookUrl || !table || !bucket)
    throw new Error(`The stack ${HUB_STACK} stands without address, table or bucket: see cdk.log.`)
  return {
    webhookUrl: throughGateway(outputs.WebhookUrl, account),
    table,
    bucket,
    queues,
    secrets,
    functions,
  }
}

/** @returns the function whose logical id begins so. */
export function functionNamed({ functions }: Deployment, prefix: string): string {
  const found = Object.entries(functions).filter(([id]) => id.startsWith(prefix))
  const [only] = found
  if (!only || found.length > 1) throw new Error(`${found.length} deployed functions begin with ${prefix}.`)
  return only[1]
}

/** `http://<api>.execute-api.<host>/path`: the emulator takes the API's id in the path, where no DNS is asked. */
function throughGateway(url: string, { endpoint }: EmulatedAccount): string {
  const [, api, path] = /^https?:\/\/([^.]+)\.execute-api\.[^/]+(\/.*)$/.exec(url) ?? []
  if (!api || !path) throw new Error(`The stack's output WebhookUrl is no address of an HTTP API: ${url}`)
  return `${endpoint}/_aws/execute-api/${api}/$default${path}`
}
