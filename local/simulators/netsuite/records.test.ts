import { describe, expect, it } from 'vitest'
import { addCustomer, addInvoice, itemLine, startAccount } from './account.fixture.ts'

const strict = { 'X-NetSuite-PropertyNameValidation': 'Error' }

describe('customers', () => {
  it('are created and then changed by the same upsert, which keeps what it does not name', async () => {
    await using account = await startAccount()
    const created = await addCustomer(account, { email: 'ap@acme.example' })
    const changed = await account.done('PUT', '/customer/eid:CUS_1', { companyName: 'Acme Inc' })
    expect(changed).toBe(created)
    const customer = await account.get(`/customer/${created}`)
    expect(customer).toMatchObject({ companyName: 'Acme Inc', email: 'ap@acme.example', externalId: 'cus_1' })
    expect(customer.currency).toMatchObject({ id: '1', refName: 'US Dollar' })
  })

  it.each([
    [{ subsidiary: { id: '1' } }, 'Company Name'],
    [{ isPerson: true, firstName: 'Ada', subsidiary: { id: '1' } }, 'Last Name'],
    [{ companyName: 'Beta' }, 'Primary Subsidiary'],
  ])('need a name and a subsidiary: %j', async (body, label) => {
    await using account = await startAccount()
    const answer = await account.call('POST', '/customer', body)
    expect(answer.status).toBe(400)
    expect(answer.error).toMatchObject({
      'o:errorCode': 'USER_ERROR',
      detail: `Error while accessing a resource. Please enter value(s) for: ${label}`,
    })
  })

  it('cannot share a name or an external id', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const sameName = await account.call('POST', '/customer', { companyName: 'ACME', subsidiary: { id: '1' } })
    const sameId = await account.call('POST', '/customer', {
      companyName: 'Beta',
      externalId: 'Cus_1',
      subsidiary: { id: '1' },
    })
    for (const { status, error } of [sameName, sameId]) {
      expect(status).toBe(400)
      expect(error.detail).toBe('Error while accessing a resource. This entity already exists.')
    }
  })

  it('keep currency and subsidiary, and cannot be deleted, once they have transactions', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    await addInvoice(account, 'in_1', [10])
    const moved = await account.call('PATCH', '/customer/eid:cus_1', { currency: { id: '2' } })
    expect(moved.error['o:errorPath']).toBe('currency')
    expect((await account.call('DELETE', '/customer/eid:cus_1')).status).toBe(400)
  })

  it('number their addresses and update one by that number', async () => {
    await using account = await startAccount()
    const address = (city: string) => ({ addr1: 'Main St 1', city, country: { id: 'US' } })
    await addCustomer(account, {
      addressBook: { items: [{ defaultBilling: true, addressBookAddress: address('Austin') }] },
    })
    await account.done('PATCH', '/customer/eid:cus_1', {
      addressBook: { items: [{ internalId: '1', addressBookAddress: address('Boston') }] },
    })
    const { addressBook } = await account.get('/customer/eid:cus_1')
    expect(addressBook).toMatchObject({
      count: 1,
      items: [{ internalId: '1', defaultBilling: true, addressBookAddress: { city: 'Boston' } }],
    })
  })
})

