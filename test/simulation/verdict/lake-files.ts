// The lake's Parquet files as rows, decoded here and now: zstd in the calling thread, no engine beside.
import { zstdDecompressSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import * as z from 'zod'

const row = z.object({
  event_id: z.string(),
  type: z.string(),
  object_type: z.string().nullable(),
  object_id: z.string().nullable(),
  created_s: z.bigint(),
  rank: z.number(),
  deleted: z.boolean(),
  whole: z.boolean(),
  account: z.string().nullable(),
  livemode: z.boolean(),
  arrived: z.date(),
  source: z.string(),
  data: z.string().nullable(),
  event: z.string().nullable(),
})
export type LakeRow = z.output<typeof row>

const COLUMNS = Object.keys(row.shape)

/** @throws for a file that is no Parquet or lacks a column. */
export async function readLakeFiles(objects: ReadonlyMap<string, Uint8Array>): Promise<LakeRow[]> {
  const rows: LakeRow[] = []
  for (const [key, bytes] of objects) {
    if (!key.endsWith('.parquet')) continue
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    const found = await parquetReadObjects({
      file: { byteLength: bytes.byteLength, slice: (start, end) => buffer.slice(start, end) },
      columns: COLUMNS,
      compressors: { ZSTD: (input) => zstdDecompressSync(input) },
    })
    rows.push(...z.array(row).parse(found))
  }
  return rows
}
