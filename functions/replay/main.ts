// The acting console's composition root on AWS. It holds no vendor's credential: all that it can do is to send touches, and to note.
import process from 'node:process'
import hub from '../../hub.config.ts'
import { Notes } from '../../shared/ledger/notes.ts'
import { Plans } from '../../shared/ledger/plans.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { createHttpHandler } from '../../shared/runtime/http.ts'
import { createAuthenticate } from '../../shared/sign-in/authenticate.ts'
import { createProvider } from '../../shared/sign-in/provider.ts'
import { sellerZone } from '../connectors/hub.ts'
import { manifestsOf } from '../connectors/registry.ts'
import { createAct } from './act.ts'
import { createNote } from './note.ts'

const runtime = awsRuntime(process.env)
const config = hub(runtime.stage)
if (!config.console) throw new Error(`hub.config.ts has no console for stage ${runtime.stage}.`)

const { clock, log } = runtime
const entry = {
  hub: { stage: runtime.stage, isLive: runtime.livemode },
  authenticate: createAuthenticate(createProvider(config.console, clock), config.console),
  signsIn: true,
  hasClose: false,
}
const act = createAct({
  ...runtime,
  ...entry,
  timeZone: sellerZone(config),
  plans: new Plans(runtime),
  manifests: manifestsOf(runtime.connectors),
})
const note = createNote({ ...entry, notes: new Notes(runtime), clock, log })

export const handler = createHttpHandler(
  (request) => (new URL(request.url).pathname === '/console/note' ? note(request) : act(request)),
  config.console.address,
)
