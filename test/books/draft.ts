// A draft as a billing team makes it: payable in 30 days, sent by itself, its lines one by one.
import type Stripe from 'stripe'

export interface BillLine {
  /** Minor units, of one piece. */
  unit: number
  quantity?: number
  product?: string
  taxBehavior?: 'inclusive' | 'exclusive'
  discounts?: Stripe.InvoiceItemCreateParams.Discount[]
  /** First day of what is sold and the day after its last, 'YYYY-MM-DD'. */
  service?: readonly [string, string]
}

/** @returns its id. */
export async function createDraft(
  stripe: Stripe,
  customer: string,
  lines: readonly BillLine[],
  params: Partial<Stripe.InvoiceCreateParams>,
): Promise<string> {
  const { currency = 'usd' } = params
  const { id } = await stripe.invoices.create({
    customer,
    currency,
    collection_method: 'send_invoice',
    days_until_due: 30,
    auto_advance: true,
    pending_invoice_items_behavior: 'exclude',
    ...params,
  })
  for (const { unit, quantity = 1, product = 'prod_team', taxBehavior, discounts, service } of lines) {
    await stripe.invoiceItems.create({
      customer,
      invoice: id,
      quantity,
      price_data: {
        currency,
        product,
        unit_amount: unit,
        ...(taxBehavior && { tax_behavior: taxBehavior }),
      },
      ...(discounts && { discounts }),
      ...(service && { period: { start: noon(service[0]), end: noon(service[1]) } }),
    })
  }
  return id
}

const noon = (date: string): number => Date.parse(`${date}T12:00:00Z`) / 1_000
