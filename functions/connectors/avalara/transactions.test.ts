// Documents over HTTP with the real SDK: each test states what stands in AvaTax afterwards.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  avataxPeer,
  clock,
  connector,
  failureOf,
  finalized,
  projected,
  startBench,
  stopBench,
  sync,
  write,
} from './bench.fixture.ts'
import { creditNoteOf, lineOf, taxOf } from './objects.fixture.ts'

beforeEach(startBench)
afterEach(stopBench)

describe('a document', () => {
  test('is committed with the charged tax, whatever AvaTax would calculate now, and read back as projected', async () => {
    avataxPeer.rate = 0.5
    const { record } = await projected(finalized())
    expect(await write(record)).toEqual({ remoteId: 'in_1' })
    expect(await write(record)).toEqual({ remoteId: 'in_1' })
    expect([...avataxPeer.documents.keys()]).toEqual(['SalesInvoice/in_1'])
    expect(avataxPeer.documents.get('SalesInvoice/in_1')).toMatchObject({
      status: 'Committed',
      totalAmount: 100,
      totalTax: 10,
      date: '2026-03-31',
    })
    const [read] = await connector.read('transaction', ['in_1'])
    expect(read).toEqual({ remoteId: 'in_1', body: record.body })
  })

  test('of a voided invoice ends cancelled, whether it was recorded before or not', async () => {
    const { record } = await projected(finalized({ status: 'void' }))
    await write(record)
    expect(avataxPeer.documents.get('SalesInvoice/in_1')).toMatchObject({ status: 'Cancelled', totalTax: 10 })
    const [read] = await connector.read('transaction', ['in_1'])
    expect(read?.body).toEqual(record.body)
    expect(await write(record, { remoteId: 'in_1' })).toEqual({ remoteId: 'in_1' })
    avataxPeer.documents.clear()
    await sync(finalized())
    await write(record, { remoteId: 'in_1' })
    expect(avataxPeer.documents.get('SalesInvoice/in_1')).toMatchObject({ status: 'Cancelled' })
  })

  test('that is filed in the moment in which it is voided is taken back by the opposite document of today', async () => {
    await sync(finalized())
    const { record } = await projected(finalized({ status: 'void' }))
    avataxPeer.lock('SalesInvoice/in_1')
    clock.advance(40 * 86_400_000)
    expect(await write(record, { remoteId: 'in_1' })).toEqual({ remoteId: 'in_1' })
    expect(avataxPeer.documents.get('ReturnInvoice/in_1-void')).toMatchObject({
      status: 'Committed',
      date: '2026-05-10',
      taxDate: '2026-03-31',
      totalAmount: -100,
      totalTax: -10,
    })
    const [read] = await connector.read('transaction', ['in_1'])
    expect(read?.body).toEqual(record.body)
  })

  test('that is filed stands for a repetition; a change is the opposite and a new document, both of today', async () => {
    const { record } = await projected(finalized())
    await write(record)
    avataxPeer.lock('SalesInvoice/in_1')
    expect(await write(record)).toEqual({ remoteId: 'in_1' })
    expect([...avataxPeer.documents.keys()]).toEqual(['SalesInvoice/in_1'])
    const changed = { ...record, body: { ...record.body, customerCode: 'cus_2' } }
    expect(await write(changed)).toEqual({ remoteId: 'in_1' })
    expect([...avataxPeer.documents.keys()]).toEqual([
      'SalesInvoice/in_1',
      'ReturnInvoice/in_1-void',
      'SalesInvoice/in_1-r1',
    ])
  })

  test('of a credit note returns the charged tax; voided, it is cancelled', async () => {
    finalized()
    const line = {
      id: 'cnli_1',
      amount: 5000,
      discount_amount: 0,
      discount_amounts: [],
      invoice_line_item: 'il_1',
      pretax_credit_amounts: [],
      taxes: [taxOf(500)],
    }
    const creditNote = creditNoteOf({ total: 5500, lines: [line] })
    const { record } = await projected(creditNote)
    await write(record)
    expect(avataxPeer.documents.get('ReturnInvoice/cn_1')).toMatchObject({
      status: 'Committed',
      totalAmount: -50,
      totalTax: -5,
      taxDate: '2026-03-31',
    })
    const [read] = await connector.read('transaction', ['cn_1'])
    expect(read?.body).toEqual(record.body)
    await sync({ ...creditNote, status: 'void' }, { remoteId: 'cn_1' })
    expect(avataxPeer.documents.get('ReturnInvoice/cn_1')).toMatchObject({ status: 'Cancelled' })
  })

  test('whose override AvaTax does not honour is not taken for done', async () => {
    avataxPeer.honoursOverrides = false
    avataxPeer.rate = 0.2
    expect(failureOf(await sync(finalized()))).toMatchObject({
      kind: 'permanent',
      code: 'TAX-DIFFERS',
      message: 'in_1 is in AvaTax with USD 20.00 tax, but 10.00 was charged.',
    })
  })

  test('finalized untaxed is committed so, flagged, and kept as such', async () => {
    const never = finalized({ total: 10000, status: 'paid', lines: [lineOf({ id: 'il_1', amount: 10000 })] })
    const { record, keep } = await projected(never)
    expect(keep).toMatchObject({ neverDraft: true })
    await write(record)
    expect(avataxPeer.documents.get('SalesInvoice/in_1')).toMatchObject({
      referenceCode: 'FINALIZED_UNTAXED',
      totalTax: 0,
    })
  })

  test('with an address that AvaTax refuses takes the customer’s corrected one', async () => {
    const never = finalized({
      total: 10000,
      lines: [lineOf({ id: 'il_1', amount: 10000 })],
      customer_address: { city: 'Berlinn', country: 'DE' },
    })
    const first = await projected(never)
    expect(failureOf(await write(first.record))).toMatchObject({
      code: 'TAX-ADDR',
      waitsOn: [{ type: 'customer', id: 'cus_1' }],
    })
    const second = await projected(never, first.keep)
    expect(await write(second.record)).toEqual({ remoteId: 'in_1' })
    expect(avataxPeer.documents.get('SalesInvoice/in_1')?.addresses[1]).toMatchObject({ city: 'Los Angeles' })
  })

  test.each([
    ['rate_limited', 'transient'],
    ['server_error', 'ambiguous'],
    ['reset_after', 'ambiguous'],
    ['expired_credential', 'credential'],
  ] as const)('AvaTax %s is %s while recording, and a resend settles it', async (effect, kind) => {
    const { record } = await projected(finalized())
    avataxPeer.faults.add({ effect, times: 1 })
    expect(failureOf(await write(record)).kind).toBe(kind)
    expect(await write(record)).toEqual({ remoteId: 'in_1' })
    expect(avataxPeer.documents.size).toBe(1)
  })

  test('that should no longer stand is voided; one that never stood is no trouble', async () => {
    await sync(finalized())
    const retiring = {
      key: 'transaction/in_1',
      kind: 'transaction',
      externalId: 'in_1',
      remoteId: 'in_1',
      ref: { type: 'invoice', id: 'in_1' },
    } as const
    expect(await connector.retire('transaction', [retiring, { ...retiring, externalId: 'in_9' }])).toEqual([
      { remoteId: 'in_1' },
      { remoteId: 'in_9' },
    ])
    expect(avataxPeer.documents.get('SalesInvoice/in_1')?.status).toBe('Cancelled')
  })
})
