// Every connector in the registry, put to the contract. Which calls to cut, how a bad record looks and what retiring
// leaves is all that differs from one to the next.
import { describe, expect, it } from 'vitest'
import { manifest as avalara } from '../../functions/connectors/avalara/manifest.ts'
import { manifest as netsuite } from '../../functions/connectors/netsuite/manifest.ts'
import { registry } from '../../functions/connectors/registry.ts'
import { manifest as salesforce } from '../../functions/connectors/salesforce/manifest.ts'
import { manifest as taxHold } from '../../functions/connectors/tax-hold/manifest.ts'
import type { JsonObject, RemoteRecord } from '../../shared/connector/contract.ts'
import { describeConnector } from './connector-suite.ts'
import { EMAIL } from './stripe-account.ts'
import { startAvalara, startNetSuite, startSalesforce, startTaxHold } from './subjects.ts'

const ref = (type: string, id: string) => ({ type, id })
const [first, second, third] = [1, 2, 3]
const crowdOf = (type: string, prefix: string) =>
  [first, second, third].map((n) => ref(type, `${prefix}${n}`))

const changed = (record: RemoteRecord, fields: JsonObject): RemoteRecord => ({
  ...record,
  body: { ...record.body, ...fields },
})

describeConnector('tax-hold', {
  manifest: taxHold,
  start: startTaxHold,
  roots: [ref('invoice', 'in_draft1')],
  targets: [
    {
      root: ref('invoice', 'in_draft1'),
      kind: 'hold',
      write: { method: 'POST', path: '^/v1/invoices/in_draft1$' },
      read: { method: 'GET', path: '^/v1/invoices/in_draft1$' },
      // Stripe asks for a 5xx of any kind to be taken as unknown.
      tells: { unavailable: 'ambiguous' },
      retryAfterSeconds: 7,
    },
  ],
  crowd: {
    kind: 'hold',
    roots: crowdOf('invoice', 'in_draft'),
    spoil: (record, { faults }) => {
      faults.add({ effect: 'server_error', path: `^/v1/invoices/${record.externalId}$`, method: 'POST' })
      return record
    },
    refusal: 'ambiguous',
  },
  afterRetiring: { hold: { held: false } },
  credential: 'fixed',
})

describeConnector('avalara', {
  manifest: avalara,
  start: startAvalara,
  roots: [
    ref('customer', 'cus_contract1'),
    ref('product', 'prod_contract'),
    ref('invoice', 'in_contract1'),
    ref('credit_note', 'cn_contract1'),
    ref('refund', 're_contract1'),
    ref('invoice', 'in_draft1'),
  ],
  targets: [
    {
      root: ref('invoice', 'in_contract1'),
      kind: 'transaction',
      write: { method: 'POST', path: '/transactions/createoradjust$' },
      read: { method: 'GET', path: '/companies/ACME/transactions/in_contract1$' },
      // The SDK tells no status, and takes a page of HTML for a broken answer.
      tells: { unavailable: 'ambiguous' },
      retryAfterSeconds: undefined,
    },
    {
      root: ref('invoice', 'in_draft1'),
      kind: 'stripeTax',
      write: { method: 'POST', path: '^/v1/invoices/in_draft1/update_lines$' },
      read: { method: 'GET', path: '^/v1/invoices/in_draft1$' },
      faults: ({ vendors }) => vendors.stripe.faults,
      tells: { unavailable: 'ambiguous' },
      retryAfterSeconds: 7,
    },
  ],
  crowd: {
    kind: 'transaction',
    roots: crowdOf('invoice', 'in_contract'),
    spoil: (record) => changed(record, { shipTo: { line1: `c/o ${EMAIL}`, city: 'Berlinn', country: 'DE' } }),
    refusal: 'permanent',
  },
  // Tax that Stripe has is Stripe's; a document is voided, so that a trace stays.
  afterRetiring: { stripeTax: 'kept', transaction: { status: 'Cancelled' } },
  credential: 'fixed',
})

