import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type {
  Gathered,
  Gathering,
  JsonObject,
  KnownRecord,
  RecordKey,
} from '../../../shared/connector/contract.ts'
import { type HubError, isHubError } from '../../../shared/errors.ts'
import { startAccount, type TestAccount } from './account.fixture.ts'
import type { Context } from './books.ts'
import { creditNote, customer, day, invoice, refund } from './objects.fixture.ts'
import type { Root } from './project.ts'

let account: TestAccount

beforeEach(async () => {
  account = await startAccount()
})
afterEach(() => account[Symbol.asyncDispose]())

const gathering = (
  object: Root,
  keep?: JsonObject,
  known: Record<RecordKey, KnownRecord> = {},
): Gathering<Root> => ({ ref: { type: object.object, id: object.id }, object, keep, known })

function gathered(outcome: Gathered<Context> | HubError | undefined): Gathered<Context> {
  if (!outcome || isHubError(outcome)) throw outcome ?? new Error('no outcome')
  return outcome
}

const bodyOf = async (given: Gathering<Root>) => {
  const { context } = gathered((await account.connector.gather([given]))[0])
  return account.connector.project(given.object, context)[0]?.body ?? {}
}

const simple = (changes: Parameters<typeof invoice>[0] | undefined = undefined) =>
  invoice({ total: 100, lines: [{ amount: 100 }], customer: customer(), ...changes })

const suiteQlCalls = () =>
  [...account.simulator.calls.byRoute]
    .filter(([route]) => route.includes('suiteql'))
    .reduce((sum, [, n]) => sum + n, 0)

describe('posting period', () => {
  const october = () =>
    invoice({
      total: 100,
      lines: [{ amount: 100 }],
      customer: customer(),
      changes: { effective_at: Date.UTC(2026, 9, 30) / 1_000 },
    })

  test('of a closed month is the first open one, and the record says so', async () => {
    const { periods } = account.simulator
    periods.closePeriod(periods.find('2026-10') ?? '')
    expect(await bodyOf(gathering(october()))).toMatchObject({
      tranDate: '2026-10-30',
      postingPeriod: { id: periods.find('2026-11') },
      memo: 'Stripe Invoice INV-0042 in_1 · posted to Nov 2026: Oct 2026 was closed',
    })
  })

  test('of a posted document stays when its month is closed later', async () => {
    const { periods } = account.simulator
    const first = gathered((await account.connector.gather([gathering(october())]))[0])
    periods.closePeriod(periods.find('2026-10') ?? '')
    account.clock.advance(61_000)
    const posted = gathering(october(), first.keep, { 'invoice/in_1': { remoteId: '10001', hash: 'x' } })
    expect((await bodyOf(posted)).postingPeriod).toEqual({ id: periods.find('2026-10') })
    // Not posted yet: chosen anew, or it could never be posted.
    const unposted = gathering(october(), first.keep, { 'invoice/in_1': {} })
    expect((await bodyOf(unposted)).postingPeriod).toEqual({ id: periods.find('2026-11') })
  })

  test('is asked once for a whole batch', async () => {
    const batch = Array.from({ length: 300 }, (_, index) =>
      gathering(simple({ id: `in_${index}`, total: 100, lines: [{ amount: 100 }] })),
    )
    expect((await account.connector.gather(batch)).filter(isHubError)).toEqual([])
    // One for the periods, one for the customer that no rule decides.
    expect(suiteQlCalls()).toBe(2)
    expect(account.stripeCalls).toEqual([])
  })
})

