// What must be so in NetSuite before a journal is stored, for it is posted as it is stored: its accounts are there, and every
// item that sells posts to the deferred account. One that posts to revenue would have its revenue recognized a second
// time, by the journal.
import * as z from 'zod'
import { permanent } from '../../shared/errors.ts'
import type { NetSuiteClient } from '../connectors/netsuite/client.ts'
import type { NetSuiteConfig } from '../connectors/netsuite/config.ts'
import type { RevenueJournalsConfig } from '../connectors/netsuite/revenue-config.ts'

const accountRow = z.object({ id: z.coerce.string(), isinactive: z.string().optional() })

/** @throws permanent that names the line of hub.config.ts; HubError when NetSuite does not answer. */
export async function refuseMissingAccounts(
  client: NetSuiteClient,
  { deferredAccount, revenueAccounts }: RevenueJournalsConfig,
): Promise<void> {
  const named: [where: string, account: string][] = [
    ['revenue.deferredAccount', deferredAccount],
    ...Object.entries(revenueAccounts).map(([key, account]): [string, string] => [
      `revenue.revenueAccounts["${key}"]`,
      account,
    ]),
  ]
  const ids = [...new Set(named.map(([, account]) => account))]
  const rows = await client.query(
    `SELECT id, isinactive FROM account WHERE id IN (${ids.join(', ')})`,
    accountRow,
    'read the accounts of revenue journals',
  )
  const active = new Set(rows.filter(({ isinactive }) => isinactive !== 'T').map(({ id }) => id))
  const missing = named.filter(([, account]) => !active.has(account))
  if (missing.length === 0) return
  throw permanent(
    `No revenue was journaled: ${missing.map(([where, account]) => `account ${account} (${where})`).join(', ')} is not in NetSuite, or is inactive. Nothing was stored or posted.`,
    {
      code: 'REVREC-ACCOUNT',
      hint: `Engineering: hub.config.ts → netsuite.${missing[0]?.[0]}: the account's internal id; or NetSuite admin: activate it. Then: hub recognize`,
    },
  )
}

const itemRow = z.object({
  id: z.coerce.string(),
  itemid: z.string().optional(),
  incomeaccount: z.coerce.string().optional(),
})

/** @throws permanent that names the items; HubError when NetSuite does not answer. */
export async function refuseOtherItems(
  client: NetSuiteClient,
  config: NetSuiteConfig,
  { deferredAccount, firstMonth }: RevenueJournalsConfig,
): Promise<void> {
  const rows = await client.query(
    `SELECT DISTINCT i.id, i.itemid, i.incomeaccount FROM transactionline tl INNER JOIN transaction t ON t.id = tl.transaction INNER JOIN item i ON i.id = tl.item WHERE t.type IN ('CustInvc', 'CustCred') AND SUBSTR(t.externalid, 1, 3) IN ('in_', 'cn_') AND t.trandate >= TO_DATE('${firstMonth}-01', 'YYYY-MM-DD')`,
    itemRow,
    'read the income accounts of the items that sell',
  )
  const others = noSales(config)
  const wrong = rows.filter(({ id, incomeaccount }) => !others.has(id) && incomeaccount !== deferredAccount)
  if (wrong.length === 0) return
  const named = wrong
    .map(
      ({ id, itemid, incomeaccount = 'none' }) =>
        `item ${id}${itemid ? ` (${itemid})` : ''}: account ${incomeaccount}`,
    )
    .join('; ')
  throw permanent(
    `No revenue was journaled: what these items sell does not wait on the deferred account ${deferredAccount} but is revenue when it is invoiced, and would be a second time. ${named}.`,
    {
      code: 'REVREC-ITEM',
      hint: `NetSuite admin: set the income account of these items to ${deferredAccount}. Accounting: move what they have sold since ${firstMonth} to that account by a journal of its own. Then: hub recognize`,
    },
  )
}

/** What is on memos and invoices and is no sale: tax, bad debt, goodwill, what a customer is owed. */
function noSales({ tax, writeOffItem, goodwillItem, customerBalance }: NetSuiteConfig): Set<string> {
  const taxItems = tax.mode === 'liability-item' ? [tax.item, ...Object.values(tax.items)] : []
  const others = [writeOffItem, goodwillItem, customerBalance?.item]
  return new Set([...taxItems, ...others.filter((item) => item !== undefined)])
}
