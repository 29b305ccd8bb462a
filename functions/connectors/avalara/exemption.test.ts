// Customers who owe no tax, and those who only say so: what stands on the draft in Stripe. Berlin is taxed at 19 %, Los
// Angeles at 9.75 %.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PLACES, type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

let bench: SimulatorBench
beforeEach(async () => {
  bench = await startSimulatorBench()
})
afterEach(() => bench.close())

const draft = (over: object = {}) => bench.put({ currency: 'eur', ...over })
const stripeInvoice = () => bench.stripePeer.invoice('in_1')

describe('who owes no tax', () => {
  const reasonsAt = async (address: object, customer: object, over: object = {}) => {
    bench.customerAt(address, customer)
    const synced = await bench.sync(draft(over))
    expect(synced.trouble).toBeUndefined()
    await bench.requireStanding(synced)
    return stripeInvoice().lines.data[0]?.taxes.map(
      ({ amount, taxability_reason }) => `${amount} ${taxability_reason}`,
    )
  }
  const vat = (status: string, value = 'DE123456789') => ({
    tax_ids: { data: [{ type: 'eu_vat', value, country: 'DE', created: 1, verification: { status } }] },
  })

  test.each([
    ['verified', '0 reverse_charge'],
    ['pending', '1900 standard_rated'],
    ['unverified', '1900 standard_rated'],
    ['unavailable', '1900 standard_rated'],
  ])('a VAT number that is %s: %s', async (status, expected) => {
    expect(await reasonsAt(PLACES.berlin, vat(status))).toEqual([expected])
  })

  describe('while a VAT number is being verified, where that is configured', () => {
    beforeEach(() => bench.reconfigure({ pendingVatMinutes: 15 }))
    const look = async (address: object, customer: object, over: object = {}) => {
      bench.customerAt(address, customer)
      return (await bench.sync(draft(over))).trouble
    }

    test('the draft waits, and bears no VAT when the number turns out right', async () => {
      expect(await look(PLACES.berlin, vat('pending'))).toMatchObject({
        kind: 'transient',
        code: 'TAX-VAT-PENDING',
        message:
          'in_1 (EUR 100.00) is held, untaxed: the VAT number of customer cus_1 is still being verified. VAT is charged if it is not verified in 15 min.',
        recordOnly: true,
      })
      expect(stripeInvoice().status).toBe('draft')
      expect(await reasonsAt(PLACES.berlin, vat('verified'))).toEqual(['0 reverse_charge'])
    })

    test.each(['unverified', 'unavailable'])(
      'a number that turns out %s is charged VAT at once',
      async (status) => {
        expect(await look(PLACES.berlin, vat(status))).toBeUndefined()
        expect(stripeInvoice().lines.data[0]?.taxes).toMatchObject([{ amount: 1900 }])
      },
    )

    test('after its minutes VAT is charged', async () => {
      bench.clock.advance(15 * 60_000)
      expect(await look(PLACES.berlin, vat('pending'))).toBeUndefined()
      expect(stripeInvoice()).toMatchObject({
        status: 'open',
        lines: { data: [{ taxes: [{ amount: 1900 }] }] },
      })
    })

    test.each<[string, object, object]>([
      [
        'who is in the seller’s own country',
        { ...PLACES.berlin, city: 'Dublin', country: 'IE', postal_code: 'D02' },
        {},
      ],
      ['who is outside the EU', PLACES.losAngeles, {}],
      ['who is exempt anyway', PLACES.berlin, { tax_exempt: 'exempt' }],
    ])('nobody waits for a number of a customer %s', async (_name, address, customer) => {
      expect(await look(address, { ...vat('pending'), ...customer })).toBeUndefined()
      expect(stripeInvoice().status).toBe('open')
    })

    test('a draft that its owner keeps is taxed as things stand', async () => {
      const kept = { auto_advance: false, metadata: { switchyard_hold: 'false' } }
      expect(await look(PLACES.berlin, vat('pending'), kept)).toBeUndefined()
      expect(stripeInvoice()).toMatchObject({
        status: 'draft',
        lines: { data: [{ taxes: [{ amount: 1900 }] }] },
      })
    })
  })

  test('a customer’s use exempts where AvaTax says so, by metadata alone', async () => {
    const resale = { metadata: { avatax_entity_use_code: 'G' } }
    expect(await reasonsAt(PLACES.losAngeles, resale, { currency: 'usd' })).toEqual(['0 customer_exempt'])
  })

  test('a certificate in AvaTax exempts a customer of whom Stripe knows nothing', async () => {
    await fetch(`${bench.server.url}/api/v2/companies/7654321/certificates`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('11:key').toString('base64')}` },
      body: JSON.stringify([
        {
          signedDate: '2026-01-01',
          exemptionReason: { name: 'RESALE' },
          exposureZone: { name: 'California' },
          customers: [{ customerCode: 'cus_1' }],
        },
      ]),
    })
    expect(await reasonsAt(PLACES.losAngeles, {}, { currency: 'usd' })).toEqual(['0 customer_exempt'])
    expect(await reasonsAt(PLACES.berlin, {})).toEqual(['1900 standard_rated'])
  })
})
