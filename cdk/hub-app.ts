// A stage of the hub: its stacks, from its slice of hub.config.ts. Two; four with a firewall in front.
import type { App } from 'aws-cdk-lib'
import type { Deployment } from '../functions/connectors/deployment.ts'
import { registry } from '../functions/connectors/registry.ts'
import type { Manifest } from '../shared/connector/contract.ts'
import type { ConsoleConfig } from '../shared/sign-in/config.ts'
import { dataStackName, hubStackName } from '../shared/stage/outputs.ts'
import { DataStack } from './data-stack.ts'
import { EdgeStack, FirewallStack } from './edge-stack.ts'
import type { StageEnvironment } from './environment.ts'
import { HubStack } from './hub-stack.ts'

export interface Stage {
  stage: string
  livemode: boolean
  account: string
  /** The seller's. */
  timeZone: string
  /** Of the connectors that are switched on. */
  manifests: readonly Manifest[]
  /** Names of those with credentials of their own. */
  credentialed: readonly string[]
  /** The hub posts revenue as journals (hub.config.ts → netsuite.revenue). */
  journalsRevenue: boolean
  /** hub.config.ts → console; absent: none. */
  console?: ConsoleConfig | undefined
  deployment: Deployment
  /** Empty: whatever account and region the stacks are deployed to. */
  env: StageEnvironment
}

/** Where CloudFront's firewalls live. https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html */
const FIREWALL_REGION = 'us-east-1'

export function addStage(app: App, settings: Stage): { data: DataStack; hub: HubStack } {
  const { stage, env, deployment } = settings
  // What the hub stack uses of the data stack cannot be taken away under it.
  app.node.setContext('@aws-cdk/core:defaultCrossStackReferences', 'strong')
  const tags = { application: 'switchyard', stage }
  const data = new DataStack(app, dataStackName(stage), {
    description: `Switchyard (${stage}): ledger, lake and queues`,
    manifests: registry,
    deployment,
    env,
    tags,
  })
  const hub = new HubStack(app, hubStackName(stage), {
    ...settings,
    description: `Switchyard (${stage}): ingest, lanes and schedules`,
    data,
    tags,
  })
  if (deployment.edge && hub.edge) {
    const firewall = new FirewallStack(app, `Switchyard-${stage}-firewall`, {
      description: `Switchyard (${stage}): the firewall of its distribution`,
      ...deployment.edge,
      env: { ...env, region: FIREWALL_REGION },
      crossRegionReferences: true,
      tags,
    })
    new EdgeStack(app, `Switchyard-${stage}-edge`, {
      description: `Switchyard (${stage}): the distribution in front of its API`,
      firewall,
      apiDomain: `${hub.api.apiId}.execute-api.${hub.region}.${hub.urlSuffix}`,
      secret: hub.edge,
      env,
      crossRegionReferences: true,
      tags,
    })
  }
  return { data, hub }
}
