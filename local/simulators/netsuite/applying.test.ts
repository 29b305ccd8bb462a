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

/** Acme with three invoices over 100, 40 and 25. */
async function startWithInvoices() {
  const account = await startAccount()
  await addCustomer(account)
  const first = await addInvoice(account, 'in_1', [100])
  const second = await addInvoice(account, 'in_2', [40])
  const third = await addInvoice(account, 'in_3', [25])
  return Object.assign(account, { first, second, third })
}

const shares = (...parts: [doc: string, amount: number][]) => ({
  items: parts.map(([doc, amount]) => ({ doc: { id: doc }, apply: true, amount })),
})

/** What SuiteQL says is open on invoices and unused on credits, by external id. */
const open = async (account: TestAccount) =>
  Object.fromEntries(
    (
      await rows(
        account,
        `SELECT t.externalid, NVL(t.foreignamountunpaid, t.foreignpaymentamountunused) AS open FROM transaction t
         WHERE t.type IN ('CustInvc', 'CustCred', 'CustPymt', 'CustDep')`,
      )
    ).map(({ externalid, open: amount }) => [externalid, amount]),
  )

const journal = (account: TestAccount, externalId: string, items: object[]) =>
  account.done('PUT', `/journalEntry/eid:${externalId}?replace=line`, {
    subsidiary: { id: '1' },
    line: { items },
  })

const acme = { entity: { externalId: 'cus_1' } }

describe('apply lists', () => {
  it('spread one payment and one credit memo over several invoices in parts', async () => {
    await using account = await startWithInvoices()
    const { first, second, third } = account
    expect((await pay(account, 'py_1', 90, { apply: shares([first, 60], [second, 30]) })).status).toBe(204)
    expect((await memo(account, 'cn_1', 33, { apply: shares([second, 10], [third, 20]) })).status).toBe(204)
    expect(await open(account)).toEqual({ in_1: '40', in_2: '0', in_3: '5', py_1: '0', cn_1: '3' })
    expect(await account.get('/invoice/eid:in_2')).toMatchObject({ status: { refName: 'Paid In Full' } })
  })

  it('change one part by its doc and leave the others', async () => {
    await using account = await startWithInvoices()
    const { first, second } = account
    await pay(account, 'py_1', 90, { apply: shares([first, 60], [second, 30]) })
    await account.done('PATCH', '/customerPayment/eid:py_1', {
      apply: { items: [{ doc: { id: first }, amount: 50 }] },
    })
    expect(await open(account)).toMatchObject({ in_1: '50', in_2: '10', py_1: '10' })
  })

  it.each([
    ['apply: false', { apply: false }],
    ['an amount of zero', { amount: 0 }],
  ])('unapply one part with %s', async (_how, line) => {
    await using account = await startWithInvoices()
    const { first, second } = account
    await memo(account, 'cn_1', 90, { apply: shares([first, 60], [second, 30]) })
    await account.done('PATCH', '/creditMemo/eid:cn_1', {
      apply: { items: [{ doc: { id: first }, ...line }] },
    })
    expect(await open(account)).toMatchObject({ in_1: '100', in_2: '10', cn_1: '60' })
  })

  it('of a credit memo made without are filled later, and replace=apply drops what is not named', async () => {
    await using account = await startWithInvoices()
    const { first, second, third } = account
    await memo(account, 'cn_1', 90)
    await account.done('PATCH', '/creditMemo/eid:cn_1', { apply: shares([first, 60]) })
    await account.done('PATCH', '/creditMemo/eid:cn_1', { apply: shares([second, 30]) })
    expect(await open(account)).toMatchObject({ in_1: '40', in_2: '10', cn_1: '0' })
    await account.done('PATCH', '/creditMemo/eid:cn_1?replace=apply', { apply: shares([third, 25]) })
    expect(await open(account)).toMatchObject({ in_1: '100', in_2: '40', in_3: '0', cn_1: '65' })
  })

  it('refuse more than is open, and more than the document is worth over several lines', async () => {
    await using account = await startWithInvoices()
    const { first, second } = account
    await memo(account, 'cn_0', 95, { apply: shares([first, 95]) })
    const beyondOpen = await memo(account, 'cn_1', 90, { apply: shares([first, 5.01]) })
    expect(beyondOpen.error.detail).toContain('5 is open on Invoice INV10001')
    const beyondItself = await memo(account, 'cn_1', 44, { apply: shares([first, 5], [second, 39.01]) })
    expect(beyondItself.error).toMatchObject({ 'o:errorPath': 'apply' })
    expect(await open(account)).toEqual({ in_1: '5', in_2: '40', in_3: '25', cn_0: '0' })
  })

  it('show what is open in base currency on the accounting line', async () => {
    await using account = await startWithInvoices()
    const euro = { currency: { id: '2' }, exchangeRate: 1.1 }
    const invoice = await addInvoice(account, 'in_eur', [100], euro)
    await pay(account, 'py_1', 40, { ...euro, account: { id: '122' }, apply: apply(invoice, 40) })
    expect(
      await rows(
        account,
        `SELECT tal.amountunpaid, tal.amountpaid FROM transactionaccountingline tal
         WHERE tal.transaction = ${invoice} AND tal.accounttype = 'AcctRec'`,
      ),
    ).toEqual([{ amountunpaid: '66', amountpaid: '44' }])
  })

  it('know from either side which document settles which, by how much', async () => {
    await using account = await startWithInvoices()
    const { first, second } = account
    const { id } = await pay(account, 'py_1', 90, { apply: shares([first, 60], [second, 30]) })
    expect(
      await rows(
        account,
        `SELECT previousdoc, nextdoc, foreignamount FROM NextTransactionLineLink ORDER BY previousdoc`,
      ),
    ).toEqual([
      { previousdoc: first, nextdoc: id, foreignamount: '60' },
      { previousdoc: second, nextdoc: id, foreignamount: '30' },
    ])
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({
      apply: {
        items: [
          { doc: { id: first }, line: 0, apply: true, amount: 60, total: 100, due: 40, type: 'Invoice' },
          { doc: { id: second }, apply: true, amount: 30, due: 10 },
          { refNum: 'INV10003', apply: false, due: 25 },
        ],
      },
    })
  })
})

