// `--stage staging`: the stage is found by the outputs of its stacks and by nothing else. The AWS behind it is the embedded one,
// reached as the SDK reaches AWS: by its environment. CloudFormation is the few lines of XML that DescribeStacks answers:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { doctor } from '../../cli/doctor.ts'
import { parked } from '../../cli/parked.ts'
import { register } from '../../cli/register.ts'
import { trigger } from '../../cli/trigger.ts'
import { secretArn } from '../../local/aws/account.ts'
import { LAKE_BUCKET, LEDGER_TABLE } from '../../local/hub/names.ts'
import type { Finding } from '../../shared/doctor/finding.ts'
import { deadLettersOutput, queueOutput, secretOutput } from '../../shared/stage/outputs.ts'
import { Stage } from './stage.ts'

let stage: Stage
let cloudFormation: Server
let printed: string
let outputs: Record<string, Record<string, string>>

beforeAll(async () => {
  stage = await Stage.open()
  const { aws, queueUrls, webhookUrl } = stage.hub
  outputs = {
    'Switchyard-staging-data': {
      LedgerTable: LEDGER_TABLE,
      LakeBucket: LAKE_BUCKET,
      ...Object.fromEntries(Object.entries(queueUrls).map(([name, url]) => [queueOutput(name), url])),
      ...Object.fromEntries(
        Object.entries(queueUrls).map(([name, url]) => [deadLettersOutput(name), `${url}-dead`]),
      ),
    },
    'Switchyard-staging-hub': {
      WebhookUrl: webhookUrl,
      ...Object.fromEntries(
        ['stripe', 'webhook', 'salesforce', 'netsuite', 'avalara', 'tax-estimate'].map((name) => [
          secretOutput(name),
          secretArn(name),
        ]),
      ),
    },
  }
  cloudFormation = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const name = new URLSearchParams(body).get('StackName') ?? ''
      const found = outputs[name]
      response.writeHead(found ? 200 : 400, { 'content-type': 'text/xml' })
      response.end(found ? described(name, found) : unknownStack(name))
    })
  })
  await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve))
  const { port } = cloudFormation.address() as AddressInfo
  for (const [name, value] of Object.entries({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${port}`,
    AWS_ENDPOINT_URL_DYNAMODB: aws.dynamoDb.endpoint,
    AWS_ENDPOINT_URL_SQS: aws.sqs.endpoint,
    AWS_ENDPOINT_URL_S3: aws.s3.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.secrets.endpoint,
  }))
    vi.stubEnv(name, value)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  cloudFormation.closeAllConnections()
  cloudFormation.close()
  await stage.close()
})
beforeEach(() => {
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(((text: string | Uint8Array) => {
    printed += String(text)
    return true
  }) as typeof process.stdout.write)
})

const described = (name: string, values: Record<string, string>) =>
  `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><CreationTime>2026-10-05T09:00:00.000Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${Object.entries(
    values,
  )
    .map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    )
    .join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`

const unknownStack = (name: string) =>
  `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error><RequestId>1</RequestId></ErrorResponse>`

// A folder without a local hub: nothing of one may be needed.
const own = () => ({ stage: 'staging', folder: '/nonexistent', clock: stage.clock })

async function wrong(): Promise<[number, string[]]> {
  printed = ''
  const code = await doctor({ ...own(), json: true })
  const { findings } = JSON.parse(printed) as { findings: Finding[] }
  const bad = findings.filter(({ verdict }) => verdict !== 'ok')
  return [code, bad.map(({ system, what, code: stable }) => `${system} ${what} ${stable}`)]
}

it('doctor, register, trigger and parked, one after the other, as when a stage is new', async () => {
  stage.hub.aws.secrets.put('webhook', 'a random text, as Secrets Manager makes it')
  expect(await wrong()).toEqual([2, ['hub secret webhook SECRET', 'stripe webhook endpoint STRIPE-ENDPOINT']])
  await register({ ...own(), rotate: false, keepHours: 24, json: false })
  expect(await wrong()).toEqual([0, []])
  expect(await trigger(own())).toBe(0)
  expect(await parked({ ...own(), json: false })).toBe(0)
}, 120_000)

it('a stage that is not there, and one that an older hub deployed, say what to do', async () => {
  await expect(doctor({ ...own(), stage: 'qa', json: true })).rejects.toThrow(
    /^There is no stack Switchyard-qa-data in this AWS account and region\. Nothing was done\. .* \[STAGE-UNKNOWN\]$/,
  )
  const { WebhookUrl, ...rest } = outputs['Switchyard-staging-hub'] ?? {}
  outputs['Switchyard-staging-hub'] = rest
  await expect(doctor({ ...own(), json: true })).rejects.toThrow(
    /has no output WebhookUrl: .* npx cdk deploy -c stage=staging --all \[STAGE-OUTPUT\]$/,
  )
  outputs['Switchyard-staging-hub'] = { ...rest, WebhookUrl: WebhookUrl ?? '' }
})

it('what acts on a live stage wants its name typed', async () => {
  await expect(trigger({ ...own(), stage: 'production' })).rejects.toThrow('[STAGE-UNKNOWN]')
  outputs['Switchyard-production-data'] = outputs['Switchyard-staging-data'] ?? {}
  outputs['Switchyard-production-hub'] = outputs['Switchyard-staging-hub'] ?? {}
  const live = { ...own(), stage: 'production' }
  await expect(trigger(live)).rejects.toThrow(
    'Nothing was done: this posts an event on production, which is live, and wants the stage typed: add --confirm production',
  )
  await expect(trigger({ ...live, confirm: 'staging' })).rejects.toThrow('[STAGE-CONFIRM]')
  await expect(trigger({ ...live, confirm: 'production', id: 'cus_1' })).rejects.toThrow('[TRIGGER-LIVE]')
  await expect(
    register({ ...live, confirm: 'production', rotate: false, keepHours: 24, json: false }),
  ).rejects.toThrow('the Stripe key of production is a test key')
})
