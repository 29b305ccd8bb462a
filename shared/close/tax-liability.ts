// Check (c): the tax that the month's documents owe is the same in Stripe, in AvaTax and in the books: document by document,
// and by jurisdiction. AvaTax takes a voided document out of the month it was dated in, the books post the void in its own:
// both are right, and the difference is explained, not a break. So is a tax that AvaTax was told is contained in the price:
// nobody charged it, and the seller owes it; but net and tax in AvaTax must come to what Stripe charged.
import {
  type Break,
  type Check,
  check,
  type Explained,
  type Figure,
  Figures,
  type Finding,
  type Reading,
  spoken,
} from './check.ts'
import type { BookTax, Jurisdiction, StripeTax, TaxDocument, TaxShare } from './facts.ts'
import { includedBreak } from './included-tax.ts'
import { isWithin, type Period } from './period.ts'
import { comparePlaces, type PlacedTax, placeName } from './tax-places.ts'

/** What Stripe charged, and of a credit note the invoice that it credits. */
export type ChargedTax = StripeTax & { of?: string | undefined }

/** A document in AvaTax, and whether it says that its tax is contained in a price without tax. */
export type DeclaredTax = TaxDocument & {
  isIncluded?: boolean
  /** What AvaTax would have charged, where that is more than roundings away from what was. */
  calculatedMinor?: bigint
}

export interface TaxInputs {
  stripe: Reading<ChargedTax[]>
  /** Of the month, and those of voided objects and of sales credited without tax whatever their date. */
  avatax: Reading<DeclaredTax[]>
  books: Reading<BookTax[]>
}

export const checkTax = (period: Period, { stripe, avatax, books }: TaxInputs): Check =>
  check(
    'tax',
    'Tax liability by jurisdiction: Stripe = AvaTax = NetSuite',
    [stripe, avatax, books],
    (charged, declared, posted) => judge(period, charged, declared, posted),
  )

interface Root {
  root: string
  currency: string
  charged: ChargedTax[]
  /** Dated in the month, not cancelled. */
  declared: DeclaredTax[]
  /** The document itself, whatever its date and state. */
  own: DeclaredTax | undefined
  /** Recorded as contained in the price: the sale's own document says so, its credit notes' go by the sale. */
  isIncluded: boolean
  posted: BookTax[]
}

function judge(
  period: Period,
  charged: readonly ChargedTax[],
  declared: readonly DeclaredTax[],
  posted: readonly BookTax[],
): Finding {
  const roots = gatherRoots(period, charged, declared, posted)
  const figures = new Figures(['stripe', 'avatax', 'netsuite'])
  const breaks: Break[] = []
  const explained: Explained[] = []
  const tied: PlacedTax[] = []
  const namesPlaces = posted.some(({ jurisdiction }) => jurisdiction !== undefined)
  for (const { currency } of roots) {
    for (const column of ['stripe', 'avatax', 'netsuite']) figures.add(currency, 'all', column, 0n)
  }
  for (const each of roots) {
    const sums = {
      stripe: sum(each.charged.map(({ taxMinor }) => taxMinor)),
      avatax: sum(each.declared.map(({ taxMinor }) => taxMinor)),
      netsuite: sum(each.posted.map(({ amountMinor }) => amountMinor)),
    }
    for (const [column, amountMinor] of Object.entries(sums))
      figures.add(each.currency, 'all', column, amountMinor)
    for (const [column, shares] of Object.entries(sharesOf(each))) {
      if (column === 'netsuite' && !namesPlaces) continue
      for (const share of shares) figures.add(each.currency, placeName(share), column, share.amountMinor)
    }
    const inAvaTax = againstAvaTax(each, sums.stripe, sums.avatax)
    breaks.push(...inAvaTax.breaks, ...againstBooks(each, sums.stripe, sums.netsuite))
    explained.push(...inAvaTax.explained)
    const shares = sharesOf(each)
    const drift = driftOf(each)
    if (drift) explained.push(drift)
    tied.push({
      currency: each.currency,
      stripe: shares.stripe,
      ...(sums.stripe === sums.avatax && { avatax: drift ? shares.stripe : shares.avatax }),
      ...(namesPlaces && sums.stripe === sums.netsuite && { netsuite: shares.netsuite }),
    })
  }
  const places = comparePlaces(tied)
  breaks.push(...places.breaks)
  explained.push(...places.explained)
  return {
    figures: namesPlaces ? figures.list() : figures.list().map(withoutBooksOfPlaces),
    breaks,
    explained,
  }
}

/**
 * What was charged stands, and AvaTax spreads it by the rates that it calculates with now: each country's sum is the same, and
 * inside it nothing can be compared.
 */
function driftOf(each: Root): Explained | undefined {
  const drifted = each.declared.filter(({ calculatedMinor }) => calculatedMinor !== undefined)
  const { stripe, avatax } = sharesOf(each)
  if (drifted.length === 0 || !isSameByCountry(stripe, avatax)) return undefined
  const amountMinor = sum(drifted.map(({ calculatedMinor = 0n, taxMinor }) => calculatedMinor - taxMinor))
  return {
    object: each.charged[0]?.label ?? each.root,
    currency: each.currency,
    amountMinor,
    why: 'AvaTax would charge so much more than was charged; what was charged is declared, spread by its own rates',
  }
}

function isSameByCountry(one: readonly TaxShare[], other: readonly TaxShare[]): boolean {
  const rest = new Map<string, bigint>()
  for (const { country, amountMinor } of one) rest.set(country, (rest.get(country) ?? 0n) + amountMinor)
  for (const { country, amountMinor } of other) rest.set(country, (rest.get(country) ?? 0n) - amountMinor)
  return [...rest.values()].every((amount) => amount === 0n)
}

