import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { avalaraConfigSchema } from './config.ts'
import { addressOfCustomer } from './tax-address.ts'
import { standingOfCustomer, standingOfInvoice } from './tax-standing.ts'

const { exemption } = avalaraConfigSchema.parse({
  companyCode: 'ACME',
  sellerAddress: { country: 'IE' },
  timeZone: 'Europe/Dublin',
})
const vat = (status: string, value = 'DE123456789', country = 'DE') => ({
  type: 'eu_vat',
  value,
  country,
  created: 1,
  verification: { status },
})
const customer = (tax_exempt: string, taxIds: object[], metadata: object = {}) =>
  ({ tax_exempt, metadata, tax_ids: { data: taxIds } }) as unknown as Stripe.Customer

test.each(['pending', 'unverified', 'unavailable'])('a VAT number that is %s is not sent', (status) => {
  expect(standingOfCustomer(customer('none', [vat(status)]), 'DE', exemption)).toEqual({ why: 'ordinary' })
})

test('a verified number is sent; of several, the one of the ship-to country', () => {
  const several = customer('none', [vat('verified', 'FR12345678901', 'FR'), vat('verified')])
  expect(standingOfCustomer(several, 'DE', exemption)).toEqual({
    why: 'ordinary',
    businessIdentificationNo: 'DE123456789',
  })
})

test('exempt and reverse are the seller’s word, with the customer’s own numbers where given', () => {
  expect(
    standingOfCustomer(
      customer('exempt', [], { avatax_exemption_no: 'CERT-7', avatax_entity_use_code: 'E' }),
      'US',
      exemption,
    ),
  ).toEqual({
    why: 'exempt',
    entityUseCode: 'E',
    exemptionNo: 'CERT-7',
  })
  expect(standingOfCustomer(customer('reverse', [vat('pending')]), 'DE', exemption)).toEqual({
    why: 'reverse',
    exemptionNo: 'REVERSE-CHARGE',
  })
  expect(standingOfCustomer(customer('reverse', [vat('verified')]), 'DE', exemption)).toEqual({
    why: 'reverse',
    businessIdentificationNo: 'DE123456789',
  })
})

test('a snapshot’s VAT number counts only beside a line under reverse charge', () => {
  const snapshot = {
    customer_tax_exempt: 'none',
    customer_tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }],
  } as Stripe.Invoice
  expect(standingOfInvoice(snapshot, ['standard_rated'], exemption)).toEqual({ why: 'ordinary' })
  expect(standingOfInvoice(snapshot, ['reverse_charge'], exemption)).toEqual({
    why: 'reverse',
    businessIdentificationNo: 'DE123456789',
  })
})

test('shipping comes before billing, unless it has no country; streets are cut to AvaTax’s limit', () => {
  const billing = {
    line1: 'x'.repeat(60),
    line2: null,
    city: ' Berlin ',
    state: '',
    postal_code: '10115',
    country: 'de',
  }
  const customerAt = (shipping: object | null) =>
    ({ address: billing, shipping }) as unknown as Stripe.Customer
  expect(addressOfCustomer(customerAt(null))).toEqual({
    line1: 'x'.repeat(50),
    city: 'Berlin',
    postalCode: '10115',
    country: 'DE',
  })
  expect(
    addressOfCustomer(customerAt({ address: { ...billing, line1: 'Dock 4', country: 'NL' } })),
  ).toMatchObject({
    line1: 'Dock 4',
    country: 'NL',
  })
  expect(addressOfCustomer(customerAt({ address: { ...billing, country: null } }))).toMatchObject({
    country: 'DE',
  })
  expect(addressOfCustomer(undefined)).toBeUndefined()
})
