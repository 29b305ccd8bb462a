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
import { type NetSuiteClient, sqlList } from './client.ts'
import { isPosted } from './known-records.ts'
import type { Root } from './project.ts'
import type { Receivable, Share } from './receivable.ts'

const standingRow = z.object({ id: z.coerce.string(), externalid: z.string() })

export class Reversals {
  private readonly client: NetSuiteClient

  constructor(client: NetSuiteClient) {
    this.client = client
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
