// What stands on the Stripe clearing accounts and what went to the bank, from NetSuite's accounting lines, in each account's
// own currency: a foreign payment into a dollar account is there in dollars.
import * as z from 'zod'
import type { Evidence } from '../../shared/close/check.ts'
import type { ClearingBooks } from '../../shared/close/facts.ts'
import type { Period } from '../../shared/close/period.ts'
import { inChunks, NAMES_PER_QUERY, sqlList } from '../connectors/netsuite/client.ts'
import type { NetSuiteConfig } from '../connectors/netsuite/config.ts'
import { type BookSource, day, maybe, minorOf, SuiteQl, text } from './suiteql.ts'

export interface ClearingLineRow {
  document: string
  side: 'clearing' | 'bank'
  currency: string
  amountMinor: bigint
}

const row = z.object({ externalid: maybe, account: text, symbol: text, own: maybe, base: maybe })
type Row = z.output<typeof row>

/** The primary accounting book alone: with multi-book accounting every line stands once for each. */
const FROM = `FROM transactionaccountingline a INNER JOIN transaction t ON t.id = a.transaction
  INNER JOIN transactionline tl ON tl.transaction = a.transaction AND tl.id = a.transactionline
  INNER JOIN currency c ON c.id = t.currency WHERE a.posting = 'T' AND a.accountingbook = 1`

export class StripeAccounts {
  private readonly books: SuiteQl
  private readonly period: Period
  /** By account: on which side it is, and the currencies it is for. */
  private readonly accounts = new Map<string, { side: 'clearing' | 'bank'; currencies: string[] }>()
  private month: Promise<ClearingLineRow[]> | undefined

  constructor(source: BookSource, config: NetSuiteConfig, period: Period) {
    this.books = new SuiteQl(source)
    this.period = period
    for (const [side, accounts] of [
      ['clearing', config.clearingAccounts],
      ['bank', config.payouts?.bankAccounts ?? {}],
    ] as const) {
      for (const [currency, account] of Object.entries(accounts)) {
        const known = this.accounts.get(account) ?? { side, currencies: [] }
        known.currencies.push(currency)
        this.accounts.set(account, known)
      }
    }
  }

  /** Lines of the month, or of documents wherever they are dated. @throws HubError. */
  async linesOf(which: readonly string[] | 'month'): Promise<ClearingLineRow[]> {
    if (which === 'month') {
      this.month ??= this.select(
        `t.trandate >= ${day(this.period.firstDay)} AND t.trandate <= ${day(this.period.lastDay)}`,
        [...this.accounts.keys()],
      )
      return [...(await this.month)]
    }
    const lines: ClearingLineRow[] = []
    for (const chunk of inChunks(which, NAMES_PER_QUERY))
      lines.push(...(await this.select(`t.externalid IN (${sqlList(chunk)})`, [...this.accounts.keys()])))
    return lines
  }

  /** @throws HubError. */
  async readClearing(): Promise<{ value: ClearingBooks; evidence: Evidence[] }> {
    const lines = (await this.linesOf('month')).filter(({ side }) => side === 'clearing')
    const clearing = [...this.accounts]
      .filter(([, { side }]) => side === 'clearing')
      .map(([account]) => account)
    const openingMinor: Record<string, bigint> = {}
    if (clearing.length > 0) {
      const before = await this.books.select(
        `SELECT a.account, c.symbol, SUM(tl.foreignamount) AS own, SUM(a.amount) AS base ${FROM}
         AND a.account IN (${clearing.join(', ')}) AND t.trandate < ${day(this.period.firstDay)}
         GROUP BY a.account, c.symbol ORDER BY a.account, c.symbol`,
        row,
        'read the opening of the clearing accounts',
      )
      for (const found of before) {
        const { currency, amountMinor } = this.lineOf(found)
        openingMinor[currency] = (openingMinor[currency] ?? 0n) + amountMinor
      }
    }
    return { value: { openingMinor, lines }, evidence: this.books.evidence }
  }

  private async select(where: string, accounts: readonly string[]): Promise<ClearingLineRow[]> {
    if (accounts.length === 0) return []
    const rows = await this.books.select(
      `SELECT t.externalid, a.account, c.symbol, tl.foreignamount AS own, a.amount AS base ${FROM}
       AND a.account IN (${accounts.join(', ')}) AND ${where} ORDER BY t.id, tl.id`,
      row,
      'read the lines of the clearing and bank accounts',
    )
    return rows.map((found) => this.lineOf(found))
  }

  private lineOf({ externalid, account, symbol, own, base }: Row): ClearingLineRow {
    const { side, currencies } = this.accounts.get(account) ?? { side: 'clearing' as const, currencies: [] }
    const [first = symbol] = currencies
    const isOwn = currencies.length === 0 || currencies.includes(symbol)
    const currency = isOwn ? symbol : first
    return {
      document: externalid ?? '',
      side,
      currency,
      // Of another currency it stands in the subsidiary's base currency, which then is the account's.
      amountMinor: minorOf(isOwn ? own : base, currency),
    }
  }
}
