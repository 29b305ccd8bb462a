// Who is in a story: name, place, currency and VAT number, all from the dice. Places are ones that AvaTax knows and
// currencies ones that the hub maps; people nobody could bill are impossible.ts.
import type Stripe from 'stripe'
import type { Dice } from '../dice.ts'

export type Currency = 'usd' | 'eur' | 'gbp' | 'jpy' | 'kwd'

export interface Profile {
  name: string
  email: string
  currency: Currency | 'chf'
  address: Stripe.AddressParam
  taxExempt: boolean
  vatNumber: { type: 'eu_vat' | 'gb_vat'; value: string } | undefined
}

const PLACES: Record<Currency, readonly Stripe.AddressParam[]> = {
  usd: [
    { line1: '200 N Spring St', city: 'Los Angeles', state: 'CA', postal_code: '90012', country: 'US' },
    { line1: '253 Broadway', city: 'New York', state: 'NY', postal_code: '10007', country: 'US' },
    { line1: '1221 SW 4th Ave', city: 'Portland', state: 'OR', postal_code: '97204', country: 'US' },
  ],
  eur: [
    { line1: 'Rathausstraße 15', city: 'Berlin', postal_code: '10178', country: 'DE' },
    { line1: 'Plaza de la Villa 5', city: 'Madrid', postal_code: '28005', country: 'ES' },
    { line1: 'Dam 1', city: 'Amsterdam', postal_code: '1012 JS', country: 'NL' },
  ],
  gbp: [{ line1: 'Albert Square', city: 'Manchester', postal_code: 'M60 2LA', country: 'GB' }],
  jpy: [{ line1: '2-8-1 Nishi-Shinjuku', city: 'Tokyo', postal_code: '163-8001', country: 'JP' }],
  kwd: [{ line1: 'Al Soor Street', city: 'Kuwait City', postal_code: '13001', country: 'KW' }],
}

const CURRENCIES: readonly Currency[] = ['usd', 'usd', 'usd', 'eur', 'eur', 'gbp', 'jpy', 'kwd']
const FIRMS = ['Acorn Analytics', 'Björn & Söhne', 'Cobalt Cargo', 'Dönerwerk', 'Ember Energy', 'Fjord Foods']

export function inventPerson(dice: Dice, index: number): Profile {
  const currency = dice.pick(CURRENCIES)
  const address = dice.pick(PLACES[currency])
  return {
    name: `${dice.pick(FIRMS)} ${index + 1}`,
    email: `billing+${index + 1}@firm.example`,
    currency,
    address,
    taxExempt: currency === 'usd' && dice.chance(0.1),
    vatNumber: vatNumberOf(address.country ?? '', dice),
  }
}

/** Another address in the same country, so that the currency stays likely. */
export const otherPlace = ({ address, currency }: Profile, dice: Dice): Stripe.AddressParam =>
  currency === 'usd'
    ? dice.pick(PLACES.usd)
    : { ...address, line1: `${address.line1}, floor ${dice.between(2, 9)}` }

/** Stripe's test numbers: …111111111 is found wrong, …222222222 stays pending. https://docs.stripe.com/billing/customer/tax-ids#test */
function vatNumberOf(country: string, dice: Dice): Profile['vatNumber'] {
  const digits = dice.pick(['123456789', '987654321', '111111111', '222222222'])
  switch (country) {
    case 'DE':
      return { type: 'eu_vat', value: `DE${digits}` }
    case 'ES':
      return { type: 'eu_vat', value: `ESB${digits.slice(0, 8)}` }
    case 'NL':
      return { type: 'eu_vat', value: `NL${digits}B01` }
    case 'GB':
      return { type: 'gb_vat', value: `GB${digits}` }
    default:
      return undefined
  }
}
