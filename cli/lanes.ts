// `hub pause` and `hub resume`: an operator's own pause of a lane. It is a row in the ledger; the breaker makes the lane
// match within a minute, and leaves it alone until it is resumed. Events go on arriving and wait, 14 days at most.
import process from 'node:process'
import { minuteOf } from '../shared/calendar.ts'
import type { Clock } from '../shared/clock.ts'
import { confirmStage } from './confirm.ts'
import { Refusal } from './refusal.ts'
import { type OpenStage, openStage } from './stage.ts'

export interface LaneOptions {
  stage: string
  connector: string
  reason?: string
  confirm?: string
  folder: string
  clock?: Clock
}

/** A year: an operator's pause ends when it is resumed. */
const LONG_MS = 365 * 86_400_000

/** @returns the exit code. */
export async function pause(options: LaneOptions): Promise<number> {
  const { connector, reason, confirm: typed } = options
  if (!reason?.trim())
    throw new Refusal(
      'Nothing was paused: say why, for whoever finds the lane standing: --reason "…" [PAUSE-REASON]',
    )
  const stage = await openStage(options)
  try {
    const { title, pausable } = manifestOf(stage, connector)
    if (!pausable)
      throw new Refusal(
        `${title} was not paused: without it drafts would be finalized untaxed. It needs nothing but Stripe. [PAUSE-NEVER]`,
      )
    await confirmStage({
      stage: stage.name,
      isLive: stage.config.livemode,
      typed,
      act: `pauses ${connector}`,
    })
    const now = stage.clock.now()
    const before = await stage.ledger.readLane(connector)
    await stage.ledger.pauseLane({
      connector,
      pausedSinceMs: before?.pausedSinceMs ?? now,
      pausedUntilMs: now + LONG_MS,
      reason: reason.trim(),
      code: 'OPERATOR',
      by: 'operator',
    })
    process.stdout.write(
      `${title} is paused on ${stage.name}; the lane stands within a minute. Events wait and nothing is lost for 14 days. hub resume ${connector}${flag(stage)} ends it.\n`,
    )
    return 0
  } finally {
    stage.close()
  }
}

/** @returns the exit code: 1 when it was not paused. */
export async function resume(options: LaneOptions): Promise<number> {
  const { connector, confirm: typed } = options
  const stage = await openStage(options)
  try {
    const { title } = manifestOf(stage, connector)
    const paused = await stage.ledger.readLane(connector)
    if (!paused) {
      process.stdout.write(`${title} is not paused on ${stage.name}. Nothing was done.\n`)
      return 1
    }
    await confirmStage({
      stage: stage.name,
      isLive: stage.config.livemode,
      typed,
      act: `resumes ${connector}`,
    })
    await stage.ledger.resumeLane(connector)
    const since = minuteOf(paused.pausedSinceMs)
    process.stdout.write(
      `${title} resumes on ${stage.name} within a minute; it was paused since ${since} (${paused.reason}). What waited is worked off; hub doctor${flag(stage)} says how it stands.\n`,
    )
    return 0
  } finally {
    stage.close()
  }
}

function manifestOf({ manifests, name }: OpenStage, connector: string) {
  const manifest = manifests.find((each) => each.name === connector)
  if (manifest) return manifest
  throw new Refusal(
    `Nothing was done: ${name} has no connector ${connector}. Switched on are ${manifests.map((each) => each.name).join(', ')}. [LANE-UNKNOWN]`,
  )
}

const flag = ({ isLocal, name }: OpenStage): string => (isLocal ? '' : ` --stage ${name}`)
