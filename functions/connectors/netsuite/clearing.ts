// The Stripe clearing account that money goes through: that of the currency in which Stripe settled it. When that is not
// the document's own, NetSuite can post it only into the subsidiary's base currency, at a rate of its own choice: the
// rate is sent that makes it Stripe's amount to the cent. PURE.
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { decimalsOf, type Money, money } from '../../../shared/money/money.ts'
import type { Books, Settlement } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, mapped } from './document-head.ts'
import { parked, spokenAmount } from './parked.ts'

/** Digits after the point that an exchange rate keeps (a judgement: NetSuite documents none for REST). */
const RATE_DECIMALS = 8

/** Of the document's own currency. */
export const clearingAccount = (head: Head, currency: string, books: Books): string =>
  mapped(books.clearingId, head, {
    code: 'NS-CLEARING',
    why: `there is no Stripe clearing account for ${currency} (field currency).`,
    where: `netsuite.clearingAccounts.${currency}`,
  })

/** The fields `account` and, for another currency, `exchangeRate`. */
export function clearingFields(
  head: Head,
  amount: Money,
  settlement: Settlement | undefined,
  books: Books,
): JsonObject {
  const currency = settlement?.currency ?? amount.currency
  const account =
    currency === amount.currency
      ? clearingAccount(head, currency, books)
      : mapped(books.clearing?.[currency], head, {
          code: 'NS-CLEARING',
          why: `Stripe settled it in ${currency}, and there is no Stripe clearing account for that (field balance_transaction.currency).`,
          where: `netsuite.clearingAccounts.${currency}`,
        })
  if (!settlement || currency === amount.currency) return { account: { id: account } }
  if (currency !== books.baseCurrency) {
    throw parked({
      code: 'NS-CONVERSION',
      document: head.document,
      why: `Stripe settled it in ${currency}, which is neither its own currency nor that of subsidiary "${books.subsidiaryName}" (${books.baseCurrency}); NetSuite can post it into no such account.`,
      hint: `Accounting: enter it by hand into an account in ${amount.currency} and transfer it to the ${currency} clearing account; or give the customer to a subsidiary whose currency is ${currency}.`,
    })
  }
  return { account: { id: account }, exchangeRate: rateFor(head, amount, settlement) }
}

/** Base units for one unit of the document's currency, so that the product rounds to what Stripe settled. */
function rateFor(head: Head, amount: Money, settlement: Settlement): string {
  const settledMinor = BigInt(settlement.settledMinor)
  const chargedMinor = BigInt(settlement.chargedMinor)
  const scale = 10n ** BigInt(RATE_DECIMALS)
  const baseUnit = 10n ** BigInt(decimalsOf(settlement.currency))
  const ownUnit = 10n ** BigInt(decimalsOf(amount.currency))
  const rate = divideRounded(settledMinor * ownUnit * scale, chargedMinor * baseUnit)
  const wanted = divideRounded(amount.amountMinor * settledMinor, chargedMinor)
  const posted = divideRounded(amount.amountMinor * rate * baseUnit, ownUnit * scale)
  if (posted !== wanted) {
    throw parked({
      code: 'NS-RATE',
      document: head.document,
      why: `no exchange rate of ${RATE_DECIMALS} digits makes it the ${spokenAmount(money(wanted, settlement.currency))} that Stripe settled.`,
      hint: 'Accounting: enter it by hand at the amount that Stripe settled.',
    })
  }
  return decimalOf(rate, RATE_DECIMALS)
}

/** Half up; both positive. */
const divideRounded = (dividend: bigint, divisor: bigint): bigint =>
  (2n * dividend + divisor) / (2n * divisor)

function decimalOf(scaled: bigint, decimals: number): string {
  const digits = scaled.toString().padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`.replace(/\.?0+$/, '')
}

/** What Stripe made of a charge or refund, from its expanded balance transaction. */
export function settlementOf(
  transaction: { amount: number; currency: string },
  charged: { amount: number; currency: string },
): Settlement {
  const settled = money(Math.abs(transaction.amount), transaction.currency)
  return {
    currency: settled.currency,
    settledMinor: settled.amountMinor.toString(),
    chargedMinor: money(charged.amount, charged.currency).amountMinor.toString(),
  }
}

/** One clearing account, in the payment's currency: Stripe can have settled in no other, or there were another account. */
export function hasOnlyOwnClearing(currency: string, { clearingAccounts }: NetSuiteConfig): boolean {
  const currencies = Object.keys(clearingAccounts)
  return currencies.length === 1 && currencies[0] === currency.toUpperCase()
}
