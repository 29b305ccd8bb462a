// Where the sales of Stripe stand in NetSuite: the subsidiary of each invoice, and the accounting month that each document
// was posted to, which is later than its date's when that month was closed. What does not stand is not in the deferred
// account either. External ids are the promise of the NetSuite connector's README.
import * as z from 'zod'
import type { Month } from '../../shared/recognition/day.ts'
import type { NetSuiteClient } from '../connectors/netsuite/client.ts'

export interface PostedSales {
  /** Internal id, by Stripe invoice. */
  subsidiaries: ReadonlyMap<string, string>
  /** By Stripe id, and by Stripe id and ':void' for what took a document back. */
  bookedIn: ReadonlyMap<string, Month>
}

const row = z.object({ externalid: z.string(), subsidiary: z.coerce.string(), period: z.string().optional() })

/** `in_…` and `in_…-credit` are the invoice, `-void` takes it back; the same of credit notes. */
const DOCUMENT = /^((?:in|cn)_[A-Za-z0-9]+)(-credit|-void)?$/

/** @throws HubError. */
export async function readPostedSales(client: NetSuiteClient): Promise<PostedSales> {
  const rows = await client.query(
    `SELECT t.externalid, tl.subsidiary, TO_CHAR(p.startdate, 'YYYY-MM') AS period FROM transaction t INNER JOIN transactionline tl ON tl.transaction = t.id LEFT JOIN accountingperiod p ON p.id = t.postingperiod WHERE tl.mainline = 'T' AND t.type IN ('CustInvc', 'CustCred') AND t.externalid IS NOT NULL ORDER BY t.id`,
    row,
    'read where invoices and credit memos stand',
  )
  const subsidiaries = new Map<string, string>()
  const bookedIn = new Map<string, Month>()
  for (const { externalid, subsidiary, period } of rows) {
    const [, id, part] = DOCUMENT.exec(externalid) ?? []
    if (id === undefined || period === undefined) continue
    bookedIn.set(part === '-void' ? `${id}:void` : id, period)
    if (id.startsWith('in_') && part !== '-void') subsidiaries.set(id, subsidiary)
  }
  return { subsidiaries, bookedIn }
}
