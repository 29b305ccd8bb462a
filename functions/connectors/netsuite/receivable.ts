// What settles what: replays an invoice's dated facts and says for each payment, memo and reversal which receivable
// documents it is applied to, and by how much. An invoice can have several: itself, a debt from the customer's balance,
// credit notes taken back, money that came after a write-off. Oldest first, so that what happened before stays as it was
// posted. PURE; amounts in minor units.
import type Stripe from 'stripe'
import { money } from '../../../shared/money/money.ts'
import { type DocumentName, RECORDS } from './books.ts'
import type { DatedAmount, InvoiceHistory, NoteFact, PaymentFact } from './invoice-history.ts'
import { parked, spokenAmount } from './parked.ts'
import { documentName } from './stripe-fields.ts'

/** A share of a receivable document. */
export interface Share {
  document: DocumentName
  amountMinor: bigint
}

interface Settled {
  shares: Share[]
  /** Of it, what had been written off: a journal brings that back first. */
  recoveredMinor: bigint
}

export interface Receivable {
  /** What the customer's balance paid. */
  balance: Share[]
  payments: (Settled & {
    fact: PaymentFact
    /** Beyond what was owed: a journal hands it to the customer's balance. */
    overMinor: bigint
  })[]
  /** By credit note. */
  notes: Map<string, Settled>
  writeOff: (DatedAmount & { shares: Share[] }) | undefined
  void:
    | (DatedAmount & Settled & { unappliedMinor: bigint; owed: DatedAmount & { shares: Share[] } })
    | undefined
  /** Still to pay, as the books have it. */
  openMinor: bigint
}

type Step = { atSeconds: number; rank: number } & (
  | { what: 'note' | 'note void'; note: NoteFact }
  | { what: 'payment'; payment: PaymentFact }
  | { what: 'write-off' | 'void' }
)

/** Within one second: what settles comes before what takes away the rest. */
const RANK = { note: 0, 'note void': 1, payment: 2, 'write-off': 3, void: 4 } as const

/** @param reversals of voided credit notes that had been posted; others never touched the books. */
export function settle(
  invoice: Stripe.Invoice,
  history: InvoiceHistory,
  reversals: Readonly<Record<string, DocumentName>>,
): Receivable {
  const open: Share[] = []
  const add = (document: DocumentName, amountMinor: bigint): void => {
    if (amountMinor > 0n) open.push({ document, amountMinor })
  }
  const take = (wanted: bigint): { shares: Share[]; leftMinor: bigint } => {
    const shares: Share[] = []
    let leftMinor = wanted
    for (const share of open) {
      const part = least(share.amountMinor, leftMinor)
      if (part <= 0n) continue
      share.amountMinor -= part
      leftMinor -= part
      shares.push({ document: share.document, amountMinor: part })
    }
    return { shares, leftMinor }
  }
  const sumOpen = (): bigint => sumOf(open)
  let writtenOffMinor = 0n
  const recover = (leftMinor: bigint, journal: DocumentName, shares: Share[]): bigint => {
    const part = least(leftMinor, writtenOffMinor)
    if (part <= 0n) return 0n
    writtenOffMinor -= part
    shares.push({ document: journal, amountMinor: part })
    return part
  }

  add(RECORDS.invoice(invoice.id), history.totalMinor)
  if (history.totalMinor >= 0n) add(RECORDS.owed(invoice.id), -history.balanceMinor)
  const result: Receivable = {
    balance: history.balanceMinor > 0n ? take(history.balanceMinor).shares : [],
    payments: [],
    notes: new Map(),
    writeOff: undefined,
    void: undefined,
    openMinor: 0n,
  }
  for (const step of stepsOf(history, reversals)) {
    if (step.what === 'note') {
      const { shares, leftMinor } = take(step.note.amountMinor)
      const id = step.note.id
      if (id === undefined) continue
      const recoveredMinor = recover(leftMinor, RECORDS.recovery(id), shares)
      // More than the books have open: left on the invoice, for NetSuite to refuse it rather than to lose it unseen.
      const unknownMinor = leftMinor - recoveredMinor
      if (unknownMinor > 0n) shares.push({ document: RECORDS.invoice(invoice.id), amountMinor: unknownMinor })
      result.notes.set(id, { shares, recoveredMinor })
    } else if (step.what === 'note void') {
      add(reversals[step.note.id ?? ''] ?? RECORDS.noteReversal(step.note.id ?? ''), step.note.amountMinor)
    } else if (step.what === 'payment') {
      const { id, amountMinor } = step.payment
      const { shares, leftMinor } = take(amountMinor)
      const recoveredMinor = recover(leftMinor, RECORDS.recovery(id), shares)
      const overMinor = leftMinor - recoveredMinor
      if (overMinor > 0n) shares.push({ document: RECORDS.toBalance(id), amountMinor: overMinor })
      result.payments.push({ fact: step.payment, shares, recoveredMinor, overMinor })
    } else if (step.what === 'write-off') {
      const amountMinor = sumOpen()
      writtenOffMinor += amountMinor
      if (amountMinor > 0n)
        result.writeOff = { atSeconds: step.atSeconds, amountMinor, shares: take(amountMinor).shares }
    } else {
      const journal = RECORDS.voidRecovery(invoice.id)
      const { shares } = take(sumOpen())
      const recovered: Share[] = []
      const recoveredMinor = recover(writtenOffMinor, journal, recovered)
      // A debt from the balance is no part of the sale: it goes back where it came from, also out of a write-off.
      const isOwed = ({ document }: Share) => document.externalId === RECORDS.owed(invoice.id).externalId
      const owed = shares.filter(isOwed)
      const owedWrittenOff = least(sumOf(result.writeOff?.shares.filter(isOwed) ?? []), recoveredMinor)
      if (owedWrittenOff > 0n) owed.push({ document: journal, amountMinor: owedWrittenOff })
      const sold = shares.filter((share) => !isOwed(share))
      if (recoveredMinor > owedWrittenOff)
        sold.push({ document: journal, amountMinor: recoveredMinor - owedWrittenOff })
      const { unappliedMinor } = history
      if (unappliedMinor > 0n)
        sold.push({ document: RECORDS.unapplied(invoice.id), amountMinor: unappliedMinor })
      const { atSeconds } = step
      result.void = {
        atSeconds,
        amountMinor: sumOf(sold),
        shares: sold,
        recoveredMinor,
        unappliedMinor: unappliedMinor > 0n ? unappliedMinor : 0n,
        owed: { atSeconds, amountMinor: sumOf(owed), shares: owed },
      }
    }
  }
  result.openMinor = sumOpen()
  return result
}

