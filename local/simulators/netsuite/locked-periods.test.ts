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
import type { NetSuiteSimulatorOptions } from './netsuite.ts'

const us = { subsidiary: { id: '1' } }
const acme = { externalId: 'cus_1' }
const october = { tranDate: '2026-10-20' }

/** One document of each kind that an integration may write, dated in October 2026; the paths tell them apart. */
async function attempts(account: TestAccount): Promise<Record<string, number>> {
  const credit = await memo(account, 'cn_0', 5, { tranDate: '2026-11-02' })
  const bodies: Record<string, object> = {
    invoice: { entity: acme, item: { items: [itemLine(10)] } },
    creditMemo: { entity: acme, item: { items: [itemLine(10)] } },
    customerPayment: { customer: acme, account: { id: '121' }, payment: 10 },
    customerRefund: { customer: acme, account: { id: '121' }, apply: apply(credit.id, 5) },
    customerDeposit: { customer: acme, account: { id: '121' }, payment: 10 },
    journalEntry: {
      ...us,
      line: {
        items: [
          { account: { id: '111' }, debit: 1, entity: acme },
          { account: { id: '121' }, credit: 1 },
        ],
      },
    },
    deposit: { ...us, account: { id: '131' }, other: { items: [{ account: { id: '121' }, amount: 1 }] } },
  }
  const statuses: Record<string, number> = {}
  for (const [type, body] of Object.entries(bodies))
    statuses[type] = (await account.call('POST', `/${type}`, { ...october, ...body })).status
  return statuses
}

async function start(options: Partial<NetSuiteSimulatorOptions> = {}) {
  const account = await startAccount(options)
  await addCustomer(account)
  const { periods } = account.simulator
  const id = (month: string) => periods.find(month) ?? ''
  return Object.assign(account, { periods, id })
}

const all = (status: number) => ({
  invoice: status,
  creditMemo: status,
  customerPayment: status,
  customerRefund: status,
  customerDeposit: status,
  journalEntry: status,
  deposit: status,
})

describe('a month', () => {
  it('that is open takes every kind of document', async () => {
    await using account = await start()
    expect(await attempts(account)).toEqual(all(204))
  })

  it('locked for receivables takes journals and bank deposits only, and says locked', async () => {
    await using account = await start()
    account.periods.lockReceivables(account.id('2026-10'))
    expect(await attempts(account)).toEqual({ ...all(400), journalEntry: 204, deposit: 204 })
    const refused = await pay(account, 'py_1', 1, october)
    expect(refused.error).toMatchObject({ 'o:errorCode': 'USER_ERROR', 'o:errorPath': 'postingPeriod' })
    expect(refused.error.detail).toContain('The accounting period Oct 2026 is locked.')
  })

  it.each(['lockAll', 'closePeriod'] as const)('after %s takes nothing', async (action) => {
    await using account = await start()
    account.periods[action](account.id('2026-10'))
    expect(await attempts(account)).toEqual(all(400))
  })

  it('is chosen by postingPeriod, whatever the date says', async () => {
    await using account = await start()
    account.periods.closePeriod(account.id('2026-10'))
    const november = { ...october, postingPeriod: { id: account.id('2026-11') } }
    expect((await pay(account, 'py_1', 1, november)).status).toBe(204)
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({
      tranDate: '2026-10-20',
      postingPeriod: { refName: 'Nov 2026' },
    })
    const back = { tranDate: '2026-11-20', postingPeriod: { id: account.id('2026-10') } }
    expect((await pay(account, 'py_2', 1, back)).status).toBe(400)
  })

  it('reopened takes documents again, and reopens the closed months after it', async () => {
    await using account = await start()
    for (const month of ['2026-08', '2026-09', '2026-10']) account.periods.closePeriod(account.id(month))
    account.periods.openPeriod(account.id('2026-09'))
    expect(
      ['2026-08', '2026-09', '2026-10'].map((month) => account.periods.isClosed(account.id(month))),
    ).toEqual([true, false, false])
    expect(await attempts(account)).toEqual(all(204))
  })

  it('closed in between keeps its credits usable by a payment of today, and lets none be applied by editing', async () => {
    await using account = await start()
    const credit = await memo(account, 'cn_1', 30, october)
    const invoice = await addInvoice(account, 'in_1', [30], { tranDate: '2026-11-03' })
    account.periods.closePeriod(account.id('2026-10'))
    const edited = await account.call('PATCH', '/creditMemo/eid:cn_1', { apply: apply(invoice, 10) })
    expect(edited.error.detail).toContain('Oct 2026 is closed')
    const joined = await account.call('POST', '/customerPayment', {
      customer: acme,
      account: { id: '121' },
      apply: apply(invoice, 10),
      credit: apply(credit.id, 10),
    })
    expect(joined.status).toBe(204)
    account.periods.allowNonGLChanges(account.id('2026-10'), true)
    await account.done('PATCH', '/creditMemo/eid:cn_1', { apply: apply(invoice, 30) })
    expect(await account.get('/invoice/eid:in_1')).toMatchObject({ amountRemaining: 0 })
  })

  it('closed keeps a payment, its applications and its bank deposit as they are', async () => {
    await using account = await start()
    const invoice = await addInvoice(account, 'in_1', [30], october)
    const payment = await pay(account, 'py_1', 30, {
      ...october,
      account: null,
      undepFunds: { id: 'T' },
      apply: apply(invoice, 30),
    })
    const deposit = {
      ...us,
      account: { id: '131' },
      payment: { items: [{ id: Number(payment.id), deposit: true }] },
    }
    await account.done('PUT', '/deposit/eid:po_1', { ...october, ...deposit })
    account.periods.closePeriod(account.id('2026-10'))
    const refused = [
      await account.call('PATCH', '/customerPayment/eid:py_1', { apply: apply(invoice, 10) }),
      await account.call('PATCH', '/customerPayment/eid:py_1', { apply: apply(invoice, undefined, false) }),
      await account.call('PATCH', '/deposit/eid:po_1', { memo: 'late' }),
      await account.call('DELETE', '/deposit/eid:po_1'),
      await account.call('DELETE', '/customerPayment/eid:py_1'),
    ]
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
    expect(await account.get('/invoice/eid:in_1')).toMatchObject({ amountRemaining: 0 })
    expect((await account.call('PUT', '/deposit/eid:po_1', { ...october, ...deposit })).status).toBe(204)
  })
})

