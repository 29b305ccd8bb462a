// `hub replay <id>` and `hub replay --parked`: tried again at the newest state, never from an old payload. Many at once only
// from a plan: --dry-run shows which, and gives the id of the plan to run.
import { userInfo } from 'node:os'
import process from 'node:process'
import Table from 'cli-table3'
import { replay as replayAll } from '../functions/replay/replay.ts'
import { minuteOf } from '../shared/calendar.ts'
import type { Clock } from '../shared/clock.ts'
import { findObject, NOTHING_KNOWN } from '../shared/trace/find-object.ts'
import { lanesOf, type Parked, parkedObjects } from '../shared/trace/parked.ts'
import { confirmStage } from './confirm.ts'
import { Refusal } from './refusal.ts'
import { checkPlan, planIdOf, rememberRun, runOfPlan } from './replay-plan.ts'
import { type OpenStage, openStage } from './stage.ts'

export interface ReplayOptions {
  stage: string
  /** One object; absent: `parked` says which. */
  id?: string
  parked: boolean
  connector?: string
  code?: string
  dryRun: boolean
  /** Of a dry run: which set may be replayed. */
  plan?: string
  /** Why many are replayed: the ledger remembers it with the plan. */
  reason?: string
  confirm?: string
  json: boolean
  folder: string
  clock?: Clock
}

type Chosen = Pick<Parked, 'connector' | 'object'> & Partial<Parked>

/** @returns the exit code: 0 told to try again, 1 nothing was. @throws Refusal */
export async function replay(options: ReplayOptions): Promise<number> {
  refuseUnclear(options)
  const stage = await openStage(options)
  try {
    return options.id === undefined
      ? await replayParked(stage, options)
      : await replayOne(stage, options.id, options)
  } finally {
    stage.close()
  }
}

async function replayOne(stage: OpenStage, id: string, options: ReplayOptions): Promise<number> {
  const object = await findObject(id, stage)
  if (!object) throw new Refusal(NOTHING_KNOWN(id), 1)
  const chosen = lanesOf(object, stage.manifests).map((connector) => ({ connector, object }))
  if (!options.dryRun) await replayAll(stage, chosen)
  process.stdout.write(options.json ? toJson(chosen, options) : toText(chosen, options))
  return chosen.length > 0 ? 0 : 1
}

async function replayParked(stage: OpenStage, options: ReplayOptions): Promise<number> {
  const { connector, dryRun, plan, reason, json } = options
  const names = stage.manifests.map(({ name }) => name)
  if (connector !== undefined && !names.includes(connector))
    throw new Refusal(
      `Nothing was replayed: there is no connector ${connector}. Switched on are ${names.join(', ')}. [REPLAY-CONNECTOR]`,
    )
  const chosen = await parkedObjects(stage, options)
  const now = stage.clock.now()
  const planned = dryRun && chosen.length > 0 ? planIdOf(chosen, now) : undefined
  if (!dryRun && chosen.length > 0) {
    if (plan === undefined || !reason?.trim())
      throw new Refusal(
        `Nothing was replayed: ${chosen.length} at once want a plan and a reason. See which with --dry-run, then add --plan <id> --reason "…" [REPLAY-PLAN]`,
      )
    const ran = await runOfPlan(stage.ledger, plan)
    if (ran) throw new Refusal(`Nothing was replayed: this plan ran already: ${ran}. [REPLAY-PLAN]`)
    checkPlan(plan, chosen, now)
    const act = `tries ${chosen.length} again`
    await confirmStage({ stage: stage.name, isLive: stage.config.livemode, typed: options.confirm, act })
    await replayAll(stage, chosen)
    const run = { actor: userInfo().username, reason: reason.trim(), count: chosen.length }
    await rememberRun(stage.ledger, plan, run, now)
  }
  process.stdout.write(json ? toJson(chosen, options, planned) : toText(chosen, options, planned))
  return chosen.length > 0 ? 0 : 1
}

function refuseUnclear({ id, parked, connector, code, plan }: ReplayOptions): void {
  if (id === undefined && !parked)
    throw new Refusal(
      'Nothing was replayed: say what, hub replay <id> for one object, or hub replay --parked. [REPLAY-WHAT]',
      1,
    )
  if (id !== undefined && (parked || plan !== undefined || connector !== undefined || code !== undefined))
    throw new Refusal(
      'Nothing was replayed: an id means that one object in every system; --parked, --plan, --connector and --code choose among many. [REPLAY-WHAT]',
      1,
    )
}

const toJson = (chosen: readonly Chosen[], { dryRun }: ReplayOptions, plan?: string): string =>
  `${JSON.stringify(
    {
      dryRun,
      plan: plan ?? null,
      objects: chosen.map(({ connector, object, code, reason, hint, sinceMs }) => ({
        connector,
        object,
        code: code ?? null,
        reason: reason ?? null,
        hint: hint ?? null,
        since: sinceMs === undefined ? null : new Date(sinceMs).toISOString(),
      })),
    },
    undefined,
    2,
  )}\n`

function toText(chosen: readonly Chosen[], { id, dryRun }: ReplayOptions, plan?: string): string {
  if (chosen.length === 0)
    return id === undefined ? 'Nothing of that kind is parked.\n' : `No system has objects like ${id}.\n`
  const table = new Table({
    head: ['system', 'object', 'code', 'since', 'what it waits for'],
    style: { head: [], border: [] },
    colWidths: [12, 34, 14, 18, 60],
    wordWrap: true,
  })
  for (const { connector, object, code, hint, sinceMs } of chosen) {
    const since = sinceMs === undefined ? '' : minuteOf(sinceMs)
    table.push([connector, object.id, code ?? '', since, hint ?? ''])
  }
  const [first] = chosen
  const count = `${chosen.length} ${chosen.length === 1 ? 'delivery' : 'deliveries'}`
  return [
    table.toString(),
    dryRun
      ? `${count} would be tried again, each at its newest state. Nothing was told to.${plan === undefined ? '' : ` Good for 15 minutes: the same command with --plan ${plan} --reason "…" in place of --dry-run.`}`
      : `${count} told to be tried again, each at its newest state. hub trace ${first?.object.id} says what became of it.`,
    '',
  ].join('\n')
}
