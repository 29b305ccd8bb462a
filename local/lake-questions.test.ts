// The questions that finance asks, run by DuckDB over a lake that holds nothing yet: their columns exist.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { QUESTIONS } from '../functions/connectors/lake/questions.ts'
import { queryLake } from './sql.ts'

const folder = mkdtempSync(join(tmpdir(), 'lake-questions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const COLUMNS: Readonly<Record<string, string[]>> = {
  'invoiced-paid-credited': ['currency', 'invoices', 'total', 'tax', 'paid', 'remaining', 'credited'],
  'lines-add-up': ['id', 'number', 'subtotal', 'lines'],
  'cash-by-day': ['day', 'currency', 'cash'],
  overdue: ['name', 'number', 'amount_remaining', 'currency', 'due_date'],
  'invoiced-by-product': ['month', 'name', 'currency', 'invoiced'],
}

it.each(QUESTIONS.map(({ name, sql }) => [name, sql]))('%s', async (name, sql) => {
  expect(await queryLake(folder, sql)).toEqual({ columns: COLUMNS[name], rows: [] })
})
