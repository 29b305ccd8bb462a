// The request bodies: what AvaTax requires, how long each text may be, and its enums, which the SDK sends as numbers
// and other clients as names. https://developer.avalara.com/api-reference/avatax/rest/v2/models/CreateTransactionModel/
//
// Readings taken: a document code has 50 characters at most (one public integration assumes 20), a customer code 50, an
// address line 50 (100 has been seen for some accounts; who fits 50 fits both). A transaction names its company.
import * as z from 'zod'
import { AvaTaxRefused, required } from './errors.ts'

export const DOCUMENT_TYPES = [
  'SalesOrder',
  'SalesInvoice',
  'PurchaseOrder',
  'PurchaseInvoice',
  'ReturnOrder',
  'ReturnInvoice',
] as const
export type DocumentType = (typeof DOCUMENT_TYPES)[number]

const OVERRIDE_TYPES = ['None', 'TaxAmount', 'Exemption', 'TaxDate'] as const
const VOID_CODES = ['Unspecified', 'PostFailed', 'DocDeleted', 'DocVoided', 'AdjustmentCancelled'] as const
const REFUND_TYPES = ['Full', 'Partial', 'TaxOnly', 'Percentage'] as const
const ADJUSTMENT_REASONS = [
  'NotAdjusted',
  'SourcingIssue',
  'ReconciledWithGeneralLedger',
  'ExemptCertApplied',
  'PriceAdjusted',
  'ProductReturned',
  'ProductExchanged',
  'BadDebt',
  'Other',
  'Offline',
] as const

/** An enum by its name, or by its number in the SDK, which is its place in the list. */
const enumOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.preprocess((value) => (typeof value === 'number' ? names[value] : value), z.enum(names))

const text = (max: number) => z.string().max(max)

/** AvaTax keeps the date as written; a time behind it is dropped. */
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T.*)?$/)
  .transform((value) => value.slice(0, 10))

const addressModel = z.looseObject({
  line1: text(50).optional(),
  line2: text(50).optional(),
  line3: text(50).optional(),
  city: text(50).optional(),
  region: text(50).optional(),
  country: text(50).optional(),
  postalCode: text(11).optional(),
})
export type Address = z.infer<typeof addressModel>

const addressesModel = z.looseObject({
  singleLocation: addressModel.optional(),
  shipFrom: addressModel.optional(),
  shipTo: addressModel.optional(),
})

const taxOverrideModel = z.looseObject({
  type: enumOf(OVERRIDE_TYPES).default('None'),
  taxAmount: z.number().optional(),
  taxDate: date.optional(),
  reason: text(255).optional(),
})
export type TaxOverride = z.infer<typeof taxOverrideModel>

const lineModel = z.looseObject({
  number: text(50).optional(),
  quantity: z.number().default(1),
  amount: z.number(),
  addresses: addressesModel.optional(),
  taxCode: text(25).optional(),
  entityUseCode: text(25).optional(),
  customerUsageType: text(25).optional(),
  exemptionCode: text(25).optional(),
  itemCode: text(50).optional(),
  taxIncluded: z.boolean().default(false),
  description: text(2096).optional(),
  businessIdentificationNo: text(25).optional(),
  taxOverride: taxOverrideModel.optional(),
})
export type LineInput = z.infer<typeof lineModel>

const transactionModel = z.looseObject({
  companyCode: text(25),
  customerCode: text(50).min(1),
  date,
  type: enumOf(DOCUMENT_TYPES).default('SalesOrder'),
  code: text(50).optional(),
  lines: z.array(lineModel),
  addresses: addressesModel.optional(),
  commit: z.boolean().default(false),
  currencyCode: text(3).default('USD'),
  exchangeRate: z.number().optional(),
  exchangeRateCurrencyCode: text(3).optional(),
  exchangeRateEffectiveDate: date.optional(),
  entityUseCode: text(25).optional(),
  customerUsageType: text(25).optional(),
  exemptionNo: text(25).optional(),
  businessIdentificationNo: text(25).optional(),
  purchaseOrderNo: text(50).optional(),
  referenceCode: text(1024).optional(),
  description: text(2048).optional(),
  email: text(50).optional(),
  taxOverride: taxOverrideModel.optional(),
})
export type TransactionInput = z.infer<typeof transactionModel>

