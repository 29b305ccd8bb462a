import { describe, expect, it } from 'vitest'
import { addCustomer, addInvoice, itemLine, startAccount } from './account.fixture.ts'

describe('an invoice', () => {
  it('adds up its own lines, takes the next number, and posts in balance', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const id = await account.done('POST', '/invoice', {
      externalId: 'in_1',
      entity: { externalId: 'cus_1' },
      tranDate: '2026-11-03',
      total: 1,
      item: {
        items: [
          { item: { externalId: 'team-plan' }, quantity: 3, rate: 19.99 },
          itemLine(-5.5, '809'),
          itemLine(4.37, '808'),
        ],
      },
    })
    const invoice = await account.get(`/invoice/${id}`)
    expect(invoice).toMatchObject({
      total: 58.84,
      subtotal: 58.84,
      amountRemaining: 58.84,
      tranId: 'INV10001',
      status: { id: 'open', refName: 'Open' },
      postingPeriod: { refName: 'Nov 2026' },
      account: { id: '111' },
    })
    expect(account.simulator.ledger(id)).toEqual([
      { account: '111', accountName: '1100 Accounts Receivable USD', debit: '58.84', credit: '' },
      { account: '411', accountName: '4000 Subscription Revenue', debit: '', credit: '59.97' },
      { account: '414', accountName: '4900 Discounts', debit: '5.5', credit: '' },
      { account: '211', accountName: '2200 Sales Tax Payable', debit: '', credit: '4.37' },
    ])
  })

  it('has its lines twice when sent twice without replace, and once with it', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const body = { entity: { externalId: 'cus_1' }, item: { items: [itemLine(10), itemLine(20)] } }
    await account.done('PUT', '/invoice/eid:in_1', body)
    await account.done('PUT', '/invoice/eid:in_1', body)
    expect(await account.get('/invoice/eid:in_1')).toMatchObject({ total: 60, item: { count: 4 } })
    await account.done('PUT', '/invoice/eid:in_1?replace=item', body)
    expect(await account.get('/invoice/eid:in_1')).toMatchObject({ total: 30, item: { count: 2 } })
  })

  it('changes one line that is named by its number', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    await addInvoice(account, 'in_1', [10, 20])
    await account.done('PATCH', '/invoice/eid:in_1', { item: { items: [{ line: 2, amount: 25 }] } })
    expect((await account.get('/invoice/eid:in_1')).total).toBe(35)
  })

  it.each([
    [
      'no lines',
      { item: { items: [] } },
      'You must enter at least one line item for this transaction.',
      'item',
    ],
    [
      'a negative total',
      { item: { items: [itemLine(-1)] } },
      'The total of this transaction cannot be negative.',
      'item',
    ],
    [
      'a third decimal of a dollar',
      { item: { items: [itemLine(1.005)] } },
      'Invalid Field Value 1.005',
      'item.items[0].amount',
    ],
    [
      'half a yen',
      { currency: { id: '4' }, item: { items: [itemLine(0.5)] } },
      'Invalid Field Value 0.5',
      'item.items[0].amount',
    ],
    [
      'a currency the customer has not',
      { currency: { id: '3' }, item: { items: [itemLine(1)] } },
      'Invalid Field Value 3',
      'currency',
    ],
    [
      'another subsidiary',
      { subsidiary: { id: '2' }, item: { items: [itemLine(1)] } },
      'Invalid Field Value 2',
      'subsidiary',
    ],
    [
      'an account that is no receivable',
      { account: { id: '411' }, item: { items: [itemLine(1)] } },
      'Invalid Field Value 411',
      'account',
    ],
    [
      'a receivable in another currency',
      { account: { id: '112' }, item: { items: [itemLine(1)] } },
      'Invalid Field Value 112',
      'account',
    ],
    [
      'no customer',
      { entity: null, item: { items: [itemLine(1)] } },
      'Please enter value(s) for: Customer',
      'entity',
    ],
    [
      '201 lines',
      { item: { items: Array.from({ length: 201 }, () => itemLine(1)) } },
      'at most 200 lines',
      'item',
    ],
  ])('is refused with %s, and leaves nothing behind', async (_what, fields, sentence, path) => {
    await using account = await startAccount()
    await addCustomer(account)
    const answer = await account.call('PUT', '/invoice/eid:in_1', {
      entity: { externalId: 'cus_1' },
      ...fields,
    })
    expect(answer.status).toBe(400)
    expect(answer.error.detail).toContain(sentence)
    expect(answer.error['o:errorPath']).toBe(path)
    expect(account.simulator.records('invoice')).toEqual([])
  })

  it('carries whole yen and the third digit of a dinar, which a real account would not', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    await addInvoice(account, 'in_jpy', [1200], { currency: { id: '4' } })
    await addInvoice(account, 'in_kwd', [10.125], { currency: { id: '5' } })
    expect((await account.get('/invoice/eid:in_jpy')).total).toBe(1200)
    expect((await account.get('/invoice/eid:in_kwd')).total).toBe(10.125)
    await using real = await startAccount({ currencyPrecision: { KWD: 2 } })
    await addCustomer(real)
    const body = {
      entity: { externalId: 'cus_1' },
      currency: { id: '5' },
      item: { items: [itemLine(10.125)] },
    }
    expect((await real.call('POST', '/invoice', body)).error['o:errorPath']).toBe('item.items[0].amount')
  })

  it('books a foreign invoice at the listed rate, rounding in balance', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const id = await addInvoice(account, 'in_eur', [33.33, 33.33, 33.34], { currency: { id: '2' } })
    expect((await account.get(`/invoice/${id}`)).exchangeRate).toBe(1.08)
    const lines = account.simulator.ledger(id)
    expect(lines.map(({ debit, credit }) => debit || `-${credit}`)).toEqual([
      '108.01',
      '-36',
      '-36',
      '-36.01',
    ])
  })

  it('with 0.1 and 0.2 is 0.3 to the last digit', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const id = await addInvoice(account, 'in_1', [0.1, 0.2])
    expect((await account.get(`/invoice/${id}`)).total).toBe(0.3)
    const answer = await account.query(
      `SELECT SUM(foreignamount) AS s FROM transactionline WHERE mainline = 'F'`,
    )
    expect(answer.body.items).toEqual([{ links: [], s: '-0.3' }])
  })
})