describe('journals on receivables', () => {
  it('are items line by line: two customers and two debits in one journal', async () => {
    await using account = await startWithInvoices()
    await account.done('PUT', '/customer/eid:cus_2', { companyName: 'Beta', subsidiary: { id: '1' } })
    const id = await journal(account, 'je_1', [
      { account: { id: '111' }, debit: 20, ...acme },
      { account: { id: '111' }, debit: 7, ...acme },
      { account: { id: '111' }, debit: 9, entity: { externalId: 'cus_2' } },
      { account: { id: '121' }, credit: 36 },
    ])
    const unnamed = await pay(account, 'py_1', 20, { apply: apply(id, 7) })
    expect(unnamed.error['o:errorPath']).toBe('apply.items[0].line')
    const named = { items: [{ doc: { id }, line: 1, apply: true, amount: 7 }] }
    expect((await pay(account, 'py_1', 20, { apply: named })).status).toBe(204)
    const ofBeta = { items: [{ doc: { id }, line: 2, apply: true, amount: 9 }] }
    expect((await pay(account, 'py_2', 20, { apply: ofBeta })).error['o:errorPath']).toBe(
      'apply.items[0].doc',
    )
    expect(
      await rows(
        account,
        `SELECT tl.id, tl.foreignamountunpaid AS open FROM transactionline tl WHERE tl.transaction = ${id} ORDER BY tl.id`,
      ),
    ).toEqual([{ id: '0', open: '20' }, { id: '1', open: '0' }, { id: '2', open: '9' }, { id: '3' }])
  })

  it('with a credit reach an invoice through a payment of nothing, of which nothing is kept', async () => {
    await using account = await startWithInvoices()
    const id = await journal(account, 'je_1', [
      { account: { id: '611' }, debit: 100 },
      { account: { id: '111' }, credit: 100, ...acme },
    ])
    const join = () =>
      account.call('PUT', '/customerPayment/eid:join_1', {
        customer: { externalId: 'cus_1' },
        account: { id: '121' },
        credit: { items: [{ doc: { id }, line: 1, apply: true, amount: 100 }] },
        apply: apply(account.first, 100),
      })
    const joined = await join()
    expect([joined.status, joined.id]).toEqual([204, '0'])
    expect(await open(account)).toEqual({ in_1: '0', in_2: '40', in_3: '25' })
    expect(account.simulator.records('customerPayment')).toEqual([])
    expect(
      await rows(
        account,
        'SELECT previousdoc, previousline, nextdoc, nextline, nexttype FROM NextTransactionLineLink',
      ),
    ).toEqual([
      { previousdoc: account.first, previousline: '0', nextdoc: id, nextline: '1', nexttype: 'Journal' },
    ])
    // Sent again, the credit is used up: there is no record under that external id to find it by.
    expect((await join()).error).toMatchObject({
      'o:errorCode': 'INVALID_KEY_OR_REF',
      'o:errorPath': 'credit.items[0].doc',
    })
  })

  it('that are sent again as they stand keep what they were applied to', async () => {
    await using account = await startWithInvoices()
    const items = [
      { account: { id: '611' }, debit: 30, memo: 'write-off' },
      { account: { id: '111' }, credit: 30, ...acme },
    ]
    const id = await journal(account, 'je_1', items)
    await account.done('POST', '/customerPayment', {
      customer: { externalId: 'cus_1' },
      account: { id: '121' },
      credit: apply(id, 30),
      apply: apply(account.first, 30),
    })
    expect(await journal(account, 'je_1', items)).toBe(id)
    expect(await open(account)).toMatchObject({ in_1: '70' })
  })

  it('that are edited lose what they were applied to, and keep what was applied to them', async () => {
    await using account = await startWithInvoices()
    const id = await journal(account, 'je_1', [
      { account: { id: '611' }, debit: 30 },
      { account: { id: '111' }, credit: 30, ...acme },
    ])
    await account.done('POST', '/customerPayment', {
      customer: { externalId: 'cus_1' },
      account: { id: '121' },
      credit: apply(id, 30),
      apply: apply(account.first, 30),
    })
    expect(await open(account)).toMatchObject({ in_1: '70' })
    await account.done('PATCH', '/journalEntry/eid:je_1', { memo: 'edited' })
    expect(await open(account)).toMatchObject({ in_1: '100' })
    const debit = await journal(account, 'je_2', [
      { account: { id: '111' }, debit: 30, ...acme },
      { account: { id: '121' }, credit: 30 },
    ])
    await pay(account, 'py_1', 30, { apply: apply(debit, 30) })
    const smaller = await account.call('PATCH', '/journalEntry/eid:je_2', {
      line: {
        items: [
          { line: 0, debit: 29 },
          { line: 1, credit: 29 },
        ],
      },
    })
    expect(smaller.error.detail).toContain('line 0 of this journal')
    expect((await account.call('DELETE', '/journalEntry/eid:je_2')).status).toBe(400)
  })
})

