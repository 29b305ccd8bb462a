// The deployed hub's whole story: deployed, fed, killed, replaced, swept, judged.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { connectorNames } from '../../functions/connectors/hub.ts'
import { manifestsOf } from '../../functions/connectors/registry.ts'
import hubConfig from '../../hub.config.ts'
import { SIGNING_SECRETS, STRIPE_API_KEY } from '../../local/hub/credentials.ts'
import { startVendors } from '../../local/hub/vendors.ts'
import { systemClock } from '../../shared/clock.ts'
import { Ledger } from '../../shared/ledger/ledger.ts'
import { createStripeClient } from '../../shared/stripe/client.ts'
import { comparePlumbing, setWhatIsMissing, storeSecrets } from './after-deployment.ts'
import { type Carried, Carrier } from './carrier.ts'
import {
  bootstrap,
  type Deployment,
  deploy,
  functionNamed,
  readDeployment,
  STAGE,
  synthesize,
} from './deployment.ts'
import { type EmulatedAccount, emulatedAccount, ROOT } from './emulated-account.ts'
import { type Emulator, installEmulator, startEmulator } from './emulator.ts'
import { killFunctions } from './functions-killed.ts'
import { waitUntilQuiet } from './quiet.ts'
import type { Steps } from './steps.ts'
import { Story } from './story.ts'
import { judge, type Verdict } from './verdict.ts'

export const CACHE = join(ROOT, '.hub/e2e')
const SEED = 42
const LOSE_ONE_IN = 97

export interface DeployedHub {
  account: EmulatedAccount
  emulator: Emulator
  runFolder: string
  assembly: string
}

/** The stacks as they are, on an emulator that was just started. */
export async function deployHub(steps: Steps): Promise<DeployedHub> {
  const runFolder = join(CACHE, 'run')
  rmSync(runFolder, { recursive: true, force: true })
  mkdirSync(runFolder, { recursive: true })
  const [assembly, packages] = await steps.take('synthesize the stacks; install the emulator', () =>
    Promise.all([synthesize(runFolder), installEmulator(CACHE, join(runFolder, 'pip.log'))]),
  )
  const emulator = await steps.take('start the emulator', () => startEmulator(packages, runFolder))
  const account = emulatedAccount(emulator.endpoint, emulator.certificateFile)
  await steps.take('cdk bootstrap', () => bootstrap(account, runFolder))
  await steps.take('cdk deploy', () => deploy(account, assembly, runFolder, 1))
  return { account, emulator, runFolder, assembly }
}

/**
 * @param customers who sign up while it goes on; each has about 18 events.
 * @returns how many events came through, once everything is in step.
 */
export async function playStory(steps: Steps, hub: DeployedHub, customers: number): Promise<number> {
  const { account, emulator, runFolder, assembly } = hub
  const config = hubConfig(STAGE)
  const manifests = manifestsOf(connectorNames(config))
  const vendors = await startVendors({
    clock: systemClock,
    seed: SEED,
    stripeAccount: config.stripe.account,
    netsuiteAccount: config.connectors.netsuite?.account ?? '',
    companyCode: config.connectors.avalara?.companyCode ?? '',
    // Not its hour: the payments are a part of the story.
    collectAfterSeconds: 1,
  })
  const deployment = await readDeployment(account)
  await steps.take('store the secrets, compare queues and event sources with the manifests', async () => {
    await storeSecrets(account, deployment, vendors)
    failIfAny('The emulator did not take over', await comparePlumbing(account, deployment))
    await setWhatIsMissing(account, deployment)
  })
  const ledger = openLedger(account, deployment, config.stripe.account)
  const stripe = createStripeClient({ apiKey: STRIPE_API_KEY, baseUrl: vendors.urls.stripe })
  vendors.stripe.addEndpoint({ url: deployment.webhookUrl, secret: SIGNING_SECRETS[0] })
  const carrier = new Carrier({ stripe: vendors.stripe, url: deployment.webhookUrl, loseOneIn: LOSE_ONE_IN })
  const { carried } = carrier
  const story = new Story(stripe, vendors.stripe, customers)
  const quiet = async (): Promise<void> => {
    await waitUntilQuiet({
      account,
      deployment,
      ledger,
      carrier,
      projecting: manifests.filter(({ style }) => style === 'projection').map(({ name }) => name),
      say: (text) => steps.say(text),
    })
    steps.say(`${carried.accepted} events accepted so far`)
  }
  await story.open()
  carrier.start()
  await steps.take('half of the customers sign up', async () => {
    await story.signUp(0.5)
    await quiet()
  })
  await steps.take('the others sign up; functions killed and replaced in mid-stream', async () => {
    await story.signUp(0.25)
    steps.say(`${killFunctions(emulator.child)} functions killed`)
    await deploy(account, assembly, runFolder, 2)
    steps.say('deployed again')
    await story.signUp(0.25)
    steps.say(`${killFunctions(emulator.child)} functions killed`)
    await quiet()
  })
  await steps.take('money moves', async () => {
    await story.moveMoney()
    await quiet()
  })
  await steps.take(`the sweep brings the ${carried.lost.length} webhooks that were lost`, async () => {
    await sweep(account, deployment)
    await quiet()
  })
  await carrier.stop()
  const verdict = await steps.take('look at what stands everywhere', () =>
    judge({ account, deployment, vendors, config, manifests, ledger, runFolder }),
  )
  report(steps, verdict, carried)
  await vendors.close()
  return verdict.events
}

function report(steps: Steps, verdict: Verdict, carried: Carried): void {
  const { customers, events, files, records, faults } = verdict
  const { accepted, duplicates, again, lost, rejected } = carried
  steps.say(
    `${events} events: ${accepted} accepted, ${lost.length} lost and found; ${duplicates} duplicates, ${again} sent again`,
  )
  steps.say(`${JSON.stringify(records)}, ${files} files in S3`)
  failIfAny('Not in step', rejected > 0 ? [...faults, `ingest rejected ${rejected} events`] : faults)
  steps.say(`In step: ${customers} of ${customers} customers`)
}

/** What EventBridge Scheduler calls every quarter of an hour. */
async function sweep({ clients }: EmulatedAccount, deployment: Deployment): Promise<void> {
  const lambda = new LambdaClient(clients)
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionNamed(deployment, 'Reconcile'), Payload: '{}' }),
  )
  lambda.destroy()
  if (FunctionError) throw new Error(`The sweep failed: ${Buffer.from(Payload ?? []).toString('utf8')}`)
}

function openLedger({ clients }: EmulatedAccount, { table }: Deployment, stripeAccount: string): Ledger {
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(clients), {
    marshallOptions: { removeUndefinedValues: true },
  })
  return new Ledger({ db, table, clock: systemClock, scope: { account: stripeAccount, livemode: false } })
}

function failIfAny(what: string, faults: readonly string[]): void {
  if (faults.length === 0) return
  const shown = faults.slice(0, 20).map((fault) => `  ${fault}`)
  throw new Error(`${what} (${faults.length}):\n${shown.join('\n')}`)
}
