// The hand that plays a case: what a billing team does through Stripe's API, and what a bank or a card network does through
// the simulator's controls, to one customer. What happens to whom is in cases/.
import type Stripe from 'stripe'
import type { Controls } from '../simulators/stripe/controls.ts'
import type { ProductId } from './catalog.ts'
import { type DemoCurrency, PLACES } from './customers.ts'
import { inDays } from './in-days.ts'
import { creditOf } from './line-credit.ts'

/** What happens on a day, to the case's own customer. */
type Deed = (hand: CaseHand) => Promise<unknown>

export interface Case {
  /** The customer's name says what becomes of it. */
  name: string
  currency: DemoCurrency
  paysBy?: string
  /** By the day of the month on which it happens, counted from 0. */
  days: Readonly<Record<number, Deed>>
}

/** The whole of a credit note over a paid invoice. */
export const TO_CARD = (total: number) => ({ refund_amount: total })

/** Charged to the customer's method when it is due, instead of sent. */
export const ON_METHOD = { collection_method: 'charge_automatically' } as const

/** A case's customer, and what a billing team, a bank or a card network does to it. The newest object is meant. */
export class CaseHand {
  readonly bank: Controls
  private readonly stripe: Stripe
  private readonly customer: string
  private readonly currency: DemoCurrency
  private invoice = ''
  /** The invoice before the newest. */
  private earlier = ''
  private promise = ''
  private note = ''
  private disputed = ''
  private meter = ''

  private constructor(parts: { stripe: Stripe; bank: Controls; customer: string; currency: DemoCurrency }) {
    this.stripe = parts.stripe
    this.bank = parts.bank
    this.customer = parts.customer
    this.currency = parts.currency
  }

  static async open(stripe: Stripe, bank: Controls, { name, currency, paysBy }: Case): Promise<CaseHand> {
    const method = paysBy ?? 'pm_card_visa'
    const { id } = await stripe.customers.create({
      name,
      email: `${currency}+${name.slice(0, 6).toLowerCase().replace(/\W/g, '')}@example.com`,
      address: PLACES[currency][0],
      payment_method: method,
      invoice_settings: { default_payment_method: method },
    })
    return new CaseHand({ stripe, bank, customer: id, currency })
  }

  /** A draft that the hub taxes; Stripe finalizes it within hours. Sent, payable in 30 days, unless `params` say otherwise. */
  async bill(
    lines: number | readonly number[],
    params: Partial<Stripe.InvoiceCreateParams> = {},
    { product = 'prod_support', taxBehavior }: { product?: ProductId; taxBehavior?: 'inclusive' } = {},
  ) {
    const { id } = await this.stripe.invoices.create({
      customer: this.customer,
      currency: this.currency,
      auto_advance: true,
      pending_invoice_items_behavior: 'exclude',
      ...(params.collection_method !== 'charge_automatically' && {
        collection_method: 'send_invoice',
        days_until_due: 30,
      }),
      ...params,
    })
    this.earlier = this.invoice
    this.invoice = id
    for (const [index, unit_amount] of [lines].flat().entries()) {
      await this.stripe.invoiceItems.create({
        customer: this.customer,
        invoice: id,
        description: product === 'prod_credits' ? 'Prepaid calls' : `Support package ${index + 1}`,
        price_data: {
          currency: this.currency,
          product,
          unit_amount,
          ...(taxBehavior && { tax_behavior: taxBehavior }),
        },
      })
    }
  }

  pay = (params: Stripe.InvoicePayParams = {}) => this.stripe.invoices.pay(this.invoice, params)
  async payByCard() {
    const { id } = await this.stripe.paymentMethods.attach('pm_card_visa', { customer: this.customer })
    return this.pay({ payment_method: id })
  }

  transfer = async (amountMinor: number) => this.bank.receiveTransfer(this.invoice, amountMinor)
  voidInvoice = () => this.stripe.invoices.voidInvoice(this.invoice)
  voidEarlier = () => this.stripe.invoices.voidInvoice(this.earlier)
  payEarlier = () => this.stripe.invoices.pay(this.earlier)
  writeOff = () => this.stripe.invoices.markUncollectible(this.invoice)
  voidNote = () => this.stripe.creditNotes.voidCreditNote(this.note)

  async transferRest(tooMuch = 0) {
    const { amount_remaining } = await this.stripe.invoices.retrieve(this.invoice)
    this.bank.receiveTransfer(this.invoice, amount_remaining + tooMuch)
  }

