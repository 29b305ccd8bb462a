// Credit notes: lines taken back from a finalized invoice. What is still owed is reduced first (pre-payment); what
// was already paid is refunded, put onto the customer's balance or settled elsewhere (post-payment).
// https://docs.stripe.com/api/credit_notes/create · https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
import { invalidRequest } from '../errors.ts'
import { multiplyDecimal, proportion, sum } from '../money.ts'
import type { CreditNote, CreditNoteLine, Invoice, InvoiceLine, Refund } from '../wire.ts'
import { change, emit, fetchByParameter, type World } from '../world.ts'
import { lineCredit, totalPretaxCredits } from './credit-application.ts'
import { moveBalance } from './customer-balance.ts'
import { closeAsPaid } from './invoice-status.ts'
import { openPaymentOf } from './payments.ts'
import { createRefund } from './refunds.ts'
import { creditedShipping, shippingTaxes } from './shipping.ts'
import { totalByTax } from './totals.ts'

export interface CreditLineOptions {
  type: 'invoice_line_item' | 'custom_line_item'
  invoiceLineItem?: string | undefined
  amount?: number | undefined
  quantity?: number | undefined
  unitAmount?: number | undefined
  unitAmountDecimal?: string | undefined
  description?: string | undefined
  metadata?: Record<string, string>
  taxAmounts?: { amount: number; taxable_amount: number; tax_rate: string }[] | null | undefined
}

export interface CreditNoteOptions {
  invoice: Invoice
  amount?: number | undefined
  lines?: CreditLineOptions[] | undefined
  /** The shipping rate of the invoice: its shipping is taken back, whole. */
  shippingRate?: string | undefined
  refundAmount?: number | undefined
  creditAmount?: number | undefined
  outOfBandAmount?: number | undefined
  refunds?: { refund: Refund; amount: number }[]
  reason?: string | undefined
  memo?: string | undefined
  effectiveAt?: number | undefined
  metadata?: Record<string, string>
}

/** The note as it would be issued; nothing is stored or moved yet. */
export function draftCreditNote(world: World, options: CreditNoteOptions): CreditNote {
  const { invoice } = options
  if (invoice.status !== 'open' && invoice.status !== 'paid' && invoice.status !== 'uncollectible') {
    throw invalidRequest(
      `You can only create a credit note for an open, paid or uncollectible invoice; this one is ${invoice.status}.`,
      { param: 'invoice' },
    )
  }
  const id = world.ids.next('cn')
  const lines = creditLines(world, options)
  const subtotal = sum(lines.map((line) => line.amount))
  const discount = sum(lines.map((line) => line.discount_amount))
  const exclusive = taxSum(lines, 'exclusive')
  const inclusive = taxSum(lines, 'inclusive')
  const credits = sum(lines.map(lineCredit))
  const issued = world.store.creditNotes.of(invoice.id).filter((note) => note.status === 'issued')
  const shipping = creditedShipping(invoice, options.shippingRate, issued)
  const total = subtotal - discount - credits + exclusive + (shipping?.amount_total ?? 0)
  const creditable = invoice.total - sum(issued.map((note) => note.total))
  if (total <= 0) throw invalidRequest('The credit note total must be more than zero.', { param: 'amount' })
  if (total > creditable) {
    throw invalidRequest(
      `The sum of credit notes cannot exceed the invoice total: ${total} is more than the ${creditable} that can be credited.`,
      { param: 'amount' },
    )
  }
  const pre = Math.min(total, invoice.status === 'paid' ? 0 : invoice.amount_remaining)
  const post = total - pre
  const named =
    (options.refundAmount ?? 0) +
    (options.creditAmount ?? 0) +
    (options.outOfBandAmount ?? 0) +
    sum((options.refunds ?? []).map((entry) => entry.amount))
  if (named !== post) {
    throw invalidRequest(
      `The sum of refund_amount, credit_amount, out_of_band_amount and refunds (${named}) must equal the post-payment amount (${post}).`,
    )
  }
  const at = world.seconds()
  return {
    id,
    object: 'credit_note',
    amount: total,
    amount_shipping: shipping?.amount_subtotal ?? 0,
    created: at,
    currency: invoice.currency,
    customer: invoice.customer ?? '',
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: discount,
    discount_amounts: discountTotals(lines),
    effective_at: options.effectiveAt ?? at,
    invoice: invoice.id,
    lines: { object: 'list', data: lines, has_more: false, url: `/v1/credit_notes/${id}/lines` },
    livemode: world.settings.livemode,
    memo: options.memo ?? null,
    metadata: options.metadata ?? {},
    number: `${invoice.number}-CN-${String(world.store.creditNotes.of(invoice.id).length + 1).padStart(2, '0')}`,
    out_of_band_amount: options.outOfBandAmount ?? null,
    pdf: `https://pay.stripe.com/credit_notes/${world.settings.accountId}/${id}/pdf`,
    post_payment_amount: post,
    pre_payment_amount: pre,
    pretax_credit_amounts: totalPretaxCredits(lines),
    reason: options.reason ?? null,
    refunds: (options.refunds ?? []).map((entry) => ({
      amount_refunded: entry.amount,
      payment_record_refund: null,
      refund: entry.refund.id,
      type: 'refund',
    })),
    shipping_cost: shipping,
    status: 'issued',
    subtotal,
    subtotal_excluding_tax: subtotal - inclusive,
    total,
    total_excluding_tax: subtotal - discount - credits - inclusive + (shipping?.amount_subtotal ?? 0),
    total_taxes: totalByTax([...lines, { taxes: shippingTaxes(world, shipping) }]),
    type: pre === 0 ? 'post_payment' : post === 0 ? 'pre_payment' : 'mixed',
    voided_at: null,
  }
}

