// What hub.config.ts says of revenue, as recognition wants it; and which month is due on a day. A hub that does not journal
// is told so here, with the lines to add.
import { dayOf } from '../../shared/calendar.ts'
import { permanent } from '../../shared/errors.ts'
import { type Month, monthOf } from '../../shared/recognition/day.ts'
import { previousMonth } from '../../shared/recognition/opening.ts'
import type { RecognitionPolicy } from '../../shared/recognition/policy.ts'
import type { NetSuiteConfig } from '../connectors/netsuite/config.ts'
import type { RevenueJournalsConfig } from '../connectors/netsuite/revenue-config.ts'

/** @throws permanent where the hub posts no journals. */
export function journalSettings({ revenue }: Pick<NetSuiteConfig, 'revenue'>): RevenueJournalsConfig {
  if (revenue?.mode === 'journals') return revenue
  const why =
    revenue === undefined
      ? 'hub.config.ts does not say who recognizes it.'
      : 'hub.config.ts gives it to NetSuite (revenue.mode "dates-on-lines").'
  throw permanent(`No revenue journal is posted: ${why} Nothing was read or written.`, {
    code: 'REVREC-OFF',
    hint: "Engineering: hub.config.ts → netsuite.revenue: { mode: 'journals', firstMonth, deferredAccount, revenueAccounts, … }; functions/recognition/README.md has a whole example. Then: hub recognize",
  })
}

export const policyOf = (revenue: RevenueJournalsConfig, timeZone: string): RecognitionPolicy => ({
  timeZone,
  revenueKeys: {
    byProduct: revenue.products,
    ...(revenue.defaultKey !== undefined && { default: revenue.defaultKey }),
    ...(revenue.shippingKey !== undefined && { shipping: revenue.shippingKey }),
  },
  oneOffDate: revenue.oneOffDate,
  oneOffWithPeriod: revenue.oneOffWithPeriod,
  oneOffWithPeriodByProduct: revenue.oneOffWithPeriodByProduct,
  recognizeFrom: revenue.recognizeFrom,
})

/** The last month that is to be journaled on a day: the one that ended, once `postOnDay` is reached. */
export function monthDue(atSeconds: number, timeZone: string, postOnDay: number): Month {
  const today = dayOf(atSeconds, timeZone)
  const ended = previousMonth(monthOf(today))
  return Number(today.slice(8)) < postOnDay ? previousMonth(ended) : ended
}
