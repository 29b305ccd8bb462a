// Where a hub begins: of what was billed before the first month that it journals, all that was earned before counts as
// recognized elsewhere, day for day as the schedule has it; without this the first month would catch it up and recognize
// it twice. What is billed from that month on is the hub's whole, days before it included: nobody else knows of it.
import type { PostedJournal } from './books.ts'
import { addDays, type Month, monthOf } from './day.ts'
import type { RevenueInvoice } from './revenue-line.ts'
import { recognizedThrough } from './schedule.ts'

export const previousMonth = (month: Month): Month => monthOf(addDays(`${month}-01`, -1))

/**
 * As journals of the month before, one for each subsidiary and currency. They stand in no ledger; hand them in after those
 * that do, for a line stays with the key and subsidiary of the first journal that names it.
 */
export function openingJournals(invoices: readonly RevenueInvoice[], firstMonth: Month): PostedJournal[] {
  const month = previousMonth(firstMonth)
  const openings = new Map<string, PostedJournal>()
  for (const { invoiceId, subsidiary, currency, bookedIn, lines } of invoices) {
    if (bookedIn >= firstMonth) continue
    for (const line of lines) {
      const amountMinor = recognizedThrough(line, month)
      if (amountMinor === 0n) continue
      const journalId = `opening/${subsidiary}/${currency}`
      const opening = openings.get(journalId) ?? { journalId, subsidiary, currency, month, entries: [] }
      openings.set(journalId, opening)
      opening.entries.push({ invoiceId, lineId: line.lineId, revenueKey: line.revenueKey, amountMinor })
    }
  }
  return [...openings.values()]
}
