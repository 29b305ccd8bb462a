// Cases between both simulators: opened by the hub, worked on by people, closed by the hub only where nobody moved them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_CASE_OWNER } from '../../../local/simulators/salesforce/cases.ts'
import { salesforceConfig } from './config.ts'
import { charged, type Desk, openDesk } from './desk.fixture.ts'

const PERSON = '005Hu00000000A1IAI'
const ALL = { disputes: true, fraudWarnings: true, reviews: true }

let desk: Desk
beforeEach(async () => {
  desk = await openDesk({ cases: ALL })
})
afterEach(() => desk[Symbol.asyncDispose]())

async function disputed(inquiry = false) {
  const payment = await charged(desk, 113_050)
  const { id } = desk.account.openDispute(payment.charge, { reason: 'fraudulent', inquiry })
  await desk.bring('customer', payment.customer)
  await desk.bring('dispute', id)
  return { ...payment, dispute: id }
}

describe('a dispute', () => {
  it('opens a Case with its amount, its account and what to do', async () => {
    const { customer, invoice, dispute } = await disputed()
    const [account] = desk.org.records('Account')
    expect(desk.record('Case', dispute)).toMatchObject({
      Subject: 'Dispute: EUR 1130.50, fraudulent',
      Description: `The customer's bank disputes EUR 1130.50 (fraudulent). Answer in Stripe by the date on the dispute record; without evidence it is lost.\nhttps://dashboard.stripe.com/test/disputes/${dispute}`,
      Origin: 'Stripe',
      Priority: 'High',
      Status: 'New',
      IsClosed: false,
      AccountId: account?.Id,
      OwnerId: DEFAULT_CASE_OWNER,
      Stripe_Opened__c: true,
      Stripe_State__c: 'needs_response',
      Stripe_Customer__c: desk.record('Stripe_Customer__c', customer)?.Id,
      Stripe_Invoice__c: desk.record('Stripe_Invoice__c', invoice)?.Id,
      Stripe_Dispute__c: desk.record('Stripe_Dispute__c', dispute)?.Id,
    })
  })

  it('closes it when it is over and nobody moved it, and leaves it with whoever has it', async () => {
    const { dispute } = await disputed()
    await desk.edit('Case', dispute, { OwnerId: PERSON, Subject: 'Call Acme', Priority: 'Low' })
    desk.account.closeDispute(dispute, 'won')
    await desk.bring('dispute', dispute)
    expect(desk.record('Case', dispute)).toMatchObject({
      Status: 'Closed',
      IsClosed: true,
      Stripe_State__c: 'won',
      OwnerId: PERSON,
      Subject: 'Call Acme',
      Priority: 'Low',
    })
  })

  it('leaves the Status to whoever moved it, and still says how it ended', async () => {
    const { dispute } = await disputed()
    await desk.edit('Case', dispute, { Status: 'Working' })
    desk.account.closeDispute(dispute, 'lost')
    await desk.bring('dispute', dispute)
    expect(desk.record('Case', dispute)).toMatchObject({
      Status: 'Working',
      IsClosed: false,
      Stripe_State__c: 'lost',
    })
  })

  it('does not open again what people closed, nor make again what they deleted', async () => {
    const { dispute } = await disputed(true)
    await desk.edit('Case', dispute, { Status: 'Closed' })
    desk.account.escalateInquiry(dispute)
    await desk.bring('dispute', dispute)
    expect(desk.record('Case', dispute)).toMatchObject({ IsClosed: true, Stripe_State__c: 'needs_response' })
    await desk.remove('Case', dispute)
    const written = await desk.bring('dispute', dispute)
    expect(Object.keys(written)).toEqual(['Stripe_Dispute__c'])
    expect(desk.record('Case', dispute)).toBeUndefined()
  })

  it('never closes a Case that people opened for it themselves', async () => {
    const { charge } = await charged(desk, 5_000)
    const { id } = desk.account.openDispute(charge)
    await desk.edit('Case', id, { Subject: 'Mine', Status: 'New' })
    await desk.bring('dispute', id)
    desk.account.closeDispute(id, 'won')
    await desk.bring('dispute', id)
    expect(desk.record('Case', id)).toMatchObject({
      Subject: 'Mine',
      Status: 'New',
      Stripe_State__c: 'won',
      AccountId: null,
    })
  })

  it('opens none for what was over when the hub first saw it, or came up before the chosen day', async () => {
    const { charge } = await charged(desk, 5_000)
    const { id } = desk.account.openDispute(charge)
    desk.account.closeDispute(id, 'lost')
    expect(Object.keys(await desk.bring('dispute', id))).toEqual(['Stripe_Dispute__c'])
    await using later = await openDesk({ cases: { ...ALL, since: '2026-11-03' } })
    const old = later.account.openDispute((await charged(later, 5_000)).charge)
    expect(Object.keys(await later.bring('dispute', old.id))).toEqual(['Stripe_Dispute__c'])
    later.days(1)
    const young = later.account.openDispute((await charged(later, 5_000)).charge)
    expect(Object.keys(await later.bring('dispute', young.id))).toEqual(['Stripe_Dispute__c', 'Case'])
  })

  it('keeps the Case of a returned bank debit open, for the customer owes it again', async () => {
    const { charge } = await charged(desk, 20_000, { method: 'pm_sepaDebit' })
    desk.days(20)
    const id = desk.account.returnDebit(charge, 'insufficient_funds')?.id ?? ''
    await desk.bring('dispute', id)
    await desk.bring('dispute', id)
    expect(desk.record('Case', id)).toMatchObject({
      Subject: 'Returned bank debit: EUR 200.00, insufficient_funds',
      Status: 'New',
      Stripe_State__c: 'lost',
    })
  })
})

