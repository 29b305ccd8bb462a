// Quotes through the real jsforce: what Salesforce and its CPQ package work out by themselves, who may change what, and
// one query that brings a quote with its lines.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Org, openOrg, outcomes, putDeal, putLine } from './org.fixture.ts'

let org: Org

beforeEach(async () => {
  org = await openOrg()
})
afterEach(() => org.server.close())

const theQuote = () => org.simulator.records('Quote')[0]

describe('a standard quote', () => {
  it('takes its Account and its currency from the Opportunity, and a number', () => {
    const { accountId } = putDeal(org)
    expect(theQuote()).toMatchObject({
      QuoteNumber: '00000001',
      AccountId: accountId,
      CurrencyIsoCode: 'USD',
      Status: 'Draft',
      GrandTotal: 0,
    })
  })

  it('adds up its lines, to the cent', () => {
    const deal = putDeal(org, { Tax: '1.5' })
    // 12 × 49.00 = 588.00, less 10 % = 529.20; 2.5 × 33.33 = 83.325, rounded half up.
    putLine(org, deal, { Quantity: 12, UnitPrice: 49, Discount: 10 })
    const second = putLine(org, deal, { Quantity: '2.5', UnitPrice: '33.33' })
    expect(org.simulator.records('QuoteLineItem')).toMatchObject([
      { LineNumber: 'QL-00000001', SortOrder: 1, Subtotal: 588, TotalPrice: 529.2, ListPrice: 50 },
      { LineNumber: 'QL-00000002', SortOrder: 2, Subtotal: 83.33, TotalPrice: 83.33 },
    ])
    // 588.00 + 83.33 = 671.33; 58.80 of it is 8.76 %.
    expect(theQuote()).toMatchObject({
      LineItemCount: 2,
      Subtotal: 671.33,
      TotalPrice: 612.53,
      Discount: 8.76,
      GrandTotal: 614.03,
    })
    org.simulator.remove(second)
    expect(theQuote()).toMatchObject({ LineItemCount: 1, TotalPrice: 529.2, Discount: 10, GrandTotal: 530.7 })
  })

  it('lets nobody put in what it works out, or move a line to another quote', async () => {
    const deal = putDeal(org)
    const line = putLine(org, deal, { Quantity: 1, UnitPrice: 1 })
    const results = [
      await org.connection.sobject('Quote').update([{ Id: deal.quoteId, GrandTotal: 1 }]),
      await org.connection.sobject('Quote').update([{ Id: deal.quoteId, AccountId: deal.accountId }]),
      await org.connection.sobject('Quote').update([{ Id: deal.quoteId, OpportunityId: deal.opportunityId }]),
      await org.connection.sobject('QuoteLineItem').update([{ Id: line, QuoteId: deal.quoteId }]),
      await org.connection.sobject('QuoteLineItem').update([{ Id: line, TotalPrice: 5 }]),
    ]
    expect(results.flatMap(outcomes)).toEqual(Array(5).fill('INVALID_FIELD_FOR_INSERT_UPDATE'))
  })

  it('takes lines of its price book and its currency only', () => {
    const deal = putDeal(org)
    putLine(org, deal, { Quantity: 1, UnitPrice: 1 })
    const entry = (values: object) =>
      org.simulator.put('PricebookEntry', {
        Product2Id: deal.productId,
        UnitPrice: 1,
        IsActive: true,
        ...values,
      })
    const otherBook = entry({ Pricebook2Id: org.simulator.put('Pricebook2', { Name: 'Other' }) })
    const euros = entry({ Pricebook2Id: theQuote()?.Pricebook2Id, CurrencyIsoCode: 'EUR' })
    for (const [entryId, why] of [
      [otherBook, 'different pricebook'],
      [euros, 'currency code does not match'],
    ] as const) {
      expect(() => putLine(org, { ...deal, entryId }, { Quantity: 1, UnitPrice: 1 })).toThrow(why)
    }
  })

  it('is deleted with its lines', () => {
    const deal = putDeal(org)
    putLine(org, deal, { Quantity: 1, UnitPrice: 1 })
    org.simulator.remove(deal.quoteId)
    expect(org.simulator.records('QuoteLineItem')).toEqual([])
  })

  it('comes with its lines, its Account and the product of each in one query', async () => {
    const deal = putDeal(org, { Stripe_Start_Date__c: '2026-06-01' })
    putLine(org, deal, { Quantity: 1, UnitPrice: 20, Stripe_Charge_Type__c: 'Recurring' })
    putLine(org, deal, { Quantity: 2, UnitPrice: 10 })
    org.simulator.put('Quote', { Name: 'Empty', OpportunityId: deal.opportunityId })
    const { records } = await org.connection.query(
      `SELECT Name, Stripe_Start_Date__c, Opportunity.Account.Stripe_Key__c,
        (SELECT Quantity, Product2.ProductCode FROM QuoteLineItems WHERE UnitPrice > 5 ORDER BY SortOrder DESC LIMIT 5)
      FROM Quote ORDER BY QuoteNumber`,
    )
    expect(records).toMatchObject([
      {
        Name: 'Acme, first',
        Stripe_Start_Date__c: '2026-06-01',
        Opportunity: { Account: { Stripe_Key__c: 'cus_acme' } },
        QuoteLineItems: {
          totalSize: 2,
          done: true,
          records: [
            { Quantity: 2, Product2: { ProductCode: 'SEAT' } },
            { Quantity: 1, Product2: { ProductCode: 'SEAT' } },
          ],
        },
      },
      { Name: 'Empty', QuoteLineItems: null },
    ])
  })

  it.each([
    ['SELECT Id, (SELECT Id FROM Lines) FROM Quote', 'INVALID_TYPE', "relationship 'Lines' in FROM part"],
    ['SELECT Id, (SELECT Nope FROM QuoteLineItems) FROM Quote', 'INVALID_FIELD', "No such column 'Nope'"],
    ['SELECT Id, (SELECT Id FROM QuoteLineItems FROM Quote', 'MALFORMED_QUERY', "unexpected token: 'FROM'"],
  ])('refuses %s', async (query, errorCode, message) => {
    await expect(org.connection.query(query)).rejects.toMatchObject({
      errorCode,
      message: expect.stringContaining(message),
    })
  })
})

