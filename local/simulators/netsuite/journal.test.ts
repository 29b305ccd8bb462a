import { describe, expect, it } from 'vitest'
import { addCustomer, posted, rows, startAccount, type TestAccount } from './account.fixture.ts'

interface JournalLine {
  account: string
  debit?: number
  credit?: number
  [field: string]: unknown
}

const lines = (...items: JournalLine[]) => ({
  items: items.map(({ account, ...line }) => ({ account: { id: account }, ...line })),
})

const journal = (account: TestAccount, externalId: string, body: Record<string, unknown>) =>
  account.call('PUT', `/journalEntry/eid:${externalId}?replace=line`, {
    subsidiary: { id: '1' },
    ...body,
  })

const acme = { externalId: 'cus_1' }
const disputed = lines(
  { account: '141', debit: 80, memo: 'withdrawn', entity: acme },
  { account: '612', debit: 15, memo: 'fee' },
  { account: '121', credit: 95 },
)

async function start() {
  const account = await startAccount()
  await addCustomer(account)
  return account
}

describe('a journal entry', () => {
  it('is kept with everything that was said, and read back', async () => {
    await using account = await start()
    const answer = await journal(account, 'dp_1', {
      tranDate: '2026-11-03',
      postingPeriod: { id: account.simulator.periods.find('2026-10') },
      memo: 'Dispute dp_1',
      line: disputed,
    })
    expect(answer.status).toBe(204)
    expect(await account.get('/journalEntry/eid:dp_1')).toMatchObject({
      id: answer.id,
      externalId: 'dp_1',
      tranId: `JE${answer.id}`,
      tranDate: '2026-11-03',
      postingPeriod: { refName: 'Oct 2026' },
      subsidiary: { refName: 'US Inc' },
      currency: { refName: 'US Dollar' },
      exchangeRate: 1,
      memo: 'Dispute dp_1',
      status: { refName: 'Approved for Posting' },
      line: {
        count: 3,
        items: [
          { line: 0, account: { id: '141' }, debit: 80, memo: 'withdrawn', entity: { refName: 'Acme' } },
          { line: 1, account: { id: '612' }, debit: 15, memo: 'fee' },
          { line: 2, account: { id: '121' }, credit: 95 },
        ],
      },
    })
    expect(posted(account, answer.id)).toEqual(['141 80', '612 15', '121 -95'])
  })

  it('shows its header, lines and ledger in SuiteQL', async () => {
    await using account = await start()
    await journal(account, 'dp_1', {
      tranDate: '2026-11-03',
      currency: { id: '2' },
      exchangeRate: 1.1,
      line: lines(
        { account: '141', debit: 80, memo: 'withdrawn', entity: acme },
        { account: '122', credit: 80 },
      ),
    })
    expect(
      await rows(
        account,
        `SELECT t.externalid, t.type, t.recordtype, t.trandate, t.currency, t.exchangerate, t.foreigntotal, t.posting,
         t.entity, BUILTIN.DF(t.status) AS state FROM transaction t`,
      ),
    ).toEqual([
      {
        externalid: 'dp_1',
        type: 'Journal',
        recordtype: 'journalentry',
        trandate: '11/3/2026',
        currency: '2',
        exchangerate: '1.1',
        foreigntotal: '80',
        posting: 'T',
        state: 'Journal : Approved for Posting',
      },
    ])
    expect(
      await rows(
        account,
        `SELECT tl.id, tl.mainline, tl.entity, tl.subsidiary, tl.memo, tl.foreignamount, tal.account, tal.accounttype,
         tal.debit, tal.credit, tal.amount FROM transactionline tl JOIN transactionaccountingline tal
         ON tal.transaction = tl.transaction AND tal.transactionline = tl.id ORDER BY tl.id`,
      ),
    ).toEqual([
      {
        id: '0',
        mainline: 'T',
        entity: '5001',
        subsidiary: '1',
        memo: 'withdrawn',
        foreignamount: '80',
        account: '141',
        accounttype: 'OthCurrAsset',
        debit: '88',
        amount: '88',
      },
      {
        id: '1',
        mainline: 'F',
        subsidiary: '1',
        foreignamount: '-80',
        account: '122',
        accounttype: 'Bank',
        credit: '88',
        amount: '-88',
      },
    ])
  })

  it('sent again replaces its lines, and without replace has them twice', async () => {
    await using account = await start()
    await journal(account, 'dp_1', { line: disputed })
    await journal(account, 'dp_1', { line: disputed })
    expect(await account.get('/journalEntry/eid:dp_1')).toMatchObject({ line: { count: 3 } })
    await account.done('PUT', '/journalEntry/eid:dp_1', { subsidiary: { id: '1' }, line: disputed })
    expect(await account.get('/journalEntry/eid:dp_1')).toMatchObject({ line: { count: 6 } })
  })

  it('that waits for approval does not post, and nothing of it can be applied', async () => {
    await using account = await start()
    const { id } = await journal(account, 'dp_1', {
      approved: false,
      line: lines({ account: '111', debit: 5, entity: acme }, { account: '121', credit: 5 }),
    })
    expect(
      await rows(
        account,
        `SELECT SUM(tal.amount) AS s FROM transactionaccountingline tal WHERE tal.posting = 'T'`,
      ),
    ).toEqual([{}])
    const payment = await account.call('POST', '/customerPayment', {
      customer: acme,
      account: { id: '121' },
      payment: 5,
      apply: { items: [{ doc: { id }, apply: true, amount: 5 }] },
    })
    expect(payment.error['o:errorPath']).toBe('apply.items[0].doc')
  })

  it('takes its rounding into the base currency on the first line', async () => {
    await using account = await start()
    const { id } = await journal(account, 'je_cad', {
      currency: { id: '2' },
      exchangeRate: 0.69,
      line: lines(
        { account: '612', debit: 9.99 },
        { account: '613', debit: 9.99 },
        { account: '614', debit: 9.99 },
        { account: '611', debit: 9.99 },
        { account: '122', credit: 39.96 },
      ),
    })
    expect(posted(account, id)).toEqual(['612 6.9', '613 6.89', '614 6.89', '611 6.89', '122 -27.57'])
  })

  it('of 200 lines is taken, of 201 refused', async () => {
    await using account = await start()
    const many = (count: number) =>
      lines(...Array.from({ length: count - 1 }, () => ({ account: '612', debit: 1 })), {
        account: '121',
        credit: count - 1,
      })
    expect((await journal(account, 'je_1', { line: many(200) })).status).toBe(204)
    const refused = await journal(account, 'je_2', { line: many(201) })
    expect(refused.error.detail).toContain('at most 200 lines')
    expect(account.simulator.find('journalEntry', 'je_2')).toBeUndefined()
  })

  it.each([
    [
      'no subsidiary',
      { subsidiary: null, line: disputed },
      'Please enter value(s) for: Subsidiary',
      'subsidiary',
    ],
    ['one line', { line: lines({ account: '121', credit: 1 }) }, 'at least two lines', 'line'],
    [
      'a cent too little',
      { line: lines({ account: '141', debit: 1 }, { account: '121', credit: 0.99 }) },
      'Transaction was not in balance. Posting total = 0.01',
      'line',
    ],
    [
      'a customer missing on receivables',
      { line: lines({ account: '111', debit: 1 }, { account: '121', credit: 1 }) },
      'Please enter value(s) for: Name',
      'line.items[0].entity',
    ],
    [
      'a customer of another subsidiary',
      { subsidiary: { id: '2' }, currency: { id: '1' }, line: disputed },
      'Invalid Field Value 5001',
      'line.items[0].entity',
    ],
    [
      'a customer without that currency',
      {
        currency: { id: '3' },
        line: lines({ account: '141', debit: 1, entity: acme }, { account: '123', credit: 1 }),
      },
      'Invalid Field Value 5001',
      'line.items[0].entity',
    ],
    [
      'a bank account in a third currency',
      { currency: { id: '2' }, line: lines({ account: '141', debit: 1 }, { account: '123', credit: 1 }) },
      'Invalid Field Value 123',
      'line.items[1].account',
    ],
    [
      'a reversal before its date',
      { tranDate: '2026-11-10', reversalDate: '2026-11-09', line: disputed },
      'must not be earlier',
      'reversalDate',
    ],
    [
      'a deferred reversal without its date',
      { reversalDefer: true, line: disputed },
      'Please enter value(s) for: Reversal Date',
      'reversalDate',
    ],
  ])('is refused with %s', async (_what, body, sentence, path) => {
    await using account = await start()
    const answer = await journal(account, 'je_1', body)
    expect(answer.status).toBe(400)
    expect(answer.error.detail).toContain(sentence)
    expect(answer.error['o:errorPath']).toBe(path)
    expect(account.simulator.records('journalEntry')).toEqual([])
  })

  it('is refused with an inactive account', async () => {
    await using account = await start()
    await account.done('PATCH', '/account/141', { isInactive: true })
    const answer = await journal(account, 'je_1', { line: disputed })
    expect(answer.error).toMatchObject({
      'o:errorCode': 'INVALID_CONTENT',
      'o:errorPath': 'line.items[0].account',
    })
  })

  it('with the external id of another document is refused', async () => {
    await using account = await start()
    await journal(account, 'dp_1', { line: disputed })
    const again = await account.call('POST', '/journalEntry', {
      externalId: 'DP_1',
      subsidiary: { id: '1' },
      line: disputed,
    })
    expect(again.error.detail).toBe('Error while accessing a resource. This record already exists.')
  })
})

