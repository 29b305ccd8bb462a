// What the ledger says of each lane, as numbers: how much is parked and waiting, and how old the oldest work is that has not
// come to its end. SQS cannot tell that age: it leaves a message that was received three times out of its own.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
import type { Clock } from '../../shared/clock.ts'
import type { Manifest } from '../../shared/connector/contract.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { LaneRow, ObjectState } from '../../shared/ledger/rows.ts'
import type { Log } from '../../shared/log.ts'
import { withMetrics } from '../../shared/metrics.ts'
import { mayBeDraft } from '../../shared/stripe/version.ts'

/** A lane as the sweep finds it. */
export interface LaneState {
  manifest: Manifest
  paused: LaneRow | undefined
  waiting: readonly ObjectState[]
}

export interface LaneHealthOptions {
  ledger: Pick<Ledger, 'troubled'>
  clock: Clock
  log: Log
}

/** The connector that taxes what is held. */
const TAXING = 'avalara'

/** @param unendedSinceMs by connector: when its oldest event came that has no end an hour later. */
export async function reportLaneHealth(
  lanes: readonly LaneState[],
  unendedSinceMs: ReadonlyMap<string, number>,
  { ledger, clock, log }: LaneHealthOptions,
): Promise<void> {
  for (const { manifest, paused, waiting } of lanes) {
    const { name: connector, style } = manifest
    const parked = style === 'projection' ? await ledger.troubled(connector, 'parked') : []
    // What is parked waits for a person and has an age of its own; a paused lane has work in its queue that the ledger has
    // not seen yet.
    const oldestMs = Math.min(
      ...waiting.map(sinceMs),
      paused?.pausedSinceMs ?? Number.POSITIVE_INFINITY,
      unendedSinceMs.get(connector) ?? Number.POSITIVE_INFINITY,
    )
    log({
      line: 'lane-health',
      ...withMetrics(
        clock,
        {
          ...(style === 'projection' && { ParkedObjects: parked.length, WaitingObjects: waiting.length }),
          UnsettledSeconds: secondsSince(oldestMs, clock),
        },
        { connector },
      ),
    })
    if (connector === TAXING) reportTaxHolds([...waiting, ...parked], { clock, log })
  }
}

/**
 * Drafts that are held because their tax cannot be calculated. While the lane stands still, drafts that came since are
 * held too and not counted: they are in its queue.
 */
function reportTaxHolds(
  troubled: readonly ObjectState[],
  { clock, log }: Pick<LaneHealthOptions, 'clock' | 'log'>,
) {
  const held = troubled.filter(({ ref, version }) => ref.type === 'invoice' && mayBeDraft(version))
  log({
    line: 'tax-holds',
    ...withMetrics(clock, {
      TaxHolds: held.length,
      OldestTaxHoldSeconds: secondsSince(Math.min(...held.map(sinceMs)), clock),
    }),
  })
}

const sinceMs = ({ trouble }: ObjectState): number => trouble?.sinceMs ?? Number.POSITIVE_INFINITY

/** 0 where there is none. */
const secondsSince = (ms: number, clock: Clock): number =>
  Number.isFinite(ms) ? Math.max(0, Math.round((clock.now() - ms) / 1000)) : 0
