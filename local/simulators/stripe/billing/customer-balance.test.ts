import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

/** An open invoice to be paid by transfer. */
async function invoiced(customer: string, amount: number, currency = 'usd'): Promise<string> {
  await play.stripe.invoiceItems.create({ customer, amount, currency, description: 'Work' })
  const invoice = await play.stripe.invoices.create({
    customer,
    currency,
    collection_method: 'send_invoice',
    days_until_due: 30,
    pending_invoice_items_behavior: 'include',
  })
  await play.stripe.invoices.finalizeInvoice(String(invoice.id))
  return String(invoice.id)
}

/** Oldest first. */
const history = async (customer: string) =>
  (await play.stripe.customers.listBalanceTransactions(customer)).data
    .toReversed()
    .map((each) => [each.type, each.amount, each.ending_balance, each.invoice])

const balanceOf = (id: string) => play.simulator.store.customers.get(id)?.balance

describe('a customer’s balance', () => {
  it('pays a part of the next invoice, all of it, or waits for the one after', async () => {
    const { id } = await play.customer()
    await play.stripe.customers.createBalanceTransaction(id, { amount: -30_000, currency: 'usd' })
    const first = await invoiced(id, 10_000)
    const second = await invoiced(id, 25_000)
    expect(await play.stripe.invoices.retrieve(first)).toMatchObject({
      status: 'paid',
      total: 10_000,
      amount_due: 0,
      amount_paid: 0,
      starting_balance: -30_000,
      ending_balance: -20_000,
    })
    expect(await play.stripe.invoices.retrieve(second)).toMatchObject({
      status: 'open',
      total: 25_000,
      amount_due: 5_000,
      amount_remaining: 5_000,
      starting_balance: -20_000,
      ending_balance: 0,
    })
    expect(await history(id)).toEqual([
      ['adjustment', -30_000, -30_000, null],
      ['applied_to_invoice', 10_000, -20_000, first],
      ['applied_to_invoice', 20_000, 0, second],
    ])
    expect((await play.stripe.invoicePayments.list({ invoice: first })).data).toEqual([])
  })

  it('that is owed is added to the next invoice', async () => {
    const { id } = await play.customer()
    await play.stripe.customers.createBalanceTransaction(id, { amount: 700, currency: 'usd' })
    const invoice = await invoiced(id, 10_000)
    expect(await play.stripe.invoices.retrieve(invoice)).toMatchObject({
      total: 10_000,
      amount_due: 10_700,
      starting_balance: 700,
      ending_balance: 0,
    })
    expect(await history(id)).toEqual([
      ['adjustment', 700, 700, null],
      ['applied_to_invoice', -700, 0, invoice],
    ])
  })

  it('is credited by an invoice with a negative total, which is paid at once', async () => {
    const { id } = await play.customer()
    const invoice = await invoiced(id, -4_500)
    expect(await play.stripe.invoices.retrieve(invoice)).toMatchObject({
      status: 'paid',
      total: -4_500,
      amount_due: 0,
      amount_paid: 0,
      starting_balance: 0,
      ending_balance: -4_500,
    })
    const next = await invoiced(id, 10_000)
    expect(await play.stripe.invoices.retrieve(next)).toMatchObject({ amount_due: 5_500 })
    expect(await history(id)).toEqual([
      ['applied_to_invoice', -4_500, -4_500, invoice],
      ['applied_to_invoice', 4_500, 0, next],
    ])
  })

  it('comes back from an invoice that is voided', async () => {
    const { id } = await play.customer()
    await play.stripe.customers.createBalanceTransaction(id, { amount: -4_000, currency: 'usd' })
    const invoice = await invoiced(id, 10_000)
    await play.stripe.invoices.voidInvoice(invoice)
    expect(await history(id)).toEqual([
      ['adjustment', -4_000, -4_000, null],
      ['applied_to_invoice', 4_000, 0, invoice],
      ['unapplied_from_invoice', -4_000, -4_000, invoice],
    ])
    expect(balanceOf(id)).toBe(-4_000)
  })

  it('takes what is overpaid and what credit notes put there; only customer.updated tells of it', async () => {
    const { id } = await play.customer()
    const invoice = await invoiced(id, 10_000)
    const from = play.simulator.events.length
    play.simulator.receiveTransfer(invoice, 12_345)
    const line = (await play.stripe.invoices.retrieve(invoice)).lines.data[0]?.id ?? ''
    const note = await play.stripe.creditNotes.create({
      invoice,
      lines: [{ type: 'invoice_line_item', invoice_line_item: line, amount: 1_000 }],
      credit_amount: 1_000,
    })
    expect(await history(id)).toEqual([
      ['invoice_overpaid', -2_345, -2_345, invoice],
      ['credit_note', -1_000, -3_345, invoice],
    ])
    const [transaction] = (await play.stripe.customers.listBalanceTransactions(id, { limit: 1 })).data
    expect(transaction).toMatchObject({ credit_note: note.id, type: 'credit_note' })
    expect(note.customer_balance_transaction).toBe(transaction?.id)
    const told = play.simulator.events.slice(from)
    expect(told.some((event) => event.data.object.object === 'customer_balance_transaction')).toBe(false)
    expect(
      told
        .filter((event) => event.type === 'customer.updated')
        .map((event) => event.data.previous_attributes?.balance),
    ).toEqual([0, -2_345])
  })

  it('begins with what the customer is made with, and follows an update', async () => {
    const { id } = await play.customer({ balance: -900 })
    await play.stripe.customers.update(id, { balance: -100 })
    expect(await history(id)).toEqual([
      ['initial', -900, -900, null],
      ['adjustment', 800, -100, null],
    ])
  })

  it('is of one currency, and an invoice of another leaves it alone', async () => {
    const { id } = await play.customer()
    await play.stripe.customers.createBalanceTransaction(id, { amount: -5_000, currency: 'usd' })
    await expect(
      play.stripe.customers.createBalanceTransaction(id, { amount: -1, currency: 'eur' }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'currency' })
    const invoice = await invoiced(id, 10_000, 'eur')
    expect(await play.stripe.invoices.retrieve(invoice)).toMatchObject({ amount_due: 10_000 })
    expect(balanceOf(id)).toBe(-5_000)
  })
})

