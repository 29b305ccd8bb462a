// The NetSuite documents that stand for what money did in Stripe: those dated in the month, and those that a movement of the
// month must have, wherever they are dated. The external ids are the promise of the connector's README, read here anew.
import * as z from 'zod'
import type { Evidence } from '../../shared/close/check.ts'
import type { BookDocument, Movement } from '../../shared/close/facts.ts'
import { isWithin, type Period } from '../../shared/close/period.ts'
import { inChunks, NAMES_PER_QUERY, sqlList } from '../connectors/netsuite/client.ts'
import type { ClearingLineRow } from './clearing-books.ts'
import { type BookSource, day, maybe, minorOf, SuiteQl, text } from './suiteql.ts'

const row = z.object({
  externalid: text,
  type: text,
  symbol: text,
  foreigntotal: maybe,
  trandate: text,
  period: maybe,
  memo: maybe,
})
type Row = z.output<typeof row>

const SELECT = `SELECT t.externalid, t.type, c.symbol, t.foreigntotal, t.memo, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate,
  TO_CHAR(p.startdate, 'YYYY-MM') AS period FROM transaction t INNER JOIN currency c ON c.id = t.currency
  LEFT JOIN accountingperiod p ON p.id = t.postingperiod`

/** What each type of document may stand for; others beside them (balance, recovery, fees) explain these and are not counted. */
const STANDS_FOR: Readonly<Record<string, RegExp>> = {
  CustInvc: /^(in_\w+|cn_\w+-void)$/,
  CustCred: /^(cn_\w+|in_\w+-(credit|void|writeoff))$/,
  CustPymt: /^(inpay_\w+|in_\w+-outofband|(re|pyr)_\w+-failed)$/,
  CustRfnd: /^(re|pyr)_\w+$/,
  Journal: /^(d[up]_\w+-txn_\w+|po_\w+(-failed)?)$/,
}

/** @param lines of clearing and bank accounts, by which a journal's amount is told. @throws HubError. */
export async function readBookDocuments(
  source: BookSource,
  period: Period,
  movements: readonly Movement[],
  linesOf: (externalIds: readonly string[] | 'month') => Promise<ClearingLineRow[]>,
): Promise<{ value: BookDocument[]; evidence: Evidence[] }> {
  const books = new SuiteQl(source)
  const dated = await books.select(
    `${SELECT} WHERE t.externalid IS NOT NULL AND t.trandate >= ${day(period.firstDay)}
     AND t.trandate <= ${day(period.lastDay)} ORDER BY t.id`,
    row,
    'read the documents of the month',
  )
  const standing = new Set(dated.map(({ externalid }) => externalid))
  const missing = movements
    .filter((movement) => isWithin(movement.day, period))
    .flatMap(({ document, pairedWith }) => [document, pairedWith ?? document])
    .filter((externalId) => !standing.has(externalId))
  const elsewhere: Row[] = []
  for (const chunk of inChunks([...new Set(missing)], NAMES_PER_QUERY)) {
    elsewhere.push(
      ...(await books.select(
        `${SELECT} WHERE t.externalid IN (${sqlList(chunk)}) ORDER BY t.id`,
        row,
        'read documents by external id',
      )),
    )
  }
  const lines = await linesOf('month')
  const journals = elsewhere.filter(({ type }) => type === 'Journal').map(({ externalid }) => externalid)
  if (journals.length > 0) lines.push(...(await linesOf(journals)))
  const byDocument = Map.groupBy(lines, ({ document }) => document)
  return {
    value: [...dated, ...elsewhere].flatMap((each) => documentOf(each, byDocument)),
    evidence: books.evidence,
  }
}

/** The words of the NetSuite README for a document whose own period was closed. */
function movedBy(memo: string): Pick<BookDocument, 'movedFrom'> {
  const [words, ownDay] = /(?:of (\d{4}-\d\d-\d\d), )?posted to .+ was closed/.exec(memo) ?? []
  return words === undefined ? {} : { movedFrom: ownDay === undefined ? {} : { day: ownDay } }
}

function documentOf(found: Row, lines: ReadonlyMap<string, readonly ClearingLineRow[]>): BookDocument[] {
  const { externalid: externalId, type, symbol, foreigntotal, trandate, period, memo } = found
  if (!STANDS_FOR[type]?.test(externalId)) return []
  const at = {
    externalId,
    type,
    day: trandate,
    periodMonth: period ?? trandate.slice(0, 7),
    ...movedBy(memo ?? ''),
  }
  if (type === 'Journal') {
    const side = externalId.startsWith('po_') ? 'bank' : 'clearing'
    const own = (lines.get(externalId) ?? []).filter((line) => line.side === side)
    const total = own.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
    return [{ ...at, currency: own[0]?.currency ?? symbol, amountMinor: total < 0n ? -total : total }]
  }
  // Memos and refunds are negative in a query; one of the other sign than its type's is never right, and shows as such.
  const sign = type === 'CustCred' || type === 'CustRfnd' ? -1n : 1n
  return [{ ...at, currency: symbol, amountMinor: sign * minorOf(foreigntotal, symbol) }]
}