const adjustmentModel = z.looseObject({
  adjustmentReason: enumOf(ADJUSTMENT_REASONS).default('Other'),
  adjustmentDescription: text(255).optional(),
})

const voidModel = z.looseObject({ code: enumOf(VOID_CODES) })
const commitModel = z.looseObject({ commit: z.literal(true) })
const lockModel = z.looseObject({ isLocked: z.literal(true) })
const refundModel = z.looseObject({
  refundTransactionCode: text(50).optional(),
  refundDate: date,
  refundType: enumOf(REFUND_TYPES).default('Full'),
  refundPercentage: z.number().optional(),
  refundLines: z.array(z.string()).optional(),
  referenceCode: text(1024).optional(),
})
export type RefundInput = z.infer<typeof refundModel>

const verifyModel = z.looseObject({
  verifyTransactionDate: date.optional(),
  verifyTotalAmount: z.number().optional(),
  verifyTotalTax: z.number().optional(),
})
export type VerifyInput = z.infer<typeof verifyModel>

const read = <T>(schema: z.ZodType<T>, input: unknown): T => {
  const parsed = schema.safeParse(dropNulls(input))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') ?? 'body'
  if (issue?.code === 'too_big') {
    throw new AvaTaxRefused(
      'StringLengthError',
      `Field ${field} must be between 0 and ${issue.maximum} characters in length.`,
      { refersTo: field },
    )
  }
  if (valueAt(input, issue?.path ?? []) === undefined) throw required(field)
  if (issue?.code === 'invalid_value') {
    throw new AvaTaxRefused('InvalidEnumValue', `Field ${field} has an unknown value.`, { refersTo: field })
  }
  throw new AvaTaxRefused('ModelStateInvalid', `Field ${field} is invalid: ${issue?.message}.`, {
    refersTo: field,
  })
}

/** A null means the same as an absent field. */
const dropNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(dropNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (entry === null ? [] : [[key, dropNulls(entry)]])),
  )
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  ) ?? undefined

export const readTransaction = (input: unknown): TransactionInput => {
  const model = read(transactionModel, input)
  if (model.lines.length === 0) {
    throw new AvaTaxRefused('MissingLine', 'Document has no lines.', { refersTo: 'lines' })
  }
  for (const override of [model.taxOverride, ...model.lines.map((line) => line.taxOverride)]) {
    if (!override || override.type === 'None') continue
    if (override.type === 'TaxAmount' && override.taxAmount === undefined)
      throw required('taxOverride.taxAmount')
    if (override.type === 'TaxDate' && override.taxDate === undefined) throw required('taxOverride.taxDate')
    if (override.reason === undefined) throw required('taxOverride.reason')
  }
  const numbers = model.lines.map((line, index) => line.number ?? String(index + 1))
  if (new Set(numbers).size < numbers.length) {
    throw new AvaTaxRefused('GetTaxError', 'Duplicate line number.', { faultSubCode: 'DuplicateLineNoError' })
  }
  return model
}

export const readAdjustment = (input: unknown) => read(adjustmentModel, input)
export const readVoid = (input: unknown) => read(voidModel, input)
export const readCommit = (input: unknown) => read(commitModel, input)
export const readLock = (input: unknown) => read(lockModel, input)
export const readRefund = (input: unknown): RefundInput => read(refundModel, input)
export const readVerify = (input: unknown): VerifyInput => read(verifyModel, input)
export const readAddress = (input: unknown): Address => read(addressModel, input)

export const readDocumentType = (value: string | undefined): DocumentType | undefined => {
  if (value === undefined) return undefined
  const name = /^\d+$/.test(value) ? DOCUMENT_TYPES[Number(value)] : value
  const found = DOCUMENT_TYPES.find((type) => type.toLowerCase() === name?.toLowerCase())
  if (found) return found
  throw new AvaTaxRefused('InvalidEnumValue', `'${value}' is no document type.`, { refersTo: 'documentType' })
}
