// One tax calculation: lines of a document → tax a line and a jurisdiction. Pure; documents.ts records the result.
//
// Readings taken, where a live account may differ:
// - Tax is rounded for each line and jurisdiction, half away from zero, to two decimals whatever the currency. Yen
//   results can therefore have decimals. `taxDecimals` changes it.
// - A line whose amount includes tax comes back net: lineAmount + tax = the amount sent.
// - What is not taxed stands in the line's exemptAmount; the detail says why: exemptAmount (customer exempt),
//   nonTaxableAmount with nonTaxableType NexusRule (no nexus), ProductTaxabilityRule (tax code) or BaseRule with
//   rateType Zero (reverse charge).
// - A TaxAmount override keeps the sign it is given: a return needs a negative one.
import { type Addresses, isVatIdOf, type Place } from './addresses.ts'
import type { Certificates } from './certificates.ts'
import { allocate, fromNumber, type Millionths, multiplyRounded, sum, ZERO } from './decimals.ts'
import { AvaTaxRefused } from './errors.ts'
import type { Address, LineInput, TaxOverride, TransactionInput } from './model.ts'
import { euMembers, type Jurisdiction, percentOn } from './rates.ts'

/** A country, or a state or province of it, in which the company must collect tax. */
export interface Nexus {
  country: string
  region?: string
}

export type Reason = 'taxable' | 'exempt' | 'reverse_charge' | 'no_nexus' | 'not_taxable'

export interface CalculatedDetail {
  jurisdiction: Jurisdiction
  rate: Millionths
  taxable: Millionths
  exempt: Millionths
  nonTaxable: Millionths
  tax: Millionths
  taxCalculated: Millionths
}

export interface CalculatedLine {
  input: LineInput
  number: string
  place: Place
  reason: Reason
  /** Without tax, also when the amount sent included it. */
  amount: Millionths
  tax: Millionths
  taxCalculated: Millionths
  taxDate: string
  override: TaxOverride | undefined
  /** Of the exemption certificate on file; 0: none was used. */
  certificateId: number
  details: CalculatedDetail[]
}

export interface CalculationSettings {
  nexus: readonly Nexus[]
  addresses: Addresses
  certificates: Certificates
  taxDecimals: number | 'currency'
}

/** https://taxcode.avatax.avalara.com: NT and its kin are taxed nowhere. */
const NON_TAXABLE_TAX_CODES = new Set(['NT'])
/** ISO 4217 currencies whose minor unit is not a hundredth. */
const CURRENCY_DECIMALS: Record<string, number> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
}

export const calculate = (model: TransactionInput, settings: CalculationSettings): CalculatedLine[] => {
  const decimals =
    settings.taxDecimals === 'currency'
      ? (CURRENCY_DECIMALS[model.currencyCode.toUpperCase()] ?? 2)
      : settings.taxDecimals
  const lines = model.lines.map((line, index) => calculateLine(model, line, index, settings, decimals))
  // A TaxAmount on the document is spread over its lines by their amounts.
  const override = model.taxOverride
  if (override?.type === 'TaxAmount') {
    const parts = allocate(
      fromNumber(override.taxAmount ?? 0),
      lines.map(({ amount }) => amount),
      decimals,
    )
    for (const [index, line] of lines.entries()) overrideTax(line, parts[index] ?? ZERO, decimals)
  }
  return lines
}

