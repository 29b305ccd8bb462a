// Two hundred invented customers: who they are, where they are taxed, and in which currency they pay.
import type Stripe from 'stripe'
import { createDice, type Dice } from './random.ts'

export type DemoCurrency = 'usd' | 'eur' | 'gbp' | 'jpy' | 'kwd'

export interface DemoCustomer {
  name: string
  email: string
  currency: DemoCurrency
  address: Stripe.AddressParam
  taxExempt?: 'exempt'
  /** A VAT number that its tax office confirms: reverse charge. */
  vatNumber?: { type: 'eu_vat' | 'gb_vat'; value: string }
}

const FIRST = [
  'Ada',
  'Björn',
  'Chiyo',
  'Dana',
  'Emeka',
  'Fatima',
  'Goran',
  'Hana',
  'Inés',
  'Jonas',
  'Kerstin',
  'Léa',
]
const LAST = [
  'Abe',
  'Brandt',
  'Castillo',
  'Doyle',
  'Eriksen',
  'Fontaine',
  'Grant',
  'Haddad',
  'Ito',
  'Jansen',
  'Kowalski',
]
const FIRM = [
  'Acorn',
  'Beacon',
  'Cobalt',
  'Delta',
  'Ember',
  'Fjord',
  'Garnet',
  'Harbor',
  'Indigo',
  'Juniper',
  'Krypton',
]
const TRADE = [
  'Analytics',
  'Bikes',
  'Cargo',
  'Design',
  'Energy',
  'Foods',
  'Games',
  'Health',
  'Labs',
  'Media',
  'Optics',
]

export const PLACES: Record<DemoCurrency, readonly [Stripe.AddressParam, ...Stripe.AddressParam[]]> = {
  usd: [
    {
      line1: '1 Dr Carlton B Goodlett Pl',
      city: 'San Francisco',
      state: 'CA',
      postal_code: '94102',
      country: 'US',
    },
    { line1: '200 N Spring St', city: 'Los Angeles', state: 'CA', postal_code: '90012', country: 'US' },
    { line1: '253 Broadway', city: 'New York', state: 'NY', postal_code: '10007', country: 'US' },
    { line1: '301 W 2nd St', city: 'Austin', state: 'TX', postal_code: '78701', country: 'US' },
    { line1: '600 4th Ave', city: 'Seattle', state: 'WA', postal_code: '98104', country: 'US' },
    { line1: '1221 SW 4th Ave', city: 'Portland', state: 'OR', postal_code: '97204', country: 'US' },
  ],
  eur: [
    { line1: 'Rathausstraße 15', city: 'Berlin', postal_code: '10178', country: 'DE' },
    { line1: "Place de l'Hôtel de Ville", city: 'Paris', postal_code: '75004', country: 'FR' },
    { line1: 'Plaza de la Villa 5', city: 'Madrid', postal_code: '28005', country: 'ES' },
    { line1: 'Dam 1', city: 'Amsterdam', postal_code: '1012 JS', country: 'NL' },
    { line1: 'Wood Quay', city: 'Dublin', postal_code: 'D08 RF3F', country: 'IE' },
  ],
  gbp: [
    { line1: '110 The Queen’s Walk', city: 'London', postal_code: 'SE1 2AA', country: 'GB' },
    { line1: 'Albert Square', city: 'Manchester', postal_code: 'M60 2LA', country: 'GB' },
  ],
  jpy: [{ line1: '2-8-1 Nishi-Shinjuku', city: 'Tokyo', postal_code: '163-8001', country: 'JP' }],
  kwd: [{ line1: 'Al Soor Street', city: 'Kuwait City', postal_code: '13001', country: 'KW' }],
}

const VAT: Record<string, (dice: Dice) => string> = {
  DE: (dice) => `DE${digits(dice, 9)}`,
  FR: (dice) => `FR${digits(dice, 11)}`,
  ES: (dice) => `ESB${digits(dice, 8)}`,
  NL: (dice) => `NL${digits(dice, 9)}B01`,
  IE: (dice) => `IE${digits(dice, 7)}WA`,
}

/** Of 21: 9 in dollars, 5 in euros, 3 in pounds, 2 in yen, 2 in dinars. */
const CURRENCIES: readonly DemoCurrency[] = [
  ...Array<DemoCurrency>(9).fill('usd'),
  ...Array<DemoCurrency>(5).fill('eur'),
  ...Array<DemoCurrency>(3).fill('gbp'),
  ...Array<DemoCurrency>(2).fill('jpy'),
  ...Array<DemoCurrency>(2).fill('kwd'),
]

export function inventCustomers(seed: number, count: number): DemoCustomer[] {
  const dice = createDice(seed)
  return Array.from({ length: count }, (_, index): DemoCustomer => {
    const currency = CURRENCIES[index % CURRENCIES.length] ?? 'usd'
    const address = dice.pick(PLACES[currency])
    const firm = dice.below(3) > 0
    const name = firm
      ? `${dice.pick(FIRM)} ${dice.pick(TRADE)} ${index}`
      : `${dice.pick(FIRST)} ${dice.pick(LAST)}`
    const customer: DemoCustomer = { name, email: `billing+${index}@example.com`, currency, address }
    const vatNumber = VAT[address.country ?? '']
    if (firm && vatNumber && dice.below(2) === 0) {
      customer.vatNumber = { type: 'eu_vat', value: vatNumber(dice) }
    }
    if (currency === 'usd' && dice.below(12) === 0) customer.taxExempt = 'exempt'
    return customer
  })
}

function digits(dice: Dice, count: number): string {
  return Array.from({ length: count }, () => String(dice.below(10))).join('')
}
