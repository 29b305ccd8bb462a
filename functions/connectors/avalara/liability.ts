// The tax that a month's documents in AvaTax declare, by jurisdiction: for the close, which compares it with Stripe's and
// NetSuite's. Read from AvaTax alone, document by document; amounts are exact, and rounded once so that the jurisdictions of
// a currency sum to its documents.
import { money, toDecimal } from '../../../shared/money/money.ts'
import type { DetailAnswer, TransactionAnswer } from './answer.ts'
import type { AvaTax } from './client.ts'
import { chargeStep, exactMinor, roundExact, roundToSum } from './rounding.ts'

export interface JurisdictionTax {
  currency: string
  country: string
  region: string
  /** STA, CTY, CIT, STJ, CNT: AvaTax's own word for the level. */
  level: string
  jurisdiction: string
  taxName: string
  /** Major units: declared, and what AvaTax would have charged at the rates of the tax dates. */
  tax: string
  calculated: string
  taxable: string
  /** Exempt, and not taxable by rule: sold there, and declared without tax. */
  exempt: string
  documents: number
}

export interface CurrencyTax {
  currency: string
  documents: number
  /** Without tax. */
  amount: string
  tax: string
  calculated: string
}

export interface TaxLiability {
  /** 'YYYY-MM' */
  month: string
  currencies: CurrencyTax[]
  jurisdictions: JurisdictionTax[]
  /** Recorded with another tax than AvaTax calculates by more than rounding: what an auditor will ask about. */
  drifted: { code: string; currency: string; tax: string; calculated: string }[]
}

interface Sums {
  tax: bigint
  calculated: bigint
  taxable: bigint
  exempt: bigint
}
interface Group extends Sums {
  detail: DetailAnswer
  documents: Set<string>
}

/**
 * All committed sales and returns dated in the month, filed or not; reversals and replacements of filed documents are
 * documents like others. @throws HubError.
 */
export async function readTaxLiability(avatax: AvaTax, month: string): Promise<TaxLiability> {
  const documents = (await avatax.list(daysOf(month))).filter(
    ({ status, type }) => status === 'Committed' && (type === 'SalesInvoice' || type === 'ReturnInvoice'),
  )
  const byCurrency = [...Map.groupBy(documents, ({ currencyCode }) => currencyCode ?? 'USD')].sort(
    ([a], [b]) => (a < b ? -1 : 1),
  )
  const parts = byCurrency.map(([currency, ofCurrency]) => ({
    currency: totalOf(currency, ofCurrency),
    jurisdictions: jurisdictionsOf(currency, ofCurrency),
    drifted: ofCurrency.flatMap((document) => driftOf(currency, document)),
  }))
  return {
    month,
    currencies: parts.map(({ currency }) => currency),
    jurisdictions: parts.flatMap(({ jurisdictions }) => jurisdictions),
    drifted: parts.flatMap(({ drifted }) => drifted),
  }
}

/** First and last day of a month. */
function daysOf(month: string): { from: string; to: string } {
  const [, year = '', number = ''] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? []
  if (year === '') throw new RangeError(`"${month}" is no month (YYYY-MM).`)
  const last = new Date(Date.UTC(Number(year), Number(number), 0)).getUTCDate()
  return { from: `${month}-01`, to: `${month}-${last}` }
}

function totalOf(currency: string, documents: readonly TransactionAnswer[]): CurrencyTax {
  const total = (pick: (document: TransactionAnswer) => number) =>
    say(roundExact(sum(documents.map((document) => exactMinor(pick(document), currency)))), currency)
  return {
    currency,
    documents: documents.length,
    amount: total(({ totalAmount }) => totalAmount),
    tax: total(({ totalTax }) => totalTax),
    calculated: total(calculatedOf),
  }
}

function jurisdictionsOf(currency: string, documents: readonly TransactionAnswer[]): JurisdictionTax[] {
  const groups = new Map<string, Group>()
  for (const document of documents) {
    for (const detail of (document.lines ?? []).flatMap(({ details }) => details ?? [])) {
      const group = groups.get(keyOf(detail)) ?? { detail, documents: new Set(), ...ZERO }
      groups.set(keyOf(detail), group)
      group.documents.add(`${document.type} ${document.code}`)
      const exact = (amount: number | null | undefined) => exactMinor(amount ?? 0, currency)
      group.tax += exact(detail.tax)
      group.calculated += exact(detail.taxCalculated ?? detail.tax)
      group.taxable += exact(detail.taxableAmount)
      group.exempt += exact(detail.exemptAmount) + exact(detail.nonTaxableAmount)
    }
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
  const rounded = (pick: (sums: Sums) => bigint) => {
    const exact = sorted.map(pick)
    return roundToSum(exact, roundExact(sum(exact)))
  }
  const [tax, calculated] = [rounded((sums) => sums.tax), rounded((sums) => sums.calculated)]
  return sorted.map(({ detail, documents: named, taxable, exempt }, index) => ({
    currency,
    country: detail.country ?? '',
    region: detail.region ?? '',
    level: detail.jurisType ?? detail.jurisdictionType ?? '',
    jurisdiction: detail.jurisName ?? '',
    taxName: detail.taxName ?? '',
    tax: say(tax[index] ?? 0n, currency),
    calculated: say(calculated[index] ?? 0n, currency),
    taxable: say(roundExact(taxable), currency),
    exempt: say(roundExact(exempt), currency),
    documents: named.size,
  }))
}

const ZERO: Sums = { tax: 0n, calculated: 0n, taxable: 0n, exempt: 0n }

/** In the order of a return: country, region, level, jurisdiction. */
const keyOf = ({
  country,
  region,
  jurisType,
  jurisdictionType,
  jurisCode,
  jurisName,
  taxName,
}: DetailAnswer) =>
  JSON.stringify([country, region, jurisType ?? jurisdictionType, jurisName, jurisCode, taxName])

/** One step of the currency a line is rounding, as in recorded-tax.ts. */
function driftOf(currency: string, document: TransactionAnswer): TaxLiability['drifted'] {
  const [tax, calculated] = [document.totalTax, calculatedOf(document)].map((amount) =>
    roundExact(exactMinor(amount, currency), chargeStep(currency)),
  )
  if (tax === undefined || calculated === undefined) return []
  const difference = tax > calculated ? tax - calculated : calculated - tax
  if (difference <= chargeStep(currency) * BigInt(document.lines?.length ?? 1)) return []
  return [{ code: document.code, currency, tax: say(tax, currency), calculated: say(calculated, currency) }]
}

const calculatedOf = ({ totalTaxCalculated, totalTax }: TransactionAnswer): number =>
  totalTaxCalculated ?? totalTax

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n)
const say = (amountMinor: bigint, currency: string): string => toDecimal(money(amountMinor, currency))
