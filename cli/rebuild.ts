// `hub rebuild`: after a ledger was lost or restored from an older copy: every object in Stripe is brought in step again in
// every lane. Only from a plan, as everything on many: --dry-run counts, and gives the id of the plan.
import { createHash } from 'node:crypto'
import process from 'node:process'
import Table from 'cli-table3'
import { listEverything, touchEverything } from '../functions/reconcile/rebuild.ts'
import type { Clock } from '../shared/clock.ts'
import type { Manifest, ObjectRef } from '../shared/connector/contract.ts'
import { createStripeClient, stripeAddress } from '../shared/stripe/client.ts'
import { confirmStage } from './confirm.ts'
import { Refusal } from './refusal.ts'
import { openStage } from './stage.ts'

export interface RebuildOptions {
  stage: string
  /** One lane; absent: all. */
  connector?: string
  dryRun: boolean
  plan?: string
  confirm?: string
  json: boolean
  folder: string
  clock?: Clock
}

const VALID_SECONDS = 900

/** @returns the exit code. */
export async function rebuild(options: RebuildOptions): Promise<number> {
  const { connector, dryRun, plan, confirm: typed, json } = options
  if (!dryRun && plan === undefined)
    throw new Refusal(
      'Nothing was rebuilt: it touches every object there is and wants a plan. See what with --dry-run, then add --plan <id> [REBUILD-PLAN]',
    )
  const stage = await openStage(options)
  try {
    const { manifests: all, clock, queues, name, config } = stage
    const manifests = connector === undefined ? all : all.filter((each) => each.name === connector)
    if (manifests.length === 0)
      throw new Refusal(
        `Nothing was rebuilt: there is no connector ${connector}. Switched on are ${all.map((each) => each.name).join(', ')}. [REBUILD-CONNECTOR]`,
      )
    const now = Math.floor(clock.now() / 1_000)
    const untilSeconds = plan === undefined ? now : madeSecondsOf(plan, now)
    const stripe = createStripeClient(stripeAddress(await stage.secrets.read('stripe')))
    const objects = await listEverything({ stripe, manifests: all, untilSeconds, progress: showProgress })
    const id = `${untilSeconds.toString(36)}-${fingerprint(objects, connector)}`
    if (plan !== undefined && plan !== id)
      throw new Refusal(
        'Nothing was rebuilt: something was deleted since the plan was made, or it is of another lane. Make a new one with --dry-run. [REBUILD-PLAN]',
      )
    const counts = countsOf(objects, manifests)
    if (!dryRun) {
      const act = `touches ${objects.length} objects in ${manifests.length} lanes`
      await confirmStage({ stage: name, isLive: config.livemode, typed, act })
      await touchEverything({ queues, manifests }, objects)
    }
    const document = { dryRun, plan: id, objects: objects.length, touches: counts }
    process.stdout.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : textOf(document))
    return 0
  } finally {
    stage.close()
  }
}

function madeSecondsOf(plan: string, now: number): number {
  const made = Number.parseInt(plan.split('-')[0] ?? '', 36)
  if (Number.isSafeInteger(made) && made <= now && now - made <= VALID_SECONDS) return made
  throw new Refusal(
    `Nothing was rebuilt: ${plan} is no plan of the last quarter of an hour. Make a new one with --dry-run. [REBUILD-PLAN]`,
  )
}

function fingerprint(objects: readonly ObjectRef[], connector = 'all'): string {
  const keys = objects.map(({ type, id }) => `${type}/${id}`).sort()
  return createHash('sha256')
    .update([connector, ...keys].join('\n'))
    .digest('hex')
    .slice(0, 12)
}

/** Touches by connector. */
const countsOf = (objects: readonly ObjectRef[], manifests: readonly Manifest[]): Record<string, number> =>
  Object.fromEntries(
    manifests.map(({ name, objects: kept }) => [name, objects.filter(({ type }) => type in kept).length]),
  )

function textOf(document: {
  dryRun: boolean
  plan: string
  objects: number
  touches: Record<string, number>
}): string {
  const { dryRun, plan, objects, touches } = document
  const table = new Table({ head: ['lane', 'touches'], style: { head: [], border: [] } })
  for (const [name, count] of Object.entries(touches)) table.push([name, count])
  const reads = Object.values(touches).reduce((sum, count) => sum + count, 0)
  return [
    table.toString(),
    dryRun
      ? `${objects} objects in Stripe, about ${reads} reads of Stripe; records that stand as they should are not written. Nothing was touched. Good for 15 minutes: hub rebuild --plan ${plan}`
      : `${objects} objects are on their way, finance first. hub parked and hub doctor say how it goes.`,
    '',
  ].join('\n')
}

const showProgress = (type: string, count: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${type}  ${count}\u001b[K`)
}
