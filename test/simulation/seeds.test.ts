// A gate must not be random: the same seeds in every run, as many as fit in a minute, and every seed that ever found a
// bug, by name. New seeds are for `npm run simulate`.
import { describe, expect, it } from 'vitest'
import { playHistory } from './history.ts'

const FIRST_SEEDS = 80

/** What each of them found when it failed; its history is another one whenever the simulation changes. */
const FAILED_ONCE: readonly [seed: number, found: string][] = [
  [112, 'an object that kills its workers was tried again for ever by the look for its late write'],
  [118, 'the lake showed an id as deleted that was made again in the same second'],
  [131, 'a record parked for its killed workers came back to life with each touch'],
  [166, 'a write that landed after the delete of its object was never looked for'],
  [249, 'a record was parked as a defect because another worker had in hand what it needs'],
  [237, 'who waited was not told, because the event that mended what it waited for was superseded by then'],
  [281, 'a draft that its owner keeps kept its old tax when the customer’s VAT number came'],
  [303, 'the same, after SQS had refused the telling'],
  [358, 'a look for a late write came while its object was parked, which then waited before it was mended'],
  [617, 'a deleted customer, half written before, was neither standing nor stood in for'],
  [722, 'a hold landed after the release, and nobody was charged or reminded'],
  [785, 'a void was another document once its customer, and the balance it gave back to, was deleted'],
  [831, 'a posted payment forgot the voided credit note that it had settled'],
  [858, 'who depended on a suspect forgot that Stripe had asked to wait'],
  [1014, 'the lake was sure of a delete and a new creation with equal payloads'],
  [1085, 'an innocent record was parked because it died with what it needs'],
  [2552, 'a refund was parked although others had stood in for its deleted customer'],
  [2663, 'the same, with the customer deleted in the second of the refund'],
  [
    3174,
    'an older event took a customer up again for a dependent, failed, and was superseded when it came back',
  ],
  [3477, 'a debt billed with a trial that sells nothing was paid, and the payment had no document'],
]

describe('a history ends in step', () => {
  const first = Array.from({ length: FIRST_SEEDS }, (_, index) => index + 1)
  it.each(first)('seed %i', async (seed) => {
    expect((await playHistory({ seed })).findings).toEqual([])
  })

  it.each(FAILED_ONCE)('seed %i, which once found: %s', async (seed) => {
    expect((await playHistory({ seed })).findings).toEqual([])
  })

  it('and is the same when it is played again, call for call', async () => {
    const [first, again] = [await playHistory({ seed: 4711 }), await playHistory({ seed: 4711 })]
    expect(again.trace).toEqual(first.trace)
    expect(again.digest).toBe(first.digest)
  })
})
