// The account as it stands before the first document: subsidiaries, currencies, chart of accounts, items, tax
// lists. Plain data: a caller may pass its own, or a changed copy of this one.
import { scaled } from './money.ts'
import type { FieldValue } from './schema.ts'

interface SeedRecord {
  type: string
  id: string
  externalId?: string
  fields: Record<string, FieldValue>
}

type CurrencyCode = 'USD' | 'EUR' | 'GBP' | 'JPY' | 'KWD'
type PerCurrency = Record<CurrencyCode, string>

/** Internal ids by what they are for, so that nobody has to remember numbers. */
export interface ChartIds {
  subsidiaries: { us: string; eu: string }
  currencies: PerCurrency
  accounts: {
    receivable: PerCurrency
    clearing: PerCurrency
    bank: PerCurrency
    undepositedFunds: string
    disputedReceivable: string
    salesTaxPayable: string
    deferredRevenue: string
    customerCredit: string
    customerDeposits: string
    revenue: string
    usageRevenue: string
    servicesRevenue: string
    discounts: string
    badDebt: string
    stripeFees: string
    disputeLosses: string
    goodwill: string
    realizedGainLoss: string
    rounding: string
    disputeExchange: string
  }
  items: Record<ItemKey, string>
  departments: { sales: string }
  classes: { selfServe: string; enterprise: string }
  taxTypes: { sales: string }
  taxCodes: { standard: string }
}

type ItemKey =
  | 'teamPlan'
  | 'businessPlan'
  | 'enterprisePlan'
  | 'seats'
  | 'usage'
  | 'onboarding'
  | 'support'
  | 'salesTax'
  | 'discount'
  | 'writeOff'
  | 'goodwill'
  | 'customerCredit'
  | 'rounding'
  | 'deferredSales'

export interface Chart {
  records: SeedRecord[]
  ids: ChartIds
}

/** `rate` is USD for one unit. */
const CURRENCIES: { code: CurrencyCode; id: string; name: string; rate: string }[] = [
  { code: 'USD', id: '1', name: 'US Dollar', rate: '1' },
  { code: 'EUR', id: '2', name: 'Euro', rate: '1.08' },
  { code: 'GBP', id: '3', name: 'British Pound', rate: '1.27' },
  { code: 'JPY', id: '4', name: 'Japanese Yen', rate: '0.0067' },
  { code: 'KWD', id: '5', name: 'Kuwaiti Dinar', rate: '3.25' },
]

const perCurrency = (firstId: number): PerCurrency => ({
  USD: String(firstId),
  EUR: String(firstId + 1),
  GBP: String(firstId + 2),
  JPY: String(firstId + 3),
  KWD: String(firstId + 4),
})

const ACCOUNTS = {
  receivable: perCurrency(111),
  clearing: perCurrency(121),
  bank: perCurrency(131),
  undepositedFunds: '140',
  disputedReceivable: '141',
  salesTaxPayable: '211',
  deferredRevenue: '212',
  customerCredit: '213',
  customerDeposits: '214',
  revenue: '411',
  usageRevenue: '412',
  servicesRevenue: '413',
  discounts: '414',
  badDebt: '611',
  stripeFees: '612',
  disputeLosses: '613',
  goodwill: '614',
  realizedGainLoss: '711',
  rounding: '712',
  disputeExchange: '713',
}

