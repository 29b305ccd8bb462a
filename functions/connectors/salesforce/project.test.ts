import { describe, expect, it } from 'vitest'
import type { HubError } from '../../../shared/errors.ts'
import { type SalesforceConfigInput, salesforceConfig } from './config.ts'
import { type Context, emptyContext, type Root } from './context.ts'
import * as stripe from './fixtures.ts'
import { readMappings } from './mapping.ts'
import { project, standIn } from './project.ts'

function projectWith(input: Partial<SalesforceConfigInput>, root: Root, context: Partial<Context> = {}) {
  const config = salesforceConfig.parse({ createAccounts: 'business', ...input })
  return project(root, { ...emptyContext, ...context }, config, readMappings(config))
}
const records = (root: Root, context: Partial<Context> = {}) => projectWith({}, root, context)
const bodyOf = (root: Root, context: Partial<Context> = {}) => records(root, context).at(0)?.body

function refusal(action: () => unknown): HubError {
  try {
    action()
  } catch (error) {
    return error as HubError
  }
  throw new Error('It was expected to be refused.')
}

describe('customer', () => {
  it('becomes a Stripe_Customer__c with its MRR, tax ids and balance', () => {
    const customer = stripe.customer({
      subscriptions: { data: [stripe.subscription(), stripe.subscription({ id: 'sub_2', currency: 'usd' })] },
      tax_ids: {
        data: [
          { type: 'gb_vat', value: 'GB1', verification: null },
          { type: 'eu_vat', value: 'DE123456789', verification: { status: 'verified' } },
        ],
      },
    })
    expect(records(customer, { account: { how: 'existing', id: '001Hu000000001AAA' } })).toEqual([
      {
        kind: 'Stripe_Customer__c',
        externalId: 'cus_1',
        requires: [],
        body: {
          Name: 'Acme GmbH',
          Account__c: '001Hu000000001AAA',
          Email__c: 'billing@acme.example',
          Currency__c: 'EUR',
          Description__c: null,
          Balance__c: '-12.50',
          Delinquent__c: false,
          Deleted__c: false,
          Tax_Exempt__c: 'none',
          Tax_Ids__c: 'eu_vat DE123456789 (verified), gb_vat GB1',
          MRR__c: '59.97',
          Country__c: 'DE',
          Livemode__c: false,
        },
      },
    ])
  })

  it('writes amounts with the decimals of the currency', () => {
    expect(bodyOf(stripe.customer({ currency: 'jpy', balance: 1500 }))).toMatchObject({
      Balance__c: '1500',
      MRR__c: '0',
    })
    expect(bodyOf(stripe.customer({ currency: 'kwd', balance: -10 }))).toMatchObject({
      Balance__c: '-0.010',
      MRR__c: '0.000',
    })
    expect(bodyOf(stripe.customer({ currency: null, balance: 0 }))).toMatchObject({
      Currency__c: null,
      Balance__c: null,
      MRR__c: null,
    })
  })

  it('makes its own Account once: with fields before it stands, without any after', () => {
    const made = records(stripe.customer(), { account: { how: 'own', exists: false } })
    expect(made[0]).toEqual({
      kind: 'Account',
      externalId: 'cus_1',
      frozen: true,
      requires: [],
      body: {
        Name: 'Acme GmbH',
        Phone: '+49 30 1234',
        BillingStreet: 'Hauptstr. 1',
        BillingCity: 'Berlin',
        BillingState: null,
        BillingPostalCode: '10115',
        BillingCountry: 'DE',
      },
    })
    expect(made[1]?.body.Account__c).toEqual({ $record: 'Account/cus_1' })
    const later = records(stripe.customer({ name: 'Acme SE' }), { account: { how: 'own', exists: true } })
    expect(later[0]).toEqual({ kind: 'Account', externalId: 'cus_1', frozen: true, requires: [], body: {} })
    expect(later[1]?.body).toMatchObject({ Name: 'Acme SE', Account__c: { $record: 'Account/cus_1' } })
  })

  it('makes a person Account where the configuration says so', () => {
    const [account] = projectWith(
      { createAccounts: 'person', personAccountRecordTypeId: '012000000000001AAA' },
      stripe.customer({ name: 'Ada Lovelace', address: null, phone: null }),
      { account: { how: 'own', exists: false } },
    )
    expect(account?.body).toMatchObject({
      LastName: 'Ada Lovelace',
      PersonEmail: 'billing@acme.example',
      RecordTypeId: '012000000000001AAA',
      BillingStreet: null,
    })
    expect(account?.body).not.toHaveProperty('Name')
  })

  it('goes by its e-mail without a name, and is parked with neither', () => {
    expect(bodyOf(stripe.customer({ name: ' ', address: null }))).toMatchObject({
      Name: 'billing@acme.example',
      Country__c: null,
    })
    const error = refusal(() => records(stripe.customer({ name: null, email: null })))
    expect(error).toMatchObject({
      kind: 'permanent',
      code: 'SF-NAME',
    })
    expect(error.hint).toContain('Field name.')
  })

  it('is parked, never cut, when its name is longer than Salesforce takes', () => {
    const error = refusal(() => records(stripe.customer({ name: '🦆'.repeat(300) })))
    expect(error).toMatchObject({ kind: 'permanent', code: 'SF-TOO-LONG' })
    expect(error.message).toBe(
      'cus_1 is not in Salesforce: its name has 600 characters, Salesforce takes 80. Nothing was written.',
    )
    expect(error.hint).toContain('Field name.')
  })

  it('is parked for a currency Stripe does not list', () => {
    const error = refusal(() => records(stripe.customer({ currency: 'xyz' })))
    expect(error).toMatchObject({ kind: 'permanent', code: 'MONEY-CURRENCY' })
    expect(error.hint).toContain('currency')
  })

  it('clips a long description visibly, and not through an emoji', () => {
    const body = bodyOf(stripe.customer({ description: `${'x'.repeat(3998)}🦆🦆` }))
    expect(body?.Description__c).toBe(`${'x'.repeat(3998)}…`)
  })
})

