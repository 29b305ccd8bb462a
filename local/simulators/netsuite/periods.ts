// Accounting periods: years, quarters and months around now, and the rule that nothing is posted into a closed one.
// Which document posts when is the transactions' business.
//
// Fields: https://system.netsuite.com/help/helpcenter/en_US/srbrowser/Browser2017_2/schema/record/accountingperiod.html
// Locking and closing: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N1452509.html
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

/** What a lock locks: what is written for customers, or the rest of the ledger. */
export type Area = 'receivables' | 'ledger'

const LEDGER_TYPES = new Set(['journalEntry', 'deposit', 'fxReval'])

export const areaOf = (recordType: string): Area => (LEDGER_TYPES.has(recordType) ? 'ledger' : 'receivables')

const isoDate = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)

export class Periods {
  private readonly store: RecordStore

  constructor(store: RecordStore, years: PeriodYears) {
    this.store = store
    for (let year = years.firstYear; year <= years.lastYear; year += 1) this.addYear(year)
  }

  /**
   * A closed period takes no posting; `allowNonGLChanges` still lets a memo or a custom field be edited. Reading: one
   * month may be closed alone; the checklist of a real account wants the months before it closed first.
   */
  closePeriod(id: string, options: { allowNonGLChanges?: boolean } = {}): void {
    this.change(id, {
      closed: true,
      allLocked: true,
      arLocked: true,
      apLocked: true,
      allowNonGLChanges: options.allowNonGLChanges ?? false,
    })
  }

  /**
   * Lock A/R: what is written for customers no longer posts there; journals and bank deposits still do. Reading: a
   * journal counts as a journal even where one of its lines is on receivables. An integration's role is taken to lack
   * the permission Override Period Restrictions, which would let it through a lock (never through a closed period).
   */
  lockReceivables(id: string): void {
    this.change(id, { arLocked: true })
  }

  /** Lock All, the step before closing. */
  lockAll(id: string): void {
    this.change(id, { allLocked: true, arLocked: true, apLocked: true })
  }

  /** The box "Allow Non-G/L Changes" of the period record. */
  allowNonGLChanges(id: string, allowed: boolean): void {
    this.change(id, { allowNonGLChanges: allowed })
  }

  /** Unlocks and reopens; "any later closed periods are automatically reopened" (help section_N1457543). */
  openPeriod(id: string): void {
    const wasClosed = isTrue(this.store.get('accountingPeriod', id)?.fields.closed)
    this.reopen(id)
    const period = this.store.get('accountingPeriod', id)
    if (!wasClosed || !period) return
    for (const later of this.months()) {
      if (this.start(later) > this.start(period) && isTrue(later.fields.closed)) this.reopen(later.id)
    }
  }

  private reopen(id: string): void {
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
    return this.months().find((period) => this.start(period) <= day && day <= this.end(period))?.id
  }

  contains(id: string, date: string): boolean {
    const period = this.store.get('accountingPeriod', id)
    return period !== undefined && this.start(period) <= date && date <= this.end(period)
  }

  /** The month of the date; where it takes no posting, the one that the company's preference says instead. */
  forDate(
    date: string,
    rule: { area: Area; today: string; whenClosed: 'refuse' | 'currentPeriod' | 'firstOpenPeriod' },
  ): string | undefined {
    const month = this.find(date)
    if (rule.whenClosed === 'refuse' || month === undefined || this.takes(month, rule.area)) return month
    return rule.whenClosed === 'currentPeriod' ? this.find(rule.today) : this.firstOpenFrom(date, rule.area)
  }

  /** Reading of "first open accounting period": the first one from the date on. */
  firstOpenFrom(date: string, area: Area): string | undefined {
    return this.months().find((period) => this.end(period) >= date && this.takes(period.id, area))?.id
  }

  startOf = (id: string): string => {
    const period = this.store.get('accountingPeriod', id)
    return period ? this.start(period) : ''
  }

  /** Months in calendar order. */
  private months(): StoredRecord[] {
    return this.store
      .list('accountingPeriod')
      .filter((period) => this.canPost(period))
      .sort((a, b) => (this.start(a) < this.start(b) ? -1 : 1))
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

  /** Whether documents of this area post there. */
  takes(id: string, area: Area): boolean {
    const period = this.store.get('accountingPeriod', id)
    return !this.isClosed(id) && !(area === 'receivables' && isTrue(period?.fields.arLocked))
  }

  /**
   * SOAP has the code CLOSED_TRAN_PRD for this. Reading: REST carries it as most business rules, USER_ERROR and a
   * sentence; the sentences themselves are not verified against an account. "If the period is open but locked and you
   * don't have the override permission, the system treats it as closed" (help chapter_N2394992).
   */
  refuseClosed(id: string, area: Area): void {
    if (this.takes(id, area)) return
    const period = this.store.get('accountingPeriod', id)
    const name = asText(period?.fields.periodName) ?? id
    const state = isTrue(period?.fields.closed) || period === undefined ? 'closed' : 'locked'
    throw userError(
      `You cannot create, change or delete a transaction in a ${state} period. The accounting period ${name} is ${state}.`,
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
