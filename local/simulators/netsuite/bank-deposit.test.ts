import { describe, expect, it } from 'vitest'
import { addCustomer, pay, posted, rows, startAccount, type TestAccount } from './account.fixture.ts'

const strict = { 'X-NetSuite-PropertyNameValidation': 'Error' }
const undeposited = { account: null, undepFunds: { id: 'T' } }
const us = { subsidiary: { id: '1' } }

const bank = (account: TestAccount, externalId: string, body: object, method = 'PUT') =>
  account.call(method, `/deposit/eid:${externalId}`, { account: { id: '131' }, ...us, ...body }, strict)

const ticked = (...ids: string[]) => ({ items: ids.map((id) => ({ id: Number(id), deposit: true })) })

async function start() {
  const account = await startAccount()
  await addCustomer(account)
  const first = await pay(account, 'py_1', 70, undeposited)
  const second = await pay(account, 'py_2', 30, undeposited)
  return Object.assign(account, { first: first.id, second: second.id })
}

describe('a bank deposit', () => {
  it('takes payments out of Undeposited Funds, adds other money and pays fees as cash back', async () => {
    await using account = await start()
    const { id, status } = await bank(account, 'po_1', {
      tranDate: '2026-11-21',
      memo: 'Payout po_1',
      payment: ticked(account.first, account.second),
      other: { items: [{ account: { id: '213' }, amount: 5, memo: 'top-up' }] },
      cashback: { items: [{ account: { id: '612' }, amount: 3.2, memo: 'fees' }] },
    })
    expect(status).toBe(204)
    expect(posted(account, id)).toEqual(['131 101.8', '140 -70', '140 -30', '213 -5', '612 3.2'])
    expect(await account.get('/deposit/eid:po_1')).toMatchObject({
      total: 101.8,
      currency: { refName: 'US Dollar' },
      payment: { items: [{ id: Number(account.first), deposit: true, paymentAmount: 70 }, {}] },
      other: { items: [{ line: '1', amount: 5 }] },
      cashback: { items: [{ line: '1', account: { id: '612' }, amount: 3.2 }] },
    })
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({ status: { refName: 'Deposited' } })
    expect(
      await rows(
        account,
        `SELECT t.type, t.foreigntotal, BUILTIN.DF(p.status) AS payment FROM transaction t, transaction p
         WHERE t.externalid = 'po_1' AND p.externalid = 'py_2'`,
      ),
    ).toEqual([{ type: 'Deposit', foreigntotal: '101.8', payment: 'Payment : Deposited' }])
  })

  it('holds a payment once; without its line the payment is free again', async () => {
    await using account = await start()
    await bank(account, 'po_1', { payment: ticked(account.first) })
    const twice = await bank(account, 'po_2', { payment: ticked(account.first) })
    expect(twice.error['o:errorPath']).toBe('payment.items[0].id')
    expect((await account.call('DELETE', '/customerPayment/eid:py_1')).error.detail).toContain('linked to')
    await bank(account, 'po_1', { payment: ticked(account.second) }, 'PATCH')
    expect(await account.get('/deposit/eid:po_1')).toMatchObject({ total: 100, payment: { count: 2 } })
    const untick = { items: [{ id: Number(account.first), deposit: false }] }
    await bank(account, 'po_1', { payment: untick }, 'PATCH')
    expect(await account.get('/deposit/eid:po_1')).toMatchObject({ total: 30, payment: { count: 1 } })
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({
      status: { refName: 'Not Deposited' },
    })
    await account.done('DELETE', '/deposit/eid:po_1', undefined)
    expect(await account.get('/customerPayment/eid:py_2')).toMatchObject({
      status: { refName: 'Not Deposited' },
    })
  })

  it('takes a euro payment into a dollar bank at the rate of the payment', async () => {
    await using account = await start()
    const euro = await pay(account, 'py_eur', 100, {
      ...undeposited,
      currency: { id: '2' },
      exchangeRate: 1.05,
    })
    const { id } = await bank(account, 'po_1', { payment: ticked(euro.id) })
    expect(posted(account, id)).toEqual(['131 105', '140 -105'])
    expect(await account.get('/deposit/eid:po_1')).toMatchObject({ total: 105 })
    const intoYen = await bank(account, 'po_2', { account: { id: '134' }, payment: ticked(account.first) })
    expect(intoYen.error['o:errorPath']).toBe('payment.items[0].transactionAmount')
  })

  it.each([
    ['nothing in it', {}, 'You must enter at least one line item', undefined],
    ['an account that is no bank', { account: { id: '612' } }, 'Invalid Field Value 612', 'account'],
    ['no subsidiary', { subsidiary: null }, 'Please enter value(s) for: Subsidiary', 'subsidiary'],
    [
      'a negative amount among other deposits',
      { other: { items: [{ account: { id: '612' }, amount: -3 }] } },
      'Invalid Field Value -3',
      'other.items[0].amount',
    ],
    [
      'more cash back than money',
      { cashback: { items: [{ account: { id: '612' }, amount: 1 }] } },
      'cannot be negative',
      'cashback',
    ],
    [
      'a payment that went to a bank directly',
      { payment: { items: [{ id: 10001, deposit: true }] } },
      'Invalid payment reference key 10001',
      'payment.items[0].id',
    ],
    [
      'receivables without a customer',
      { other: { items: [{ account: { id: '111' }, amount: 3 }] } },
      'Please enter value(s) for: Name',
      'other.items[0].entity',
    ],
  ])('is refused with %s', async (_what, body, sentence, path) => {
    await using account = await startAccount()
    await addCustomer(account)
    await pay(account, 'py_1', 70)
    const answer = await bank(account, 'po_1', body)
    expect(answer.error.detail).toContain(sentence)
    expect(answer.error['o:errorPath']).toBe(path)
    expect(account.simulator.records('deposit')).toEqual([])
  })
})

