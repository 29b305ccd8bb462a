// What gather reads from Stripe beside the object itself: credit notes, the customer's balance, what became of a payment
// in the Stripe balance, billing credits. Within the manifest's parallel calls; what Stripe no longer has is no error where
// it can be done without.
import type { LimitFunction } from 'p-limit'
import type Stripe from 'stripe'
import { transient } from '../../../shared/errors.ts'
import { isStripeNotFound } from '../../../shared/stripe/errors.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import type { Settlement } from './books.ts'
import { settlementOf } from './clearing.ts'
import type { PaymentFact } from './invoice-history.ts'
import { expanded } from './stripe-fields.ts'

/** Stripe's own maximum for a page. */
const PAGE = 100
const MANY = { limit: 10_000 }

export class StripeReads {
  private readonly stripe: Stripe
  private readonly limit: LimitFunction

  constructor(stripe: Stripe, limit: LimitFunction) {
    this.stripe = stripe
    this.limit = limit
  }

  creditNotesOf(invoiceId: string): Promise<Stripe.CreditNote[]> {
    return this.limit(() =>
      this.stripe.creditNotes.list({ invoice: invoiceId, limit: PAGE }).autoPagingToArray(MANY),
    )
  }

  /**
   * Movements of the customer's balance, all or one invoice's: no event tells of them.
   * https://docs.stripe.com/api/customer_balance_transactions/list
   * @returns undefined for a deleted customer: its balance is gone with it.
   */
  async balanceOf(
    customerId: string,
    invoiceId?: string,
  ): Promise<Stripe.CustomerBalanceTransaction[] | undefined> {
    const query = { limit: PAGE, ...(invoiceId !== undefined && { invoice: invoiceId }) }
    return this.orNothing(() =>
      this.limit(() =>
        this.stripe.customers.listBalanceTransactions(customerId, query).autoPagingToArray(MANY),
      ),
    )
  }

  /**
   * What a charge, or the one behind a payment intent, came to in the Stripe balance.
   * @returns undefined when our key cannot read it: then it is taken to be in the payment's own currency.
   * @throws transient while Stripe has not settled it.
   */
  async settledCharge({
    paymentIntentId,
    chargeId = '',
  }: Pick<PaymentFact, 'paymentIntentId' | 'chargeId'>): Promise<
    { settlement: Settlement; transaction: Stripe.BalanceTransaction } | undefined
  > {
    const charge =
      paymentIntentId === undefined ? await this.charge(chargeId) : await this.chargeOf(paymentIntentId)
    if (!charge) return undefined
    const transaction = expanded<Stripe.BalanceTransaction>(charge.balance_transaction)
    if (!transaction) throw notSettled(charge.id)
    const amount = charge.amount_captured || charge.amount
    return { settlement: settlementOf(transaction, { amount, currency: charge.currency }), transaction }
  }

  private async chargeOf(paymentIntentId: string): Promise<Stripe.Charge | undefined> {
    const expand = ['latest_charge.balance_transaction']
    const intent = await this.orNothing(() =>
      this.limit(() => this.stripe.paymentIntents.retrieve(paymentIntentId, { expand })),
    )
    return expanded<Stripe.Charge>(intent?.latest_charge)
  }

  private charge(id: string): Promise<Stripe.Charge | undefined> {
    return this.orNothing(() =>
      this.limit(() => this.stripe.charges.retrieve(id, { expand: ['balance_transaction'] })),
    )
  }

  async balanceTransaction(
    value: string | Stripe.BalanceTransaction | null | undefined,
  ): Promise<Stripe.BalanceTransaction | undefined> {
    const given = expanded<Stripe.BalanceTransaction>(value)
    const id = idOf(value)
    if (given || id === undefined) return given
    return this.orNothing(() => this.limit(() => this.stripe.balanceTransactions.retrieve(id)))
  }

