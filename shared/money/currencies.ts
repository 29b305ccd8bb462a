// How many decimals an amount has on Stripe's wire. One table decides for the whole hub.
// Source: https://docs.stripe.com/currencies#zero-decimal, #three-decimal and #special-cases.

/** Charged in whole units: 500 means 500. */
const ZERO_DECIMAL = new Set([
  'BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF',
]) // biome-ignore format: a list reads better in rows

/** Sent in thousandths; Stripe wants the last digit to be 0. */
const THREE_DECIMAL = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])

/**
 * Every other presentment currency of Stripe, sent in hundredths. ISK and UGX have no decimals of their own, yet
 * Stripe keeps two on the wire for backward compatibility ("special cases": always 00). HUF and TWD are two-decimal
 * for charges; only their payouts must be whole.
 */
const TWO_DECIMAL = new Set([
  'AED', 'AFN', 'ALL', 'AMD', 'ANG', 'AOA', 'ARS', 'AUD', 'AWG', 'AZN', 'BAM', 'BBD', 'BDT', 'BGN', 'BMD', 'BND',
  'BOB', 'BRL', 'BSD', 'BWP', 'BYN', 'BZD', 'CAD', 'CDF', 'CHF', 'CNY', 'COP', 'CRC', 'CVE', 'CZK', 'DKK', 'DOP',
  'DZD', 'EGP', 'ETB', 'EUR', 'FJD', 'FKP', 'GBP', 'GEL', 'GIP', 'GMD', 'GTQ', 'GYD', 'HKD', 'HNL', 'HTG', 'HUF',
  'IDR', 'ILS', 'INR', 'ISK', 'JMD', 'KES', 'KGS', 'KHR', 'KYD', 'KZT', 'LAK', 'LBP', 'LKR', 'LRD', 'LSL', 'MAD',
  'MDL', 'MKD', 'MMK', 'MNT', 'MOP', 'MUR', 'MVR', 'MWK', 'MXN', 'MYR', 'MZN', 'NAD', 'NGN', 'NIO', 'NOK', 'NPR',
  'NZD', 'PAB', 'PEN', 'PGK', 'PHP', 'PKR', 'PLN', 'QAR', 'RON', 'RSD', 'RUB', 'SAR', 'SBD', 'SCR', 'SEK', 'SGD',
  'SHP', 'SLE', 'SOS', 'SRD', 'STD', 'SZL', 'THB', 'TJS', 'TOP', 'TRY', 'TTD', 'TWD', 'TZS', 'UAH', 'UGX', 'USD',
  'UYU', 'UZS', 'WST', 'XCD', 'XCG', 'YER', 'ZAR', 'ZMW',
]) // biome-ignore format: a list reads better in rows

/**
 * Decimals of a currency on Stripe's wire; undefined for a code Stripe does not list (the record is parked rather
 * than guessed).
 * @param currency ISO 4217, any case.
 */
export function currencyDecimals(currency: string): 0 | 2 | 3 | undefined {
  const code = currency.toUpperCase()
  if (ZERO_DECIMAL.has(code)) return 0
  if (THREE_DECIMAL.has(code)) return 3
  if (TWO_DECIMAL.has(code)) return 2
  return undefined
}

export const stripeCurrencies = (): string[] => [...ZERO_DECIMAL, ...THREE_DECIMAL, ...TWO_DECIMAL].sort()
