// A stage of the hub: its two stacks, from its slice of hub.config.ts.
import type { App } from 'aws-cdk-lib'
import { registry } from '../functions/connectors/registry.ts'
import type { Manifest } from '../shared/connector/contract.ts'
import type { ConsoleConfig } from '../shared/sign-in/config.ts'
import { dataStackName, hubStackName } from '../shared/stage/outputs.ts'
import { DataStack } from './data-stack.ts'
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
}

export function addStage(app: App, settings: Stage): { data: DataStack; hub: HubStack } {
  const { stage } = settings
  // What the hub stack uses of the data stack cannot be taken away under it.
  app.node.setContext('@aws-cdk/core:defaultCrossStackReferences', 'strong')
  const tags = { application: 'switchyard', stage }
  const data = new DataStack(app, dataStackName(stage), {
    description: `Switchyard (${stage}): ledger, lake and queues`,
    manifests: registry,
    tags,
  })
  const hub = new HubStack(app, hubStackName(stage), {
    ...settings,
    description: `Switchyard (${stage}): ingest, lanes and schedules`,
    data,
    tags,
  })
  return { data, hub }
}
