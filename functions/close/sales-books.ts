// Tax, sales net of tax and open receivables of NetSuite, from the lines and headers of its sales documents.
import * as z from 'zod'
import type { Evidence } from '../../shared/close/check.ts'
import type { BookedSales } from '../../shared/close/deferred.ts'
import type { BookTax, Jurisdiction, OpenItem, OwedInvoice } from '../../shared/close/facts.ts'
import type { Period } from '../../shared/close/period.ts'
import type { NetSuiteConfig } from '../connectors/netsuite/config.ts'
import { type BookSource, day, maybe, minorOf, SuiteQl, text } from './suiteql.ts'

const taxRow = z.object({ externalid: text, symbol: text, amount: maybe, memo: maybe, trandate: text })
const saleRow = z.object({ externalid: text, type: text, symbol: text, foreigntotal: maybe })
const openRow = z.object({ externalid: text, symbol: text, open: maybe, trandate: text })

const within = ({ firstDay, lastDay }: Period) =>
  `t.trandate >= ${day(firstDay)} AND t.trandate <= ${day(lastDay)}`

/** @param placeOfRate who gets the tax of a Stripe tax rate, which the line names. @throws HubError. */
export async function readBookTax(
  source: BookSource,
  { tax }: NetSuiteConfig,
  period: Period,
  placeOfRate: (rateId: string) => Jurisdiction | undefined,
): Promise<{ value: BookTax[]; evidence: Evidence[] }> {
  const items = tax.mode === 'liability-item' ? [tax.item, ...Object.values(tax.items)] : []
  const isTax = [`tl.taxline = 'T'`, ...items.map((item) => `tl.item = ${item}`)].join(' OR ')
  const books = new SuiteQl(source)
  const rows = await books.select(
    `SELECT t.externalid, c.symbol, tl.foreignamount AS amount, tl.memo, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate
     FROM transactionline tl INNER JOIN transaction t ON t.id = tl.transaction INNER JOIN currency c ON c.id = t.currency
     WHERE (${isTax}) AND t.externalid IS NOT NULL AND ${within(period)} ORDER BY t.id, tl.id`,
    taxRow,
    'read the tax of the month',
  )
  const value = rows
    .filter(({ externalid }) => /^(in|cn|re|pyr)_/.test(externalid))
    .map(({ externalid, symbol, amount, memo, trandate }) => {
      const rate = /\btxr_\w+/.exec(memo ?? '')?.[0]
      const jurisdiction = rate === undefined ? undefined : placeOfRate(rate)
      return {
        document: externalid,
        day: trandate,
        currency: symbol,
        // A liability stands on the credit side, and a query shows that negative.
        amountMinor: -minorOf(amount, symbol),
        ...(jurisdiction && { jurisdiction }),
      }
    })
  return { value, evidence: books.evidence }
}

/** Invoiced, and credited by credit notes and voids, net of tax; a credit note that was taken back counts against the credit. */
export async function readBookedSales(
  source: BookSource,
  period: Period,
  taxes: readonly BookTax[],
): Promise<{ value: BookedSales[]; evidence: Evidence[] }> {
  const books = new SuiteQl(source)
  const rows = await books.select(
    `SELECT t.externalid, t.type, c.symbol, t.foreigntotal FROM transaction t INNER JOIN currency c ON c.id = t.currency
     WHERE t.type IN ('CustInvc', 'CustCred') AND t.externalid IS NOT NULL AND ${within(period)} ORDER BY t.id`,
    saleRow,
    'read the sales of the month',
  )
  const taxOf = Map.groupBy(taxes, ({ document }) => document)
  const sales = new Map<string, BookedSales>()
  for (const { externalid, symbol: currency, foreigntotal } of rows) {
    const part = /^(in|cn)_\w+?(-credit|-void)?$/.exec(externalid)
    if (!part) continue
    const tax = (taxOf.get(externalid) ?? []).reduce((total, { amountMinor }) => total + amountMinor, 0n)
    // Negative for memos, as a query shows them.
    const netMinor = minorOf(foreigntotal, currency) - tax
    const sale = sales.get(currency) ?? { currency, invoicedMinor: 0n, creditedMinor: 0n }
    if (part[1] === 'in' && part[2] !== '-void') sale.invoicedMinor += netMinor
    else sale.creditedMinor -= netMinor
    sales.set(currency, sale)
  }
  return { value: [...sales.values()], evidence: books.evidence }
}

/** What is open now, by invoice. @throws HubError. */
export async function readOpenItems(
  source: BookSource,
  period: Period,
  invoices: readonly OwedInvoice[],
  invoiceOfNote: ReadonlyMap<string, string>,
): Promise<{ value: OpenItem[]; evidence: Evidence[] }> {
  const books = new SuiteQl(source)
  const documents = await books.select(
    `SELECT t.externalid, c.symbol, t.foreignamountunpaid AS open, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate
     FROM transaction t INNER JOIN currency c ON c.id = t.currency
     WHERE t.type = 'CustInvc' AND t.foreignamountunpaid <> 0 AND t.externalid IS NOT NULL ORDER BY t.id`,
    openRow,
    'read what is open',
  )
  const debts = await books.select(
    `SELECT t.externalid, c.symbol, tl.foreignamountunpaid AS open, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate
     FROM transactionline tl INNER JOIN transaction t ON t.id = tl.transaction INNER JOIN currency c ON c.id = t.currency
     WHERE t.type = 'Journal' AND t.externalid LIKE 'in_%-owed' AND tl.foreignamountunpaid <> 0 ORDER BY t.id`,
    openRow,
    'read debts that were put onto invoices',
  )
  const known = new Set(invoices.map(({ id }) => id))
  const value = [...documents, ...debts].flatMap(({ externalid, symbol, open, trandate }) => {
    const [, id = '', part] = /^((?:in|cn)_\w+?)(-void|-owed)?$/.exec(externalid) ?? []
    const invoice = part === '-void' ? (invoiceOfNote.get(id) ?? externalid) : id
    // Issued after the cut-off: of the next month.
    if (id === '' || (!known.has(invoice) && trandate > period.lastDay)) return []
    return [{ invoice, currency: symbol, openMinor: minorOf(open, symbol) }]
  })
  return { value, evidence: books.evidence }
}