describe('catalog', () => {
  it('writes a product, its line ends made one', () => {
    expect(bodyOf(stripe.product())).toEqual({
      Name: 'Team plan',
      Description: 'Up to fifty seats\nSupport by mail',
      IsActive: true,
    })
  })

  it('writes a price that requires its product', () => {
    expect(records(stripe.price())).toEqual([
      {
        kind: 'Stripe_Price__c',
        externalId: 'price_1',
        requires: [{ type: 'product', id: 'prod_1' }],
        body: {
          Name: 'Team, monthly',
          Product__c: { $record: 'Product2/prod_1' },
          Nickname__c: 'Team, monthly',
          Currency__c: 'EUR',
          Unit_Amount__c: '19.99',
          Interval__c: 'month',
          Interval_Count__c: 1,
          Type__c: 'recurring',
          Active__c: true,
          Deleted__c: false,
        },
      },
    ])
  })

  it('gives a unit amount exactly or not at all', () => {
    const unit = (fields: object) => bodyOf(stripe.price(fields))?.Unit_Amount__c
    expect(unit({ unit_amount_decimal: '0.0125' })).toBe('0.000125')
    expect(unit({ unit_amount_decimal: '0.00001' })).toBeNull()
    expect(unit({ unit_amount_decimal: '2000' })).toBe('20')
    expect(unit({ currency: 'jpy', unit_amount_decimal: '2000' })).toBe('2000')
    expect(unit({ currency: 'kwd', unit_amount_decimal: '2500' })).toBe('2.5')
    expect(unit({ unit_amount: null, unit_amount_decimal: null, billing_scheme: 'tiered' })).toBeNull()
  })
})

