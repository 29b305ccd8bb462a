import { describe, expect, it } from 'vitest'
import { item, price, subscription } from './fixtures.ts'
import { divideHalfEven, itemMrrMinor, subscriptionMrrMinor } from './mrr.ts'

const recurring = (interval: string, intervalCount = 1, usageType = 'licensed') => ({
  interval,
  interval_count: intervalCount,
  usage_type: usageType,
})

const monthly = (priceFields: object, quantity = 1) =>
  itemMrrMinor(item({ price: price(priceFields), quantity }), [])

describe('monthly recurring revenue', () => {
  it('brings every interval to a month', () => {
    expect(monthly({ unit_amount_decimal: '120000', recurring: recurring('year') })).toBe(10_000n)
    expect(monthly({ unit_amount_decimal: '1200', recurring: recurring('week') })).toBe(5200n)
    expect(monthly({ unit_amount_decimal: '1200', recurring: recurring('day') })).toBe(36_500n)
    expect(monthly({ unit_amount_decimal: '3000', recurring: recurring('month', 3) })).toBe(1000n)
    expect(monthly({ unit_amount_decimal: '2000' }, 3)).toBe(6000n)
  })

  it('rounds half to the even cent, per item', () => {
    expect(monthly({ unit_amount_decimal: '6', recurring: recurring('year') })).toBe(0n)
    expect(monthly({ unit_amount_decimal: '18', recurring: recurring('year') })).toBe(2n)
    expect(monthly({ unit_amount_decimal: '100000', recurring: recurring('year') })).toBe(8333n)
    expect(divideHalfEven(-5n, 2n)).toBe(-2n)
    expect(divideHalfEven(-7n, 2n)).toBe(-4n)
  })

  it('keeps fractions of a cent until the quantity is known', () => {
    expect(monthly({ unit_amount: null, unit_amount_decimal: '0.0125' }, 1_000_000)).toBe(12_500n)
  })

  it('counts packs where the price sells by the pack', () => {
    const packs = { unit_amount_decimal: '500', transform_quantity: { divide_by: 10, round: 'up' } }
    expect(monthly(packs, 21)).toBe(1500n)
    expect(monthly({ ...packs, transform_quantity: { divide_by: 10, round: 'down' } }, 21)).toBe(1000n)
  })

  it('leaves out usage, tiers and one-time prices', () => {
    expect(monthly({ recurring: recurring('month', 1, 'metered') })).toBe(0n)
    expect(monthly({ billing_scheme: 'tiered', unit_amount_decimal: null })).toBe(0n)
    expect(monthly({ recurring: null, type: 'one_time' })).toBe(0n)
  })

  it('takes recurring percent discounts off, one after the other, only from their products', () => {
    const discounts = {
      di_all: { percentOff: '10' },
      di_other: { percentOff: '50', products: ['prod_9'] },
      di_item: { percentOff: '33.3333' },
    }
    const both = subscription({ discounts: ['di_all', 'di_other'] }, [
      item({ quantity: 1, price: price({ unit_amount_decimal: '10000' }), discounts: ['di_item'] }),
    ])
    // 100.00 × 0.9 × 0.666667 = 60.00003
    expect(subscriptionMrrMinor(both, both.items.data, discounts)).toBe(6000n)
  })

  it('counts active and past due subscriptions, and no others', () => {
    const of = (status: string) => {
      const one = subscription({ status })
      return subscriptionMrrMinor(one, one.items.data, {})
    }
    expect([
      of('active'),
      of('past_due'),
      of('trialing'),
      of('canceled'),
      of('unpaid'),
      of('paused'),
    ]).toEqual([5997n, 5997n, 0n, 0n, 0n, 0n])
  })
})
