// AvaTax through its SDK: the calls that the hub makes, typed as the hub uses them, each answer checked before it counts as success.
// The SDK's own types say Date and numeric enums where the REST API takes 'YYYY-MM-DD' and names.
import type * as z from 'zod'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import type { TrafficMeter } from '../../../shared/connector/traffic.ts'
import { credential, permanent, transient } from '../../../shared/errors.ts'
import {
  resolutionSchema,
  type TransactionAnswer,
  transactionPageSchema,
  transactionSchema,
} from './answer.ts'
import type { AvalaraCredentials } from './config.ts'
import { counting } from './counting.ts'
import {
  ALREADY_CANCELLED,
  avataxCodes,
  BUSY_CODE,
  NOT_FOUND,
  refusesAddress,
  translateAvaTaxError,
} from './refusals.ts'
import { openSdk } from './sdk.ts'
import type { TaxAddress } from './tax-address.ts'

export type DocumentType = 'SalesInvoice' | 'ReturnInvoice'

/** The methods used, with the arguments that really go over the wire. */
interface Calls {
  createTransaction(call: { include: string; model: JsonObject }): Promise<unknown>
  createOrAdjustTransaction(call: { include: string; model: JsonObject }): Promise<unknown>
  getTransactionByCode(call: {
    companyCode: string
    transactionCode: string
    documentType: DocumentType
    include: string
  }): Promise<unknown>
  voidTransaction(call: {
    companyCode: string
    transactionCode: string
    documentType: DocumentType
    model: JsonObject
  }): Promise<unknown>
  listTransactionsByCompany(call: {
    companyCode: string
    include: string
    filter: string
    orderBy: string
    top: number
    skip: number
  }): Promise<unknown>
  resolveAddressPost(call: { model: TaxAddress }): Promise<unknown>
  ping(): Promise<{ authenticated?: boolean }>
}

/** AvaTax lists 1,000 at most; with details that would be megabytes. */
const PAGE = 250