const SINGLE_ACCOUNTS: [id: string, number: string, name: string, acctType: string][] = [
  [ACCOUNTS.undepositedFunds, '1300', 'Undeposited Funds', 'OthCurrAsset'],
  [ACCOUNTS.disputedReceivable, '1310', 'Disputed Receivable', 'OthCurrAsset'],
  [ACCOUNTS.salesTaxPayable, '2200', 'Sales Tax Payable', 'OthCurrLiab'],
  [ACCOUNTS.deferredRevenue, '2300', 'Deferred Revenue', 'DeferRevenue'],
  [ACCOUNTS.customerCredit, '2400', 'Customer Credit Balances', 'OthCurrLiab'],
  [ACCOUNTS.customerDeposits, '2500', 'Customer Deposits', 'OthCurrLiab'],
  [ACCOUNTS.revenue, '4000', 'Subscription Revenue', 'Income'],
  [ACCOUNTS.usageRevenue, '4010', 'Usage Revenue', 'Income'],
  [ACCOUNTS.servicesRevenue, '4020', 'Services Revenue', 'Income'],
  [ACCOUNTS.discounts, '4900', 'Discounts', 'Income'],
  [ACCOUNTS.badDebt, '6100', 'Bad Debt', 'Expense'],
  [ACCOUNTS.stripeFees, '6200', 'Stripe Fees', 'Expense'],
  [ACCOUNTS.disputeLosses, '6300', 'Dispute Losses', 'Expense'],
  [ACCOUNTS.goodwill, '6400', 'Goodwill', 'Expense'],
  [ACCOUNTS.realizedGainLoss, '7100', 'Realized Gain/Loss', 'OthIncome'],
  [ACCOUNTS.rounding, '7200', 'Rounding', 'OthExpense'],
  [ACCOUNTS.disputeExchange, '7300', 'Exchange Differences on Disputes', 'OthIncome'],
]

const ITEMS: {
  key: ItemKey
  id: string
  name: string
  externalId: string
  service: boolean
  account: string
}[] = [
  {
    key: 'teamPlan',
    id: '801',
    name: 'Team plan',
    externalId: 'team-plan',
    service: true,
    account: ACCOUNTS.revenue,
  },
  {
    key: 'businessPlan',
    id: '802',
    name: 'Business plan',
    externalId: 'business-plan',
    service: true,
    account: ACCOUNTS.revenue,
  },
  {
    key: 'enterprisePlan',
    id: '803',
    name: 'Enterprise plan',
    externalId: 'enterprise-plan',
    service: true,
    account: ACCOUNTS.revenue,
  },
  { key: 'seats', id: '804', name: 'Seats', externalId: 'seats', service: true, account: ACCOUNTS.revenue },
  {
    key: 'usage',
    id: '805',
    name: 'API usage',
    externalId: 'api-usage',
    service: true,
    account: ACCOUNTS.usageRevenue,
  },
  {
    key: 'onboarding',
    id: '806',
    name: 'Onboarding',
    externalId: 'onboarding',
    service: true,
    account: ACCOUNTS.servicesRevenue,
  },
  {
    key: 'support',
    id: '807',
    name: 'Premium support',
    externalId: 'premium-support',
    service: true,
    account: ACCOUNTS.servicesRevenue,
  },
  {
    key: 'salesTax',
    id: '808',
    name: 'Sales tax',
    externalId: 'sales-tax',
    service: false,
    account: ACCOUNTS.salesTaxPayable,
  },
  {
    key: 'discount',
    id: '809',
    name: 'Discount',
    externalId: 'discount',
    service: false,
    account: ACCOUNTS.discounts,
  },
  {
    key: 'writeOff',
    id: '810',
    name: 'Write-off',
    externalId: 'write-off',
    service: false,
    account: ACCOUNTS.badDebt,
  },
  {
    key: 'goodwill',
    id: '811',
    name: 'Goodwill credit',
    externalId: 'goodwill',
    service: false,
    account: ACCOUNTS.goodwill,
  },
  {
    key: 'customerCredit',
    id: '812',
    name: 'Customer credit',
    externalId: 'customer-credit',
    service: false,
    account: ACCOUNTS.customerCredit,
  },
  {
    key: 'rounding',
    id: '813',
    name: 'Rounding',
    externalId: 'rounding',
    service: false,
    account: ACCOUNTS.rounding,
  },
  // For companies that recognize by journals: what is sold waits on the deferred account. Reading: an item's income
  // account may be of that type; the field's list of admitted types is not documented.
  {
    key: 'deferredSales',
    id: '814',
    name: 'Sales to be recognized',
    externalId: 'deferred-sales',
    service: true,
    account: ACCOUNTS.deferredRevenue,
  },
]

