// A simulated AvaTax REST v2 account over HTTP, with one company: what the avatax SDK needs to estimate, record, change
// and compare tax documents. The routes are here; each concept has a file of its own.
//
// Not simulated: tax rules and items, multi-document and batch calls, discounts on the document, returns.
import { type Context, Hono } from 'hono'
import {
  CallLog,
  type Fault,
  Faults,
  faultMiddleware,
  faultRoutes,
  type Listening,
  listen,
  type Now,
} from '../simulator.ts'
import { Addresses } from './addresses.ts'
import type { Nexus } from './calculation.ts'
import { Certificates } from './certificates.ts'
import { Documents } from './documents.ts'
import { AvaTaxRefused, answerRefusal, notAuthenticated, notFound } from './errors.ts'
import { listTransactions } from './listing.ts'
import {
  type DocumentType,
  readAddress,
  readAdjustment,
  readCommit,
  readDocumentType,
  readLock,
  readRefund,
  readTransaction,
  readVerify,
  readVoid,
  type TransactionInput,
} from './model.ts'
import { type RateChange, RateChanges, rateChangeModel } from './rate-changes.ts'
import { defaultContent, euMembers, type TaxContent } from './rates.ts'
import { listTaxCodes } from './tax-codes.ts'
import { includeParts, type TransactionAnswer } from './transaction-answer.ts'

export interface AvalaraSimulatorOptions {
  now: Now
  companyCode: string
  accountId: string
  licenseKey: string
  /** Where the company must collect tax. Default: `defaultNexus`. */
  nexus?: readonly Nexus[]
  /** Jurisdictions and rates. Default: `defaultContent` of rates.ts. */
  rates?: TaxContent
  /** Decimals that tax is rounded to, or the currency's own. */
  taxDecimals?: number | 'currency'
  /** Cities outside the US that cannot be placed. */
  undeliverableCities?: readonly string[]
}

export interface AvalaraSimulator {
  app: Hono
  faults: Faults
  calls: CallLog
  listen(port?: number): Promise<Listening>
  /** The newest version of every recorded document, whole. */
  documents(): TransactionAnswer[]
  /** Files a committed document with a tax authority, after which it cannot be changed. */
  lock(code: string, type?: DocumentType): void
  /** Changes tax content from now on, so that a recalculation differs from an earlier estimate. */
  changeRate(change: RateChange): void
}

/** No nexus in Nevada, Arizona, Switzerland and others, so that "no nexus" can be met. */
export const defaultNexus: readonly Nexus[] = [
  ...['CA', 'CO', 'FL', 'IL', 'MA', 'MT', 'NY', 'OR', 'PA', 'TX', 'WA'].map((region) => ({
    country: 'US',
    region,
  })),
  ...[...euMembers].map((country) => ({ country })),
  { country: 'GB' },
  { country: 'JP' },
  { country: 'KW' },
  { country: 'CA' },
]

const COMPANY_ID = 7_654_321
const PATH_ESCAPES: Record<string, string> = {
  '2f': '/',
  '2b': '+',
  '3f': '?',
  '25': '%',
  '23': '#',
}

/** Undoes AvaTax's own escapes in codes of a path (the SDK's notes on companyCode and transactionCode). */
const readCode = (text: string): string =>
  text.replace(/_-ava(2f|2b|3f|25|23)-_/g, (_, hex: string) => PATH_ESCAPES[hex] ?? '')

