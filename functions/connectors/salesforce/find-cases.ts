// Which disputes, early fraud warnings and reviews have a Case, whether people have moved it since the hub opened it, and
// the Account that it is to have: for a whole batch with two queries. What a Case says is cases.ts.
import type { Gathering, JsonObject } from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import type { Row, SalesforceClient } from './client.ts'
import type { SalesforceConfig } from './config.ts'
import type { CaseChoice, Root } from './context.ts'
import { customerOf, isMatter, isOver, type Matter, switchOf } from './matters.ts'
import { inList, splitForQuery } from './soql.ts'

interface Found {
  choice: CaseChoice
  /** Remembers that the Case was given an Account: one that people take away is not given again. */
  keep?: JsonObject
}

/** By the matter's id. */
export async function findCases(
  objects: readonly Gathering<Root>[],
  config: SalesforceConfig,
  client: SalesforceClient,
): Promise<Map<string, Found>> {
  const wanted = objects.filter(
    (gathering): gathering is Gathering<Matter> =>
      isMatter(gathering.object) && config.cases[switchOf(gathering.object)],
  )
  const standing = await readCases(wanted, client)
  const open = wanted.filter((gathering) => standing.has(gathering.ref.id) || opensCase(gathering, config))
  const accounts = await readAccounts(open, client)
  return new Map(
    open.map((gathering): [string, Found] => {
      const { ref, object, keep } = gathering
      const row = standing.get(ref.id)
      const accountId = accounts.get(customerOf(object) ?? '')
      const given = accountId && { accountId }
      const kept = given ? { keep: { account: 'given' } } : keep && { keep }
      if (!row) return [ref.id, { choice: { how: 'new', ...given }, ...kept }]
      const untouched =
        row.Stripe_Opened__c === true && row.IsClosed !== true && row.Status === config.cases.openStatus
      const lacks = untouched && !row.AccountId && keep?.account === undefined
      return [ref.id, { choice: { how: 'standing', untouched, ...(lacks && given) }, ...kept }]
    }),
  )
}

/** Only what is still open, and was not opened before: a Case that people deleted is not made again. */
function opensCase({ ref, object, known }: Gathering<Matter>, { cases }: SalesforceConfig): boolean {
  const former = known[recordKey({ kind: 'Case', externalId: ref.id })]
  if (former?.remoteId !== undefined || former?.retired) return false
  const since = cases.since === undefined ? 0 : Date.parse(cases.since) / 1000
  return !isOver(object) && object.created >= since
}

async function readCases(
  matters: readonly Gathering<Matter>[],
  client: SalesforceClient,
): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>()
  for (const ids of splitForQuery(matters.map(({ ref }) => ref.id))) {
    const found = await client.query(
      `SELECT Stripe_Id__c, Status, IsClosed, AccountId, Stripe_Opened__c FROM Case WHERE ${inList('Stripe_Id__c', ids)}`,
      'looking for Cases',
    )
    for (const row of found) rows.set(String(row.Stripe_Id__c), row)
  }
  return rows
}

/** The Accounts that customers are linked to, by customer. */
async function readAccounts(
  matters: readonly Gathering<Matter>[],
  client: SalesforceClient,
): Promise<Map<string, string>> {
  const accounts = new Map<string, string>()
  for (const ids of splitForQuery(matters.flatMap(({ object }) => customerOf(object) ?? []))) {
    const rows = await client.query(
      `SELECT Stripe_Id__c, Account__c FROM Stripe_Customer__c WHERE ${inList('Stripe_Id__c', ids)}`,
      'looking up Accounts',
    )
    for (const { Stripe_Id__c, Account__c } of rows) {
      if (typeof Account__c === 'string') accounts.set(String(Stripe_Id__c), Account__c)
    }
  }
  return accounts
}
