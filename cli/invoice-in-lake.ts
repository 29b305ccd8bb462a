// An invoice's id by its number, from the lake of the local hub: it is still there when the simulated vendors are not.
import { join } from 'node:path'
import { BUCKETS_FOLDER, LAKE_BUCKET } from '../local/hub/names.ts'
import { queryLake } from '../local/sql.ts'

export const invoiceInLake =
  (folder: string) =>
  async (number: string): Promise<string | undefined> => {
    const literal = `'${number.replaceAll("'", "''")}'`
    const lake = join(folder, BUCKETS_FOLDER, LAKE_BUCKET)
    const { rows } = await queryLake(lake, `select id from invoices where number = ${literal}`)
    const id = rows[0]?.id
    return typeof id === 'string' ? id : undefined
  }
