import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { type HubError, isHubError } from '../../../shared/errors.ts'
import { startAccount, type TestAccount } from './account.fixture.ts'
import type { Context, PostingPeriod } from './books.ts'
import {
  booksOf,
  configOf,
  creditNote,
  customer,
  day,
  invoice,
  invoiceContext,
  refund,
} from './objects.fixture.ts'
import { project, type Root } from './project.ts'

let account: TestAccount

beforeEach(async () => {
  account = await startAccount()
})
afterEach(() => account[Symbol.asyncDispose]())

/** The simulated account's own period for November. */
const november = (): PostingPeriod => ({
  id: account.simulator.periods.find('2026-11') ?? '',
  name: 'Nov 2026',
})
const allInNovember = (): Record<string, PostingPeriod> => new Proxy({}, { get: november })
const projected = (object: Root, context: Context, config = configOf()): RemoteRecord[] =>
  project(object, 'periods' in context ? { ...context, periods: allInNovember() } : context, config)

const acme = (changes: Record<string, unknown> = {}) =>
  projected(customer(changes), { root: 'customer', subsidiaryName: 'us', waitsForCurrency: false })
const paid = (id = 'in_1', changes: Record<string, unknown> = {}) =>
  invoice({
    id,
    total: 10_825,
    lines: [{ id: 'il_9', amount: 10_000, quantity: 4, tax: { amount: 825 } }],
    payments: [{ id: `${id.replace('in_', 'inpay_')}`, amount: 10_825, paidAt: day(3) }],
    changes: { status: 'paid', ...changes },
  })
const creditNoteContext = (of = paid()): Context => ({
  root: 'credit_note',
  invoice: of,
  posted: false,
  books: booksOf('USD'),
  periods: {},
})
const refundContext = (amountRefunded: number): Context => ({
  root: 'refund',
  source: { invoiceId: 'in_1', customerId: 'cus_1', creditNotes: [{ id: 'cn_1', amountRefunded }] },
  posted: false,
  books: booksOf('USD'),
  periods: {},
})

const errorOf = (outcome: unknown): HubError => {
  if (isHubError(outcome)) return outcome
  throw new Error(`Expected an error, got ${JSON.stringify(outcome)}`)
}
const callsOf = ({ simulator }: TestAccount, method: string): number =>
  [...simulator.calls.byRoute]
    .filter(([route]) => route.startsWith(`${method} `))
    .reduce((sum, [, count]) => sum + count, 0)

