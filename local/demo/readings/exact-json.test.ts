import { expect, it } from 'vitest'
import { parseExact, requireWhole } from './exact-json.ts'

it('keeps numbers as the text that came', () => {
  expect(parseExact('{"a": 90071992547409.93, "b": [1.10, -0], "c": "7", "d": null, "e": true}')).toEqual({
    a: '90071992547409.93',
    b: ['1.10', '-0'],
    c: '7',
    d: null,
    e: true,
  })
})

it('refuses a list that was cut', () => {
  expect(() => requireWhole('Invoices', 2000, '2001')).toThrow('Invoices: 2001 were announced and 2000 came.')
  expect(() => requireWhole('Invoices', 2001, '2001')).not.toThrow()
})
