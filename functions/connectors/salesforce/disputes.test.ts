// Disputes as Stripe_Dispute__c, figures worked by hand: what is at risk in the payment's currency, what moved in the
// currency in which Stripe settles.
import { describe, expect, it } from 'vitest'
import { salesforceConfig } from './config.ts'
import { type Context, emptyContext } from './context.ts'
import { dispute, NOVEMBER } from './fixtures.ts'
import { readMappings } from './mapping.ts'
import { project } from './project.ts'

const config = salesforceConfig.parse({ createAccounts: 'business' })

const records = (fields: object = {}, context: Partial<Context> = {}) =>
  project(dispute(fields), { ...emptyContext, ...context }, config, readMappings(config))
const bodyOf = (fields: object = {}) => records(fields)[0]?.body

const moved = (amount: number, fee: number, currency = 'eur') => ({ id: 'txn_1', amount, fee, currency })

describe('a dispute', () => {
  it('says whose it is, what it is about, until when and what the bank took', () => {
    expect(records({ balance_transactions: [moved(-113_050, 2_000)] }, { paidInvoice: 'in_1' })).toEqual([
      {
        kind: 'Stripe_Dispute__c',
        externalId: 'dp_1',
        requires: [
          { type: 'customer', id: 'cus_1' },
          { type: 'invoice', id: 'in_1' },
        ],
        body: {
          Name: 'dp_1',
          Customer__c: { $record: 'Stripe_Customer__c/cus_1' },
          Invoice__c: { $record: 'Stripe_Invoice__c/in_1' },
          Amount__c: '1130.50',
          Currency__c: 'EUR',
          Exposure__c: '1130.50',
          Status__c: 'needs_response',
          Reason__c: 'fraudulent',
          Network_Reason__c: '10.4',
          Method__c: 'card',
          Created_At__c: '2026-11-01T00:00:00.000+0000',
          Evidence_Due_At__c: '2026-11-22T00:00:00.000+0000',
          Evidence_Submitted__c: false,
          Settlement_Currency__c: 'EUR',
          Funds_Withdrawn__c: '1130.50',
          Funds_Reinstated__c: '0.00',
          Fee__c: '20.00',
          Charge__c: 'ch_1',
          Payment_Intent__c: 'pi_1',
        },
      },
    ])
  })

  it('that is won has its money back but for the fee, and nothing at risk', () => {
    const won = {
      status: 'won',
      balance_transactions: [moved(-113_050, 2_000), moved(113_050, 0)],
      evidence_details: { due_by: NOVEMBER, submission_count: 1 },
    }
    expect(bodyOf(won)).toMatchObject({
      Exposure__c: '0.00',
      Evidence_Submitted__c: true,
      Funds_Withdrawn__c: '1130.50',
      Funds_Reinstated__c: '1130.50',
      Fee__c: '20.00',
    })
  })

  it('of euros settled in dollars is at risk in euros and moved in dollars', () => {
    // 1,000.00 EUR came as 1,080.00 USD and went back at another rate.
    const body = bodyOf({ amount: 100_000, balance_transactions: [moved(-110_000, 1_500, 'usd')] })
    expect(body).toMatchObject({
      Amount__c: '1000.00',
      Currency__c: 'EUR',
      Exposure__c: '1000.00',
      Settlement_Currency__c: 'USD',
      Funds_Withdrawn__c: '1100.00',
      Fee__c: '15.00',
    })
  })

  it('has the decimals of each of its two currencies', () => {
    expect(
      bodyOf({ currency: 'jpy', amount: 15_000, balance_transactions: [moved(-9_876, 1_500, 'usd')] }),
    ).toMatchObject({ Amount__c: '15000', Exposure__c: '15000', Funds_Withdrawn__c: '98.76' })
    expect(
      bodyOf({ currency: 'kwd', amount: 12_340, balance_transactions: [moved(-6_000, 2_375, 'jpy')] }),
    ).toMatchObject({ Amount__c: '12.340', Funds_Withdrawn__c: '6000', Fee__c: '2375' })
  })

  it('that has moved nothing has no figures, and none that moved in two currencies', () => {
    const none = {
      Settlement_Currency__c: null,
      Funds_Withdrawn__c: null,
      Funds_Reinstated__c: null,
      Fee__c: null,
    }
    expect(bodyOf({ status: 'warning_needs_response' })).toMatchObject({ ...none, Exposure__c: '1130.50' })
    expect(
      bodyOf({ balance_transactions: [moved(-113_050, 2_000), moved(120_000, 0, 'usd')] }),
    ).toMatchObject(none)
  })

  it('is at risk until Stripe says how it ended, whatever statuses Stripe may add', () => {
    const exposure = (status: string) => bodyOf({ status })?.Exposure__c
    for (const open of [
      'needs_response',
      'under_review',
      'warning_under_review',
      'appeal_under_review',
      'new',
    ])
      expect(exposure(open), open).toBe('1130.50')
    for (const ended of ['won', 'lost', 'warning_closed', 'prevented'])
      expect(exposure(ended), ended).toBe('0.00')
  })

  it('of a bank that takes no answer has no date for one', () => {
    const returned = { status: 'lost', evidence_details: { due_by: 0, submission_count: 0 } }
    expect(bodyOf(returned)).toMatchObject({ Evidence_Due_At__c: null, Exposure__c: '0.00' })
  })

  it('without a customer or an invoice stands by itself', () => {
    const stranger = { charge: { id: 'ch_9', customer: null, payment_method_details: { type: 'card' } } }
    expect(records(stranger)[0]).toMatchObject({
      requires: [],
      body: { Customer__c: null, Invoice__c: null, Charge__c: 'ch_9' },
    })
  })
})
