// What AvaTax has recorded, from its list of transactions: invoices sold and returned, with the tax that would be filed.
// AvaTax knows no payments.
// https://developer.avalara.com/api-reference/avatax/rest/v2/methods/Transactions/ListTransactionsByCompany/
import * as z from 'zod'
import { fetchExact, requireWhole } from './exact-json.ts'
import { assembleReading, type Reading, type RecordRows } from './reading.ts'
import { parseMinor } from './totals.ts'

export interface AvalaraAccess {
  baseUrl: string
  accountId: string
  licenseKey: string
  companyCode: string
}

const PAGE = 250
/** Begins a document's referenceCode: it was charged, and nobody had decided about its tax. */
const UNTAXED = 'FINALIZED_UNTAXED'
/** Of a document that takes back one which was filed already and so cannot be cancelled. */
const REVERSAL = '-void'

const transaction = z.object({
  code: z.string(),
  type: z.string(),
  status: z.string(),
  locked: z.boolean(),
  currencyCode: z.string(),
  customerCode: z.string(),
  referenceCode: z.string().nullish(),
  totalAmount: z.string(),
  totalTax: z.string(),
})
type Transaction = z.output<typeof transaction>
const page = z.object({
  '@recordsetCount': z.string(),
  value: z.array(transaction),
  '@nextLink': z.string().nullish(),
})

export async function readAvalara(access: AvalaraAccess): Promise<Reading> {
  // An older version of a document stays listed as Adjusted.
  const documents = (await listTransactions(access)).filter(({ status }) => status !== 'Adjusted')
  const byName = new Map(documents.map((document) => [`${document.type} ${document.code}`, document]))
  const invoices: RecordRows['invoices'] = []
  const creditNotes: RecordRows['creditNotes'] = []
  const strangers: string[] = []
  for (const document of documents) {
    const { code, type, currencyCode: currency, customerCode: customer } = document
    const status = statusOf(document, reversalOf(document, byName))
    const { totalMinor, taxMinor } = amountsOf(document)
    if (type === 'SalesInvoice' && /^in_\w+$/.test(code)) {
      const untaxed = document.referenceCode?.startsWith(UNTAXED) === true
      invoices.push([code, { currency, totalMinor, taxMinor, customer, issued: true, status, untaxed }])
    } else if (type === 'ReturnInvoice' && /^cn_\w+$/.test(code)) {
      // A return is negative; what was credited is not. `0n -`, so that no -0 needs thinking about.
      creditNotes.push([
        code,
        { currency, amountMinor: 0n - totalMinor, taxMinor: 0n - taxMinor, customer, status },
      ])
    } else if (!reverses(document, byName)) strangers.push(`${type} ${code} (${document.status})`)
  }
  return assembleReading('avalara', { invoices, creditNotes }, { strangers })
}

/** Tax apart: AvaTax's totalAmount is without it. */
function amountsOf({ totalAmount, totalTax, currencyCode }: Transaction): {
  totalMinor: bigint
  taxMinor: bigint
} {
  const taxMinor = parseMinor(totalTax, currencyCode)
  return { totalMinor: parseMinor(totalAmount, currencyCode) + taxMinor, taxMinor }
}

/** Stripe's words: a document that is cancelled, or was filed and taken back, is void. */
function statusOf({ status }: Transaction, reversal: Transaction | undefined): string {
  if (status === 'Cancelled' || reversal) return 'void'
  return status === 'Committed' ? 'issued' : status
}

const opposite = (type: string): string => (type === 'SalesInvoice' ? 'ReturnInvoice' : 'SalesInvoice')

/** The committed document that takes this filed one back, to the cent. */
function reversalOf(
  document: Transaction,
  byName: ReadonlyMap<string, Transaction>,
): Transaction | undefined {
  const reversal = byName.get(`${opposite(document.type)} ${document.code}${REVERSAL}`)
  if (!document.locked || reversal?.status !== 'Committed') return undefined
  const [one, other] = [amountsOf(document), amountsOf(reversal)]
  const balances =
    document.currencyCode === reversal.currencyCode &&
    one.totalMinor === -other.totalMinor &&
    one.taxMinor === -other.taxMinor
  return balances ? reversal : undefined
}

function reverses(document: Transaction, byName: ReadonlyMap<string, Transaction>): boolean {
  if (!document.code.endsWith(REVERSAL)) return false
  const original = byName.get(`${opposite(document.type)} ${document.code.slice(0, -REVERSAL.length)}`)
  return original !== undefined && reversalOf(original, byName) === document
}

async function listTransactions(access: AvalaraAccess): Promise<Transaction[]> {
  const credential = Buffer.from(`${access.accountId}:${access.licenseKey}`).toString('base64')
  const headers = { authorization: `Basic ${credential}` }
  // Without a filter on `date` only the last 30 days are listed.
  const asked = new URLSearchParams({
    $filter: "date ge '2000-01-01'",
    $orderBy: 'id',
    $top: String(PAGE),
    $skip: '0',
  })
  const company = encodeURIComponent(access.companyCode)
  let url: string | null | undefined = `${access.baseUrl}/api/v2/companies/${company}/transactions?${asked}`
  const rows: Transaction[] = []
  let announced = ''
  while (url) {
    const answer: z.output<typeof page> = await fetchExact(page, url, { headers })
    rows.push(...answer.value)
    announced = answer['@recordsetCount']
    url = answer['@nextLink']
  }
  requireWhole('AvaTax transactions', rows.length, announced)
  return rows
}
