import { describe, expect, it } from 'vitest'
import {
  addCustomer,
  addInvoice,
  apply,
  itemLine,
  memo,
  pay,
  startAccount,
  type TestAccount,
} from './account.fixture.ts'

async function startWithInvoice(amount = 100, fields: Record<string, unknown> = {}) {
  const account = await startAccount()
  await addCustomer(account)
  const invoice = await addInvoice(account, 'in_1', [amount], fields)
  return Object.assign(account, { invoice })
}

describe('a payment', () => {
  it('settles an invoice in parts, and the second part pays it in full', async () => {
    await using account = await startWithInvoice()
    const first = await pay(account, 'py_1', 30, { apply: apply(account.invoice, 30) })
    expect(first.status).toBe(204)
    expect(await account.get('/invoice/eid:in_1')).toMatchObject({
      amountRemaining: 70,
      amountPaid: 30,
      status: { id: 'open' },
    })
    await pay(account, 'py_2', 75, { apply: apply(account.invoice) })
    expect(await account.get('/invoice/eid:in_1')).toMatchObject({
      amountRemaining: 0,
      status: { refName: 'Paid In Full' },
    })
    expect(await account.get('/customerPayment/eid:py_2')).toMatchObject({
      applied: 70,
      unapplied: 5,
      total: 75,
    })
    expect(account.simulator.ledger(first.id)).toMatchObject([
      { account: '121', debit: '30' },
      { account: '111', credit: '30' },
    ])
  })

  it('sent again is applied once', async () => {
    await using account = await startWithInvoice()
    await pay(account, 'py_1', 100, { apply: apply(account.invoice, 100) })
    expect((await pay(account, 'py_1', 100, { apply: apply(account.invoice, 100) })).status).toBe(204)
    expect((await account.get('/invoice/eid:in_1')).amountRemaining).toBe(0)
  })

  it('cannot be applied beyond what is open, nor beyond itself', async () => {
    await using account = await startWithInvoice()
    const tooMuch = await pay(account, 'py_1', 200, { apply: apply(account.invoice, 100.01) })
    expect(tooMuch.error.detail).toContain('100 is open on Invoice INV10001')
    const beyondItself = await pay(account, 'py_2', 50, { apply: apply(account.invoice, 60) })
    expect(beyondItself.error['o:errorPath']).toBe('apply')
    expect(account.simulator.records('customerPayment')).toEqual([])
  })

  it('finds no line for an invoice that is paid', async () => {
    await using account = await startWithInvoice()
    expect((await pay(account, 'py_0', 100, { apply: apply(account.invoice) })).status).toBe(204)
    const late = await pay(account, 'py_1', 10, { apply: apply(account.invoice, 10) })
    expect(late.error).toMatchObject({
      'o:errorCode': 'INVALID_KEY_OR_REF',
      'o:errorPath': 'apply.items[0].doc',
    })
  })

  it('finds no line for an invoice of another customer, currency or receivable account', async () => {
    await using account = await startWithInvoice()
    await account.done('PUT', '/customer/eid:cus_2', { companyName: 'Beta', subsidiary: { id: '1' } })
    const euro = await addInvoice(account, 'in_eur', [10], { currency: { id: '2' } })
    const otherReceivable = await account.done('POST', '/account', {
      acctName: 'Other receivable',
      acctType: { id: 'AcctRec' },
    })
    const shared = { account: { id: otherReceivable } }
    const dollarsOnShared = await addInvoice(account, 'in_usd', [10], shared)
    const eurosOnShared = { currency: { id: '2' }, arAcct: { id: otherReceivable } }
    const attempts = [
      await pay(account, 'py_1', 10, {
        customer: { externalId: 'cus_2' },
        apply: apply(account.invoice, 10),
      }),
      await pay(account, 'py_2', 10, { apply: apply(euro, 10) }),
      await pay(account, 'py_3', 10, { arAcct: { id: otherReceivable }, apply: apply(account.invoice, 10) }),
      await pay(account, 'py_4', 10, { ...eurosOnShared, apply: apply(dollarsOnShared, 10) }),
      await pay(account, 'py_5', 10, { apply: apply('424242', 10) }),
    ]
    for (const { status, error } of attempts) {
      expect(status).toBe(400)
      expect(error['o:errorPath']).toBe('apply.items[0].doc')
    }
  })

  it('keeps applications that a later request does not name, and drops them under replace=apply', async () => {
    await using account = await startWithInvoice()
    const second = await addInvoice(account, 'in_2', [40])
    await pay(account, 'py_1', 140, { apply: apply(account.invoice, 100) })
    await account.done('PATCH', '/customerPayment/eid:py_1', { apply: apply(second, 40) })
    expect((await account.get('/customerPayment/eid:py_1')).unapplied).toBe(0)
    await account.done('PATCH', '/customerPayment/eid:py_1?replace=apply', { apply: apply(second, 40) })
    expect((await account.get('/customerPayment/eid:py_1')).unapplied).toBe(100)
    expect((await account.get('/invoice/eid:in_1')).amountRemaining).toBe(100)
  })

  it('is unapplied by a line with apply false', async () => {
    await using account = await startWithInvoice()
    await pay(account, 'py_1', 100, { apply: apply(account.invoice, 100) })
    await account.done('PATCH', '/customerPayment/eid:py_1', {
      apply: apply(account.invoice, undefined, false),
    })
    expect((await account.get('/invoice/eid:in_1')).amountRemaining).toBe(100)
    expect((await account.get('/customerPayment/eid:py_1')).apply).toMatchObject({
      items: [{ doc: { id: account.invoice }, apply: false, due: 100, refNum: 'INV10001' }],
    })
  })

  it.each([
    ['no account', { account: null }, 'Please enter value(s) for: Account'],
    ['an expense account', { account: { id: '611' } }, 'Invalid Field Value 611'],
    ['a bank in a third currency', { account: { id: '133' } }, 'Invalid Field Value 133'],
  ])('needs a bank: refused with %s', async (_what, fields, sentence) => {
    await using account = await startWithInvoice()
    expect((await pay(account, 'py_1', 10, fields)).error.detail).toContain(sentence)
  })

  it('cannot use an account of another subsidiary', async () => {
    await using account = await startWithInvoice()
    await account.done('PATCH', '/account/121', { subsidiary: { id: '2' } })
    expect((await pay(account, 'py_1', 10)).error.detail).toBe(
      'Error while accessing a resource. The 1200 Stripe Clearing USD account cannot be used with the US Inc subsidiary.',
    )
  })

  it('in euro may go to the base-currency clearing account, and the rate difference is a realized loss', async () => {
    await using account = await startWithInvoice(100, { currency: { id: '2' }, exchangeRate: 1.1 })
    const payment = await pay(account, 'py_1', 100, {
      currency: { id: '2' },
      exchangeRate: 1.05,
      apply: apply(account.invoice, 100),
    })
    expect(account.simulator.ledger(payment.id)).toEqual([
      { account: '121', accountName: '1200 Stripe Clearing USD', debit: '105', credit: '' },
      { account: '112', accountName: '1101 Accounts Receivable EUR', debit: '', credit: '110' },
      { account: '711', accountName: '7100 Realized Gain/Loss', debit: '5', credit: '' },
    ])
  })

  it('is not deposited while it sits in undeposited funds', async () => {
    await using account = await startWithInvoice()
    await pay(account, 'py_1', 10, { account: null, undepFunds: { id: 'T' } })
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({
      account: { id: '140' },
      status: { refName: 'Not Deposited' },
    })
  })
})

