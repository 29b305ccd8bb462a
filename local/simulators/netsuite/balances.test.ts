import { describe, expect, it } from 'vitest'
import { addCustomer, addInvoice, apply, itemLine, memo, pay, rows, startAccount } from './account.fixture.ts'

/** The balance of one account to a date, per subsidiary and currency of the documents, foreign and in base currency. */
const balanceOf = (accountId: string, toDate: string): string =>
  `SELECT tl.subsidiary, c.symbol, SUM(tl.foreignamount) AS foreign_balance, SUM(tal.amount) AS base_balance
   FROM transactionaccountingline tal
   JOIN transaction t ON t.id = tal.transaction
   JOIN transactionline tl ON tl.transaction = tal.transaction AND tl.id = tal.transactionline
   JOIN currency c ON c.id = t.currency
   WHERE tal.account = ${accountId} AND tal.posting = 'T' AND t.trandate <= TO_DATE('${toDate}', 'YYYY-MM-DD')
   GROUP BY tl.subsidiary, c.symbol ORDER BY tl.subsidiary, c.symbol`

const eu = { customer: { externalId: 'cus_eu' }, currency: { id: '2' } }

/** A month of each kind of document in two subsidiaries; every date and rate is written out. */
async function startWithMonth() {
  const account = await startAccount()
  await addCustomer(account)
  await account.done('PUT', '/customer/eid:cus_eu', {
    companyName: 'Dupont',
    subsidiary: { id: '2' },
    currency: { id: '2' },
  })
  const invoice = await addInvoice(account, 'in_1', [80, 20], { tranDate: '2026-11-02' })
  const euro = { currency: { id: '2' }, exchangeRate: 1.1 }
  const inEuro = await addInvoice(account, 'in_2', [50], { ...euro, tranDate: '2026-11-03' })
  const inEurope = await account.done('PUT', '/invoice/eid:in_3', {
    entity: { externalId: 'cus_eu' },
    currency: { id: '2' },
    tranDate: '2026-11-03',
    item: { items: [itemLine(70)] },
  })
  // Dollars to the dollar clearing account; euros of the US subsidiary to the euro one; a part of them to the dollar one.
  await pay(account, 'py_1', 100, { tranDate: '2026-11-05', apply: apply(invoice, 100) })
  await pay(account, 'py_2', 30, {
    currency: { id: '2' },
    exchangeRate: 1.2,
    account: { id: '122' },
    tranDate: '2026-11-05',
    apply: apply(inEuro, 30),
  })
  await pay(account, 'py_3', 20, {
    currency: { id: '2' },
    exchangeRate: 1.05,
    tranDate: '2026-11-06',
    apply: apply(inEuro, 20),
  })
  await pay(account, 'py_4', 70, {
    ...eu,
    account: { id: '122' },
    tranDate: '2026-11-06',
    apply: apply(inEurope, 70),
  })
  const credit = await memo(account, 'cn_1', 25, { tranDate: '2026-11-09' })
  await account.done('PUT', '/customerRefund/eid:re_1', {
    customer: { externalId: 'cus_1' },
    account: { id: '121' },
    tranDate: '2026-11-10',
    apply: apply(credit.id, 25),
  })
  await account.done('PUT', '/customerDeposit/eid:cd_1', {
    customer: { externalId: 'cus_1' },
    account: { id: '121' },
    payment: 40,
    tranDate: '2026-11-11',
  })
  await account.done('PUT', '/journalEntry/eid:po_1', {
    subsidiary: { id: '1' },
    tranDate: '2026-11-20',
    line: {
      items: [
        { account: { id: '131' }, debit: 110 },
        { account: { id: '612' }, debit: 5 },
        { account: { id: '121' }, credit: 115 },
      ],
    },
  })
  await account.done('PUT', '/deposit/eid:po_2', {
    subsidiary: { id: '2' },
    account: { id: '132' },
    tranDate: '2026-11-21',
    other: { items: [{ account: { id: '122' }, amount: 70 }] },
    cashback: { items: [{ account: { id: '612' }, amount: 2 }] },
  })
  return account
}

