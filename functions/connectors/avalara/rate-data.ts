// One of AvaTax's tax details as the tax rate that Stripe shows for it. Pure.
import type { DetailAnswer } from './answer.ts'
import type { RateData } from './calculation.ts'
import { EU_COUNTRIES } from './eu-countries.ts'
import { toPercentage } from './rounding.ts'

export function rateOf(detail: DetailAnswer, inclusive: boolean): RateData {
  const level = levelOf(detail)
  const type = taxTypeOf(detail)
  const { country, region } = detail
  // AvaTax repeats the country as region where a country has no taxing regions.
  const state =
    region && region !== country && ['US', 'CA', 'IN', 'AU', 'BR'].includes(country ?? '') ? region : ''
  return {
    name: (detail.taxName || detail.jurisName || 'Tax').slice(0, 100),
    percentage: toPercentage(detail.rate),
    inclusive,
    ...(detail.jurisName && { jurisdiction: detail.jurisName.slice(0, 200) }),
    ...(level && { level }),
    ...(country && { country }),
    ...(state && { state }),
    ...(type && { type }),
  }
}

/** AvaTax names levels in two vocabularies: JurisTypeId and JurisdictionType. */
function levelOf(detail: DetailAnswer): string | undefined {
  const levels: Record<string, string> = {
    CNT: 'country', Country: 'country', STA: 'state', State: 'state', CTY: 'county', County: 'county',
    CIT: 'city', City: 'city', STJ: 'district', Special: 'district',
  } // biome-ignore format: pairs read better in rows
  return levels[detail.jurisType ?? ''] ?? levels[detail.jurisdictionType ?? '']
}

function taxTypeOf(detail: DetailAnswer): string | undefined {
  const name = `${detail.taxSubTypeId ?? ''} ${detail.taxName ?? ''} ${detail.taxType ?? ''}`.toUpperCase()
  for (const type of ['HST', 'QST', 'PST', 'GST', 'VAT'] as const) {
    if (new RegExp(`\\b${type}\\b`).test(name)) return type.toLowerCase()
  }
  const { country } = detail
  if (country === 'US') return 'sales_tax'
  if (country === 'JP') return 'jct'
  if (country && (EU_COUNTRIES.has(country) || country === 'GB')) return 'vat'
  return undefined
}
