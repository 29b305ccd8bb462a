import { describe, expect, it } from 'vitest'
import { addCustomer, startAccount } from './account.fixture.ts'

describe('the server', () => {
  it('takes five requests at a time and blocks the sixth with 429', async () => {
    await using account = await startAccount({ latencyMs: 50 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => account.call('GET', '/currency')))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
    const blocked = answers.find(({ status }) => status === 429)
    expect(blocked?.error['o:errorCode']).toBe('CONCURRENCY_LIMIT_EXCEEDED')
    expect(blocked?.headers.has('retry-after')).toBe(false)
    expect((await account.call('GET', '/currency')).status).toBe(200)
  })

  it('words faults as NetSuite and what stands before it do', async () => {
    await using account = await startAccount()
    const { faults } = account.simulator
    faults.add({ effect: 'unavailable', times: 1 })
    const down = await account.call('GET', '/currency')
    expect([down.status, down.headers.get('content-type')]).toEqual([503, 'text/html; charset=UTF-8'])
    faults.add({ effect: 'expired_credential', times: 1 })
    expect((await account.call('GET', '/currency')).error['o:errorCode']).toBe('INVALID_LOGIN')
    faults.add({ effect: 'server_error', times: 1 })
    expect((await account.call('GET', '/currency')).error['o:errorCode']).toBe('UNEXPECTED_ERROR')
    faults.add({ effect: 'rate_limited', times: 1, retryAfterSeconds: 2 })
    expect((await account.call('GET', '/currency')).headers.get('retry-after')).toBe('2')
  })

  it('does the work of a request whose answer is lost, and not of one that is lost itself', async () => {
    await using account = await startAccount()
    account.simulator.faults.add({ effect: 'reset_before', method: 'PUT', times: 1 })
    await expect(addCustomer(account)).rejects.toThrow('fetch failed')
    expect(account.simulator.records('customer')).toHaveLength(0)
    account.simulator.faults.add({ effect: 'reset_after', method: 'PUT', times: 1 })
    await expect(addCustomer(account)).rejects.toThrow('fetch failed')
    expect(account.simulator.records('customer')).toHaveLength(1)
  })

  it('refuses bodies that are not JSON or not declared so, and asynchronous requests', async () => {
    await using account = await startAccount()
    const plain = await account.call('POST', '/customer', {}, { 'content-type': 'text/plain' })
    expect(plain.status).toBe(415)
    const async = await account.call('POST', '/customer', {}, { prefer: 'respond-async' })
    expect(async.status).toBe(400)
    const list = await account.call('POST', '/customer', [])
    expect(list.error['o:errorCode']).toBe('INVALID_CONTENT')
  })

  it('closes a period and shows records on its control paths, which are not vendor calls', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const before = account.simulator.calls.total
    const period = account.simulator.periods.find('2026-11') ?? ''
    const closed = await fetch(`${account.url}/_simulator/periods/${period}/close`, { method: 'POST' })
    expect(closed.status).toBe(204)
    expect(account.simulator.periods.isClosed(period)).toBe(true)
    const shown = await fetch(`${account.url}/_simulator/records/customer`)
    expect(await shown.json()).toMatchObject([{ id: '5001', companyName: 'Acme' }])
    expect(account.simulator.calls.total).toBe(before)
  })

  it('does not let an integration write what people set up', async () => {
    await using account = await startAccount()
    expect((await account.call('PATCH', '/currency/2', { exchangeRate: 2 })).status).toBe(400)
  })
})