describe('a payout as a journal entry', () => {
  const journal = (account: TestAccount, body: object) =>
    account.call('PUT', '/journalEntry/eid:po_1?replace=line', { ...us, ...body }, strict)

  it('moves clearing to bank in one currency, with its fees', async () => {
    await using account = await start()
    const { id } = await journal(account, {
      line: {
        items: [
          { account: { id: '131' }, debit: 96.8 },
          { account: { id: '612' }, debit: 3.2 },
          { account: { id: '121' }, credit: 100 },
        ],
      },
    })
    expect(posted(account, id)).toEqual(['131 96.8', '612 3.2', '121 -100'])
  })

  it('between euro and dollar is in euro at the rate of the bank, and both accounts come out right', async () => {
    await using account = await start()
    const { id } = await journal(account, {
      currency: { id: '2' },
      exchangeRate: 1.0764,
      line: {
        items: [
          { account: { id: '131' }, debit: 100 },
          { account: { id: '122' }, credit: 100 },
        ],
      },
    })
    expect(posted(account, id)).toEqual(['131 107.64', '122 -107.64'])
  })

  it('between euro and pound under a dollar subsidiary takes two: a bank has the currency of the entry or the base', async () => {
    await using account = await start()
    const lines = (from: string, to: string) => ({
      items: [
        { account: { id: to }, debit: 10 },
        { account: { id: from }, credit: 10 },
      ],
    })
    const direct = await journal(account, { currency: { id: '2' }, line: lines('122', '133') })
    expect(direct.error['o:errorPath']).toBe('line.items[0].account')
    expect((await journal(account, { currency: { id: '2' }, line: lines('122', '131') })).status).toBe(204)
  })

  it('is the only road between two banks: REST has no transfer record', async () => {
    await using account = await start()
    for (const type of ['transfer', 'bankTransfer', 'fundsTransfer'])
      expect((await account.call('POST', `/${type}`, {})).status).toBe(404)
  })
})
