import { expect, it } from 'vitest'
import { judgeSuite } from './suite-outcome.ts'

it('counts a failure that is not known, and a known one that does not happen any more', () => {
  const outcome = [
    { fullName: 'a queue counts', status: 'passed' },
    { fullName: 'a queue forgets', status: 'failed', failureMessages: ['Error: it remembers\n  at …'] },
    { fullName: 'a queue is slow', status: 'failed', failureMessages: [] },
  ]
  expect(judgeSuite(outcome, { 'a queue is slow': 'always was', 'a queue counts': 'did not' })).toEqual([
    'failed: a queue forgets: Error: it remembers',
    'passes now, or is gone; take it off the list of deviations: a queue counts',
  ])
  expect(judgeSuite(outcome, { 'a queue is slow': 'always was', 'a queue forgets': 'on purpose' })).toEqual(
    [],
  )
})
