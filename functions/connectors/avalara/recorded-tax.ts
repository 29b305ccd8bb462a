// Compares what AvaTax recorded with what Stripe charged. Another recorded tax is an error: it would be filed. Another
// CALCULATED tax is not, since the charged one was recorded; but somebody must hear that the two have drifted apart.
import { permanent } from '../../../shared/errors.ts'
import { fromDecimal, toDecimal } from '../../../shared/money/money.ts'
import type { TransactionAnswer } from './answer.ts'
import { FINALIZED_UNTAXED } from './document.ts'
import { chargeStep, exactMinor, roundExact } from './rounding.ts'
import type { TellTax } from './tax-signals.ts'
import type { Document } from './transaction-body.ts'

/** The override must have been honoured: a document with another tax would be filed. */
export function requireCharged(answer: TransactionAnswer, document: Document): void {
  const charged = chargedMinor(document)
  const recorded = fromDecimal(answer.totalTax, document.currency).amountMinor
  if (charged === recorded) return
  const say = (amountMinor: bigint) => toDecimal({ amountMinor, currency: document.currency })
  throw permanent(
    `${document.code} is in AvaTax with ${document.currency} ${say(recorded)} tax, but ${say(charged)} was charged.`,
    {
      code: 'TAX-DIFFERS',
      hint: 'Avalara admin: allow tax overrides for this company (field taxOverride), then: hub replay --parked',
    },
  )
}

/**
 * Rounding is no drift: AvaTax rounds jurisdiction by jurisdiction, and a line's share of an inclusive or partly returned
 * tax was rounded before it came here. So one step of the currency a line is let pass.
 */
export function tellWhatDiffers(answer: TransactionAnswer, document: Document, tell: TellTax): void {
  if (typeof answer.totalTaxCalculated !== 'number') return
  const { currency, code, referenceCode } = document
  const step = chargeStep(currency)
  const calculated = roundExact(exactMinor(answer.totalTaxCalculated, currency), step)
  const charged = chargedMinor(document)
  const difference = charged > calculated ? charged - calculated : calculated - charged
  const untaxed = referenceCode.startsWith(FINALIZED_UNTAXED)
  if (!untaxed && difference <= step * BigInt(document.lines.length)) return
  const say = (amountMinor: bigint) => toDecimal({ amountMinor, currency })
  const fields = { document: code, currency, charged: say(charged), calculated: say(calculated) }
  if (untaxed) tell('FinalizedUntaxed', { ...fields, as: referenceCode })
  else tell('TaxDrift', fields)
}

const chargedMinor = ({ lines, currency }: Document): bigint =>
  lines.reduce((total, { tax }) => total + fromDecimal(tax, currency).amountMinor, 0n)
