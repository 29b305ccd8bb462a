// What changes a calculation beside the document itself: content that is corrected, certificates on file, and addresses
// that the post knows better. Through the real SDK.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Account, BERLIN, type Body, document, LOS_ANGELES, openAccount } from './client.fixture.ts'

let account: Account
beforeEach(async () => {
  account = await openAccount()
})
afterEach(() => account.server.close())

const estimate = (shipTo: Body, amount: number, extra: Body = {}) =>
  account.client.createTransaction({ model: document(shipTo, amount, extra) })

describe('content that changes between estimate and commit', () => {
  it('gives another tax to the same question, and leaves what was charged where it is overridden', async () => {
    expect((await estimate(BERLIN, 100)).totalTax).toBe(19)
    account.simulator.changeRate({ country: 'DE', percent: '21' })
    const recorded = { type: 'SalesInvoice', code: 'in_1', commit: true }
    expect(await estimate(BERLIN, 100, recorded)).toMatchObject({ totalTax: 21, totalTaxCalculated: 21 })
    const taxOverride = { type: 'TaxAmount', taxAmount: 19, reason: 'As charged' }
    const lines = [{ number: '1', amount: 100, taxOverride }]
    expect(await estimate(BERLIN, 100, { ...recorded, code: 'in_2', lines })).toMatchObject({
      totalTax: 19,
      totalTaxCalculated: 21,
    })
  })

  it('can be one jurisdiction of a state, from a day on, and asked for over HTTP', async () => {
    const change = { country: 'US', region: 'CA', jurisdiction: 'LOS ANGELES CO LOCAL TAX SL', percent: '3' }
    const post = (body: object) =>
      fetch(`${account.server.url}/_simulator/rates`, {
        method: 'POST',
        body: JSON.stringify(body),
      })
    expect((await post({ ...change, from: '2026-05-02' })).status).toBe(200)
    expect((await post({ ...change, percent: 'much' })).status).toBe(400)
    expect((await estimate(LOS_ANGELES, 100)).totalTax).toBe(9.75)
    expect((await estimate(LOS_ANGELES, 100, { date: '2026-05-02' })).totalTax).toBe(10.25)
  })
})

describe('an exemption certificate', () => {
  const certify = (extra: Body = {}) =>
    fetch(`${account.server.url}/api/v2/companies/7654321/certificates`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('1100000001:key').toString('base64')}` },
      body: JSON.stringify([
        {
          signedDate: '2026-01-01',
          expirationDate: '2026-12-31',
          exemptionReason: { name: 'RESALE' },
          exposureZone: { name: 'California' },
          customers: [{ customerCode: 'cus_1' }],
          ...extra,
        },
      ]),
    })

  it('exempts this customer, in this state, while it holds', async () => {
    expect((await certify()).status).toBe(201)
    const exempt = await estimate(LOS_ANGELES, 100)
    expect(exempt).toMatchObject({ totalTax: 0, totalExempt: 100, lines: [{ exemptCertId: 1 }] })
    expect(exempt.lines?.[0]?.details?.[0]).toMatchObject({ exemptAmount: 100, tax: 0 })
    expect((await estimate(LOS_ANGELES, 100, { date: '2027-01-01' })).totalTax).toBe(9.75)
    expect((await estimate(LOS_ANGELES, 100, { customerCode: 'cus_2' })).totalTax).toBe(9.75)
    expect((await estimate(BERLIN, 100)).totalTax).toBe(19)
    expect((await estimate(LOS_ANGELES, 100, { entityUseCode: 'TAXABLE' })).totalTax).toBe(9.75)
  })

  it('is listed with its customer, and refused without what it must say', async () => {
    await certify()
    const of = (customerCode: string) =>
      account.client.listCertificatesForCustomer({ companyId: 7_654_321, customerCode })
    expect((await of('cus_1')).value).toMatchObject([
      { id: 1, valid: true, exemptionReason: { name: 'RESALE' } },
    ])
    expect((await of('cus_2')).value).toEqual([])
    expect((await certify({ exposureZone: { name: 'Nowhere' } })).status).toBe(400)
    expect(await (await certify({ signedDate: undefined })).json()).toMatchObject({
      error: { code: 'ValueRequiredError' },
    })
  })
})

describe('an address', () => {
  it('without a postal code gets the one of its street, and with it the rates of its town', async () => {
    const partial = { line1: '2000 main', city: 'Irvine', region: 'CA', country: 'US' }
    expect(await account.client.resolveAddress(partial)).toMatchObject({
      validatedAddresses: [{ line1: '2000 MAIN', city: 'IRVINE', postalCode: '92614-7211' }],
    })
    const town = { line1: '200 N Spring St', city: 'Los Angeles', region: 'CA', country: 'US' }
    expect((await estimate(town, 100)).totalTax).toBe(7.25)
    expect((await estimate({ ...town, postalCode: '90012-3308' }, 100)).totalTax).toBe(9.75)
  })

  it('that no post delivers to is answered with a message, not with an address', async () => {
    const answer = await account.client.resolveAddress({
      line1: '1 Main St',
      city: 'Nowhere',
      region: 'CA',
      country: 'US',
      postalCode: '90012',
    })
    expect(answer).toMatchObject({
      resolutionQuality: 'NotCoded',
      messages: [{ summary: 'The address is not deliverable.', refersTo: 'address', severity: 'Error' }],
    })
  })

  it('in a city that nobody finds is calculated by its postal code alone', async () => {
    const wrong = { city: 'Berlinn', country: 'DE', postalCode: '10115' }
    await expect(estimate(wrong, 100)).rejects.toMatchObject({ code: 'InvalidAddress' })
    expect((await estimate({ country: 'DE', postalCode: '10115' }, 100)).totalTax).toBe(19)
  })
})
