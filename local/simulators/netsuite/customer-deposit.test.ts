import { describe, expect, it } from 'vitest'
import {
  addCustomer,
  addInvoice,
  apply,
  memo,
  pay,
  posted,
  rows,
  startAccount,
  type TestAccount,
} from './account.fixture.ts'

const acme = { customer: { externalId: 'cus_1' } }
const strict = { 'X-NetSuite-PropertyNameValidation': 'Error' }

const deposit = (account: TestAccount, externalId: string, payment: number, fields: object = {}) =>
  account.call(
    'PUT',
    `/customerDeposit/eid:${externalId}`,
    { ...acme, account: { id: '121' }, payment, ...fields },
    strict,
  )

const use = (account: TestAccount, depositId: string, body: object) =>
  account.call('POST', `/customerDeposit/${depositId}/!transform/depositApplication`, body, strict)

const refund = (account: TestAccount, externalId: string, fields: object) =>
  account.call(
    'PUT',
    `/customerRefund/eid:${externalId}`,
    { ...acme, account: { id: '121' }, ...fields },
    strict,
  )

async function start() {
  const account = await startAccount()
  await addCustomer(account)
  const invoice = await addInvoice(account, 'in_1', [100])
  const { id } = await deposit(account, 'cd_1', 60)
  return Object.assign(account, { invoice, deposit: id })
}

describe('a customer deposit', () => {
  it('is money held as a liability, and leaves receivables alone', async () => {
    await using account = await start()
    expect(posted(account, account.deposit)).toEqual(['121 60', '214 -60'])
    expect(await account.get('/customerDeposit/eid:cd_1')).toMatchObject({
      payment: 60,
      total: 60,
      status: { refName: 'Deposited' },
    })
    expect(
      await rows(
        account,
        `SELECT t.type, t.foreignpaymentamountunused AS unused, BUILTIN.DF(t.status) AS state FROM transaction t WHERE t.externalid = 'cd_1'`,
      ),
    ).toEqual([{ type: 'CustDep', unused: '60', state: 'Customer Deposit : Deposited' }])
  })

  it('without an account goes to Undeposited Funds; of nothing, or without an amount, it is refused', async () => {
    await using account = await start()
    const { id } = await deposit(account, 'cd_2', 10, { account: null })
    expect(posted(account, id)).toEqual(['140 10', '214 -10'])
    expect((await deposit(account, 'cd_3', 0)).error['o:errorPath']).toBe('payment')
    const absent = await account.call('POST', '/customerDeposit', { ...acme, account: { id: '121' } })
    expect(absent.error.detail).toContain('Please enter value(s) for: Payment Amount')
  })

  it('is applied to an invoice by its transformation only, in parts, never beyond itself', async () => {
    await using account = await start()
    const direct = await account.call('POST', '/depositApplication', {
      ...acme,
      apply: apply(account.invoice, 10),
    })
    expect(direct.error.detail).toContain('can only be created by transforming')
    const used = await use(account, account.deposit, {
      externalId: 'cd_1-in_1',
      tranDate: '2026-11-20',
      apply: apply(account.invoice, 45),
    })
    expect(used.status).toBe(204)
    expect(posted(account, used.id)).toEqual(['214 45', '111 -45'])
    expect(await account.get('/invoice/eid:in_1')).toMatchObject({ amountRemaining: 55 })
    expect(await account.get('/depositApplication/eid:cd_1-in_1')).toMatchObject({
      deposit: { id: account.deposit },
      customer: { refName: 'Acme' },
      total: 45,
      apply: { items: [{ doc: { id: account.invoice }, apply: true, amount: 45 }] },
    })
    expect((await use(account, account.deposit, { apply: apply(account.invoice, 15.01) })).status).toBe(400)
    const rest = await use(account, account.deposit, { apply: apply(account.invoice) })
    expect(rest.status).toBe(204)
    expect(await account.get('/invoice/eid:in_1')).toMatchObject({ amountRemaining: 40 })
    expect(await account.get('/customerDeposit/eid:cd_1')).toMatchObject({
      status: { refName: 'Fully Applied' },
    })
    expect((await use(account, account.deposit, {})).error['o:errorPath']).toBe('apply')
  })

  it('twice under one external id is refused, and links the deposit to what used it', async () => {
    await using account = await start()
    const body = { externalId: 'cd_1-in_1', apply: apply(account.invoice, 10) }
    const { id } = await use(account, account.deposit, body)
    expect((await use(account, account.deposit, body)).error.detail).toContain('already exists')
    expect(
      await rows(
        account,
        `SELECT previousdoc, previoustype, nexttype, linktype, foreignamount FROM NextTransactionLineLink WHERE nextdoc = ${id} ORDER BY linktype`,
      ),
    ).toEqual([
      {
        previousdoc: account.deposit,
        previoustype: 'CustDep',
        nexttype: 'DepAppl',
        linktype: 'DepAppl',
        foreignamount: '10',
      },
      {
        previousdoc: account.invoice,
        previoustype: 'CustInvc',
        nexttype: 'DepAppl',
        linktype: 'Payment',
        foreignamount: '10',
      },
    ])
  })

  it('that is used cannot go or shrink; its application can go, and frees both', async () => {
    await using account = await start()
    const { id } = await use(account, account.deposit, { apply: apply(account.invoice, 45) })
    expect((await account.call('DELETE', '/customerDeposit/eid:cd_1')).error.detail).toContain('linked to')
    expect((await deposit(account, 'cd_1', 44)).error['o:errorPath']).toBe('payment')
    await account.done('DELETE', `/depositApplication/${id}`, undefined)
    expect(await account.get('/invoice/eid:in_1')).toMatchObject({ amountRemaining: 100 })
    expect(
      await rows(
        account,
        `SELECT t.foreignpaymentamountunused AS unused FROM transaction t WHERE t.externalid = 'cd_1'`,
      ),
    ).toEqual([{ unused: '60' }])
    expect((await account.call('DELETE', '/customerDeposit/eid:cd_1')).status).toBe(204)
  })

  it('is not to be transformed into anything else here', async () => {
    await using account = await start()
    const other = await account.call('POST', `/invoice/${account.invoice}/!transform/creditMemo`, {})
    expect(other.error.detail).toContain('not part of this simulator')
  })
})

