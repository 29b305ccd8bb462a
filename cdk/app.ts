// `cdk synth -c stage=production`: the stacks of one stage, from hub.config.ts and the connectors' manifests.
import { App } from 'aws-cdk-lib'
import { connectorNames, sellerZone } from '../functions/connectors/hub.ts'
import { manifestsOf } from '../functions/connectors/registry.ts'
import hub from '../hub.config.ts'
import { adaptToEmulator } from './emulated.ts'
import { addStage } from './hub-app.ts'

const app = new App()
const stage = String(app.node.tryGetContext('stage') ?? 'staging')
const config = hub(stage)
const names = connectorNames(config)
const manifests = manifestsOf(names)

addStage(app, {
  stage,
  livemode: config.livemode,
  account: config.stripe.account,
  timeZone: sellerZone(config),
  manifests,
  journalsRevenue: config.connectors.netsuite?.revenue?.mode === 'journals',
  credentialed: manifests
    .filter(({ name, style }) => names.includes(name) && style === 'projection')
    .map(({ name }) => name),
})

if (app.node.tryGetContext('emulated')) adaptToEmulator(app)
