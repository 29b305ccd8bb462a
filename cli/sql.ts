// `hub sql`: the lake that the last run left behind, that the running hub writes, or a deployed stage's in a copy.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import Table from 'cli-table3'
import { BUCKETS_FOLDER, LAKE_BUCKET, STAGE } from '../local/hub/names.ts'
import { queryLake } from '../local/sql.ts'
import { mirrorLake } from './lake-mirror.ts'
import { openStage } from './stage.ts'

export async function sql(options: {
  stage: string
  query: string
  json: boolean
  folder: string
}): Promise<number> {
  const lake =
    options.stage === STAGE
      ? join(options.folder, BUCKETS_FOLDER, LAKE_BUCKET)
      : await copyOf(options.stage, options.folder)
  if (!existsSync(lake)) {
    console.error(`There is no lake in ${options.folder}/ yet. Run npm run demo first.`)
    return 1
  }
  const { columns, rows } = await queryLake(lake, options.query)
  if (options.json) {
    const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
    process.stdout.write(`${JSON.stringify(rows, plain, 2)}\n`)
    return 0
  }
  const table = new Table({ head: columns, style: { head: [], border: [] } })
  for (const row of rows) table.push(columns.map((column) => String(row[column] ?? '')))
  process.stdout.write(`${table.toString()}\n${rows.length} ${rows.length === 1 ? 'row' : 'rows'}\n`)
  return 0
}

async function copyOf(name: string, folder: string): Promise<string> {
  const stage = await openStage({ stage: name, folder })
  try {
    return await mirrorLake(stage, folder)
  } finally {
    stage.close()
  }
}
