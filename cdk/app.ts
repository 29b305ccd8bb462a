// `cdk synth -c stage=production`: the stacks of one stage, from hub.config.ts and the connectors' manifests. A mistake
// in the configuration stops it with one sentence, not with a stack of calls.
import { App } from 'aws-cdk-lib'
import { connectorNames, sellerZone } from '../functions/connectors/hub.ts'
import { manifestsOf } from '../functions/connectors/registry.ts'
import hub from '../hub.config.ts'
import { addChecks } from './checks.ts'
import { adaptToEmulator } from './emulated.ts'
import { checkStageName, stageEnvironment } from './environment.ts'
import { addStage } from './hub-app.ts'

try {
  const app = new App()
  composeStage(app)
  app.synth()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

function composeStage(app: App): void {
  const stage = checkStageName(String(app.node.tryGetContext('stage') ?? 'staging'))
  const config = hub(stage)
  const names = connectorNames(config)
  const manifests = manifestsOf(names)
  addChecks(app)
  addStage(app, {
    stage,
    livemode: config.livemode,
    account: config.stripe.account,
    timeZone: sellerZone(config),
    manifests,
    journalsRevenue: config.connectors.netsuite?.revenue?.mode === 'journals',
    console: config.console,
    credentialed: manifests
      .filter(({ name, style }) => names.includes(name) && style === 'projection')
      .map(({ name }) => name),
    deployment: config.deployment,
    env: stageEnvironment(stage, config.deployment, {
      ...(process.env.CDK_DEFAULT_ACCOUNT && { account: process.env.CDK_DEFAULT_ACCOUNT }),
      ...(process.env.CDK_DEFAULT_REGION && { region: process.env.CDK_DEFAULT_REGION }),
    }),
  })
  if (app.node.tryGetContext('emulated')) adaptToEmulator(app)
}
