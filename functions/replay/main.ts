// The acting console's composition root on AWS. It holds no vendor's credential: all that it can do is to send touches.
import process from 'node:process'
import hub from '../../hub.config.ts'
import { Plans } from '../../shared/ledger/plans.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { createHttpHandler } from '../../shared/runtime/http.ts'
import { createAuthenticate } from '../../shared/sign-in/authenticate.ts'
import { createProvider } from '../../shared/sign-in/provider.ts'
import { sellerZone } from '../connectors/hub.ts'
import { manifestsOf } from '../connectors/registry.ts'
import { createAct } from './act.ts'

const runtime = awsRuntime(process.env)
const config = hub(runtime.stage)
if (!config.console) throw new Error(`hub.config.ts has no console for stage ${runtime.stage}.`)

const act = createAct({
  ...runtime,
  hub: { stage: runtime.stage, isLive: runtime.livemode },
  timeZone: sellerZone(config),
  plans: new Plans(runtime),
  manifests: manifestsOf(runtime.connectors),
  authenticate: createAuthenticate(createProvider(config.console, runtime.clock), config.console),
  signsIn: true,
  hasClose: false,
})

export const handler = createHttpHandler(act, config.console.address)