describe('write and read', () => {
  test('every kind reads back exactly as projected', async () => {
    const address = {
      line1: '1 Main St',
      line2: null,
      city: 'Springfield',
      state: 'IL',
      postal_code: '62701',
      country: 'US',
    }
    const note = creditNote({
      total: 4_330,
      refunds: [{ refund: 're_1', amount_refunded: 4_330 }],
      lines: [{ amount: 4_000, invoiceLine: 'il_9', tax: { amount: 330 } }],
    })
    const voided = invoice({
      id: 'in_2',
      total: 5_000,
      lines: [{ amount: 5_000 }],
      transitions: { voided_at: day(20) },
      changes: { status: 'void', custom_fields: [{ name: 'PO', value: 'PO-7781' }] },
    })
    const writtenOff = invoice({
      id: 'in_3',
      total: 5_000,
      lines: [{ amount: 5_000 }],
      transitions: { marked_uncollectible_at: day(20) },
      changes: { status: 'uncollectible' },
    })
    const records = [
      ...acme({ address }),
      ...projected(paid(), invoiceContext()),
      ...projected(voided, invoiceContext()),
      ...projected(writtenOff, invoiceContext()),
      ...projected(note, creditNoteContext()),
      ...projected(refund({ amount: 4_330 }), refundContext(4_330)),
    ]
    expect((await account.write(records)).filter(isHubError)).toEqual([])
    expect(records).toHaveLength(9)
    for (const record of records) {
      const [read] = await account.connector.read(record.kind, [record.externalId])
      expect(read?.body).toEqual(record.body)
      expect(read?.remoteId).toBe(account.remoteIds[`${record.kind}/${record.externalId}`])
    }
    expect(await account.connector.read('invoice', ['in_none'])).toEqual([undefined])
  })

  test.each([
    ['jpy', 'JPY', 1_190, '1190', 1_190],
    ['kwd', 'KWD', 12_340, '12.340', 12.34],
    ['eur', 'EUR', 11_900, '119.00', 119],
  ] as const)('%s stands to the last digit', async (currency, code, total, decimal, posted) => {
    const object = invoice({
      currency,
      total,
      lines: [{ amount: total }],
      payments: [{ id: 'inpay_1', amount: total, paidAt: day(3) }],
      changes: { status: 'paid' },
    })
    const records = projected(object, invoiceContext(code))
    expect((await account.write([...acme(), ...records])).filter(isHubError)).toEqual([])
    const [document] = await account.connector.read('invoice', ['in_1'])
    expect(document?.body).toMatchObject({ item: { items: [{ amount: decimal }] } })
    expect(account.simulator.find('invoice', 'in_1')).toMatchObject({ total: posted, amountRemaining: 0 })
  })

  test('tax stands on the liability account and the payment on Stripe clearing', async () => {
    await account.write([...acme(), ...projected(paid(), invoiceContext())])
    const ledger = (key: `${string}/${string}`) =>
      account.simulator
        .ledger(account.remoteIds[key] ?? '')
        .map(({ account: id, debit, credit }) => [id, debit, credit])
    expect(ledger('invoice/in_1')).toEqual([
      ['111', '108.25', ''],
      ['411', '', '100'],
      ['211', '', '8.25'],
    ])
    expect(ledger('customerPayment/inpay_1').sort()).toEqual([
      ['111', '', '108.25'],
      ['121', '108.25', ''],
    ])
  })

  test('written twice leaves one record, and the second time sends no document', async () => {
    const records = [...acme(), ...projected(paid(), invoiceContext())]
    const first = await account.write(records)
    const puts = callsOf(account, 'PUT')
    expect(await account.write(records)).toEqual(first)
    // The customer is upserted; the invoice and the payment are found standing.
    expect(callsOf(account, 'PUT')).toBe(puts + 1)
    expect(account.simulator.records('invoice')).toHaveLength(1)
    expect(account.simulator.records('customerPayment')).toHaveLength(1)
    expect(account.simulator.records('customer')).toHaveLength(1)
  })

  test('two workers at once leave one invoice, with its lines once', async () => {
    // Slow enough that both look before either has written.
    await using slow = await startAccount({ latencyMs: 40 })
    const other = slow.connect()
    await slow.write(acme())
    await other.probe()
    const records = projected(invoice({ total: 5_000, lines: [{ amount: 5_000 }] }), invoiceContext())
    const [first, second] = await Promise.all([slow.write(records), slow.write(records, other)])
    expect(callsOf(slow, 'PUT')).toBe(3)
    expect(first).toEqual(second)
    expect(slow.simulator.records('invoice')).toMatchObject([{ total: 50, item: { totalResults: 1 } }])
  })

  test('a batch of documents costs one write each and two queries', async () => {
    await account.write(acme())
    // A worker that has posted before: it has looked for tax engines.
    await account.connector.probe()
    const before = account.simulator.calls.total
    const records = Array.from({ length: 40 }, (_, index) =>
      projected(invoice({ id: `in_b${index}`, total: 100, lines: [{ amount: 100 }] }), invoiceContext()),
    ).flat()
    await account.write(records)
    expect(account.simulator.calls.total - before).toBe(42)
    expect(account.simulator.faults.hits.rate_limited).toBeUndefined()
  })

  test('with SuiteTax reads back as projected, with the tax of Stripe', async () => {
    await using suiteTax = await startAccount({ tax: 'suitetax' })
    const config = { tax: { mode: 'suitetax', taxCode: '1', taxType: '1' } } as const
    const context = { ...invoiceContext(), books: { ...booksOf('USD'), taxPercentages: { txr_1: '8.25' } } }
    const records = projected(paid(), context, configOf(config))
    const connector = suiteTax.connect({ config })
    expect((await suiteTax.write([...acme(), ...records], connector)).filter(isHubError)).toEqual([])
    expect((await connector.read('invoice', ['in_1']))[0]?.body).toEqual(records[0]?.body)
    expect(suiteTax.simulator.find('invoice', 'in_1')).toMatchObject({ taxTotal: 8.25, total: 108.25 })
  })
})

