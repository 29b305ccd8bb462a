// SOQL through jsforce: what is selected, in which order and pages, and Salesforce's words for a wrong query.
import { Connection } from 'jsforce/lib/core.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Listening } from '../simulator.ts'
import { createSalesforceSimulator } from './server.ts'

let server: Listening
let connection: Connection

beforeAll(async () => {
  const simulator = createSalesforceSimulator({
    now: () => Date.UTC(2026, 4, 1),
    clientId: 'hub',
    clientSecret: 'secret',
  })
  server = await simulator.listen()
  connection = new Connection({
    version: '65.0',
    oauth2: { loginUrl: server.url, clientId: 'hub', clientSecret: 'secret' },
  })
  await connection.authorize({ grant_type: 'client_credentials' })
  const [account] = await connection
    .sobject('Account')
    .create([{ Name: "O'Brien & Co", Stripe_Key__c: 'acct' }])
  await connection.sobject('Stripe_Customer__c').upsert(
    [
      { Stripe_Id__c: 'cus_1', Name: 'Alpha', Currency__c: 'USD', MRR__c: '10.1', Account__c: account?.id },
      { Stripe_Id__c: 'cus_2', Name: 'beta', Currency__c: 'EUR', MRR__c: '20.2' },
      { Stripe_Id__c: 'cus_3', Name: 'Gamma', Currency__c: 'USD', MRR__c: '0.2', Delinquent__c: true },
      { Stripe_Id__c: 'cus_4', Name: 'delta_x' },
    ],
    'Stripe_Id__c',
  )
})

afterAll(() => server.close())

const names = async (rest: string): Promise<unknown[]> => {
  const { records } = await connection.query(`SELECT Name FROM Stripe_Customer__c ${rest}`)
  return records.map((record) => record.Name)
}

const refusal = (query: string): Promise<unknown> =>
  connection.query(query).then(
    () => 'answered',
    (error) => error,
  )

describe('a query', () => {
  it.each([
    ["WHERE Stripe_Id__c = 'cus_2'", ['beta']],
    ["WHERE Stripe_Id__c = 'CUS_2'", []],
    ["WHERE Name = 'ALPHA'", ['Alpha']],
    ["WHERE Stripe_Id__c IN ('cus_3', 'cus_1', 'cus_9')", ['Alpha', 'Gamma']],
    ["WHERE Stripe_Id__c NOT IN ('cus_3', 'cus_1')", ['beta', 'delta_x']],
    ['WHERE MRR__c >= 10.1 AND MRR__c < 20.2', ['Alpha']],
    ['WHERE Currency__c = null', ['delta_x']],
    ["WHERE Currency__c != 'USD'", ['beta', 'delta_x']],
    ['WHERE Delinquent__c = false', ['Alpha', 'beta', 'delta_x']],
    ["WHERE NOT (Currency__c = 'USD' OR Name LIKE 'B%')", ['delta_x']],
    ["WHERE Name LIKE '%a\\_x'", ['delta_x']],
    ["WHERE Account__r.Name = 'O\\'Brien & Co'", ['Alpha']],
    ["WHERE Account__r.Name = 'O\\u0027Brien & Co'", ['Alpha']],
    ['WHERE CreatedDate = 2026-05-01T00:00:00Z LIMIT 1', ['Alpha']],
    ['ORDER BY Name DESC', ['Gamma', 'delta_x', 'beta', 'Alpha']],
    ['ORDER BY MRR__c NULLS LAST, Name', ['Gamma', 'Alpha', 'beta', 'delta_x']],
    ['ORDER BY Name LIMIT 2 OFFSET 1', ['beta', 'delta_x']],
  ])('%s', async (rest, expected) => {
    expect(await names(rest)).toEqual(expected)
  })

  it('nests the fields of a parent, and answers null where there is none', async () => {
    const { records } = await connection.query(
      'SELECT Stripe_Id__c, Account__r.Name, Account__r.Stripe_Key__c FROM Stripe_Customer__c ORDER BY Name LIMIT 2',
    )
    expect(records).toMatchObject([
      { Stripe_Id__c: 'cus_1', Account__r: { Name: "O'Brien & Co", Stripe_Key__c: 'acct' } },
      { Stripe_Id__c: 'cus_2', Account__r: null },
    ])
  })

  it('counts, and sums exactly by group', async () => {
    expect((await connection.query('SELECT COUNT() FROM Stripe_Customer__c')).totalSize).toBe(4)
    const { records } = await connection.query(
      'SELECT Currency__c, SUM(MRR__c) total, COUNT(Id) FROM Stripe_Customer__c WHERE MRR__c != null GROUP BY Currency__c',
    )
    expect(records).toMatchObject([
      { Currency__c: 'USD', total: 10.3, expr0: 2 },
      { Currency__c: 'EUR', total: 20.2, expr0: 1 },
    ])
  })

  it('answers 2,000 records a page', async () => {
    for (let page = 0; page < 12; page += 1) {
      const rows = Array.from({ length: 200 }, (_, index) => ({ Name: `P${page * 200 + index}` }))
      await connection.sobject('Product2').create(rows)
    }
    const first = await connection.query('SELECT Name FROM Product2')
    expect([first.totalSize, first.records.length, first.done]).toEqual([2400, 2000, false])
    const second = await connection.queryMore(first.nextRecordsUrl ?? '')
    expect([second.records.length, second.done]).toEqual([400, true])
    expect(second.records[399]?.Name).toBe('P2399')
    const headers = { 'Sforce-Query-Options': 'batchSize=1000' }
    const names: unknown[] = []
    let page = await connection.query('SELECT Name FROM Product2', { headers })
    names.push(...page.records.map(({ Name }) => Name))
    while (page.nextRecordsUrl !== undefined) {
      page = await connection.queryMore(page.nextRecordsUrl)
      names.push(...page.records.map(({ Name }) => Name))
    }
    expect([names.length, new Set(names).size, page.records.length]).toEqual([2400, 2400, 400])
    await expect(connection.queryMore('/services/data/v65.0/query/none-2000')).rejects.toMatchObject({
      errorCode: 'INVALID_QUERY_LOCATOR',
    })
  })
})