function accountRecords(): SeedRecord[] {
  const perCurrencyAccounts: [ids: PerCurrency, firstNumber: number, name: string, acctType: string][] = [
    [ACCOUNTS.receivable, 1100, 'Accounts Receivable', 'AcctRec'],
    [ACCOUNTS.clearing, 1200, 'Stripe Clearing', 'Bank'],
    [ACCOUNTS.bank, 1000, 'Bank', 'Bank'],
  ]
  return [
    ...perCurrencyAccounts.flatMap(([ids, firstNumber, name, acctType]) =>
      CURRENCIES.map(({ code, id: currency }, index) => ({
        type: 'account',
        id: ids[code],
        fields: { acctNumber: String(firstNumber + index), acctName: `${name} ${code}`, acctType, currency },
      })),
    ),
    ...SINGLE_ACCOUNTS.map(([id, acctNumber, acctName, acctType]) => ({
      type: 'account',
      id,
      fields: { acctNumber, acctName, acctType },
    })),
  ]
}

/** Two companies, five currencies, an account of each kind that the hub posts to, fourteen items. */
export function defaultChart(): Chart {
  return {
    records: [
      ...CURRENCIES.map(({ code, id, name, rate }) => ({
        type: 'currency',
        id,
        fields: { name, symbol: code, exchangeRate: scaled(rate), isBaseCurrency: code === 'USD' },
      })),
      { type: 'subsidiary', id: '1', fields: { name: 'US Inc', currency: '1', country: 'US' } },
      { type: 'subsidiary', id: '2', fields: { name: 'EU Ltd', currency: '2', country: 'IE' } },
      ...accountRecords(),
      ...ITEMS.map(({ id, name, externalId, service, account }) => ({
        type: service ? 'serviceSaleItem' : 'nonInventorySaleItem',
        id,
        externalId,
        fields: { itemId: name, displayName: name, incomeAccount: account },
      })),
      { type: 'department', id: '1', externalId: 'sales', fields: { name: 'Sales' } },
      { type: 'classification', id: '1', externalId: 'self-serve', fields: { name: 'Self-serve' } },
      { type: 'classification', id: '2', externalId: 'enterprise', fields: { name: 'Enterprise' } },
      { type: 'location', id: '1', externalId: 'online', fields: { name: 'Online' } },
      { type: 'taxType', id: '1', fields: { name: 'Sales Tax', payablesAccount: ACCOUNTS.salesTaxPayable } },
      { type: 'salesTaxItem', id: '1', fields: { itemId: 'Calculated by the tax engine', taxType: '1' } },
    ],
    ids: {
      subsidiaries: { us: '1', eu: '2' },
      currencies: { USD: '1', EUR: '2', GBP: '3', JPY: '4', KWD: '5' },
      accounts: ACCOUNTS,
      items: itemIds(),
      departments: { sales: '1' },
      classes: { selfServe: '1', enterprise: '2' },
      taxTypes: { sales: '1' },
      taxCodes: { standard: '1' },
    },
  }
}

function itemIds(): Record<ItemKey, string> {
  const id = (key: ItemKey): string => ITEMS.find((item) => item.key === key)?.id ?? ''
  return {
    teamPlan: id('teamPlan'),
    businessPlan: id('businessPlan'),
    enterprisePlan: id('enterprisePlan'),
    seats: id('seats'),
    usage: id('usage'),
    onboarding: id('onboarding'),
    support: id('support'),
    salesTax: id('salesTax'),
    discount: id('discount'),
    writeOff: id('writeOff'),
    goodwill: id('goodwill'),
    customerCredit: id('customerCredit'),
    rounding: id('rounding'),
    deferredSales: id('deferredSales'),
  }
}
