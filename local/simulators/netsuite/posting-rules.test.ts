import { describe, expect, it } from 'vitest'
import { addCustomer, addInvoice, apply, itemLine, memo, pay, startAccount } from './account.fixture.ts'

const acme = { externalId: 'cus_1' }

async function start() {
  const account = await startAccount()
  await addCustomer(account)
  return account
}

const sale = (fields: object = {}) => ({ entity: acme, item: { items: [itemLine(10)] }, ...fields })

describe('what is inactive is refused', () => {
  it.each([
    ['customer', '/customer/eid:cus_1', '/invoice', sale(), 'entity'],
    ['item', '/serviceSaleItem/801', '/invoice', sale(), 'item.items[0].item'],
    ['receivable account', '/account/111', '/invoice', sale({ account: { id: '111' } }), 'account'],
    ['class', '/classification/1', '/invoice', sale({ class: { id: '1' } }), 'class'],
    [
      'clearing account',
      '/account/121',
      '/customerPayment',
      { customer: acme, account: { id: '121' }, payment: 1 },
      'account',
    ],
  ])('a %s', async (_what, address, path, body, errorPath) => {
    await using account = await start()
    await account.done('PATCH', address, { isInactive: true })
    const answer = await account.call('POST', path, body)
    expect(answer.status).toBe(400)
    expect(answer.error['o:errorPath']).toBe(errorPath)
    await account.done('PATCH', address, { isInactive: false })
    expect((await account.call('POST', path, body)).status).toBe(204)
  })
})

describe('what belongs to another subsidiary is refused', () => {
  it.each([
    ['item', '/serviceSaleItem/801', '/invoice', sale(), 'item.items[0].item'],
    ['receivable account', '/account/111', '/invoice', sale({ account: { id: '111' } }), 'account'],
    [
      'clearing account',
      '/account/121',
      '/customerPayment',
      { customer: acme, account: { id: '121' }, payment: 1 },
      'account',
    ],
    [
      'account of a journal line',
      '/account/141',
      '/journalEntry',
      {
        subsidiary: { id: '1' },
        line: {
          items: [
            { account: { id: '141' }, debit: 1 },
            { account: { id: '121' }, credit: 1 },
          ],
        },
      },
      'line.items[0].account',
    ],
  ])('an %s', async (_what, address, path, body, errorPath) => {
    await using account = await start()
    await account.done('PATCH', address, { subsidiary: { id: '2' } })
    const answer = await account.call('POST', path, body)
    expect(answer.status).toBe(400)
    expect(answer.error['o:errorPath']).toBe(errorPath)
  })

  it('a customer', async () => {
    await using account = await start()
    const answer = await account.call('POST', '/invoice', sale({ subsidiary: { id: '2' } }))
    expect(answer.error['o:errorPath']).toBe('subsidiary')
  })
})

describe('sums that cannot be posted', () => {
  it('are negative totals, of an invoice as of a credit memo; nothing at all is a document', async () => {
    await using account = await start()
    const negative = { item: { items: [itemLine(5), itemLine(-5.01)] } }
    for (const type of ['invoice', 'creditMemo']) {
      const answer = await account.call('POST', `/${type}`, sale(negative))
      expect(answer.error.detail).toContain('cannot be negative')
    }
    const nothing = await account.call(
      'POST',
      '/invoice',
      sale({ item: { items: [itemLine(5), itemLine(-5)] } }),
    )
    expect(nothing.status).toBe(204)
  })

  it.each([
    ['customerPayment', { customer: acme, account: { id: '121' }, payment: 1.005 }, 'payment'],
    ['customerDeposit', { customer: acme, account: { id: '121' }, payment: 1.005 }, 'payment'],
    [
      'journalEntry',
      {
        subsidiary: { id: '1' },
        line: {
          items: [
            { account: { id: '141' }, debit: 1.005 },
            { account: { id: '121' }, credit: 1.005 },
          ],
        },
      },
      'line.items[0]',
    ],
    [
      'deposit',
      {
        subsidiary: { id: '1' },
        account: { id: '131' },
        other: { items: [{ account: { id: '121' }, amount: 1.005 }] },
      },
      'other.items[0].amount',
    ],
  ])('have a third decimal on a %s', async (type, body, path) => {
    await using account = await start()
    const answer = await account.call('POST', `/${type}`, body)
    expect(answer.status).toBe(400)
    expect(answer.error['o:errorPath']).toBe(path)
  })
})

