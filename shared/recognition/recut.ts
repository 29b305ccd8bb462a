// Credit notes and voids as dated changes of an invoice's lines. The base amounts stay; a change has its own date, so
// what was recognized before it stands. An upgrade needs nothing here: Stripe bills it as lines of their own, the unused
// time as a negative one with its own dates. A write-off needs nothing either: bad debt is an expense.
import { toDecimal } from '../money/money.ts'
import type { Day, Month } from './day.ts'
import { spread } from './proportion.ts'
import type { BilledInvoice, Break, Change, Credit, RevenueInvoice, RevenueLine } from './revenue-line.ts'

interface Step {
  on: Day
  bookedIn: Month
  /** The invoice's void: the last of what happened on its day, and of all. */
  final: boolean
  documentId: string
  apply(lines: RevenueLine[]): void
}

/** The invoice with its credit notes and its void cut in, and what of them could not be. */
export function recut(
  invoice: BilledInvoice,
  credits: readonly Credit[],
): { invoice: RevenueInvoice; breaks: Break[] } {
  const lines: RevenueLine[] = invoice.lines.map((line) => ({ ...line, changes: [] }))
  const breaks: Break[] = []
  const steps: Step[] = []
  for (const credit of credits) {
    const taken = new Map<string, bigint>()
    steps.push({
      on: credit.on,
      bookedIn: credit.bookedIn,
      final: false,
      documentId: credit.creditId,
      apply(current) {
        const lost = takeCredit(current, credit, taken)
        if (lost !== 0n) breaks.push(namesNoLine(invoice, credit, lost))
        record(current, taken, -1n, { ...credit, documentId: credit.creditId, cause: 'credit' })
      },
    })
    if (credit.voided) {
      const { voided } = credit
      steps.push({
        ...voided,
        final: false,
        documentId: credit.creditId,
        apply: (current) =>
          record(current, taken, 1n, { ...voided, documentId: credit.creditId, cause: 'credit-voided' }),
      })
    }
  }
  if (invoice.voided) {
    const { voided } = invoice
    steps.push({
      ...voided,
      final: true,
      documentId: invoice.invoiceId,
      apply(current) {
        const rest = new Map(current.map((line) => [line.lineId, netNow(line)]))
        record(current, rest, -1n, { ...voided, documentId: invoice.invoiceId, cause: 'void' })
      },
    })
  }
  // A credit note stands before its own voiding in the list, and the sort keeps it there on one day.
  steps.sort(
    (a, b) =>
      compare(a.bookedIn, b.bookedIn) ||
      compare(a.on, b.on) ||
      Number(a.final) - Number(b.final) ||
      compare(a.documentId, b.documentId),
  )
  for (const step of steps) {
    step.apply(lines)
    // Of a void invoice nothing is left that a credit note, or its voiding, could change.
    if (step.final) break
  }
  for (const line of lines) breaks.push(...overCredited(invoice, line))
  return { invoice: { ...invoice, lines }, breaks }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const netNow = (line: RevenueLine): bigint =>
  line.changes.reduce((net, change) => net + change.deltaMinor, line.netMinor)

/** Fills in what each line loses; returns what no line could be found for. */
function takeCredit(lines: readonly RevenueLine[], credit: Credit, taken: Map<string, bigint>): bigint {
  const known = new Set(lines.map((line) => line.lineId))
  let lost = 0n
  const take = (lineId: string, amountMinor: bigint) =>
    taken.set(lineId, (taken.get(lineId) ?? 0n) + amountMinor)
  for (const part of credit.parts) {
    if (known.has(part.lineId)) take(part.lineId, part.netMinor)
    else lost += part.netMinor
  }
  if (credit.spreadMinor === 0n) return lost
  const left = lines.map((line) => netNow(line) - (taken.get(line.lineId) ?? 0n))
  if (left.reduce((sum, each) => sum + each, 0n) === 0n) return lost + credit.spreadMinor
  for (const [index, share] of spread(credit.spreadMinor, left).entries()) {
    const line = lines[index]
    if (line) take(line.lineId, share)
  }
  return lost
}

function record(
  lines: readonly RevenueLine[],
  amounts: ReadonlyMap<string, bigint>,
  sign: 1n | -1n,
  { documentId, cause, on, bookedIn }: Omit<Change, 'deltaMinor'>,
): void {
  for (const line of lines) {
    const deltaMinor = sign * (amounts.get(line.lineId) ?? 0n)
    if (deltaMinor !== 0n) line.changes.push({ documentId, cause, on, bookedIn, deltaMinor })
  }
}

function namesNoLine(invoice: BilledInvoice, credit: Credit, lostMinor: bigint): Break {
  const amount = toDecimal({ amountMinor: lostMinor, currency: invoice.currency })
  return {
    code: 'credit-names-no-line',
    where: credit.creditId,
    currency: invoice.currency,
    month: credit.bookedIn,
    expectedMinor: 0n,
    actualMinor: lostMinor,
    text: `Credit note ${credit.creditId} credits ${invoice.currency} ${amount} of ${invoice.number} that no line of the invoice answers for; its revenue was left as it is.`,
  }
}

/** More credited than the line ever was, or a credit that made it larger. */
function overCredited(invoice: BilledInvoice, line: RevenueLine): Break[] {
  const net = netNow(line)
  const within = line.netMinor >= 0n ? net >= 0n && net <= line.netMinor : net <= 0n && net >= line.netMinor
  if (within) return []
  const spoken = (amountMinor: bigint) => toDecimal({ amountMinor, currency: invoice.currency })
  return [
    {
      code: 'over-credited',
      where: line.lineId,
      currency: invoice.currency,
      expectedMinor: line.netMinor,
      actualMinor: line.netMinor - net,
      text: `Of line ${line.lineId} of ${invoice.number} (${invoice.currency} ${spoken(line.netMinor)}) ${spoken(line.netMinor - net)} is credited.`,
    },
  ]
}
