// Payment records: payments that were made outside of Stripe and reported to it.
// https://docs.stripe.com/api/payment-record/object · https://docs.stripe.com/payments/payment-records
import type { Invoice, PaymentRecord } from '../wire.ts'
import type { World } from '../world.ts'

export interface RecordOptions {
  amount: number
  currency: string
  customer: string | null
  /** The money is certain; absent: the payment has been begun only. */
  guaranteed: boolean
  failed?: boolean
  canceled?: boolean
  description?: string | null
  metadata?: Record<string, string>
  methodName?: string | null
  methodType?: string | null
  /** A cheque's number, a bank's reference. */
  reference?: string | null
}

export function addPaymentRecord(world: World, options: RecordOptions): PaymentRecord {
  const customer = world.store.customers.get(options.customer ?? '')
  const money = (value: number) => ({ currency: options.currency, value })
  return world.store.paymentRecords.add({
    id: world.ids.next('pr'),
    object: 'payment_record',
    amount: money(options.amount),
    amount_authorized: money(options.guaranteed ? options.amount : 0),
    amount_canceled: money(options.canceled ? options.amount : 0),
    amount_failed: money(options.failed ? options.amount : 0),
    amount_guaranteed: money(options.guaranteed ? options.amount : 0),
    amount_refunded: money(0),
    amount_requested: money(options.amount),
    application: null,
    created: world.seconds(),
    customer_details: customer
      ? {
          customer: customer.id,
          email: customer.email,
          name: customer.name ?? null,
          phone: customer.phone ?? null,
        }
      : null,
    customer_presence: null,
    description: options.description ?? null,
    latest_payment_attempt_record: world.ids.next('par'),
    livemode: world.settings.livemode,
    metadata: options.metadata ?? {},
    payment_method_details: {
      billing_details: null,
      custom: { display_name: options.methodName ?? 'Out of band', type: options.methodType ?? null },
      payment_method: null,
      type: 'custom',
    },
    processor_details: { custom: { payment_reference: options.reference ?? null }, type: 'custom' },
    reported_by: 'self',
    shipping_details: null,
  })
}

/** The record that Stripe makes of an invoice that is marked as paid out of band. */
export const outOfBandRecord = (world: World, invoice: Invoice, amount: number): PaymentRecord =>
  addPaymentRecord(world, {
    amount,
    currency: invoice.currency,
    customer: invoice.customer,
    guaranteed: true,
  })
