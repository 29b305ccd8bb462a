// Refunds that failed before anybody had posted them: neither the refund nor its failure has a document, and the clearing
// account shows neither. Told from the documents that were looked for. PURE.
import type { BookDocument, Movement } from '../../shared/close/facts.ts'
import { isWithin, type Period } from '../../shared/close/period.ts'

/** @returns their ids, of those that were made or failed in the month: of others the two sums are even. */
export function neverPostedRefunds(
  movements: readonly Movement[],
  documents: readonly BookDocument[],
  period: Period,
): ReadonlySet<string> {
  const standing = new Set(documents.map(({ externalId }) => externalId))
  return new Set(
    movements
      .filter(({ kind, day }) => (kind === 'refund' || kind === 'failed refund') && isWithin(day, period))
      .filter(
        ({ document, pairedWith }) =>
          pairedWith !== undefined && !standing.has(document) && !standing.has(pairedWith),
      )
      .map(({ id }) => id),
  )
}