/** Characters that AvaTax wants escaped in its own way, since the SDK puts codes into the path as they are. */
const PATH_ESCAPES: Readonly<Record<string, string>> = {
  '/': '_-ava2f-_',
  '+': '_-ava2b-_',
  '?': '_-ava3f-_',
  '%': '_-ava25-_',
  '#': '_-ava23-_',
  ' ': '%20',
}
const inPath = (code: string): string => code.replace(/[/+?%# ]/g, (one) => PATH_ESCAPES[one] ?? one)

/** @throws permanent TAX-MODE: what Stripe's test mode sells must not be filed. */
export function connectAvaTax(options: {
  credentials: AvalaraCredentials
  companyCode: string
  livemode: boolean
  meter?: TrafficMeter
}): AvaTax {
  if (!options.livemode && options.credentials.environment === 'production') {
    throw permanent("Stripe's test mode does not go to AvaTax's production: its documents would be filed.", {
      code: 'TAX-MODE',
      hint: 'Avalara admin: store credentials of the AvaTax sandbox for this stage (field environment).',
    })
  }
  const client = new AvaTax(options)
  return options.meter ? counting(client, options.meter) : client
}

export class AvaTax {
  private readonly calls: Calls
  private readonly companyCode: string

  constructor(options: { credentials: AvalaraCredentials; companyCode: string }) {
    this.calls = openSdk(options.credentials, 'hub') as Calls
    this.companyCode = options.companyCode
  }

  /** Calculates without recording. @throws what the SDK throws; the caller knows what an address refusal means. */
  async estimate(model: JsonObject, code: string): Promise<TransactionAnswer> {
    return checked(await this.calls.createTransaction({ include: 'Lines,Details', model }), code)
  }

  /** Creates or adjusts the document of this code. Safe to repeat. @throws what the SDK throws. */
  async record(createTransactionModel: JsonObject, code: string): Promise<TransactionAnswer> {
    const model = { createTransactionModel }
    return checked(await this.calls.createOrAdjustTransaction({ include: 'Lines', model }), code)
  }

  /** undefined: no such document. @throws HubError. */
  async find(code: string, documentType: DocumentType): Promise<TransactionAnswer | undefined> {
    try {
      const answer = await this.calls.getTransactionByCode({
        companyCode: inPath(this.companyCode),
        transactionCode: inPath(code),
        documentType,
        include: 'Lines,Addresses',
      })
      return checked(answer, code)
    } catch (error) {
      if (avataxCodes(error).includes(NOT_FOUND)) return undefined
      throw translateAvaTaxError(error, `read ${code}`, false)
    }
  }

  /**
   * Every document dated within the days, with its lines and jurisdictions. Without a filter on `date` AvaTax lists 30
   * days only. @throws HubError; transient when documents came or went while the pages were read.
   */
  async list({ from, to }: { from: string; to: string }): Promise<TransactionAnswer[]> {
    const documents: TransactionAnswer[] = []
    for (;;) {
      let answer: unknown
      try {
        answer = await this.calls.listTransactionsByCompany({
          companyCode: inPath(this.companyCode),
          include: 'Lines,Details',
          filter: `date between '${from}' and '${to}'`,
          orderBy: 'id ASC',
          top: PAGE,
          skip: documents.length,
        })
      } catch (error) {
        throw translateAvaTaxError(error, `list the documents of ${from} to ${to}`, false)
      }
      const page = transactionPageSchema.safeParse(answer)
      if (!page.success) throw noTransaction('a question for its documents')
      const { value, '@recordsetCount': announced } = page.data
      documents.push(...value)
      if (documents.length >= announced) return documents
      if (value.length === 0) throw noTransaction(`for ${announced} documents with ${documents.length}`)
    }
  }

  /**
   * The address as the post knows it; undefined: it does not, and says why in `messages`.
   * @throws what the SDK throws, but for an address that is too little to ask about.
   */
  async resolve(address: TaxAddress): Promise<TaxAddress | undefined> {
    let answer: unknown
    try {
      answer = await this.calls.resolveAddressPost({ model: address })
    } catch (error) {
      if (refusesAddress(error)) return undefined
      throw error
    }
    const parsed = resolutionSchema.safeParse(answer)
    if (!parsed.success) throw noTransaction('a question for an address')
    const { messages, validatedAddresses } = parsed.data
    const [found] = validatedAddresses ?? []
    if (!found || (messages ?? []).some(({ severity }) => severity === 'Error')) return undefined
    const { city, region, postalCode } = found
    return {
      ...address,
      ...(city && { city }),
      ...(region && { region }),
      ...(postalCode && { postalCode }),
    }
  }

  /** @returns false: there is no such document. A cancelled one stays so. @throws what the SDK throws. */
  async cancel(code: string, documentType: DocumentType): Promise<boolean> {
    try {
      const answer = await this.calls.voidTransaction({
        companyCode: inPath(this.companyCode),
        transactionCode: inPath(code),
        documentType,
        model: { code: 'DocVoided' },
      })
      checked(answer, code)
      return true
    } catch (error) {
      const codes = avataxCodes(error)
      if (codes.includes(NOT_FOUND)) return false
      if (codes.includes(ALREADY_CANCELLED)) return true
      throw error
    }
  }

  /** @throws HubError. `ping` answers 200 to a wrong key too, and says so inside. */
  async ping(): Promise<void> {
    let answer: { authenticated?: boolean }
    try {
      answer = await this.calls.ping()
    } catch (error) {
      throw translateAvaTaxError(error, 'ping', false)
    }
    if (answer?.authenticated === true) return
    if (answer?.authenticated === undefined) throw noTransaction('ping')
    throw credential('AvaTax does not know our account or licence key.', {
      code: 'TAX-CRED',
      hint: 'Avalara admin: check the licence key, store the new one, then run hub doctor.',
    })
  }
}

/** Resolved is not success: a 429 whose JSON lacks `error` resolves too. Nothing was done then, so: later. */
function checked(answer: unknown, code: string): TransactionAnswer {
  const parsed: z.ZodSafeParseResult<TransactionAnswer> = transactionSchema.safeParse(answer)
  if (!parsed.success || parsed.data.code !== code) throw noTransaction(code)
  return parsed.data
}

const noTransaction = (what: string) =>
  transient(
    `AvaTax answered ${what} with something that is no transaction, as it does when it is too busy.`,
    {
      code: BUSY_CODE,
    },
  )