describe('customers', () => {
  test('a changed address replaces ours and leaves those that people added', async () => {
    const at = (line1: string, line2: string | null) => ({
      line1,
      line2,
      city: 'Bonn',
      state: null,
      postal_code: '53111',
      country: 'DE',
    })
    await account.write(acme({ address: at('Hauptstr. 1', 'Hinterhaus') }))
    await account.byHand('PATCH', 'record/v1/customer/eid:cus_1', {
      addressBook: {
        items: [{ label: 'Warehouse', addressBookAddress: { city: 'Köln', country: { id: 'DE' } } }],
      },
    })
    const moved = acme({ address: at('Marktplatz 2', null), email: null })
    expect((await account.write(moved)).filter(isHubError)).toEqual([])
    expect((await account.connector.read('customer', ['cus_1']))[0]?.body).toEqual(moved[0]?.body)
    const labels = (): unknown[] => {
      const book = account.simulator.find('customer', 'cus_1')?.addressBook as { items: { label: string }[] }
      return book.items.map(({ label }) => label)
    }
    expect(labels()).toEqual(['Stripe', 'Warehouse'])
    await account.write(acme({ address: null }))
    expect(labels()).toEqual(['Warehouse'])
  })

  test('retired is inactive; a document still on its way is posted all the same', async () => {
    await account.write(acme())
    const remoteId = account.remoteIds['customer/cus_1'] ?? ''
    const [retired] = await account.connector.retire('customer', [
      {
        key: 'customer/cus_1',
        kind: 'customer',
        externalId: 'cus_1',
        remoteId,
        ref: { type: 'customer', id: 'cus_1' },
      },
    ])
    expect(retired).toEqual({ remoteId })
    expect(account.simulator.find('customer', 'cus_1')).toMatchObject({ isInactive: true })
    const [outcome] = await account.write(
      projected(invoice({ total: 100, lines: [{ amount: 100 }] }), invoiceContext()),
    )
    expect(outcome).toEqual({ remoteId: account.remoteIds['invoice/in_1'] })
    expect(account.simulator.find('customer', 'cus_1')).toMatchObject({ isInactive: true })
  })

  test('two of the same name are two customers', async () => {
    const other = projected(customer({ id: 'cus_2' }), {
      root: 'customer',
      subsidiaryName: 'us',
      waitsForCurrency: false,
    })
    expect((await account.write([...acme(), ...other])).filter(isHubError)).toEqual([])
    expect(account.simulator.records('customer')).toHaveLength(2)
  })

  test('an email address that NetSuite refuses parks and names the field', async () => {
    const error = errorOf((await account.write(acme({ email: 'not an address' })))[0])
    expect(error.kind).toBe('permanent')
    expect(error.hint).toContain('Field email')
  })
})

