// One customer for everything that money does beyond being invoiced and paid: bank debits that come back, parts and too
// much, credit, disputes, what follows a void or a write-off. Each is a short story in days of the month, told to Stripe
// through its API; what banks, card networks and Stripe itself do is told to the simulator.
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

const ACH = 'pm_usBankAccount'

export const CASES: readonly Case[] = [
  {
    name: 'Slow Bank: a debit that takes days',
    currency: 'usd',
    paysBy: ACH,
    days: { 2: (hand) => hand.bill(40_000, ON_METHOD) },
  },
  {
    name: 'Empty Account: a debit that fails, then a card',
    currency: 'usd',
    paysBy: 'pm_usBankAccount_insufficientFunds',
    days: {
      2: (hand) => hand.bill(25_000, ON_METHOD),
      8: (hand) => hand.payByCard(),
    },
  },
  {
    name: 'Unauthorized: a debit disputed after it succeeded',
    currency: 'usd',
    paysBy: 'pm_usBankAccount_dispute',
    days: { 2: (hand) => hand.bill(30_000, ON_METHOD) },
  },
  {
    name: 'Rücklastschrift: a SEPA debit returned after weeks',
    currency: 'eur',
    paysBy: 'pm_sepaDebit',
    days: {
      2: (hand) => hand.bill(35_000, ON_METHOD),
      24: async (hand) => hand.bank.returnDebit(await hand.chargeId(), 'insufficient_funds'),
    },
  },
  {
    name: 'In Parts: two bank transfers',
    currency: 'gbp',
    days: {
      3: (hand) => hand.bill(60_000),
      7: (hand) => hand.transfer(20_000),
      15: (hand) => hand.transferRest(),
    },
  },
  {
    name: 'Round Up: pays too much, and less next time',
    currency: 'usd',
    days: {
      3: (hand) => hand.bill(50_000),
      8: (hand) => hand.transferRest(4_500),
      16: (hand) => hand.bill(20_000),
      20: (hand) => hand.pay(),
    },
  },
  {
    name: 'Cheque: paid outside Stripe',
    currency: 'usd',
    days: { 4: (hand) => hand.bill(33_000), 12: (hand) => hand.pay({ paid_out_of_band: true }) },
  },
  {
    name: 'Goodwill: given credit, used on the next invoice',
    currency: 'eur',
    days: {
      1: (hand) => hand.adjustBalance(-3_000),
      4: (hand) => hand.bill(10_000),
      9: (hand) => hand.pay(),
    },
  },
  {
    name: 'Old Debt: owed outside any invoice, billed with the next',
    currency: 'usd',
    days: { 1: (hand) => hand.adjustBalance(1_500), 5: (hand) => hand.bill(9_000), 9: (hand) => hand.pay() },
  },
  {
    name: 'Prepaid: billing credits sold, drawn by usage',
    currency: 'usd',
    days: {
      0: (hand) => hand.sellCredits(1_500),
      1: (hand) => hand.subscribeToUsage(),
      6: (hand) => hand.use(40),
    },
  },
  {
    name: 'Use It or Lose It: sold credits that expire',
    currency: 'usd',
    days: { 1: (hand) => hand.sellCredits(2_000, 18) },
  },
  {
    name: 'Split: a credit note to card, balance and bank',
    currency: 'usd',
    days: {
      3: (hand) => hand.bill(30_000),
      6: (hand) => hand.pay(),
      11: (hand) =>
        hand.credit(9_000, (total) => ({
          refund_amount: 4_000,
          credit_amount: 3_000,
          out_of_band_amount: total - 7_000,
        })),
    },
  },
  {
    name: 'Second Thoughts: a credit note taken back',
    currency: 'usd',
    days: {
      3: (hand) => hand.bill(30_000),
      8: (hand) => hand.credit(5_000),
      14: (hand) => hand.voidNote(),
      19: (hand) => hand.pay(),
    },
  },
  {
    name: 'Courtesy: refunded without a credit note',
    currency: 'gbp',
    days: { 3: (hand) => hand.bill(22_000), 6: (hand) => hand.pay(), 13: (hand) => hand.refund(2_000) },
  },
  {
    name: 'Closed Card: a refund that fails days later',
    currency: 'usd',
    days: {
      3: (hand) => hand.bill(18_000),
      6: (hand) => hand.pay(),
      10: (hand) => hand.credit(6_000, TO_CARD),
      17: (hand) => hand.failRefund(),
    },
  },
  {
    name: 'Cancelled: voided after credit was used on it',
    currency: 'usd',
    days: {
      1: (hand) => hand.adjustBalance(-2_500),
      3: (hand) => hand.bill(15_000),
      10: (hand) => hand.voidInvoice(),
    },
  },
  {
    name: 'Late Conscience: written off, paid after all',
    currency: 'usd',
    days: { 2: (hand) => hand.bill(27_000), 9: (hand) => hand.writeOff(), 21: (hand) => hand.pay() },
  },
  {
    name: 'Twice Gone: written off, then voided',
    currency: 'eur',
    days: { 2: (hand) => hand.bill(12_000), 9: (hand) => hand.writeOff(), 18: (hand) => hand.voidInvoice() },
  },
  {
    name: 'Downgrade: an invoice below nothing',
    currency: 'usd',
    days: {
      5: (hand) => hand.bill([2_000, -7_000]),
      12: (hand) => hand.bill(16_000),
      16: (hand) => hand.pay(),
    },
  },
  {
    name: 'Chargeback: a dispute that is won',
    currency: 'usd',
    days: {
      2: (hand) => hand.bill(44_000, ON_METHOD),
      9: (hand) => hand.dispute('fraudulent'),
      22: (hand) => hand.closeDispute('won'),
    },
  },
  {
    name: 'Chargeback: a dispute that is lost',
    currency: 'gbp',
    days: {
      2: (hand) => hand.bill(52_000, ON_METHOD),
      8: async (hand) => hand.bank.warnOfFraud(await hand.chargeId()),
      9: (hand) => hand.dispute('product_not_received'),
      23: (hand) => hand.closeDispute('lost'),
    },
  },
  {
    name: 'Review: looked at by Radar and found good',
    currency: 'usd',
    days: { 4: (hand) => hand.bill(61_000, ON_METHOD), 7: (hand) => hand.reviewAndApprove() },
  },
  {
    name: 'Tokyo: yen that Stripe settles in dollars',
    currency: 'jpy',
    days: {
      3: (hand) => hand.bill(123_450),
      6: (hand) => hand.pay(),
      12: (hand) => hand.credit(20_000, TO_CARD),
    },
  },
  {
    name: 'Purchase Order: sixty lines against one number',
    currency: 'kwd',
    days: {
      3: (hand) =>
        hand.bill(
          Array.from({ length: 60 }, (_, line) => 10_000 + 10 * line),
          { custom_fields: [{ name: 'PO', value: 'PO-2291' }] },
        ),
      9: (hand) => hand.pay(),
    },
  },
]

