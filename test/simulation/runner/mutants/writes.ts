// Mistakes about what stands at the vendor after a write, and about what has to stand before it.
import type { Mutant } from './mutant.ts'

export const WRITES: readonly Mutant[] = [
  {
    name: 'refused-record-counts-as-written',
    promise: 'A record that the vendor refused within a batch is not taken for written.',
    file: 'shared/delivery/write.ts',
    find: `    fail(task, outcome)
    return
  }
  const hash`,
    replace: `    return
  }
  const hash`,
    faults: ['partial-success', 'record-locked'],
  },
  {
    name: 'unknown-outcome-forgotten',
    promise: 'A write that was sent and not answered is looked at again, for it may land late.',
    file: 'shared/delivery/write.ts',
    find: "if (error.kind === 'ambiguous') task.unknownOutcome = true",
    replace: '',
    faults: ['late-write', 'timeout-after'],
  },
  {
    name: 'late-write-not-verified',
    promise: 'A doubtful write is read and repaired a quarter of an hour later.',
    file: 'shared/delivery/settle.ts',
    find: 'if (doubt) state.verifyDueMs = await this.lookAgainLater(task.ref)',
    replace: '',
    faults: ['late-write', 'worker-killed', 'worker-frozen'],
  },
  {
    name: 'whatever-stands-is-right',
    promise: 'A record that stands is compared with what is projected, not merely found.',
    file: 'shared/delivery/write.ts',
    find: 'canonicalJson(standing.body) === canonicalJson(item.record.body)',
    replace: "standing.remoteId !== ''",
    faults: ['timeout-before', 'timeout-after', 'worker-killed'],
  },
  {
    name: 'nothing-retired',
    promise: 'A record that is no longer projected is taken away.',
    file: 'shared/delivery/write.ts',
    find: '!wanted.has(key) &&',
    replace: '!wanted.has(key) && !task.known[key] &&',
  },
  {
    name: 'failed-dependency-ignored',
    promise: 'A record is not written on top of one that failed; it waits, and is not parked for it.',
    file: 'shared/delivery/write.ts',
    find: "if (!outcome || outcome.status === 'unchanged' || outcome.status === 'applied') return false",
    replace: "if (outcome?.status !== 'parked') return false",
    faults: ['connection-reset', 'rate-limited', 'timeout-before', 'record-locked'],
  },
  {
    name: 'no-stand-in-for-the-deleted',
    promise:
      'An invoice of a customer that Stripe deleted before it was ever written still reaches the books.',
    file: 'shared/delivery/dependencies.ts',
    find: 'missing.records = connector.standIn?.(missing.ref, task.object) ?? []',
    replace: 'missing.records = []',
    // The customer comes and goes while the books are away.
    faults: ['vendor-down', 'two-vendors-down', 'webhook-lost'],
  },
  {
    name: 'own-failure-swallowed',
    promise: 'A batch that an error of our own stopped comes back.',
    file: 'shared/delivery/handler.ts',
    find: 'const comebacks = await deliver(received, clock.now() + context.getRemainingTimeInMillis())',
    replace:
      'const comebacks = await deliver(received, clock.now() + context.getRemainingTimeInMillis()).catch(() => [])',
    faults: ['ledger-throttled', 'ledger-timeout-before'],
  },
  {
    name: 'retry-after-not-obeyed',
    promise: 'A vendor that says how long to stay away is not asked before.',
    file: 'shared/delivery/report.ts',
    find: 'return Math.min(MAX_BACKOFF_SECONDS, Math.max(jittered, error.retryAfterSeconds ?? 0))',
    replace: 'return jittered',
    faults: ['rate-limited-retry-after'],
  },
]
