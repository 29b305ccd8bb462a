// Accounting periods: years, quarters and months around now, and the rule that nothing is posted into a closed one.
// Which document posts when is the transactions' business.
//
// Fields: https://system.netsuite.com/help/helpcenter/en_US/srbrowser/Browser2017_2/schema/record/accountingperiod.html
import { userError } from './errors.ts'
import { asText, isTrue, type StoredRecord } from './schema.ts'
import type { RecordStore } from './store.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export interface PeriodYears {
  firstYear: number
  lastYear: number
}

/** The calendar years before, of and after now. */
export function yearsAround(nowMs: number): PeriodYears {
  const year = new Date(nowMs).getUTCFullYear()
  return { firstYear: year - 1, lastYear: year + 1 }
}

interface PeriodSpan {
  name: string
  firstMonth: number
  months: number
  parent?: string
  isYear?: boolean
  isQuarter?: boolean
}

const isoDate = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)

export class Periods {
  private readonly store: RecordStore

  constructor(store: RecordStore, years: PeriodYears) {
    this.store = store
    for (let year = years.firstYear; year <= years.lastYear; year += 1) this.addYear(year)
  }

  /** A closed period takes no posting; `allowNonGLChanges` still lets a memo or a custom field be edited. */
  closePeriod(id: string, options: { allowNonGLChanges?: boolean } = {}): void {
    this.change(id, {
      closed: true,
      allLocked: true,
      arLocked: true,
      apLocked: true,
      allowNonGLChanges: options.allowNonGLChanges ?? false,
    })
  }

  /** Lock A/R: invoices, credit memos, payments and refunds no longer post there; journals still do. */
  lockReceivables(id: string): void {
    this.change(id, { arLocked: true })
  }

  openPeriod(id: string): void {
    this.change(id, {
      closed: false,
      allLocked: false,
      arLocked: false,
      apLocked: false,
      allowNonGLChanges: false,
    })
  }

  /** The id of the month that holds a date, given as YYYY-MM-DD or YYYY-MM. */
  find(date: string): string | undefined {
    const day = date.length === 7 ? `${date}-01` : date
    return this.store
      .list('accountingPeriod')
      .find((period) => this.canPost(period) && this.start(period) <= day && day <= this.end(period))?.id
  }

  /** Years and quarters group months; nothing posts to them. */
  canPost(period: StoredRecord): boolean {
    return !isTrue(period.fields.isYear) && !isTrue(period.fields.isQuarter)
  }

  isClosed(id: string): boolean {
    const period = this.store.get('accountingPeriod', id)
    return period === undefined || isTrue(period.fields.closed) || isTrue(period.fields.allLocked)
  }

  allowsNonGLChanges(id: string): boolean {
    return isTrue(this.store.get('accountingPeriod', id)?.fields.allowNonGLChanges)
  }

  /**
   * SOAP has the code CLOSED_TRAN_PRD for this. Reading: REST carries it as most business rules, USER_ERROR and a
   * sentence; the sentence itself is not verified against an account.
   */
  refuseClosed(id: string, isReceivable: boolean): void {
    const period = this.store.get('accountingPeriod', id)
    if (!this.isClosed(id) && !(isReceivable && isTrue(period?.fields.arLocked))) return
    const name = asText(period?.fields.periodName) ?? id
    throw userError(
      `You cannot create, change or delete a transaction in a closed period. The accounting period ${name} is closed.`,
      'postingPeriod',
    )
  }

  private change(id: string, flags: Record<string, boolean>): void {
    const period = this.store.get('accountingPeriod', id)
    if (!period) throw new RangeError(`There is no accounting period ${id}.`)
    this.store.save({ ...period, fields: { ...period.fields, ...flags } })
  }

  private addYear(year: number): void {
    const yearId = this.add(year, { name: `FY ${year}`, firstMonth: 0, months: 12, isYear: true })
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const quarterId = this.add(year, {
        name: `Q${quarter + 1} ${year}`,
        firstMonth: quarter * 3,
        months: 3,
        parent: yearId,
        isQuarter: true,
      })
      for (let month = quarter * 3; month < quarter * 3 + 3; month += 1) {
        this.add(year, { name: `${MONTHS[month]} ${year}`, firstMonth: month, months: 1, parent: quarterId })
      }
    }
  }

  private add(year: number, span: PeriodSpan): string {
    const id = this.store.nextId('accountingPeriod')
    this.store.save({
      type: 'accountingPeriod',
      id,
      externalId: undefined,
      fields: {
        periodName: span.name,
        startDate: isoDate(year, span.firstMonth, 1),
        endDate: isoDate(year, span.firstMonth + span.months, 0),
        parent: span.parent,
        isYear: span.isYear ?? false,
        isQuarter: span.isQuarter ?? false,
        isAdjust: false,
        isPosting: span.months === 1,
        closed: false,
        allLocked: false,
        arLocked: false,
        apLocked: false,
        allowNonGLChanges: false,
      },
      sublists: {},
    })
    return id
  }

  private start = (period: StoredRecord): string => asText(period.fields.startDate) ?? ''
  private end = (period: StoredRecord): string => asText(period.fields.endDate) ?? ''
}
