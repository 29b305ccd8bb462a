// The list of drafts that are held for their tax, as finance reads it.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBlockedDrafts, totalBlocked } from './blocked-list.ts'
import { MARCH_31_EVENING } from './objects.fixture.ts'
import { type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

let bench: SimulatorBench
beforeEach(async () => {
  bench = await startSimulatorBench()
})
afterEach(() => bench.close())

const HOUR_MS = 3_600_000

test('the blocked list: who, how much, how long, oldest first; the total a currency', async () => {
  const held = { metadata: { switchyard_hold: 'true' }, auto_advance: false }
  bench.put({ id: 'in_1', currency: 'eur', total: 119000, ...held })
  bench.put({ id: 'in_2', currency: 'usd', total: 5000, created: MARCH_31_EVENING - 7_200, ...held })
  bench.put({
    id: 'in_3',
    currency: 'usd',
    total: 1000,
    metadata: { switchyard_hold: 'true', tax_release_approved_by: 'joe' },
    auto_advance: false,
  })
  // Kept by its owner; Stripe's own; gone out already.
  bench.put({ id: 'in_4', metadata: { switchyard_hold: 'false' }, auto_advance: false })
  bench.put({ id: 'in_5', automatic_tax: { enabled: true }, ...held })
  bench.put({ id: 'in_6', status: 'open', ...held })
  bench.clock.advance(3 * HOUR_MS)
  const list = await readBlockedDrafts({
    stripe: bench.stripe,
    clock: bench.clock,
    troubleOf: async () =>
      new Map([
        ['in_1', { code: 'TAX-ADDR', reason: 'AvaTax cannot find "Berlinn"', hint: 'Support: correct it' }],
        ['in_2', { code: 'TAX-DOWN', reason: 'AvaTax did not answer' }],
      ]),
  })
  expect(
    list.map(({ invoice, owner, code, ageHours, approvedBy }) => [
      invoice,
      owner,
      code,
      ageHours,
      approvedBy,
    ]),
  ).toEqual([
    ['in_2', 'nobody: AvaTax is away', 'TAX-DOWN', 5, undefined],
    ['in_1', 'Support', 'TAX-ADDR', 3, undefined],
    ['in_3', 'Engineering', 'TAX-WAITING', 3, 'joe'],
  ])
  expect(totalBlocked(list)).toEqual([
    { currency: 'EUR', count: 1, amount: '1190.00' },
    { currency: 'USD', count: 2, amount: '60.00' },
  ])
})
