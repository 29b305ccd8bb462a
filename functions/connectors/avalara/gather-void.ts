// A voided invoice: whether its sale is cancelled in AvaTax, or stays and is taken back by a document of its own. Told from
// what Stripe and AvaTax say now, so that it does not matter which of void and credit note was heard of first, and whether a
// return was filed in between. A sale that is cancelled already, or was taken back whole, stays so.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import { fromDecimal } from '../../../shared/money/money.ts'
import { type DocumentFacts, portionNumber, UNTAXED_CREDIT } from './document.ts'
import { DocumentVersions } from './document-versions.ts'
import type { Gatherer, Keep } from './gathering.ts'
import { type Shares, sharesOf } from './returned-tax.ts'
import { readStandingNotes } from './stripe-reads.ts'
import { documentOf, documentSchema, VOID_SUFFIX } from './transaction-body.ts'
import { linesOfNote, type StandingNote, type TakingBack } from './void-document.ts'

/** undefined: the sale is cancelled. @throws HubError. */
export async function gatherVoid(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  facts: DocumentFacts,
): Promise<TakingBack | undefined> {
  const { avatax, config, clock, stripe } = tools
  const today = () => dayOf(clock.now() / 1000, config.timeZone)
  const newest = await new DocumentVersions({ avatax, config, today }).newest(invoice.id)
  if (newest?.answer.status === 'Cancelled' || (newest?.reversed && !newest.voided)) return undefined
  const standing = await readStandingNotes(stripe, invoice.id)
  if (standing.length === 0 && newest?.answer.locked !== true) return undefined
  const notes: StandingNote[] = []
  for (const [index, note] of standing.entries()) {
    const { included } = facts
    const shares = included ? sharesOf(invoice, standing.slice(0, index + 1), included) : {}
    notes.push({ note, shares: await asRecorded(tools, note, shares) })
  }
  return { code: `${newest?.code ?? invoice.id}${VOID_SUFFIX}`, notes }
}

/** What a note returned of an included tax was chosen when it was recorded: another note may have been voided since. */
async function asRecorded({ avatax }: Gatherer, note: Stripe.CreditNote, shares: Shares): Promise<Shares> {
  if (Object.keys(shares).length === 0) return shares
  const answer = await avatax.find(note.id, 'ReturnInvoice')
  if (answer?.status !== 'Committed') return shares
  const { lines, currency } = documentSchema.parse(documentOf(answer, note.id))
  const minor = (amount: string) => -fromDecimal(amount, currency).amountMinor
  const recorded = new Map(lines.map((line) => [line.number, line]))
  return Object.fromEntries(
    Object.entries(shares).map(([lineId, portions]) => [
      lineId,
      portions.map((portion, index) => {
        const line = recorded.get(portionNumber(lineId, index, portions.length))
        if (!line) return portion
        const tax = minor(line.tax)
        return { of: portion.of, gross: (minor(line.amount) + tax).toString(), tax: tax.toString() }
      }),
    ]),
  )
}

/** Of what stands beside the sold lines: chosen once, as all tax codes are. @throws HubError. */
export async function codesBeside(
  { catalog, config }: Gatherer,
  invoice: Stripe.Invoice,
  { notes }: TakingBack,
  keep: Keep,
): Promise<Record<string, string>> {
  const codes: Record<string, string> = {}
  const beside = notes.flatMap((each) => linesOfNote(invoice, each)).filter(({ of }) => of === undefined)
  for (const { taxCodeOf } of beside) {
    codes[taxCodeOf] ??=
      keep.taxCodes?.[taxCodeOf] ??
      (taxCodeOf === UNTAXED_CREDIT
        ? config.taxCodes.untaxedCredit
        : await catalog.taxCode(taxCodeOf || undefined, invoice.id))
  }
  return codes
}
