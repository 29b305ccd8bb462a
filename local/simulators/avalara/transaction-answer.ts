// A calculated document in AvaTax's own shape, and which parts of it an answer includes ($include).
// https://developer.avalara.com/api-reference/avatax/rest/v2/models/TransactionModel/
import type { TransactionLineDetailModel } from 'avatax/lib/models/TransactionLineDetailModel.js'
import type { TransactionLineModel } from 'avatax/lib/models/TransactionLineModel.js'
import type { TransactionModel } from 'avatax/lib/models/TransactionModel.js'
import type { TransactionSummary } from 'avatax/lib/models/TransactionSummary.js'
import type { CalculatedDetail, CalculatedLine } from './calculation.ts'
import { type Millionths, sum, toNumber } from './decimals.ts'
import type { TransactionInput } from './model.ts'
import type { JurisdictionKind } from './rates.ts'

/** The SDK's types as they are on the wire: an enum is its name there, a date is text. */
type OnWire<T> = { [K in keyof T]: WireValue<T[K]> }
type WireValue<V> = V extends Date
  ? string
  : V extends number
    ? // Only `number` itself takes in every number; an enum's texts are its members'.
      '0.5' extends `${V}`
      ? number
      : string
    : V extends string | boolean | undefined
      ? V
      : unknown

export type DetailAnswer = OnWire<TransactionLineDetailModel>
export type SummaryAnswer = OnWire<TransactionSummary>
export type LineAnswer = Omit<OnWire<TransactionLineModel>, 'details'> & { details?: DetailAnswer[] }
export type TransactionAnswer = Omit<
  OnWire<TransactionModel>,
  'lines' | 'summary' | 'messages' | 'invoiceMessages'
> & {
  id: number
  code: string
  date: string
  type: string
  status: string
  locked: boolean
  version: number
  totalAmount: number
  totalTax: number
  lines?: LineAnswer[]
  summary?: SummaryAnswer[]
  messages?: object[]
  invoiceMessages?: object[]
}

const JURISDICTION_TYPES: Record<JurisdictionKind, string> = {
  Country: 'CNT',
  State: 'STA',
  County: 'CTY',
  City: 'CIT',
  Special: 'STJ',
}

export interface AnswerFrame {
  id: number
  companyId: number
  code: string
  status: string
  version: number
  modifiedDate: string
  adjustmentReason: string
  adjustmentDescription: string
}

export const answerTransaction = (
  model: TransactionInput,
  lines: readonly CalculatedLine[],
  frame: AnswerFrame,
): TransactionAnswer => {
  const [first] = lines
  const total = (pick: (line: CalculatedLine) => Millionths) => toNumber(sum(lines.map(pick)))
  const override = model.taxOverride
  const reversed = lines.filter(({ reason }) => reason === 'reverse_charge').map(({ number }) => number)
  return {
    ...frame,
    date: model.date,
    type: model.type,
    batchCode: '',
    currencyCode: model.currencyCode,
    exchangeRateCurrencyCode: model.exchangeRateCurrencyCode ?? model.currencyCode,
    exchangeRate: model.exchangeRate ?? 1,
    exchangeRateEffectiveDate: model.exchangeRateEffectiveDate ?? model.date,
    customerUsageType: model.entityUseCode ?? model.customerUsageType ?? '',
    entityUseCode: model.entityUseCode ?? model.customerUsageType ?? '',
    customerVendorCode: model.customerCode,
    customerCode: model.customerCode,
    exemptNo: model.exemptionNo ?? '',
    reconciled: false,
    purchaseOrderNo: model.purchaseOrderNo ?? '',
    referenceCode: model.referenceCode ?? '',
    taxOverrideType: override?.type ?? 'None',
    taxOverrideAmount: override?.taxAmount ?? 0,
    taxOverrideReason: override?.reason ?? '',
    totalAmount: total(({ amount }) => amount),
    totalExempt: total((line) => (line.reason === 'taxable' ? 0n : line.amount)),
    totalDiscount: 0,
    totalTax: total(({ tax }) => tax),
    totalTaxable: total((line) => (line.reason === 'taxable' ? line.amount : 0n)),
    totalTaxCalculated: total(({ taxCalculated }) => taxCalculated),
    locked: false,
    region: first?.place.region ?? '',
    country: first?.place.country ?? '',
    softwareVersion: '26.9.0.0',
    description: model.description ?? '',
    email: model.email ?? '',
    businessIdentificationNo: model.businessIdentificationNo ?? '',
    taxDate: override?.type === 'TaxDate' ? (override.taxDate ?? model.date) : model.date,
    lines: lines.map((line, index) => answerLine(model, line, frame.id, index)),
    addresses: [],
    summary: summarize(lines),
    ...(reversed.length === 0
      ? {}
      : {
          invoiceMessages: [
            { content: 'Reverse charge: the customer accounts for the VAT.', lineNumbers: reversed },
          ],
        }),
  }
}

