// What a stage shows to the outside: outputs by which the `hub` command finds its parts, and routes, each of which stands in the
// OpenAPI document.
import { Template } from 'aws-cdk-lib/assertions'
import { beforeAll, expect, it } from 'vitest'
import { openApiDocument } from '../cli/api/openapi.ts'
import { stageOf } from './synthesize.fixture.ts'

let stacks: ReturnType<typeof stageOf>
let hub: Template

beforeAll(() => {
  stacks = stageOf()
  hub = Template.fromStack(stacks.hub)
}, 300_000)

it('says where its table, bucket, queues, secrets and webhook are', () => {
  expect([stacks.data.stackName, stacks.hub.stackName]).toEqual([
    'Switchyard-staging-data',
    'Switchyard-staging-hub',
  ])
  expect(Template.fromStack(stacks.data).toJSON().Outputs).toMatchObject({
    LedgerTable: { Value: { Ref: expect.stringMatching(/^Ledger/) } },
    LakeBucket: { Value: { Ref: expect.stringMatching(/^Lake/) } },
    QueueTaxHold: { Value: { Ref: expect.stringMatching(/^taxholdqueue/) } },
    DeadLettersTaxHold: { Value: { Ref: expect.stringMatching(/^taxholddeadletters/) } },
    QueueNetsuite: {},
    QueueSalesforce: {},
    QueueAvalara: {},
    QueueLake: {},
  })
  expect(hub.toJSON().Outputs).toMatchObject({
    SecretStripe: { Value: { Ref: expect.stringMatching(/^stripesecret/) } },
    SecretWebhook: {},
    SecretSalesforce: {},
    SecretNetsuite: {},
    SecretAvalara: {},
    SecretTaxEstimate: {},
    WebhookUrl: {},
  })
})

it('answers the routes of the OpenAPI document, and no others', () => {
  const routes = Object.values(hub.findResources('AWS::ApiGatewayV2::Route'))
  const deployed = routes.map(({ Properties }) => String(Properties.RouteKey)).sort()
  const { paths } = openApiDocument('0.0.0') as { paths: Record<string, object> }
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(documented.sort()).toEqual(deployed)
})
