// A posted document whose total is not the projected one is taken back at once, or, where NetSuite does not let it go,
// reversed by a memo of the same date. The answer is always an error: what is left, and who mends it.
import type { Writing } from '../../../shared/connector/contract.ts'
import { type HubError, isHubError, permanent } from '../../../shared/errors.ts'
import { fromDecimal, type Money, toDecimal, toWireNumber } from '../../../shared/money/money.ts'
import type { NetSuiteClient } from './client.ts'
import { isObject, linesOf } from './wire.ts'
import { recordPath } from './write-customers.ts'

const TAKE_BACK_ATTEMPTS = 3

/** A document ready to be sent. */
export interface Outgoing {
  writing: Writing
  customerId: string
  total: Money
  /** 'invoice in_1 (EUR 1,190.00)' */
  document: string
}

/** As NetSuite has it. */
interface PostedTotal {
  id: string
  foreigntotal: string
}

export async function undo(
  client: NetSuiteClient,
  kind: string,
  document: Outgoing,
  standing: PostedTotal,
): Promise<HubError> {
  const why = `${document.document}: NetSuite posted a total of ${standing.foreigntotal} instead of ${toDecimal(document.total)}`
  const hint =
    "NetSuite admin: something there changes amounts (a tax engine, a script, a pricing rule on the item): switch it off for the hub's documents. Then: hub replay --parked"
  try {
    await takeBack(client, kind, document, standing)
    return permanent(`${why}. It was taken back at once; nothing is posted.`, { code: 'NS-TOTAL', hint })
  } catch (error) {
    if (!isHubError(error)) throw error
    const reversed = kind === 'invoice' ? await reverse(client, document, standing) : error
    return permanent(
      reversed === undefined
        ? `${why}. It could not be deleted, so a credit memo of the same date reverses it.`
        : `${why}. It could neither be deleted nor reversed: it still stands as ${kind} ${standing.id}.`,
      {
        code: reversed === undefined ? 'NS-TOTAL' : 'NS-TOTAL-STANDS',
        hint:
          reversed === undefined
            ? `${hint} Clear the external id of ${kind} ${standing.id} before.`
            : `Accounting: reverse ${kind} ${standing.id} by hand and clear its external id. ${hint}`,
        cause: reversed ?? error,
      },
    )
  }
}

/** Tried again on anything that may pass: a second DELETE of the same id finds nothing, which is as good. */
async function takeBack(
  client: NetSuiteClient,
  kind: string,
  document: Outgoing,
  standing: PostedTotal,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.call({
        method: 'DELETE',
        path: `record/v1/${kind}/${standing.id}`,
        what: `take back ${document.document}`,
        changes: false,
      })
      return
    } catch (error) {
      if (!isHubError(error) || error.kind === 'permanent' || attempt === TAKE_BACK_ATTEMPTS) throw error
    }
  }
}

/** A memo over the posted total, applied to the invoice. Undefined when it stands. */
async function reverse(
  client: NetSuiteClient,
  { writing, customerId, total, document }: Outgoing,
  standing: PostedTotal,
): Promise<HubError | undefined> {
  const { body, externalId } = writing.record
  const amount = toWireNumber(fromDecimal(standing.foreigntotal, total.currency))
  const item = linesOf(body.item)[0]?.item
  const itemId = isObject(item) ? String(item.id) : ''
  try {
    await client.call({
      method: 'PUT',
      path: `${recordPath('creditMemo', `${externalId}-reversal`)}?replace=item`,
      body: {
        entity: { id: customerId },
        currency: body.currency ?? null,
        account: body.account ?? null,
        tranDate: body.tranDate ?? null,
        postingPeriod: body.postingPeriod ?? null,
        memo: `Reversal of ${externalId}: NetSuite's total differed`,
        item: { items: [{ item: { id: itemId }, quantity: 1, price: { id: '-1' }, amount }] },
        autoApply: false,
        apply: { items: [{ doc: { id: standing.id }, apply: true, amount }] },
      },
      what: `reverse ${document}`,
      changes: true,
    })
    return undefined
  } catch (error) {
    if (isHubError(error)) return error
    throw error
  }
}
