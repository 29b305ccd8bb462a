// Rows to one Parquet file in memory: zstd, typed columns, a row group per thousand rows, so that the rendered JSON
// of only one group exists at a time. The same rows give the same bytes.
import { zstdCompressSync } from 'node:zlib'
import {
  type BasicType,
  ByteWriter,
  type ColumnSource,
  ParquetWriter,
  schemaFromColumnData,
} from 'hyparquet-writer'
import { type ColumnType, type ColumnValues, LAKE_COLUMNS, type LakeColumn } from './columns.ts'
import type { LakeRow } from './rows.ts'

const PARQUET_TYPES: Readonly<Record<ColumnType, BasicType>> = {
  text: 'STRING',
  bigint: 'INT64',
  integer: 'INT32',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
}

const ROWS_PER_GROUP = 1_000

/** Each payload is nearly unique: a dictionary would cost memory and save nothing, nor do bounds help a query. */
const PAYLOADS: ReadonlySet<keyof ColumnValues> = new Set(['data', 'event'])

export function writeParquet(rows: readonly LakeRow[]): Uint8Array {
  const writer = new ByteWriter()
  const file = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: LAKE_COLUMNS.map((column) => columnSource(column, [])) }),
    codec: 'ZSTD',
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
    createdBy: 'Switchyard',
  })
  for (let start = 0; start < rows.length; start += ROWS_PER_GROUP) {
    const group = rows.slice(start, start + ROWS_PER_GROUP)
    file.write({
      columnData: LAKE_COLUMNS.map((column) => columnSource(column, group)),
      rowGroupSize: ROWS_PER_GROUP,
    })
  }
  file.finish()
  return writer.getBytes()
}

function columnSource(column: LakeColumn, rows: readonly LakeRow[]): ColumnSource {
  return {
    name: column.name,
    type: PARQUET_TYPES[column.type],
    nullable: column.nullable,
    data: rows.map((row) => cell(row, column)),
    ...(PAYLOADS.has(column.name) && { encoding: 'PLAIN', statistics: false }),
  }
}

function cell(row: LakeRow, { name, type }: LakeColumn): string | bigint | number | boolean | Date | null {
  if (name === 'data') return row.object ? JSON.stringify(row.object) : null
  if (name === 'event') return row.raw ? JSON.stringify(row.raw) : null
  const value = row[name]
  return type === 'timestamp' ? new Date(Number(value)) : value
}