describe('documents that must not stand', () => {
  test('one that differs is left alone and parked', async () => {
    await account.write([...acme(), ...projected(paid(), invoiceContext())])
    const other = invoice({ total: 9_900, lines: [{ amount: 9_900 }] })
    const error = errorOf((await account.write(projected(other, invoiceContext())))[0])
    expect(error.code).toBe('NS-DIFFERS')
    expect(error.message).toContain('total 108.25 instead of 99.00')
    expect(account.simulator.find('invoice', 'in_1')).toMatchObject({ total: 108.25 })
  })

  test('a document is never retired', async () => {
    await account.write([...acme(), ...projected(paid(), invoiceContext())])
    const [outcome] = await account.connector.retire('invoice', [
      {
        key: 'invoice/in_1',
        kind: 'invoice',
        externalId: 'in_1',
        remoteId: account.remoteIds['invoice/in_1'] ?? '',
        ref: { type: 'invoice', id: 'in_1' },
      },
    ])
    expect(errorOf(outcome).code).toBe('NS-RETIRE')
    expect(account.simulator.records('invoice')).toHaveLength(1)
  })

  test('a vendor total that differs is taken back and parked', async () => {
    // SuiteTax without the override posts no tax: the account's total lacks it.
    await using suiteTax = await startAccount({ tax: 'suitetax' })
    const config = { tax: { mode: 'suitetax', taxCode: '1', taxType: '1' } } as const
    const connector = suiteTax.connect({ config })
    const context = { ...invoiceContext(), books: { ...booksOf('USD'), taxPercentages: { txr_1: '8.25' } } }
    const [record] = projected(paid(), context, configOf(config))
    if (!record) throw new Error('no record')
    const noOverride = { ...record, body: { ...record.body, taxDetailsOverride: false } }
    const [, outcome] = await suiteTax.write([...acme(), noOverride], connector)
    const error = errorOf(outcome)
    expect(error).toMatchObject({ kind: 'permanent', code: 'NS-TOTAL' })
    expect(error.message).toBe(
      'invoice in_1 (USD 108.25): NetSuite posted a total of 100 instead of 108.25. It was taken back at once; nothing is posted.',
    )
    expect(suiteTax.simulator.records('invoice')).toEqual([])
  })

  test('where it cannot be deleted, a memo of the same date reverses it', async () => {
    await using suiteTax = await startAccount({ tax: 'suitetax' })
    const config = { tax: { mode: 'suitetax', taxCode: '1', taxType: '1' } } as const
    const connector = suiteTax.connect({ config })
    const context = { ...invoiceContext(), books: { ...booksOf('USD'), taxPercentages: { txr_1: '8.25' } } }
    const [record] = projected(paid(), context, configOf(config))
    if (!record) throw new Error('no record')
    suiteTax.simulator.faults.add({ effect: 'server_error', method: 'DELETE' })
    const noOverride = { ...record, body: { ...record.body, taxDetailsOverride: false } }
    const [, outcome] = await suiteTax.write([...acme(), noOverride], connector)
    expect(errorOf(outcome).message).toContain('a credit memo of the same date reverses it')
    expect(suiteTax.simulator.find('creditMemo', 'in_1-reversal')).toMatchObject({
      total: 100,
      tranDate: '2026-11-02',
    })
    expect(suiteTax.simulator.find('invoice', 'in_1')).toMatchObject({ amountRemaining: 0 })
  })
})