describe('mapping', () => {
  test('of a posted document stays; of one not posted it follows the configuration', async () => {
    const first = gathered((await account.connector.gather([gathering(simple())]))[0])
    const remapped = account.connect({ config: { items: { prod_team: '802' } } })
    const itemOf = async (known: Record<RecordKey, KnownRecord>) => {
      const given = gathering(simple(), first.keep, known)
      const { context } = gathered((await remapped.gather([given]))[0])
      return remapped.project(given.object, context)[0]?.body
    }
    expect(await itemOf({ 'invoice/in_1': { remoteId: '10001' } })).toMatchObject({
      item: { items: [{ item: { id: '801' } }] },
    })
    expect(await itemOf({})).toMatchObject({ item: { items: [{ item: { id: '802' } }] } })
  })

  test('takes an item from the product’s metadata, read once a batch', async () => {
    account.stripe.set('/v1/products/prod_new', {
      id: 'prod_new',
      object: 'product',
      metadata: { netsuite_item: '805' },
    })
    const object = (id: string) => simple({ id, total: 100, lines: [{ amount: 100, product: 'prod_new' }] })
    const batch = [gathering(object('in_1')), gathering(object('in_2'))]
    const [, second] = await account.connector.gather(batch)
    expect(account.connector.project(object('in_2'), gathered(second).context)[0]?.body).toMatchObject({
      item: { items: [{ item: { id: '805' } }] },
    })
    expect(account.stripeCalls).toEqual(['/v1/products/prod_new'])
  })

  test('takes the subsidiary of the customer as it stands where no rule decides', async () => {
    const [record] = account.connector.project(customer(), {
      root: 'customer',
      subsidiaryName: 'eu',
      waitsForCurrency: false,
    })
    if (!record) throw new Error('no record')
    await account.write([record])
    expect(
      await bodyOf(gathering(simple({ currency: 'eur', total: 100, lines: [{ amount: 100 }] }))),
    ).toMatchObject({
      subsidiary: { id: '2' },
      account: { id: '112' },
    })
  })

  test('kept by an attempt that posted nothing is chosen anew, also what Stripe’s product and NetSuite’s customer say', async () => {
    account.stripe.set('/v1/products/prod_new', {
      id: 'prod_new',
      object: 'product',
      metadata: { netsuite_item: '805' },
    })
    const [record] = account.connector.project(customer(), {
      root: 'customer',
      subsidiaryName: 'eu',
      waitsForCurrency: false,
    })
    if (!record) throw new Error('no record')
    await account.write([record])
    const object = simple({ currency: 'eur', total: 100, lines: [{ amount: 100, product: 'prod_new' }] })
    const first = gathered((await account.connector.gather([gathering(object)]))[0])
    expect(await bodyOf(gathering(object, first.keep, { 'invoice/in_1': {} }))).toMatchObject({
      subsidiary: { id: '2' },
      item: { items: [{ item: { id: '805' } }] },
    })
  })

  test('a rule decides a customer’s subsidiary once and for all', async () => {
    const german = customer({ address: { country: 'DE' } })
    const first = gathered((await account.connector.gather([gathering(german)]))[0])
    expect(first.context).toEqual({ root: 'customer', subsidiaryName: 'eu', waitsForCurrency: false })
    const moved = customer({ address: { country: 'US' } })
    const [later] = await account.connector.gather([gathering(moved, first.keep)])
    expect(gathered(later).context).toEqual({
      root: 'customer',
      subsidiaryName: 'eu',
      waitsForCurrency: false,
    })
    const [byDefault] = await account.connector.gather([gathering(moved)])
    expect(gathered(byDefault)).toEqual({
      context: { root: 'customer', subsidiaryName: 'us', waitsForCurrency: false },
    })
  })
})

describe('what hangs together in Stripe', () => {
  test('a voided invoice with credit notes brings them', async () => {
    account.stripe.set('/v1/credit_notes', [creditNote({ total: 3_000, prePayment: 3_000, lines: [] })])
    const object = invoice({
      total: 10_000,
      lines: [{ amount: 10_000 }],
      customer: customer(),
      transitions: { voided_at: day(20) },
      changes: { status: 'void', pre_payment_credit_notes_amount: 3_000 },
    })
    const { context } = gathered((await account.connector.gather([gathering(object)]))[0])
    const memo = account.connector.project(object, context)[1]
    expect(memo?.body.apply).toMatchObject({ items: [{ amount: '70.00' }] })
  })

  test('a refund finds its credit note through its payment and the invoice', async () => {
    account.stripe.set('/v1/invoice_payments', [
      { id: 'inpay_1', object: 'invoice_payment', invoice: 'in_1' },
    ])
    account.stripe.set('/v1/credit_notes', [
      creditNote({ id: 'cn_other', total: 500, lines: [] }),
      creditNote({ total: 4_000, refunds: [{ refund: 're_1', amount_refunded: 4_000 }], lines: [] }),
    ])
    account.stripe.set('/v1/invoices/in_1', simple())
    const { context } = gathered((await account.connector.gather([gathering(refund())]))[0])
    const [record] = account.connector.project(refund(), context)
    expect(record?.requires).toEqual([
      { type: 'customer', id: 'cus_1' },
      { type: 'credit_note', id: 'cn_1' },
    ])
    expect(record?.body).toMatchObject({ tranDate: '2026-11-09', apply: { items: [{ amount: '40.00' }] } })
  })

  test('a credit note pages through the lines of a long invoice for their products', async () => {
    const whole = invoice({
      total: 200,
      lines: [
        { id: 'il_a', amount: 100 },
        { id: 'il_b', amount: 100, product: 'prod_seats' },
      ],
    })
    account.stripe.set('/v1/invoices/in_1/lines', whole.lines.data)
    const cut = simple()
    const note = creditNote({ total: 100, prePayment: 100, lines: [{ amount: 100, invoiceLine: 'il_b' }] })
    account.stripe.set('/v1/credit_notes', [note])
    const object = { ...note, invoice: { ...cut, lines: { ...cut.lines, data: [], has_more: true } } }
    const { context } = gathered((await account.connector.gather([gathering(object)]))[0])
    expect(account.connector.project(object, context)[0]?.body).toMatchObject({
      item: { items: [{ item: { id: '804' } }] },
    })
  })

  test('Stripe’s and NetSuite’s failures hit the objects that need them, and throw for the batch', async () => {
    const needsStripe = invoice({
      id: 'in_2',
      total: 100,
      lines: [{ amount: 100 }],
      transitions: { voided_at: day(20) },
      changes: { pre_payment_credit_notes_amount: 10 },
    })
    const outcomes = await account.connector.gather([gathering(simple()), gathering(needsStripe)])
    expect(outcomes.map(isHubError)).toEqual([false, true])
    account.clock.advance(61_000)
    account.simulator.faults.add({ effect: 'unavailable', path: '/suiteql' })
    await expect(account.connector.gather([gathering(simple())])).rejects.toMatchObject({ kind: 'transient' })
  })
})
