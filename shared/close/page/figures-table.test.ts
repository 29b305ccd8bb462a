import { expect, it } from 'vitest'
import { differenceOf } from './figures-table.ts'

it.each([
  ['two systems', { stripe: '119.00', netsuite: '117.50' }, -150n],
  ['three: the one that is furthest off', { stripe: '19.00', avatax: '19.01', netsuite: '12.00' }, -700n],
  [
    'what is expected in the books, not what Stripe shows by then',
    { stripe: '70.00', expected: '100.00', netsuite: '100.00' },
    0n,
  ],
  ['only one says anything', { waterfall: '42.00' }, undefined],
])('the difference of %s', (_, amounts, difference) => {
  expect(differenceOf({ currency: 'EUR', label: 'payment', amounts })).toBe(difference)
})
