// Every internal id that hub.config.ts names, with the line that names it and what the record behind it must be. Pure data;
// the doctor asks NetSuite.
//
// Types are those of an account's `accttype` in SuiteQL, and generous: accountants have reasons of their own.
import type { NetSuiteConfig } from './config.ts'

export type Table =
  | 'account'
  | 'currency'
  | 'subsidiary'
  | 'item'
  | 'department'
  | 'classification'
  | 'location'

export interface NamedId {
  table: Table
  id: string
  /** 'clearingAccounts.EUR' */
  path: string
  /** Of an account. */
  types?: readonly string[]
  /** ISO code in which it must be. */
  currency?: string
  /** Of a currency. */
  symbol?: string
  /** Of an item: where it must post. */
  incomeAccount?: string
}

const RECEIVABLE = ['AcctRec']
const MONEY = ['Bank', 'OthCurrAsset', 'UnDep']
const BANK = ['Bank', 'CredCard']
const LIABILITY = ['OthCurrLiab', 'LongTermLiab', 'DeferRevenue']
const ASSET = ['OthCurrAsset', 'OthAsset', 'Bank']
const REVENUE = ['Income', 'OthIncome']
const COST = ['Expense', 'OthExpense', 'COGS']

export function namedIds(config: NetSuiteConfig): NamedId[] {
  return [
    ...Object.entries(config.currencies).map(
      ([symbol, id]): NamedId => ({ table: 'currency', id, path: `currencies.${symbol}`, symbol }),
    ),
    ...Object.entries(config.subsidiaries).flatMap(([name, { id, currency, receivable }]) => [
      { table: 'subsidiary' as const, id, path: `subsidiaries.${name}.id`, currency },
      ...perCurrency(`subsidiaries.${name}.receivable`, receivable, RECEIVABLE),
    ]),
    ...perCurrency('clearingAccounts', config.clearingAccounts, MONEY.slice(0, 2)),
    ...perCurrency('outOfBandAccounts', config.outOfBandAccounts, MONEY),
    ...account('outOfBandAccount', config.outOfBandAccount, MONEY),
    ...perCurrency('payouts.bankAccounts', config.payouts?.bankAccounts ?? {}, BANK),
    ...account('payouts.feeAccount', config.payouts?.feeAccount, COST),
    ...account('payouts.feeTaxAccount', config.payouts?.feeTaxAccount),
    ...Object.entries(config.payouts?.otherAccounts ?? {}).flatMap(([category, id]) =>
      account(`payouts.otherAccounts.${category}`, id),
    ),
    ...account('recoveryAccount', config.recoveryAccount),
    ...account('customerBalance.account', config.customerBalance?.account, LIABILITY),
    ...account('customerBalance.adjustmentAccount', config.customerBalance?.adjustmentAccount),
    ...account('billingCredits.liabilityAccount', config.billingCredits?.liabilityAccount, LIABILITY),
    ...account('billingCredits.revenueAccount', config.billingCredits?.revenueAccount, REVENUE),
    ...account('billingCredits.breakageAccount', config.billingCredits?.breakageAccount, REVENUE),
    ...account('disputes.receivableAccount', config.disputes?.receivableAccount, ASSET),
    ...account('disputes.feeAccount', config.disputes?.feeAccount, COST),
    ...account('disputes.lossAccount', config.disputes?.lossAccount, COST),
    ...revenueIds(config),
    ...itemIds(config),
    ...classificationIds(config),
  ]
}

function revenueIds({ revenue }: NetSuiteConfig): NamedId[] {
  if (revenue?.mode !== 'journals') return []
  return [
    ...account('revenue.deferredAccount', revenue.deferredAccount, LIABILITY),
    ...Object.entries(revenue.revenueAccounts).flatMap(([key, id]) =>
      account(`revenue.revenueAccounts["${key}"]`, id, REVENUE),
    ),
  ]
}

function itemIds(config: NetSuiteConfig): NamedId[] {
  const { tax, customerBalance } = config
  return [
    ...Object.entries(config.items).flatMap(([product, id]) => item(`items["${product}"]`, id)),
    ...item('defaultItem', config.defaultItem),
    ...item('creditItem', config.creditItem),
    ...item('shippingItem', config.shippingItem),
    ...item('writeOffItem', config.writeOffItem),
    ...item('goodwillItem', config.goodwillItem),
    ...item('customerBalance.item', customerBalance?.item, customerBalance?.account),
    ...(tax.mode === 'liability-item'
      ? [
          ...item('tax.item', tax.item),
          ...Object.entries(tax.items).flatMap(([rate, id]) => item(`tax.items["${rate}"]`, id)),
        ]
      : []),
  ]
}

function classificationIds({ classification }: NetSuiteConfig): NamedId[] {
  const { department, class: classId, location } = classification
  return [
    ...listed('department', 'classification.department', department),
    ...listed('classification', 'classification.class', classId),
    ...listed('location', 'classification.location', location),
  ]
}

const perCurrency = (
  path: string,
  accounts: Readonly<Record<string, string>>,
  types: readonly string[],
): NamedId[] =>
  Object.entries(accounts).map(([currency, id]) => ({
    table: 'account',
    id,
    path: `${path}.${currency}`,
    types,
    currency,
  }))

const account = (path: string, id: string | undefined, types?: readonly string[]): NamedId[] =>
  id === undefined ? [] : [{ table: 'account', id, path, ...(types && { types }) }]

const item = (path: string, id: string | undefined, incomeAccount?: string): NamedId[] =>
  id === undefined ? [] : [{ table: 'item', id, path, ...(incomeAccount !== undefined && { incomeAccount }) }]

const listed = (table: Table, path: string, id: string | undefined): NamedId[] =>
  id === undefined ? [] : [{ table, id, path }]
