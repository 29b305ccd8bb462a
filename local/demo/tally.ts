// Counts what the hub logs while a month is played: what each lane wanted and what became of it.
import type { Log, LogLine } from '../../shared/log.ts'

export interface LaneTally {
  /** Events that ingest put into the lane's queue. */
  wanted: number
  applied: number
  unchanged: number
  superseded: number
  parked: number
  /** Files that the lake wrote. */
  files: number
  pauses: number
}

export class Tally {
  readonly lanes = new Map<string, LaneTally>()
  readonly log: Log = (line) => this.count(line)

  lane(name: string): LaneTally {
    const lane = this.lanes.get(name) ?? {
      wanted: 0,
      applied: 0,
      unchanged: 0,
      superseded: 0,
      parked: 0,
      files: 0,
      pauses: 0,
    }
    this.lanes.set(name, lane)
    return lane
  }

  private count(line: LogLine): void {
    if (line.line === 'event' && line.outcome === 'accepted' && Array.isArray(line.connectors)) {
      for (const connector of line.connectors) this.lane(String(connector)).wanted += 1
      return
    }
    if (typeof line.connector !== 'string') return
    const lane = this.lane(line.connector)
    if (line.line === 'batch') {
      lane.applied += Number(line.Applied)
      lane.unchanged += Number(line.Unchanged ?? 0)
      lane.superseded += Number(line.Superseded ?? 0)
      lane.parked += Number(line.parked)
    } else if (line.line === 'appended') {
      lane.applied += Number(line.rows)
      lane.files += 1
    } else if (line.line === 'paused') {
      lane.pauses += 1
    }
  }
}