describe('a CPQ quote', () => {
  it('works out totals, effective quantities and dates as the package does', async () => {
    const { accountId, opportunityId, productId } = putDeal(org)
    const quote = org.simulator.put('SBQQ__Quote__c', {
      SBQQ__Account__c: accountId,
      SBQQ__Opportunity2__c: opportunityId,
      SBQQ__StartDate__c: '2026-06-01',
      SBQQ__EndDate__c: '2028-05-31',
    })
    const line = (values: object) =>
      org.simulator.put('SBQQ__QuoteLine__c', {
        SBQQ__Quote__c: quote,
        SBQQ__Product__c: productId,
        ...values,
      })
    // A ramp: ten seats in the first year, twenty in the second.
    for (const [index, quantity, start, end] of [
      [1, 10, '2026-06-01', '2027-05-31'],
      [2, 20, '2027-06-01', '2028-05-31'],
    ] as const) {
      line({
        SBQQ__Number__c: 1,
        SBQQ__Quantity__c: quantity,
        SBQQ__NetPrice__c: '599.99',
        SBQQ__CustomerPrice__c: 600,
        SBQQ__SegmentIndex__c: index,
        SBQQ__SegmentKey__c: '1a2b',
        SBQQ__StartDate__c: start,
        SBQQ__EndDate__c: end,
      })
    }
    line({
      SBQQ__Number__c: 2,
      SBQQ__Quantity__c: 1000,
      SBQQ__NetPrice__c: 250,
      SBQQ__PricingMethod__c: 'Block',
    })
    line({
      SBQQ__Number__c: 3,
      SBQQ__Quantity__c: 8,
      SBQQ__PriorQuantity__c: 5,
      SBQQ__Existing__c: true,
      SBQQ__NetPrice__c: 10,
    })
    const { records } = await org.connection.query(
      `SELECT Name, SBQQ__NetAmount__c, (SELECT Name, SBQQ__ProductCode__c, SBQQ__EffectiveQuantity__c,
        SBQQ__NetTotal__c, SBQQ__EffectiveStartDate__c, SBQQ__EffectiveEndDate__c
        FROM SBQQ__LineItems__r ORDER BY SBQQ__Number__c, SBQQ__SegmentIndex__c) FROM SBQQ__Quote__c`,
    )
    // 5,999.90 + 11,999.80 + 250.00 + 30.00
    expect(records).toMatchObject([
      {
        Name: 'Q-00001',
        SBQQ__NetAmount__c: 18279.7,
        SBQQ__LineItems__r: {
          records: [
            {
              Name: 'QL-0000001',
              SBQQ__ProductCode__c: 'SEAT',
              SBQQ__EffectiveQuantity__c: 10,
              SBQQ__NetTotal__c: 5999.9,
              SBQQ__EffectiveStartDate__c: '2026-06-01',
              SBQQ__EffectiveEndDate__c: '2027-05-31',
            },
            { SBQQ__NetTotal__c: 11999.8, SBQQ__EffectiveStartDate__c: '2027-06-01' },
            {
              SBQQ__EffectiveQuantity__c: 1,
              SBQQ__NetTotal__c: 250,
              SBQQ__EffectiveStartDate__c: '2026-06-01',
              SBQQ__EffectiveEndDate__c: '2028-05-31',
            },
            { SBQQ__EffectiveQuantity__c: 3, SBQQ__NetTotal__c: 30 },
          ],
        },
      },
    ])
  })
})

describe('a locked record', () => {
  it('and its details are refused until an approval ends, and the rest of the call is not', async () => {
    const deal = putDeal(org)
    const line = putLine(org, deal, { Quantity: 1, UnitPrice: 1 })
    const other = org.simulator.put('Quote', { Name: 'Other', OpportunityId: deal.opportunityId })
    org.simulator.lock(deal.quoteId)
    const write = () =>
      org.connection.sobject('Quote').update([
        { Id: deal.quoteId, Stripe_Status__c: 'active' },
        { Id: other, Stripe_Status__c: 'active' },
      ])
    expect(outcomes(await write())).toEqual(['ENTITY_IS_LOCKED', 'ok'])
    expect(
      outcomes(await org.connection.sobject('QuoteLineItem').update([{ Id: line, Quantity: 2 }])),
    ).toEqual(['ENTITY_IS_LOCKED'])
    org.simulator.unlock(deal.quoteId)
    expect(outcomes(await write())).toEqual(['ok', 'ok'])
    org.simulator.refuseRecords({ statusCode: 'UNABLE_TO_LOCK_ROW', key: deal.quoteId, times: 1 })
    expect(outcomes(await write())).toEqual(['UNABLE_TO_LOCK_ROW', 'ok'])
  })
})