export function issueCreditNote(world: World, options: CreditNoteOptions): CreditNote {
  const { invoice } = options
  const note = draftCreditNote(world, options)
  const charge = options.refundAmount ? chargeOf(world, invoice) : undefined
  if (options.refundAmount && !charge)
    throw invalidRequest('This invoice has no charge that could be refunded.', { param: 'refund_amount' })
  world.store.creditNotes.add(note)
  if (charge && options.refundAmount) {
    const refund = createRefund(world, charge, { amount: options.refundAmount })
    note.refunds = [
      ...note.refunds,
      { amount_refunded: refund.amount, payment_record_refund: null, refund: refund.id, type: 'refund' },
    ]
  }
  if (options.creditAmount) {
    note.customer_balance_transaction = moveBalance(world, note.customer, {
      amount: -options.creditAmount,
      currency: note.currency,
      type: 'credit_note',
      invoice: invoice.id,
      creditNote: note.id,
    }).id
  }
  emit(world, 'credit_note.created', note)
  change(world, invoice, 'invoice.updated', (it) => {
    it.pre_payment_credit_notes_amount += note.pre_payment_amount
    it.post_payment_credit_notes_amount += note.post_payment_amount
    it.amount_due -= note.pre_payment_amount
    it.amount_remaining -= note.pre_payment_amount
  })
  reduceRequest(world, invoice, note.pre_payment_amount)
  if (invoice.status === 'open' && invoice.amount_remaining === 0) closeAsPaid(world, invoice)
  return note
}

/** The waiting payment asks for what is left. */
function reduceRequest(world: World, invoice: Invoice, by: number): void {
  const payment = openPaymentOf(world, invoice)
  const intent = world.store.paymentIntents.get(payment?.payment.payment_intent ?? '')
  if (!payment || !intent || by === 0) return
  payment.amount_requested -= by
  intent.amount -= by
  if (intent.amount > 0) return
  payment.status = 'canceled'
  payment.status_transitions.canceled_at = world.seconds()
  intent.status = 'canceled'
  intent.canceled_at = world.seconds()
  intent.cancellation_reason = 'automatic'
  emit(world, 'payment_intent.canceled', intent)
}

function chargeOf(world: World, invoice: Invoice) {
  for (const payment of world.store.invoicePayments.of(invoice.id)) {
    if (payment.status !== 'paid') continue
    const charge = world.store.charges
      .of(payment.payment.payment_intent, 1)
      .find((each) => each.status === 'succeeded')
    if (charge) return charge
  }
  return undefined
}

/** https://docs.stripe.com/api/credit_notes/void: only while the invoice is open, so only pre-payment notes. */
export function voidCreditNote(world: World, note: CreditNote): void {
  const invoice = world.store.invoices.get(note.invoice)
  if (note.status === 'void') throw invalidRequest('This credit note is already void.')
  if (invoice?.status !== 'open' || note.type !== 'pre_payment') {
    throw invalidRequest('You can only void credit notes of open invoices.', { param: 'id' })
  }
  note.status = 'void'
  note.voided_at = world.seconds()
  emit(world, 'credit_note.voided', note)
  change(world, invoice, 'invoice.updated', (it) => {
    it.pre_payment_credit_notes_amount -= note.pre_payment_amount
    it.amount_due += note.pre_payment_amount
    it.amount_remaining += note.pre_payment_amount
  })
  reduceRequest(world, invoice, -note.pre_payment_amount)
}

function creditLines(world: World, options: CreditNoteOptions): CreditNoteLine[] {
  if (options.lines?.length) return options.lines.map((line) => creditLine(world, options.invoice, line))
  if (options.amount === undefined) {
    if (options.shippingRate !== undefined) return []
    throw invalidRequest('You must provide one of `amount`, `lines` or `shipping_cost`.', {
      code: 'parameter_missing',
      param: 'amount',
    })
  }
  // A note over a plain amount is one custom line without tax: the reading taken where the reference is silent.
  return [
    newLine(world, {
      type: 'custom_line_item',
      amount: options.amount,
      description: options.memo ?? null,
      quantity: 1,
    }),
  ]
}

