// The body of a `transaction` record, and its two translations: into AvaTax's request, and back from what AvaTax has.
// Pure. The record's code is always the Stripe id; under which of its codes a document really stands is
// document-versions.ts's business.
import * as z from 'zod'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { fromDecimal, toDecimal } from '../../../shared/money/money.ts'
import type { TransactionAnswer } from './answer.ts'
import type { DocumentType } from './client.ts'
import type { AvalaraConfig } from './config.ts'
import { wireModel } from './wire-model.ts'

const lineSchema = z.object({
  number: z.string(),
  itemCode: z.string().optional(),
  taxCode: z.string(),
  amount: z.string(),
  tax: z.string(),
})
export const documentSchema = z.object({
  type: z.enum(['SalesInvoice', 'ReturnInvoice']),
  code: z.string(),
  status: z.enum(['Committed', 'Cancelled']),
  date: z.string(),
  taxDate: z.string().optional(),
  currency: z.string(),
  customerCode: z.string(),
  referenceCode: z.string(),
  businessIdentificationNo: z.string().optional(),
  entityUseCode: z.string().optional(),
  exemptionNo: z.string().optional(),
  shipTo: z.record(z.string(), z.string()),
  lines: z.array(lineSchema),
})
export type Document = z.infer<typeof documentSchema>

const AS_CHARGED = 'Tax as charged on the Stripe invoice'
const RETURNED = 'Return of tax charged on the original invoice'
const TAKEN_BACK = 'Takes back a document that is in a filed return'
const VOIDED = 'Takes back what the credit notes left of a voided invoice'
const REPLACED = 'Replaces a document that is in a filed return'

/** As it goes to AvaTax, under a code and a date that may be another than the record's. */
export interface Posting {
  document: Document
  code: string
  date: string
  /** Of the tax rules, where that is not the date. */
  taxDate?: string | undefined
  /** The record's own date, where the document is dated later because it replaces a filed one. */
  replaces?: string | undefined
  reason?: string
}

export const asProjected = (document: Document): Posting => ({
  document,
  code: document.code,
  date: document.date,
  taxDate: document.taxDate,
  ...(isVoidCode(document.code) && { reason: VOIDED }),
})

/** Ends the code of a document that takes another one back. */
export const VOID_SUFFIX = '-void'

export const isVoidCode = (code: string): boolean => code.endsWith(VOID_SUFFIX)

/** It stands for a void in Stripe, and not for a document that something else takes the place of. */
export const isOfVoid = ({ taxOverrideReason }: TransactionAnswer): boolean => taxOverrideReason === VOIDED

/** The opposite of what is filed, to the cent, dated when it is posted. */
export const takingBack = (filed: Document, code: string, date: string): Posting => ({
  document: {
    ...filed,
    type: oppositeOf(filed.type),
    lines: filed.lines.map((line) => ({ ...line, amount: negate(line.amount), tax: negate(line.tax) })),
  },
  code,
  date,
  taxDate: filed.taxDate ?? filed.date,
  reason: TAKEN_BACK,
})

export const replacing = (document: Document, code: string, date: string): Posting => ({
  document,
  code,
  date,
  taxDate: document.taxDate ?? document.date,
  replaces: document.date,
  reason: REPLACED,
})

export const oppositeOf = (type: DocumentType): DocumentType =>
  type === 'SalesInvoice' ? 'ReturnInvoice' : 'SalesInvoice'

export function requestOf(posting: Posting, config: AvalaraConfig): JsonObject {
  const { document, code, date, taxDate, replaces } = posting
  const { type, currency, referenceCode, shipTo, lines, status: _, taxDate: __, ...rest } = document
  const reason = posting.reason ?? (type === 'ReturnInvoice' ? RETURNED : AS_CHARGED)
  return wireModel(
    {
      ...rest,
      type,
      code,
      companyCode: config.companyCode,
      commit: true,
      date,
      currencyCode: currency,
      referenceCode,
      description: describe(shipTo, replaces),
      addresses: { shipFrom: { ...config.sellerAddress }, shipTo },
      ...(taxDate !== undefined && { taxOverride: { type: 'TaxDate', taxDate, reason } }),
      lines: lines.map(({ tax, ...line }) => ({
        ...line,
        quantity: 1,
        taxIncluded: false,
        taxOverride: { type: 'TaxAmount', taxAmount: tax, reason },
      })),
    },
    currency,
  )
}

const ADDRESS_FIELDS = ['line1', 'line2', 'city', 'region', 'postalCode', 'country'] as const
const SHIP_TO = 'Ship to'
const SEPARATOR = ' | '

/**
 * The address as it was sent (AvaTax answers with one that it has normalised, which would look like a difference) and,
 * on a replacement, the date that it stands for.
 */
const describe = (shipTo: Record<string, string>, replaces: string | undefined): string =>
  [SHIP_TO, ...ADDRESS_FIELDS.map((field) => shipTo[field] ?? ''), ...(replaces ? [replaces] : [])].join(
    SEPARATOR,
  )

/** A document without our description was not written by us: its address is told as AvaTax has it. */
function readDescription(answer: TransactionAnswer) {
  const [mark, ...sent] = (answer.description ?? '').split(SEPARATOR)
  const standing = answer.addresses?.find(({ id }) => id === answer.destinationAddressId)
  const values = mark === SHIP_TO ? sent : ADDRESS_FIELDS.map((field) => standing?.[field] ?? '')
  return {
    shipTo: Object.fromEntries(
      ADDRESS_FIELDS.map((field, index) => [field, values[index] ?? '']).filter(([, value]) => value),
    ),
    replaces: mark === SHIP_TO ? sent[ADDRESS_FIELDS.length] : undefined,
  }
}

/** AvaTax's document in the projection's own terms. Empty fields are left out, as the projection does. */
export function documentOf(answer: TransactionAnswer, code: string): JsonObject {
  const currency = answer.currencyCode ?? 'USD'
  const decimal = (amount: number) => toDecimal(fromDecimal(amount, currency))
  const type: DocumentType = answer.type === 'ReturnInvoice' ? 'ReturnInvoice' : 'SalesInvoice'
  const { shipTo, replaces } = readDescription(answer)
  return {
    type,
    code,
    status: answer.status ?? '',
    date: replaces ?? (answer.date ?? '').slice(0, 10),
    ...(type === 'ReturnInvoice' && answer.taxDate && { taxDate: answer.taxDate.slice(0, 10) }),
    currency,
    customerCode: answer.customerCode ?? '',
    referenceCode: answer.referenceCode ?? '',
    ...(answer.businessIdentificationNo && { businessIdentificationNo: answer.businessIdentificationNo }),
    // AvaTax answers with the older name beside the newer one.
    ...((answer.entityUseCode || answer.customerUsageType) && {
      entityUseCode: answer.entityUseCode || answer.customerUsageType || '',
    }),
    ...(answer.exemptNo && { exemptionNo: answer.exemptNo }),
    shipTo,
    lines: (answer.lines ?? [])
      .map((line) => ({
        number: line.lineNumber,
        ...(line.itemCode && { itemCode: line.itemCode }),
        taxCode: line.taxCode ?? '',
        amount: decimal(line.lineAmount),
        tax: decimal(line.tax),
      }))
      .sort((a, b) => (a.number < b.number ? -1 : 1)),
  }
}

const negate = (amount: string): string =>
  /^-?0(\.0*)?$/.test(amount) ? amount : amount.startsWith('-') ? amount.slice(1) : `-${amount}`
