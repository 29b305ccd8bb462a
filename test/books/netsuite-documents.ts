// Every transaction that stands in NetSuite, read through its API (SuiteQL, and the record itself for its item lines) and
// told in one line each:
//   invoice in_1 (Invoice) · 2026-10-05 · Oct 2026 · 801 100.00 + 808 9.75 = 109.75 USD · Dr 111 109.75, Cr 411 100.00, Cr 211 9.75 · open 0.00
// Knows nothing of how the hub writes them.
import * as z from 'zod'
import { fetchExact, requireWhole } from '../../local/demo/readings/exact-json.ts'
import { type NetSuiteAccess, signIn } from '../../local/demo/readings/netsuite.ts'
import { scaledOf, written, writtenDecimal } from './amounts.ts'

const PAGE = 500

const documentRow = z.object({
  id: z.string(),
  recordtype: z.string(),
  externalid: z.string().nullish(),
  trandate: z.string(),
  period: z.string(),
  memo: z.string().nullish(),
  symbol: z.string(),
  exchangerate: z.string().nullish(),
  otherrefnum: z.string().nullish(),
  duedate: z.string().nullish(),
  foreigntotal: z.string(),
  foreignamountunpaid: z.string().nullish(),
  foreignpaymentamountunused: z.string().nullish(),
  made: z.string(),
  changed: z.string(),
})
const postingRow = z.object({
  transaction: z.string(),
  account: z.string(),
  amount: z.string(),
  base: z.string(),
  foreignamount: z.string(),
  symbol: z.string(),
  foreignamountunpaid: z.string().nullish(),
  foreignpaymentamountunused: z.string().nullish(),
})
const linkRow = z.object({ nextdoc: z.string(), settled: z.string().nullish(), foreignamount: z.string() })
type DocumentRow = z.output<typeof documentRow>
type PostingRow = z.output<typeof postingRow>

const reference = z.object({ id: z.string() })
const salesRecord = z.object({
  item: z.object({
    items: z.array(
      z.object({
        item: reference,
        amount: z.string(),
        revRecStartDate: z.string().nullish(),
        revRecEndDate: z.string().nullish(),
      }),
    ),
  }),
  /** SuiteTax. */
  taxDetails: z
    .object({ items: z.array(z.object({ taxRate: z.string(), taxAmount: z.string() })) })
    .nullish(),
})

/** As NetSuite's REST API calls them; SuiteQL writes them in small letters. */
const TYPES = ['invoice', 'creditMemo', 'customerPayment', 'customerRefund', 'journalEntry', 'fxReval']
const SALES = new Set(['invoice', 'creditMemo'])

export interface NetSuiteDocument {
  id: string
  type: string
  externalId: string
  line: string
  /** Of receivables: what is open of it in its currency, scaled. */
  open: bigint
}

export interface NetSuiteBooks {
  documents: NetSuiteDocument[]
  /** Every account that is not even over all documents, in the subsidiary's currency: '121 70.00 USD'. */
  balances: string[]
  /** Documents that were written to again after they had been made. */
  changed: string[]
  /** Every line of the general ledger, amounts scaled. */
  postings: Posting[]
}

export interface Posting {
  account: string
  /** In the document's currency. */
  amount: bigint
  currency: string
  /** In the subsidiary's. */
  baseAmount: bigint
  base: string
}

