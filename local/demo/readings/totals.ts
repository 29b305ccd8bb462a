// The five figures that must agree everywhere, and amounts as the readings of the demo understand them: decimal text
// in, bigint minor units out, never a float. Written anew and on purpose not shared with the hub: a mistake in the
// hub's money would otherwise be on both sides of the comparison.

export interface Totals {
  /** With tax: every invoice ever finalized, voided and written-off ones too. */
  invoicedMinor: bigint
  /** Paid InvoicePayments. */
  paidMinor: bigint
  /** Succeeded refunds. */
  refundedMinor: bigint
  /** With tax: credit notes that were not voided. */
  creditedMinor: bigint
  /** In the invoices that `invoicedMinor` counts. */
  taxMinor: bigint
}

/** By currency, upper case. A system that does not know a figure lacks its key. */
export type TotalsByCurrency = Record<string, Partial<Totals>>

export function addTo(
  totals: TotalsByCurrency,
  currency: string,
  key: keyof Totals,
  amountMinor: bigint,
): void {
  const figures = totals[currency] ?? {}
  figures[key] = (figures[key] ?? 0n) + amountMinor
  totals[currency] = figures
}

// https://docs.stripe.com/currencies: how many decimals an amount has in Stripe's integers.
const NO_DECIMALS = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ')
const THREE_DECIMALS = 'BHD JOD KWD OMR TND'.split(' ')

const decimalsOf = (currency: string): number =>
  NO_DECIMALS.includes(currency) ? 0 : THREE_DECIMALS.includes(currency) ? 3 : 2

/**
 * '12.5' in USD is 1250n.
 * @throws RangeError for what is no plain decimal, or has more digits than the currency.
 */
export function parseMinor(decimal: string, currency: string): bigint {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? []
  const decimals = decimalsOf(currency)
  if (whole === '' || /[1-9]/.test(fraction.slice(decimals))) {
    throw new RangeError(`${decimal} is no amount in ${currency}.`)
  }
  const amountMinor = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
  return sign === '-' ? -amountMinor : amountMinor
}

/** 'USD 1190.00'. */
export function formatMinor(amountMinor: bigint, currency: string): string {
  const decimals = decimalsOf(currency)
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(decimals + 1, '0')
  const cut = digits.length - decimals
  const fraction = decimals === 0 ? '' : `.${digits.slice(cut)}`
  return `${currency} ${amountMinor < 0n ? '-' : ''}${digits.slice(0, cut)}${fraction}`
}
