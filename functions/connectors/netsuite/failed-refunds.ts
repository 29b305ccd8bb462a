// Refunds that failed, as NetSuite has them: what a refund made again pays in place of one is the payment on account by which
// the failure stands in the books; where that one failed before anybody posted it, the memo of the credit note that names it.
// Who takes whose place is shared/stripe's business.
import type Stripe from 'stripe'
import * as z from 'zod'
import { transient } from '../../../shared/errors.ts'
import { hasFailed, partsOf, pastRefund } from '../../../shared/stripe/refund-parts.ts'
import { type PaidAgain, RECORDS } from './books.ts'
import { type NetSuiteClient, sqlList } from './client.ts'
import type { StripeReads } from './stripe-reads.ts'

const standingRow = z.object({ id: z.coerce.string(), externalid: z.string() })

export class FailedRefunds {
  private readonly client: NetSuiteClient

  constructor(client: NetSuiteClient) {
    this.client = client
  }

  /**
   * What this refund pays of what earlier refunds of its payment left when they failed.
   * @param notes the credit notes of the payment's invoices.
   * @throws transient while one of those is posted and its failure is not.
   */
  async paidBy(
    refund: Stripe.Refund,
    paymentIntentId: string,
    notes: readonly Stripe.CreditNote[],
    reads: StripeReads,
  ): Promise<PaidAgain[]> {
    const refunds = await reads.refundsOf(paymentIntentId)
    const failed = refunds.filter((each) => hasFailed(each) && each.id !== refund.id)
    if (failed.length === 0) return []
    const standing = await this.standing(failed.map(({ id }) => id))
    const past = await Promise.all(
      refunds.map(async (each) => {
        const back = hasFailed(each)
          ? await reads.balanceTransaction(each.failure_balance_transaction)
          : undefined
        return pastRefund(each, notes, { back, isPosted: standing.has(each.id) })
      }),
    )
    const again = partsOf(past).get(refund.id)?.again ?? []
    return again.map(({ refundId, noteId, amountMinor }) => {
      const paid = { refundId, amountMinor: amountMinor.toString() }
      if (noteId !== undefined) return { ...RECORDS.creditMemo(noteId), ...paid }
      const document = RECORDS.failedRefund(refundId)
      const internalId = standing.get(document.externalId)
      if (internalId === undefined) throw notYetBack(refundId)
      return { ...document, internalId, ...paid }
    })
  }

  /** Internal ids of those that were posted, and of their failures. */
  private async standing(refundIds: readonly string[]): Promise<Map<string, string>> {
    const names = refundIds.flatMap((id) => [id, RECORDS.failedRefund(id).externalId])
    const rows = await this.client.query(
      `SELECT id, externalid FROM transaction WHERE externalid IN (${sqlList(names)})`,
      standingRow,
      'read which failed refunds stand',
    )
    return new Map(rows.map(({ id, externalid }) => [externalid, id]))
  }
}

const notYetBack = (refundId: string) =>
  transient(
    `It pays back what refund ${refundId} left when it failed, and that failure is not in NetSuite yet.`,
    {
      code: 'NS-REFUND-AGAIN',
      hint: `Nothing to do, unless ${refundId} itself is parked: then mend that.`,
      recordOnly: true,
    },
  )