describe('a wrong query', () => {
  it('shows the place of an unknown field', async () => {
    expect(await refusal('SELECT Id, Nme FROM Account')).toMatchObject({
      errorCode: 'INVALID_FIELD',
      message: `
SELECT Id, Nme FROM Account
           ^
ERROR at Row:1:Column:12
No such column 'Nme' on entity 'Account'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
    })
  })

  it.each([
    ['SELECT Id FROM Invoice', 'INVALID_TYPE', "sObject type 'Invoice' is not supported"],
    ['SELECT Id FROM', 'MALFORMED_QUERY', "unexpected token: '<EOF>'"],
    ['SELECT Id WHERE Name = 1', 'MALFORMED_QUERY', "unexpected token: 'WHERE'"],
    ["SELECT Id FROM Account WHERE Name = 'a' AND Phone = 'b' OR Fax = 'c'", 'MALFORMED_QUERY', "'OR'"],
    ["SELECT Id FROM Account WHERE Name = 'O'Brien'", 'MALFORMED_QUERY', 'mismatched character'],
    // "If you use a backslash character in any other context, an error occurs."
    ["SELECT Id FROM Account WHERE Name = 'a\\d'", 'MALFORMED_QUERY', "Illegal character sequence '\\d'"],
    ["SELECT Id FROM Account WHERE Name = '10\\%'", 'MALFORMED_QUERY', "Illegal character sequence '\\%'"],
    ['SELECT Id FROM Account WHERE Name = 5', 'INVALID_FIELD', 'should be enclosed in quotes'],
    [
      "SELECT Id FROM Stripe_Customer__c WHERE MRR__c = '5'",
      'INVALID_FIELD',
      'should not be enclosed in quotes',
    ],
    ["SELECT Id FROM Stripe_Customer__c WHERE Tax_Ids__c = 'a'", 'INVALID_FIELD', 'can not be filtered'],
    ['SELECT Owner__r.Name FROM Account', 'INVALID_FIELD', "Didn't understand relationship 'Owner__r'"],
    ['SELECT Name, COUNT(Id) FROM Account', 'MALFORMED_QUERY', 'Field must be grouped or aggregated: Name'],
    ['SELECT Id FROM Account OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset'],
  ])('%s', async (query, errorCode, message) => {
    expect(await refusal(query)).toMatchObject({ errorCode, message: expect.stringContaining(message) })
  })
})
