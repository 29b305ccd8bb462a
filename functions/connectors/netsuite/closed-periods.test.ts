// Documents that are dated in a closed period, in accounts that admit a date outside of the posting period and in such that
// do not. October is closed, and it is November.
import { expect, test } from 'vitest'
import { type Desk, openDesk } from './desk.fixture.ts'
import { invoice } from './objects.fixture.ts'

const OCTOBER_30 = Date.parse('2026-10-30T12:00:00Z') / 1_000
const late = () =>
  invoice({ total: 10_000, lines: [{ amount: 10_000 }], changes: { effective_at: OCTOBER_30 } })

async function closed(
  config: Parameters<typeof openDesk>[0],
  dateOutsidePeriod: 'allow' | 'disallow',
): Promise<Desk> {
  const desk = await openDesk(config, {}, { dateOutsidePeriod })
  const { periods } = desk.account.simulator
  periods.closePeriod(periods.find('2026-10') ?? '')
  return desk
}

const posted = (desk: Desk) => desk.account.simulator.find('invoice', 'in_1')

test('Stripe’s date is kept, and the memo says where it was posted', async () => {
  await using desk = await closed({}, 'allow')
  await desk.bring(late())
  expect(posted(desk)).toMatchObject({
    tranDate: '2026-10-30',
    postingPeriod: { refName: 'Nov 2026' },
    memo: 'Stripe Invoice INV-0042 in_1 · posted to Nov 2026: Oct 2026 was closed',
  })
})

test('an account that disallows such dates refuses it in words that tell both ways out', async () => {
  await using desk = await closed({}, 'disallow')
  await expect(desk.bring(late())).rejects.toMatchObject({
    kind: 'permanent',
    code: 'NS-DATE-OUTSIDE',
    message:
      'NetSuite refuses: post invoice in_1 (USD 100.00). Its date is in a closed period, and this account takes no date outside of the period that it posts to (field tranDate). Nothing was posted.',
    hint: expect.stringContaining('netsuite.datesInClosedPeriods: "move"'),
  })
  expect(posted(desk)).toBeUndefined()
})

test('or the date moves to the first day of the open period, and the memo tells Stripe’s', async () => {
  await using desk = await closed({ datesInClosedPeriods: 'move' }, 'disallow')
  expect(await desk.bring(late())).toEqual(['invoice in_1 2026-11-01: 801 100.00'])
  expect(posted(desk)).toMatchObject({
    postingPeriod: { refName: 'Nov 2026' },
    memo: 'Stripe Invoice INV-0042 in_1 · of 2026-10-30, posted to Nov 2026: Oct 2026 was closed',
  })
  // October opens again, November closes: what is posted stays as it is.
  const { periods } = desk.account.simulator
  periods.openPeriod(periods.find('2026-10') ?? '')
  periods.closePeriod(periods.find('2026-11') ?? '')
  expect(await desk.bring(late())).toEqual([])
})

test('a document of an open period keeps its date', async () => {
  await using desk = await closed({ datesInClosedPeriods: 'move' }, 'disallow')
  const own = invoice({ total: 10_000, lines: [{ amount: 10_000 }] })
  expect(await desk.bring(own)).toEqual([expect.stringContaining('invoice in_1 2026-11-02:')])
})