describe('the credits of a payment', () => {
  it('pay first, and the cash pays the rest', async () => {
    await using account = await startWithInvoices()
    const { first, second } = account
    const credit = await memo(account, 'cn_1', 30)
    await pay(account, 'py_1', 110, {
      apply: shares([first, 100], [second, 40]),
      credit: apply(credit.id),
    })
    expect(await open(account)).toMatchObject({ in_1: '0', in_2: '0', cn_1: '0', py_1: '0' })
    expect(await account.get('/creditMemo/eid:cn_1')).toMatchObject({
      apply: { items: [{ doc: { id: first }, apply: true, amount: 30 }, { apply: false }] },
    })
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({ payment: 110, applied: 110 })
    // Deleting the payment does not unapply the credit.
    await account.done('DELETE', '/customerPayment/eid:py_1', undefined)
    expect(await open(account)).toMatchObject({ in_1: '70', in_2: '40', cn_1: '0' })
  })

  it('may be an unused payment and need no amount; more than is paid is refused', async () => {
    await using account = await startWithInvoices()
    const early = await pay(account, 'py_1', 50)
    const tooMuch = await pay(account, 'py_2', 1, {
      apply: apply(account.third, 25),
      credit: apply(early.id, 50),
    })
    expect(tooMuch.error).toMatchObject({ 'o:errorPath': 'credit' })
    const joined = await account.call('POST', '/customerPayment', {
      customer: { externalId: 'cus_1' },
      account: { id: '121' },
      apply: apply(account.third),
      credit: apply(early.id),
    })
    expect(joined.status).toBe(204)
    expect(await open(account)).toMatchObject({ in_3: '0', py_1: '25' })
    expect(account.simulator.records('customerPayment')).toHaveLength(1)
  })

  it('used twice for one invoice add up, and leave alone what the request does not name', async () => {
    await using account = await startWithInvoices()
    const { first, second } = account
    const credit = await memo(account, 'cn_1', 30)
    for (const amount of [10, 15]) {
      const joined = await account.call('POST', '/customerPayment', {
        customer: { externalId: 'cus_1' },
        account: { id: '121' },
        apply: apply(first, amount),
        credit: apply(credit.id, amount),
      })
      expect(joined.status).toBe(204)
    }
    expect(await open(account)).toMatchObject({ in_1: '75', cn_1: '5' })
    await pay(account, 'py_1', 60, { apply: apply(first, 50) })
    await account.done('PATCH', '/customerPayment/eid:py_1', {
      apply: apply(second, 15),
      credit: apply(credit.id),
    })
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({
      applied: 60,
      apply: { items: [{ doc: { id: first }, amount: 50 }, { doc: { id: second }, amount: 10 }, {}] },
    })
    expect(await open(account)).toMatchObject({ in_1: '25', in_2: '25', cn_1: '0' })
  })

  it('are listed while they are open, and a zero that is written out is refused', async () => {
    await using account = await startWithInvoices()
    const credit = await memo(account, 'cn_1', 30)
    await pay(account, 'py_1', 10)
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({
      credit: { items: [{ doc: { id: credit.id }, apply: false, due: 30, type: 'Credit Memo' }] },
    })
    const zero = await pay(account, 'py_2', 0, { apply: apply(account.first, 30), credit: apply(credit.id) })
    expect(zero.error['o:errorPath']).toBe('payment')
    expect(await open(account)).toMatchObject({ in_1: '100', cn_1: '30' })
  })
})

