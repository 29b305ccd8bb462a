import { expect, it } from 'vitest'
import { snapshot } from './events.ts'
import { seededRandom } from './ids.ts'
import { DAY, type Play, START, startPlay } from './play.fixture.ts'
import type { Invoice } from './wire.ts'

const SEEDS = [1, 2, 3]

/** Three months of a mixed account: plans, trials, changes, declines, credit, refunds, one-off invoices. */
async function playMonths(seed: number): Promise<Play> {
  const play = await startPlay({ seed })
  const random = seededRandom(seed)
  const pick = <T>(values: readonly [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0]
  const { stripe, simulator } = play
  const prices = [await play.price(1999), await play.price(4950), await play.price(333)] as const
  const coupon = await stripe.coupons.create({
    percent_off: 33.33,
    duration: 'repeating',
    duration_in_months: 2,
  })
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 8.875, inclusive: false })
  const subscriptions: { id: string; item: string; customer: string }[] = []
  for (let index = 0; index < 20; index++) {
    const customer = await play.customer({ name: `Customer ${index}` })
    const price = pick(prices).id
    const items = [{ price, quantity: 1 + Math.floor(random() * 4) }]
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items,
      ...(random() < 0.3 ? { discounts: [{ coupon: coupon.id }] } : {}),
      ...(random() < 0.2 ? { trial_period_days: 10 } : {}),
      ...(random() < 0.3 ? { collection_method: 'send_invoice', days_until_due: 20 } : {}),
      ...(random() < 0.4 ? { default_tax_rates: [rate.id] } : {}),
    })
    subscriptions.push({
      id: subscription.id,
      item: subscription.items.data[0]?.id ?? '',
      customer: customer.id,
    })
  }
  for (let day = 3; day <= 93; day += 3) {
    play.to(START + day * DAY + Math.floor(random() * DAY))
    const { id, item, customer } = pick([
      subscriptions[0] ?? { id: '', item: '', customer: '' },
      ...subscriptions,
    ])
    const live = simulator.store.subscriptions.get(id)?.status !== 'canceled'
    const act = random()
    if (act < 0.2) simulator.failNextPayments(customer, 1 + Math.floor(random() * 5))
    else if (act < 0.5 && live) {
      const proration_behavior = pick(['create_prorations', 'always_invoice', 'none'])
      await stripe.subscriptions
        .update(id, {
          items: [{ id: item, price: pick(prices).id, quantity: 1 + Math.floor(random() * 5) }],
          proration_behavior,
        })
        .catch(ignoreDecline)
    } else if (act < 0.6 && live)
      await stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true }).catch(ignoreDecline)
    else if (act < 0.7)
      await stripe.customers.createBalanceTransaction(customer, { amount: -777, currency: 'usd' })
    else {
      const [invoice] = (await stripe.invoices.list({ customer, limit: 1 })).data
      const left =
        (invoice?.total ?? 0) -
        (invoice?.pre_payment_credit_notes_amount ?? 0) -
        (invoice?.post_payment_credit_notes_amount ?? 0)
      if (invoice?.status === 'paid' && left >= 100)
        await stripe.creditNotes.create({ invoice: String(invoice.id), amount: 100, credit_amount: 100 })
      if (invoice?.status === 'open' && left >= 100 && invoice.amount_remaining >= 100)
        await stripe.creditNotes.create({ invoice: String(invoice.id), amount: 100 })
    }
  }
  return play
}

const ignoreDecline = (error: { statusCode?: number }): void => {
  if (error.statusCode !== 402) throw error
}

function checkSums(invoice: Invoice): void {
  const lines = invoice.lines.data
  const all = (amounts: (number | undefined)[]): number =>
    amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0)
  const discounts = all(lines.flatMap((line) => (line.discount_amounts ?? []).map((entry) => entry.amount)))
  const taxes = all(lines.flatMap((line) => (line.taxes ?? []).map((tax) => tax.amount)))
  expect(invoice.total).toBe(all(lines.map((line) => line.amount)) - discounts + taxes)
  expect(all((invoice.total_taxes ?? []).map((tax) => tax.amount))).toBe(taxes)
  expect(all((invoice.total_discount_amounts ?? []).map((entry) => entry.amount))).toBe(discounts)
  expect(invoice.amount_remaining).toBe(invoice.amount_due - invoice.amount_paid)
  if (invoice.ending_balance === null) return
  // What was owed is the total plus the balance that was used, less what credit notes took off before payment.
  const used = invoice.ending_balance - invoice.starting_balance
  expect(invoice.amount_due).toBe(invoice.total - used - invoice.pre_payment_credit_notes_amount)
}

/** The invoice an item went onto, and what a payment intent still asks for, change without an event of their own. */
const UNTOLD = ['invoiceitem', 'payment_intent']
const withoutSequence = (object: object): object => ({ ...object, next_invoice_sequence: 0 })

it.each(SEEDS)('keeps the sums and tells every change (seed %i)', async (seed) => {
  const play = await playMonths(seed)
  const { store, events } = play.simulator
  expect(store.invoices.size).toBeGreaterThan(60)
  for (const invoice of store.invoices.all()) checkSums(invoice)

  // Each customer's balance is the sum of its transactions.
  for (const customer of store.customers.all()) {
    const moves = store.customerBalanceTransactions.of(customer.id)
    expect(moves.reduce((sum, move) => sum + move.amount, 0)).toBe(customer.balance)
  }

  // Time runs forward in the log, and the newest event of an object shows the object as it is.
  const newest = new Map(events.map((event) => [event.data.object.id, event.data.object]))
  expect(events.map((event) => event.created)).toEqual(
    events.map((event) => event.created).toSorted((a, b) => a - b),
  )
  for (const [id, shown] of newest) {
    const object = store.find(id)
    if (object && !UNTOLD.includes(object.object)) {
      expect(withoutSequence(shown)).toEqual(withoutSequence(snapshot(object)))
    }
  }
  await play.close()
})
