import { describe, expect, it } from 'vitest'
import { addCustomer, addInvoice, itemLine, startAccount } from './account.fixture.ts'

async function startWithBooks() {
  const account = await startAccount()
  await addCustomer(account)
  const invoice = await addInvoice(account, 'in_1', [80, 20.5], { memo: 'first', tranDate: '2026-11-03' })
  await addInvoice(account, 'in_2', [10], { tranDate: '2026-10-31' })
  await account.done('PUT', '/customerPayment/eid:py_1', {
    customer: { externalId: 'cus_1' },
    account: { id: '121' },
    payment: 60,
    apply: { items: [{ doc: { id: invoice }, apply: true, amount: 50.5 }] },
  })
  await account.done('PUT', '/creditMemo/eid:cn_1', {
    entity: { externalId: 'cus_1' },
    item: { items: [itemLine(7)] },
    apply: { items: [{ doc: { id: invoice }, apply: true, amount: 7 }] },
  })
  const rows = async (q: string) => {
    const answer = await account.query(q)
    if (answer.status !== 200) throw new Error(answer.error.detail)
    return (answer.body.items as Record<string, unknown>[]).map(({ links, ...row }) => row)
  }
  return Object.assign(account, { invoice, rows })
}

describe('a query', () => {
  it('finds documents by external id: lower-case names, strings only, no nulls', async () => {
    await using account = await startWithBooks()
    expect(
      await account.rows(
        `SELECT T.ID, T.ExternalId, t.type, t.tranDate, t.memo, t.foreignTotal, t.foreignAmountUnpaid, t.status
         FROM Transaction t WHERE t.externalid IN ('in_1', 'in_2', 'cn_1') ORDER BY t.id`,
      ),
    ).toEqual([
      {
        id: '10001',
        externalid: 'in_1',
        type: 'CustInvc',
        trandate: '11/3/2026',
        memo: 'first',
        foreigntotal: '100.5',
        foreignamountunpaid: '43',
        status: 'A',
      },
      {
        id: '10002',
        externalid: 'in_2',
        type: 'CustInvc',
        trandate: '10/31/2026',
        foreigntotal: '10',
        foreignamountunpaid: '10',
        status: 'A',
      },
      {
        id: '10004',
        externalid: 'cn_1',
        type: 'CustCred',
        trandate: '11/21/2026',
        foreigntotal: '-7',
        status: 'B',
      },
    ])
  })

  it('shows names with BUILTIN.DF, and gives columns without a name one', async () => {
    await using account = await startWithBooks()
    expect(
      await account.rows(
        `SELECT BUILTIN.DF(t.entity) AS customer, BUILTIN.DF(status) AS state, BUILTIN.DF(t.postingperiod), NVL(t.memo, 'none')
         FROM transaction t WHERE t.externalid = 'in_2'`,
      ),
    ).toEqual([{ customer: 'Acme', state: 'Invoice : Open', expr1: 'Oct 2026', expr2: 'none' }])
  })

  it('joins lines, items and accounting lines, and the ledger of every document is in balance', async () => {
    await using account = await startWithBooks()
    expect(
      await account.rows(
        `SELECT i.itemid, tl.foreignamount FROM transactionline tl
         INNER JOIN item i ON i.id = tl.item WHERE tl.transaction = ${account.invoice} AND tl.mainline = 'F' ORDER BY tl.id`,
      ),
    ).toEqual([
      { itemid: 'Team plan', foreignamount: '-80' },
      { itemid: 'Team plan', foreignamount: '-20.5' },
    ])
    const balances = await account.rows(
      'SELECT tal.transaction, SUM(tal.debit) AS debit, SUM(tal.credit) AS credit FROM transactionaccountingline tal GROUP BY tal.transaction ORDER BY 1',
    )
    expect(balances).toEqual([
      { transaction: '10001', debit: '100.5', credit: '100.5' },
      { transaction: '10002', debit: '10', credit: '10' },
      { transaction: '10003', debit: '60', credit: '60' },
      { transaction: '10004', debit: '7', credit: '7' },
    ])
    expect(
      await account.rows(
        `SELECT a.acctnumber, SUM(tal.amount) AS balance FROM transactionaccountingline tal
         JOIN account a ON a.id = tal.account WHERE a.accttype LIKE 'Acct%' GROUP BY a.acctnumber`,
      ),
    ).toEqual([{ acctnumber: '1100', balance: '43.5' }])
  })

  it('knows which document settles which, from either side', async () => {
    await using account = await startWithBooks()
    const links = `SELECT previousdoc, previoustype, nextdoc, nexttype, linktype, foreignamount FROM`
    const expected = [
      {
        previousdoc: '10001',
        previoustype: 'CustInvc',
        nextdoc: '10003',
        nexttype: 'CustPymt',
        linktype: 'Payment',
        foreignamount: '50.5',
      },
      {
        previousdoc: '10001',
        previoustype: 'CustInvc',
        nextdoc: '10004',
        nexttype: 'CustCred',
        linktype: 'Payment',
        foreignamount: '7',
      },
    ]
    expect(await account.rows(`${links} NextTransactionLineLink ORDER BY nextdoc`)).toEqual(expected)
    expect(await account.rows(`${links} PreviousTransactionLineLink ORDER BY nextdoc`)).toEqual(expected)
  })

  it('compares dates by TO_DATE or in the account format, and follows changes and deletions', async () => {
    await using account = await startWithBooks()
    const since = (condition: string) =>
      account.rows(`SELECT externalid FROM transaction WHERE type = 'CustInvc' AND ${condition}`)
    expect(await since(`trandate >= TO_DATE('2026-11-01', 'YYYY-MM-DD')`)).toEqual([{ externalid: 'in_1' }])
    expect(await since(`trandate < '11/1/2026'`)).toEqual([{ externalid: 'in_2' }])
    await account.done('PATCH', '/invoice/eid:in_2', { memo: 'changed' })
    expect(await since(`memo = 'changed'`)).toEqual([{ externalid: 'in_2' }])
    await account.done('DELETE', '/invoice/eid:in_2', undefined)
    expect(await since(`memo IS NULL OR memo <> 'first'`)).toEqual([])
  })

  it('adds decimals exactly, also after arithmetic and inside a condition', async () => {
    await using account = await startWithBooks()
    await addInvoice(account, 'in_3', [0.1, 0.2])
    expect(
      await account.rows(
        'SELECT tl.transaction, SUM(tl.foreignamount) AS s FROM transactionline tl GROUP BY tl.transaction HAVING SUM(tl.foreignamount) <> 0',
      ),
    ).toEqual([])
    expect(
      await account.rows(
        `SELECT SUM(NVL(tal.credit, 0) * 1.1) AS s FROM transactionaccountingline tal
         JOIN transaction t ON t.id = tal.transaction WHERE t.externalid = 'in_3'`,
      ),
    ).toEqual([{ s: '0.33' }])
  })

  it('has the subsidiary of a customer in the relationship table, and of a document on its lines', async () => {
    await using account = await startWithBooks()
    expect(
      await account.rows(
        `SELECT c.externalid, s.subsidiary FROM customer c JOIN customersubsidiaryrelationship s ON s.entity = c.id AND s.isprimarysub = 'T'`,
      ),
    ).toEqual([{ externalid: 'cus_1', subsidiary: '1' }])
    const refused = await account.query('SELECT subsidiary FROM customer')
    expect(refused.error.detail).toContain("Unknown identifier 'subsidiary'")
  })
})

