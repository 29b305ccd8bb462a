// Mistakes about what is newer, and when a payload may be trusted.
import type { Mutant } from './mutant.ts'

export const VERSIONS: readonly Mutant[] = [
  {
    name: 'equal-version-dropped',
    promise: 'Events of one second are ordered right: a tie is settled by a fetch, never dropped.',
    file: 'shared/delivery/decide.ts',
    find: '(version !== undefined && compareVersions(payload.version, version) < 0) ||',
    replace: '(version !== undefined && compareVersions(payload.version, version) <= 0) ||',
    faults: ['one-second', 'webhook-shuffled', 'webhook-delayed'],
  },
  {
    name: 'equal-version-trusted',
    promise: 'Events of one second are ordered right: a payload that ties with what stands is not trusted.',
    file: 'shared/delivery/decide.ts',
    find: 'if (state?.version && compareVersions(newest.version, state.version) <= 0) return undefined',
    replace: 'if (state?.version && compareVersions(newest.version, state.version) < 0) return undefined',
    faults: ['one-second', 'webhook-shuffled', 'webhook-delayed', 'sqs-split'],
  },
  {
    name: 'tie-in-a-batch-not-fetched',
    promise: 'Events of one second are ordered right also when they come in one batch.',
    file: 'shared/delivery/decide.ts',
    find: 'if (task.payloads.some(tiesWith)) return undefined',
    replace: '',
  },
  {
    name: 'payload-older-than-the-fetch-trusted',
    promise: 'A payload from before the last fetch does not take back what the fetch has seen.',
    file: 'shared/delivery/decide.ts',
    find: 'if (state?.asOfSeconds !== undefined && newest.version.createdSeconds <= state.asOfSeconds) return undefined',
    replace: '',
    // What the fetch has covered is dropped before anybody asks whether it may be trusted.
    and: [
      {
        file: 'shared/delivery/decide.ts',
        find: `        (version !== undefined && compareVersions(payload.version, version) < 0) ||
        coveredByFetch(payload.version.createdSeconds, state),`,
        replace: '        version !== undefined && compareVersions(payload.version, version) < 0,',
      },
    ],
    faults: ['webhook-delayed', 'webhook-shuffled', 'webhook-lost'],
  },
  {
    name: 'second-of-the-fetch-covered',
    promise: 'A change in the very second of a fetch may be missing from it, and is looked at again.',
    file: 'shared/delivery/decide.ts',
    find: 'seconds < state.asOfSeconds - 2',
    replace: 'seconds <= state.asOfSeconds',
  },
  {
    name: 'paid-below-open',
    promise: 'Of three invoice events in one second, the invoice ends as paid.',
    file: 'shared/stripe/version.ts',
    find: '  paid: 4,',
    replace: '  paid: 1,',
  },
  {
    name: 'cut-payload-trusted',
    promise: 'A payload whose lists are cut is not taken for the whole object.',
    file: 'shared/delivery/decide.ts',
    find: 'return isWhole(newest.object, reading) ? newest : undefined',
    replace: 'return newest',
    faults: ['long-invoice', 'webhook-shuffled'],
  },
  {
    name: 'deletion-taken-for-an-update',
    promise: 'A delete is final: the payload of a deletion does not let the object rise again.',
    file: 'shared/stripe/version.ts',
    find: 'DELETIONS.has(eventType)',
    replace: "DELETIONS.has(eventType.replace('.deleted', '.updated'))",
  },
  {
    name: 'fetched-before-the-claim',
    promise:
      'What is written was fetched under the lease: a fetch before it is stale by the time it is written.',
    file: 'shared/delivery/delivery.ts',
    find: `    await this.ledgerLimit.map(
      tasks.filter((task) => !task.claimed),
      (task) => this.claim(task, outOfTime),
    )
    const { connector, reader } = this.options
`,
    replace: `    const { connector } = this.options
    const early = new Map(
      await Promise.all(
        tasks.map(async (task) => {
          const reading = connector.manifest.objects[task.ref.type]
          return [task.ref, await this.options.reader.fetch(task.ref, reading).catch(() => undefined)] as const
        }),
      ),
    )
    const reader: StripeReader = {
      ...this.options.reader,
      fetch: async (ref, reading) => early.get(ref) ?? this.options.reader.fetch(ref, reading),
    }
    await this.ledgerLimit.map(
      tasks.filter((task) => !task.claimed),
      (task) => this.claim(task, outOfTime),
    )
`,
    // A claim that has to be tried again looks once more whether it is superseded.
    and: [
      {
        file: 'shared/delivery/delivery.ts',
        find: 'if (isSuperseded(task, task.state)) {',
        replace: 'if (attempt === 0 && isSuperseded(task, task.state)) {',
      },
    ],
    faults: ['worker-frozen', 'sqs-split', 'sqs-redelivered', 'webhook-delayed'],
  },
]
