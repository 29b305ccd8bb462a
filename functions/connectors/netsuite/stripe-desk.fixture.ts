// An accountant's desk between the two simulators, in November 2026: what happens in the simulated Stripe is brought as the
// real SDK reads it, and stands in the simulated NetSuite.
import type Stripe from 'stripe'
import { createStripeSimulator, type StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import { createStripeReader } from '../../../shared/stripe/access.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { startAccount, type TestAccount } from './account.fixture.ts'
import type { NetSuiteConfigInput } from './config.ts'
import { type Desk, deskOf } from './desk.fixture.ts'
import { manifest } from './manifest.ts'
import { fullConfig } from './objects.fixture.ts'
import type { Root } from './project.ts'

/** With an account for everything that moves, and an item for what is sold without a product. */
export const STRIPE_DESK_CONFIG = {
  ...fullConfig,
  defaultItem: '801',
  creditItem: '801',
  payouts: { bankAccounts: { USD: '131', EUR: '132', JPY: '134' }, feeAccount: '612' },
  customerSubsidiary: { default: 'us' },
} satisfies Partial<NetSuiteConfigInput>

/** What others refer to comes first. */
const ORDER = ['customer', 'invoice', 'credit_note', 'refund', 'dispute', 'payout'] as const

export interface StripeDesk extends AsyncDisposable {
  account: TestAccount
  simulator: StripeSimulator
  stripe: Stripe
  desk: Desk
  /** What is due in Stripe happens, day by day. */
  days(count: number): void
  /** Every object that Stripe has, as it is now. @returns the new documents, one line each. */
  bringAll(): Promise<string[]>
  /** A customer who pays by card, unless it is said otherwise. */
  onCard(params?: Stripe.CustomerCreateParams): Promise<Stripe.Customer>
  /** An open invoice. @returns its id. */
  issue(customer: string, amounts: number | number[], currency?: string): Promise<string>
  /** The customer's newest. */
  chargeOf(customer: string): Promise<string>
}

export async function openStripeDesk(config: Partial<NetSuiteConfigInput> = {}): Promise<StripeDesk> {
  const account = await startAccount({}, Date.parse('2026-11-02T12:00:00Z'))
  const simulator = createStripeSimulator({ now: () => account.clock.now(), seed: 11, apiKey: 'sk_test_1' })
  const server = await simulator.listen()
  const stripe = createStripeClient({ apiKey: 'sk_test_1', baseUrl: server.url })
  const connector = account.connect({ config: { ...STRIPE_DESK_CONFIG, ...config }, stripeUrl: server.url })
  const desk = deskOf(account, connector)
  return {
    account,
    simulator,
    stripe,
    desk,
    days(count) {
      for (let day = 0; day < count; day += 1) {
        account.clock.advance(86_400_000)
        simulator.runDue()
      }
    },
    async bringAll() {
      const reader = createStripeReader(stripe)
      const { store } = simulator
      const all = {
        customer: store.customers.all(),
        invoice: store.invoices.all(),
        credit_note: store.creditNotes.all(),
        refund: store.refunds.all(),
        dispute: store.disputes.all(),
        payout: store.payouts.all(),
      }
      const documents: string[] = []
      for (const type of ORDER) {
        for (const { id } of all[type]) {
          const fetched = await reader.fetch({ type, id }, manifest.objects[type])
          if (!('object' in fetched)) throw new Error(`${id} is gone`)
          documents.push(...(await desk.bring(fetched.object as unknown as Root)))
        }
      }
      return documents
    },
    onCard: (params = {}) =>
      stripe.customers.create({
        name: 'Ada',
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
        ...params,
      }),
    async issue(customer, amounts, currency = 'usd') {
      for (const amount of [amounts].flat())
        await stripe.invoiceItems.create({ customer, amount, currency, description: 'Work' })
      const { id } = await stripe.invoices.create({
        customer,
        currency,
        collection_method: 'send_invoice',
        days_until_due: 30,
        auto_advance: false,
        pending_invoice_items_behavior: 'include',
      })
      await stripe.invoices.finalizeInvoice(id, { auto_advance: false })
      return id
    },
    chargeOf: async (customer) => (await stripe.charges.list({ customer, limit: 1 })).data[0]?.id ?? '',
    async [Symbol.asyncDispose]() {
      await server.close()
      await account[Symbol.asyncDispose]()
    },
  }
}
