// The shapes of payment intents, charges and invoice payments as Stripe first makes them. No card data beyond brand,
// expiry and the last four digits.
import type { Charge, Invoice, InvoicePayment, PaymentIntent, PaymentMethod } from '../wire.ts'
import type { World } from '../world.ts'

export interface IntentOptions {
  amount: number
  currency: string
  customer: string | null
  description: string | null
  metadata?: Record<string, string>
}

/** What an invoice is collected with. */
export const intentForInvoice = (invoice: Invoice, amount: number): IntentOptions => ({
  amount,
  currency: invoice.currency,
  customer: invoice.customer,
  description:
    invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Payment for Invoice',
})

export function newPaymentIntent(world: World, options: IntentOptions): PaymentIntent {
  const id = world.ids.next('pi')
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: options.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_simulated`,
    confirmation_method: 'automatic',
    created: world.seconds(),
    currency: options.currency,
    customer: options.customer,
    customer_account: null,
    description: options.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: world.settings.livemode,
    managed_payments: null,
    metadata: options.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  }
}

export function newInvoicePayment(
  world: World,
  invoice: Invoice,
  payment: InvoicePayment['payment'],
  amount: number,
  isDefault: boolean,
): InvoicePayment {
  return {
    id: world.ids.next('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: amount,
    created: world.seconds(),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: isDefault,
    livemode: world.settings.livemode,
    payment,
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  }
}

export function newCharge(world: World, intent: PaymentIntent, method: PaymentMethod | undefined): Charge {
  const customer = world.store.customers.get(intent.customer ?? '')
  return {
    id: world.ids.next('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: {
      address: customer?.address ?? null,
      email: customer?.email ?? null,
      name: customer?.name ?? null,
      phone: customer?.phone ?? null,
      tax_id: null,
    },
    calculated_statement_descriptor: null,
    captured: true,
    created: world.seconds(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: world.settings.livemode,
    metadata: {},
    on_behalf_of: null,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      risk_score: 20,
      seller_message: 'Payment complete.',
      type: 'authorized',
    },
    paid: false,
    payment_intent: intent.id,
    payment_method: method?.id ?? null,
    payment_method_details: method ? methodDetails(method) : null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'pending',
    transfer_data: null,
    transfer_group: null,
  }
}

function methodDetails(method: PaymentMethod): NonNullable<Charge['payment_method_details']> {
  if (method.type === 'us_bank_account') {
    return {
      type: 'us_bank_account',
      us_bank_account: {
        account_holder_type: 'company',
        account_type: 'checking',
        bank_name: 'STRIPE TEST BANK',
        fingerprint: null,
        last4: method.us_bank_account?.last4 ?? null,
        payment_reference: null,
        routing_number: null,
      },
    }
  }
  if (method.type === 'sepa_debit') {
    return {
      sepa_debit: {
        bank_code: null,
        branch_code: null,
        country: 'DE',
        fingerprint: null,
        last4: method.sepa_debit?.last4 ?? null,
        mandate: null,
      },
      type: 'sepa_debit',
    }
  }
  return {
    card: {
      amount_authorized: null,
      authorization_code: null,
      brand: method.card?.brand ?? null,
      checks: null,
      country: method.card?.country ?? null,
      electronic_commerce_indicator: null,
      exp_month: method.card?.exp_month ?? 1,
      exp_year: method.card?.exp_year ?? 2030,
      funding: method.card?.funding ?? null,
      installments: null,
      last4: method.card?.last4 ?? null,
      mandate: null,
      network: method.card?.brand ?? null,
      network_transaction_id: null,
      regulated_status: null,
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
    type: 'card',
  }
}
