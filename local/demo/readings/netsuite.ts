// What the NetSuite books say, asked with SuiteQL: signed in as a machine (a JWT signed here with node:crypto), then a
// few queries over transactions, their tax lines and what settles what.
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157909186990.html
import { createPrivateKey, sign } from 'node:crypto'
import * as z from 'zod'
import { fetchExact, requireWhole } from './exact-json.ts'
import { sortDocuments } from './netsuite-documents.ts'
import { assembleReading, type Reading } from './reading.ts'
import { parseMinor } from './totals.ts'

export interface NetSuiteAccess {
  baseUrl: string
  clientId: string
  certificateId: string
  /** PEM of a P-256 key. */
  privateKey: string
  /** Milliseconds: NetSuite refuses an assertion from another hour. */
  now: () => number
  /** Internal ids of the items that stand for tax on an item line. Lines of SuiteTax need no naming. */
  taxItems: readonly string[]
  /** Absent: nobody journals revenue, and a journal of it stands for nothing. */
  journalsRevenue?: boolean
}

const TOKEN_PATH = '/services/rest/auth/oauth2/v1/token'
const PAGE = 200

const customerRow = z.object({ externalid: z.string(), isinactive: z.string() })
const transactionRow = z.object({
  id: z.string(),
  type: z.string(),
  externalid: z.string().optional(),
  symbol: z.string(),
  foreigntotal: z.string(),
  foreignamountunpaid: z.string().optional(),
  customer: z.string().optional(),
})
const taxRow = z.object({ id: z.string(), tax: z.string() })
const debtRow = z.object({ id: z.string(), open: z.string() })
const holderRow = z.object({ id: z.string(), customer: z.string() })
const linkRow = z.object({ payment: z.string(), invoice: z.string().optional() })