const TO_CARD = (total: number) => ({ refund_amount: total })

/** Charged to the customer's method when it is due, instead of sent. */
const ON_METHOD = { collection_method: 'charge_automatically' } as const

/** A case's customer, and what a billing team, a bank or a card network does to it. The newest object is meant. */
export class CaseHand {
  readonly bank: Controls
  private readonly stripe: Stripe
  private readonly customer: string
  private readonly currency: DemoCurrency
  private invoice = ''
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
    product: ProductId = 'prod_support',
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
    this.invoice = id
    for (const [index, unit_amount] of [lines].flat().entries()) {
      await this.stripe.invoiceItems.create({
        customer: this.customer,
        invoice: id,
        description: product === 'prod_credits' ? 'Prepaid calls' : `Support package ${index + 1}`,
        price_data: { currency: this.currency, product, unit_amount },
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
  writeOff = () => this.stripe.invoices.markUncollectible(this.invoice)
  voidNote = () => this.stripe.creditNotes.voidCreditNote(this.note)

  async transferRest(tooMuch = 0) {
    const { amount_remaining } = await this.stripe.invoices.retrieve(this.invoice)
    this.bank.receiveTransfer(this.invoice, amount_remaining + tooMuch)
  }

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
    await this.bill(amountMinor, ON_METHOD, 'prod_credits')
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