describe('the Account of a Case', () => {
  it('is given once the customer has one, and not again when people take it away', async () => {
    await using none = await openDesk({ cases: ALL, createAccounts: 'never' })
    const { charge, customer } = await charged(none, 5_000)
    const { id } = none.account.openDispute(charge)
    await none.bring('dispute', id)
    expect(none.record('Case', id)?.AccountId).toBeNull()
    const account = await linkAccount(none, customer)
    await none.bring('dispute', id)
    expect(none.record('Case', id)?.AccountId).toBe(account)
    await none.edit('Case', id, { AccountId: null })
    await none.bring('dispute', id)
    expect(none.record('Case', id)?.AccountId).toBeNull()
  })
})

describe('early fraud warnings and reviews', () => {
  it('open a Case while they are actionable, and close it when a dispute answers them', async () => {
    const { charge } = await charged(desk, 4_200)
    const warning = desk.account.warnOfFraud(charge, 'made_with_stolen_card')
    const review = desk.account.openReview(charge, 'rule')
    await desk.bring('radar.early_fraud_warning', warning.id)
    await desk.bring('review', review.id)
    expect(desk.org.records('Case')).toMatchObject([
      {
        Stripe_Id__c: warning.id,
        Subject: 'Early fraud warning: EUR 42.00, made_with_stolen_card',
        Priority: 'High',
        Stripe_State__c: 'actionable',
        Stripe_Dispute__c: null,
      },
      {
        Stripe_Id__c: review.id,
        Subject: 'Payment to review: EUR 42.00, rule',
        Priority: 'Medium',
        Stripe_State__c: 'open',
      },
    ])
    desk.account.openDispute(charge)
    await desk.bring('radar.early_fraud_warning', warning.id)
    await desk.bring('review', review.id)
    expect(desk.org.records('Case')).toMatchObject([
      { Status: 'Closed', Stripe_State__c: 'not actionable' },
      { Status: 'Closed', Stripe_State__c: 'closed (disputed)' },
    ])
  })
})

describe('configuration', () => {
  it('opens no Case and asks Salesforce nothing unless it is switched on', async () => {
    await using quiet = await openDesk()
    const { charge, customer, invoice } = await charged(quiet, 5_000)
    const { id } = quiet.account.openDispute(charge)
    const warning = quiet.account.warnOfFraud(charge)
    await quiet.bring('customer', customer)
    await quiet.bring('invoice', invoice)
    const before = quiet.org.usedToday()
    expect(Object.keys(await quiet.bring('dispute', id))).toEqual(['Stripe_Dispute__c'])
    // One write, and the desk's own look at it.
    expect(quiet.org.usedToday() - before).toBe(2)
    expect(await quiet.bring('radar.early_fraud_warning', warning.id)).toEqual({})
    expect(quiet.org.records('Case')).toEqual([])
  })

  it('takes the words of the org, and leaves to it what it wants to decide', async () => {
    await using own = await openDesk({
      cases: { ...ALL, origin: 'Billing', openStatus: 'Waiting', priorities: { disputes: 'Urgent' } },
      fields: { Case: { Priority: { owner: 'salesforce' }, Region__c: { owner: 'salesforce' } } },
    })
    const { id } = own.account.openDispute((await charged(own, 5_000)).charge)
    await own.bring('dispute', id)
    expect(own.record('Case', id)).toMatchObject({ Origin: 'Billing', Status: 'Waiting', Priority: 'Medium' })
  })

  it('refuses a mapping that would overwrite people', () => {
    const issues = (fields: object) =>
      salesforceConfig
        .safeParse({ createAccounts: 'never', fields: { Case: fields } })
        .error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
    expect(issues({ Status: { owner: 'stripe' } })).toEqual([
      "fields.Case.Status is its people's once the Case is open: it can be create-only or salesforce",
    ])
    expect(issues({ Reason: { from: 'reason', owner: 'stripe' } })).toEqual([
      'fields.Case.Reason must be create-only: the hub never overwrites a standard field of a Case',
    ])
    expect(issues({ Stripe_State__c: { owner: 'salesforce' } })).toEqual([
      'fields.Case.Stripe_State__c must stay with stripe: amounts, states and references are what reconciliation compares',
    ])
    expect(issues({ Network__c: { from: 'network_reason_code', owner: 'stripe' } })).toBeUndefined()
  })
})

/** A person makes an Account and links the customer to it. */
async function linkAccount(at: Desk, customer: string): Promise<string> {
  await at.edit('Account', 'made-by-hand', { Name: 'Acme' })
  const [account] = at.org.records('Account')
  await at.edit('Stripe_Customer__c', customer, { Account__c: String(account?.Id) })
  return String(account?.Id)
}
