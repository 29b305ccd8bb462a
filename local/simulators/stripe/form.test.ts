import { expect, it } from 'vitest'
import { parseForm } from './form.ts'

it('reads nested objects and arrays in bracket notation', () => {
  expect(
    parseForm(
      'items[0][price]=p1&items[0][quantity]=2&items[1][price]=p2&expand[]=a&expand[]=b&metadata[k e]=v%26w&off=',
    ),
  ).toEqual({
    items: [{ price: 'p1', quantity: '2' }, { price: 'p2' }],
    expand: ['a', 'b'],
    metadata: { 'k e': 'v&w' },
    off: '',
  })
})
