// What the tests here share: a running simulator on a clock they move, the real SDK pointed at it, and the few
// objects most plays begin with. Loaded by tests only.
import Stripe from 'stripe'
import { createStripeSimulator, type StripeSimulatorOptions } from './server.ts'

export const START = Date.UTC(2026, 8, 1) / 1000
export const DAY = 86_400
export const HOUR = 3_600

export async function startPlay(options: Partial<StripeSimulatorOptions> = {}) {
  let nowMs = START * 1000
  const simulator = createStripeSimulator({ now: () => nowMs, seed: 7, apiKey: 'sk_test_play', ...options })
  const server = await simulator.listen()
  const stripe = new Stripe('sk_test_play', {
    host: '127.0.0.1',
    port: server.port,
    protocol: 'http',
    maxNetworkRetries: 0,
  })
  return {
    simulator,
    stripe,
    url: server.url,
    close: server.close,
    seconds: () => nowMs / 1000,
    /** Moves the clock to a moment and lets everything due by then happen. */
    to(seconds: number): void {
      nowMs = seconds * 1000
      simulator.runDue()
    },
    types: (from = 0): string[] => simulator.events.slice(from).map((event) => event.type),
    async customer(params: Stripe.CustomerCreateParams = {}): Promise<Stripe.Customer> {
      return await stripe.customers.create({
        name: 'Ada',
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
        ...params,
      })
    },
    /** A one-off invoice of one line, finalized and charged to the method; with a card it is paid. */
    async charged(amount: number, { currency = 'usd', method = 'pm_card_visa' } = {}) {
      const customer = await stripe.customers.create({
        name: 'Ada',
        payment_method: method,
        invoice_settings: { default_payment_method: method },
      })
      await stripe.invoiceItems.create({ customer: customer.id, amount, currency, description: 'Work' })
      const invoice = await stripe.invoices.create({
        customer: customer.id,
        currency,
        pending_invoice_items_behavior: 'include',
      })
      const id = String(invoice.id)
      await stripe.invoices.finalizeInvoice(id)
      await stripe.invoices.pay(id)
      const charge = (await stripe.charges.list({ customer: customer.id, limit: 1 })).data[0]
      return { customer: customer.id, invoice: id, charge: charge?.id ?? '' }
    },
    async price(unitAmount: number, params: Partial<Stripe.PriceCreateParams> = {}): Promise<Stripe.Price> {
      return await stripe.prices.create({
        currency: 'usd',
        unit_amount: unitAmount,
        product_data: { name: 'Plan' },
        recurring: { interval: 'month' },
        ...params,
      })
    },
  }
}

export type Play = Awaited<ReturnType<typeof startPlay>>