describeConnector('netsuite', {
  manifest: netsuite,
  start: startNetSuite,
  roots: [
    ref('product', 'prod_contract'),
    ref('customer', 'cus_contract1'),
    ref('invoice', 'in_contract1'),
    ref('credit_note', 'cn_contract1'),
    ref('refund', 're_contract1'),
    ref('dispute', 'du_contract1'),
    ref('payout', 'po_contract'),
    ref('billing.credit_grant', 'credgr_contract'),
  ],
  targets: [
    {
      root: ref('customer', 'cus_contract1'),
      kind: 'customer',
      write: { method: 'PUT', path: '/customer/eid:cus_contract1$' },
      read: { method: 'GET', path: '/customer/eid:cus_contract1$' },
      retryAfterSeconds: 7,
    },
    {
      root: ref('invoice', 'in_contract1'),
      kind: 'invoice',
      write: { method: 'PUT', path: '/invoice/eid:in_contract1$' },
      read: { method: 'GET', path: '/invoice/eid:in_contract1$' },
      // It looks after every posting.
      tells: { reset_after: 'settled' },
      retryAfterSeconds: 7,
    },
  ],
  crowd: {
    kind: 'customer',
    roots: crowdOf('customer', 'cus_contract'),
    spoil: (record) => changed(record, { email: `${EMAIL} or ${EMAIL}` }),
    refusal: 'permanent',
  },
  // Books are append-only: a posted document goes by a reversal that a person makes.
  afterRetiring: {
    customer: { isInactive: true },
    invoice: 'refused',
    customerPayment: 'refused',
    creditMemo: 'refused',
    customerRefund: 'refused',
    journalEntry: 'refused',
  },
  credential: 'renewed',
})

describeConnector('salesforce', {
  manifest: salesforce,
  start: startSalesforce,
  roots: [
    ref('customer', 'cus_contract1'),
    ref('product', 'prod_contract'),
    ref('price', 'price_contract'),
    ref('subscription', 'sub_contract1'),
    ref('invoice', 'in_contract1'),
    ref('invoice_payment', 'inpay_contract1'),
    ref('credit_note', 'cn_contract1'),
    ref('refund', 're_contract1'),
    ref('dispute', 'du_contract1'),
    ref('radar.early_fraud_warning', 'issfr_contract'),
    ref('review', 'prv_contract'),
  ],
  targets: [
    {
      root: ref('customer', 'cus_contract1'),
      kind: 'Stripe_Customer__c',
      write: { method: 'PATCH', path: '/composite/sobjects/Stripe_Customer__c/' },
      read: { method: 'GET', path: '/query' },
      // Salesforce names no time; too many calls at once clear in seconds.
      retryAfterSeconds: 15,
    },
    {
      root: ref('invoice', 'in_contract1'),
      kind: 'Stripe_Invoice__c',
      write: { method: 'PATCH', path: '/composite/sobjects/Stripe_Invoice__c/' },
      read: { method: 'GET', path: '/query' },
      retryAfterSeconds: 15,
    },
  ],
  crowd: {
    kind: 'Stripe_Customer__c',
    roots: crowdOf('customer', 'cus_contract'),
    spoil: (record) => changed(record, { Email__c: `${EMAIL} or ${EMAIL}` }),
    refusal: 'permanent',
  },
  afterRetiring: {
    Account: 'kept',
    Stripe_Customer__c: { Deleted__c: true },
    Product2: { IsActive: false },
    Stripe_Price__c: { Active__c: false, Deleted__c: true },
    Stripe_Subscription__c: 'kept',
    Stripe_Subscription_Item__c: 'absent',
    Stripe_Invoice__c: { Deleted__c: true },
    Stripe_Payment__c: { Status__c: 'canceled' },
    Stripe_Credit_Note__c: 'kept',
    Stripe_Refund__c: 'kept',
    Stripe_Dispute__c: 'kept',
    // A person's work.
    Case: 'kept',
  },
  credential: 'renewed',
})

describe('the registry', () => {
  it('has every projecting connector in this contract, and no two of a name', () => {
    const projecting = registry.filter(({ style }) => style === 'projection')
    expect(projecting).toEqual([taxHold, avalara, netsuite, salesforce])
    const names = registry.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
  })

  it('lets money move before people look at it: tax, then books, then the rest', () => {
    const byOrder = [...registry].sort((a, b) => a.resumeOrder - b.resumeOrder).map(({ name }) => name)
    expect(byOrder.slice(0, 4)).toEqual(['tax-hold', 'avalara', 'netsuite', 'salesforce'])
  })
})