describe('subscription', () => {
  it('becomes one record and one per item, on its customer and prices', () => {
    const later = { id: 'si_2', current_period_end: stripe.NOVEMBER + 365 * 86_400, quantity: undefined }
    const [head, ...items] = records(
      stripe.subscription({ trial_end: stripe.NOVEMBER + 1 }, [
        stripe.item({
          ...later,
          price: stripe.price({
            id: 'price_2',
            recurring: { interval: 'month', interval_count: 1, usage_type: 'metered' },
          }),
        }),
        stripe.item(),
      ]),
    )
    const requires = [
      { type: 'customer', id: 'cus_1' },
      { type: 'price', id: 'price_2' },
      { type: 'price', id: 'price_1' },
    ]
    expect(head).toEqual({
      kind: 'Stripe_Subscription__c',
      externalId: 'sub_1',
      requires,
      body: {
        Name: 'sub_1',
        Customer__c: { $record: 'Stripe_Customer__c/cus_1' },
        Status__c: 'active',
        Currency__c: 'EUR',
        Start_Date__c: '2026-11-01T00:00:00.000+0000',
        Trial_End__c: '2026-11-01T00:00:01.000+0000',
        Current_Period_Start__c: '2026-11-01T00:00:00.000+0000',
        Current_Period_End__c: '2026-12-01T00:00:00.000+0000',
        Cancel_At__c: null,
        Canceled_At__c: null,
        Ended_At__c: null,
        Collection_Method__c: 'charge_automatically',
        MRR__c: '59.97',
      },
    })
    expect(items.map(({ externalId, body }) => [externalId, body.Price__c, body.Quantity__c])).toEqual([
      ['si_2', { $record: 'Stripe_Price__c/price_2' }, null],
      ['si_1', { $record: 'Stripe_Price__c/price_1' }, 3],
    ])
  })
})

describe('invoice', () => {
  it('that is a draft says what its lines come to: the balance that it would use moves without a word', () => {
    const draft = stripe.invoice({ status: 'draft', starting_balance: -3_000, amount_due: 110_050 })
    const [{ body } = { body: {} }] = records(draft)
    expect(body).toMatchObject({
      Total__c: '1130.50',
      Amount_Due__c: '1130.50',
      Amount_Remaining__c: '1130.50',
      Balance_Applied__c: '0.00',
    })
  })

  it('carries every amount that a comparison needs', () => {
    const open = stripe.invoice({
      attempt_count: 2,
      amount_paid: 13_050,
      amount_remaining: 90_000,
      pre_payment_credit_notes_amount: 10_000,
      post_payment_credit_notes_amount: 50,
    })
    expect(records(open, { lastPaymentError: 'card_declined (insufficient_funds)' })).toEqual([
      {
        kind: 'Stripe_Invoice__c',
        externalId: 'in_1',
        requires: [
          { type: 'customer', id: 'cus_1' },
          { type: 'subscription', id: 'sub_1' },
        ],
        body: {
          Name: 'INV-0042',
          Customer__c: { $record: 'Stripe_Customer__c/cus_1' },
          Subscription__c: { $record: 'Stripe_Subscription__c/sub_1' },
          Number__c: 'INV-0042',
          Status__c: 'open',
          Currency__c: 'EUR',
          Subtotal__c: '1000.00',
          Discount__c: '50.00',
          Tax__c: '180.50',
          Total__c: '1130.50',
          Amount_Due__c: '1130.50',
          Amount_Paid__c: '130.50',
          Amount_Remaining__c: '900.00',
          Amount_Overpaid__c: '0.00',
          Paid_Out_Of_Band__c: '0.00',
          Balance_Applied__c: '0.00',
          Credits_Applied__c: '0.00',
          Credited__c: '100.50',
          Created_At__c: '2026-11-01T00:00:00.000+0000',
          Finalized_At__c: '2026-11-01T01:00:00.000+0000',
          Due_Date__c: null,
          Paid_At__c: null,
          Voided_At__c: null,
          Uncollectible_At__c: null,
          Attempt_Count__c: 2,
          Next_Payment_Attempt__c: '2026-11-01T02:00:00.000+0000',
          Last_Payment_Error__c: 'card_declined (insufficient_funds)',
          Hosted_Url__c: 'https://invoice.stripe.com/i/acct_1/test_abc',
          Billing_Reason__c: 'subscription_cycle',
          Deleted__c: false,
        },
      },
    ])
  })

  it('goes by its id while it is a draft without a number', () => {
    const draft = stripe.invoice({ number: null, status: 'draft', parent: null })
    expect(bodyOf(draft)).toMatchObject({
      Name: 'in_1',
      Number__c: null,
      Status__c: 'draft',
      Subscription__c: null,
    })
    expect(records(draft)[0]?.requires).toEqual([{ type: 'customer', id: 'cus_1' }])
  })

  it('is parked without a customer, naming the field', () => {
    const error = refusal(() => records(stripe.invoice({ customer: null })))
    expect(error).toMatchObject({ kind: 'permanent', code: 'SF-NO-CUSTOMER' })
    expect(error.hint).toContain('Field customer.')
  })

  it('stands in for a customer that Stripe no longer has', () => {
    const mappings = readMappings(salesforceConfig.parse({ createAccounts: 'never' }))
    const [record] = standIn({ type: 'customer', id: 'cus_gone' }, stripe.invoice(), mappings)
    expect(record).toMatchObject({
      kind: 'Stripe_Customer__c',
      externalId: 'cus_gone',
      body: { Name: 'Acme GmbH', Deleted__c: true, Currency__c: 'EUR', MRR__c: '0.00', Account__c: null },
    })
    expect(standIn({ type: 'customer', id: 'cus_gone' }, stripe.subscription(), mappings)[0]?.body.Name).toBe(
      'cus_gone',
    )
  })
})

