// The item sublist of invoices and credit memos: one line per Stripe line at its net amount, then the tax, as a
// liability item or as SuiteTax's override details. The lines sum to Stripe's total or nothing is posted.
import type { JsonObject, ObjectRef } from '../../../shared/connector/contract.ts'
import { type Money, toDecimal } from '../../../shared/money/money.ts'
import { serviceDates, serviceOf } from '../../../shared/recognition/service.ts'
import type { Books } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { parked, spokenAmount } from './parked.ts'
import type { BookLine, TaxShare } from './stripe-fields.ts'
import { SHIPPING_LINE, sumOfLines } from './stripe-fields.ts'

/** "Up to 200 lines an invoice or journal" through REST. */
const LINES_MAX = 200
const DESCRIPTION_MAX = 4_000
/** The custom price level: NetSuite takes the amount as given instead of looking up a price. */
const CUSTOM_PRICE = '-1'

export interface LinesOf {
  document: string
  lines: readonly BookLine[]
  total: Money
  books: Books
}

/** The fields `item` and, with SuiteTax, `taxDetails`. @throws permanent when an item is not mapped. */
export function itemFields(of: LinesOf, config: NetSuiteConfig): JsonObject {
  refuseOtherTotal(of)
  const items: JsonObject[] = of.lines.map((line, index) => ({
    ...itemLine(line, itemOf(line, of), config),
    ...(config.tax.mode === 'suitetax' &&
      line.taxes.length > 0 && { taxDetailsReference: referenceOf(index) }),
  }))
  if (config.tax.mode === 'liability-item') items.push(...taxLines(of, config.tax, config))
  if (items.length > LINES_MAX) {
    throw parked({
      code: 'NS-LINES',
      document: of.document,
      why: `it needs ${items.length} lines (field lines), and NetSuite takes ${LINES_MAX} in one document.`,
      hint: 'Accounting: enter it by hand, summed per item. Billing: fewer lines per invoice (Stripe keeps one for each proration) avoid it.',
    })
  }
  return {
    item: { items },
    ...(config.tax.mode === 'suitetax' && {
      taxDetailsOverride: true,
      taxDetails: { items: taxDetails(of, config.tax) },
    }),
  }
}

/** One line over an amount, on an item of the hub's own (a write-off). */
export function singleItemField(
  itemId: string,
  description: string,
  amount: Money,
  config: NetSuiteConfig,
): JsonObject {
  return {
    item: {
      items: [
        {
          item: { id: itemId },
          description,
          quantity: '1',
          price: { id: CUSTOM_PRICE },
          amount: toDecimal(amount),
          ...classification(config),
        },
      ],
    },
  }
}

function refuseOtherTotal({ document, lines, total }: LinesOf): void {
  const sum = sumOfLines(lines)
  if (sum === total.amountMinor) return
  throw parked({
    code: 'NS-SUM',
    document,
    why: `Stripe's lines and taxes sum to ${spokenAmount({ amountMinor: sum, currency: total.currency })}, its total is another (field lines).`,
    hint: 'Engineering: compare the lines with the total in Stripe (shipping, credits or a line type the hub does not know), then: hub replay --parked',
  })
}

function itemLine(line: BookLine, itemId: string, config: NetSuiteConfig): JsonObject {
  return {
    item: { id: itemId },
    ...(line.description !== '' && { description: line.description.slice(0, DESCRIPTION_MAX) }),
    quantity: line.quantity ?? '1',
    price: { id: CUSTOM_PRICE },
    amount: toDecimal(line.net),
    ...dateFields(line, config),
    ...classification(config),
  }
}

/** With journals the hub recognizes: dates on the lines would invite NetSuite to do so once more. */
function dateFields(
  { period }: BookLine,
  { serviceDates: columns, revenue, timeZone }: NetSuiteConfig,
): JsonObject {
  if (!period || !columns || revenue?.mode === 'journals') return {}
  const { first, last } = serviceDates(serviceOf(period, timeZone))
  return { [columns.start]: first, [columns.end]: last }
}

