// SuiteQL with its evidence: every value a text, amounts taken from their decimals. Dates are asked for as texts, so that the
// account's date format does not matter.
import * as z from 'zod'
import type { Clock } from '../../shared/clock.ts'
import type { Evidence } from '../../shared/close/check.ts'
import { fromDecimal } from '../../shared/money/money.ts'
import type { NetSuiteClient } from '../connectors/netsuite/client.ts'
import { type Progress, Question } from './evidence.ts'

export interface BookSource {
  client: NetSuiteClient
  clock: Clock
  progress?: Progress
}

/** A column that may be absent: SuiteQL leaves nulls out. */
export const text = z.coerce.string()
export const maybe = z.coerce.string().optional()

export class SuiteQl {
  readonly evidence: Evidence[] = []
  private readonly source: BookSource

  constructor(source: BookSource) {
    this.source = source
  }

  /** @throws HubError. */
  async select<Row>(sql: string, row: z.ZodType<Row>, what: string): Promise<Row[]> {
    const { client, clock, progress } = this.source
    const query = sql.replace(/\s+/g, ' ').trim()
    const question = new Question('NetSuite', query, clock, progress)
    const rows = (await client.query(query, row, what)).map((each) => question.take(each))
    this.evidence.push(question.evidence())
    return rows
  }
}

export const day = (value: string): string => `TO_DATE('${value}', 'YYYY-MM-DD')`

/** NetSuite may pad an amount with zeros beyond the currency's decimals; more than zeros is refused. */
export const minorOf = (value: string | undefined, currency: string): bigint =>
  fromDecimal(value ?? '0', currency).amountMinor
