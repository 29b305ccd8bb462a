// Check (a): everything that money did in Stripe in the month has its document in NetSuite, dated right and to the cent, its
// document in AvaTax where it has tax, and its event in the lake; and no document stands for nothing.
import {
  type Break,
  type Check,
  check,
  type Explained,
  Figures,
  type Finding,
  type Reading,
  spoken,
} from './check.ts'
import type { BookDocument, Movement, TaxDocument } from './facts.ts'
import { isWithin, type Period } from './period.ts'

export interface PostedInputs {
  movements: Reading<Movement[]>
  documents: Reading<BookDocument[]>
  taxDocuments: Reading<TaxDocument[]>
  /** 'invoice.finalized in_1': what the lake has seen. */
  lakeEvents: Reading<ReadonlySet<string>>
}

export const checkPosted = (period: Period, inputs: PostedInputs): Check =>
  check(
    'posted',
    'Every Stripe movement is posted, taxed and in the lake',
    [inputs.movements, inputs.documents, inputs.taxDocuments, inputs.lakeEvents],
    (movements, documents, taxDocuments, lakeEvents) =>
      judge(period, { movements, documents, taxDocuments, lakeEvents }),
  )

interface Posted {
  movements: readonly Movement[]
  documents: readonly BookDocument[]
  taxDocuments: readonly TaxDocument[]
  lakeEvents: ReadonlySet<string>
}

function judge(period: Period, { movements, documents, taxDocuments, lakeEvents }: Posted): Finding {
  const standing = Map.groupBy(documents, ({ externalId }) => externalId)
  const declared = new Map(taxDocuments.map((document) => [document.code, document]))
  const figures = new Figures(['stripe', 'netsuite'])
  const breaks: Break[] = []
  const explained: Explained[] = []
  const wanted = new Set(movements.map(({ document }) => document))
  for (const movement of movements) {
    if (!isWithin(movement.day, period)) continue
    const found = standing.get(movement.document) ?? []
    if (found.length === 0 && movement.pairedWith !== undefined && !standing.has(movement.pairedWith))
      continue
    figures.add(movement.currency, movement.kind, 'stripe', movement.amountMinor)
    const [document] = found
    if (document && isWithin(document.day, period))
      figures.add(document.currency, movement.kind, 'netsuite', document.amountMinor)
    explained.push(...inLaterPeriod(movement, document))
    breaks.push(...inBooks(movement, found), ...inTax(movement, declared), ...inLake(movement, lakeEvents))
  }
  for (const { externalId, day, currency, amountMinor, type } of documents) {
    if (wanted.has(externalId) || !isWithin(day, period)) continue
    breaks.push({
      object: `${type} ${externalId}`,
      currency,
      amountMinor,
      cause: 'stands-for-nothing',
      why: `NetSuite holds ${type} ${externalId} over ${spoken(amountMinor, currency)} of ${day}, and nothing in Stripe stands behind it.`,
      owner: 'Accounting',
      next: `Compare it with Stripe; reverse it with a dated document if it is wrong. hub trace ${externalId.split('-')[0]}`,
    })
  }
  return { figures: figures.list(), breaks, explained }
}

const nameOf = ({ kind, label, amountMinor, currency }: Movement): string =>
  `${kind} ${label} (${spoken(amountMinor, currency)})`