const answerLine = (
  model: TransactionInput,
  line: CalculatedLine,
  transactionId: number,
  index: number,
): LineAnswer => {
  const taxable = line.reason === 'taxable'
  const useCode = line.input.entityUseCode ?? line.input.customerUsageType ?? model.entityUseCode ?? ''
  return {
    id: transactionId === 0 ? 0 : transactionId * 1000 + index + 1,
    transactionId,
    lineNumber: line.number,
    customerUsageType: useCode,
    entityUseCode: useCode,
    description: line.input.description ?? '',
    discountAmount: 0,
    exemptAmount: toNumber(taxable ? 0n : line.amount),
    exemptCertId: line.certificateId,
    exemptNo: model.exemptionNo ?? line.input.exemptionCode ?? '',
    isItemTaxable: line.reason !== 'not_taxable',
    itemCode: line.input.itemCode ?? '',
    lineAmount: toNumber(line.amount),
    quantity: line.input.quantity,
    reportingDate: model.date,
    tax: toNumber(line.tax),
    taxableAmount: toNumber(taxable ? line.amount : 0n),
    taxCalculated: toNumber(line.taxCalculated),
    taxCode: line.input.taxCode ?? 'P0000000',
    taxDate: line.taxDate,
    taxOverrideType: line.override?.type ?? 'None',
    taxOverrideAmount: line.input.taxOverride?.taxAmount ?? 0,
    taxOverrideReason: line.override?.reason ?? '',
    taxIncluded: line.input.taxIncluded,
    businessIdentificationNo: line.input.businessIdentificationNo ?? model.businessIdentificationNo ?? '',
    details: line.details.map((detail) => answerDetail(line, detail, transactionId)),
  }
}

const NON_TAXABLE_TYPES: Partial<Record<CalculatedLine['reason'], string>> = {
  no_nexus: 'NexusRule',
  not_taxable: 'ProductTaxabilityRule',
  reverse_charge: 'BaseRule',
}

const answerDetail = (
  line: CalculatedLine,
  detail: CalculatedDetail,
  transactionId: number,
): DetailAnswer => {
  const { jurisdiction } = detail
  const unitedStates = line.place.country === 'US'
  const zeroRated = line.reason === 'reverse_charge'
  const nonTaxableType = NON_TAXABLE_TYPES[line.reason]
  return {
    transactionId,
    country: line.place.country,
    region: line.place.region === '' ? line.place.country : line.place.region,
    stateFIPS: line.place.stateFips,
    jurisCode: jurisdiction.code,
    jurisName: jurisdiction.name,
    jurisType: JURISDICTION_TYPES[jurisdiction.kind],
    jurisdictionType: jurisdiction.kind,
    stateAssignedNo: '',
    taxName: jurisdiction.taxName,
    taxType: unitedStates ? 'Sales' : 'Output',
    taxSubTypeId: unitedStates ? 'S' : 'V',
    taxAuthorityTypeId: 45,
    rate: toNumber(detail.rate),
    rateType: zeroRated ? 'Zero' : unitedStates ? 'General' : 'Standard',
    rateTypeCode: zeroRated ? 'Z' : unitedStates ? 'G' : 'S',
    tax: toNumber(detail.tax),
    taxCalculated: toNumber(detail.taxCalculated),
    taxOverride: 0,
    taxableAmount: toNumber(detail.taxable),
    exemptAmount: toNumber(detail.exempt),
    nonTaxableAmount: toNumber(detail.nonTaxable),
    ...(nonTaxableType === undefined ? {} : { nonTaxableType }),
  }
}

/** One row a jurisdiction and rate, over all lines. */
const summarize = (lines: readonly CalculatedLine[]): SummaryAnswer[] => {
  const groups = new Map<string, { line: CalculatedLine; details: CalculatedDetail[] }>()
  for (const line of lines) {
    for (const detail of line.details) {
      const { country, region } = line.place
      const key = [country, region, detail.jurisdiction.kind, detail.jurisdiction.code, detail.rate].join('|')
      const group = groups.get(key)
      if (group) group.details.push(detail)
      else groups.set(key, { line, details: [detail] })
    }
  }
  return [...groups.values()].flatMap(({ line, details }) => {
    const [first] = details
    if (!first) return []
    const total = (pick: (detail: CalculatedDetail) => Millionths) => toNumber(sum(details.map(pick)))
    return [
      {
        country: line.place.country,
        region: line.place.region === '' ? line.place.country : line.place.region,
        jurisType: first.jurisdiction.kind,
        jurisCode: first.jurisdiction.code,
        jurisName: first.jurisdiction.name,
        taxAuthorityType: 45,
        stateAssignedNo: '',
        taxType: line.place.country === 'US' ? 'Sales' : 'Output',
        taxName: first.jurisdiction.taxName,
        rateType: line.place.country === 'US' ? 'General' : 'Standard',
        taxable: total(({ taxable }) => taxable),
        rate: toNumber(first.rate),
        tax: total(({ tax }) => tax),
        taxCalculated: total(({ taxCalculated }) => taxCalculated),
        nonTaxable: total(({ nonTaxable }) => nonTaxable),
        exemption: total(({ exempt }) => exempt),
      },
    ]
  })
}

/**
 * What $include leaves of an answer. Creating without it means Summary and Addresses, and a summary implies details and
 * lines; reading without it gives the head only.
 */
export const includeParts = (answer: TransactionAnswer, include: string | undefined): TransactionAnswer => {
  const parts = (include ?? '').split(',').map((part) => part.trim().toLowerCase())
  const { lines = [], summary = [], addresses, ...head } = answer
  const has = (part: string) => parts.includes(part)
  const withDetails = has('details') || has('summary')
  const withLines = !has('summaryonly') && (withDetails || has('lines') || has('linesonly'))
  return {
    ...head,
    ...(withLines
      ? {
          lines:
            withDetails && !has('linesonly') ? lines : lines.map(({ details: _details, ...line }) => line),
        }
      : {}),
    ...(has('addresses') ? { addresses } : {}),
    summary: has('summary') || has('summaryonly') ? summary : [],
  }
}
