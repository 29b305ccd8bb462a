import { describe, expect, it } from 'vitest'
import { addCustomer, addInvoice, itemLine, startAccount } from './account.fixture.ts'

const body = (fields: Record<string, unknown>) => ({
  entity: { externalId: 'cus_1' },
  item: { items: [itemLine(10)] },
  ...fields,
})

async function startWithJanuaryClosed(options: { allowNonGLChanges?: boolean } = {}) {
  const account = await startAccount()
  await addCustomer(account)
  await addInvoice(account, 'in_jan', [10], { tranDate: '2026-01-31' })
  const january = account.simulator.periods.find('2026-01') ?? ''
  account.simulator.periods.closePeriod(january, options)
  return Object.assign(account, { january })
}

describe('a closed period', () => {
  it('takes no new document, by date or by name, and the next month does', async () => {
    await using account = await startWithJanuaryClosed()
    const byDate = await account.call('PUT', '/invoice/eid:in_1', body({ tranDate: '2026-01-05' }))
    expect(byDate.status).toBe(400)
    expect(byDate.error).toMatchObject({ 'o:errorCode': 'USER_ERROR', 'o:errorPath': 'postingPeriod' })
    expect(byDate.error.detail).toContain('Jan 2026 is closed')
    const february = account.simulator.periods.find('2026-02')
    await account.done(
      'PUT',
      '/invoice/eid:in_1',
      body({ tranDate: '2026-01-05', postingPeriod: { id: february } }),
    )
    expect(await account.get('/invoice/eid:in_1')).toMatchObject({
      tranDate: '2026-01-05',
      postingPeriod: { refName: 'Feb 2026' },
    })
    account.simulator.periods.openPeriod(account.january)
    expect((await account.call('PUT', '/invoice/eid:in_2', body({ tranDate: '2026-01-05' }))).status).toBe(
      204,
    )
  })

  it('lets no document out, be it changed, moved or deleted', async () => {
    await using account = await startWithJanuaryClosed()
    const attempts = [
      await account.call('PATCH', '/invoice/eid:in_jan', { memo: 'late' }),
      await account.call('PATCH', '/invoice/eid:in_jan', { tranDate: '2026-02-01' }),
      await account.call('DELETE', '/invoice/eid:in_jan'),
    ]
    for (const { status, error } of attempts) {
      expect(status).toBe(400)
      expect(error.detail).toContain('closed period')
    }
    expect(account.simulator.find('invoice', 'in_jan')?.memo).toBeUndefined()
  })

  it('accepts the same document once more, and a payment of it in an open month', async () => {
    await using account = await startWithJanuaryClosed()
    const same = await account.call(
      'PUT',
      '/invoice/eid:in_jan?replace=item',
      body({ tranDate: '2026-01-31' }),
    )
    expect(same.status).toBe(204)
    await account.done('POST', '/customerPayment', {
      customer: { externalId: 'cus_1' },
      account: { id: '121' },
      payment: 10,
      apply: { items: [{ doc: { id: same.id }, apply: true, amount: 10 }] },
    })
    expect((await account.get('/invoice/eid:in_jan')).amountRemaining).toBe(0)
  })

  it('with non-G/L changes allowed takes a memo and still no amount', async () => {
    await using account = await startWithJanuaryClosed({ allowNonGLChanges: true })
    await account.done('PATCH', '/invoice/eid:in_jan', { memo: 'late' })
    const more = await account.call('PATCH', '/invoice/eid:in_jan', { item: { items: [itemLine(1)] } })
    expect(more.status).toBe(400)
    expect(account.simulator.find('invoice', 'in_jan')).toMatchObject({ memo: 'late', total: 10 })
  })

  it('locked for receivables only still takes a journal', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    account.simulator.periods.lockReceivables(account.simulator.periods.find('2026-11') ?? '')
    expect((await account.call('POST', '/invoice', body({}))).status).toBe(400)
    const lines = [
      { account: { id: '131' }, debit: 5 },
      { account: { id: '121' }, credit: 5 },
    ]
    await account.done('POST', '/journalEntry', { subsidiary: { id: '1' }, line: { items: lines } })
  })
})

describe('the calendar', () => {
  it('has the years around now, and nothing posts to a quarter, a year, or outside', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const { body: months } = await account.query(
      `SELECT COUNT(*) AS months, TO_CHAR(MIN(startdate), 'YYYY-MM-DD') AS first, TO_CHAR(MAX(enddate), 'YYYY-MM-DD') AS last FROM accountingperiod WHERE isquarter = 'F' AND isyear = 'F'`,
    )
    expect(months.items).toEqual([{ links: [], months: '36', first: '2025-01-01', last: '2027-12-31' }])
    const quarter = account.simulator
      .records('accountingPeriod')
      .find(({ periodName }) => periodName === 'Q4 2026')
    const onQuarter = await account.call('POST', '/invoice', body({ postingPeriod: { id: quarter?.id } }))
    expect(onQuarter.error['o:errorPath']).toBe('postingPeriod')
    const outside = await account.call('POST', '/invoice', body({ tranDate: '2031-01-01' }))
    expect(outside.error.detail).toContain('no accounting period for the date 2031-01-01')
  })
})
