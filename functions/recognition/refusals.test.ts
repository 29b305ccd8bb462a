// What is not recognized, or not yet: each is named with why, who mends it and how, and hides no other.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isHubError } from '../../shared/errors.ts'
import { type Company, openCompany, REVENUE } from './company.fixture.ts'
import { exitCodeOf, type RecognitionReport } from './recognize.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany('2026-10-01T09:00:00Z')
})
afterEach(() => company[Symbol.asyncDispose]())

const told = ({ journals }: RecognitionReport): string[] =>
  journals.map(({ journal, state }) => `${journal.journalId} ${state}`)

async function sold(...sale: [lines: Parameters<Company['sell']>[1], currency?: string]): Promise<string> {
  const id = await company.sell(await company.customer(), ...sale)
  await company.bringAll()
  return id
}

test('an invoice that is not in NetSuite is named, and recognized once it is', async () => {
  const id = await company.sell(await company.customer(), [
    { amount: 3_100, from: '2026-10-01', until: '2026-11-01' },
  ])
  company.to('2026-11-03T06:00:00Z')
  const report = await company.recognize()
  const { number } = await company.stripe.invoices.retrieve(id)
  expect(report.refused).toEqual([
    {
      object: `invoice ${number}`,
      why: `The revenue of ${number} (USD 31.00) is not recognized: the invoice is not in NetSuite. Nothing was journaled for it.`,
      owner: 'Accounting',
      next: `hub trace ${id} says why it is not posted and who mends it. Then: hub recognize`,
      code: 'REVREC-UNPOSTED',
    },
  ])
  expect(exitCodeOf(report)).toBe(2)
  await company.bringAll()
  const next = await company.recognize()
  expect([told(next), exitCodeOf(next)]).toEqual([['1/USD/2026-10/1 posted'], 0])
})

test('a credit note that is not in NetSuite does not lower revenue yet', async () => {
  const invoice = await sold([{ amount: 9_200, from: '2026-10-01', until: '2027-01-01' }])
  company.to('2026-10-20T09:00:00Z')
  const note = await company.stripe.creditNotes.create({ invoice, amount: 4_600 })
  company.to('2026-11-03T06:00:00Z')
  const report = await company.recognize()
  expect(report.refused.map(({ object, code }) => [object, code])).toEqual([
    [`credit note ${note.number}`, 'REVREC-UNPOSTED'],
  ])
  expect(company.journals()[0]).toContain('dr 212 31 plans')
  await company.bringAll()
  await company.recognize()
  expect(company.journals()[1]).toContain('cr 212 15.5 plans')
})

