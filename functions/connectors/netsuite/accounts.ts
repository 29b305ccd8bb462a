// NetSuite's ids for an object's documents out of the configuration: accounts, items and policies by what they are for. What
// is missing stays undefined; the projection that needs it parks and says which line to add.
import type { Books } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import type { Needs } from './needs.ts'

/** Accounts and items by what they are for; only those that the object's documents may need are chosen, and kept. */
export function accountsOf(needs: Needs, config: NetSuiteConfig): Partial<Books> {
  const currency = needs.currency.toUpperCase()
  const { customerBalance, billingCredits, disputes, payouts } = config
  const clearingId = config.clearingAccounts[currency]
  const has = (...suffixes: string[]): boolean =>
    needs.documents.some(([{ externalId }]) => suffixes.some((suffix) => externalId.endsWith(suffix)))
  switch (needs.root) {
    case 'payout':
      return {
        clearingId,
        bankId: payouts?.bankAccounts[currency],
        feeId: payouts?.feeAccount,
        feeTaxId: payouts?.feeTaxAccount,
      }
    case 'dispute':
      return {
        clearingId,
        disputedId: disputes?.receivableAccount,
        disputeFeeId: disputes?.feeAccount,
        disputeLossId: disputes?.lossAccount,
        disputeExchangeId: disputes?.exchangeAccount,
        disputeWhenLost: disputes?.whenLost,
      }
    case 'billing.credit_grant':
      return {
        creditsLiabilityId: billingCredits?.liabilityAccount,
        breakageId: billingCredits?.breakageAccount,
      }
    case 'customer':
      return {
        balanceAccountId: customerBalance?.account,
        adjustmentAccountId: customerBalance?.adjustmentAccount,
      }
    case 'refund':
      return {
        clearingId,
        ...foreignClearing(needs, config),
        ...feeAccounts(needs, config),
        creditItemId: config.creditItem ?? config.defaultItem,
        shippingItemId: config.shippingItem,
        ...(has('-alone') && {
          goodwillItemId: config.goodwillItem,
          loneRefunds: config.refundsWithoutCreditNote,
        }),
      }
    case 'invoice':
    case 'credit_note':
      return {
        clearingId,
        ...foreignClearing(needs, config),
        ...feeAccounts(needs, config),
        outOfBandId: config.outOfBandAccounts[currency] ?? config.outOfBandAccount,
        writeOffItemId: config.writeOffItem,
        creditItemId: config.creditItem ?? config.defaultItem,
        shippingItemId: config.shippingItem,
        ...(has('-recovery') && { recoveryAccountId: config.recoveryAccount }),
        ...((has('-balance', '-owed', '-owed-void', '-tobalance', '-unapplied') || needs.balance) && {
          balanceItemId: customerBalance?.item,
          balanceAccountId: customerBalance?.account,
        }),
        ...(has('-credits') && {
          creditsLiabilityId: billingCredits?.liabilityAccount,
          creditsRevenueId: billingCredits?.revenueAccount,
        }),
      }
    default:
      return {}
  }
}

/** Where money of the object was settled in another currency. */
function foreignClearing(needs: Needs, { clearingAccounts }: NetSuiteConfig): Partial<Books> {
  const foreign = needs.settledIn.filter((settled) => settled !== needs.currency.toUpperCase())
  if (foreign.length === 0) return {}
  const accounts = foreign.flatMap((settled) => {
    const account = clearingAccounts[settled]
    return account === undefined ? [] : [[settled, account] as const]
  })
  return { clearing: Object.fromEntries(accounts) }
}

/** Where fees are posted with payments and refunds. */
function feeAccounts(needs: Needs, { payouts, currencies }: NetSuiteConfig): Partial<Books> {
  if (!needs.documents.some(([{ externalId }]) => externalId.endsWith('-fee'))) return {}
  const foreign = needs.settledIn.filter((settled) => settled !== needs.currency.toUpperCase())
  const ids = foreign.flatMap((settled) =>
    currencies[settled] ? [[settled, currencies[settled]] as const] : [],
  )
  return {
    feeId: payouts?.feeAccount,
    feeTaxId: payouts?.feeTaxAccount,
    ...(ids.length > 0 && { currencyIds: Object.fromEntries(ids) }),
  }
}
