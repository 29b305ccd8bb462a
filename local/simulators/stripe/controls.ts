// What a person or a test can make happen in the simulated account that no API call makes happen: declines, a bank
// transfer, a dispute, a debit that comes back, a payout that fails, a rate, an event of any kind. As functions here;
// over HTTP in control-routes.ts.
import { registerForTax, type TaxRegistration } from './billing/automatic-tax.ts'
import { chargeStripeFee } from './billing/balance.ts'
import { planReturn, returnDebit } from './billing/bank-returns.ts'
import {
  closeDispute,
  closeInquiry,
  type DisputeOptions,
  escalateInquiry,
  openDispute,
} from './billing/disputes.ts'
import { receiveTransfer } from './billing/payments.ts'
import { debitBank, failPayout, payOut, planDailyPayouts } from './billing/payouts.ts'
import { closeReview, openReview, warnOfFraud } from './billing/radar.ts'
import { failRefund } from './billing/refund-failure.ts'
import { setSettlement } from './billing/settlement.ts'
import { attachMethod } from './routes/payment-methods.ts'
import { seedObjects } from './seed.ts'
import type {
  BalanceTransaction,
  Dispute,
  EarlyFraudWarning,
  Identified,
  Invoice,
  Payout,
  Refund,
  Review,
  TaxRate,
  WireEvent,
} from './wire.ts'
import { fetchByPath, type SettlementRule, type World } from './world.ts'

export interface Controls {
  /** The next `count` charge attempts of this customer decline; attempts after that go by the payment method. */
  failNextPayments(customer: string, count: number): void
  /** Money arrives for an open invoice by bank transfer: a part of it, all of it, or more. */
  receiveTransfer(invoice: string, amountMinor: number): Invoice
  /** A formal dispute (the funds go at once), or with `inquiry` a warning that moves nothing. */
  openDispute(charge: string, options?: string | DisputeOptions): Dispute
  closeDispute(dispute: string, outcome: 'won' | 'lost'): Dispute
  /** An inquiry becomes a formal dispute. */
  escalateInquiry(dispute: string): Dispute
  closeInquiry(dispute: string): Dispute
  /** A bank debit comes back after it succeeded, now or in some days: a lost dispute with a fee. */
  returnDebit(charge: string, reason: string, afterDays?: number): Dispute | undefined
  failRefund(refund: string, reason?: string): Refund
  /** Pays out all of a currency: payout.created, payout.paid, payout.reconciliation_completed. */
  payOut(currency: string): Payout
  /** Stripe debits the bank account for a negative balance: a payout with a negative amount. */
  debitBank(currency: string): Payout
  /** The bank sends a payout back, be it paid already. */
  failPayout(payout: string, code?: string): Payout
  /**
   * From the next midnight (UTC) on, `daily` pays out what is available on every business day. There is always a next
   * day: nextDue() is never undefined while it is set.
   */
  setPayoutSchedule(schedule: 'daily' | 'manual'): void
  /** Payments in this currency settle in another one from now on, or at another rate; null: in their own. */
  settleCurrency(currency: string, rule: SettlementRule | null): void
  /** From now on Stripe's own tax engine collects there, on invoices under automatic_tax. */
  registerForTax(registration: TaxRegistration): TaxRate
  /** Stripe takes a fee for one of its products from the balance. */
  chargeStripeFee(fee: { amount: number; currency: string; description: string }): BalanceTransaction
  warnOfFraud(charge: string, fraudType?: string): EarlyFraudWarning
  openReview(charge: string, reason?: 'manual' | 'rule'): Review
  closeReview(review: string, reason: NonNullable<Review['closed_reason']>): Review
  /** Emits an event of any type about any object, which a fetch then finds. */
  emitEvent(type: string, object: Identified, previousAttributes?: Record<string, unknown>): WireEvent
  seedObjects(objects: readonly Identified[]): void
}

export function createControls(world: World): Controls {
  return {
    failNextPayments: (customer, count) => {
      world.store.hidden.declines.set(customer, count)
    },
    receiveTransfer: (id, amountMinor) => {
      const invoice = fetchByPath(world.store.invoices, 'invoice', id)
      const method =
        world.store.paymentMethods.of(invoice.customer)[0] ??
        attachMethod(world, 'pm_usBankAccount', invoice.customer ?? '')
      receiveTransfer(world, invoice, amountMinor, method)
      return invoice
    },
    ...disputeControls(world),
    failRefund: (refund, reason) =>
      failRefund(world, fetchByPath(world.store.refunds, 'refund', refund), reason),
    payOut: (currency) => payOut(world, currency),
    debitBank: (currency) => debitBank(world, currency),
    failPayout: (payout, code) => failPayout(world, fetchByPath(world.store.payouts, 'payout', payout), code),
    setPayoutSchedule: (schedule) => {
      if (world.settings.payoutSchedule === schedule) return
      world.settings.payoutSchedule = schedule
      if (schedule === 'daily') planDailyPayouts(world)
    },
    settleCurrency: (currency, rule) => setSettlement(world, currency, rule),
    registerForTax: (registration) => registerForTax(world, registration),
    chargeStripeFee: (fee) => chargeStripeFee(world, fee),
    emitEvent: (type, object, previousAttributes) => {
      if (!world.store.find(object.id)) seedObjects(world.store, [object])
      return world.events.emit(type, object, world.seconds(), null, previousAttributes)
    },
    seedObjects: (objects) => seedObjects(world.store, objects),
  }
}

function disputeControls(world: World) {
  const disputeAt = (id: string): Dispute => fetchByPath(world.store.disputes, 'dispute', id)
  return {
    openDispute: (charge, options) =>
      openDispute(world, charge, typeof options === 'string' ? { reason: options } : options),
    closeDispute: (dispute, outcome) => closeDispute(world, dispute, outcome),
    escalateInquiry: (dispute) => escalateInquiry(world, disputeAt(dispute)),
    closeInquiry: (dispute) => closeInquiry(world, disputeAt(dispute)),
    returnDebit: (charge, reason, afterDays = 0) => {
      if (afterDays === 0) return returnDebit(world, charge, reason)
      planReturn(world, charge, reason, afterDays)
      return undefined
    },
    warnOfFraud: (charge, fraudType = 'unauthorized_use_of_card') => warnOfFraud(world, charge, fraudType),
    openReview: (charge, reason = 'rule') => openReview(world, charge, reason),
    closeReview: (id, reason) => {
      const review = fetchByPath(world.store.reviews, 'review', id)
      closeReview(world, review, reason)
      return review
    },
  } satisfies Partial<Controls>
}
