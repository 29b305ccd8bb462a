// Many records in one call, through the real jsforce: an outcome a row, or a refusal of the whole.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { customer, type Org, openOrg, outcomes, upsert } from './org.fixture.ts'

let org: Org

beforeEach(async () => {
  org = await openOrg()
})

afterEach(() => org.server.close())

describe('a collection', () => {
  it('says of each row under HTTP 200 why it was refused', async () => {
    await upsert(org.connection, 'Stripe_Customer__c', [customer('cus_1'), customer('cus_gone')])
    const gone = org.simulator.records('Stripe_Customer__c')[1]?.Id
    await org.connection.sobject('Stripe_Customer__c').destroy(String(gone))
    org.simulator.schema
      .find(({ name }) => name === 'Stripe_Invoice__c')
      ?.fields.push({ name: 'Late__c', label: 'Late', type: 'string' })
    const field = org.simulator.schema
      .find(({ name }) => name === 'Stripe_Invoice__c')
      ?.fields.find(({ name }) => name === 'Number__c')
    if (field) field.updateable = false
    const invoice = (id: string, extra: Record<string, unknown>) => ({
      Stripe_Id__c: id,
      Customer__r: { Stripe_Id__c: 'cus_1' },
      ...extra,
    })
    const results = await upsert(org.connection, 'Stripe_Invoice__c', [
      invoice('in_ok', {}),
      { Stripe_Id__c: 'in_required' },
      invoice('in_long', { Last_Payment_Error__c: 'x'.repeat(256) }),
      invoice('in_digits', { Total__c: '1234567890123456' }),
      invoice('in_scale', { Total__c: '0.0001' }),
      invoice('in_picklist', { Status__c: 'unknown' }),
      invoice('in_unknown', { Totall__c: 1 }),
      invoice('in_readonly', { Number__c: 'A-1' }),
      invoice('in_parent', { Subscription__r: { Stripe_Id__c: 'sub_none' } }),
      invoice('in_malformed', { Subscription__c: '001' }),
      invoice('in_no_such', { Subscription__c: 'a02Hu00000zzzzzIAA' }),
      { Stripe_Id__c: 'in_deleted', Customer__c: gone },
    ])
    expect(outcomes(results)).toEqual([
      'ok',
      'REQUIRED_FIELD_MISSING',
      'STRING_TOO_LONG',
      'NUMBER_OUTSIDE_VALID_RANGE',
      'NUMBER_OUTSIDE_VALID_RANGE',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'INVALID_FIELD',
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'INVALID_FIELD',
      'MALFORMED_ID',
      'INVALID_CROSS_REFERENCE_KEY',
      'ENTITY_IS_DELETED',
    ])
    expect(results[8]).toEqual({
      success: false,
      errors: [
        {
          statusCode: 'INVALID_FIELD',
          message:
            'Foreign key external ID: sub_none not found for field Stripe_Id__c in entity Stripe_Subscription__c',
          fields: [],
        },
      ],
    })
    expect(results[7]).toMatchObject({ errors: [{ fields: ['Number__c'] }] })
    expect(org.simulator.records('Stripe_Invoice__c').map(({ Stripe_Id__c }) => Stripe_Id__c)).toEqual([
      'in_ok',
    ])
  })

  it('does not clear a required field, and makes a deleted external id anew', async () => {
    const [first] = await upsert(org.connection, 'Stripe_Customer__c', [customer('cus_1')])
    const cleared = await upsert(org.connection, 'Stripe_Customer__c', [customer('cus_1', { Name: null })])
    expect(outcomes(cleared)).toEqual(['REQUIRED_FIELD_MISSING'])
    await org.connection.sobject('Stripe_Customer__c').destroy(first?.id ?? '')
    const [second] = await upsert(org.connection, 'Stripe_Customer__c', [customer('cus_1')])
    expect(second?.success).toBe(true)
    expect(org.simulator.records('Stripe_Customer__c').map(({ Id }) => Id)).toEqual([second?.id])
    expect(second?.id).not.toBe(first?.id)
  })

  it('refuses a bad email address', async () => {
    const results = await upsert(org.connection, 'Stripe_Customer__c', [
      customer('cus_1', { Email__c: 'no at sign' }),
    ])
    expect(outcomes(results)).toEqual(['INVALID_EMAIL_ADDRESS'])
  })

  it('fails EVERY row that shares its external id with another', async () => {
    const results = await upsert(org.connection, 'Stripe_Customer__c', [
      customer('cus_1'),
      customer('cus_2'),
      customer('cus_1'),
    ])
    expect(outcomes(results)).toEqual(['DUPLICATE_VALUE', 'ok', 'DUPLICATE_VALUE'])
  })

  it('takes everything back when all or none must stand', async () => {
    await upsert(org.connection, 'Stripe_Customer__c', [customer('cus_1', { Name: 'before' })])
    const results = await upsert(
      org.connection,
      'Stripe_Customer__c',
      [customer('cus_1', { Name: 'after' }), customer('cus_2'), customer('cus_3', { Name: '' })],
      true,
    )
    expect(outcomes(results)).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'REQUIRED_FIELD_MISSING',
    ])
    expect(org.simulator.records('Stripe_Customer__c').map(({ Name }) => Name)).toEqual(['before'])
    expect(outcomes(await upsert(org.connection, 'Stripe_Customer__c', [customer('cus_2')]))).toEqual(['ok'])
  })

  it('is refused whole for a value of the wrong JSON type, and stores nothing', async () => {
    await expect(
      upsert(org.connection, 'Stripe_Customer__c', [
        customer('cus_1'),
        customer('cus_2', { Balance__c: 'ten' }),
      ]),
    ).rejects.toMatchObject({ errorCode: 'JSON_PARSER_ERROR' })
    expect(org.simulator.records('Stripe_Customer__c')).toEqual([])
  })

  it('takes 200 records in one call and refuses 201', async () => {
    const rows = Array.from({ length: 201 }, (_, index) => customer(`cus_${index}`))
    const before = org.simulator.calls.total
    expect(
      outcomes(await upsert(org.connection, 'Stripe_Customer__c', rows.slice(0, 200))).every(
        (code) => code === 'ok',
      ),
    ).toBe(true)
    expect(org.simulator.calls.total - before).toBe(1)
    await expect(upsert(org.connection, 'Stripe_Customer__c', rows)).rejects.toMatchObject({
      errorCode: 'EXCEEDED_ID_LIMIT',
    })
  })

  it('creates, updates, reads and deletes by id', async () => {
    const account = org.connection.sobject('Account')
    const created = await account.create([{ Name: 'A' }, { Name: 'B' }])
    const ids = created.map(({ id }) => id ?? '')
    await account.update(ids.map((Id, index) => ({ Id, Phone: `${index}` })))
    await account.destroy(ids.slice(0, 1))
    const read = await org.connection.request({
      method: 'POST',
      url: '/composite/sobjects/Account',
      body: JSON.stringify({ ids, fields: ['Name', 'Phone'] }),
      headers: { 'content-type': 'application/json' },
    })
    expect(read).toMatchObject([null, { Name: 'B', Phone: '1' }])
    const byUrl = `/composite/sobjects/Account?ids=${ids.join(',')}&fields=Name,Phone`
    expect(await org.connection.requestGet(byUrl)).toEqual(read)
    expect(outcomes(await account.destroy(ids))).toEqual(['ENTITY_IS_DELETED', 'ok'])
  })

  it('does not delete the parent of a required lookup, and clears an optional one', async () => {
    const { id: accountId } = await org.connection.sobject('Account').create({ Name: 'Acme' })
    const [parent] = await upsert(org.connection, 'Stripe_Customer__c', [
      customer('cus_1', { Account__c: accountId }),
    ])
    await upsert(org.connection, 'Stripe_Subscription__c', [
      { Stripe_Id__c: 'sub_1', Customer__r: { Stripe_Id__c: 'cus_1' } },
    ])
    const results = await org.connection.sobject('Stripe_Customer__c').destroy([parent?.id ?? ''])
    expect(outcomes(results)).toEqual(['DELETE_FAILED'])
    await org.connection.sobject('Account').destroy(accountId ?? '')
    expect(org.simulator.records('Stripe_Customer__c')).toMatchObject([{ Account__c: null }])
  })
})

