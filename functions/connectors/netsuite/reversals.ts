// Credit notes that were voided, as NetSuite has them. Whether the books ever knew such a note decides which documents
// later payments settle, and no field of the invoice in Stripe tells: the note's memo and its reversal are looked for in
// NetSuite. Asked only where something could be found.
import type Stripe from 'stripe'
import * as z from 'zod'
import type { Gathering } from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import { transient } from '../../../shared/errors.ts'
import { decimalsOf, money, parseDecimal } from '../../../shared/money/money.ts'
import { type DocumentName, RECORDS } from './books.ts'
import { inChunks, NAMES_PER_QUERY, type NetSuiteClient, sqlList } from './client.ts'
import { isPosted } from './known-records.ts'
import type { Root } from './project.ts'
import type { Receivable, Share } from './receivable.ts'

const openRow = z.object({ externalid: z.string(), foreignamountunpaid: z.coerce.string().optional() })
const standingRow = z.object({ id: z.coerce.string(), externalid: z.string() })

export class Reversals {
  private readonly client: NetSuiteClient

  constructor(client: NetSuiteClient) {
    this.client = client
  }

  /** What is open on posted invoices that something new is settled on, by invoice; one query for the batch. */
  async openAmounts(gatherings: readonly Gathering<Root>[]): Promise<Map<string, string>> {
    const ids = gatherings.filter(mayBeSettled).map(({ object }) => object.id)
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

  /**
   * The reversal of each voided credit note whose memo stands, by note.
   * @param own the note whose own root asks: it posts its reversal itself.
   * @throws transient while a reversal is still on its way.
   */
  async of(
    notes: readonly Stripe.CreditNote[],
    own: string | undefined,
  ): Promise<Record<string, DocumentName>> {
    const voided = notes.filter(({ id, status, pre_payment_amount }) => {
      return status === 'void' && pre_payment_amount > 0 && id !== own
    })
    if (voided.length === 0) return {}
    const names = voided.flatMap(({ id }) => [id, RECORDS.noteReversal(id).externalId])
    const rows = await this.client.query(
      `SELECT id, externalid FROM transaction WHERE externalid IN (${sqlList(names)})`,
      standingRow,
      'read which voided credit notes stand',
    )
    const standing = new Map(rows.map(({ id, externalid }) => [externalid, id]))
    const reversals: Record<string, DocumentName> = {}
    for (const { id, number } of voided) {
      if (!standing.has(id)) continue
      const reversal = RECORDS.noteReversal(id)
      const internalId = standing.get(reversal.externalId)
      if (internalId === undefined) {
        throw transient(`Credit note ${number ?? id} is voided in Stripe and not yet in NetSuite.`, {
          code: 'NS-NOTE-VOID',
          hint: `Nothing to do, unless ${id} itself is parked: then mend that.`,
          recordOnly: true,
        })
      }
      reversals[id] = { ...reversal, internalId }
    }
    return reversals
  }
}

/** A posted invoice with a payment, a void or a write-off that is not. */
function mayBeSettled(gathering: Gathering<Root>): boolean {
  const { object } = gathering
  if (object.object !== 'invoice') return false
  const isNew = (document: DocumentName) => !isPosted(gathering, recordKey(document))
  if (isNew(RECORDS.invoice(object.id))) return false
  const { voided_at, marked_uncollectible_at } = object.status_transitions
  const paid = (object.payments?.data ?? []).filter(({ status }) => status === 'paid')
  return (
    paid.some(({ id }) => isNew(RECORDS.payment(id))) ||
    (voided_at !== null && isNew(RECORDS.voidMemo(object.id))) ||
    (marked_uncollectible_at !== null && isNew(RECORDS.writeOffMemo(object.id)))
  )
}

/**
 * Whether less is open on the posted invoice than its payments and issued credit notes explain: then a memo stands whose
 * note was voided.
 */
export function isNoteMissing(
  invoice: Stripe.Invoice,
  receivable: Receivable,
  gathering: Gathering<Root>,
  openAmount: string | undefined,
): boolean {
  const open = parseDecimal(openAmount ?? '', decimalsOf(invoice.currency))
  if (open === undefined) return false
  let expected = money(invoice.total, invoice.currency).amountMinor
  expected -= money(invoice.pre_payment_credit_notes_amount, invoice.currency).amountMinor
  for (const { document, shares } of settlementsIn(invoice.id, receivable)) {
    if (!isPosted(gathering, recordKey(document))) continue
    for (const share of shares) if (share.document.externalId === invoice.id) expected -= share.amountMinor
  }
  return open < expected
}

interface Applied {
  document: DocumentName
  shares: readonly Share[]
}

function settlementsIn(invoiceId: string, receivable: Receivable): Applied[] {
  const { balance, payments, writeOff } = receivable
  return [
    ...(balance.length > 0 ? [{ document: RECORDS.balanceMemo(invoiceId), shares: balance }] : []),
    ...payments.map(({ fact, shares }) => ({ document: RECORDS.payment(fact.id), shares })),
    ...(writeOff ? [{ document: RECORDS.writeOffMemo(invoiceId), shares: writeOff.shares }] : []),
    ...(receivable.void ? [{ document: RECORDS.voidMemo(invoiceId), shares: receivable.void.shares }] : []),
  ]
}