describe('an amount too small to be charged', () => {
  it('is owed on the next invoice, where the account has a minimum', async () => {
    const usual = play
    play = await startPlay({ minimumCharge: { usd: 50 } })
    const { id } = await play.customer()
    const small = await invoiced(id, 49)
    expect(await play.stripe.invoices.retrieve(small)).toMatchObject({
      status: 'paid',
      total: 49,
      amount_due: 0,
      amount_paid: 0,
      starting_balance: 0,
      ending_balance: 49,
    })
    const next = await invoiced(id, 50)
    expect(await play.stripe.invoices.retrieve(next)).toMatchObject({ status: 'open', amount_due: 99 })
    expect(await history(id)).toEqual([
      ['invoice_too_small', 49, 49, small],
      ['applied_to_invoice', -49, 0, next],
    ])
    await usual.close()
  })
})

describe('its transactions', () => {
  it('are listed by invoice and time, page by page, and belong to one customer', async () => {
    const { id } = await play.customer({ balance: -900 })
    const other = await play.customer()
    play.to(START + DAY)
    const invoice = await invoiced(id, 10_000)
    const list = async (params: object) =>
      (await play.stripe.customers.listBalanceTransactions(id, params)).data
    expect((await list({ invoice })).map((each) => each.type)).toEqual(['applied_to_invoice'])
    expect((await list({ created: { lt: START + DAY } })).map((each) => each.type)).toEqual(['initial'])
    const [newest] = await list({ limit: 1 })
    expect((await list({ starting_after: newest?.id })).map((each) => each.type)).toEqual(['initial'])
    const found = await play.stripe.customers.retrieveBalanceTransaction(id, newest?.id ?? '', {
      expand: ['invoice', 'customer'],
    })
    expect(found).toMatchObject({ invoice: { id: invoice }, customer: { id } })
    await expect(
      play.stripe.customers.retrieveBalanceTransaction(other.id, newest?.id ?? ''),
    ).rejects.toMatchObject({ statusCode: 404 })
  })

  it('can be annotated and nothing else', async () => {
    const { id } = await play.customer({ balance: -900 })
    const [first] = (await play.stripe.customers.listBalanceTransactions(id)).data
    const from = play.simulator.events.length
    expect(
      await play.stripe.customers.updateBalanceTransaction(id, first?.id ?? '', {
        description: 'Goodwill',
        metadata: { ticket: '4711' },
      }),
    ).toMatchObject({ amount: -900, description: 'Goodwill', metadata: { ticket: '4711' } })
    expect(play.simulator.events.length).toBe(from)
    const wrong = play.stripe.customers.updateBalanceTransaction(id, first?.id ?? '', {
      amount: 1,
    } as object)
    await expect(wrong).rejects.toMatchObject({ code: 'parameter_unknown', param: 'amount' })
  })
})
