// What every function is given by whoever composes it: on AWS from the environment (aws.ts), on a laptop by the
// local hub. Nothing below the composition root reads the environment or the time.
import type { Clock } from '../clock.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log } from '../log.ts'
import type { SpillStore } from '../queue/message.ts'
import type { Queues } from '../queue/queues.ts'

export interface Runtime {
  stage: string
  clock: Clock
  /** In [0, 1). */
  random: () => number
  log: Log
  ledger: Ledger
  queues: Queues
  spill: SpillStore
  /** Unique per worker process: the owner of its leases. */
  workerId: string
}
