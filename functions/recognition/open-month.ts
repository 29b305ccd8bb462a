// The first month that takes a revenue journal, by NetSuite's accounting periods.
import { permanent } from '../../shared/errors.ts'
import { lastDayOf, type Month, nextMonth } from '../../shared/recognition/day.ts'
import type { PeriodBook } from '../connectors/netsuite/periods.ts'

/** Months before it take no journal: what is due for them comes with its own. @throws permanent where none is open. */
export async function openMonth(periods: PeriodBook, firstMonth: Month): Promise<Month> {
  for (let month = firstMonth; ; month = nextMonth(month)) {
    const period = await periods.postingPeriod(lastDayOf(month))
    if (period === undefined) {
      throw permanent(`NetSuite has no open accounting period on or after ${month}. Nothing was journaled.`, {
        code: 'NS-PERIOD',
        hint: 'NetSuite admin: set up or open a period (Setup → Accounting → Manage Accounting Periods). Then: hub recognize',
      })
    }
    if (period.insteadOf === undefined) return month
  }
}