/** @param invoiceOfNote Stripe's: which invoice a credit note is of. The books tell it in words only. */
export async function readNetSuite(
  access: NetSuiteAccess,
  invoiceOfNote: ReadonlyMap<string, string>,
): Promise<Reading> {
  const headers = { authorization: `Bearer ${await signIn(access)}` }
  const select = <S extends z.ZodType>(row: S, q: string) => query(access.baseUrl, headers, row, q)
  // People keep customers of their own in NetSuite; only those that say they are Stripe's are compared.
  const customers = await select(
    customerRow,
    "SELECT c.externalid, c.isinactive FROM customer c WHERE c.externalid LIKE 'cus_%' ORDER BY c.id",
  )
  // A journal of revenue is the sum of many sales: the close holds it against their schedules.
  const journals = access.journalsRevenue ? "AND NVL(t.externalid, ' ') NOT LIKE 'revrec-%'" : ''
  const transactions = await select(
    transactionRow,
    `SELECT t.id, t.type, t.externalid, t.foreigntotal, t.foreignamountunpaid, c.symbol, e.externalid AS customer
     FROM transaction t INNER JOIN currency c ON c.id = t.currency LEFT JOIN customer e ON e.id = t.entity
     WHERE t.type <> 'FxReval' ${journals} ORDER BY t.id`,
  )
  const isTax = ["tl.taxline = 'T'", ...access.taxItems.map((item) => `tl.item = ${Number(item)}`)].join(
    ' OR ',
  )
  const taxes = await select(
    taxRow,
    `SELECT tl.transaction AS id, SUM(tl.foreignamount) AS tax FROM transactionline tl
     WHERE ${isTax} GROUP BY tl.transaction ORDER BY tl.transaction`,
  )
  const links = await select(
    linkRow,
    `SELECT p.externalid AS payment, i.externalid AS invoice FROM NextTransactionLineLink l
     INNER JOIN transaction p ON p.id = l.nextdoc INNER JOIN transaction i ON i.id = l.previousdoc
     WHERE p.type = 'CustPymt' AND p.externalid IS NOT NULL ORDER BY p.id, i.id`,
  )
  // What a journal leaves open stands on its line, not on the transaction.
  const debts = await select(
    debtRow,
    `SELECT t.id, tl.foreignamountunpaid AS open FROM transactionline tl INNER JOIN transaction t ON t.id = tl.transaction
     WHERE t.type = 'Journal' AND t.externalid LIKE 'in_%-owed' AND tl.foreignamountunpaid <> 0 ORDER BY t.id`,
  )
  // Whose balance a journal moves is on its lines.
  const holders = await select(
    holderRow,
    `SELECT DISTINCT t.id, e.externalid AS customer FROM transactionline tl
     INNER JOIN transaction t ON t.id = tl.transaction INNER JOIN customer e ON e.id = tl.entity
     WHERE t.type = 'Journal' AND t.externalid LIKE 'cbtxn_%' ORDER BY t.id`,
  )
  const holderById = new Map(holders.map(({ id, customer }) => [id, customer]))
  const taxById = new Map(taxes.map(({ id, tax }) => [id, tax]))
  const debtById = new Map(debts.map(({ id, open }) => [id, open]))
  const linksByPayment = Map.groupBy(links, ({ payment }) => payment)
  const books = sortDocuments(
    transactions.map(({ id, type, externalid = '', symbol: currency, customer, ...row }) => {
      // Memos and refunds are negative in a query; a document of the other sign than its type's is never right.
      const sign = type === 'CustCred' || type === 'CustRfnd' ? -1n : 1n
      return {
        type,
        externalId: externalid,
        internalId: id,
        currency,
        customer: customer ?? holderById.get(id),
        amountMinor: sign * parseMinor(row.foreigntotal, currency),
        // Revenue and tax stand on the credit side of an invoice, and on the debit side of a memo.
        taxMinor: -sign * parseMinor(taxById.get(id) ?? '0', currency),
        openMinor: parseMinor(debtById.get(id) ?? row.foreignamountunpaid ?? '0', currency),
        settles: (linksByPayment.get(externalid) ?? []).map(({ invoice }) => invoice ?? ''),
      }
    }),
    invoiceOfNote,
  )
  return assembleReading(
    'netsuite',
    {
      ...books.rows,
      customers: customers.map((row) => [
        row.externalid,
        { state: row.isinactive === 'T' ? 'deleted' : 'alive' },
      ]),
    },
    { strangers: books.strangers, adjuncts: books.adjuncts },
  )
}

async function query<S extends z.ZodType>(
  baseUrl: string,
  headers: Record<string, string>,
  row: S,
  q: string,
): Promise<z.output<S>[]> {
  const page = z.object({ items: z.array(row), hasMore: z.boolean(), totalResults: z.string() })
  const rows: z.output<S>[] = []
  for (;;) {
    const answer = await fetchExact(
      page,
      `${baseUrl}/services/rest/query/v1/suiteql?limit=${PAGE}&offset=${rows.length}`,
      {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', prefer: 'transient' },
        body: JSON.stringify({ q }),
      },
    )
    rows.push(...answer.items)
    if (answer.hasMore) continue
    requireWhole(q, rows.length, answer.totalResults)
    return rows
  }
}

/**
 * A bearer token, good for an hour.
 * https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_162755359851.html
 */
export async function signIn({
  baseUrl,
  clientId,
  certificateId,
  privateKey,
  now,
}: NetSuiteAccess): Promise<string> {
  const seconds = Math.floor(now() / 1000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = [
    part({ typ: 'JWT', alg: 'ES256', kid: certificateId }),
    part({
      iss: clientId,
      scope: ['rest_webservices'],
      aud: baseUrl + TOKEN_PATH,
      iat: seconds,
      exp: seconds + 600,
    }),
  ].join('.')
  const signature = sign('sha256', Buffer.from(signed), {
    key: createPrivateKey(privateKey),
    dsaEncoding: 'ieee-p1363',
  })
  const granted = await fetchExact(z.object({ access_token: z.string() }), baseUrl + TOKEN_PATH, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: `${signed}.${signature.toString('base64url')}`,
    }),
  })
  return granted.access_token
}