describe('a refund', () => {
  it('of a deposit makes the deposit application that it pays out, which its apply list shows', async () => {
    await using account = await start()
    const answer = await refund(account, 're_1', {
      tranDate: '2026-11-21',
      deposit: { items: [{ doc: { id: account.deposit }, apply: true, amount: 25 }] },
    })
    expect(answer.status).toBe(204)
    const body = await account.get('/customerRefund/eid:re_1')
    expect(body).toMatchObject({
      total: 25,
      deposit: { count: 0, items: [] },
      apply: { items: [{ type: 'Deposit Application', apply: true, amount: 25, total: 25 }] },
    })
    const application = String(Number(answer.id) + 1)
    expect(posted(account, answer.id)).toEqual(['121 -25', '111 25'])
    expect(posted(account, application)).toEqual(['214 25', '111 -25'])
    expect(await account.get(`/depositApplication/${application}`)).toMatchObject({ unapplied: 0, total: 25 })
    expect((await account.call('DELETE', `/depositApplication/${application}`)).status).toBe(400)
    const change = await account.call('PATCH', `/depositApplication/${application}`, {
      apply: apply(account.invoice, 5),
    })
    expect(change.error.detail).toContain('delete the refund')
  })

  it('sent again pays the deposit out once, and deleted gives it back', async () => {
    await using account = await start()
    const body = { deposit: { items: [{ doc: { id: account.deposit }, apply: true, amount: 25 }] } }
    const first = await refund(account, 're_1', body)
    const again = await refund(account, 're_1', body)
    expect([again.status, again.id]).toEqual([204, first.id])
    const unused = () =>
      rows(
        account,
        `SELECT t.foreignpaymentamountunused AS unused FROM transaction t WHERE t.externalid = 'cd_1'`,
      )
    expect(await unused()).toEqual([{ unused: '35' }])
    await account.done('DELETE', '/customerRefund/eid:re_1', undefined)
    expect(await unused()).toEqual([{ unused: '60' }])
    expect(account.simulator.records('depositApplication')).toEqual([])
  })

  it('pays out a deposit, a credit memo and an overpayment at once, and no more than each has', async () => {
    await using account = await start()
    const credit = await memo(account, 'cn_1', 8)
    const payment = await pay(account, 'py_1', 110, { apply: apply(account.invoice, 100) })
    const parts = (overpaid: number) => ({
      deposit: { items: [{ doc: { id: account.deposit }, apply: true }] },
      apply: {
        items: [
          { doc: { id: credit.id }, apply: true, amount: 8 },
          { doc: { id: payment.id }, line: 1, apply: true, amount: overpaid },
        ],
      },
    })
    const tooMuch = await refund(account, 're_1', parts(10.01))
    expect(tooMuch.error.detail).toContain('10 is open on Payment')
    const { id } = await refund(account, 're_1', parts(10))
    expect(posted(account, id)).toEqual(['121 -78', '111 78'])
    expect(await account.get('/creditMemo/eid:cn_1')).toMatchObject({ status: { refName: 'Fully Applied' } })
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({ unapplied: 0 })
  })

  it('of a deposit of another customer, or of more than it has left, is refused', async () => {
    await using account = await start()
    await account.done('PUT', '/customer/eid:cus_2', { companyName: 'Beta', subsidiary: { id: '1' } })
    const lines = { items: [{ doc: { id: account.deposit }, apply: true, amount: 60.01 }] }
    const others = await refund(account, 're_1', { customer: { externalId: 'cus_2' }, deposit: lines })
    expect(others.error['o:errorPath']).toBe('deposit.items[0].doc')
    expect((await refund(account, 're_1', { deposit: lines })).error['o:errorPath']).toBe('deposit')
    expect(account.simulator.records('customerRefund')).toEqual([])
  })

  it("pays out a journal's credit line", async () => {
    await using account = await start()
    const journal = await account.done('POST', '/journalEntry', {
      subsidiary: { id: '1' },
      line: {
        items: [
          { account: { id: '213' }, debit: 12 },
          { account: { id: '111' }, credit: 12, entity: { externalId: 'cus_1' } },
        ],
      },
    })
    const { id } = await refund(account, 're_1', { apply: apply(journal) })
    expect(posted(account, id)).toEqual(['121 -12', '111 12'])
    expect((await refund(account, 're_2', { apply: apply(journal, 0.01) })).status).toBe(400)
  })
})

describe('a payment on account', () => {
  it('is kept unapplied, and applied, in parts, to invoices that come later', async () => {
    await using account = await start()
    const { id } = await pay(account, 'py_1', 150)
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({ unapplied: 150, applied: 0 })
    await account.done('PATCH', '/customerPayment/eid:py_1', { apply: apply(account.invoice, 100) })
    const later = await addInvoice(account, 'in_2', [30])
    await account.done('PATCH', '/customerPayment/eid:py_1', { apply: apply(later) })
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({ unapplied: 20, applied: 130 })
    expect(
      await rows(
        account,
        `SELECT t.foreignpaymentamountunused AS unused, t.foreignpaymentamountused AS used, tal.paymentamountunused AS base
         FROM transaction t JOIN transactionaccountingline tal ON tal.transaction = t.id AND tal.accounttype = 'AcctRec' WHERE t.id = ${id}`,
      ),
    ).toEqual([{ unused: '20', used: '130', base: '20' }])
  })
})
