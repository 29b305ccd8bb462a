// Makes AvaTax's documents stand as projected: committed, or voided, and as a reversal where a filed document can no
// longer be voided. Every call is an upsert under the document code, so an unknown outcome is simply sent again.
import * as z from 'zod'
import { dayOf } from '../../../shared/calendar.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { JsonObject, ReadRecord, Writing, Written } from '../../../shared/connector/contract.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { type HubError, isHubError, permanent } from '../../../shared/errors.ts'
import { fromDecimal, toDecimal } from '../../../shared/money/money.ts'
import type { TransactionAnswer } from './answer.ts'
import type { AvaTax, DocumentType } from './client.ts'
import type { AvalaraConfig } from './config.ts'
import { avataxCodes, LOCKED, refusesAddress, translateAvaTaxError } from './refusals.ts'
import { wireModel } from './wire-model.ts'

const lineSchema = z.object({
  number: z.string(),
  itemCode: z.string().optional(),
  taxCode: z.string(),
  amount: z.string(),
  tax: z.string(),
})
const documentSchema = z.object({
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
type Document = z.infer<typeof documentSchema>

const AS_CHARGED = 'Tax as charged on the Stripe invoice'
const RETURNED = 'Return of tax charged on the original invoice'
const REVERSAL_SUFFIX = '-void'

/** Stripe's id prefixes tell the type where only an id is known: AvaTax keeps codes apart by type. */
const typeOf = (code: string): DocumentType => (code.startsWith('cn_') ? 'ReturnInvoice' : 'SalesInvoice')

export class Transactions {
  private readonly avatax: AvaTax
  private readonly config: AvalaraConfig
  private readonly clock: Clock

  constructor(options: { avatax: AvaTax; config: AvalaraConfig; clock: Clock }) {
    this.avatax = options.avatax
    this.config = options.config
    this.clock = options.clock
  }

  async write({ record, known }: Writing): Promise<Written | HubError> {
    const document = documentSchema.parse(record.body)
    try {
      if (document.status === 'Committed') await this.commit(document)
      else await this.cancel(document, known?.remoteId !== undefined)
      return { remoteId: document.code }
    } catch (error) {
      if (isHubError(error)) return error
      if (refusesAddress(error)) return unknownAddress(document, error)
      return translateAvaTaxError(error, `record ${document.code}`, true)
    }
  }

  async read(code: string): Promise<ReadRecord | undefined> {
    const answer = await this.avatax.find(code, typeOf(code))
    if (!answer) return undefined
    const body = normalise(answer)
    if (!answer.locked || body.status === 'Cancelled' || !(await this.isReversed(code)))
      return { remoteId: code, body }
    return { remoteId: code, body: { ...body, status: 'Cancelled' } }
  }

  /** Nothing should stand under this code any more, so it is voided; that leaves a trace, a deletion would not. */
  async retire(code: string): Promise<Written | HubError> {
    try {
      await this.avatax.cancel(code, typeOf(code))
      return { remoteId: code }
    } catch (error) {
      return translateAvaTaxError(error, `void ${code}`, true)
    }
  }

  private async commit(document: Document): Promise<void> {
    try {
      const answer = await this.avatax.record(this.model(document), document.code)
      requireCharged(answer, document)
    } catch (error) {
      // A filed document refuses even the same content: if it already says what it should, all is well.
      if (!avataxCodes(error).includes(LOCKED) || !(await this.stands(document))) throw error
    }
  }

  /** A document that never got here is recorded first: whatever order events came in, the same stands at the end. */
  private async cancel(document: Document, recorded: boolean): Promise<void> {
    const { code, type } = document
    try {
      if (recorded && (await this.avatax.cancel(code, type))) return
      if (!recorded && (await this.avatax.find(code, type))) {
        if (await this.avatax.cancel(code, type)) return
      }
      await this.avatax.record(this.model(document), code)
      await this.avatax.cancel(code, type)
    } catch (error) {
      if (!avataxCodes(error).includes(LOCKED)) throw error
      await this.reverse(document)
    }
  }

  /** A filed document stays; the opposite document of today takes its tax back in the open period. */
  private async reverse(document: Document): Promise<void> {
    if (await this.isReversed(document.code)) return
    const opposite: Document = {
      ...document,
      type: document.type === 'SalesInvoice' ? 'ReturnInvoice' : 'SalesInvoice',
      code: `${document.code}${REVERSAL_SUFFIX}`,
      date: dayOf(this.clock.now() / 1000, this.config.timeZone),
      taxDate: document.taxDate ?? document.date,
      lines: document.lines.map((line) => ({ ...line, amount: negate(line.amount), tax: negate(line.tax) })),
    }
    await this.avatax.record(this.model(opposite), opposite.code)
  }

  private async isReversed(code: string): Promise<boolean> {
    const type = typeOf(code) === 'SalesInvoice' ? 'ReturnInvoice' : 'SalesInvoice'
    const answer = await this.avatax.find(`${code}${REVERSAL_SUFFIX}`, type)
    return answer?.status === 'Committed'
  }

  private async stands(document: Document): Promise<boolean> {
    const read = await this.read(document.code)
    return read !== undefined && hashJson(read.body) === hashJson(document)
  }

  private model(document: Document): JsonObject {
    const { type, code, date, taxDate, currency, referenceCode, shipTo, lines, status: _, ...rest } = document
    const reason = type === 'ReturnInvoice' ? RETURNED : AS_CHARGED
    return wireModel(
      {
        ...rest,
        type,
        code,
        companyCode: this.config.companyCode,
        commit: true,
        date,
        currencyCode: currency,
        referenceCode,
        description: describeShipTo(shipTo),
        addresses: { shipFrom: { ...this.config.sellerAddress }, shipTo },
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
}

const ADDRESS_FIELDS = ['line1', 'line2', 'city', 'region', 'postalCode', 'country'] as const
const SHIP_TO = 'Ship to'
const SEPARATOR = ' | '

/** The address as it was sent: AvaTax answers with one that it has normalised, which would look like a difference. */
const describeShipTo = (shipTo: Record<string, string>): string =>
  [SHIP_TO, ...ADDRESS_FIELDS.map((field) => shipTo[field] ?? '')].join(SEPARATOR)

/** A document without our description was not written by us: its address is told as AvaTax has it. */
function readShipTo(answer: TransactionAnswer): Record<string, string> {
  const [mark, ...sent] = (answer.description ?? '').split(SEPARATOR)
  const standing = answer.addresses?.find(({ id }) => id === answer.destinationAddressId)
  const values = mark === SHIP_TO ? sent : ADDRESS_FIELDS.map((field) => standing?.[field] ?? '')
  return Object.fromEntries(
    ADDRESS_FIELDS.map((field, index) => [field, values[index] ?? '']).filter(([, value]) => value),
  )
}

/** AvaTax's document in the projection's own terms. Empty fields are left out, as the projection does. */
function normalise(answer: TransactionAnswer): JsonObject {
  const currency = answer.currencyCode ?? 'USD'
  const decimal = (amount: number) => toDecimal(fromDecimal(amount, currency))
  const type: DocumentType = answer.type === 'ReturnInvoice' ? 'ReturnInvoice' : 'SalesInvoice'
  return {
    type,
    code: answer.code,
    status: answer.status ?? '',
    date: (answer.date ?? '').slice(0, 10),
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
    shipTo: readShipTo(answer),
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

/** The override must have been honoured: a document with another tax would be filed. */
function requireCharged(answer: TransactionAnswer, document: Document): void {
  const charged = document.lines.reduce((total, { tax }) => total + minor(tax, document.currency), 0n)
  const recorded = minor(answer.totalTax, document.currency)
  if (charged === recorded) return
  const say = (amountMinor: bigint) => toDecimal({ amountMinor, currency: document.currency })
  throw permanent(
    `${document.code} is in AvaTax with ${document.currency} ${say(recorded)} tax, but ${say(charged)} was charged.`,
    {
      code: 'TAX-DIFFERS',
      hint: 'Avalara admin: allow tax overrides for this company (field taxOverride), then: hub replay --parked',
    },
  )
}

const minor = (amount: string | number, currency: string) => fromDecimal(amount, currency).amountMinor

function unknownAddress(document: Document, cause: unknown): HubError {
  const place = [document.shipTo.city, document.shipTo.country].filter(Boolean).join(', ')
  return permanent(
    `${document.code} is not in AvaTax: it cannot find the address in ${place}. Nothing was recorded.`,
    {
      code: 'TAX-ADDR',
      hint: "Support: correct the customer's address in Stripe (field address); it resumes alone with that one.",
      waitsOn: [{ type: 'customer', id: document.customerCode }],
      cause,
    },
  )
}
