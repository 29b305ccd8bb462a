// The stacks of a stage as a test wants them: any part `deployment` of hub.config.ts, checked by cdk-nag or not. Bundling
// is esbuild's business and `npm run synth`'s; here only the templates matter.
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import type * as z from 'zod'
import { deploymentConfig } from '../functions/connectors/deployment.ts'
import { registry } from '../functions/connectors/registry.ts'
import { consoleConfig } from '../shared/sign-in/config.ts'
import { addChecks } from './checks.ts'
import type { StageEnvironment } from './environment.ts'
import { addStage, type Stage } from './hub-app.ts'

export interface Wanted {
  deployment?: z.input<typeof deploymentConfig>
  console?: z.input<typeof consoleConfig>
  env?: StageEnvironment
}

/** Everything that can be switched on, at once. */
export const EVERYTHING: Wanted = {
  deployment: {
    region: 'eu-central-1',
    account: '111122223333',
    encryptionKey: 'customer',
    eventSource: 'aws.partner/stripe.com/ed_test_1',
    network: { vpc: 'new' },
    edge: {},
    lake: { redshift: true },
    api: { routes: { 'POST /tax/estimate': { ratePerSecond: 20, burst: 40 } } },
  },
  console: {
    issuer: 'https://login.example.com/',
    clientId: 'switchyard-console',
    roles: { view: ['support'], replay: ['operations'] },
  },
  env: { region: 'eu-central-1', account: '111122223333' },
}

/** A stage with every connector and its credentials, but for what is said otherwise. @param prepare before it is made. */
export function stageOf(settings: Partial<Stage> = {}, prepare: (app: App) => void = () => undefined) {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  prepare(app)
  const stacks = addStage(app, {
    stage: 'staging',
    livemode: false,
    account: 'acct_1',
    timeZone: 'America/Los_Angeles',
    manifests: registry,
    credentialed: ['salesforce', 'netsuite', 'avalara'],
    journalsRevenue: true,
    deployment: deploymentConfig.parse({}),
    env: {},
    ...settings,
  })
  return { app, ...stacks }
}

/** @throws Error when cdk-nag finds something that nobody has accepted; what, stands on stderr. */
export function templatesOf({ deployment = {}, console, env = {} }: Wanted = {}) {
  const { app, data, hub } = stageOf(
    { deployment: deploymentConfig.parse(deployment), console: console && consoleConfig.parse(console), env },
    addChecks,
  )
  const { directory } = app.synth()
  const others = app.node.children.filter(
    (child): child is Stack => Stack.isStack(child) && child !== data && child !== hub,
  )
  return {
    /** Where the templates lie. */
    directory,
    data: Template.fromStack(data),
    hub: Template.fromStack(hub),
    /** By what their names end with. */
    others: new Map(others.map((stack) => [stack.stackName.split('-').at(-1), Template.fromStack(stack)])),
    protectedData: data.terminationProtection,
  }
}