describe('external ids', () => {
  it('are one to all kinds of transactions', async () => {
    await using account = await start()
    await addInvoice(account, 'x_1', [10])
    const bodies: Record<string, object> = {
      creditMemo: sale(),
      customerPayment: { customer: acme, account: { id: '121' }, payment: 1 },
      customerDeposit: { customer: acme, account: { id: '121' }, payment: 1 },
      deposit: {
        subsidiary: { id: '1' },
        account: { id: '131' },
        other: { items: [{ account: { id: '121' }, amount: 1 }] },
      },
      journalEntry: {
        subsidiary: { id: '1' },
        line: {
          items: [
            { account: { id: '141' }, debit: 1 },
            { account: { id: '121' }, credit: 1 },
          ],
        },
      },
    }
    for (const [type, body] of Object.entries(bodies)) {
      const upsert = await account.call('PUT', `/${type}/eid:X_1`, body)
      expect(upsert.error.detail).toContain('Transaction type specified is incorrect')
      const create = await account.call('POST', `/${type}`, { ...body, externalId: 'x_1' })
      expect(create.error.detail).toContain('This record already exists')
    }
  })
})

describe('what others rest on', () => {
  it('cannot be deleted until they let go, newest first', async () => {
    await using account = await start()
    const invoice = await addInvoice(account, 'in_1', [10])
    const credit = await memo(account, 'cn_1', 10, { apply: apply(invoice, 4) })
    await account.done('PUT', '/customerRefund/eid:re_1', {
      customer: acme,
      account: { id: '121' },
      apply: apply(credit.id, 6),
    })
    const remove = async (path: string) => (await account.call('DELETE', path)).status
    expect(await remove('/invoice/eid:in_1')).toBe(400)
    expect(await remove('/creditMemo/eid:cn_1')).toBe(400)
    expect(await remove('/customerRefund/eid:re_1')).toBe(204)
    expect(await remove('/creditMemo/eid:cn_1')).toBe(204)
    expect(await remove('/invoice/eid:in_1')).toBe(204)
  })

  it('keeps a customer with any of the new documents', async () => {
    await using account = await start()
    await pay(account, 'py_1', 1)
    expect((await account.call('DELETE', '/customer/eid:cus_1')).status).toBe(400)
    await account.done('DELETE', '/customerPayment/eid:py_1', undefined)
    expect((await account.call('DELETE', '/customer/eid:cus_1')).status).toBe(204)
  })
})

describe('dates of revenue recognition', () => {
  const line = (fields: object) => sale({ item: { items: [{ ...itemLine(10), ...fields }] } })

  it('stand on each line, of credit memos too, and are read back', async () => {
    await using account = await start()
    const dates = { revRecStartDate: '2026-11-15', revRecEndDate: '2027-11-14' }
    for (const type of ['invoice', 'creditMemo']) {
      const id = await account.done('POST', `/${type}`, line(dates))
      expect(await account.get(`/${type}/${id}`)).toMatchObject({ item: { items: [dates] } })
    }
  })

  it('cannot end before they start', async () => {
    await using account = await start()
    const answer = await account.call(
      'POST',
      '/invoice',
      line({ revRecStartDate: '2026-11-15', revRecEndDate: '2026-11-14' }),
    )
    expect(answer.error['o:errorPath']).toBe('item.items[0].revRecEndDate')
  })
})

describe('addresses', () => {
  it('take the record type in any case, as in the samples of the documentation', async () => {
    await using account = await start()
    const answer = await account.call('POST', '/customerpayment', {
      customer: acme,
      account: { id: '121' },
      payment: 1,
    })
    expect(answer.headers.get('location')).toBe(
      `${account.url}/services/rest/record/v1/customerPayment/${answer.id}`,
    )
  })
})
