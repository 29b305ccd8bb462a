// The tax entry of a line that comes to zero: "untaxed" is not "zero", so it says why. Pure.
import type { LineAnswer } from './answer.ts'
import type { AskedLine, RateData, Terms } from './calculation.ts'

/**
 * Why a line comes to zero. AvaTax names no such reason, so it is told from what we sent and what it answered: the
 * customer's standing first, then the rule by which AvaTax did not tax, then the rates.
 */
export function zeroEntry(line: AskedLine, found: LineAnswer, terms: Terms) {
  const details = found.details ?? []
  const reason = zeroReason(line, found, terms)
  const names: Record<string, string> = {
    customer_exempt: 'Tax exempt',
    reverse_charge: 'Reverse charge',
    product_exempt: 'Not taxable',
    zero_rated: 'Zero rated',
    not_subject_to_tax: 'No tax',
    not_collecting: 'No tax',
    standard_rated: 'Tax',
  }
  const country = details[0]?.country
  const rate: RateData = {
    name: names[reason] ?? 'No tax',
    percentage: '0',
    inclusive: line.inclusive,
    ...(country && { country }),
  }
  const taxable = reason === 'zero_rated' || reason === 'reverse_charge' ? line.baseMinor : 0n
  return { rate, amount: '0', taxable: taxable.toString(), reason }
}

function zeroReason(line: AskedLine, found: LineAnswer, { standing, crossBorderEu }: Terms): string {
  if (standing.why === 'exempt') return 'customer_exempt'
  if (standing.why === 'reverse') return 'reverse_charge'
  if (line.baseMinor === 0n) return 'not_subject_to_tax'
  const details = found.details ?? []
  const untaxedBy = (rule: string) => details.some(({ nonTaxableType }) => nonTaxableType === rule)
  if (details.length === 0 || untaxedBy('NexusRule')) return 'not_collecting'
  if (untaxedBy('ProductTaxabilityRule')) return 'product_exempt'
  const rated = details.some(({ rate }) => rate !== 0)
  if (standing.businessIdentificationNo !== undefined && !rated && crossBorderEu) return 'reverse_charge'
  // AvaTax knows a certificate that Stripe does not.
  if (details.some(({ exemptAmount }) => (exemptAmount ?? 0) !== 0)) return 'customer_exempt'
  // Rated, yet too small to come to a cent.
  return rated ? 'standard_rated' : 'zero_rated'
}