export async function readBooks(access: NetSuiteAccess): Promise<NetSuiteBooks> {
  const headers = { authorization: `Bearer ${await signIn(access)}` }
  const select = <S extends z.ZodType>(row: S, q: string) => query(access.baseUrl, headers, row, q)
  const rows = await select(
    documentRow,
    `SELECT t.id, t.recordtype, t.externalid, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate, p.periodname AS period, t.memo,
       c.symbol, t.exchangerate, t.otherrefnum, TO_CHAR(t.duedate, 'YYYY-MM-DD') AS duedate, t.foreigntotal,
       t.foreignamountunpaid, t.foreignpaymentamountunused, TO_CHAR(t.createddate, 'YYYY-MM-DD HH24:MI:SS') AS made,
       TO_CHAR(t.lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS changed
     FROM transaction t INNER JOIN currency c ON c.id = t.currency
     INNER JOIN accountingperiod p ON p.id = t.postingperiod ORDER BY t.id`,
  )
  const postings = await select(
    postingRow,
    `SELECT a.transaction, a.account, a.amount, c.symbol AS base, tl.foreignamount, d.symbol, tl.foreignamountunpaid,
       tl.foreignpaymentamountunused
     FROM transactionaccountingline a INNER JOIN transaction t ON t.id = a.transaction
     INNER JOIN currency d ON d.id = t.currency
     INNER JOIN transactionline tl ON tl.transaction = a.transaction AND tl.id = a.transactionline
     INNER JOIN subsidiary s ON s.id = tl.subsidiary INNER JOIN currency c ON c.id = s.currency
     ORDER BY a.transaction, a.transactionline`,
  )
  const links = await select(
    linkRow,
    `SELECT l.nextdoc, p.externalid AS settled, l.foreignamount FROM NextTransactionLineLink l
     INNER JOIN transaction p ON p.id = l.previousdoc ORDER BY l.nextdoc, l.previousdoc`,
  )
  const postingsOf = Map.groupBy(postings, ({ transaction }) => transaction)
  const linksOf = Map.groupBy(links, ({ nextdoc }) => nextdoc)
  const documents: NetSuiteDocument[] = []
  for (const row of rows) {
    const type = TYPES.find((each) => each.toLowerCase() === row.recordtype) ?? row.recordtype
    const items = SALES.has(type) ? await readItems(access.baseUrl, headers, type, row) : []
    const own = postingsOf.get(row.id) ?? []
    const open = openOf(row, own)
    const parts = [
      `${type} ${row.externalid ?? 'by NetSuite'}${titleOf(row)}`,
      row.trandate,
      row.period,
      contentOf(row, items),
      tellPostings(own, row.symbol),
      ...tellSettled(linksOf.get(row.id) ?? [], row.symbol),
      ...(open === undefined ? [] : [`open ${written(open, row.symbol)}`]),
      ...(row.otherrefnum ? [`PO ${row.otherrefnum}`] : []),
    ]
    documents.push({
      id: row.id,
      type,
      externalId: row.externalid ?? '',
      line: parts.filter((part) => part !== '').join(' · '),
      open: open ?? 0n,
    })
  }
  return {
    documents,
    balances: balancesOf(postings),
    changed: rows
      .filter(({ made, changed }) => made !== changed)
      .map(({ recordtype, externalid }) => `${recordtype} ${externalid}`),
    postings: postings.map(({ account, amount, base, foreignamount, symbol }) => ({
      account,
      amount: scaledOf(foreignamount),
      currency: symbol,
      baseAmount: scaledOf(amount),
      base,
    })),
  }
}

/** Title, Stripe's number where it has one, and what it stands for: a Stripe id, or a month of revenue; then remarks. */
const MEMO =
  /^Stripe (.+?)(?: [0-9A-Z]+-\d{4}(?:-CN-\d\d)?)? (?:[a-z]+_[A-Za-z0-9]+|\d+\/[A-Z]{3}\/\d{4}-\d\d\/\d+)( · .*)?$/

/** "Stripe Void 0B2F-0001 in_1 · posted to Nov 2026: …" → ' (Void · posted to Nov 2026: …)'. */
function titleOf({ memo }: DocumentRow): string {
  if (!memo) return ''
  const [, title, rest = ''] = MEMO.exec(memo) ?? []
  return ` (${title ?? memo}${rest})`
}

function contentOf(row: DocumentRow, items: readonly string[]): string {
  const total = written(abs(scaledOf(row.foreigntotal)), row.symbol)
  const amount = `${total} ${row.symbol}`
  return items.length === 0 ? amount : `${foldEqual(items).join(' + ')} = ${amount}`
}

/** Three and more equal lines in a row: '60 × 801 10.00'. */
function foldEqual(items: readonly string[]): string[] {
  const runs: { item: string; times: number }[] = []
  for (const item of items) {
    const last = runs.at(-1)
    if (last?.item === item) last.times += 1
    else runs.push({ item, times: 1 })
  }
  return runs.flatMap(({ item, times }) => (times > 2 ? [`${times} × ${item}`] : Array(times).fill(item)))
}