const sumOf = (shares: readonly Share[]): bigint =>
  shares.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

function stepsOf(history: InvoiceHistory, reversals: Readonly<Record<string, DocumentName>>): Step[] {
  const steps: Step[] = []
  for (const note of history.notes) {
    // Voided before anything was posted: the books never knew it.
    const known = note.voidedAtSeconds === undefined || (note.id !== undefined && note.id in reversals)
    if (!known) continue
    steps.push({ what: 'note', note, atSeconds: note.atSeconds, rank: RANK.note })
    if (note.voidedAtSeconds !== undefined)
      steps.push({ what: 'note void', note, atSeconds: note.voidedAtSeconds, rank: RANK['note void'] })
  }
  for (const payment of history.payments)
    steps.push({ what: 'payment', payment, atSeconds: payment.atSeconds, rank: RANK.payment })
  const { writtenOffAtSeconds, voidedAtSeconds } = history
  if (writtenOffAtSeconds !== undefined)
    steps.push({ what: 'write-off', atSeconds: writtenOffAtSeconds, rank: RANK['write-off'] })
  if (voidedAtSeconds !== undefined) steps.push({ what: 'void', atSeconds: voidedAtSeconds, rank: RANK.void })
  return steps.sort((a, b) => a.atSeconds - b.atSeconds || a.rank - b.rank)
}

/**
 * Never read `invoice.paid` as cash: what made it paid must be among its payments, credit notes and balance.
 * @throws permanent
 */
export function refuseUnexplained(
  invoice: Stripe.Invoice,
  history: InvoiceHistory,
  receivable: Receivable,
): void {
  const overMinor = receivable.payments.reduce((sum, payment) => sum + payment.overMinor, 0n)
  const isPaid = invoice.status === 'paid' && history.totalMinor >= 0n
  const restMinor = isPaid ? receivable.openMinor : 0n
  if (restMinor === 0n && overMinor === history.overpaidMinor) return
  throw parked({
    code: 'NS-PAID-OTHERWISE',
    document: documentName(invoice, invoice.total),
    why:
      restMinor === 0n
        ? `its payments exceed what was owed by ${spokenAmount(money(overMinor, invoice.currency))}, and Stripe credited another amount to the customer's balance (field amount_overpaid).`
        : 'Stripe calls it paid, and its payments, credit notes and customer balance do not add up to it (fields payments, amount_paid_off_stripe).',
    hint: `Accounting: compare the payments of ${invoice.id} in the Stripe dashboard with its total and enter by hand what is missing. Engineering: report the invoice: Stripe settles it in a way that the hub does not know.`,
  })
}
