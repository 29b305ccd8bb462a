// Promises about what is left over: no message anywhere, and no vendor was ever asked for more at once than it allows.
import type { Finding } from '../result.ts'
import type { JudgedWorld } from './world.ts'

export function checkQuiet({ queues, deadQueues }: Pick<JudgedWorld, 'queues' | 'deadQueues'>): Finding[] {
  const left =
    (expected: string) =>
    ([name, queue]: [string, { counts(): object }]) => {
      const counts = Object.entries(queue.counts()).filter(([, count]) => count !== 0)
      if (counts.length === 0) return []
      const actual = counts.map(([place, count]) => `${count} ${place}`).join(', ')
      return [{ promise: 'quiet', system: name, object: 'queue', expected, actual }]
    }
  return [
    ...[...queues].flatMap(left('empty')),
    ...[...deadQueues].flatMap(left('empty: the engine alone parks')),
  ]
}

export function checkLimits({ limits }: Pick<JudgedWorld, 'limits'>): Finding[] {
  return limits.flatMap(({ vendor, most, allowed, refused }) => [
    ...(most <= allowed ? [] : [over(vendor, 'calls in flight', `at most ${allowed}`, String(most))]),
    ...(refused === 0 ? [] : [over(vendor, 'refusals for too many calls', 'none', String(refused))]),
  ])
}

const over = (system: string, object: string, expected: string, actual: string): Finding => ({
  promise: 'limits',
  system,
  object,
  expected,
  actual,
})