  /** A payment as large as the newest invoice, attached to it and then to the one before. */
  async promiseForBoth() {
    const { amount_remaining } = await this.stripe.invoices.retrieve(this.invoice)
    const { id } = await this.stripe.paymentIntents.create({
      customer: this.customer,
      currency: this.currency,
      amount: amount_remaining,
      payment_method: 'pm_card_visa',
    })
    for (const invoice of [this.invoice, this.earlier])
      await this.stripe.invoices.attachPayment(invoice, { payment_intent: id })
    this.promise = id
  }

  keepPromise = () => this.stripe.paymentIntents.confirm(this.promise)

  /** Below zero: the customer is owed it. */
  adjustBalance = (amount: number) =>
    this.stripe.customers.createBalanceTransaction(this.customer, { amount, currency: this.currency })

  /** @param split where a paid invoice's money goes, given the note's total. */
  async credit(
    amount: number,
    split: (total: number) => Partial<Stripe.CreditNoteCreateParams> = () => ({}),
  ) {
    const { lines } = await this.stripe.invoices.retrieve(this.invoice)
    const [first] = lines.data
    if (!first) throw new Error(`${this.invoice} has no line.`)
    const { line, total } = creditOf(first, amount)
    const { id } = await this.stripe.creditNotes.create({
      invoice: this.invoice,
      lines: [line],
      ...split(total),
    })
    this.note = id
  }

  /** Alone, its tax with it, back to where the payment came from. */
  async creditShipping() {
    const { shipping_cost } = await this.stripe.invoices.retrieve(this.invoice)
    await this.stripe.creditNotes.create({
      invoice: this.invoice,
      shipping_cost: { shipping_rate: String(shipping_cost?.shipping_rate) },
      refund_amount: shipping_cost?.amount_total ?? 0,
    })
  }

  /** On the draft: off with the shipping cost, on with a line that can be taxed. */
  async billShippingAsLine(amountMinor: number) {
    const { customer, currency, invoice, stripe } = this
    await stripe.invoices.update(invoice, { shipping_cost: '' })
    await stripe.invoiceItems.create({
      customer,
      invoice,
      description: 'Shipping',
      price_data: { currency, product: 'prod_freight', unit_amount: amountMinor },
    })
  }

  async refund(amount: number) {
    return this.stripe.refunds.create({ charge: await this.chargeId(), amount })
  }

  async failRefund() {
    const { data } = await this.stripe.refunds.list({ charge: await this.chargeId(), limit: 1 })
    this.bank.failRefund(data[0]?.id ?? '', 'expired_or_canceled_card')
  }

  async chargeId(): Promise<string> {
    const { data } = await this.stripe.charges.list({ customer: this.customer, limit: 1 })
    return data[0]?.id ?? ''
  }

  async dispute(reason: string) {
    this.disputed = this.bank.openDispute(await this.chargeId(), reason).id
  }

  debitBank = async () => this.bank.debitBank(this.currency)

  closeDispute = async (outcome: 'won' | 'lost') => this.bank.closeDispute(this.disputed, outcome)

  async reviewAndApprove() {
    const { id } = this.bank.openReview(await this.chargeId(), 'rule')
    this.bank.closeReview(id, 'approved')
  }

  /** A metered price of 1.00 a call. */
  async subscribeToUsage() {
    const { currency, customer, stripe } = this
    const { id, event_name } = await stripe.billing.meters.create({
      display_name: 'Calls',
      event_name: 'api_calls',
      default_aggregation: { formula: 'sum' },
    })
    this.meter = event_name
    const price = await stripe.prices.create({
      product: 'prod_usage',
      currency,
      unit_amount: 100,
      nickname: 'calls',
      recurring: { interval: 'month', usage_type: 'metered', meter: id },
    })
    await stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  }

  /** Billed, and granted at once; they last for ever unless it says for how long. */
  async sellCredits(amountMinor: number, forDays?: number) {
    const { currency, customer, stripe } = this
    await this.bill(amountMinor, ON_METHOD, { product: 'prod_credits' })
    await stripe.billing.creditGrants.create({
      customer,
      category: 'paid',
      amount: { type: 'monetary', monetary: { currency, value: amountMinor } },
      applicability_config: { scope: { price_type: 'metered' } },
      ...(forDays !== undefined && { expires_at: await inDays(stripe, customer, forDays) }),
    })
  }

  use = (calls: number) =>
    this.stripe.billing.meterEvents.create({
      event_name: this.meter,
      payload: { stripe_customer_id: this.customer, value: String(calls) },
    })
}
