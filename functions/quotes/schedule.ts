// The phases of a deal as the subscription schedule that Stripe is asked for. Each recurring item is priced so that its quantity
// comes to the planned amount in Stripe's own rounding; what is billed once says its service period; nothing is prorated. PURE.
//
// Whole phases end by Stripe's own calendar (so many months after their start), short ones on a day. The quote's id is in the
// phases' metadata, which reach the subscription: https://docs.stripe.com/api/subscription_schedules/object#subscription_schedule_object-phases-metadata
import Stripe from 'stripe'
import { startOfDay } from '../../shared/calendar.ts'
import type { Day } from '../../shared/recognition/day.ts'
import type { Deal, DealLine } from './deal.ts'
import { isWhole, quotient, toText, whole } from './decimal.ts'
import type { Phase } from './phases.ts'
import type { PlannedItem } from './plan.ts'

export interface ScheduleTerms {
  /** Stripe's. */
  customer: string
  quoteId: string
  /** Of the days of the deal. */
  timeZone: string
  /** Stripe's product of a line. */
  productOf: (line: DealLine) => string
  /** Days until an invoice is due; absent: the default payment method is charged. */
  netDays?: number
  /** After the term: go on at the last phase's terms, or end. */
  renews: boolean
  /** The first day of a trial that comes before the term. */
  trialFrom?: Day
}

type Params = Stripe.SubscriptionScheduleCreateParams
type PhaseParams = NonNullable<Params['phases']>[number]
type Item = PhaseParams['items'][number]
type AddedItem = NonNullable<PhaseParams['add_invoice_items']>[number]

export function scheduleOf(deal: Deal, phases: readonly Phase[], terms: ScheduleTerms): Params {
  const { customer, netDays, renews, timeZone, trialFrom } = terms
  const begins = (day: Day) => startOfDay(day, timeZone)
  const desk = new Desk(deal, terms)
  const paid = phases.map((phase, index) => desk.phase(phase, index))
  const [first] = phases
  const trial = first && trialFrom !== undefined ? [desk.trial(first, begins(deal.from))] : []
  return {
    customer,
    start_date: begins(trialFrom ?? deal.from),
    end_behavior: renews ? 'release' : 'cancel',
    ...(netDays !== undefined && {
      default_settings: {
        collection_method: 'send_invoice',
        invoice_settings: { days_until_due: netDays },
      },
    }),
    phases: [...trial, ...paid],
    metadata: { switchyard_quote: terms.quoteId },
  }
}

class Desk {
  private readonly deal: Deal
  private readonly terms: ScheduleTerms

  constructor(deal: Deal, terms: ScheduleTerms) {
    this.deal = deal
    this.terms = terms
  }

  phase(phase: Phase, index: number): PhaseParams {
    const { billingMonths } = this.deal
    const { timeZone } = this.terms
    const ending =
      phase.cycles > 0
        ? { duration: { interval: 'month' as const, interval_count: phase.cycles * billingMonths } }
        : { end_date: startOfDay(phase.until, timeZone) }
    return {
      ...this.common(),
      ...ending,
      items:
        phase.recurring.length > 0 ? phase.recurring.map((item) => this.item(item)) : [this.nothing(phase)],
      ...(phase.once.length > 0 && { add_invoice_items: phase.once.map((item) => this.once(item)) }),
      // The first is anchored at its start by itself.
      ...(index > 0 && { billing_cycle_anchor: 'phase_start' as const }),
    }
  }

  /** What will be paid for, until then for nothing. */
  trial(first: Phase, endSeconds: number): PhaseParams {
    const items =
      first.recurring.length > 0 ? first.recurring.map((item) => this.item(item)) : [this.nothing(first)]
    return { ...this.common(), items, trial: true, end_date: endSeconds }
  }

  private common() {
    return { proration_behavior: 'none' as const, metadata: { switchyard_quote: this.terms.quoteId } }
  }

  private item({ line: number, amountMinor }: Phase['recurring'][number]): Item {
    const line = this.line(number)
    // Stripe takes whole quantities; a price for all of it says the same.
    const quantity = isWhole(line.quantity) ? line.quantity.units : 1n
    const each = quotient(whole(amountMinor), quantity)
    return {
      quantity: Number(quantity),
      price_data: {
        ...this.price(line),
        recurring: { interval: 'month', interval_count: this.deal.billingMonths },
        ...(isWhole(each)
          ? { unit_amount: Number(each.units) }
          : { unit_amount_decimal: Stripe.Decimal.from(toText(each)) }),
      },
      metadata: { switchyard_quote_line: String(number) },
    }
  }

  /** A phase must have an item; what is due in a short cycle is billed once, beside it. */
  private nothing(phase: Phase): Item {
    const line = this.line(phase.once[0]?.line ?? this.deal.lines[0]?.number ?? 0)
    return {
      quantity: 1,
      price_data: {
        ...this.price(line),
        recurring: { interval: 'month', interval_count: this.deal.billingMonths },
        unit_amount: 0,
      },
    }
  }

  private once({ line: number, kind, amountMinor, from, until }: PlannedItem): AddedItem {
    const at = (day: Day) => ({ type: 'timestamp' as const, timestamp: startOfDay(day, this.terms.timeZone) })
    return {
      quantity: 1,
      price_data: { ...this.price(this.line(number)), unit_amount: Number(amountMinor) },
      period: { start: at(from), end: at(until) },
      metadata: { switchyard_quote_line: String(number), switchyard_kind: kind },
    }
  }

  private price(line: DealLine) {
    return { currency: this.deal.currency.toLowerCase(), product: this.terms.productOf(line) }
  }

  private line(number: number): DealLine {
    const line = this.deal.lines.find((each) => each.number === number)
    if (!line) throw new Error(`The quote has no line ${number}.`)
    return line
  }
}
