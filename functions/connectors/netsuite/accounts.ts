// NetSuite's ids for an object's documents out of the configuration: accounts, items and policies by what they are for. What
// is missing stays undefined; the projection that needs it parks and says which line to add.
import type { Books } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import type { Needs } from './needs.ts'

export function accountsOf(needs: Needs, config: NetSuiteConfig): Partial<Books> {
  const currency = needs.currency.toUpperCase()
  const foreign = needs.settledIn.filter((settled) => settled !== currency)
  const { customerBalance, billingCredits, disputes, payouts, clearingAccounts } = config
  const own = {
    clearingId: clearingAccounts[currency],
    outOfBandId: config.outOfBandAccounts[currency] ?? config.outOfBandAccount,
    recoveryAccountId: config.recoveryAccount,
    ...(foreign.length > 0 && {
      clearing: Object.fromEntries(
        foreign.flatMap((settled) => {
          const account = clearingAccounts[settled]
          return account === undefined ? [] : [[settled, account]]
        }),
      ),
    }),
  }
  const balance = {
    balanceItemId: customerBalance?.item,
    balanceAccountId: customerBalance?.account,
    adjustmentAccountId: customerBalance?.adjustmentAccount,
  }
  switch (needs.root) {
    case 'payout':
      return {
        clearingId: own.clearingId,
        bankId: payouts?.bankAccounts[currency],
        feeId: payouts?.feeAccount,
        feeTaxId: payouts?.feeTaxAccount,
      }
    case 'dispute':
      return {
        clearingId: own.clearingId,
        disputedId: disputes?.receivableAccount,
        disputeFeeId: disputes?.feeAccount,
        disputeLossId: disputes?.lossAccount,
        disputeWhenLost: disputes?.whenLost,
      }
    case 'customer':
      return balance
    default:
      return {
        ...own,
        ...balance,
        writeOffItemId: config.writeOffItem,
        creditItemId: config.creditItem ?? config.defaultItem,
        shippingItemId: config.shippingItem,
        ...(needs.root === 'refund' && {
          goodwillItemId: config.goodwillItem,
          loneRefunds: config.refundsWithoutCreditNote,
        }),
        creditsLiabilityId: billingCredits?.liabilityAccount,
        creditsRevenueId: billingCredits?.revenueAccount,
      }
  }
}
