// Addresses: which jurisdictions an address lies in, and how AvaTax refuses one it cannot place.
// https://developer.avalara.com/blog/2013/06/28/testing-gettax-with-address-errors/ : in the US a state with a ZIP code
// of that state suffices, street and city may be wrong; a ZIP code of another state is an error.
//
// Reading taken: outside the US and Canada a country with a city or a postal code suffices. Cities that no post would
// find are a list given to the simulator.
import { AvaTaxRefused } from './errors.ts'
import type { Address } from './model.ts'
import type { RateChanges } from './rate-changes.ts'
import { euMembers, type Jurisdiction, type TaxContent } from './rates.ts'

export interface Place {
  country: string
  region: string
  stateFips: string
  jurisdictions: readonly Jurisdiction[]
}

export class Addresses {
  private readonly content: TaxContent
  private readonly undeliverable: ReadonlySet<string>
  private readonly changes: RateChanges

  constructor(content: TaxContent, undeliverableCities: readonly string[], changes: RateChanges) {
    this.content = content
    this.changes = changes
    this.undeliverable = new Set(undeliverableCities.map((name) => name.toLowerCase()))
  }

  /** Where the address lies; throws what AvaTax answers when it cannot tell. */
  locate(address: Address, refersTo: string): Place {
    return this.changes.applyTo(this.find(address, refersTo))
  }

  private find(address: Address, refersTo: string): Place {
    const country = address.country?.toUpperCase() ?? ''
    if (country === '') throw incomplete(refersTo)
    if (country === 'US') return this.locateInUnitedStates(address, refersTo)
    const content = this.content.countries[country]
    if (!content) {
      throw taxError('CountryError', `Unknown country name or code. (${address.country})`, refersTo)
    }
    const region = address.region?.toUpperCase() ?? ''
    if (blank(address.city) && blank(address.postalCode)) throw incomplete(refersTo)
    if (this.undeliverable.has(address.city?.toLowerCase() ?? '')) {
      throw new AvaTaxRefused('InvalidAddress', 'The address is not deliverable.', {
        refersTo,
        description: `The city '${address.city}' was not found in ${content.name}.`,
      })
    }
    const ofRegion = content.regions?.[region]
    if (content.regions && !ofRegion) {
      throw taxError('RegionCodeError', 'Invalid or missing state/province code.', refersTo)
    }
    return { country, region, stateFips: '', jurisdictions: ofRegion ?? content.jurisdictions }
  }

  private locateInUnitedStates(address: Address, refersTo: string): Place {
    const zip = address.postalCode?.trim() ?? ''
    const region = address.region?.trim().toUpperCase() ?? ''
    const fromZip = Object.entries(this.content.states).find(([, { zips }]) => coversZip(zips, zip))
    if (zip === '' && (region === '' || blank(address.city))) throw incomplete(refersTo)
    const code = region === '' ? fromZip?.[0] : region
    const state = this.content.states[code ?? '']
    if (!state || (zip !== '' && !coversZip(state.zips, zip))) {
      throw taxError('JurisdictionNotFoundError', 'Unable to determine the taxing jurisdictions.', refersTo)
    }
    const [, locals] =
      Object.entries(state.local ?? {})
        .filter(([prefix]) => zip.startsWith(prefix))
        .sort(([left], [right]) => right.length - left.length)[0] ?? []
    const ofState: Jurisdiction = {
      kind: 'State',
      code: state.fips,
      name: state.name,
      taxName: `${code} STATE TAX`,
      rates: [{ percent: state.percent }],
    }
    return {
      country: 'US',
      region: code ?? '',
      stateFips: state.fips,
      jurisdictions: [ofState, ...(locals ?? [])],
    }
  }