describe('/composite', () => {
  const send = (compositeRequest: object[], allOrNone = true): Promise<unknown> =>
    org.connection.requestPost('/composite', { allOrNone, compositeRequest })
  const base = '/services/data/v65.0'

  it('lets a later subrequest use the id of an earlier one', async () => {
    const answer = await send([
      { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'acc', body: { Name: 'Acme' } },
      {
        method: 'PATCH',
        url: `${base}/sobjects/Stripe_Customer__c/Stripe_Id__c/cus_1`,
        referenceId: 'cus',
        body: { Name: 'Acme', Account__c: '@{acc.id}' },
      },
    ])
    expect(answer).toMatchObject({ compositeResponse: [{ httpStatusCode: 201 }, { httpStatusCode: 201 }] })
    const [account] = org.simulator.records('Account')
    expect(org.simulator.records('Stripe_Customer__c')).toMatchObject([{ Account__c: account?.Id }])
  })

  it('rolls back all when one fails', async () => {
    const answer = await send([
      { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'a', body: { Name: 'Acme' } },
      { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'b', body: {} },
    ])
    expect(answer).toMatchObject({
      compositeResponse: [
        { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] },
        { httpStatusCode: 400, body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }] },
      ],
    })
    expect(org.simulator.records('Account')).toEqual([])
  })
})