describe('a query is refused', () => {
  it.each([
    ['SELECT nope FROM transaction', "Search error occurred: Unknown identifier 'nope'."],
    ['SELECT t.balance FROM customer t', "Search error occurred: Unknown identifier 'balance'."],
    ['SELECT id FROM nowhere', "Search error occurred: Record 'nowhere' was not found."],
    ['SELECT id FROM transaction LIMIT 5', 'Search error occurred: Invalid or unsupported search.'],
    ['DELETE FROM transaction', 'Search error occurred: Invalid or unsupported search.'],
    [
      "SELECT id FROM transaction WHERE trandate = '2026-11-01'",
      'Search error occurred: Invalid date value.',
    ],
    [
      `SELECT id FROM transaction WHERE id IN (${Array.from({ length: 1001 }, (_, n) => n).join(',')})`,
      'Invalid or unsupported',
    ],
  ])('%.60s', async (q, sentence) => {
    await using account = await startAccount()
    const answer = await account.query(q)
    expect(answer.status).toBe(400)
    expect(answer.error['o:errorCode']).toBe('INVALID_PARAMETER')
    expect(answer.error.detail).toContain(sentence)
  })

  it('without Prefer: transient', async () => {
    await using account = await startAccount()
    const answer = await account.call('POST', '/../../query/v1/suiteql', { q: 'SELECT id FROM currency' })
    expect(answer.status).toBe(400)
    expect(answer.error.detail).toContain("'Prefer'")
  })
})
