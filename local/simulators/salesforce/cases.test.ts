// Cases through the real jsforce: what Salesforce fills in, what Status says, and who a Case belongs to after each call.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DEFAULT_CASE_OWNER } from './cases.ts'
import { type Org, openOrg, outcomes, type Row, upsert } from './org.fixture.ts'

const PERSON = '005Hu00000000A1IAI'

let org: Org

beforeEach(async () => {
  org = await openOrg()
})
afterEach(() => org.server.close())

const theCase = () => org.simulator.records('Case')[0]

const save = (row: Row, headers: Record<string, string> = {}) =>
  org.connection.sobject('Case').upsert([row], 'Stripe_Id__c', { headers })

it('numbers a Case from 1000, and gives it a status, a priority and an owner', async () => {
  await save({ Stripe_Id__c: 'dp_1', Subject: 'Dispute' })
  await save({ Stripe_Id__c: 'dp_2', Status: 'Closed', Priority: 'High' })
  expect(org.simulator.records('Case')).toMatchObject([
    {
      CaseNumber: '00001000',
      Status: 'New',
      Priority: 'Medium',
      OwnerId: DEFAULT_CASE_OWNER,
      IsClosed: false,
      ClosedDate: null,
    },
    {
      CaseNumber: '00001001',
      Status: 'Closed',
      Priority: 'High',
      IsClosed: true,
      IsClosedOnCreate: true,
      ClosedDate: '2026-05-01T10:30:00.000+0000',
    },
  ])
})

it('is closed by its Status alone, keeps the time of it, and forgets it when it is opened again', async () => {
  await save({ Stripe_Id__c: 'dp_1' })
  expect(outcomes(await save({ Stripe_Id__c: 'dp_1', IsClosed: true }))).toEqual([
    'INVALID_FIELD_FOR_INSERT_UPDATE',
  ])
  expect(outcomes(await save({ Stripe_Id__c: 'dp_1', CaseNumber: '7' }))).toEqual([
    'INVALID_FIELD_FOR_INSERT_UPDATE',
  ])
  org.clock.ms += 1_800_000
  await save({ Stripe_Id__c: 'dp_1', Status: 'Closed' })
  expect(theCase()).toMatchObject({ IsClosed: true, ClosedDate: '2026-05-01T11:00:00.000+0000' })
  org.clock.ms += 1_800_000
  await save({ Stripe_Id__c: 'dp_1', Subject: 'Again' })
  expect(theCase()).toMatchObject({ IsClosed: true, ClosedDate: '2026-05-01T11:00:00.000+0000' })
  await save({ Stripe_Id__c: 'dp_1', Status: 'Working' })
  expect(theCase()).toMatchObject({ IsClosed: false, IsClosedOnCreate: false, ClosedDate: null })
})

it('takes a status that is not on the list, and does not count it as closed', async () => {
  expect(outcomes(await save({ Stripe_Id__c: 'dp_1', Status: 'Done', Origin: 'Stripe' }))).toEqual(['ok'])
  expect(theCase()).toMatchObject({ Status: 'Done', Origin: 'Stripe', IsClosed: false })
  expect(outcomes(await save({ Stripe_Id__c: 'dp_1', Subject: 'x'.repeat(256) }))).toEqual([
    'STRING_TOO_LONG',
  ])
})

it('takes a Case from whoever has it at every call that does not ask to leave it', async () => {
  await save({ Stripe_Id__c: 'dp_1' })
  await save({ Stripe_Id__c: 'dp_1', OwnerId: PERSON }, { 'Sforce-Auto-Assign': 'FALSE' })
  await save({ Stripe_Id__c: 'dp_1', Stripe_State__c: 'won' }, { 'Sforce-Auto-Assign': 'false' })
  expect(theCase()).toMatchObject({ OwnerId: PERSON, Stripe_State__c: 'won' })
  await save({ Stripe_Id__c: 'dp_1', Stripe_State__c: 'lost' })
  expect(theCase()?.OwnerId).toBe(DEFAULT_CASE_OWNER)
  await save({ Stripe_Id__c: 'dp_2' }, { 'Sforce-Auto-Assign': 'FALSE' })
  expect(org.simulator.records('Case')[1]?.OwnerId).toBe('005Hu000000Sim1IAC')
  expect(outcomes(await save({ Stripe_Id__c: 'dp_1', OwnerId: '001Hu00000000A1IAI' }))).toEqual([
    'MALFORMED_ID',
  ])
})

it('takes the account of its contact only where none is given', async () => {
  const make = async (object: string, row: Row) =>
    String(Reflect.get(await org.connection.sobject(object).create(row), 'id'))
  const acme = await make('Account', { Name: 'Acme' })
  const other = await make('Account', { Name: 'Other' })
  const contact = await make('Contact', { LastName: 'Doe', AccountId: acme })
  await save({ Stripe_Id__c: 'dp_1', ContactId: contact })
  await save({ Stripe_Id__c: 'dp_2', ContactId: contact, AccountId: other })
  expect(org.simulator.records('Case').map(({ AccountId }) => AccountId)).toEqual([acme, other])
})

it('refers to the customer and the dispute by their Stripe ids', async () => {
  await upsert(org.connection, 'Stripe_Customer__c', [{ Stripe_Id__c: 'cus_1', Name: 'Acme' }])
  await upsert(org.connection, 'Stripe_Dispute__c', [
    { Stripe_Id__c: 'dp_1', Customer__r: { Stripe_Id__c: 'cus_1' }, Status__c: 'a_status_of_next_year' },
  ])
  await save({
    Stripe_Id__c: 'dp_1',
    Stripe_Customer__r: { Stripe_Id__c: 'cus_1' },
    Stripe_Dispute__r: { Stripe_Id__c: 'dp_1' },
  })
  const { records } = await org.connection.query(
    "SELECT Id, Stripe_Dispute__r.Customer__r.Stripe_Id__c FROM Case WHERE IsClosed = false AND Stripe_Id__c IN ('dp_1')",
  )
  expect(records).toMatchObject([{ Stripe_Dispute__r: { Customer__r: { Stripe_Id__c: 'cus_1' } } }])
})
