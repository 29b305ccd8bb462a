import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currencyDecimals, stripeCurrencies } from './currencies.ts'
import { addMoney, allocate, fromDecimal, money, toDecimal, toWireNumber } from './money.ts'

const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })
const currencies = fc.constantFrom(...stripeCurrencies())

describe('the currency table', () => {
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['GBP', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['VND', 0],
    ['XPF', 0],
    ['KWD', 3],
    ['BHD', 3],
    ['JOD', 3],
    ['OMR', 3],
    ['TND', 3],
    ['HUF', 2],
    ['TWD', 2],
  ])('%s has %i decimals', (currency, decimals) => {
    expect(currencyDecimals(currency)).toBe(decimals)
    expect(currencyDecimals(currency.toLowerCase())).toBe(decimals)
  })

  it('keeps Stripe’s special cases: ISK and UGX travel with two decimals that are always 00', () => {
    expect(toDecimal(money(500_00, 'isk'))).toBe('500.00')
    expect(toDecimal(money(500_00, 'ugx'))).toBe('500.00')
  })

  it('knows every currency once, and refuses to guess one it does not know', () => {
    expect(new Set(stripeCurrencies()).size).toBe(stripeCurrencies().length)
    expect(() => money(1, 'XXX')).toThrow('The currency "XXX" is not one that Stripe lists')
  })
})

describe('major units', () => {
  it.each([
    [1190n, 'EUR', '11.90'],
    [5n, 'EUR', '0.05'],
    [-5n, 'EUR', '-0.05'],
    [0n, 'USD', '0.00'],
    [500n, 'JPY', '500'],
    [12_340n, 'KWD', '12.340'],
    [-10n, 'KWD', '-0.010'],
  ])('%i minor units of %s are %s', (amountMinor, currency, decimal) => {
    expect(toDecimal({ amountMinor, currency })).toBe(decimal)
    expect(fromDecimal(decimal, currency)).toEqual({ amountMinor, currency })
  })

  it.each([
    ['11.9', 'EUR', 1190n],
    ['11.900', 'EUR', 1190n],
    ['1.19E1', 'EUR', 1190n],
    [11.9, 'EUR', 1190n],
    ['+7', 'JPY', 7n],
    ['7.000', 'JPY', 7n],
    [1e21, 'JPY', 10n ** 21n],
  ])('reads %s %s', (value, currency, amountMinor) => {
    expect(fromDecimal(value, currency).amountMinor).toBe(amountMinor)
  })

  it.each([
    ['11.905', 'EUR'],
    ['0.5', 'JPY'],
    ['1.2345', 'KWD'],
    ['', 'EUR'],
    ['1,000', 'EUR'],
    ['NaN', 'EUR'],
  ])('refuses %s %s: a fraction of a cent is never rounded away', (value, currency) => {
    expect(() => fromDecimal(value, currency)).toThrow()
  })

  it('round-trips every amount of every currency', () => {
    fc.assert(
      fc.property(amounts, currencies, (amountMinor, currency) => {
        expect(fromDecimal(toDecimal({ amountMinor, currency }), currency)).toEqual({ amountMinor, currency })
      }),
    )
  })

  it('becomes a JSON number only where its decimals survive', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), currencies, (amountMinor, currency) => {
        const wire = JSON.stringify(toWireNumber({ amountMinor, currency }))
        expect(fromDecimal(wire, currency).amountMinor).toBe(amountMinor)
      }),
    )
    expect(() => toWireNumber({ amountMinor: 2n ** 60n + 1n, currency: 'USD' })).toThrow('without loss')
  })
})

describe('sums and shares', () => {
  it('allocates without losing or making a cent, and never more than one away from the exact share', () => {
    fc.assert(
      fc.property(
        amounts,
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 60 }),
        (amount, weights) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0n)
          fc.pre(total > 0n)
          const parts = allocate(amount, weights)
          expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amount)
          parts.forEach((part, index) => {
            const off = part * total - amount * (weights[index] ?? 0n)
            expect(off < total && off > -total).toBe(true)
          })
        },
      ),
    )
  })

  it('gives the odd cents to the largest remainders, the earlier one on a tie', () => {
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n])
    expect(allocate(-100n, [1n, 1n, 1n])).toEqual([-34n, -33n, -33n])
    expect(allocate(5n, [50n, 30n, 20n])).toEqual([3n, 1n, 1n])
    expect(() => allocate(5n, [0n])).toThrow()
  })

  it('never adds two currencies, and never takes a fraction for minor units', () => {
    expect(addMoney(money(1, 'EUR'), money(2, 'eur')).amountMinor).toBe(3n)
    expect(() => addMoney(money(1, 'EUR'), money(2, 'USD'))).toThrow()
    expect(() => money(1.5, 'EUR')).toThrow()
  })
})