export const createAvalaraSimulator = (options: AvalaraSimulatorOptions): AvalaraSimulator => {
  const { now, companyCode, accountId, licenseKey } = options
  const faults = new Faults()
  const calls = new CallLog()
  const nexus = options.nexus ?? defaultNexus
  const content = options.rates ?? defaultContent
  const rateChanges = new RateChanges()
  const certificates = new Certificates(content)
  const addresses = new Addresses(
    content,
    options.undeliverableCities ?? ['Berlinn', 'Atlantis', 'Nowhere'],
    rateChanges,
  )
  const documents = new Documents(
    companyCode,
    COMPANY_ID,
    { nexus, addresses, certificates, taxDecimals: options.taxDecimals ?? 2 },
    now,
  )
  const credential = `Basic ${Buffer.from(`${accountId}:${licenseKey}`).toString('base64')}`
  const isAuthenticated = (context: Context) => context.req.header('Authorization') === credential

  const app = new Hono()
  app.onError((error, context) =>
    answerRefusal(
      context,
      error instanceof AvaTaxRefused
        ? error
        : new AvaTaxRefused('InternalServerError', String(error), { status: 500 }),
    ),
  )
  faultRoutes(app, faults, calls)
  app.get('/_simulator/documents', (context) => context.json(documents.all()))
  app.post('/_simulator/lock/:code', (context) =>
    context.json(
      documents.lock(context.req.param('code'), readDocumentType(context.req.query('documentType'))),
    ),
  )
  app.post('/_simulator/rates', async (context) => {
    const change = rateChangeModel.safeParse(await context.req.json())
    if (!change.success) return context.json({ error: change.error.message }, 400)
    rateChanges.add(change.data)
    return context.json(change.data)
  })
  app.use('*', faultMiddleware(faults, calls, wordFault))

  app.get('/api/v2/utilities/ping', (context) =>
    context.json(
      isAuthenticated(context)
        ? {
            version: '26.9.0',
            authenticated: true,
            authenticationType: 'AccountIdLicenseKey',
            authenticatedUserName: accountId,
            authenticatedAccountId: Number(accountId) || 0,
            authenticatedCompanyId: COMPANY_ID,
          }
        : { version: '26.9.0', authenticated: false, authenticationType: 'None' },
    ),
  )
  app.use('/api/v2/*', async (context, next) => {
    if (!isAuthenticated(context)) throw notAuthenticated()
    await next()
  })

  app.post('/api/v2/transactions/create', async (context) => {
    const model = checkCompany(readTransaction(await readBody(context)))
    return created(context, documents.create(model))
  })
  app.post('/api/v2/transactions/createoradjust', async (context) => {
    const body = await readBody(context)
    const model = checkCompany(readTransaction(body.createTransactionModel))
    return created(context, documents.createOrAdjust(model, readAdjustment(body)))
  })

  const requireCompanyId = (id: string | undefined): void => {
    if (id !== String(COMPANY_ID)) throw notFound('Company', id ?? '')
  }
  app.get('/api/v2/companies', (context) => context.json(page([company()])))
  app.get('/api/v2/companies/:company/nexus', (context) => {
    requireCompanyId(context.req.param('company'))
    return context.json(
      page(
        nexus.map(({ country, region }, index) => ({
          id: index + 1,
          companyId: COMPANY_ID,
          country,
          region: region ?? country,
          jurisTypeId: region === undefined ? 'CNT' : 'STA',
          jurisdictionTypeId: region === undefined ? 'Country' : 'State',
          jurisCode: region ?? country,
          jurisName: region ?? country,
          nexusTypeId: 'SalesOrSellersUseTax',
          effectiveDate: '2020-01-01',
          endDate: '9999-12-31',
        })),
      ),
    )
  })
  app.get('/api/v2/definitions/taxcodes', (context) =>
    context.json(page(listTaxCodes(context.req.query('$filter')))),
  )
  app.post('/api/v2/companies/:company/certificates', async (context) => {
    requireCompanyId(context.req.param('company'))
    return context.json(certificates.create(await readJson(context)), 201)
  })
  app.get('/api/v2/companies/:company/customers/:customer/certificates', (context) => {
    requireCompanyId(context.req.param('company'))
    return context.json(page(certificates.of(readCode(context.req.param('customer')))))
  })
  app.get('/api/v2/addresses/resolve', (context) =>
    context.json(addresses.resolve(readAddress(context.req.query()))),
  )
  app.post('/api/v2/addresses/resolve', async (context) =>
    context.json(addresses.resolve(readAddress(await readBody(context)))),
  )

  const transactions = '/api/v2/companies/:company/transactions'
  app.use(`${transactions}/*`, async (context, next) => {
    requireCompany(context.req.param('company') ?? '')
    await next()
  })
  app.get(transactions, (context) => {
    const query = (name: string) => context.req.query(name)
    const list = listTransactions(
      documents.all(),
      {
        filter: query('$filter'),
        orderBy: query('$orderBy'),
        top: query('$top'),
        skip: query('$skip'),
      },
      now(),
      (top, skip) => {
        const url = new URL(context.req.url)
        url.searchParams.set('$top', String(top))
        url.searchParams.set('$skip', String(skip))
        return url.toString()
      },
    )
    const include = query('$include')
    return context.json({ ...list, value: list.value.map((answer) => includeParts(answer, include)) })
  })
  app.get(`${transactions}/:code`, (context) =>
    read(context, documents.get(codeOf(context), typeOf(context))),
  )
  app.get(`${transactions}/:code/types/:type`, (context) =>
    read(context, documents.get(codeOf(context), readDocumentType(context.req.param('type')))),
  )
  app.post(`${transactions}/:code/:action`, async (context) => {
    const [code, type] = [codeOf(context), typeOf(context)]
    switch (context.req.param('action')) {
      case 'commit':
        readCommit(await readBody(context))
        return read(context, documents.commit(code, type))
      case 'uncommit':
        return read(context, documents.uncommit(code, type))
      case 'lock':
        readLock(await readBody(context))
        return read(context, documents.lock(code, type))
      case 'void':
        return read(context, documents.void(code, type, readVoid(await readBody(context)).code))
      case 'unvoid':
        return read(context, documents.unvoid(code, type))
      case 'verify':
        return read(context, documents.verify(code, type, readVerify(await readBody(context))))
      case 'refund':
        return created(context, documents.refund(code, type, readRefund(await readBody(context))))
      case 'adjust': {
        const body = await readBody(context)
        const model = checkCompany(readTransaction(body.newTransaction))
        return read(context, documents.adjust(code, type, model, readAdjustment(body)))
      }
      default:
        throw notFound('Path', context.req.path)
    }
  })
  app.notFound((context) => answerRefusal(context, notFound('Path', context.req.path)))

  const company = () => ({
    id: COMPANY_ID,
    accountId: Number(accountId) || 0,
    companyCode,
    name: `${companyCode} (simulated)`,
    isDefault: true,
    isActive: true,
    defaultCountry: 'US',
    baseCurrencyCode: 'USD',
    roundingLevelId: 'Line',
    isTest: true,
  })
  const requireCompany = (text: string): void => {
    const code = readCode(text)
    if (code.toUpperCase() === companyCode.toUpperCase()) return
    throw new AvaTaxRefused('EntityNotFoundError', 'Company not found.', {
      status: 404,
      description: `The Company with code '${code}' was not found.`,
    })
  }
  const checkCompany = (model: TransactionInput): TransactionInput => {
    requireCompany(model.companyCode)
    return model
  }

  return {
    app,
    faults,
    calls,
    listen: (port) => listen(app, port),
    documents: () => documents.all(),
    lock: (code, type) => {
      documents.lock(code, type)
    },
    changeRate: (change) => rateChanges.add(change),
  }
}

