// The invariant of receivables, asked of NetSuite and of Stripe through their own APIs: what is open in NetSuite for an
// invoice (itself, a debt that the customer's balance put onto it, its credit notes that were voided) is what Stripe still
// wants for it. Nothing is open for one that is voided or written off. What waits for a person is not judged.
import { scaledMinor, written } from './amounts.ts'
import type { NetSuiteBooks } from './netsuite-documents.ts'
import type { Stage } from './stage.ts'

/** @returns a line for each invoice that is uneven. */
export async function unevenReceivables(
  stage: Stage,
  { documents }: NetSuiteBooks,
  troubles: readonly string[],
): Promise<string[]> {
  const open = (externalId: string): bigint =>
    documents
      .filter((document) => document.externalId === externalId)
      .reduce((sum, document) => sum + document.open, 0n)
  const uneven: string[] = []
  for await (const { id, status, amount_remaining, currency } of stage.stripe.invoices.list({ limit: 100 })) {
    if (status === 'draft' || troubles.some((trouble) => trouble.includes(id))) continue
    const notes = await stage.stripe.creditNotes.list({ invoice: id, limit: 100 })
    const names = [id, `${id}-owed`, ...notes.data.map((note) => `${note.id}-void`)]
    const inNetSuite = names.reduce((sum, name) => sum + open(name), 0n)
    const symbol = currency.toUpperCase()
    const inStripe = status === 'open' ? scaledMinor(amount_remaining, symbol) : 0n
    if (inNetSuite !== inStripe)
      uneven.push(
        `${id}: ${written(inNetSuite, symbol)} open in NetSuite, ${written(inStripe, symbol)} in Stripe`,
      )
  }
  return uneven
}
