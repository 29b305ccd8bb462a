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
/** Of a document that takes back one that cannot be cancelled: it was filed, or credit notes have returned a part of it. */
const REVERSAL = '-void'

const transaction = z.object({
  code: z.string(),
  type: z.string(),
  status: z.string(),
  date: z.string(),
  taxDate: z.string(),
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
  const voids: RecordRows['voids'] = []
  const strangers: string[] = []
  for (const document of documents) {
    const { code, type, currencyCode: currency, customerCode: customer } = document
    const reversal = reversalOf(document, byName, documents)
    const status = statusOf(document, reversal)
    const { totalMinor, taxMinor } = amountsOf(document)
    if (type === 'SalesInvoice' && /^in_\w+$/.test(code)) {
      const untaxed = document.referenceCode?.startsWith(UNTAXED) === true
      invoices.push([code, { currency, totalMinor, taxMinor, customer, issued: true, status, untaxed }])
      const back = reversal && amountsOf(reversal)
      // One that takes back the whole says no more than that the sale is void.
      if (back && (back.totalMinor !== -totalMinor || back.taxMinor !== -taxMinor)) {
        const amounts = { amountMinor: 0n - back.totalMinor, taxMinor: 0n - back.taxMinor }
        voids.push([code, { currency, ...amounts, customer }])
      }
    } else if (type === 'ReturnInvoice' && /^cn_\w+$/.test(code)) {
      // A return is negative; what was credited is not. `0n -`, so that no -0 needs thinking about.
      creditNotes.push([
        code,
        { currency, amountMinor: 0n - totalMinor, taxMinor: 0n - taxMinor, customer, status },
      ])
    } else if (!reverses(document, byName, documents)) strangers.push(`${type} ${code} (${document.status})`)
  }
  return assembleReading('avalara', { invoices, creditNotes, voids }, { strangers })
}

interface Amounts {
  totalMinor: bigint
  taxMinor: bigint
}

/** Tax apart: AvaTax's totalAmount is without it. */
function amountsOf({ totalAmount, totalTax, currencyCode }: Transaction): Amounts {
  const taxMinor = parseMinor(totalTax, currencyCode)
  return { totalMinor: parseMinor(totalAmount, currencyCode) + taxMinor, taxMinor }
}

/** Stripe's words: a document that is cancelled, or of which a reversal has taken back the rest, is void. */
function statusOf({ status }: Transaction, reversal: Transaction | undefined): string {
  if (status === 'Cancelled' || reversal) return 'void'
  return status === 'Committed' ? 'issued' : status
}

const opposite = (type: string): string => (type === 'SalesInvoice' ? 'ReturnInvoice' : 'SalesInvoice')

/**
 * The committed document that takes this one back, to the cent: of a sale together with what its credit notes returned.
 * AvaTax does not say of which sale a return is: what is left must be what some returns of the same customer and tax date
 * come to. That they are this invoice's own shows where the void's amount is laid beside Stripe's.
 */
function reversalOf(
  document: Transaction,
  byName: ReadonlyMap<string, Transaction>,
  documents: readonly Transaction[],
): Transaction | undefined {
  const { code, type, status, currencyCode: currency, customerCode: customer } = document
  const reversal = byName.get(`${opposite(type)} ${code}${REVERSAL}`)
  if (status !== 'Committed' || reversal?.status !== 'Committed') return undefined
  if (reversal.currencyCode !== currency) return undefined
  const [one, other] = [amountsOf(document), amountsOf(reversal)]
  const left = { totalMinor: one.totalMinor + other.totalMinor, taxMinor: one.taxMinor + other.taxMinor }
  const returns = documents.filter(
    (each) =>
      type === 'SalesInvoice' &&
      each.type === 'ReturnInvoice' &&
      each.code.startsWith('cn_') &&
      each.status === 'Committed' &&
      each.currencyCode === currency &&
      each.customerCode === customer &&
      each.taxDate.slice(0, 10) === document.date.slice(0, 10),
  )
  return comesToNothing(left, returns.map(amountsOf)) ? reversal : undefined
}

/** Some of the returns, or none, take the rest to zero. A customer has a handful of one day. */
function comesToNothing({ totalMinor, taxMinor }: Amounts, returns: readonly Amounts[]): boolean {
  if (totalMinor === 0n && taxMinor === 0n) return true
  return returns.some((each, index) =>
    comesToNothing(
      { totalMinor: totalMinor + each.totalMinor, taxMinor: taxMinor + each.taxMinor },
      returns.slice(index + 1),
    ),
  )
}

function reverses(
  document: Transaction,
  byName: ReadonlyMap<string, Transaction>,
  documents: readonly Transaction[],
): boolean {
  if (!document.code.endsWith(REVERSAL)) return false
  const original = byName.get(`${opposite(document.type)} ${document.code.slice(0, -REVERSAL.length)}`)
  return original !== undefined && reversalOf(original, byName, documents) === document
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