describe('what settles at another rate', () => {
  const euro = { currency: { id: '2' } }

  it('leaves a currency revaluation of its own, dated the later of the two, which goes when it is unapplied', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const one = await addInvoice(account, 'in_1', [1000], {
      ...euro,
      exchangeRate: 1.1,
      tranDate: '2026-10-05',
    })
    const two = await addInvoice(account, 'in_2', [1000], {
      ...euro,
      exchangeRate: 1.2,
      tranDate: '2026-11-20',
    })
    const { id } = await pay(account, 'py_1', 1500, {
      ...euro,
      exchangeRate: 1.3,
      tranDate: '2026-11-10',
      account: { id: '122' },
      apply: shares([one, 1000], [two, 500]),
    })
    const revaluations = () =>
      rows(
        account,
        `SELECT t.trandate, tal.account, tal.amount FROM transaction t
         JOIN transactionaccountingline tal ON tal.transaction = t.id WHERE t.type = 'FxReval' ORDER BY t.id, tal.transactionline`,
      )
    expect(await revaluations()).toEqual([
      { trandate: '11/10/2026', account: '112', amount: '200' },
      { trandate: '11/10/2026', account: '711', amount: '-200' },
      { trandate: '11/20/2026', account: '112', amount: '50' },
      { trandate: '11/20/2026', account: '711', amount: '-50' },
    ])
    const own = await rows(
      account,
      `SELECT tal.account, tal.amount FROM transactionaccountingline tal WHERE tal.transaction = ${id} ORDER BY tal.transactionline`,
    )
    expect(own).toEqual([
      { account: '122', amount: '1950' },
      { account: '112', amount: '-1950' },
    ])
    await account.done('PATCH', '/customerPayment/eid:py_1', { apply: apply(one, undefined, false) })
    expect(await revaluations()).toEqual([
      { trandate: '11/20/2026', account: '112', amount: '50' },
      { trandate: '11/20/2026', account: '711', amount: '-50' },
    ])
    expect((await account.call('GET', '/fxReval/1')).status).toBe(404)
  })

  it('is a gain where a refund pays a credit out for less than it was booked for', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const credit = await memo(account, 'cn_1', 100, { ...euro, exchangeRate: 1.1 })
    const { id } = await account.call('POST', '/customerRefund', {
      customer: { externalId: 'cus_1' },
      ...euro,
      exchangeRate: 1.05,
      account: { id: '122' },
      apply: apply(credit.id, 100),
    })
    expect(posted(account, id)).toEqual(['122 -105', '112 110', '711 -5'])
  })

  it('posts it into the current month when both months are closed', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const invoice = await addInvoice(account, 'in_1', [100], {
      ...euro,
      exchangeRate: 1.1,
      tranDate: '2026-01-05',
    })
    await memo(account, 'cn_1', 100, { ...euro, exchangeRate: 1.2, tranDate: '2026-02-05' })
    const { periods } = account.simulator
    for (const month of ['2026-01', '2026-02'])
      periods.closePeriod(periods.find(month) ?? '', { allowNonGLChanges: true })
    await account.done('PATCH', '/creditMemo/eid:cn_1', { apply: apply(invoice, 100) })
    expect(
      await rows(
        account,
        `SELECT t.trandate, BUILTIN.DF(t.postingperiod) AS period FROM transaction t WHERE t.type = 'FxReval'`,
      ),
    ).toEqual([{ trandate: '11/1/2026', period: 'Nov 2026' }])
  })
})
