// What support and sales are told of a dispute, an early fraud warning or a review: whose it is, how much money it is
// about, how it stands in Stripe and what to do. Pure; the Case that says it is in cases.ts.
import type Stripe from 'stripe'
import { invariant } from '../../../shared/errors.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { amount } from './body.ts'
import type { SalesforceConfig } from './config.ts'
import type { Root } from './context.ts'

/** What may open a Case. */
export type Matter = Stripe.Dispute | Stripe.Radar.EarlyFraudWarning | Stripe.Review

/** The switches of `cases` in the configuration. */
type Switch = keyof SalesforceConfig['cases']['priorities']

const SWITCHES: Readonly<Record<Matter['object'], Switch>> = {
  dispute: 'disputes',
  'radar.early_fraud_warning': 'fraudWarnings',
  review: 'reviews',
}

export const isMatter = (root: Root): root is Matter => Object.hasOwn(SWITCHES, root.object)

export const switchOf = (matter: Matter): Switch => SWITCHES[matter.object]

/** Where nothing is at risk any more. Stripe may add statuses: one that is not known is open. */
const ENDED = new Set<string>(['won', 'lost', 'warning_closed', 'prevented'])

export const isAtRisk = ({ status }: Stripe.Dispute): boolean => !ENDED.has(status)

/**
 * A bank debit that came back after it succeeded: lost as it opens, and nothing to answer. `due_by` is 0 "if the customer's
 * bank … doesn't allow a response" (the type's own words): https://docs.stripe.com/api/disputes/object
 */
export const isReturnedDebit = ({ status, evidence_details }: Stripe.Dispute): boolean =>
  status === 'lost' && evidence_details.due_by === 0

/** Nothing is left to do for anybody. A returned debit is only the beginning: the customer owes the money again. */
export function isOver(matter: Matter): boolean {
  switch (matter.object) {
    case 'dispute':
      return !isAtRisk(matter) && !isReturnedDebit(matter)
    case 'radar.early_fraud_warning':
      return !matter.actionable
    case 'review':
      return !matter.open
  }
}

/** Stripe's own words for how it stands. */
export function stateOf(matter: Matter): string {
  switch (matter.object) {
    case 'dispute':
      return matter.status
    case 'radar.early_fraud_warning':
      return matter.actionable ? 'actionable' : 'not actionable'
    case 'review':
      return matter.open ? 'open' : `closed (${matter.closed_reason ?? matter.reason})`
  }
}

/** Always expanded (manifest.ts); a review may have none. */
export function chargeOf(matter: Matter): Stripe.Charge | undefined {
  if (typeof matter.charge === 'string')
    throw invariant(`${matter.id} came without its charge, which is always expanded.`)
  return matter.charge ?? undefined
}

export const customerOf = (matter: Matter): string | undefined => idOf(chargeOf(matter)?.customer)

export const intentOf = (matter: Matter): string | undefined =>
  idOf(matter.payment_intent) ?? idOf(chargeOf(matter)?.payment_intent)

/** "EUR 1130.50"; of a dispute what is disputed, else what was charged. */
function amountOf(matter: Matter): string | undefined {
  const source = matter.object === 'dispute' ? matter : chargeOf(matter)
  return source && `${source.currency.toUpperCase()} ${amount(source.amount, source.currency)}`
}

/** One line, without a name: a Case says by its look-ups whose it is. */
export function subjectOf(matter: Matter): string {
  const [title, why] = titleOf(matter)
  return [[title, amountOf(matter)].filter(Boolean).join(': '), why].join(', ')
}

function titleOf(matter: Matter): [title: string, why: string] {
  switch (matter.object) {
    case 'dispute':
      if (isReturnedDebit(matter)) return ['Returned bank debit', matter.reason]
      return [isInquiry(matter) ? 'Inquiry' : 'Dispute', matter.reason]
    case 'radar.early_fraud_warning':
      return ['Early fraud warning', matter.fraud_type]
    case 'review':
      return ['Payment to review', matter.opened_reason]
  }
}

const isInquiry = ({ status }: Stripe.Dispute): boolean => status.startsWith('warning')

/** What happened, what did not, what to do, and where. */
export function adviceOf(matter: Matter): string {
  const what = amountOf(matter) ?? 'A payment'
  const dashboard = `https://dashboard.stripe.com${matter.livemode ? '' : '/test'}`
  switch (matter.object) {
    case 'dispute': {
      const link = `${dashboard}/disputes/${matter.id}`
      if (isReturnedDebit(matter)) {
        return `The customer's bank took ${what} back after it had been collected (${matter.reason}). Stripe does not collect it again, and the invoice still says paid: agree with the customer how it is paid.\n${link}`
      }
      if (isInquiry(matter)) {
        return `The customer's bank asks about ${what} (${matter.reason}). No money has moved. Answer in Stripe, or refund, by the date on the dispute record.\n${link}`
      }
      return `The customer's bank disputes ${what} (${matter.reason}). Answer in Stripe by the date on the dispute record; without evidence it is lost.\n${link}`
    }
    case 'radar.early_fraud_warning':
      return `The card's issuer reports ${what} as fraud (${matter.fraud_type}). It is not disputed yet: a full refund now avoids the dispute and its fee.\n${dashboard}/payments/${intentOf(matter) ?? chargeOf(matter)?.id ?? ''}`
    case 'review':
      return `${what} waits for a review (${matter.opened_reason}). Approve or refund it in Stripe.\n${dashboard}/radar/reviews/${matter.id}`
  }
}
