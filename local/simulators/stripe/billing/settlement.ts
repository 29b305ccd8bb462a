// In which currency money reaches the account's balance. A payment in a currency without a bank account of its own is
// converted when it is made, a refund or dispute at the rate of its own day, so that the two need not be equal.
// https://docs.stripe.com/currencies/conversions · https://docs.stripe.com/payouts/multicurrency-settlement
import { invalidRequest } from '../errors.ts'
import { decimalsOf, divideHalfUp, percentOf, scaled } from '../money.ts'
import type { SettlementRule, World } from '../world.ts'

export interface Settled {
  amount: number
  currency: string
  /** `amount of the source × exchangeRate = amount`, both in the integers of the API; null without a conversion. */
  exchangeRate: number | null
  /** In the settlement currency. */
  conversionFee: number
}

/**
 * The rate is told for whole units. Between currencies with different decimals `exchange_rate` is taken to relate the
 * API's integers, as the reference's own example does (1000 × 1.234 = 1234): yen to dollars at 0.0065 is shown as 0.65.
 */
export function settle(world: World, amount: number, currency: string, unconverted = false): Settled {
  const rule = unconverted ? undefined : world.settings.settlement.get(currency)
  if (!rule || rule.into === currency) return { amount, currency, exchangeRate: null, conversionFee: 0 }
  const { digits, scale } = scaled(rule.rate)
  const shift = decimalsOf(rule.into) - decimalsOf(currency)
  const numerator = digits * 10n ** BigInt(Math.max(shift, 0))
  const denominator = scale * 10n ** BigInt(Math.max(-shift, 0))
  const settled = Number(divideHalfUp(BigInt(amount) * numerator, denominator))
  return {
    amount: settled,
    currency: rule.into,
    exchangeRate: Number(shiftPoint(rule.rate, shift)),
    conversionFee: rule.feePercent === undefined ? 0 : percentOf(settled, rule.feePercent),
  }
}

export function setSettlement(world: World, currency: string, rule: SettlementRule | null): void {
  if (rule === null) {
    world.settings.settlement.delete(currency)
    return
  }
  if (!/^\d+(\.\d+)?$/.test(rule.rate) || /^0(\.0+)?$/.test(rule.rate)) {
    throw invalidRequest(`Not a rate: ${rule.rate}`, { param: 'rate' })
  }
  world.settings.settlement.set(currency, rule)
}

/** A decimal with its point moved to the right (or left): '0.0065' by 2 is '0.65'. */
function shiftPoint(decimal: string, places: number): string {
  const [whole = '0', fraction = ''] = decimal.split('.')
  const at = whole.length + places
  const padded = `${'0'.repeat(Math.max(0, 1 - at))}${whole}${fraction}`.padEnd(Math.max(at, 1), '0')
  const point = Math.max(at, 1)
  return padded.length > point ? `${padded.slice(0, point)}.${padded.slice(point)}` : padded
}