function creditLine(world: World, invoice: Invoice, options: CreditLineOptions): CreditNoteLine {
  if (options.type === 'custom_line_item') {
    const quantity = options.quantity ?? 1
    const unit = options.unitAmountDecimal ?? String(options.unitAmount ?? 0)
    const line = newLine(world, {
      type: options.type,
      amount: multiplyDecimal(unit, quantity),
      description: options.description ?? null,
      quantity,
      metadata: options.metadata ?? {},
    })
    line.unit_amount = options.unitAmount ?? null
    line.unit_amount_decimal = unit
    line.taxes = givenTaxes(world, options.taxAmounts ?? [])
    return line
  }
  const source = invoice.lines.data.find((each) => each.id === options.invoiceLineItem)
  if (!source)
    throw invalidRequest(`No such invoice line item: '${options.invoiceLineItem}'`, {
      code: 'resource_missing',
      param: 'lines[0][invoice_line_item]',
    })
  const amount =
    options.amount ??
    (options.quantity === undefined
      ? remainingOf(world, invoice, source)
      : proportion(source.amount, options.quantity, source.quantity ?? 1))
  if (amount > remainingOf(world, invoice, source)) {
    throw invalidRequest(
      `The credited amount (${amount}) is more than what is left of the line (${remainingOf(world, invoice, source)}).`,
      { param: 'lines[0][amount]' },
    )
  }
  const line = newLine(world, {
    type: options.type,
    amount,
    description: source.description,
    quantity: options.quantity ?? null,
    metadata: options.metadata ?? {},
    source: source.id,
  })
  line.discount_amounts = (source.discount_amounts ?? []).map((entry) => ({
    amount: proportion(entry.amount, amount, source.amount),
    discount: entry.discount,
  }))
  line.discount_amount = sum(line.discount_amounts.map((entry) => entry.amount))
  // Discounts and billing credits alike: the note takes back the share that was really charged. The credits themselves
  // do not come back ("to restore those billing credits, you must create a new credit grant").
  line.pretax_credit_amounts = (source.pretax_credit_amounts ?? []).map((entry) => ({
    amount: proportion(entry.amount, amount, source.amount),
    type: entry.type,
    ...(entry.discount ? { discount: entry.discount } : {}),
    ...(entry.credit_balance_transaction
      ? { credit_balance_transaction: entry.credit_balance_transaction }
      : {}),
  }))
  line.taxes =
    options.taxAmounts === undefined
      ? shareOfTaxes(source, amount)
      : givenTaxes(world, options.taxAmounts ?? [])
  return line
}

function newLine(
  world: World,
  options: {
    type: CreditNoteLine['type']
    amount: number
    description: string | null
    quantity: number | null
    metadata?: Record<string, string>
    source?: string
  },
): CreditNoteLine {
  return {
    id: world.ids.next('cnli'),
    object: 'credit_note_line_item',
    amount: options.amount,
    description: options.description,
    discount_amount: 0,
    discount_amounts: [],
    livemode: world.settings.livemode,
    metadata: options.metadata ?? {},
    pretax_credit_amounts: [],
    quantity: options.quantity,
    tax_rates: [],
    taxes: [],
    type: options.type,
    unit_amount: null,
    unit_amount_decimal: null,
    ...(options.source ? { invoice_line_item: options.source } : {}),
  }
}

/** Without tax_amounts a line takes back the same share of its invoice line's taxes. */
function shareOfTaxes(source: InvoiceLine, amount: number): NonNullable<CreditNoteLine['taxes']> {
  return (source.taxes ?? []).map((tax) => ({
    ...tax,
    amount: proportion(tax.amount, amount, source.amount),
    taxable_amount:
      tax.taxable_amount === null ? null : proportion(tax.taxable_amount, amount, source.amount),
  }))
}

function givenTaxes(
  world: World,
  taxes: readonly { amount: number; taxable_amount: number; tax_rate: string }[],
): NonNullable<CreditNoteLine['taxes']> {
  return taxes.map((tax, index) => {
    const rate = fetchByParameter(
      world.store.taxRates,
      'tax_rate',
      tax.tax_rate,
      `lines[0][tax_amounts][${index}][tax_rate]`,
    )
    return {
      amount: tax.amount,
      tax_behavior: rate.inclusive ? 'inclusive' : 'exclusive',
      tax_rate_details: { tax_rate: rate.id },
      taxability_reason: 'not_available',
      taxable_amount: tax.taxable_amount,
      type: 'tax_rate_details',
    }
  })
}

function remainingOf(world: World, invoice: Invoice, source: InvoiceLine): number {
  const credited = world.store.creditNotes
    .of(invoice.id)
    .filter((note) => note.status === 'issued')
    .flatMap((note) => note.lines.data)
    .filter((line) => line.invoice_line_item === source.id)
  return source.amount - sum(credited.map((line) => line.amount))
}

const taxSum = (lines: readonly CreditNoteLine[], behaviour: string): number =>
  sum(
    lines.flatMap((line) =>
      (line.taxes ?? []).filter((tax) => tax.tax_behavior === behaviour).map((tax) => tax.amount),
    ),
  )

function discountTotals(lines: readonly CreditNoteLine[]): { amount: number; discount: string }[] {
  const totals = new Map<string, number>()
  for (const entry of lines.flatMap((line) => line.discount_amounts))
    totals.set(entry.discount, (totals.get(entry.discount) ?? 0) + entry.amount)
  return [...totals].map(([discount, amount]) => ({ amount, discount }))
}
