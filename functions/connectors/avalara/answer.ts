// The parts of an AvaTax transaction that the hub reads, checked at the border: the SDK resolves some refusals (a 429
// without `error`) as success and types dates as Date. Field names are the vendor's:
// https://developer.avalara.com/api-reference/avatax/rest/v2/models/TransactionModel/
import * as z from 'zod'

const text = z.string().nullish()
const amount = z.number().nullish()

const detailSchema = z.object({
  country: text,
  region: text,
  jurisName: text,
  jurisType: text,
  jurisdictionType: text,
  taxName: text,
  taxType: text,
  taxSubTypeId: text,
  rateTypeCode: text,
  rate: z.number(),
  tax: z.number(),
  taxableAmount: amount,
  exemptAmount: amount,
  /** The rule by which nothing was taxed: NexusRule, ProductTaxabilityRule, BaseRule, … (TaxRuleTypeId). */
  nonTaxableType: text,
})

const lineSchema = z.object({
  lineNumber: z.string(),
  lineAmount: z.number(),
  tax: z.number(),
  itemCode: text,
  taxCode: text,
  details: z.array(detailSchema).nullish(),
})

const addressSchema = z.object({
  id: z.number().nullish(),
  line1: text,
  line2: text,
  city: text,
  region: text,
  postalCode: text,
  country: text,
})

export const transactionSchema = z.object({
  code: z.string(),
  totalTax: z.number(),
  totalAmount: z.number(),
  /** What AvaTax would have charged; stands beside `totalTax` where that was overridden. */
  totalTaxCalculated: amount,
  type: text,
  status: text,
  locked: z.boolean().nullish(),
  date: text,
  taxDate: text,
  taxOverrideReason: text,
  currencyCode: text,
  customerCode: text,
  exemptNo: text,
  entityUseCode: text,
  customerUsageType: text,
  businessIdentificationNo: text,
  referenceCode: text,
  description: text,
  destinationAddressId: z.number().nullish(),
  addresses: z.array(addressSchema).nullish(),
  lines: z.array(lineSchema).nullish(),
})

/** https://developer.avalara.com/api-reference/avatax/rest/v2/models/AddressResolutionModel/ */
export const resolutionSchema = z.object({
  validatedAddresses: z.array(addressSchema).nullish(),
  messages: z.array(z.object({ severity: text })).nullish(),
})

/** https://developer.avalara.com/api-reference/avatax/rest/v2/methods/Transactions/ListTransactionsByCompany/ */
export const transactionPageSchema = z.object({
  '@recordsetCount': z.number(),
  value: z.array(transactionSchema),
})

export type TransactionAnswer = z.infer<typeof transactionSchema>
export type LineAnswer = z.infer<typeof lineSchema>
export type DetailAnswer = z.infer<typeof detailSchema>
