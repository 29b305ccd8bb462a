// What is charged where, and what the answer says about why, through the real SDK.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Account,
  BERLIN,
  BERLIN_SELLER,
  type Body,
  document,
  LOS_ANGELES,
  openAccount,
  SELLER,
} from './client.fixture.ts'

let account: Account

beforeAll(async () => {
  account = await openAccount()
})

afterAll(() => account.server.close())

const estimate = (shipTo: Body, amount: number, extra: Body = {}, line: Body = {}) =>
  account.client.createTransaction({ model: document(shipTo, amount, extra, line) })

const NEW_YORK = { city: 'New York', region: 'NY', country: 'US', postalCode: '10001' }
const VIENNA = { city: 'Wien', country: 'AT', postalCode: '1010' }

describe('rates', () => {
  it('are one detail a jurisdiction in the US, each rounded to cents', async () => {
    const answer = await estimate(LOS_ANGELES, 100.1)
    expect(answer).toMatchObject({
      type: 'SalesOrder',
      status: 'Temporary',
      totalAmount: 100.1,
      totalTaxable: 100.1,
      totalExempt: 0,
      totalTax: 9.76,
      totalTaxCalculated: 9.76,
      country: 'US',
      region: 'CA',
    })
    expect(
      answer.lines?.[0]?.details?.map(({ jurisType, jurisName, rate, tax }) => [
        jurisType,
        jurisName,
        rate,
        tax,
      ]),
    ).toEqual([
      ['STA', 'CALIFORNIA', 0.06, 6.01],
      ['CTY', 'LOS ANGELES', 0.0025, 0.25],
      ['CIT', 'LOS ANGELES', 0.01, 1],
      ['STJ', 'LOS ANGELES CO LOCAL TAX SL', 0.025, 2.5],
    ])
  })

  it.each([
    ['New York City', NEW_YORK, 99.99, 8.87],
    ['California outside the known cities', { region: 'CA', country: 'US', postalCode: '95814' }, 100, 7.25],
    ['Oregon', { region: 'OR', country: 'US', postalCode: '97201' }, 100, 0],
    ['Montana', { region: 'MT', country: 'US', postalCode: '59601' }, 100, 0],
    ['Germany', BERLIN, 33.33, 6.33],
    ['the United Kingdom', { city: 'London', country: 'GB', postalCode: 'SW1A 1AA' }, 10.01, 2],
    ['Kuwait', { city: 'Kuwait City', country: 'KW' }, 10.125, 0],
    ['Quebec', { city: 'Montreal', region: 'QC', country: 'CA', postalCode: 'H2X 1Y4' }, 100, 14.98],
  ])('%s', async (_name, shipTo, amount, tax) => {
    expect((await estimate(shipTo, amount)).totalTax).toBe(tax)
  })

  it('leave decimals in yen, unless the account rounds by currency', async () => {
    const tokyo = { city: 'Tokyo', country: 'JP', postalCode: '100-0001' }
    expect((await estimate(tokyo, 1005, { currencyCode: 'JPY' })).totalTax).toBe(100.5)
    const rounding = await openAccount({ taxDecimals: 'currency' })
    const model = document(tokyo, 1005, { currencyCode: 'JPY' })
    expect((await rounding.client.createTransaction({ model })).totalTax).toBe(101)
    await rounding.server.close()
  })

  it('are those of the tax date', async () => {
    const tallinn = { city: 'Tallinn', country: 'EE', postalCode: '10111' }
    const before = { type: 'TaxDate', taxDate: '2025-06-30', reason: 'Return' }
    expect((await estimate(tallinn, 100)).totalTax).toBe(24)
    expect(await estimate(tallinn, 100, { taxOverride: before })).toMatchObject({
      totalTax: 22,
      taxDate: '2025-06-30',
      date: '2026-05-01',
    })
  })

  it('keep sums of many lines free of float errors', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => ({ number: String(index + 1), amount: 0.1 }))
    const answer = await estimate(BERLIN, 0, { lines })
    expect([answer.totalAmount, answer.totalTax]).toEqual([3, 0.6])
    expect(answer.summary).toMatchObject([{ jurisName: 'GERMANY', taxable: 3, tax: 0.6, rate: 0.19 }])
  })
})

describe('a line', () => {
  it('that includes tax comes back net', async () => {
    const answer = await estimate(BERLIN, 100, {}, { taxIncluded: true })
    expect(answer).toMatchObject({ totalAmount: 84.03, totalTax: 15.97 })
    expect(answer.lines).toMatchObject([{ lineAmount: 84.03, tax: 15.97, taxIncluded: true }])
  })

  it('with a tax amount override charges that amount, and still says what it calculated', async () => {
    const taxOverride = { type: 'TaxAmount', taxAmount: 9, reason: 'As charged by Stripe' }
    const answer = await estimate(LOS_ANGELES, 100, {}, { taxOverride })
    expect(answer).toMatchObject({ totalTax: 9, totalTaxCalculated: 9.75 })
    expect(answer.lines?.[0]?.details?.map(({ tax }) => tax)).toEqual([5.54, 0.23, 0.92, 2.31])
    await expect(
      estimate(LOS_ANGELES, 100, {}, { taxOverride: { type: 'TaxAmount', taxAmount: 9 } }),
    ).rejects.toMatchObject({ code: 'ValueRequiredError' })
  })

  it('can have an address of its own', async () => {
    const addresses = { shipFrom: SELLER, shipTo: BERLIN }
    expect((await estimate(LOS_ANGELES, 100, {}, { addresses })).totalTax).toBe(19)
  })

  it('may be negative', async () => {
    expect(await estimate(BERLIN, -10, { type: 'ReturnOrder' })).toMatchObject({
      totalAmount: -10,
      totalTax: -1.9,
    })
  })
})

