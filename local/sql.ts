// Runs SQL over the lake's folder with DuckDB, in memory and in this process: what `hub sql` prints. The files are only
// read, and nothing outside the folder can be reached from a query.
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
  StatementType,
} from '@duckdb/node-api'
import { LAKE_TABLES } from '../functions/connectors/lake/tables.ts'
import { createView, duckdb, lakeViews, type View } from '../functions/connectors/lake/views.ts'

/** Money stays exact: BIGINT is a bigint, DECIMAL a decimal string; times are ISO 8601 in UTC. */
export type SqlValue = string | number | bigint | boolean | null

export interface SqlResult {
  columns: string[]
  rows: Record<string, SqlValue>[]
}

/**
 * @param folder the lake's root (holds `events/`); one without files gives empty tables.
 * @throws Error with DuckDB's own message, which points into the query.
 */
export async function queryLake(folder: string, sql: string): Promise<SqlResult> {
  const root = resolve(folder)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run("SET TimeZone = 'UTC'")
    await connection.run(`SET allowed_directories = ['${root.replaceAll("'", "''")}/']`)
    await connection.run('SET enable_external_access = false')
    await connection.run('SET lock_configuration = true')
    const views = lakeViews(duckdb, hasFiles(root) ? root : undefined)
    for (const view of wantedViews(connection, views, sql)) await connection.run(createView(view))
    await refuseWrites(connection, sql)
    const reader = await connection.runAndReadAll(sql)
    const columns = reader.deduplicatedColumnNames()
    const rows = reader
      .getRows()
      .map((row) => Object.fromEntries(columns.map((name, index) => [name, plainValue(row[index] ?? null)])))
    return { columns, rows }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/**
 * Making a view reads the head of every file, so only the table views that the query names are made; all of them for
 * one that names none (SHOW TABLES).
 */
function wantedViews(connection: DuckDBConnection, views: readonly View[], sql: string): readonly View[] {
  const named = new Set(connection.getTableNames(sql, false).map((name) => name.toLowerCase()))
  if (named.size === 0) return views
  const tables = new Set(LAKE_TABLES.map((table) => table.name))
  return views.filter((view) => named.has(view.name) || !tables.has(view.name))
}

const READING: ReadonlySet<StatementType> = new Set([StatementType.SELECT, StatementType.EXPLAIN])

/** `COPY … TO` would be able to write into the lake's own folder. */
async function refuseWrites(connection: DuckDBConnection, sql: string): Promise<void> {
  const statements = await connection.extractStatements(sql)
  for (let index = 0; index < statements.count; index += 1) {
    const { statementType } = await statements.prepare(index)
    if (!READING.has(statementType)) throw new Error('The lake is only read: give a SELECT. Nothing was run.')
  }
}

function hasFiles(root: string): boolean {
  const events = join(root, 'events')
  if (!existsSync(events)) return false
  return readdirSync(events, { recursive: true }).some((name) => String(name).endsWith('.parquet'))
}

function plainValue(value: DuckDBValue): SqlValue {
  if (value === null) return null
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    return new Date(Number(value.micros / 1000n)).toISOString()
  }
  if (value instanceof DuckDBDateValue || value instanceof DuckDBDecimalValue) return value.toString()
  if (typeof value === 'object') return value.toString()
  return value
}
