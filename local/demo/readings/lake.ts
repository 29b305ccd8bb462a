// What the lake's files say, asked in SQL over its views: the newest state of each object, in Stripe's own minor units.
import * as z from 'zod'
import { queryLake } from '../../sql.ts'
import { assembleReading, type Reading } from './reading.ts'

const customer = z.object({ id: z.string() })
const subscription = z.object({ id: z.string(), status: z.string(), customer_id: z.string() })
const invoice = z.object({
  id: z.string(),
  currency: z.string(),
  status: z.string(),
  customer_id: z.string(),
  issued: z.boolean(),
  total: z.bigint(),
  tax: z.bigint(),
  amount_paid: z.bigint(),
  amount_remaining: z.bigint(),
  credited: z.bigint(),
})
const amount = { id: z.string(), currency: z.string(), amount: z.bigint() }
const payment = z.object({ ...amount, invoice_id: z.string() })
const refund = z.object({ ...amount, status: z.string() })
const creditNote = z.object({
  ...amount,
  tax: z.bigint(),
  status: z.string(),
  invoice_id: z.string(),
  customer_id: z.string(),
})

/** @param folder the lake's root, which holds `events/`. */
export async function readLake(folder: string): Promise<Reading> {
  const select = async <S extends z.ZodType>(row: S, sql: string): Promise<z.output<S>[]> => {
    const { rows } = await queryLake(folder, sql)
    return z.array(row).parse(rows)
  }
  const customers = await select(customer, 'SELECT id FROM customers')
  const subscriptions = await select(subscription, 'SELECT id, status, customer_id FROM subscriptions')
  const invoices = await select(
    invoice,
    `SELECT id, upper(currency) AS currency, status, customer_id, status_transitions_finalized_at IS NOT NULL AS issued,
       total, tax, amount_paid, amount_remaining,
       pre_payment_credit_notes_amount + post_payment_credit_notes_amount AS credited FROM invoices`,
  )
  const payments = await select(
    payment,
    `SELECT id, upper(currency) AS currency, amount_paid AS amount, invoice_id FROM invoice_payments WHERE status = 'paid'`,
  )
  const refunds = await select(refund, 'SELECT id, upper(currency) AS currency, amount, status FROM refunds')
  const creditNotes = await select(
    creditNote,
    `SELECT id, upper(currency) AS currency, total AS amount, tax, status, invoice_id, customer_id FROM credit_notes`,
  )
  const disputes = await select(
    refund,
    'SELECT id, upper(currency) AS currency, amount, status FROM disputes',
  )
  return assembleReading('lake', {
    customers: customers.map(({ id }) => [id, { state: 'alive' }]),
    subscriptions: subscriptions.map(({ id, status, customer_id }) => [
      id,
      { status, customer: customer_id },
    ]),
    invoices: invoices.map((row) => [
      row.id,
      {
        currency: row.currency,
        totalMinor: row.total,
        taxMinor: row.tax,
        paidMinor: row.amount_paid,
        openMinor: row.amount_remaining,
        creditedMinor: row.credited,
        status: row.status,
        issued: row.issued,
        customer: row.customer_id,
      },
    ]),
    payments: payments.map((row) => [
      row.id,
      { currency: row.currency, amountMinor: row.amount, invoice: row.invoice_id },
    ]),
    refunds: refunds.map((row) => [
      row.id,
      { currency: row.currency, amountMinor: row.amount, status: row.status },
    ]),
    creditNotes: creditNotes.map((row) => [
      row.id,
      {
        currency: row.currency,
        amountMinor: row.amount,
        taxMinor: row.tax,
        status: row.status,
        invoice: row.invoice_id,
        customer: row.customer_id,
      },
    ]),
    disputes: disputes.map((row) => [
      row.id,
      { currency: row.currency, amountMinor: row.amount, status: row.status },
    ]),
  })
}
