// Object permissions and field-level security through the real jsforce: what a user may not read does not exist.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Deal, type Org, openOrg, outcomes, putDeal, putLine } from './org.fixture.ts'

let org: Org
let deal: Deal

beforeEach(async () => {
  org = await openOrg()
  deal = putDeal(org)
  putLine(org, deal, { Quantity: 1, UnitPrice: 1, Description: 'a line' })
  org.simulator.restrict({
    objects: { Quote: ['read', 'edit'], Account: ['read'], Stripe_Customer__c: ['read', 'create'] },
    fields: {
      'Quote.Status': 'read',
      'Quote.Stripe_Status__c': 'edit',
      'Account.BillingAddress': 'read',
      'Stripe_Customer__c.Email__c': 'edit',
    },
  })
})
afterEach(() => org.server.close())

const codeOf = (query: string): Promise<unknown> =>
  org.connection.query(query).then(
    () => 'answered',
    (error: Error) => Reflect.get(error, 'errorCode'),
  )

it('hides objects and fields that may not be read', async () => {
  expect(await codeOf('SELECT Id, Status, Stripe_Status__c FROM Quote')).toBe('answered')
  expect(await codeOf('SELECT Id, BillingCity FROM Account')).toBe('answered')
  expect(await codeOf('SELECT Id, TotalPrice FROM Quote')).toBe('INVALID_FIELD')
  expect(await codeOf("SELECT Id FROM Quote WHERE Stripe_Customer_Id__c = 'cus_1'")).toBe('INVALID_FIELD')
  expect(await codeOf('SELECT Id, Phone FROM Account')).toBe('INVALID_FIELD')
  expect(await codeOf('SELECT Id FROM Opportunity')).toBe('INVALID_TYPE')
  // Its own fields are readable, and it goes with the quote; what field-level security covers was not given.
  expect(await codeOf('SELECT Quantity, UnitPrice FROM QuoteLineItem')).toBe('answered')
  expect(await codeOf('SELECT Description FROM QuoteLineItem')).toBe('INVALID_FIELD')
  expect(await codeOf('SELECT Id, Opportunity.Name FROM Quote')).toBe('INVALID_FIELD')
  await expect(org.connection.sobject('Opportunity').describe()).rejects.toMatchObject({
    errorCode: 'NOT_FOUND',
  })
  const { fields } = await org.connection.sobject('Quote').describe()
  const described = new Map(fields.map(({ name, updateable }) => [name, updateable]))
  expect([
    described.get('Stripe_Status__c'),
    described.get('Status'),
    described.get('Stripe_MRR__c'),
  ]).toEqual([true, false, undefined])
})

it('says of each row which right was missing', async () => {
  const quote = (values: object) => org.connection.sobject('Quote').update([{ Id: deal.quoteId, ...values }])
  expect(outcomes(await quote({ Stripe_Status__c: 'active' }))).toEqual(['ok'])
  expect(outcomes(await quote({ Status: 'Draft' }))).toEqual(['INVALID_FIELD_FOR_INSERT_UPDATE'])
  expect(outcomes(await quote({ Stripe_MRR__c: 1 }))).toEqual(['INVALID_FIELD'])
  expect(outcomes(await org.connection.sobject('Quote').create([{ Name: 'New' }]))).toEqual([
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
  ])
  expect(outcomes(await org.connection.sobject('Quote').destroy([deal.quoteId]))).toEqual([
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
  ])
  const save = () =>
    org.connection
      .sobject('Stripe_Customer__c')
      .upsert([{ Stripe_Id__c: 'cus_1', Name: 'One', Email__c: 'a@b.example' }], 'Stripe_Id__c')
  expect(outcomes(await save())).toEqual(['ok'])
  expect(outcomes(await save())).toEqual(['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'])
})

it('gives everything back', async () => {
  org.simulator.restrict('all')
  expect(await codeOf('SELECT Id, TotalPrice, Opportunity.Name FROM Quote')).toBe('answered')
})
