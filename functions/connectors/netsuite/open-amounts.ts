// What is open in NetSuite on the invoices that something is settled on: read with the gathering, in one query for the
// batch, and once more where NetSuite refuses an application. Between the two another root may have settled a part of the
// same invoice (a credit note posted by a worker that did not know yet that it was voided): then the refusal says nothing
// about the document, which is gathered anew.
import * as z from 'zod'
import { type Gathering, type JsonObject, recordKey } from '../../../shared/connector/contract.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { type DocumentName, RECORDS } from './books.ts'
import { inChunks, NAMES_PER_QUERY, type NetSuiteClient, sqlList } from './client.ts'
import { isPosted } from './known-records.ts'
import type { Root } from './project.ts'
import { isObject, linesOf } from './wire.ts'

/** A worker lives for hours; what it saw matters for the minute between gathering and writing. */
const REMEMBERED = 10_000

const openRow = z.object({ externalid: z.string(), foreignamountunpaid: z.coerce.string().optional() })

export class OpenAmounts {
  private readonly client: NetSuiteClient
  private readonly seen = new Map<string, string>()

  constructor(client: NetSuiteClient) {
    this.client = client
  }

  /** By invoice: of posted ones that a new payment, credit note, void or write-off is settled on. */
  async read(gatherings: readonly Gathering<Root>[]): Promise<Map<string, string>> {
    const open = await this.query([...new Set(gatherings.flatMap(settledInvoice))])
    for (const [id, amount] of open) {
      this.seen.delete(id)
      this.seen.set(id, amount)
    }
    for (const id of this.seen.keys()) {
      if (this.seen.size <= REMEMBERED) break
      this.seen.delete(id)
    }
    return open
  }

  /** Of documents whose applications were refused, those that settle an invoice on which another amount is open by now. */
  async overtaken<T extends { body: JsonObject }>(refused: readonly T[]): Promise<Set<T>> {
    const settledBy = new Map(refused.map((record) => [record, appliedInvoices(record.body)]))
    const ids = [...settledBy.values()].flat().filter((id) => this.seen.has(id))
    const now = await this.query([...new Set(ids)])
    const moved = (id: string) => now.has(id) && now.get(id) !== this.seen.get(id)
    return new Set(refused.filter((record) => settledBy.get(record)?.some(moved)))
  }

  private async query(ids: readonly string[]): Promise<Map<string, string>> {
    const open = new Map<string, string>()
    for (const chunk of inChunks(ids, NAMES_PER_QUERY)) {
      const rows = await this.client.query(
        `SELECT externalid, foreignamountunpaid FROM transaction WHERE externalid IN (${sqlList(chunk)})`,
        openRow,
        'read what is open on invoices',
      )
      for (const row of rows) open.set(row.externalid, row.foreignamountunpaid ?? '')
    }
    return open
  }
}

function settledInvoice(gathering: Gathering<Root>): string[] {
  const { object } = gathering
  const isNew = (document: DocumentName) => !isPosted(gathering, recordKey(document))
  if (object.object === 'credit_note') {
    const invoiceId = idOf(object.invoice)
    return invoiceId !== undefined && object.pre_payment_amount > 0 && isNew(RECORDS.creditMemo(object.id))
      ? [invoiceId]
      : []
  }
  if (object.object !== 'invoice' || isNew(RECORDS.invoice(object.id))) return []
  const { voided_at, marked_uncollectible_at } = object.status_transitions
  const paid = (object.payments?.data ?? []).filter(({ status }) => status === 'paid')
  const isSettled =
    paid.some(({ id }) => isNew(RECORDS.payment(id))) ||
    (voided_at !== null && isNew(RECORDS.voidMemo(object.id))) ||
    (marked_uncollectible_at !== null && isNew(RECORDS.writeOffMemo(object.id)))
  return isSettled ? [object.id] : []
}

/** External ids of the invoices that a document is applied to. */
const appliedInvoices = (body: JsonObject): string[] =>
  linesOf(body.apply).flatMap(({ doc }) => {
    const key = isObject(doc) ? String(doc.$record ?? '') : ''
    return key.startsWith('invoice/') ? [key.slice('invoice/'.length)] : []
  })
