// What a document in AvaTax is worth, as people compare it with Stripe: net and tax of an invoice, the whole of a return. PURE.
import type { JsonObject } from '../../../shared/connector/contract.ts'
import type { RecordAmounts } from '../../../shared/connector/look.ts'
import { fromDecimal, toDecimal } from '../../../shared/money/money.ts'
import { documentSchema } from './transaction-body.ts'

export function amountsOf({
  kind,
  externalId,
  body,
}: {
  kind: string
  externalId: string
  body: JsonObject
}): RecordAmounts | undefined {
  // What takes a document back says nothing of the invoice's own amounts.
  if (kind !== 'transaction' || externalId.includes('-')) return undefined
  const { currency, lines, type, status } = documentSchema.parse(body)
  const sum = (field: 'amount' | 'tax') =>
    lines.reduce((total, line) => total + fromDecimal(line[field], currency).amountMinor, 0n)
  const decimal = (amountMinor: bigint) => toDecimal({ amountMinor, currency })
  const [net, tax] = [sum('amount'), sum('tax')]
  const note = status === 'Cancelled' ? { note: 'cancelled' } : {}
  // A return is negative.
  if (type === 'ReturnInvoice') return { currency, amounts: { credited: decimal(-net - tax) }, ...note }
  return { currency, amounts: { invoiced: decimal(net + tax), tax: decimal(tax) }, ...note }
}