describe('properties and values', () => {
  it('drops a misspelt property by default, and names it when asked to be strict', async () => {
    await using account = await startAccount()
    const body = { companyName: 'Acme', subsidiary: { id: '1' }, emial: 'x' }
    const refused = await account.call('PUT', '/customer/eid:cus_1', body, strict)
    expect(refused.status).toBe(400)
    expect(refused.error).toMatchObject({ 'o:errorCode': 'INVALID_CONTENT', 'o:errorPath': 'emial' })
    expect(account.simulator.records('customer')).toHaveLength(0)
    expect((await account.call('PUT', '/customer/eid:cus_1', body)).status).toBe(204)
  })

  it('names a misspelt property on a line by its path', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const body = {
      entity: { externalId: 'cus_1' },
      item: { items: [itemLine(1), { ...itemLine(1), descripton: 'x' }] },
    }
    const refused = await account.call('POST', '/invoice', body, strict)
    expect(refused.error['o:errorPath']).toBe('item.items[1].descripton')
  })

  it.each([
    ['memo', 'm'.repeat(1000), 'memo'],
    ['otherRefNum', 'p'.repeat(46), 'otherRefNum'],
    ['email', 'nobody', 'email'],
    ['tranDate', '2026-02-30', 'tranDate'],
    ['exchangeRate', '1.1', 'exchangeRate'],
    ['department', { id: '99' }, 'department'],
  ])('refuses an invoice whose %s does not fit', async (field, value, path) => {
    await using account = await startAccount()
    await addCustomer(account)
    const answer = await account.call('POST', '/invoice', {
      entity: { externalId: 'cus_1' },
      item: { items: [itemLine(1)] },
      [field]: value,
    })
    expect(answer.status).toBe(400)
    expect(answer.error['o:errorPath']).toBe(path)
  })

  it('words an item that does not exist, is inactive, or has no such external id as NetSuite does', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const invoice = (item: object) => ({
      entity: { externalId: 'cus_1' },
      item: { items: [{ item, amount: 1 }] },
    })
    const unknown = await account.call('POST', '/invoice', invoice({ id: 9999 }))
    expect(unknown.error).toEqual({
      detail:
        'Error while accessing a resource. You have entered an Invalid Field Value 9999 for the following field: item',
      'o:errorCode': 'INVALID_CONTENT',
      'o:errorPath': 'item.items[0].item',
    })
    const unknownKey = await account.call('POST', '/invoice', invoice({ externalId: 'nope' }))
    expect(unknownKey.error['o:errorCode']).toBe('INVALID_KEY_OR_REF')
    await account.done('PATCH', '/serviceSaleItem/801', { isInactive: true })
    const inactive = await account.call('POST', '/invoice', invoice({ id: '801' }))
    expect(inactive.error.detail).toContain('Invalid Field Value 801 for the following field: item')
  })

  it('keeps declared custom fields and knows no others', async () => {
    await using account = await startAccount({
      customFields: [{ scriptId: 'custentity_tier', kind: 'integer' }],
    })
    await addCustomer(account, { custentity_tier: 3 })
    expect((await account.get('/customer/eid:cus_1')).custentity_tier).toBe(3)
    const other = await account.call('PATCH', '/customer/eid:cus_1', { custentity_stripe_id: 'x' }, strict)
    expect(other.error['o:errorPath']).toBe('custentity_stripe_id')
  })
})

describe('addresses of records', () => {
  it('answers 404 for what is not there, by id, by external id and by type', async () => {
    await using account = await startAccount()
    for (const path of ['/customer/999', '/customer/eid:nobody', '/custommer/1']) {
      const answer = await account.call('GET', path)
      expect(answer.status).toBe(404)
      expect(answer.error['o:errorCode']).toBe('NONEXISTENT_ID')
    }
  })

  it('shares external ids among all transactions: an invoice and a credit memo cannot both be in_1', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    await addInvoice(account, 'in_1', [10])
    const asMemo = await account.call('GET', '/creditMemo/eid:in_1')
    expect(asMemo.error.detail).toBe(
      'Error while accessing a resource. Transaction type specified is incorrect.',
    )
    const memo = { entity: { externalId: 'cus_1' }, externalId: 'IN_1', item: { items: [itemLine(1)] } }
    const refused = await account.call('POST', '/creditMemo', memo)
    expect(refused.error.detail).toBe('Error while accessing a resource. This record already exists.')
  })

  it('shows sublists as links until they are asked for', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const id = await addInvoice(account, 'in_1', [10])
    const { body } = await account.call('GET', '/invoice/eid:in_1')
    expect(body.item).toEqual({
      links: [{ rel: 'self', href: `${account.url}/services/rest/record/v1/invoice/${id}/item` }],
    })
  })

  it('filters and pages a collection', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    await account.done('POST', '/customer', {
      companyName: 'Beta',
      subsidiary: { id: '2' },
      email: 'b@beta.example',
    })
    await account.done('POST', '/customer', { companyName: 'Beta Two', subsidiary: { id: '2' } })
    const ids = async (q: string) => {
      const { body } = await account.call('GET', `/customer?q=${encodeURIComponent(q)}`)
      return (body.items as { id: string }[]).map(({ id }) => id)
    }
    expect(await ids('companyName START_WITH "beta"')).toEqual(['5002', '5003'])
    expect(await ids('companyName START_WITH beta AND (email EMPTY OR externalId IS "cus_1")')).toEqual([
      '5003',
    ])
    expect(await ids('subsidiary ANY_OF [2] AND email IS "b@beta.example"')).toEqual(['5002'])
    const second = await account.call('GET', '/customer?limit=2&offset=2')
    expect(second.body).toMatchObject({ count: 1, totalResults: 3, hasMore: false, items: [{ id: '5003' }] })
    expect((await account.call('GET', '/customer?limit=2&offset=1')).status).toBe(400)
  })

  it('takes upserts under an external id only', async () => {
    await using account = await startAccount()
    const id = await addCustomer(account)
    expect((await account.call('PUT', `/customer/${id}`, { companyName: 'X' })).status).toBe(400)
  })
})
