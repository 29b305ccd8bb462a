// Signed webhook requests about invoices, each distinct and as large as Stripe's are (3 to 5 KB), in the mix of types
// that an invoice lives through.
import { createHmac } from 'node:crypto'
import { createDice, type Dice } from '../../local/demo/random.ts'
import { STRIPE_API_VERSION } from '../../shared/stripe/client.ts'

const LIFE = [
  { type: 'invoice.created', status: 'draft' },
  { type: 'invoice.updated', status: 'draft' },
  { type: 'invoice.finalized', status: 'open' },
  { type: 'invoice.paid', status: 'paid' },
  { type: 'invoice.payment_succeeded', status: 'paid' },
] as const

export interface InvoiceEventOptions {
  count: number
  seed: number
  secret: string
  nowSeconds: number
}

export interface InvoiceRequest {
  body: string
  signature: string
}

export function createInvoiceRequests(options: InvoiceEventOptions): InvoiceRequest[] {
  const dice = createDice(options.seed)
  return Array.from({ length: options.count }, (_, index) => {
    const body = JSON.stringify(createEvent(index, options.nowSeconds, dice))
    const signed = createHmac('sha256', options.secret).update(`${options.nowSeconds}.${body}`).digest('hex')
    return { body, signature: `t=${options.nowSeconds},v1=${signed}` }
  })
}

function createEvent(index: number, created: number, dice: Dice): object {
  const step = LIFE[index % LIFE.length] ?? LIFE[0]
  const id = (prefix: string) => `${prefix}_1${letters(dice, 23)}`
  const customer = id('cus')
  const subscription = id('sub')
  const invoice = id('in')
  const lines = Array.from({ length: 1 + dice.below(2) }, () =>
    createLine({ id, dice, created, invoice, subscription }),
  )
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0)
  const paid = step.status === 'paid' ? subtotal : 0
  return {
    id: id('evt'),
    object: 'event',
    api_version: STRIPE_API_VERSION,
    created,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: step.type,
    data: {
      object: {
        id: invoice,
        object: 'invoice',
        account_country: 'US',
        account_name: 'Acorn Analytics, Inc.',
        account_tax_ids: null,
        amount_due: subtotal,
        amount_overpaid: 0,
        amount_paid: paid,
        amount_remaining: subtotal - paid,
        amount_shipping: 0,
        application: null,
        attempt_count: 1,
        attempted: step.status === 'paid',
        auto_advance: step.status !== 'paid',
        automatic_tax: {
          disabled_reason: null,
          enabled: false,
          liability: null,
          provider: null,
          status: null,
        },
        automatically_finalizes_at: null,
        billing_reason: 'subscription_cycle',
        collection_method: 'charge_automatically',
        created,
        currency: 'usd',
        custom_fields: null,
        customer,
        customer_address: {
          city: 'San Francisco',
          country: 'US',
          line1: `${1 + dice.below(9_000)} Market Street`,
          line2: null,
          postal_code: String(94_000 + dice.below(999)),
          state: 'CA',
        },
        customer_email: `billing+${letters(dice, 8).toLowerCase()}@example.com`,
        customer_name: `${letters(dice, 7)} Labs ${index}`,
        customer_phone: null,
        customer_shipping: null,
        customer_tax_exempt: 'none',
        customer_tax_ids: [],
        default_payment_method: null,
        default_source: null,
        default_tax_rates: [],
        description: null,
        discounts: [],
        due_date: null,
        effective_at: created,
        ending_balance: 0,
        footer: null,
        from_invoice: null,
        hosted_invoice_url: `https://invoice.stripe.com/i/acct_1/${letters(dice, 90)}?s=ap`,
        invoice_pdf: `https://pay.stripe.com/invoice/acct_1/${letters(dice, 90)}/pdf?s=ap`,
        issuer: { type: 'self' },
        last_finalization_error: null,
        latest_revision: null,
        lines: {
          object: 'list',
          data: lines,
          has_more: false,
          total_count: lines.length,
          url: `/v1/invoices/${invoice}/lines`,
        },
        livemode: false,
        metadata: {},
        next_payment_attempt: null,
        number: `${letters(dice, 8).toUpperCase()}-${String(index).padStart(4, '0')}`,
        on_behalf_of: null,
        parent: {
          quote_details: null,
          subscription_details: { metadata: {}, subscription },
          type: 'subscription_details',
        },
        payment_settings: {
          default_mandate: null,
          payment_method_options: null,
          payment_method_types: null,
        },
        period_end: created,
        period_start: created - 2_592_000,
        post_payment_credit_notes_amount: 0,
        pre_payment_credit_notes_amount: 0,
        receipt_number: null,
        rendering: null,
        shipping_cost: null,
        shipping_details: null,
        starting_balance: 0,
        statement_descriptor: null,
        status: step.status,
        status_transitions: {
          finalized_at: step.status === 'draft' ? null : created,
          marked_uncollectible_at: null,
          paid_at: step.status === 'paid' ? created : null,
          voided_at: null,
        },
        subtotal,
        subtotal_excluding_tax: subtotal,
        test_clock: null,
        total: subtotal,
        total_discount_amounts: [],
        total_excluding_tax: subtotal,
        total_pretax_credit_amounts: [],
        total_taxes: [],
        webhooks_delivered_at: created,
      },
    },
  }
}

interface LineOptions {
  id: (prefix: string) => string
  dice: Dice
  created: number
  invoice: string
  subscription: string
}

function createLine({ id, dice, created, invoice, subscription }: LineOptions) {
  const quantity = 1 + dice.below(40)
  const amount = quantity * 4_900
  return {
    id: id('il'),
    object: 'line_item',
    amount,
    currency: 'usd',
    description: `${quantity} × Team plan (at $49.00 / month)`,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    metadata: {},
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription,
        subscription_item: id('si'),
      },
      type: 'subscription_item_details',
    },
    period: { end: created + 2_592_000, start: created },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: id('price'), product: `prod_${letters(dice, 14)}` },
      type: 'price_details',
      unit_amount_decimal: '4900',
    },
    quantity,
    taxes: [],
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** As hard to compress as Stripe's ids are. */
function letters(dice: Dice, count: number): string {
  let text = ''
  for (let index = 0; index < count; index += 1) text += ALPHABET.charAt(dice.below(ALPHABET.length))
  return text
}