describe('errors', () => {
  const putInvoice = { method: 'PUT', path: '/invoice/', times: 1 } as const
  const writeInvoice = async () =>
    (await account.write(projected(invoice({ total: 100, lines: [{ amount: 100 }] }), invoiceContext())))[0]

  beforeEach(() => account.write(acme()))

  test('429 is transient and keeps the vendor’s wish', async () => {
    account.simulator.faults.add({ effect: 'rate_limited', ...putInvoice, retryAfterSeconds: 7 })
    expect(errorOf(await writeInvoice())).toMatchObject({
      kind: 'transient',
      code: 'NS-BUSY',
      retryAfterSeconds: 7,
    })
  })

  test('an HTML 503 is transient, a 500 and a cut connection to a write are in doubt', async () => {
    account.simulator.faults.add({ effect: 'unavailable', ...putInvoice })
    expect(errorOf(await writeInvoice()).kind).toBe('transient')
    account.simulator.faults.add({ effect: 'server_error', ...putInvoice })
    expect(errorOf(await writeInvoice()).kind).toBe('ambiguous')
    account.simulator.faults.add({ effect: 'reset_before', ...putInvoice })
    expect(errorOf(await writeInvoice()).kind).toBe('ambiguous')
    expect(account.simulator.records('invoice')).toEqual([])
  })

  test('an answer lost after the effect is settled by looking', async () => {
    account.simulator.faults.add({ effect: 'reset_after', ...putInvoice })
    const outcome = await writeInvoice()
    expect(outcome).toEqual({ remoteId: account.simulator.records('invoice')[0]?.id })
    expect(account.simulator.faults.hits.reset_after).toBe(1)
    expect(account.simulator.records('invoice')).toHaveLength(1)
  })

  test('a failed read is transient', async () => {
    account.simulator.faults.add({ effect: 'reset_before', path: '/suiteql', times: 1 })
    await expect(writeInvoice()).rejects.toMatchObject({ kind: 'transient' })
  })

  test('a total that could not be compared is compared at the next attempt', async () => {
    // The query before the write passes, the one after it does not.
    const { calls, faults } = account.simulator
    const record = calls.record.bind(calls)
    calls.record = (method, path) => {
      if (method === 'PUT') faults.add({ effect: 'unavailable', path: '/suiteql', times: 1 })
      record(method, path)
    }
    expect(errorOf(await writeInvoice())).toMatchObject({ kind: 'transient', code: 'NS-UNCOMPARED' })
    calls.record = record
    expect(await writeInvoice()).toEqual({ remoteId: account.simulator.records('invoice')[0]?.id })
    expect(account.simulator.records('invoice')).toHaveLength(1)
  })

  test('an expired token is renewed silently, once; then it is a credential error', async () => {
    account.clock.advance(3_700_000)
    expect(isHubError(await writeInvoice())).toBe(false)
    account.simulator.revokeTokens()
    await account.connector.probe()
    account.simulator.faults.add({ effect: 'expired_credential', path: '/suiteql', times: 1 })
    await account.connector.probe()
    account.simulator.faults.add({ effect: 'expired_credential', path: '/suiteql', times: 2 })
    await expect(account.connector.probe()).rejects.toMatchObject({ kind: 'credential', code: 'NS-CRED' })
  })

  test('ES256 and token-based authentication sign in too; a wrong secret is a credential error', async () => {
    await account.connect({ auth: 'ES256' }).probe()
    // oauth-1.0a stamps with the machine's own time.
    await using today = await startAccount({}, Date.now())
    await today.connect({ auth: 'tba' }).probe()
    await using other = await startAccount({ clients: {} })
    await expect(other.connector.probe()).rejects.toMatchObject({ kind: 'credential' })
    await expect(other.connect({ auth: 'tba' }).probe()).rejects.toMatchObject({ kind: 'credential' })
  })

  test('a token endpoint that does not answer leaves no write in doubt', async () => {
    account.clock.advance(3_700_000)
    account.simulator.faults.add({ effect: 'reset_before', path: '/token' })
    await expect(writeInvoice()).rejects.toMatchObject({ kind: 'transient' })
  })

  test('a reference that does not exist parks and names the field', async () => {
    const object = invoice({ total: 100, lines: [{ amount: 100 }] })
    const context = { ...invoiceContext(), books: { ...booksOf('USD'), items: { prod_team: '999' } } }
    const error = errorOf((await account.write(projected(object, context)))[0])
    expect(error).toMatchObject({ kind: 'permanent', code: 'NS-REF' })
    expect(error.message).toContain('post invoice in_1 (USD 1.00)')
    expect(error.hint).toContain('Field item.items[0].item')
  })

  test('an over-application parks', async () => {
    await account.write(projected(paid(), invoiceContext()))
    const note = creditNote({
      total: 4_000,
      prePayment: 4_000,
      lines: [{ amount: 4_000, invoiceLine: 'il_9' }],
    })
    expect(errorOf((await account.write(projected(note, creditNoteContext())))[0])).toMatchObject({
      kind: 'permanent',
      code: 'NS-APPLY',
    })
  })

  test('a period closed between choice and posting is chosen anew', async () => {
    account.simulator.periods.closePeriod(november().id)
    expect(errorOf(await writeInvoice())).toMatchObject({ kind: 'transient', code: 'NS-PERIOD-CLOSED' })
  })

  test('one refused record leaves its neighbours posted', async () => {
    const object = invoice({ id: 'in_bad', total: 100, lines: [{ amount: 100 }] })
    const context = { ...invoiceContext(), books: { ...booksOf('USD'), items: { prod_team: '999' } } }
    const outcomes = await account.write([
      ...projected(object, context),
      ...projected(invoice({ total: 100, lines: [{ amount: 100 }] }), invoiceContext()),
    ])
    expect(outcomes.map(isHubError)).toEqual([true, false])
  })
})
