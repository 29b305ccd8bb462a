// The apply sublist: which documents a payment, a memo or a refund settles. In order of their names, as a read gives
// them back.
import { type Json, type JsonObject, recordRef } from '../../../shared/connector/contract.ts'
import { type Money, toDecimal } from '../../../shared/money/money.ts'
import type { DocumentName } from './books.ts'
import type { Share } from './receivable.ts'

export function applyField(shares: readonly Share[], currency: string): JsonObject {
  if (shares.length === 0) return {}
  const items = [...shares]
    .sort((a, b) => (sortName(a.document) < sortName(b.document) ? -1 : 1))
    .map(({ document, amountMinor }): Json => applied(document, { amountMinor, currency }))
  return { apply: { items } }
}

export const applyTo = (document: DocumentName, amount: Money): JsonObject => ({
  items: [applied(document, amount)],
})

const sortName = ({ externalId, internalId }: DocumentName): string => internalId ?? externalId

const applied = (document: DocumentName, amount: Money): Json => ({
  doc:
    document.internalId === undefined
      ? recordRef(document.kind, document.externalId)
      : { id: document.internalId },
  apply: true,
  amount: toDecimal(amount),
})