describe('money movements', () => {
  it('writes a payment only when it was paid', () => {
    expect(records(stripe.invoicePayment())).toEqual([
      {
        kind: 'Stripe_Payment__c',
        externalId: 'inpay_1',
        requires: [
          { type: 'customer', id: 'cus_1' },
          { type: 'invoice', id: 'in_1' },
        ],
        body: {
          Name: 'inpay_1',
          Invoice__c: { $record: 'Stripe_Invoice__c/in_1' },
          Customer__c: { $record: 'Stripe_Customer__c/cus_1' },
          Amount__c: '1130.50',
          Currency__c: 'EUR',
          Status__c: 'paid',
          Paid_At__c: '2026-11-01T01:01:40.000+0000',
          Payment_Intent__c: 'pi_1',
          Payment_Record__c: null,
          Charge__c: 'ch_1',
          Method__c: 'sepa_debit',
        },
      },
    ])
    expect(records(stripe.invoicePayment({ status: 'open' }))).toEqual([])
    expect(
      bodyOf(stripe.invoicePayment({ payment: { type: 'payment_record', payment_record: 'pr_1' } })),
    ).toMatchObject({
      Method__c: 'out_of_band',
      Payment_Intent__c: null,
      Charge__c: null,
      Payment_Record__c: 'pr_1',
    })
  })

  it('writes one payment of two invoices as a payment of each, with what reached it', () => {
    const part = (id: string, invoice: string, amount_paid: number) =>
      bodyOf(stripe.invoicePayment({ id, invoice: stripe.invoice({ id: invoice }), amount_paid }))
    expect([part('inpay_1', 'in_1', 4_000), part('inpay_2', 'in_2', 6_000)]).toMatchObject([
      {
        Invoice__c: { $record: 'Stripe_Invoice__c/in_1' },
        Amount__c: '40.00',
        Payment_Intent__c: 'pi_1',
        Charge__c: 'ch_1',
      },
      {
        Invoice__c: { $record: 'Stripe_Invoice__c/in_2' },
        Amount__c: '60.00',
        Payment_Intent__c: 'pi_1',
        Charge__c: 'ch_1',
      },
    ])
  })

  it('splits a credit note into refunded, credited to the balance and out of band', () => {
    expect(bodyOf(stripe.creditNote())).toMatchObject({
      Number__c: 'INV-0042-CN-01',
      Subtotal__c: '100.00',
      Tax__c: '19.00',
      Total__c: '119.00',
      Refunded__c: '60.00',
      Balance_Credited__c: '50.00',
      Out_Of_Band__c: '9.00',
    })
    expect(bodyOf(stripe.creditNote({ customer_balance_transaction: null }))?.Balance_Credited__c).toBe(
      '0.00',
    )
  })

  it('writes a refund with whatever it could be traced to', () => {
    const traced = records(stripe.refund(), {
      refundOf: { customer: 'cus_1', invoice: 'in_1', creditNote: 'cn_1' },
    })
    expect(traced[0]).toMatchObject({
      externalId: 're_1',
      requires: [
        { type: 'customer', id: 'cus_1' },
        { type: 'invoice', id: 'in_1' },
        { type: 'credit_note', id: 'cn_1' },
      ],
      body: {
        Amount__c: '60.00',
        Credit_Note__c: { $record: 'Stripe_Credit_Note__c/cn_1' },
        Status__c: 'succeeded',
      },
    })
    expect(records(stripe.refund())[0]).toMatchObject({
      requires: [],
      body: { Invoice__c: null, Customer__c: null },
    })
  })
})

