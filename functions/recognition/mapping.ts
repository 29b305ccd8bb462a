// NetSuite's ids for a journal: accounts by revenue key, currency, subsidiary. What hub.config.ts does not name is refused
// with the line to add, and no journal is made of it.
import type Stripe from 'stripe'
import { type HubError, permanent } from '../../shared/errors.ts'
import { toDecimal } from '../../shared/money/money.ts'
import type { RevenueJournal } from '../../shared/recognition/journal.ts'
import type { RevenueInvoice } from '../../shared/recognition/revenue-line.ts'
import { subsidiaryByRule } from '../connectors/netsuite/books.ts'
import type { NetSuiteConfig } from '../connectors/netsuite/config.ts'
import type { RevenueJournalsConfig } from '../connectors/netsuite/revenue-config.ts'
import type { Naming } from './stored-journal.ts'

/** For invoices that another system posted: by the rules, as far as the invoice itself knows its customer. */
export function subsidiaryByConfig(invoice: Stripe.Invoice, config: NetSuiteConfig): string {
  const facts = { country: invoice.customer_address?.country ?? null, currency: invoice.currency }
  const name = subsidiaryByRule(facts, config) ?? config.customerSubsidiary.default
  const subsidiary = config.subsidiaries[name ?? '']
  if (subsidiary) return subsidiary.id
  const currency = invoice.currency.toUpperCase()
  const total = toDecimal({ amountMinor: BigInt(invoice.total), currency })
  throw permanent(
    `The revenue of ${invoice.number ?? invoice.id} (${currency} ${total}) is not recognized: no rule says which subsidiary its customer belongs to. Nothing was journaled for it.`,
    {
      code: 'REVREC-SUBSIDIARY',
      hint: 'Engineering: hub.config.ts → netsuite.customerSubsidiary (a rule or a default) and netsuite.subsidiaries. Then: hub recognize',
    },
  )
}

export function naming(
  journal: RevenueJournal,
  config: NetSuiteConfig,
  settings: RevenueJournalsConfig,
  numbers: ReadonlyMap<string, string>,
): Omit<Naming, 'storedAtMs'> {
  const { subsidiary, currency } = journal
  const [subsidiaryName = subsidiary] =
    Object.entries(config.subsidiaries).find(([, { id }]) => id === subsidiary) ?? []
  const currencyId = config.currencies[currency]
  if (currencyId === undefined)
    throw unnamed(
      journal,
      'REVREC-CURRENCY',
      `the currency ${currency} is not mapped`,
      `currencies.${currency}`,
    )
  return {
    subsidiaryName,
    currencyId,
    numberOf: (invoiceId) => numbers.get(invoiceId) ?? invoiceId,
    accountOf({ account, revenueKey }) {
      if (account === 'deferred') return settings.deferredAccount
      const mapped = settings.revenueAccounts[revenueKey]
      if (mapped !== undefined) return mapped
      throw unnamed(
        journal,
        'REVREC-ACCOUNT',
        `the revenue key "${revenueKey}" has no account any more, and a line stays with the key of its first journal`,
        `revenue.revenueAccounts["${revenueKey}"]`,
      )
    },
  }
}

export const numbersOf = (invoices: readonly RevenueInvoice[]): Map<string, string> =>
  new Map(invoices.map(({ invoiceId, number }) => [invoiceId, number]))

function unnamed(journal: RevenueJournal, code: string, why: string, where: string): HubError {
  const { journalId, currency, lines } = journal
  const debits = lines.reduce((sum, { debitMinor }) => sum + debitMinor, 0n)
  const total = `${currency} ${toDecimal({ amountMinor: debits, currency })}`
  return permanent(
    `Revenue journal ${journalId} (${total}) is not in NetSuite: ${why}. Nothing was stored or posted of it.`,
    { code, hint: `Engineering: hub.config.ts → netsuite.${where}: the internal id. Then: hub recognize` },
  )
}