export function classification(config: NetSuiteConfig): JsonObject {
  const { department, class: className, location } = config.classification
  return {
    ...(department !== undefined && { department: { id: department } }),
    ...(className !== undefined && { class: { id: className } }),
    ...(location !== undefined && { location: { id: location } }),
  }
}

function itemOf(line: BookLine, { document, books }: LinesOf): string {
  if (line.id === SHIPPING_LINE) {
    if (books.shippingItemId !== undefined) return books.shippingItemId
    throw parked({
      code: 'NS-SHIPPING',
      document,
      why: 'it has a shipping cost (field shipping_cost), and there is no item for that.',
      hint: 'Engineering: hub.config.ts → netsuite.shippingItem. Then: hub replay --parked',
    })
  }
  const itemId = line.productId === undefined ? books.creditItemId : books.items[line.productId]
  if (itemId !== undefined) return itemId
  if (line.productId === undefined) {
    throw parked({
      code: 'NS-ITEM',
      document,
      why: `its line ${line.id} names no product (field lines), so there is no item for it.`,
      hint: 'Engineering: hub.config.ts → netsuite.creditItem (or netsuite.defaultItem): the item for lines without a product. Then: hub replay --parked',
    })
  }
  const product: ObjectRef = { type: 'product', id: line.productId }
  throw parked({
    code: 'NS-ITEM',
    document,
    why: `product ${line.productId} has no NetSuite item (field product).`,
    hint: `Engineering: hub.config.ts → netsuite.items["${line.productId}"]: the item's internal id; or, in the Stripe dashboard, the product's metadata netsuite_item. Then: hub replay --parked`,
    waitsOn: [product],
  })
}

/** Taxes of all lines by rate, in order of first appearance. */
function byRate(lines: readonly BookLine[]): { rateId: string | undefined; amount: Money }[] {
  const sums = new Map<string | undefined, Money>()
  for (const tax of lines.flatMap((line) => line.taxes)) {
    const sum = sums.get(tax.rateId)
    sums.set(tax.rateId, { ...tax.amount, amountMinor: tax.amount.amountMinor + (sum?.amountMinor ?? 0n) })
  }
  return [...sums]
    .map(([rateId, amount]) => ({ rateId, amount }))
    .filter(({ amount }) => amount.amountMinor !== 0n)
}

function taxLines(
  { lines }: LinesOf,
  tax: Extract<NetSuiteConfig['tax'], { mode: 'liability-item' }>,
  config: NetSuiteConfig,
): JsonObject[] {
  return byRate(lines).map(({ rateId, amount }) => ({
    item: { id: tax.items[rateId ?? ''] ?? tax.item },
    description: rateId === undefined ? 'Tax' : `Tax ${rateId}`,
    quantity: '1',
    price: { id: CUSTOM_PRICE },
    amount: toDecimal(amount),
    ...classification(config),
  }))
}

const referenceOf = (index: number): string => `line${index + 1}`

/** SuiteTax's "Tax Details Override": a detail belongs to the item line that names the same reference. */
function taxDetails(
  { lines, books }: LinesOf,
  tax: Extract<NetSuiteConfig['tax'], { mode: 'suitetax' }>,
): JsonObject[] {
  return lines.flatMap((line, index) =>
    line.taxes.map((share: TaxShare) => {
      const mapped = tax.rates[share.rateId ?? ''] ?? tax
      return {
        taxDetailsReference: referenceOf(index),
        taxCode: { id: mapped.taxCode },
        taxType: { id: mapped.taxType },
        taxBasis: toDecimal(share.taxable),
        taxRate: books.taxPercentages[share.rateId ?? ''] ?? '0',
        taxAmount: toDecimal(share.amount),
      }
    }),
  )
}