describe('the balance of an account', () => {
  it('of dollars that took euros too is its base amount, and stands per currency of the documents', async () => {
    await using account = await startWithMonth()
    // 100 + 21 (20 euro at 1.05) - 25 + 40 - 115
    expect(await rows(account, balanceOf('121', '2026-11-30'))).toEqual([
      { subsidiary: '1', symbol: 'EUR', foreign_balance: '20', base_balance: '21' },
      { subsidiary: '1', symbol: 'USD', foreign_balance: '0', base_balance: '0' },
    ])
  })

  it('to a date leaves out what comes after', async () => {
    await using account = await startWithMonth()
    expect(await rows(account, balanceOf('121', '2026-11-10'))).toEqual([
      { subsidiary: '1', symbol: 'EUR', foreign_balance: '20', base_balance: '21' },
      { subsidiary: '1', symbol: 'USD', foreign_balance: '75', base_balance: '75' },
    ])
    expect(await rows(account, balanceOf('121', '2026-11-04'))).toEqual([])
  })

  it('of euros is its foreign amount, and each subsidiary has its own base currency', async () => {
    await using account = await startWithMonth()
    expect(await rows(account, balanceOf('122', '2026-11-20'))).toEqual([
      { subsidiary: '1', symbol: 'EUR', foreign_balance: '30', base_balance: '36' },
      { subsidiary: '2', symbol: 'EUR', foreign_balance: '70', base_balance: '70' },
    ])
    expect(await rows(account, balanceOf('122', '2026-11-21'))).toEqual([
      { subsidiary: '1', symbol: 'EUR', foreign_balance: '30', base_balance: '36' },
      { subsidiary: '2', symbol: 'EUR', foreign_balance: '0', base_balance: '0' },
    ])
    expect(await rows(account, balanceOf('132', '2026-11-21'))).toEqual([
      { subsidiary: '2', symbol: 'EUR', foreign_balance: '68', base_balance: '68' },
    ])
  })

  it('of receivables is nothing once all is settled, also in base currency, by the revaluations', async () => {
    await using account = await startWithMonth()
    // 55 booked, 36 and 21 received: 2 are a gain, in dollars only.
    expect(await rows(account, balanceOf('112', '2026-11-30'))).toEqual([
      { subsidiary: '1', symbol: 'EUR', foreign_balance: '0', base_balance: '-2' },
      { subsidiary: '1', symbol: 'USD', foreign_balance: '0', base_balance: '2' },
      { subsidiary: '2', symbol: 'EUR', foreign_balance: '0', base_balance: '0' },
    ])
    expect(await rows(account, balanceOf('711', '2026-11-30'))).toEqual([
      { subsidiary: '1', symbol: 'USD', foreign_balance: '0', base_balance: '-2' },
    ])
  })
})

describe('the general ledger', () => {
  it('of every document is in balance, and so is the whole of each subsidiary', async () => {
    await using account = await startWithMonth()
    const documents = await rows(
      account,
      `SELECT t.type, t.externalid, SUM(tal.debit) AS debit, SUM(tal.credit) AS credit FROM transaction t
       JOIN transactionaccountingline tal ON tal.transaction = t.id GROUP BY t.type, t.externalid, t.id ORDER BY t.id`,
    )
    expect(documents.map(({ type, externalid, debit, credit }) => [type, externalid, debit, credit])).toEqual(
      [
        ['CustInvc', 'in_1', '100', '100'],
        ['CustInvc', 'in_2', '55', '55'],
        ['CustInvc', 'in_3', '70', '70'],
        ['CustPymt', 'py_1', '100', '100'],
        ['CustPymt', 'py_2', '36', '36'],
        ['FxReval', undefined, '3', '3'],
        ['CustPymt', 'py_3', '21', '21'],
        ['FxReval', undefined, '1', '1'],
        ['CustPymt', 'py_4', '70', '70'],
        ['CustCred', 'cn_1', '25', '25'],
        ['CustRfnd', 're_1', '25', '25'],
        ['CustDep', 'cd_1', '40', '40'],
        ['Journal', 'po_1', '115', '115'],
        ['Deposit', 'po_2', '70', '70'],
      ],
    )
    expect(
      await rows(
        account,
        `SELECT tl.subsidiary, SUM(tal.amount) AS total FROM transactionaccountingline tal JOIN transactionline tl
         ON tl.transaction = tal.transaction AND tl.id = tal.transactionline GROUP BY tl.subsidiary ORDER BY 1`,
      ),
    ).toEqual([
      { subsidiary: '1', total: '0' },
      { subsidiary: '2', total: '0' },
    ])
  })

  it('has one row per account in a trial balance by period', async () => {
    await using account = await startWithMonth()
    expect(
      await rows(
        account,
        `SELECT a.acctnumber, SUM(tal.amount) AS balance FROM transactionaccountingline tal
         JOIN account a ON a.id = tal.account JOIN transaction t ON t.id = tal.transaction
         JOIN transactionline tl ON tl.transaction = tal.transaction AND tl.id = tal.transactionline
         WHERE BUILTIN.DF(t.postingperiod) = 'Nov 2026' AND tl.subsidiary = 1 GROUP BY a.acctnumber ORDER BY a.acctnumber`,
      ),
    ).toEqual([
      { acctnumber: '1000', balance: '110' },
      { acctnumber: '1100', balance: '0' },
      { acctnumber: '1101', balance: '0' },
      { acctnumber: '1200', balance: '21' },
      { acctnumber: '1201', balance: '36' },
      { acctnumber: '2500', balance: '-40' },
      { acctnumber: '4000', balance: '-130' },
      { acctnumber: '6200', balance: '5' },
      { acctnumber: '7100', balance: '-2' },
    ])
  })
})