describe('a credit memo', () => {
  it('is applied to an invoice, keeps the rest open, and is fully applied later', async () => {
    await using account = await startWithInvoice(60)
    const answer = await memo(account, 'cn_1', 100, { apply: apply(account.invoice, 60) })
    expect(answer.status).toBe(204)
    expect(await account.get('/creditMemo/eid:cn_1')).toMatchObject({
      total: 100,
      applied: 60,
      unapplied: 40,
      status: { id: 'open' },
    })
    expect((await account.get('/invoice/eid:in_1')).amountRemaining).toBe(0)
    const second = await addInvoice(account, 'in_2', [40])
    await account.done('PATCH', '/creditMemo/eid:cn_1', { apply: apply(second, 40) })
    expect((await account.get('/creditMemo/eid:cn_1')).status).toMatchObject({ refName: 'Fully Applied' })
  })

  it('cannot shrink below what it settles', async () => {
    await using account = await startWithInvoice(60)
    await memo(account, 'cn_1', 60, { apply: apply(account.invoice, 60) })
    expect((await memo(account, 'cn_1', 50)).error['o:errorPath']).toBe('apply')
    expect((await account.get('/creditMemo/eid:cn_1')).total).toBe(60)
  })

  it('with autoApply goes to the oldest invoices first', async () => {
    await using account = await startWithInvoice(30, { tranDate: '2026-11-10' })
    await addInvoice(account, 'in_0', [30], { tranDate: '2026-11-02' })
    await memo(account, 'cn_1', 40, { autoApply: true })
    expect((await account.get('/invoice/eid:in_0')).amountRemaining).toBe(0)
    expect((await account.get('/invoice/eid:in_1')).amountRemaining).toBe(20)
  })
})

