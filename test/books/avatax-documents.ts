// Every document that stands in AvaTax, read through its API and told in one line each:
//   SalesInvoice in_1 · 2026-10-05 · 100.00 + 9.75 tax USD · Committed
// and what it says of each jurisdiction. Knows nothing of how the hub writes them.
import * as z from 'zod'
import { fetchExact, requireWhole } from '../../local/demo/readings/exact-json.ts'
import { writtenDecimal } from './amounts.ts'

export interface AvaTaxAccess {
  baseUrl: string
  accountId: string
  licenseKey: string
  companyCode: string
}

const PAGE = 200

const summary = z.object({
  jurisType: z.string(),
  jurisName: z.string(),
  rate: z.string(),
  tax: z.string(),
})
const transaction = z.object({
  code: z.string(),
  date: z.string(),
  taxDate: z.string(),
  type: z.string(),
  status: z.string(),
  locked: z.boolean(),
  currencyCode: z.string(),
  referenceCode: z.string().nullish(),
  totalAmount: z.string(),
  totalTax: z.string(),
  totalTaxCalculated: z.string(),
  summary: z.array(summary).nullish(),
})
type Transaction = z.output<typeof transaction>

export interface AvaTaxDocuments {
  lines: string[]
  /** 'in_1 State CALIFORNIA 6.00'; what is not taxed is left out. */
  jurisdictions: string[]
}

export async function readAvaTax(access: AvaTaxAccess): Promise<AvaTaxDocuments> {
  const credential = Buffer.from(`${access.accountId}:${access.licenseKey}`).toString('base64')
  // Without a filter on `date` only the last 30 days are listed.
  const asked = new URLSearchParams({
    $filter: "date ge '2000-01-01'",
    $orderBy: 'id',
    $top: String(PAGE),
    $include: 'Summary',
  })
  const url = `${access.baseUrl}/api/v2/companies/${access.companyCode}/transactions?${asked}`
  const list = z.object({ '@recordsetCount': z.string(), value: z.array(transaction) })
  const answer = await fetchExact(list, url, { headers: { authorization: `Basic ${credential}` } })
  requireWhole('AvaTax transactions', answer.value.length, answer['@recordsetCount'])
  // An older version of a document stays listed as Adjusted.
  const documents = answer.value.filter(({ status }) => status !== 'Adjusted')
  return { lines: documents.map(tell), jurisdictions: documents.flatMap(tellJurisdictions) }
}

function tell(document: Transaction): string {
  const { code, currencyCode, date, locked, referenceCode, status, taxDate, totalTax, type } = document
  const amount = (text: string): string => writtenDecimal(text, currencyCode)
  const calculated = document.totalTaxCalculated
  const parts = [
    `${type} ${code}`,
    date,
    `${amount(document.totalAmount)} + ${amount(totalTax)} tax ${currencyCode}`,
    status,
    ...(locked ? ['filed'] : []),
    ...(taxDate === date ? [] : [`tax date ${taxDate}`]),
    ...(amount(calculated) === amount(totalTax) ? [] : [`AvaTax calculates ${amount(calculated)}`]),
    ...(referenceCode?.startsWith('FINALIZED_UNTAXED') ? [referenceCode] : []),
  ]
  return parts.join(' · ')
}

const tellJurisdictions = ({ code, currencyCode, summary: parts }: Transaction): string[] =>
  (parts ?? [])
    .filter(({ tax }) => Number(tax) !== 0)
    .map(
      ({ jurisType, jurisName, tax }) =>
        `${code} ${jurisType} ${jurisName} ${writtenDecimal(tax, currencyCode)}`,
    )