/** Books that name no place have no figure for one, not a figure of zero. */
function withoutBooksOfPlaces(figure: Figure): Figure {
  if (figure.label === 'all') return figure
  const { netsuite: _, ...amounts } = figure.amounts
  return { ...figure, amounts }
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)

const sharesOf = ({ charged, declared, posted }: Root) => ({
  stripe: charged.flatMap(({ shares }) => shares),
  avatax: declared.flatMap(({ shares }) => shares),
  netsuite: posted.map(
    ({ amountMinor, jurisdiction }): TaxShare => ({ ...(jurisdiction ?? NOWHERE), amountMinor }),
  ),
})

const NOWHERE: Jurisdiction = { country: '', region: '', name: 'not named' }

function gatherRoots(
  period: Period,
  charged: readonly ChargedTax[],
  declared: readonly DeclaredTax[],
  posted: readonly BookTax[],
): Root[] {
  const roots = new Map<string, Root>()
  const byCode = new Map(declared.map((document) => [document.code, document]))
  const invoiceOf = new Map(charged.map((each) => [each.root, each.of ?? each.root]))
  const included = new Set(declared.flatMap((each) => (each.isIncluded ? [each.root] : [])))
  const at = (root: string, currency: string): Root => {
    const key = `${currency} ${root}`
    const found = roots.get(key) ?? {
      root,
      currency,
      charged: [],
      declared: [],
      own: byCode.get(root),
      isIncluded: included.has(invoiceOf.get(root) ?? root),
      posted: [],
    }
    roots.set(key, found)
    return found
  }
  for (const each of charged) if (isWithin(each.day, period)) at(each.root, each.currency).charged.push(each)
  for (const each of declared) {
    if (isWithin(each.day, period) && !each.isCancelled) at(each.root, each.currency).declared.push(each)
  }
  for (const each of posted) {
    if (isWithin(each.day, period)) at(each.document.split('-')[0] ?? '', each.currency).posted.push(each)
  }
  return [...roots.values()].sort((a, b) =>
    a.currency === b.currency ? 0 : a.currency < b.currency ? -1 : 1,
  )
}

function againstAvaTax(
  each: Root,
  stripe: bigint,
  avatax: bigint,
): Required<Pick<Finding, 'breaks' | 'explained'>> {
  const differs = avatax - stripe
  const [first] = each.charged
  const { root, currency, own } = each
  const object = first ? first.label : root
  const untied = first && includedBreak(each, object)
  if (untied) return { breaks: [untied], explained: [] }
  if (differs === 0n) return { breaks: [], explained: [] }
  if (first?.byStripe) {
    return {
      breaks: [],
      explained: [
        { object, currency, amountMinor: differs, why: "charged and declared by Stripe's own tax engine" },
      ],
    }
  }
  const at = { object, currency, amountMinor: differs }
  if (each.isIncluded) {
    const why =
      'finalized untaxed and declared as included in the price: neither Stripe nor the books show this tax, the seller pays it out of the price'
    return { breaks: [], explained: [{ ...at, why }] }
  }
  if (first?.isVoid && own?.isCancelled) {
    const why = `voided: AvaTax took it out of ${own.day.slice(0, 7)}, where it was dated; the books post the void on its own day`
    return { breaks: [], explained: [{ ...at, why }] }
  }
  if (first?.isVoid) {
    return {
      explained: [],
      breaks: [
        {
          ...at,
          cause: own ? 'void-still-declared' : 'tax-not-declared',
          why: own
            ? `${object} is void, and AvaTax still declares ${spoken(own.taxMinor, currency)} for it.`
            : `${object} is void, and AvaTax has no document ${root} of it.`,
          owner: 'Billing',
          next: `hub replay ${root}`,
        },
      ],
    }
  }
  if (!first) {
    return {
      explained: [],
      breaks: [
        {
          ...at,
          cause: 'tax-only-in-avatax',
          why: `AvaTax declares ${spoken(avatax, currency)} with ${each.declared.map(({ code }) => code).join(', ')}, and Stripe charged no such tax in the month.`,
          owner: 'Avalara admin',
          next: 'Void it, or move it to its month, before the return is filed.',
        },
      ],
    }
  }
  const missing = each.declared.length === 0
  return {
    explained: [],
    breaks: [
      {
        ...at,
        cause: missing ? 'tax-not-declared' : 'tax-differs',
        why: `${object} owes ${spoken(stripe, currency)} tax by Stripe; AvaTax ${missing ? 'declares none of it' : `declares ${spoken(avatax, currency)}`}.`,
        owner: missing ? 'Billing' : 'Avalara admin',
        next: `hub trace ${root} says why; then hub replay ${root}`,
      },
    ],
  }
}

function againstBooks(each: Root, stripe: bigint, netsuite: bigint): Break[] {
  if (stripe === netsuite) return []
  const { root, currency } = each
  const object = each.charged[0]?.label ?? root
  return [
    {
      object,
      currency,
      amountMinor: netsuite - stripe,
      cause: each.posted.length === 0 ? 'tax-not-posted' : 'tax-differs-in-books',
      why: `${object} owes ${spoken(stripe, currency)} tax by Stripe; its documents in NetSuite of the month post ${spoken(netsuite, currency)}.`,
      owner: 'Accounting',
      next: `hub trace ${root} says what stands; a dated document posts the difference.`,
    },
  ]
}