describe('the accounting preferences', () => {
  it.each([
    ['currentPeriod', 'Nov 2026'],
    ['firstOpenPeriod', 'Oct 2026'],
  ] as const)('send a document dated in a closed month to %s', async (dateInClosedPeriod, period) => {
    await using account = await start({ dateInClosedPeriod })
    for (const month of ['2026-08', '2026-09']) account.periods.closePeriod(account.id(month))
    await pay(account, 'py_1', 1, { tranDate: '2026-08-20' })
    expect(await account.get('/customerPayment/eid:py_1')).toMatchObject({
      tranDate: '2026-08-20',
      postingPeriod: { refName: period },
    })
  })

  it('may disallow a date outside of the posting period', async () => {
    await using account = await start({ dateOutsidePeriod: 'disallow' })
    const outside = { ...october, postingPeriod: { id: account.id('2026-11') } }
    const refused = await pay(account, 'py_1', 1, outside)
    expect(refused.error).toMatchObject({
      detail:
        'Error while accessing a resource. The transaction date you specified is not within the date range of your accounting period.',
      'o:errorPath': 'tranDate',
    })
    expect((await pay(account, 'py_1', 1, { ...outside, tranDate: '2026-11-01' })).status).toBe(204)
  })
})

describe('the control paths', () => {
  it('close, lock and open a month over HTTP', async () => {
    await using account = await start()
    const month = account.id('2026-10')
    const control = async (action: string) =>
      (await fetch(`${account.url}/_simulator/periods/${month}/${action}`, { method: 'POST' })).status
    const flags = async () => {
      const period = await account.get(`/accountingPeriod/${month}`)
      return [period.closed, period.allLocked, period.arLocked, period.allowNonGLChanges]
    }
    expect([await control('lock-receivables'), ...(await flags())]).toEqual([204, false, false, true, false])
    expect([await control('lock-all'), ...(await flags())]).toEqual([204, false, true, true, false])
    expect([await control('close'), ...(await flags())]).toEqual([204, true, true, true, false])
    expect([await control('allow-non-gl-changes'), ...(await flags())]).toEqual([204, true, true, true, true])
    expect([await control('refuse-non-gl-changes'), ...(await flags())]).toEqual([
      204,
      true,
      true,
      true,
      false,
    ])
    expect([await control('open'), ...(await flags())]).toEqual([204, false, false, false, false])
    expect(await control('melt')).toBe(404)
  })
})