describe('mapping', () => {
  const fields = {
    Stripe_Customer__c: {
      Region__c: { from: 'metadata.region', owner: 'stripe' },
      Seats__c: { from: 'metadata.seats', owner: 'stripe', type: 'integer' },
      Credit_Limit__c: { from: 'metadata.limit_cents', owner: 'stripe', type: 'money' },
      Tier__c: { from: 'metadata.tier', owner: 'create-only' },
      Name: { owner: 'create-only' },
      Email__c: { owner: 'salesforce' },
    },
  } as const
  const customer = stripe.customer({
    metadata: { region: 'EMEA', seats: '40', limit_cents: '150000', tier: 'gold' },
  })

  it('adds configured fields and leaves alone what belongs to Salesforce', () => {
    const body = projectWith({ fields }, customer)[0]?.body
    expect(body).toMatchObject({
      Region__c: 'EMEA',
      Seats__c: 40,
      Credit_Limit__c: '1500.00',
      Tier__c: 'gold',
      Name: 'Acme GmbH',
    })
    expect(body).not.toHaveProperty('Email__c')
  })

  it('writes create-only fields with a new record only', () => {
    const body = projectWith({ fields }, customer, { existing: ['Stripe_Customer__c/cus_1'] })[0]?.body
    expect(body).not.toHaveProperty('Tier__c')
    expect(body).not.toHaveProperty('Name')
    expect(body).toMatchObject({ Region__c: 'EMEA' })
  })

  it('parks a value that does not fit its type, naming the field', () => {
    const error = refusal(() => projectWith({ fields }, stripe.customer({ metadata: { seats: 'forty' } })))
    expect(error).toMatchObject({ kind: 'permanent', code: 'SF-MAPPED-VALUE' })
    expect(error.hint).toContain('Field metadata.seats.')
  })

  it('refuses a mapping that could overwrite people or break a comparison', () => {
    const issues = (input: object) =>
      salesforceConfig
        .safeParse({ createAccounts: 'never', fields: input })
        .error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
    expect(issues({ Account: { Industry: { from: 'metadata.industry', owner: 'stripe' } } })).toEqual([
      'fields.Account.Industry must be create-only: the hub never overwrites a field of an Account',
    ])
    expect(issues({ Stripe_Invoice__c: { Total__c: { owner: 'salesforce' } } })).toEqual([
      'fields.Stripe_Invoice__c.Total__c must stay with stripe: amounts, states and references are what reconciliation compares',
    ])
    expect(issues({ Stripe_Customer__c: { Name: { owner: 'salesforce' } } })).toEqual([
      'fields.Stripe_Customer__c.Name is required by Salesforce: it can be stripe or create-only',
    ])
    expect(issues({ Stripe_Customer__c: { Region__c: { owner: 'stripe' } } })).toEqual([
      'fields.Stripe_Customer__c.Region__c needs `from`, a path in the Stripe object',
    ])
    expect(issues({ Lead: { X__c: { from: 'id', owner: 'stripe' } } })?.[0]).toContain(
      'fields.Lead is no object the hub writes',
    )
    expect(salesforceConfig.safeParse({ createAccounts: 'never', apiVersion: '50.0' }).success).toBe(false)
  })
})