  /** All that a payout took along. https://docs.stripe.com/api/balance_transactions/list#balance_transaction_list-payout */
  movementsOf(payoutId: string): Promise<Stripe.BalanceTransaction[]> {
    return this.limit(async () => {
      const movements: Stripe.BalanceTransaction[] = []
      // A day's payout can hold more than the 10,000 that the SDK puts into an array.
      for await (const movement of this.stripe.balanceTransactions.list({ payout: payoutId, limit: PAGE }))
        movements.push(movement)
      return movements
    })
  }

  /** Whether a billing credit had been sold; what cannot be read counts as sold, so that somebody looks. */
  async isSoldCredit(creditTransactionId: string): Promise<boolean> {
    const transaction = await this.orNothing(() =>
      this.limit(() =>
        this.stripe.billing.creditBalanceTransactions.retrieve(creditTransactionId, {
          expand: ['credit_grant'],
        }),
      ),
    )
    return expanded<Stripe.Billing.CreditGrant>(transaction?.credit_grant)?.category !== 'promotional'
  }

  /** All that was granted, drawn, given back, expired and voided of a grant. */
  creditTransactionsOf(
    grantId: string,
    customerId: string | undefined,
  ): Promise<Stripe.Billing.CreditBalanceTransaction[]> {
    const query = {
      credit_grant: grantId,
      limit: PAGE,
      ...(customerId !== undefined && { customer: customerId }),
    }
    return this.limit(() => this.stripe.billing.creditBalanceTransactions.list(query).autoPagingToArray(MANY))
  }

  invoicePaymentsOf(paymentIntentId: string): Promise<Stripe.InvoicePayment[]> {
    return this.limit(() =>
      this.stripe.invoicePayments
        .list({ payment: { type: 'payment_intent', payment_intent: paymentIntentId }, limit: PAGE })
        .autoPagingToArray({ limit: 1_000 }),
    )
  }

  /** All refunds of a payment, whatever became of them. https://docs.stripe.com/api/refunds/list#list_refunds-payment_intent */
  async refundsOf(paymentIntentId: string): Promise<Stripe.Refund[]> {
    const refunds = await this.orNothing(() =>
      this.limit(() =>
        this.stripe.refunds.list({ payment_intent: paymentIntentId, limit: PAGE }).autoPagingToArray(MANY),
      ),
    )
    return refunds ?? []
  }

  /** With its customer, and all of its lines: they name the products. */
  async wholeInvoice(value: string | Stripe.Invoice): Promise<Stripe.Invoice> {
    const invoice =
      expanded<Stripe.Invoice>(value) ??
      (await this.limit(() =>
        this.stripe.invoices.retrieve(idOf(value) ?? '', { expand: ['customer', 'payments'] }),
      ))
    if (!invoice.lines.has_more) return invoice
    const data = await this.limit(() =>
      this.stripe.invoices.listLineItems(invoice.id, { limit: PAGE }).autoPagingToArray(MANY),
    )
    return { ...invoice, lines: { ...invoice.lines, data, has_more: false } }
  }

  /** When Stripe told that a dispute was closed; undefined when that is longer ago than Stripe keeps events (30 days). */
  async disputeClosedAt(dispute: Stripe.Dispute): Promise<number | undefined> {
    const events = await this.limit(() =>
      this.stripe.events
        .list({ type: 'charge.dispute.closed', created: { gte: dispute.created }, limit: PAGE })
        .autoPagingToArray(MANY),
    )
    return events.find(({ data }) => idOf(data.object) === dispute.id)?.created
  }

  private async orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read()
    } catch (error) {
      if (isStripeNotFound(error)) return undefined
      throw error
    }
  }
}

const notSettled = (chargeId: string) =>
  transient(`Stripe has not settled ${chargeId} yet: its balance transaction says in which currency.`, {
    code: 'NS-UNSETTLED',
    hint: 'Nothing to do: it is looked at again.',
    recordOnly: true,
  })
