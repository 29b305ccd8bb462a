import { expect, it } from 'vitest'
import { type BookDocument, sortDocuments } from './netsuite-documents.ts'

const document = (type: string, externalId: string, more: Partial<BookDocument> = {}): BookDocument => ({
  type,
  externalId,
  internalId: '1',
  currency: 'EUR',
  amountMinor: 1000n,
  taxMinor: 0n,
  openMinor: 0n,
  customer: 'cus_1',
  settles: [],
  ...more,
})
const sort = (...documents: BookDocument[]) => sortDocuments(documents, new Map([['cn_1', 'in_1']]))

it('an invoice below nothing is a memo', () => {
  const { rows, adjuncts } = sort(
    document('CustCred', 'in_1-credit', { amountMinor: 1190n, taxMinor: 190n }),
    document('Journal', 'in_1-tobalance', { amountMinor: 1190n }),
  )
  expect(rows.invoices).toEqual([
    [
      'in_1',
      {
        currency: 'EUR',
        customer: 'cus_1',
        issued: true,
        totalMinor: -1190n,
        taxMinor: -190n,
        openMinor: 0n,
      },
    ],
  ])
  expect(adjuncts).toEqual([{ of: 'in_1', document: 'Journal in_1-tobalance', customer: 'cus_1' }])
})

it('what is open on a debt, and on a credit note taken back, is open on the invoice', () => {
  const { rows } = sort(
    document('CustInvc', 'in_1', { openMinor: 100n }),
    document('Journal', 'in_1-owed', { openMinor: 30n }),
    document('CustCred', 'cn_1'),
    document('CustInvc', 'cn_1-void', { openMinor: 7n }),
  )
  expect(rows.invoices.map(([id, { openMinor }]) => [id, openMinor])).toEqual([['in_1', 137n]])
  expect(rows.creditNotes).toEqual([])
})

it('a pair that does not take itself back to the cent stands', () => {
  const { rows, strangers } = sort(
    document('CustCred', 'cn_1', { amountMinor: 1001n }),
    document('CustInvc', 'cn_1-void'),
    document('CustRfnd', 're_1'),
    document('CustPymt', 're_1-failed', { currency: 'USD' }),
  )
  expect(rows.creditNotes.map(([id]) => id)).toEqual(['cn_1'])
  expect(rows.refunds.map(([id]) => id)).toEqual(['re_1'])
  expect(strangers).toEqual(['CustInvc cn_1-void', 'CustPymt re_1-failed'])
})

it('a refund whose money came home counts for nothing', () => {
  const { rows, strangers } = sort(document('CustRfnd', 'pyr_1'), document('CustPymt', 'pyr_1-failed'))
  expect([rows.refunds, rows.payments, strangers]).toEqual([[], [], []])
})

it('a payment names the invoice, whichever of its documents it settles', () => {
  const settled = (...settles: string[]) =>
    sort(document('CustPymt', 'inpay_1', { settles })).rows.payments.map(([, { invoice }]) => invoice)
  expect(settled('in_1', 'in_1-owed', 'cn_1-void', 'inpay_1-tobalance')).toEqual(['in_1'])
  expect(settled('inpay_1-recovery')).toEqual(['none'])
  expect(settled('in_1', 'in_2')).toEqual(['in_1 and in_2'])
  expect(settled('')).toEqual(['another document'])
})

it('knows the parts of an object, and nothing else', () => {
  const { adjuncts, strangers } = sort(
    document('Journal', 'du_1-txn_9'),
    document('Journal', 'po_1-failed'),
    document('CustCred', 're_1-alone'),
    document('CustCred', 'in_1-reversal'),
    document('Journal', 'by-hand'),
    document('Journal', '', { internalId: '77' }),
  )
  expect(adjuncts.map(({ of }) => of)).toEqual(['du_1', 'po_1', 're_1'])
  expect(strangers).toEqual([
    'CustCred in_1-reversal',
    'Journal by-hand',
    'Journal without an external id (internal id 77)',
  ])
})