describe('a journal with a reversal date', () => {
  const accrual = lines({ account: '212', debit: 100 }, { account: '411', credit: 100 })
  const reversing = { tranDate: '2026-10-31', reversalDate: '2026-11-01', line: accrual }

  async function withReversal(account: TestAccount) {
    const { id } = await journal(account, 'je_1', reversing)
    const original = await account.get(`/journalEntry/${id}`)
    const [found] = await rows(
      account,
      `SELECT t.id, t.trandate, BUILTIN.DF(t.postingperiod) AS period, t.isreversal FROM transaction t WHERE t.reversal = ${id}`,
    )
    return { id, original, found }
  }

  it('makes its exact opposite at once, posted by that date and linked', async () => {
    await using account = await start()
    const { id, original, found } = await withReversal(account)
    expect(found).toEqual({ id: '10002', trandate: '11/1/2026', period: 'Nov 2026', isreversal: 'T' })
    expect(original).toMatchObject({ reversalDate: '2026-11-01', reversalEntry: 'JE10002' })
    expect(await account.get('/journalEntry/10002')).toMatchObject({
      isReversal: true,
      createdFrom: { id },
      tranDate: '2026-11-01',
    })
    expect(posted(account, '10002')).toEqual(['212 -100', '411 100'])
  })

  it('passes every change on to it, and it cannot be changed or deleted itself', async () => {
    await using account = await start()
    await withReversal(account)
    for (const [method, body] of [
      ['PATCH', { memo: 'x' }],
      ['DELETE', undefined],
    ] as const) {
      const refused = await account.call(method, '/journalEntry/10002', body)
      expect(refused.error.detail).toContain('cannot directly edit a reversing journal entry')
    }
    const halved = lines({ account: '212', debit: 50 }, { account: '411', credit: 50 })
    await journal(account, 'je_1', { ...reversing, reversalDate: '2026-12-01', line: halved })
    expect(posted(account, '10002')).toEqual(['212 -50', '411 50'])
    expect(await account.get('/journalEntry/10002')).toMatchObject({ tranDate: '2026-12-01' })
    await account.done('PATCH', '/journalEntry/eid:je_1', { reversalDate: null })
    expect((await account.call('GET', '/journalEntry/10002')).status).toBe(404)
    expect(await account.get('/journalEntry/eid:je_1')).not.toHaveProperty('reversalEntry')
  })

  it('is not taken when the reversal would fall into a closed month, and both go together', async () => {
    await using account = await start()
    const november = account.simulator.periods.find('2026-11') ?? ''
    account.simulator.periods.closePeriod(november)
    const refused = await journal(account, 'je_1', reversing)
    expect(refused.error.detail).toContain('Nov 2026 is closed')
    expect(account.simulator.records('journalEntry')).toEqual([])
    account.simulator.periods.openPeriod(november)
    await withReversal(account)
    account.simulator.periods.closePeriod(november)
    expect((await account.call('DELETE', '/journalEntry/eid:je_1')).status).toBe(400)
    account.simulator.periods.openPeriod(november)
    expect((await account.call('DELETE', '/journalEntry/eid:je_1')).status).toBe(204)
    expect(account.simulator.records('journalEntry')).toEqual([])
  })
})
