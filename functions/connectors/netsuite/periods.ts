// Which accounting period a document goes into: the one its date falls into, or, when that is closed, the first open
// one after it, with its first day as the document's date where the configuration says so. Read from NetSuite in one
// query and remembered for a minute.
import * as z from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import type { PostingPeriod } from './books.ts'
import type { NetSuiteClient } from './client.ts'
import type { NetSuiteConfig } from './config.ts'

const REMEMBER_MS = 60_000

const flag = z.enum(['T', 'F'])
const row = z.object({
  id: z.coerce.string(),
  periodname: z.string(),
  startdate: z.string(),
  enddate: z.string(),
  closed: flag,
  alllocked: flag.nullish(),
  arlocked: flag.nullish(),
})

interface Period {
  id: string
  name: string
  /** YYYY-MM-DD */
  start: string
  end: string
  open: boolean
}

export class PeriodBook {
  private readonly client: NetSuiteClient
  private readonly clock: Clock
  private readonly dates: NetSuiteConfig['datesInClosedPeriods']
  private remembered: { periods: Promise<Period[]>; untilMs: number } | undefined

  constructor(client: NetSuiteClient, clock: Clock, { datesInClosedPeriods }: NetSuiteConfig) {
    this.client = client
    this.clock = clock
    this.dates = datesInClosedPeriods
  }

  /** After NetSuite has called a period closed that stood as open here. */
  forget(): void {
    this.remembered = undefined
  }

  /** Undefined when no open period covers or follows the day. */
  async postingPeriod(day: string): Promise<PostingPeriod | undefined> {
    return choosePeriod(await this.periods(), day, this.dates)
  }

  private periods(): Promise<Period[]> {
    const now = this.clock.now()
    if (this.remembered && this.remembered.untilMs > now) return this.remembered.periods
    const periods = this.read()
    const remembered = { periods, untilMs: now + REMEMBER_MS }
    this.remembered = remembered
    periods.catch(() => {
      if (this.remembered === remembered) this.remembered = undefined
    })
    return periods
  }

  /** Years, quarters and adjustment periods take no documents of ours. */
  private async read(): Promise<Period[]> {
    const rows = await this.client.query(
      "SELECT id, periodname, TO_CHAR(startdate, 'YYYY-MM-DD') AS startdate, TO_CHAR(enddate, 'YYYY-MM-DD') AS enddate, closed, alllocked, arlocked FROM accountingperiod WHERE isyear = 'F' AND isquarter = 'F' AND isadjust = 'F'",
      row,
      'read the accounting periods',
    )
    return rows
      .map((period) => ({
        id: period.id,
        name: period.periodname,
        start: period.startdate,
        end: period.enddate,
        open: period.closed === 'F' && period.alllocked !== 'T' && period.arlocked !== 'T',
      }))
      .sort((a, b) => (a.start < b.start ? -1 : 1))
  }
}

/** `periods` in order of their start. */
export function choosePeriod(
  periods: readonly Period[],
  day: string,
  dates: NetSuiteConfig['datesInClosedPeriods'],
): PostingPeriod | undefined {
  const natural = periods.find((period) => period.start <= day && day <= period.end)
  if (natural?.open) return { id: natural.id, name: natural.name }
  const firstOpen = periods.find((period) => period.open && period.start > day)
  // A day that no period covers has no first open one either: the calendar is not set up.
  if (!natural || !firstOpen) return undefined
  return {
    id: firstOpen.id,
    name: firstOpen.name,
    insteadOf: natural.name,
    ...(dates === 'move' && { movedTo: firstOpen.start }),
  }
}
