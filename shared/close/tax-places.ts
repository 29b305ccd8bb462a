// Tax by jurisdiction, for documents whose tax as a whole ties. A country's tax must be the same to the cent in every system.
// Inside the country each system splits a document's tax anew, so a jurisdiction may be off by at most one minor unit for
// each share (a judgement: AvaTax does not say how it spreads a declared amount); more is a break.
import { type Break, type Explained, spoken } from './check.ts'
import type { Jurisdiction, TaxShare } from './facts.ts'

export interface PlacedTax {
  currency: string
  stripe: TaxShare[]
  /** Absent: already named as a difference of the document, or the system says no place. */
  avatax?: TaxShare[]
  netsuite?: TaxShare[]
}

/** Where states and provinces tax; elsewhere a region is only an address. */
const REGIONS_TAX: ReadonlySet<string> = new Set(['US', 'CA', 'IN', 'AU', 'BR'])

export function placeName({ country, region, name }: Jurisdiction): string {
  const parts = [country, REGIONS_TAX.has(country) && region !== country ? region : '', name]
  return parts.filter((part) => part !== '').join(' / ') || 'nowhere'
}

const SYSTEMS = { avatax: 'AvaTax', netsuite: 'NetSuite' } as const
const OWNERS = { avatax: 'Avalara admin', netsuite: 'Accounting' } as const

interface Place {
  country: string
  isWhole: boolean
  stripe: bigint
  other: bigint
  shares: bigint
}

export function comparePlaces(taxes: readonly PlacedTax[]): { breaks: Break[]; explained: Explained[] } {
  const breaks: Break[] = []
  const explained: Explained[] = []
  for (const [currency, group] of Map.groupBy(taxes, (tax) => tax.currency)) {
    for (const system of ['avatax', 'netsuite'] as const) {
      const countries = new Map<string, Place>()
      const places = new Map<string, Place>()
      const vague = new Set<string>()
      for (const tax of group) {
        const other = tax[system]
        if (!other) continue
        for (const [column, shares] of [
          ['stripe', tax.stripe],
          ['other', other],
        ] as const) {
          for (const share of shares) {
            if (share.name === '') vague.add(share.country)
            add(countries, share.country, share, column, true)
            add(places, placeName(share), share, column, false)
          }
        }
      }
      const wrong = [...countries].filter(([, { stripe, other }]) => stripe !== other)
      const named = new Set(wrong.map(([country]) => country))
      const inside = [...places].filter(
        ([, { country, stripe, other }]) => !named.has(country) && !vague.has(country) && other !== stripe,
      )
      const isSplit = ({ stripe, other, shares }: Place) => absolute(other - stripe) <= shares
      for (const [place, found] of inside) {
        if (!isSplit(found)) continue
        const amountMinor = found.other - found.stripe
        const why = `${SYSTEMS[system]} splits a document's tax among its jurisdictions anew: cents move inside a country whose sum is the same`
        explained.push({ object: place, currency, amountMinor, why })
      }
      const moved = inside.filter(([, found]) => !isSplit(found))
      for (const [place, { stripe, other }] of [...wrong, ...moved]) {
        breaks.push({
          object: `tax of ${place || 'no country'}`,
          currency,
          amountMinor: other - stripe,
          cause: 'other-jurisdiction',
          why: `Stripe charged ${spoken(stripe, currency)} for ${place || 'no country'}, ${SYSTEMS[system]} holds ${spoken(other, currency)}; the documents tie as a whole.`,
          owner: OWNERS[system],
          next: 'Look for documents whose address differs between the systems; the return is filed by jurisdiction.',
        })
      }
    }
  }
  return { breaks, explained }
}

function add(
  places: Map<string, Place>,
  key: string,
  share: TaxShare,
  column: 'stripe' | 'other',
  isWhole: boolean,
): void {
  const place = places.get(key) ?? { country: share.country, isWhole, stripe: 0n, other: 0n, shares: 0n }
  place[column] += share.amountMinor
  if (column === 'stripe') place.shares += 1n
  places.set(key, place)
}

const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount)