describe('tax', () => {
  const taxed = (reference: string) => ({
    entity: { externalId: 'cus_1' },
    taxDetailsOverride: true,
    item: { items: [{ ...itemLine(100), taxDetailsReference: 'il_1' }] },
    taxDetails: {
      items: [
        {
          taxDetailsReference: reference,
          taxType: { id: '1' },
          taxCode: { id: '1' },
          taxBasis: 100,
          taxRate: 8.25,
          taxAmount: 8.25,
        },
      ],
    },
  })

  it('comes from the override details in a SuiteTax account, and posts to the tax account', async () => {
    await using account = await startAccount({ tax: 'suitetax' })
    await addCustomer(account)
    const id = await account.done('PUT', '/invoice/eid:in_1?replace=item,taxDetails', taxed('il_1'))
    await account.done('PUT', '/invoice/eid:in_1?replace=item,taxDetails', taxed('il_1'))
    expect(await account.get(`/invoice/${id}`)).toMatchObject({
      subtotal: 100,
      taxTotal: 8.25,
      total: 108.25,
    })
    expect(account.simulator.ledger(id).at(-1)).toMatchObject({ account: '211', credit: '8.25' })
    const wrong = await account.call('PUT', '/invoice/eid:in_2', taxed('il_9'))
    expect(wrong.error['o:errorPath']).toBe('taxDetails.items[0].taxDetailsReference')
  })

  it('of a credit memo posts in reverse, and two rates on one line add up', async () => {
    await using account = await startAccount({ tax: 'suitetax' })
    await addCustomer(account)
    const body = taxed('il_1')
    const [detail] = body.taxDetails.items
    const id = await account.done('POST', '/creditMemo', {
      ...body,
      taxDetails: { items: [detail, { ...detail, taxRate: 1, taxAmount: 1 }] },
    })
    expect(account.simulator.ledger(id).map(({ account: on, debit, credit }) => [on, debit, credit])).toEqual(
      [
        ['111', '', '109.25'],
        ['411', '100', ''],
        ['211', '8.25', ''],
        ['211', '1', ''],
      ],
    )
  })

  it.each(['taxCode', 'taxType', 'taxBasis', 'taxRate', 'taxAmount'])(
    'details without %s are refused',
    async (field) => {
      await using account = await startAccount({ tax: 'suitetax' })
      await addCustomer(account)
      const body = taxed('il_1')
      const [detail] = body.taxDetails.items
      const incomplete = { ...body, taxDetails: { items: [{ ...detail, [field]: null }] } }
      const answer = await account.call('POST', '/invoice', incomplete)
      expect(answer.error['o:errorPath']).toBe(`taxDetails.items[0].${field}`)
    },
  )

  it('details are taken from nobody but the override: without it the engine decides, and here finds none', async () => {
    await using account = await startAccount({ tax: 'suitetax' })
    await addCustomer(account)
    const id = await account.done('POST', '/invoice', { ...taxed('il_1'), taxDetailsOverride: false })
    expect(await account.get(`/invoice/${id}`)).toMatchObject({ taxTotal: 0, total: 100 })
  })

  it('details are an unknown property without SuiteTax: dropped in silence unless names are checked', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    expect((await account.call('PUT', '/invoice/eid:in_1', taxed('il_1'))).status).toBe(204)
    expect(account.simulator.find('invoice', 'in_1')?.total).toBe(100)
    const strict = await account.call('PUT', '/invoice/eid:in_2', taxed('il_1'), {
      'X-NetSuite-PropertyNameValidation': 'Error',
    })
    expect(strict.error['o:errorPath']).toBe('taxDetailsOverride')
  })
})
