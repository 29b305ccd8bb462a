// Every minute, makes each lane's event source match the ledger. Workers only write down that a lane should stand
// still; this alone switches it off and on. Because it looks every time, a disable that lands after an enable, or a
// deployment that switches everything on, is put right within the minute.
import type { Clock } from '../../shared/clock.ts'
import type { ProbeAnswer } from '../../shared/delivery/handler.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { Log } from '../../shared/log.ts'
import { withMetrics } from '../../shared/metrics.ts'

export interface Lane {
  connector: string
  /** Lower resumes first. */
  resumeOrder: number
  /** Asks the connector's own Lambda whether its vendor works again. */
  probe(): Promise<ProbeAnswer>
  eventSource: EventSource
}

export interface EventSource {
  isEnabled(): Promise<boolean>
  setEnabled(enabled: boolean): Promise<void>
}

export interface BreakerOptions {
  lanes: readonly Lane[]
  ledger: Ledger
  clock: Clock
  log: Log
}

/** Until the next look, and a little more: a pause that fails its probe outlasts it. */
const NEXT_PROBE_MS = 60_000

export async function runBreaker({ lanes, ledger, clock, log }: BreakerOptions): Promise<void> {
  let resumed = false
  let standing = 0
  for (const lane of [...lanes].sort((a, b) => a.resumeOrder - b.resumeOrder)) {
    const paused = await ledger.readLane(lane.connector)
    if (!paused) {
      await match(lane, true)
      continue
    }
    standing += 1
    const pausedSeconds = Math.floor((clock.now() - paused.pausedSinceMs) / 1000)
    log({
      line: 'lane',
      by: paused.by,
      code: paused.code,
      ...withMetrics(clock, { PausedSeconds: pausedSeconds }, { connector: lane.connector }),
    })
    await match(lane, false)
    if (paused.by === 'operator' || paused.pausedUntilMs > clock.now()) continue
    // One lane a minute: what was waiting in finance is under way before CRM starts.
    if (resumed) continue
    const answer = await lane.probe()
    if (answer.working) {
      await ledger.resumeLane(lane.connector)
      await lane.eventSource.setEnabled(true)
      log({ line: 'resumed', connector: lane.connector })
      resumed = true
    } else {
      await ledger.pauseLane({
        ...paused,
        pausedUntilMs: clock.now() + NEXT_PROBE_MS,
        reason: answer.reason ?? paused.reason,
      })
    }
  }
  log({ line: 'lanes', ...withMetrics(clock, { PausedLanes: standing }) })
}

async function match(lane: Lane, enabled: boolean): Promise<void> {
  if ((await lane.eventSource.isEnabled()) !== enabled) await lane.eventSource.setEnabled(enabled)
}
