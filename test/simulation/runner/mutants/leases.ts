// Mistakes about who may work on an object, and what the ledger says while somebody does.
import type { Mutant } from './mutant.ts'

export const LEASES: readonly Mutant[] = [
  {
    name: 'lease-ignored',
    promise: 'Only one worker at a time works on an object.',
    file: 'shared/ledger/ledger.ts',
    find: "'(attribute_not_exists(leaseOwner) OR leaseUntil < :now)'",
    replace: "'(attribute_not_exists(leaseOwner) OR leaseUntil < :now OR leaseUntil >= :now)'",
    // The engine looks at the lease that it has read before it asks for its own.
    and: [
      {
        file: 'shared/delivery/delivery.ts',
        find: 'if (state?.lease && state.lease.untilMs >= clock.now()) break',
        replace: '',
      },
      // Whoever finds its lease lost has the object looked at again.
      {
        file: 'shared/ledger/ledger.ts',
        find: `          ConditionExpression: 'leaseOwner = :owner',
          ExpressionAttributeNames: Object.fromEntries(`,
        replace: `          ConditionExpression: 'leaseOwner = :owner OR attribute_exists(revision)',
          ExpressionAttributeNames: Object.fromEntries(`,
      },
      // And whoever takes a lease over looks at what was left behind.
      {
        file: 'shared/delivery/delivery.ts',
        find: 'task.takenOver = state?.lease !== undefined',
        replace: 'task.takenOver = false',
      },
    ],
    faults: ['sqs-split', 'sqs-redelivered', 'webhook-duplicated', 'worker-frozen'],
  },
  {
    name: 'claimed-whatever-was-read',
    promise: 'A claim fails when the state is no longer the one that was read.',
    file: 'shared/ledger/ledger.ts',
    find: "read && read.revision > 0 ? 'revision = :revision' : 'attribute_not_exists(revision)'",
    replace:
      "read && read.revision > 0 ? '(revision = :revision OR revision <> :revision)' : '(attribute_not_exists(revision) OR attribute_exists(revision))'",
    faults: ['worker-frozen', 'sqs-split', 'webhook-delayed'],
  },
  {
    name: 'settled-by-anybody',
    promise: 'A worker that lost its lease does not record its result over that of the next one.',
    file: 'shared/ledger/ledger.ts',
    find: `          ConditionExpression: 'leaseOwner = :owner',
          ExpressionAttributeNames: Object.fromEntries(`,
    replace: `          ConditionExpression: 'leaseOwner = :owner OR attribute_exists(revision)',
          ExpressionAttributeNames: Object.fromEntries(`,
    // Whoever takes a lease over looks at what was left behind.
    and: [
      {
        file: 'shared/delivery/delivery.ts',
        find: 'task.takenOver = state?.lease !== undefined',
        replace: 'task.takenOver = false',
      },
    ],
    faults: ['worker-frozen', 'sqs-redelivered', 'sqs-split', 'webhook-delayed'],
  },
  {
    name: 'hash-kept-at-the-claim',
    promise: 'An object whose worker died is visibly not in step.',
    file: 'shared/ledger/ledger.ts',
    find: `ExpressionAttributeNames: { '#hash': 'hash' },
        ExpressionAttributeValues: values,`,
    replace: `ExpressionAttributeNames: { '#hash': 'hashBefore' },
        ExpressionAttributeValues: values,`,
    // A takeover alone is reason enough to trust no hash.
    and: [
      {
        file: 'shared/delivery/delivery.ts',
        find: 'task.takenOver = state?.lease !== undefined',
        replace: 'task.takenOver = false',
      },
    ],
    faults: ['worker-killed', 'webhook-delayed', 'sqs-split'],
  },
  {
    name: 'takeover-not-verified',
    promise:
      'Whoever takes over from a worker that died looks at what it left behind, and again a while later.',
    file: 'shared/delivery/delivery.ts',
    find: 'task.takenOver = state?.lease !== undefined',
    replace: 'task.takenOver = false',
    faults: ['worker-killed', 'worker-frozen'],
  },
  {
    name: 'deadly-object-never-parked',
    promise: 'An object that kills every worker is parked in the end.',
    file: 'shared/delivery/delivery.ts',
    find: 'deathsAfterClaim(task.state) >= DEADLY && !replayed',
    replace: 'deathsAfterClaim(task.state) >= DEADLY * DEADLY && !replayed',
    faults: ['out-of-memory'],
  },
  {
    name: 'deadly-object-not-alone',
    promise: 'One poisoned object does not take its batch along.',
    file: 'shared/delivery/decide.ts',
    find: 'deathsAfterClaim(state) >= 2',
    replace: 'deathsAfterClaim(state) >= 2_000',
    faults: ['out-of-memory'],
  },
  {
    name: 'intention-not-remembered',
    promise: 'A record that was written just before its worker died is known, and retired when it has to go.',
    file: 'shared/delivery/delivery.ts',
    find: 'const done = await ledger.intend(connector.manifest.name, task.ref, task.owner, task.known)',
    replace: "const done: 'done' | 'lost' = 'done'",
    and: [
      {
        file: 'shared/delivery/delivery.ts',
        find: 'const { connector, ledger } = this.options\n    await this.ledgerLimit.map(\n      tasks.filter((task) => !task.outcome),',
        replace: 'await this.ledgerLimit.map(\n      tasks.filter((task) => !task.outcome),',
      },
    ],
    faults: ['worker-killed', 'webhook-delayed'],
  },
  {
    name: 'hash-although-not-written',
    promise: 'The ledger calls nothing written before it is.',
    file: 'shared/delivery/settle.ts',
    find: "const inStep = outcome.status === 'applied' || outcome.status === 'unchanged'",
    replace: "const inStep = outcome.status !== 'parked' && outcome.status !== 'superseded'",
    faults: ['server-error', 'connection-reset', 'record-locked'],
  },
  {
    name: 'waiters-forgotten-first',
    promise: 'Whoever waited is told before it is forgotten that it waited.',
    file: 'shared/delivery/settle.ts',
    find: `      await queues.touch(
        name,
        settled.waiters.map((key) => ({ object: parseRefKey(key), reason: 'dependency' })),
      )
      await ledger.forgetWaiters(name, task.ref, settled.waiters)
`,
    replace: `      await ledger.forgetWaiters(name, task.ref, settled.waiters)
      await queues.touch(
        name,
        settled.waiters.map((key) => ({ object: parseRefKey(key), reason: 'dependency' })),
      )
`,
    faults: ['worker-killed', 'sqs-send-failed', 'impossible-record'],
  },
]