  /**
   * POST or GET /api/v2/addresses/resolve. An address that cannot be resolved is answered under 200 with messages.
   * https://developer.avalara.com/api-reference/avatax/rest/v2/methods/Addresses/ResolveAddressPost/ (US and Canada only)
   * A missing postal code is filled in (2000 main, Irvine, CA → 92614-7211), and an address that no post delivers to gets
   * a message: https://developer.avalara.com/avatax/address-validation/
   */
  resolve(address: Address): object {
    const country = address.country?.toUpperCase() ?? 'US'
    if (country !== 'US' && country !== 'CA') {
      return unresolved(address, 'Country not supported.', 'Address.Country')
    }
    if (blank(address.postalCode) && (blank(address.line1) || blank(address.city) || blank(address.region))) {
      throw incomplete('Addresses[0]')
    }
    try {
      const postalCode = address.postalCode ?? postalCodeOf(address)
      if (this.undeliverable.has(address.city?.toLowerCase() ?? '')) {
        return unresolved(address, 'The address is not deliverable.', 'address')
      }
      const place = this.locate({ ...address, country, postalCode }, 'Addresses[0]')
      return {
        address,
        validatedAddresses: [
          {
            addressType: 'StreetOrResidentialAddress',
            line1: address.line1?.toUpperCase() ?? '',
            line2: address.line2 ?? '',
            line3: address.line3 ?? '',
            city: address.city?.toUpperCase() ?? '',
            region: place.region,
            country,
            postalCode: postalCode ?? '',
          },
        ],
        resolutionQuality: blank(address.line1) ? 'PostalCentroidGood' : 'Intersection',
        taxAuthorities: place.jurisdictions.map(({ code, name, kind }) => ({
          avalaraId: code,
          jurisdictionName: name,
          jurisdictionType: kind,
          signatureCode: '',
        })),
      }
    } catch (error) {
      if (!(error instanceof AvaTaxRefused)) throw error
      return unresolved(address, error.message, 'Address')
    }
  }
}

/** What the post knows of a street in these towns; real ZIP codes, one a town. */
const POSTAL_CODES: Readonly<Record<string, string>> = {
  'CA|IRVINE': '92614-7211',
  'CA|LOS ANGELES': '90012-3308',
  'CA|SAN FRANCISCO': '94105-1804',
  'IL|CHICAGO': '60602-3101',
  'NY|NEW YORK': '10004-1706',
  'TX|AUSTIN': '78701-2403',
  'WA|SEATTLE': '98104-2320',
}
const postalCodeOf = ({ region, city }: Address): string | undefined =>
  POSTAL_CODES[`${region?.toUpperCase()}|${city?.toUpperCase()}`]

const blank = (text: string | undefined): boolean => (text ?? '').trim() === ''

const coversZip = (ranges: readonly string[], zip: string): boolean => {
  const head = zip.slice(0, 3)
  return (
    /^\d{5}(-?\d{4})?$/.test(zip) &&
    ranges.some((range) => {
      const [low = '', high = low] = range.split('-')
      return low <= head && head <= high
    })
  )
}

const unresolved = (address: Address, summary: string, refersTo: string): object => ({
  address,
  validatedAddresses: [{ ...address, addressType: 'UnknownAddressType' }],
  resolutionQuality: 'NotCoded',
  messages: [
    {
      summary,
      details: summary,
      refersTo,
      severity: 'Error',
      source: 'Avalara.AvaTax.Services.Address',
    },
  ],
})

const taxError = (faultSubCode: string, message: string, refersTo: string): AvaTaxRefused =>
  new AvaTaxRefused('GetTaxError', message, { faultSubCode, refersTo })

const incomplete = (refersTo: string): AvaTaxRefused =>
  taxError('TaxAddressError', 'Address (origin or destination) is incomplete or invalid.', refersTo)

/** A VAT identification number of the country: its prefix (EL for Greece) and at least eight characters in all. */
export const isVatIdOf = (businessIdentificationNo: string | undefined, country: string): boolean => {
  const id = businessIdentificationNo?.replace(/[\s.-]/g, '').toUpperCase() ?? ''
  const prefix = country === 'GR' ? 'EL' : country
  return euMembers.has(country) && id.startsWith(prefix) && /^[A-Z]{2}[0-9A-Z+*]{6,12}$/.test(id)
}