describe('nothing is charged', () => {
  it.each([
    ['exemption number', { exemptionNo: 'CERT-1' }],
    ['entity use code', { entityUseCode: 'A' }],
  ])('to an exempt customer (%s)', async (_name, extra) => {
    const answer = await estimate(LOS_ANGELES, 100, extra)
    expect(answer).toMatchObject({ totalTax: 0, totalExempt: 100, totalTaxable: 0 })
    expect(answer.lines?.[0]?.details?.[0]).toMatchObject({ exemptAmount: 100, nonTaxableAmount: 0, tax: 0 })
  })

  it('without nexus', async () => {
    const answer = await estimate({ region: 'NV', country: 'US', postalCode: '89101' }, 100)
    expect(answer).toMatchObject({ totalTax: 0, totalExempt: 100 })
    expect(answer.lines?.[0]?.details).toMatchObject([
      { nonTaxableAmount: 100, nonTaxableType: 'NexusRule', exemptAmount: 0, rate: 0 },
    ])
  })

  it('for a tax code that is taxed nowhere', async () => {
    const answer = await estimate(LOS_ANGELES, 100, {}, { taxCode: 'NT' })
    expect(answer.totalTax).toBe(0)
    expect(answer.lines?.[0]?.details?.[0]).toMatchObject({ nonTaxableType: 'ProductTaxabilityRule' })
  })

  it('to a business in another EU country with a VAT number of that country', async () => {
    const addresses = { shipFrom: BERLIN_SELLER, shipTo: VIENNA }
    const buy = (businessIdentificationNo: string) =>
      estimate(VIENNA, 100, { addresses, businessIdentificationNo })
    const answer = await buy('ATU12345678')
    expect(answer).toMatchObject({ totalTax: 0, invoiceMessages: [{ lineNumbers: ['1'] }] })
    expect(answer.lines?.[0]?.details).toMatchObject([{ rateType: 'Zero', nonTaxableAmount: 100 }])
    expect((await buy('ATU1')).totalTax).toBe(20)
    expect((await buy('FR12345678901')).totalTax).toBe(20)
    const athens = { city: 'Athina', country: 'GR', postalCode: '10431' }
    expect((await estimate(athens, 100, { businessIdentificationNo: 'EL123456789' })).totalTax).toBe(0)
  })

  it('but to a domestic business, whatever its VAT number', async () => {
    const addresses = { shipFrom: BERLIN_SELLER, shipTo: BERLIN }
    const answer = await estimate(BERLIN, 100, { addresses, businessIdentificationNo: 'DE123456789' })
    expect(answer.totalTax).toBe(19)
  })
})

describe('an address', () => {
  it('needs no right city where state and ZIP code agree', async () => {
    expect(
      (await estimate({ city: 'Bainbrid', region: 'WA', country: 'US', postalCode: '98110' }, 100)).totalTax,
    ).toBe(9.2)
  })

  it.each([
    [
      'a ZIP code of another state',
      { region: 'WA', country: 'US', postalCode: '43256' },
      'GetTaxError',
      'JurisdictionNotFoundError',
    ],
    ['a country alone', { country: 'DE' }, 'GetTaxError', 'TaxAddressError'],
    ['no country', { city: 'Berlin' }, 'GetTaxError', 'TaxAddressError'],
    ['an unknown country', { country: 'XX', city: 'Atlantis' }, 'GetTaxError', 'CountryError'],
    [
      'a city that does not exist',
      { country: 'DE', city: 'Berlinn', postalCode: '10117' },
      'InvalidAddress',
      undefined,
    ],
  ])('is refused for %s', async (_name, shipTo, code, faultSubCode) => {
    const error = await estimate(shipTo, 100).then(
      () => 'answered',
      (refusal) => refusal,
    )
    expect(error).toMatchObject({ code })
    expect(error.details[0].faultSubCode).toBe(faultSubCode)
  })

  it('must be there', async () => {
    await expect(estimate(BERLIN, 100, { addresses: { shipFrom: SELLER } })).rejects.toMatchObject({
      code: 'MissingAddress',
      details: [{ number: 304 }],
    })
  })

  it('is resolved in the US, with a message instead of an error when it cannot be', async () => {
    const { client } = account
    expect(await client.resolveAddress(LOS_ANGELES)).toMatchObject({
      validatedAddresses: [{ city: 'LOS ANGELES', region: 'CA' }],
      resolutionQuality: 'Intersection',
    })
    expect(await client.resolveAddressPost({ model: { ...LOS_ANGELES, region: 'WA' } })).toMatchObject({
      resolutionQuality: 'NotCoded',
      messages: [{ severity: 'Error', summary: 'Unable to determine the taxing jurisdictions.' }],
    })
    expect(await client.resolveAddressPost({ model: BERLIN })).toMatchObject({
      messages: [{ summary: 'Country not supported.' }],
    })
  })
})
