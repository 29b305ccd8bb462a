// What the `hub` command needs of a stage stands in the outputs of its stacks, under the names that it asks for.
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { expect, it } from 'vitest'
import { deploymentConfig } from '../functions/connectors/deployment.ts'
import { registry } from '../functions/connectors/registry.ts'
import { addStage } from './hub-app.ts'

it('a stage says where its table, bucket, queues, secrets and webhook are', () => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  const { data, hub } = addStage(app, {
    stage: 'staging',
    livemode: false,
    account: 'acct_1',
    timeZone: 'UTC',
    manifests: registry,
    credentialed: ['salesforce', 'netsuite', 'avalara'],
    journalsRevenue: false,
    deployment: deploymentConfig.parse({}),
    env: {},
  })
  expect([data.stackName, hub.stackName]).toEqual(['Switchyard-staging-data', 'Switchyard-staging-hub'])
  const outputs = (stack: typeof data | typeof hub) => Template.fromStack(stack).toJSON().Outputs
  expect(outputs(data)).toMatchObject({
    LedgerTable: { Value: { Ref: expect.stringMatching(/^Ledger/) } },
    LakeBucket: { Value: { Ref: expect.stringMatching(/^Lake/) } },
    QueueTaxHold: { Value: { Ref: expect.stringMatching(/^taxholdqueue/) } },
    DeadLettersTaxHold: { Value: { Ref: expect.stringMatching(/^taxholddeadletters/) } },
    QueueNetsuite: {},
    QueueSalesforce: {},
    QueueAvalara: {},
    QueueLake: {},
  })
  expect(outputs(hub)).toMatchObject({
    SecretStripe: { Value: { Ref: expect.stringMatching(/^stripesecret/) } },
    SecretWebhook: {},
    SecretSalesforce: {},
    SecretNetsuite: {},
    SecretAvalara: {},
    SecretTaxEstimate: {},
    WebhookUrl: {},
  })
})
