// `hub start`: the demo's month, or recorded events, or nothing but your own Stripe test account; then the hub stays up
// in real time for your own webhooks.
import process from 'node:process'
import { lastMonth, playDemo } from '../local/demo/demo.ts'
import { clearFolder } from '../local/demo/outcome.ts'
import { toText } from '../local/demo/report.ts'
import { SIGNING_SECRETS, STRIPE_API_KEY, TAX_ESTIMATE } from '../local/hub/credentials.ts'
import { type LocalHub, startLocalHub } from '../local/hub/hub.ts'
import { noteRunning } from '../local/hub/left-behind.ts'
import { LocalClock } from '../local/hub/local-clock.ts'
import { createLogFile } from '../local/hub/log-file.ts'
import { postEvents, readEvents, seedObjects } from '../local/hub/recorded-events.ts'
import { keepRunning } from '../local/hub/run.ts'
import { greeting } from './demo.ts'

const PORTS = { hub: 4400, stripe: 4401, salesforce: 4402, netsuite: 4403, avalara: 4404 }

export async function start(options: {
  from?: string
  seed: number
  customers: number
  folder: string
}): Promise<number> {
  const onReady = (hub: LocalHub, seconds: number) =>
    process.stdout.write(`${greeting(hub, options.seed, seconds)}\n`)
  const own = ownStripe()
  if (own?.stripeApiKey.includes('_live_')) {
    console.error(
      'The local hub takes test keys only (sk_test_…, rk_test_…): it holds, taxes and finalizes drafts.',
    )
    return 1
  }
  const settings = { ...options, onReady }
  const hub = options.from
    ? await replayFile(options.from, settings, own)
    : own
      ? await openHub(settings, own)
      : await playMonth(settings)
  const { urls, netsuitePrivateKey } = hub.vendors
  const forget = await noteRunning(options.folder, {
    dynamoDb: hub.aws.dynamoDb.endpoint,
    sqs: hub.aws.sqs.endpoint,
    queues: hub.queueUrls,
    s3: hub.aws.s3.endpoint,
    secretsManager: hub.aws.secrets.endpoint,
    webhook: hub.webhookUrl,
    vendors: urls,
    netsuitePrivateKey,
  })
  const stop = keepRunning(hub, (error) => process.stderr.write(`${String(error)}\n`))
  process.stdout.write(`${addresses(hub)}\n`)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  stop()
  await forget()
  await hub.close()
  return 0
}

type StartOptions = Omit<Parameters<typeof start>[0], 'from'> & {
  onReady: (hub: LocalHub, seconds: number) => void
}

async function playMonth(options: StartOptions): Promise<LocalHub> {
  const { hub, clock, outcome, tally } = await playDemo({ ...options, ports: PORTS })
  clock.letRun()
  hub.aws.wake()
  process.stdout.write(`${toText(outcome, tally, process.stdout.isTTY === true)}\n\n`)
  return hub
}

/** In real time from the start, with nothing in it yet. */
async function openHub(
  { folder, seed, onReady }: StartOptions,
  own: OwnStripe | undefined,
): Promise<LocalHub> {
  const startedMs = Date.now()
  await clearFolder(folder)
  const clock = new LocalClock(startedMs)
  clock.letRun()
  const hub = await startLocalHub({ clock, seed, folder, ports: PORTS, log: createLogFile(folder), ...own })
  onReady(hub, (Date.now() - startedMs) / 1000)
  return hub
}

async function replayFile(
  file: string,
  options: StartOptions,
  own: OwnStripe | undefined,
): Promise<LocalHub> {
  const events = await readEvents(file)
  const hub = await openHub(options, own)
  const objects = seedObjects(hub, events)
  const statuses = await postEvents(hub, events)
  const accepted = [...statuses.values()].filter((status) => status === 200).length
  process.stdout.write(
    `${file}: ${events.length} events about ${objects} objects; ${accepted} answered 200. Lanes gather for up to a minute; then: npx hub trace <id>\n\n`,
  )
  return hub
}

interface OwnStripe {
  stripeApiKey: string
  signingSecret?: string
}

/** With a key of your own in the environment, objects are read from Stripe itself instead of the simulator. */
function ownStripe(): OwnStripe | undefined {
  const { STRIPE_API_KEY: stripeApiKey, STRIPE_WEBHOOK_SECRET: signingSecret } = process.env
  return stripeApiKey ? { stripeApiKey, ...(signingSecret && { signingSecret }) } : undefined
}

function addresses(hub: LocalHub): string {
  const { urls } = hub.vendors
  return [
    'Up, in real time. Ctrl-C stops it.',
    `  the console ${hub.frontDoor.url}/console`,
    `  webhooks    ${hub.frontDoor.url}/stripe/webhook    signing secret ${SIGNING_SECRETS[0]}`,
    `  tax         ${hub.frontDoor.url}/tax/estimate    key ${TAX_ESTIMATE.apiKeys[0]}`,
    `  Stripe      ${urls.stripe}    key ${STRIPE_API_KEY}`,
    `  Salesforce  ${urls.salesforce}`,
    `  NetSuite    ${urls.netsuite}`,
    `  AvaTax      ${urls.avalara}`,
    `  the close   ${hub.frontDoor.url}/close`,
    '',
    'Make something happen:',
    `  curl ${urls.stripe}/v1/customers -u ${STRIPE_API_KEY}: -d name="Ada Lovelace" -d email=ada@example.com`,
    `  curl ${urls.netsuite}/_simulator/faults -d '{"effect":"unavailable","times":20}'`,
    `  npx hub close ${lastMonth(Date.now()).month}`,
    'Your own test account: STRIPE_API_KEY=sk_test_… STRIPE_WEBHOOK_SECRET=whsec_… npm start, and',
    `  stripe listen --forward-to ${hub.frontDoor.url}/stripe/webhook`,
  ].join('\n')
}
