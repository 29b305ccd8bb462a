// Clearing balance = Stripe balance, looked at every day: the close's own check of the clearing accounts, as of the last
// midnight by the seller's calendar. A log line and a metric for each currency, and one for the whole, which alarms watch: a
// difference is small and young, and found before the month's end. What could not be read is no tie: it says so and throws,
// so that Lambda asks again; without an answer for two days the missing metric itself alarms.
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import type { Check, Figure, Unread } from '../../shared/close/check.ts'
import { checkClearing } from '../../shared/close/clearing.ts'
import { type Period, periodUntilYesterday } from '../../shared/close/period.ts'
import { transient } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import { withMetrics } from '../../shared/metrics.ts'
import { toDecimal } from '../../shared/money/money.ts'
import type { NetSuiteClient } from '../connectors/netsuite/client.ts'
import type { NetSuiteConfig } from '../connectors/netsuite/config.ts'
import { balanceOf } from './balance.ts'
import { StripeAccounts } from './clearing-books.ts'
import { attempt, map } from './evidence.ts'
import { readStripeBalance, StripeLists } from './stripe-balance.ts'

export interface DailyClearing {
  stripe: Stripe
  netsuite: { client: NetSuiteClient; config: NetSuiteConfig }
  /** The seller's. */
  timeZone: string
  clock: Clock
  log: Log
}

/** Of the differences found, in the log; the close lists them all. */
const NAMED = 10

/** @throws transient CLEARING-UNREAD when Stripe or NetSuite could not be read. */
export async function checkDailyClearing(sources: DailyClearing): Promise<Check> {
  const { stripe, netsuite, timeZone, clock, log } = sources
  const period = periodUntilYesterday(timeZone, nowSeconds(clock))
  const balance = await attempt('Stripe', async () => {
    const lists = new StripeLists({ stripe, clock })
    return { value: await readStripeBalance(stripe, lists, period), evidence: lists.evidence }
  })
  const accounts = new StripeAccounts({ client: netsuite.client, clock }, netsuite.config, period)
  const books = await attempt('NetSuite', () => accounts.readClearing())
  const feesFrom = netsuite.config.payouts?.feesWithPaymentsFrom
  const check = checkClearing(period, {
    balance: map(balance, (all) => balanceOf(all, period, { feesFrom })),
    books,
  })
  const [unread] = check.unread
  if (unread) throw tellUnread(sources, period, unread)
  for (const figure of check.figures)
    if (figure.label === 'closing') log({ line: 'clearing', ...closingOf(figure, period, clock) })
  log({
    line: 'clearing-check',
    until: period.lastDay,
    state: check.state,
    breaks: check.breaks.length,
    found: check.breaks.slice(0, NAMED).map(({ object, cause, currency = '', amountMinor }) => ({
      object,
      cause,
      currency,
      amount: amountMinor === undefined ? '' : toDecimal({ amountMinor, currency }),
    })),
    ...withMetrics(clock, { ClearingBreaks: check.breaks.length }),
  })
  return check
}

function closingOf({ currency, amounts }: Figure, { lastDay }: Period, clock: Clock) {
  const { stripe = 0n, expected = 0n, netsuite = 0n } = amounts
  const differenceMinor = netsuite - expected
  const say = (amountMinor: bigint) => toDecimal({ amountMinor, currency })
  // A metric is a picture, not money: beyond 2^53 minor units it is only about right, the decimals beside it are exact.
  const size = Number(differenceMinor < 0n ? -differenceMinor : differenceMinor)
  return {
    until: lastDay,
    stripe: say(stripe),
    expected: say(expected),
    netsuite: say(netsuite),
    difference: say(differenceMinor),
    ...withMetrics(clock, { ClearingDifference: size }, { currency }),
  }
}

function tellUnread({ log }: DailyClearing, { lastDay }: Period, { source, why, owner, next, code }: Unread) {
  log({ line: 'clearing-check', until: lastDay, state: 'unknown', source, code })
  return transient(`The clearing accounts were not compared with the Stripe balance of ${lastDay}: ${why}`, {
    code: 'CLEARING-UNREAD',
    hint: `${owner}: ${next}`,
    detail: code,
  })
}