test('a void that is not in NetSuite does not take revenue back yet', async () => {
  const invoice = await sold([{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  company.to('2026-10-20T09:00:00Z')
  await company.stripe.invoices.voidInvoice(invoice)
  company.to('2026-11-03T06:00:00Z')
  const report = await company.recognize()
  const { number } = await company.stripe.invoices.retrieve(invoice)
  expect(report.refused.map(({ why, code }) => [why, code])).toEqual([
    [
      `The void of ${number} (USD 31.00) is not recognized: its memo is not in NetSuite. Nothing was journaled for it.`,
      'REVREC-UNPOSTED',
    ],
  ])
  expect(company.journals()[0]).toContain('dr 212 31 plans')
  await company.bringAll()
  expect((await company.recognize()).refused).toEqual([])
  expect(company.journals()[1]).toContain('cr 212 31 plans')
  expect(company.deferred()).toEqual({ USD: '0.00' })
})

test('a credit note that was voided before NetSuite had it never was', async () => {
  const invoice = await sold([{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  const note = await company.stripe.creditNotes.create({ invoice, amount: 1_000 })
  await company.stripe.creditNotes.voidCreditNote(note.id)
  company.to('2026-11-03T06:00:00Z')
  expect((await company.recognize()).refused).toEqual([])
  expect(company.journals()).toEqual([
    'revrec-1-USD-2026-10-1 2026-10-31 in Oct 2026: dr 212 31 plans, cr 411 31 plans',
  ])
})

test('a product without a revenue key: its invoice is named, the others are journaled', async () => {
  const config = { revenue: { ...REVENUE, defaultKey: undefined } }
  await sold([{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  await sold([{ amount: 700, product: 'prod_setup' }])
  company.to('2026-11-03T06:00:00Z')
  const report = await company.recognize({ config })
  expect(report.refused.map(({ code, next }) => [code, next])).toEqual([
    [
      'REVREC-KEY',
      'Engineering: hub.config.ts → netsuite.revenue.defaultKey: the revenue key of lines without a product. Then: hub recognize',
    ],
  ])
  expect(company.journals()).toHaveLength(1)
  expect(exitCodeOf(report)).toBe(2)
})

test('a key that lost its account: the journal is named with the line to add, and nothing is stored', async () => {
  await sold([{ amount: 6_100, from: '2026-10-01', until: '2026-12-01' }])
  company.to('2026-11-03T06:00:00Z')
  await company.recognize()
  company.to('2026-12-03T06:00:00Z')
  const { refused } = await company.recognize({
    config: {
      revenue: { ...REVENUE, revenueAccounts: { usage: '412', services: '413' }, defaultKey: 'usage' },
    },
  })
  expect(refused).toEqual([
    {
      object: 'revenue journal 1/USD/2026-11/1',
      why: 'Revenue journal 1/USD/2026-11/1 (USD 30.00) is not in NetSuite: the revenue key "plans" has no account any more, and a line stays with the key of its first journal. Nothing was stored or posted of it.',
      owner: 'Engineering',
      next: 'Engineering: hub.config.ts → netsuite.revenue.revenueAccounts["plans"]: the internal id. Then: hub recognize',
      code: 'REVREC-ACCOUNT',
    },
  ])
  expect(await company.stored()).toHaveLength(1)
})

test('an item that posts to revenue: nothing is journaled, for it would be recognized twice', async () => {
  await company[Symbol.asyncDispose]()
  company = await openCompany('2026-10-01T09:00:00Z', { items: { prod_setup: '806' } })
  await sold([{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  await sold([{ amount: 700, product: 'prod_setup' }])
  company.to('2026-11-03T06:00:00Z')
  await expect(company.recognize()).rejects.toMatchObject({
    code: 'REVREC-ITEM',
    message:
      'No revenue was journaled: what these items sell does not wait on the deferred account 212 but is revenue when it is invoiced, and would be a second time. item 806 (Onboarding): account 413.',
    hint: 'NetSuite admin: set the income account of these items to 212. Accounting: move what they have sold since 2026-10 to that account by a journal of its own. Then: hub recognize',
  })
  expect([await company.stored(), company.journals()]).toEqual([[], []])
})

test('what another system sells in NetSuite is none of the hub’s business', async () => {
  await sold([{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  const [own] = company.netsuite.records('invoice') as unknown as { entity: { id: string } }[]
  await company.client.call({
    method: 'PUT',
    path: 'record/v1/invoice/eid:inv77?replace=item',
    body: {
      entity: { id: own?.entity.id ?? '' },
      subsidiary: { id: '1' },
      currency: { id: '1' },
      account: { id: '111' },
      tranDate: '2026-10-02',
      item: { items: [{ item: { id: '801' }, quantity: 1, price: { id: '-1' }, amount: 50 }] },
    },
    what: 'an invoice of another system',
    changes: true,
  })
  company.to('2026-11-03T06:00:00Z')
  expect(told(await company.recognize())).toEqual(['1/USD/2026-10/1 posted'])
})

test('tax is no sale: its item may post where it likes', async () => {
  const rate = await company.stripe.taxRates.create({
    display_name: 'Sales tax',
    percentage: 10,
    inclusive: false,
  })
  const customer = await company.customer()
  await company.stripe.invoiceItems.create({
    customer,
    currency: 'usd',
    amount: 3_100,
    tax_rates: [rate.id],
    period: { start: Date.UTC(2026, 9, 1) / 1_000, end: Date.UTC(2026, 10, 1) / 1_000 },
  })
  await company.sell(customer, [])
  await company.bringAll()
  expect(company.deferred()).toEqual({ USD: '31.00' })
  company.to('2026-11-03T06:00:00Z')
  await company.recognize()
  expect(company.deferred()).toEqual({ USD: '0.00' })
})

test('NetSuite’s refusal of a token is for a person', async () => {
  await sold([{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  company.to('2026-11-03T06:00:00Z')
  company.netsuite.faults.add({ effect: 'expired_credential', method: 'PUT', times: 2 })
  const refused = await company.recognize()
  expect([refused.journals[0]?.error?.code, exitCodeOf(refused)]).toEqual(['NS-CRED', 2])
  expect(told(await company.recognize())).toEqual(['1/USD/2026-10/1 posted'])
})

test('an account that is not in NetSuite: nothing is stored, for it would be posted with that account ever after', async () => {
  await sold([{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  company.to('2026-11-03T06:00:00Z')
  const config = { revenue: { ...REVENUE, revenueAccounts: { ...REVENUE.revenueAccounts, plans: '999' } } }
  await expect(company.recognize({ config })).rejects.toMatchObject({
    code: 'REVREC-ACCOUNT',
    message:
      'No revenue was journaled: account 999 (revenue.revenueAccounts["plans"]) is not in NetSuite, or is inactive. Nothing was stored or posted.',
    hint: 'Engineering: hub.config.ts → netsuite.revenue.revenueAccounts["plans"]: the account\'s internal id; or NetSuite admin: activate it. Then: hub recognize',
  })
  expect(await company.stored()).toEqual([])
})

test('an account that is inactivated between storing and posting: the journal waits for it, as it was stored', async () => {
  const setActive = (isActive: boolean) =>
    company.client.call({
      method: 'PATCH',
      path: 'record/v1/account/411',
      body: { isInactive: !isActive },
      what: 'change an account',
      changes: true,
    })
  await sold([{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  company.to('2026-11-03T06:00:00Z')
  company.netsuite.faults.add({ effect: 'unavailable', method: 'PUT', times: 1 })
  await company.recognize()
  await setActive(false)
  await expect(company.recognize()).rejects.toMatchObject({
    code: 'REVREC-ACCOUNT',
    message: expect.stringContaining(
      'account 411 (revenue.revenueAccounts["plans"]) is not in NetSuite, or is inactive',
    ),
  })
  expect(company.journals()).toEqual([])
  await setActive(true)
  expect(told(await company.recognize())).toEqual(['1/USD/2026-10/1 posted'])
})

test('a hub that does not journal says what to add', async () => {
  const error = await company.recognize({ config: { revenue: undefined } }).catch((thrown: unknown) => thrown)
  expect(isHubError(error) && [error.kind, error.code]).toEqual(['permanent', 'REVREC-OFF'])
})
