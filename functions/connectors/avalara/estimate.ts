// The question put to AvaTax about a draft: a SalesOrder, which AvaTax calculates and does not record. Pure; the
// request is also what the cached calculation is keyed by, so writing tax lines never asks again.
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import type { AvalaraConfig } from './config.ts'
import type { TaxAddress } from './tax-address.ts'
import type { TaxStanding } from './tax-standing.ts'

export interface EstimateLine {
  id: string
  baseMinor: bigint
  inclusive: boolean
  itemCode: string | undefined
  taxCode: string
}

export interface EstimateInputs {
  invoiceId: string
  customerCode: string
  currency: string
  /** 'YYYY-MM-DD' in the seller's time zone. */
  date: string
  shipTo: TaxAddress
  standing: TaxStanding
  lines: readonly EstimateLine[]
}

/** Amounts are decimal strings here; they become JSON numbers at the SDK's border. */
export function estimateRequest(inputs: EstimateInputs, config: AvalaraConfig): JsonObject {
  const { why: _, ...standing } = inputs.standing
  return {
    type: 'SalesOrder',
    companyCode: config.companyCode,
    code: inputs.invoiceId,
    date: inputs.date,
    customerCode: inputs.customerCode,
    currencyCode: inputs.currency.toUpperCase(),
    ...standing,
    addresses: { shipFrom: { ...config.sellerAddress }, shipTo: { ...inputs.shipTo } },
    lines: inputs.lines.map((line) => ({
      number: line.id,
      quantity: 1,
      amount: toDecimal(money(line.baseMinor, inputs.currency)),
      ...(line.itemCode && { itemCode: line.itemCode.slice(0, 50) }),
      taxCode: line.taxCode,
      taxIncluded: line.inclusive,
    })),
  }
}