const codeOf = (context: Context): string => readCode(context.req.param('code') ?? '')
const typeOf = (context: Context): DocumentType | undefined =>
  readDocumentType(context.req.query('documentType'))

const created = (context: Context, answer: TransactionAnswer): Response =>
  context.json(includeParts(answer, context.req.query('$include') ?? 'Summary,Addresses'), 201)

const read = (context: Context, answer: TransactionAnswer): Response =>
  context.json(includeParts(answer, context.req.query('$include')))

const page = (value: object[]): object => ({ '@recordsetCount': value.length, value })

const readJson = async (context: Context): Promise<object> => {
  const text = await context.req.text()
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null) return body
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new AvaTaxRefused('JsonFormatError', 'The request body is not valid JSON.', { target: 'HttpRequest' })
}

const readBody = async (context: Context): Promise<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(await readJson(context)))

/** The 429 has a JSON body without `error`, which the SDK takes for success. */
const wordFault = (fault: Fault, context: Context): Response => {
  if (fault.retryAfterSeconds !== undefined) context.header('Retry-After', String(fault.retryAfterSeconds))
  switch (fault.effect) {
    case 'rate_limited':
      return context.json({ message: 'API rate limit exceeded' }, 429)
    case 'expired_credential':
      return answerRefusal(context, notAuthenticated())
    case 'unavailable':
      return context.html('<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>', 503)
    default:
      return answerRefusal(
        context,
        new AvaTaxRefused('InternalServerError', 'An unexpected error occurred.', { status: 500 }),
      )
  }
}