function inBooks(movement: Movement, found: readonly BookDocument[]): Break[] {
  const { document, day, currency, amountMinor, kind, label, id } = movement
  const at = { object: `${kind} ${label}`, currency }
  const [standing, another] = found
  if (!standing) {
    return [
      {
        ...at,
        amountMinor,
        cause: 'not-posted',
        why: `${nameOf(movement)} of ${day} has no document ${document} in NetSuite.`,
        owner: 'Billing',
        next: `hub trace ${id} says why; then hub replay ${id}`,
      },
    ]
  }
  const breaks: Break[] = []
  if (another) {
    breaks.push({
      ...at,
      amountMinor: another.amountMinor,
      cause: 'posted-twice',
      why: `${nameOf(movement)} stands ${found.length} times in NetSuite as ${document}.`,
      owner: 'Accounting',
      next: 'Reverse the later one with a dated document.',
    })
  }
  if (standing.currency !== currency || standing.amountMinor !== amountMinor) {
    breaks.push({
      ...at,
      amountMinor: standing.currency === currency ? standing.amountMinor - amountMinor : amountMinor,
      cause: 'wrong-amount',
      why: `${nameOf(movement)} stands in NetSuite as ${spoken(standing.amountMinor, standing.currency)} (${document}).`,
      owner: 'Accounting',
      next: `Post the difference as a dated document; nothing that is posted is changed. hub trace ${id}`,
    })
  }
  if (standing.day !== day && !isMoved(standing, day)) {
    breaks.push({
      ...at,
      amountMinor,
      cause: 'wrong-date',
      why: `${nameOf(movement)} is dated ${standing.day} in NetSuite; by the seller's calendar it was ${day}.`,
      owner: 'Engineering',
      next: "hub.config.ts → netsuite.timeZone must be the seller's time zone. Accounting: reclassify what falls into another month.",
    })
  } else if (standing.periodMonth !== day.slice(0, 7) && !isMoved(standing, day)) {
    breaks.push({
      ...at,
      amountMinor,
      cause: 'other-period',
      why: `${nameOf(movement)} of ${day} is posted to the period ${standing.periodMonth}, and nothing on it says why.`,
      owner: 'Accounting',
      next: 'Move it to the period of its date, or reverse it and post it anew.',
    })
  }
  return breaks
}

/** Its own period was closed when it came: the first open one takes it, perhaps with its date, and the document says so. */
const isMoved = ({ day, periodMonth, movedFrom }: BookDocument, wanted: string): boolean =>
  movedFrom !== undefined && (movedFrom.day ?? day) === wanted && periodMonth > wanted.slice(0, 7)

function inLaterPeriod(
  { kind, label, currency, amountMinor, day }: Movement,
  standing?: BookDocument,
): Explained[] {
  if (!standing || !isMoved(standing, day)) return []
  const why = `posted to the period ${standing.periodMonth}: its own was closed when it came`
  return [{ object: `${kind} ${label}`, currency, amountMinor, why }]
}

/** Whether it is declared at all, and at what was charged; by whom the tax is owed is check (c). */
function inTax(movement: Movement, declared: ReadonlyMap<string, TaxDocument>): Break[] {
  const { tax, id, kind, label, currency, day } = movement
  if (!tax) return []
  const document = declared.get(id)
  const at = { object: `${kind} ${label}`, currency }
  if (!document) {
    if (tax.taxMinor === 0n) return []
    return [
      {
        ...at,
        amountMinor: tax.taxMinor,
        cause: 'not-in-avatax',
        why: `${nameOf(movement)} charged ${spoken(tax.taxMinor, currency)} tax, and AvaTax has no document ${id} of ${day}.`,
        owner: 'Billing',
        next: `hub trace ${id} says why; then hub replay ${id}`,
      },
    ]
  }
  if (document.isCancelled && !tax.isVoid) {
    return [
      {
        ...at,
        amountMinor: tax.taxMinor,
        cause: 'cancelled-in-avatax',
        why: `${nameOf(movement)} stands in Stripe, and its document in AvaTax is cancelled: its tax would not be filed.`,
        owner: 'Avalara admin',
        next: `hub replay ${id} records it again.`,
      },
    ]
  }
  if (document.day !== day) {
    return [
      {
        ...at,
        amountMinor: tax.taxMinor,
        cause: 'wrong-date-in-avatax',
        why: `${nameOf(movement)} is dated ${document.day} in AvaTax; by the seller's calendar it was ${day}.`,
        owner: 'Avalara admin',
        next: "Correct its date while it is not filed; hub.config.ts → avalara.timeZone is the seller's.",
      },
    ]
  }
  return []
}

function inLake({ id, kind, label, events }: Movement, lakeEvents: ReadonlySet<string>): Break[] {
  if (events.some((type) => lakeEvents.has(`${type} ${id}`))) return []
  return [
    {
      object: `${kind} ${label}`,
      cause: 'not-in-lake',
      why: `The lake has no ${events.join(' or ')} of ${id}.`,
      owner: 'Engineering',
      next: 'The sweep brings it while Stripe keeps the event (30 days); then look into the lake lane.',
    },
  ]
}
