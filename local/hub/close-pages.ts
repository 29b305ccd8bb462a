// The close at GET /close?month=2026-10 on the local hub: HTML for people, the JSON document for `Accept: application/json`.
// Opening a month reads it, in a thread, one month at a time, and the page tells how far it is; JSON waits for the answer.
// What was judged stands for ten minutes, so that an old green is never shown as today's; POST judges again at once.

import { setTimeout as wait } from 'node:timers/promises'
import { dayOf } from '../../shared/calendar.ts'
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import { closeJson } from '../../shared/close/document.ts'
import { closePage } from '../../shared/close/page/close-page.ts'
import { type MonthChoice, monthNavigation, monthsPage } from '../../shared/close/page/month-pages.ts'
import { progressEnd, progressFrame, progressNow } from '../../shared/close/page/progress-page.ts'
import { periodOf } from '../../shared/close/period.ts'
import type { Hub, Site } from '../../shared/page/page-frame.ts'
import { refusalPage } from '../../shared/page/refusal-page.ts'
import {
  HTML,
  isFromElsewhere,
  JSON_TYPE,
  type Refusal,
  respond,
  seeOther,
} from '../../shared/page/respond.ts'
import { addDays, monthOf } from '../../shared/recognition/day.ts'
import { CloseRuns, type Run, type RunClose } from './close-runs.ts'

export interface ClosePagesOptions {
  hub: Hub
  /** The seller's. */
  timeZone: string
  clock: Clock
  run: RunClose
  /** How long a browser waits for the answer before it is told how far the reading is, and how often it is told. */
  patienceMs?: number
}

const SITE: Site = { here: '/close', hasClose: true }
const MONTHS = 13
const PATIENCE_MS = 1_000

export class ClosePages {
  private readonly options: ClosePagesOptions
  private readonly runs: CloseRuns

  constructor(options: ClosePagesOptions) {
    this.options = options
    this.runs = new CloseRuns(options.clock, options.run)
  }

  async handle(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const isJson = wantsJson(request, url)
    if (isFromElsewhere(request)) return this.refuse(ELSEWHERE, 403, isJson)
    if (request.method !== 'GET' && request.method !== 'POST') return this.refuse(METHOD, 405, isJson)
    const month = url.searchParams.get('month')
    if (month === null) return isJson ? this.refuse(NO_MONTH, 400, true) : this.answerMonths()
    try {
      periodOf(month, this.options.timeZone, nowSeconds(this.options.clock))
    } catch (error) {
      if (error instanceof RangeError) return this.refuse(notAMonth(error), 400, isJson)
      throw error
    }
    const run = request.method === 'POST' ? this.runs.again(month) : this.runs.open(month)
    if (isJson) await run.ended
    else if (request.method === 'POST') return seeOther(`/close?month=${month}`)
    // A small account is answered at once, without a page in between.
    else await Promise.race([run.ended, wait(this.options.patienceMs ?? PATIENCE_MS)])
    const { outcome } = run
    if (!outcome) return respond(bytesOf(this.watch(run)), 200, HTML)
    if ('broken' in outcome) return this.refuse(brokeOff(month, outcome.broken), 500, isJson)
    if (isJson) return respond(closeJson(outcome.document), 200, JSON_TYPE)
    return this.page(closePage(outcome.document, this.frame({ month, isJudged: true })), 200)
  }

  /** Ends what is being read. */
  close(): Promise<void> {
    return this.runs.stop()
  }

  /** Until it was read, told each second how far it is. */
  private async *watch(run: Run): AsyncGenerator<string> {
    const { opening, ending } = progressFrame(run.month, this.frame({ month: run.month, isJudged: false }))
    yield opening
    while (!run.outcome) {
      yield progressNow(this.runs.progressOf(run))
      await Promise.race([run.ended, wait(this.options.patienceMs ?? PATIENCE_MS)])
    }
    yield progressEnd(run.month) + ending
  }

  private answerMonths(): Response {
    return this.page(monthsPage(this.months(), this.frame()), 200)
  }

  private frame(shown?: { month: string; isJudged: boolean }) {
    return {
      hub: this.options.hub,
      site: SITE,
      navigation: monthNavigation(this.months(shown?.month), shown),
    }
  }

  /** The last thirteen, newest first: a year and the month that runs. */
  private months(also?: string): MonthChoice[] {
    const { clock, timeZone } = this.options
    const current = monthOf(dayOf(nowSeconds(clock), timeZone))
    const months = [current]
    while (months.length < MONTHS) months.push(monthOf(addDays(`${months.at(-1)}-01`, -1)))
    if (also !== undefined && !months.includes(also)) months.push(also)
    return months.map((month) => {
      const state = this.runs.stateOf(month)
      return { month, isOver: month < current, ...(state && { state }) }
    })
  }

  private refuse(refusal: Refusal, status: number, isJson: boolean): Response {
    return isJson
      ? respond(`${JSON.stringify({ error: refusal })}\n`, status, JSON_TYPE)
      : this.page(refusalPage(refusal, this.frame()), status)
  }

  private page(text: string, status: number): Response {
    return respond(text, status, HTML)
  }
}

const bytesOf = (parts: AsyncGenerator<string>): ReadableStream<Uint8Array> =>
  ReadableStream.from(parts).pipeThrough(new TextEncoderStream())

const wantsJson = ({ headers }: Request, url: URL): boolean => {
  const accept = headers.get('accept') ?? ''
  return (
    url.searchParams.get('format') === 'json' ||
    (accept.includes('application/json') && !accept.includes('text/html'))
  )
}

const ELSEWHERE: Refusal = {
  what: 'Another site asked for this. Nothing was read.',
  next: "Open the hub's own address in the browser.",
  code: 'CLOSE-ORIGIN',
}
const METHOD: Refusal = {
  what: 'The close is read with GET and judged again with POST. Nothing was read.',
  next: 'Open /close.',
  code: 'CLOSE-METHOD',
}
const NO_MONTH: Refusal = {
  what: 'No month was named. Nothing was read.',
  next: 'Ask for /close?month=2026-10.',
  code: 'CLOSE-MONTH',
}

const notAMonth = ({ message }: RangeError): Refusal => ({
  what: `${message} Nothing was read.`,
  next: 'Choose a month above.',
  code: 'CLOSE-MONTH',
})

const brokeOff = (month: string, message: string): Refusal => ({
  what: `The close of ${month} broke off: ${message} Nothing was judged.`,
  next: `Engineering: hub close ${month} says more. Open it again to try again.`,
  code: 'CLOSE-BROKEN',
})
