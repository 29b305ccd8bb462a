import { expect, it } from 'vitest'
import { waterfallBars } from './waterfall.ts'

const figure = (label: string, waterfall: string, currency = 'USD') => ({
  currency,
  label,
  amounts: { waterfall },
})

/** Each bar as 'more 0–1000', in thousandths of the width; the zero line behind it. */
const drawn = (figures: ReturnType<typeof figure>[]): string[] => {
  const bar = waterfallBars(figures)
  return figures.map((each) => {
    const svg = String(bar(each))
    const [, kind, x, width] = /<rect class="(\w+)" x="(\d+)" y="1" width="(\d+)"/.exec(svg) ?? []
    const [, zero] = /<line class="zero" x1="(\d+)"/.exec(svg) ?? []
    return svg === '' ? '' : `${kind} ${x}–${Number(x) + Number(width)}${zero ? ` zero ${zero}` : ''}`
  })
}

it('each bar begins where the one before it ended; opening and closing stand on zero', () => {
  // 100 + 50 − 30 − 20 = 100; the highest is 150.
  expect(
    drawn([
      figure('opening', '100.00'),
      figure('invoiced', '50.00'),
      figure('recognized', '30.00'),
      figure('credited', '20.00'),
      figure('closing', '100.00'),
    ]),
  ).toEqual(['more 0–666', 'more 666–1000', 'less 800–1000', 'less 666–800', 'more 0–666'])
})

it('what is recognized before it is invoiced lies left of zero, and zero is drawn', () => {
  // Usage of 40 that is billed next month: 0 + 60 − 100 = −40, from −40 to 60.
  expect(
    drawn([
      figure('opening', '0'),
      figure('invoiced', '60'),
      figure('recognized', '100'),
      figure('closing', '-40'),
    ]),
  ).toEqual([
    'more 400–400 zero 400',
    'more 400–1000 zero 400',
    'less 0–1000 zero 400',
    'less 0–400 zero 400',
  ])
})

it('each currency has its own scale, and a line that is no part of the waterfall has no bar', () => {
  expect(
    drawn([
      figure('opening', '1', 'JPY'),
      figure('closing', '1', 'JPY'),
      figure('closing', '1000.00'),
      figure('journals', '1.00'),
    ]),
  ).toEqual(['more 0–1000', 'more 0–1000', 'more 0–1000', ''])
})