describe('a refund', () => {
  const refund = (account: TestAccount, externalId: string, fields: Record<string, unknown>) =>
    account.call('PUT', `/customerRefund/eid:${externalId}`, {
      customer: { externalId: 'cus_1' },
      account: { id: '121' },
      ...fields,
    })

  it('pays out a credit memo and is worth what it pays out', async () => {
    await using account = await startWithInvoice()
    const { id } = await memo(account, 'cn_1', 25)
    const answer = await refund(account, 're_1', { apply: apply(id) })
    expect(await account.get('/customerRefund/eid:re_1')).toMatchObject({ total: 25 })
    expect((await account.get('/creditMemo/eid:cn_1')).unapplied).toBe(0)
    expect(account.simulator.ledger(answer.id)).toMatchObject([
      { account: '121', credit: '25' },
      { account: '111', debit: '25' },
    ])
  })

  it('pays out what is unused of a payment, and no more', async () => {
    await using account = await startWithInvoice(70)
    const { id } = await pay(account, 'py_1', 100, { apply: apply(account.invoice, 70) })
    expect((await refund(account, 're_1', { apply: apply(id, 30.01) })).status).toBe(400)
    expect((await refund(account, 're_1', { apply: apply(id, 30) })).status).toBe(204)
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({ unapplied: 0 })
  })

  it('of nothing, or of an invoice, is refused', async () => {
    await using account = await startWithInvoice()
    expect((await refund(account, 're_1', {})).error['o:errorPath']).toBe('apply')
    const ofInvoice = await refund(account, 're_1', { apply: apply(account.invoice, 10) })
    expect(ofInvoice.error['o:errorPath']).toBe('apply.items[0].doc')
  })
})

describe('a journal', () => {
  const journal = (account: TestAccount, lines: object[]) =>
    account.call('PUT', '/journalEntry/eid:dp_1', { subsidiary: { id: '1' }, line: { items: lines } })
  const entity = { externalId: 'cus_1' }

  it('must balance, and names by how much it does not', async () => {
    await using account = await startWithInvoice()
    const lines = [
      { account: { id: '141' }, debit: 20 },
      { account: { id: '121' }, credit: 15.01 },
    ]
    expect((await journal(account, lines)).error.detail).toContain(
      'Transaction was not in balance. Posting total = 4.99',
    )
  })

  it('needs a customer on receivables, and such a debit can be paid', async () => {
    await using account = await startWithInvoice()
    const lines = (name: object) => [
      { account: { id: '111' }, debit: 20, ...name },
      { account: { id: '121' }, credit: 20 },
    ]
    expect((await journal(account, lines({}))).error['o:errorPath']).toBe('line.items[0].entity')
    const { id } = await journal(account, lines({ entity }))
    expect((await pay(account, 'py_1', 20, { apply: apply(id, 20) })).status).toBe(204)
    expect((await pay(account, 'py_2', 20, { apply: apply(id, 1) })).status).toBe(400)
  })

  it('line is a debit or a credit, not both', async () => {
    await using account = await startWithInvoice()
    const lines = [
      { account: { id: '141' }, debit: 20, credit: 20 },
      { account: { id: '121' }, credit: 0 },
    ]
    expect((await journal(account, lines)).error['o:errorPath']).toBe('line.items[0]')
  })
})

describe('deleting', () => {
  it('is refused for a document that others settle, and undoes the applications of one that settles', async () => {
    await using account = await startWithInvoice()
    await pay(account, 'py_1', 100, { apply: apply(account.invoice, 100) })
    const refused = await account.call('DELETE', '/invoice/eid:in_1')
    expect(refused.error.detail).toContain('linked to by one or more transactions')
    expect((await account.call('DELETE', '/customerPayment/eid:py_1')).status).toBe(204)
    expect((await account.get('/invoice/eid:in_1')).amountRemaining).toBe(100)
    expect((await account.call('DELETE', '/invoice/eid:in_1')).status).toBe(204)
    expect(account.simulator.records('invoice')).toEqual([])
  })

  it('does not let a settled invoice move to another currency or customer, or below what is paid', async () => {
    await using account = await startWithInvoice()
    await pay(account, 'py_1', 100, { apply: apply(account.invoice, 100) })
    expect((await account.call('PATCH', '/invoice/eid:in_1', { currency: { id: '2' } })).status).toBe(400)
    const smaller = await account.call('PATCH', '/invoice/eid:in_1?replace=item', {
      item: { items: [itemLine(99)] },
    })
    expect(smaller.error.detail).toContain('cannot be less than the amount already applied')
  })
})
