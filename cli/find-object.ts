// Which Stripe object a person means: by Stripe's id, an event's id, or an invoice's number.
import { join } from 'node:path'
import { BUCKETS_FOLDER, LAKE_BUCKET } from '../local/hub/names.ts'
import { queryLake } from '../local/sql.ts'
import type { ObjectRef } from '../shared/connector/contract.ts'
import type { Ledger } from '../shared/ledger/ledger.ts'

/** https://docs.stripe.com/api: what an id's prefix says about its type. */
const PREFIXES: Readonly<Record<string, string>> = {
  cus: 'customer',
  in: 'invoice',
  inpay: 'invoice_payment',
  sub: 'subscription',
  re: 'refund',
  pyr: 'refund',
  cn: 'credit_note',
  du: 'dispute',
  dp: 'dispute',
  po: 'payout',
  credgr: 'billing.credit_grant',
  prod: 'product',
  price: 'price',
}

/** What to give instead. */
export const NOTHING_KNOWN = (id: string): string =>
  `Nothing is known about ${id}. Give an event id (evt_…), a Stripe object id (in_…, cus_…, sub_…, cn_…, re_…) or an invoice number.`

export async function findObject(id: string, ledger: Ledger, folder: string): Promise<ObjectRef | undefined> {
  if (id.startsWith('evt_')) return (await ledger.findEvent(id))?.object
  const type = /^[a-z]+_/.test(id) ? PREFIXES[id.slice(0, id.indexOf('_'))] : undefined
  if (type) return { type, id }
  const literal = `'${id.replaceAll("'", "''")}'`
  const lake = join(folder, BUCKETS_FOLDER, LAKE_BUCKET)
  const { rows } = await queryLake(lake, `select id from invoices where number = ${literal}`)
  const invoice = rows[0]?.id
  return typeof invoice === 'string' ? { type: 'invoice', id: invoice } : undefined
}
