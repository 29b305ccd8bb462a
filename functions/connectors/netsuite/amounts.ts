// What a document in the books is worth, as people compare it with Stripe: the invoice with its tax, each payment, each credit
// note. Documents beside these (fees, balances, write-offs) say nothing of the invoice's own amounts. PURE.
import type { JsonObject } from '../../../shared/connector/contract.ts'
import type { RecordAmounts } from '../../../shared/connector/look.ts'
import { fromDecimal, toDecimal } from '../../../shared/money/money.ts'
import type { NetSuiteConfig } from './config.ts'
import { currencyOf, isObject, linesOf, projectedTotal } from './wire.ts'

export function amountsOf(
  { kind, externalId, body }: { kind: string; externalId: string; body: JsonObject },
  config: NetSuiteConfig,
): RecordAmounts | undefined {
  const label = labelOf(kind, externalId)
  if (label === undefined) return undefined
  const currency = currencyOf(body, config)
  const total = toDecimal({ amountMinor: projectedTotal(kind, body, currency), currency })
  if (label !== 'invoiced') return { currency, amounts: { [label]: total } }
  const tax = toDecimal({ amountMinor: taxMinor(body, currency, config), currency })
  return { currency, amounts: { invoiced: total, tax } }
}

/** A document of its own kind under Stripe's bare id; what else belongs to an object has a suffix. */
function labelOf(kind: string, externalId: string): 'invoiced' | 'paid' | 'credited' | undefined {
  if (externalId.includes('-')) return undefined
  if (kind === 'invoice') return 'invoiced'
  if (kind === 'customerPayment') return 'paid'
  return kind === 'creditMemo' && externalId.startsWith('cn_') ? 'credited' : undefined
}

function taxMinor(body: JsonObject, currency: string, { tax }: NetSuiteConfig): bigint {
  const sum = (lines: Record<string, unknown>[], field: string) =>
    lines.reduce((total, line) => total + fromDecimal(String(line[field]), currency).amountMinor, 0n)
  if (tax.mode === 'suitetax') return sum(linesOf(body.taxDetails), 'taxAmount')
  const items = new Set([tax.item, ...Object.values(tax.items)])
  return sum(
    linesOf(body.item).filter(({ item }) => isObject(item) && items.has(String(item.id))),
    'amount',
  )
}