const abs = (scaled: bigint): bigint => (scaled < 0n ? -scaled : scaled)

/** On lines of a journal; of other documents it is said of the whole. Payments and refunds say what they settle. */
function openOf(row: DocumentRow, postings: readonly PostingRow[]): bigint | undefined {
  const own = [row.foreignamountunpaid, row.foreignpaymentamountunused]
  const ofLines =
    row.recordtype === 'journalentry'
      ? postings.flatMap((line) => [line.foreignamountunpaid, line.foreignpaymentamountunused])
      : []
  const known = [...own, ...ofLines].filter((each) => typeof each === 'string')
  if (known.length === 0) return undefined
  return known.reduce((sum, each) => sum + scaledOf(each), 0n)
}

/** In the subsidiary's currency, one side of an account at a time; its name is said where the document has another. */
function tellPostings(postings: readonly PostingRow[], symbol: string): string {
  const sides = new Map<string, { account: string; amount: bigint; base: string }>()
  for (const { account, amount, base } of postings) {
    const scaled = scaledOf(amount)
    if (scaled === 0n) continue
    const key = `${scaled > 0n ? 'Dr' : 'Cr'} ${account}`
    const side = sides.get(key) ?? { account, amount: 0n, base }
    sides.set(key, { ...side, amount: side.amount + abs(scaled) })
  }
  return [...sides]
    .map(([key, { amount, base }]) => `${key} ${written(amount, base)}${base === symbol ? '' : ` ${base}`}`)
    .join(', ')
}

const tellSettled = (links: readonly z.output<typeof linkRow>[], symbol: string): string[] =>
  links.length === 0
    ? []
    : [
        `settles ${links
          .map(
            ({ settled, foreignamount }) =>
              `${settled ?? 'a document without a name'} ${writtenDecimal(foreignamount, symbol)}`,
          )
          .join(' and ')}`,
      ]

function balancesOf(postings: readonly PostingRow[]): string[] {
  const sums = new Map<string, { account: string; base: string; amount: bigint }>()
  for (const { account, amount, base } of postings) {
    const key = `${account} ${base}`
    const sum = sums.get(key) ?? { account, base, amount: 0n }
    sums.set(key, { ...sum, amount: sum.amount + scaledOf(amount) })
  }
  return [...sums.values()]
    .filter(({ amount }) => amount !== 0n)
    .map(({ account, base, amount }) => `${account} ${written(amount, base)} ${base}`)
    .sort()
}

/**
 * Item, net amount and, where it is more than a day, the service period of each line: '801 100.00 [2026-10-05…2026-11-04]';
 * then SuiteTax's details: 'tax 6.50 at 6.5 %'.
 */
async function readItems(
  baseUrl: string,
  headers: Record<string, string>,
  type: string,
  { id, symbol }: DocumentRow,
): Promise<string[]> {
  const url = `${baseUrl}/services/rest/record/v1/${type}/${id}?expandSubResources=true`
  const { item, taxDetails } = await fetchExact(salesRecord, url, { headers })
  const items = item.items.map((line) => {
    const { revRecStartDate: start, revRecEndDate: end } = line
    const period = start && end && start !== end ? ` [${start}…${end}]` : ''
    return `${line.item.id} ${writtenDecimal(line.amount, symbol)}${period}`
  })
  const taxes = (taxDetails?.items ?? []).map(
    ({ taxAmount, taxRate }) => `tax ${writtenDecimal(taxAmount, symbol)} at ${taxRate} %`,
  )
  return [...items, ...taxes]
}

async function query<S extends z.ZodType>(
  baseUrl: string,
  headers: Record<string, string>,
  row: S,
  q: string,
): Promise<z.output<S>[]> {
  const page = z.object({ items: z.array(row), hasMore: z.boolean(), totalResults: z.string() })
  const answer = await fetchExact(page, `${baseUrl}/services/rest/query/v1/suiteql?limit=${PAGE}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'transient' },
    body: JSON.stringify({ q }),
  })
  requireWhole(q, answer.items.length, answer.totalResults)
  return answer.items
}