const calculateLine = (
  model: TransactionInput,
  line: LineInput,
  index: number,
  settings: CalculationSettings,
  decimals: number,
): CalculatedLine => {
  const number = line.number ?? String(index + 1)
  const { from, to } = endsOf(model, line, number)
  const origin = settings.addresses.locate(from, `${number}.shipFrom`)
  const place = settings.addresses.locate(to, `${number}.shipTo`)
  const override = line.taxOverride ?? model.taxOverride
  const taxDate = override?.type === 'TaxDate' ? (override.taxDate ?? model.date) : model.date
  const certificate = settings.certificates.find(model.customerCode, place, taxDate)
  const reason = reasonFor(model, line, {
    origin,
    place,
    nexus: settings.nexus,
    certified: certificate !== undefined,
  })
  const rates = place.jurisdictions.map((jurisdiction) =>
    reason === 'taxable' || reason === 'exempt'
      ? multiplyRounded(fromNumber(percentOn(jurisdiction, taxDate)), 10_000n, 6)
      : ZERO,
  )
  const sent = fromNumber(line.amount)
  const charged = reason === 'taxable' ? rates : rates.map(() => ZERO)
  const amount = line.taxIncluded
    ? multiplyRounded(sent, 1_000_000n, decimals, 1_000_000n + sum(charged))
    : sent
  const taxes = line.taxIncluded
    ? allocate(sent - amount, charged, decimals)
    : charged.map((rate) => multiplyRounded(amount, rate, decimals))
  const details = place.jurisdictions.map((jurisdiction, at): CalculatedDetail => {
    const tax = taxes[at] ?? ZERO
    return {
      jurisdiction,
      rate: rates[at] ?? ZERO,
      taxable: reason === 'taxable' ? amount : ZERO,
      exempt: reason === 'exempt' ? amount : ZERO,
      nonTaxable: reason === 'taxable' || reason === 'exempt' ? ZERO : amount,
      tax,
      taxCalculated: tax,
    }
  })
  const tax = sum(taxes)
  const calculated: CalculatedLine = {
    input: line,
    number,
    place,
    reason,
    amount,
    tax,
    taxCalculated: tax,
    taxDate,
    override,
    certificateId: reason === 'exempt' ? (certificate?.id ?? 0) : 0,
    details,
  }
  if (line.taxOverride?.type === 'TaxAmount') {
    overrideTax(calculated, fromNumber(line.taxOverride.taxAmount ?? 0), decimals)
  }
  return calculated
}

/** The charged tax replaces the calculated one; details share it by their calculated tax, or the first takes all. */
const overrideTax = (line: CalculatedLine, tax: Millionths, decimals: number): void => {
  line.tax = tax
  const weights = line.details.map(({ taxCalculated }) => taxCalculated)
  const parts =
    sum(weights) === 0n
      ? line.details.map((_, index) => (index === 0 ? tax : ZERO))
      : allocate(tax, weights, decimals)
  for (const [index, detail] of line.details.entries()) detail.tax = parts[index] ?? ZERO
}

const endsOf = (model: TransactionInput, line: LineInput, number: string): { from: Address; to: Address } => {
  const addresses = line.addresses ?? model.addresses
  const from = addresses?.singleLocation ?? addresses?.shipFrom
  const to = addresses?.singleLocation ?? addresses?.shipTo
  if (from && to) return { from, to }
  throw new AvaTaxRefused(
    'MissingAddress',
    `Line ${number} needs an origin (shipFrom) and a destination (shipTo), or a singleLocation.`,
    { refersTo: 'addresses' },
  )
}

const reasonFor = (
  model: TransactionInput,
  line: LineInput,
  {
    origin,
    place,
    nexus,
    certified,
  }: { origin: Place; place: Place; nexus: readonly Nexus[]; certified: boolean },
): Reason => {
  const useCode =
    line.entityUseCode ?? line.customerUsageType ?? model.entityUseCode ?? model.customerUsageType ?? ''
  // TAXABLE switches every exemption of the customer off.
  const exempt =
    useCode !== 'TAXABLE' &&
    (certified || useCode !== '' || (model.exemptionNo ?? '') !== '' || (line.exemptionCode ?? '') !== '')
  if (exempt || (line.taxOverride ?? model.taxOverride)?.type === 'Exemption') return 'exempt'
  if (NON_TAXABLE_TAX_CODES.has(line.taxCode ?? '')) return 'not_taxable'
  const hasNexus = nexus.some(
    ({ country, region }) => country === place.country && (region === undefined || region === place.region),
  )
  if (!hasNexus) return 'no_nexus'
  // https://knowledge.avalara.com (VAT): a valid VAT number of the buyer's country, supplied from another one.
  const buyerId = line.businessIdentificationNo ?? model.businessIdentificationNo
  if (euMembers.has(place.country) && origin.country !== place.country && isVatIdOf(buyerId, place.country)) {
    return 'reverse_charge'
  }
  return 'taxable'
}
