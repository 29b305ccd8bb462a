// The stacks of a stage as a test wants them: any part `deployment` of hub.config.ts, checked by cdk-nag or not. Bundling
// is esbuild's business and `npm run synth`'s; here only the templates matter.
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import type * as z from 'zod'
import { deploymentConfig } from '../functions/connectors/deployment.ts'
import { registry } from '../functions/connectors/registry.ts'
import { addChecks } from './checks.ts'
import type { StageEnvironment } from './environment.ts'
import { addStage } from './hub-app.ts'

export interface Wanted {
  deployment?: z.input<typeof deploymentConfig>
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
  env: { region: 'eu-central-1', account: '111122223333' },
}

export function stageOf({ deployment = {}, env = {} }: Wanted = {}) {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  const stacks = addStage(app, {
    stage: 'staging',
    livemode: false,
    account: 'acct_1',
    timeZone: 'America/Los_Angeles',
    manifests: registry,
    credentialed: ['salesforce', 'netsuite', 'avalara'],
    journalsRevenue: true,
    deployment: deploymentConfig.parse(deployment),
    env,
  })
  return { app, ...stacks }
}

export function templatesOf(wanted: Wanted = {}): { data: Template; hub: Template } {
  const { data, hub } = stageOf(wanted)
  return { data: Template.fromStack(data), hub: Template.fromStack(hub) }
}

/** Every rule that cdk-nag finds broken and nobody has accepted, with the construct. */
export function findingsOf(wanted: Wanted): string {
  const { app } = stageOf(wanted)
  addChecks(app)
  try {
    app.synth()
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
