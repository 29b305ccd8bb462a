// Which Account a Stripe customer belongs to, decided for a whole batch with a few queries: the id in Stripe's
// metadata, else the link people or the hub set in Salesforce, else the choice kept from before, else an Account the
// hub made, else the configured match, else a new one or none. More than one match is for people to decide.
import type Stripe from 'stripe'
import type { Gathering, JsonObject } from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import { type HubError, isHubError, permanent } from '../../../shared/errors.ts'
import type { Row, SalesforceClient } from './client.ts'
import type { SalesforceConfig } from './config.ts'
import type { AccountChoice } from './context.ts'
import { inList, splitForQuery } from './soql.ts'

type Customers = readonly Gathering<Stripe.Customer>[]

interface Account {
  id: string
  /** The customer it was made for, where the hub made it. */
  key: string | undefined
}

/** By customer id. */
export async function chooseAccounts(
  customers: Customers,
  config: SalesforceConfig,
  client: SalesforceClient,
): Promise<Map<string, AccountChoice | HubError>> {
  const chosen = new Map<string, AccountChoice | HubError>()
  const links = await readLinks(customers, client)
  const named = await readNamed(customers, links, config, client)
  const undecided: Gathering<Stripe.Customer>[] = []
  for (const customer of customers) {
    const id = customer.ref.id
    const wanted = customer.object.metadata?.[config.accountMetadataKey]?.trim()
    const account = wanted ? (named.get(id) ?? unknownAccount(id, config)) : links.get(id)
    const kept = customer.keep?.account
    if (isHubError(account)) chosen.set(id, account)
    else if (account) chosen.set(id, choiceOf(account, id))
    else if (typeof kept === 'string' && kept !== OWN) chosen.set(id, { how: 'existing', id: kept })
    else undecided.push(customer)
  }
  const made = await readMade(undecided, client)
  const unmade = undecided.filter(({ ref }) => !made.has(ref.id))
  // An Account already on its way must not be traded for a match that appeared since.
  const matched = await readMatches(
    unmade.filter(({ keep }) => keep?.account !== OWN),
    config,
    client,
  )
  for (const customer of undecided) {
    const id = customer.ref.id
    if (made.has(id)) chosen.set(id, { how: 'own', exists: true })
    else chosen.set(id, matched.get(id) ?? withoutAccount(customer, config))
  }
  return chosen
}

const OWN = 'own'

/** What to keep of a choice, so that it stands until people change it. */
export function keepOf(choice: AccountChoice): JsonObject | undefined {
  if (choice.how === 'none') return undefined
  return { account: choice.how === 'own' ? OWN : choice.id }
}

const choiceOf = ({ id, key }: Account, customerId: string): AccountChoice =>
  key === customerId ? { how: 'own', exists: true } : { how: 'existing', id }

function withoutAccount(
  { ref, keep, known }: Gathering<Stripe.Customer>,
  config: SalesforceConfig,
): AccountChoice {
  // Made once and gone: somebody deleted it, and it is not the hub's to bring back.
  const former = known[recordKey({ kind: 'Account', externalId: ref.id })]
  if (former?.remoteId !== undefined || former?.retired) return { how: 'none' }
  return config.createAccounts === 'never' && keep?.account !== OWN
    ? { how: 'none' }
    : { how: 'own', exists: false }
}

/** The look-ups that stand in Salesforce. People may change them; they are then theirs. */
async function readLinks(customers: Customers, client: SalesforceClient): Promise<Map<string, Account>> {
  const links = new Map<string, Account>()
  for (const ids of splitForQuery(customers.map(({ ref }) => ref.id))) {
    const rows = await client.query(
      `SELECT Stripe_Id__c, Account__c, Account__r.Stripe_Key__c FROM Stripe_Customer__c WHERE ${inList('Stripe_Id__c', ids)}`,
      'looking up Accounts',
    )
    for (const row of rows) {
      const id = textOf(row, 'Account__c')
      if (id) links.set(String(row.Stripe_Id__c), { id, key: textOf(row.Account__r, 'Stripe_Key__c') })
    }
  }
  return links
}

/** The Accounts that Stripe's metadata names, by customer; those that are linked already need no query. */
async function readNamed(
  customers: Customers,
  links: ReadonlyMap<string, Account>,
  config: SalesforceConfig,
  client: SalesforceClient,
): Promise<Map<string, Account>> {
  const named = new Map<string, Account>()
  const open = new Map<string, string>()
  for (const { ref, object } of customers) {
    const wanted = wholeAccountId(object.metadata?.[config.accountMetadataKey])
    if (!wanted) continue
    const link = links.get(ref.id)
    if (link?.id === wanted) named.set(ref.id, link)
    else open.set(ref.id, wanted)
  }
  const accounts = new Map<string, Account>()
  for (const ids of splitForQuery(open.values())) {
    const rows = await client.query(
      `SELECT Id, Stripe_Key__c FROM Account WHERE ${inList('Id', ids)}`,
      'looking up Accounts',
    )
    for (const row of rows)
      accounts.set(String(row.Id), { id: String(row.Id), key: textOf(row, 'Stripe_Key__c') })
  }
  for (const [customerId, wanted] of open) {
    const account = accounts.get(wanted)
    if (account) named.set(customerId, account)
  }
  return named
}

/** Customers whose own Account stands. */
async function readMade(customers: Customers, client: SalesforceClient): Promise<Set<string>> {
  const made = new Set<string>()
  for (const ids of splitForQuery(customers.map(({ ref }) => ref.id))) {
    const rows = await client.query(
      `SELECT Stripe_Key__c FROM Account WHERE ${inList('Stripe_Key__c', ids)}`,
      'looking up Accounts',
    )
    for (const row of rows) made.add(String(row.Stripe_Key__c))
  }
  return made
}

async function readMatches(
  customers: Customers,
  config: SalesforceConfig,
  client: SalesforceClient,
): Promise<Map<string, AccountChoice | HubError>> {
  const matched = new Map<string, AccountChoice | HubError>()
  const { match } = config
  if (!match) return matched
  const wanted = new Map(customers.map(({ ref, object }) => [ref.id, matchValues(object, match)]))
  const found = new Map<string, Set<string>>()
  for (const values of splitForQuery([...wanted.values()].flat())) {
    const rows = await client.query(
      `SELECT Id, ${match.field} FROM Account WHERE ${inList(match.field, values)}`,
      'matching Accounts',
    )
    for (const row of rows) {
      const value = String(row[match.field]).toLowerCase()
      found.set(value, (found.get(value) ?? new Set()).add(String(row.Id)))
    }
  }
  for (const [customerId, values] of wanted) {
    const ids = [...new Set(values.flatMap((value) => [...(found.get(value.toLowerCase()) ?? [])]))].sort()
    const [only] = ids
    if (!only) continue
    matched.set(
      customerId,
      ids.length === 1
        ? { how: 'existing', id: only }
        : ambiguousAccount(customerId, ids, match.field, config),
    )
  }
  return matched
}

/** Half the world shares these: they say nothing about a company. */
const SHARED_DOMAINS = new Set([
  'aol.com',
  'gmail.com',
  'gmx.de',
  'gmx.net',
  'googlemail.com',
  'hotmail.com',
  'icloud.com',
  'live.com',
  'me.com',
  'msn.com',
  'outlook.com',
  'proton.me',
  'protonmail.com',
  'qq.com',
  'web.de',
  'yahoo.com',
  'yandex.ru',
  '163.com',
])

function matchValues(customer: Stripe.Customer, match: NonNullable<SalesforceConfig['match']>): string[] {
  if (match.from !== 'email_domain') {
    const value = customer.metadata?.[match.from.slice('metadata.'.length)]?.trim()
    return value ? [value] : []
  }
  const domain = customer.email?.split('@').at(-1)?.trim().toLowerCase()
  if (!domain?.includes('.') || SHARED_DOMAINS.has(domain)) return []
  if (match.field !== 'Website') return [domain]
  // A website is typed in many ways, and SOQL compares it as typed.
  return [domain, `www.${domain}`].flatMap((host) => [
    host,
    `http://${host}`,
    `https://${host}`,
    `https://${host}/`,
  ])
}

function ambiguousAccount(
  customerId: string,
  ids: readonly string[],
  field: string,
  { accountMetadataKey }: SalesforceConfig,
): HubError {
  const listed = ids.slice(0, 10).join(', ') + (ids.length > 10 ? ', …' : '')
  return permanent(
    `${customerId} is not in Salesforce: ${ids.length} Accounts match it by ${field} (${listed}). Nothing was linked.`,
    {
      code: 'SF-ACCOUNT-AMBIGUOUS',
      hint: `Review list. RevOps: put the right Account's id into metadata.${accountMetadataKey} of the Stripe customer; it resumes alone.`,
    },
  )
}

function unknownAccount(customerId: string, { accountMetadataKey }: SalesforceConfig): HubError {
  return permanent(
    `${customerId} is not in Salesforce: no Account has the id in its metadata.${accountMetadataKey}. Nothing was linked.`,
    {
      code: 'SF-ACCOUNT-ID',
      hint: `Field metadata.${accountMetadataKey}. RevOps: correct the id in Stripe, or let the hub's user see that Account; it resumes alone.`,
    },
  )
}

/**
 * The 18-character form of an Account id given with 15 or 18; undefined when it is none. One malformed id would make
 * Salesforce refuse the query for the whole batch.
 * https://help.salesforce.com/s/articleView?id=000385008&type=1
 */
function wholeAccountId(value: string | undefined): string | undefined {
  const given = value?.trim() ?? ''
  if (!/^001[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/.test(given)) return undefined
  const short = given.slice(0, 15)
  let suffix = ''
  for (let block = 0; block < 15; block += 5) {
    let bits = 0
    for (let index = 0; index < 5; index += 1)
      if (/[A-Z]/.test(short.charAt(block + index))) bits |= 1 << index
    suffix += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'.charAt(bits)
  }
  const whole = short + suffix
  return given.length === 15 || given === whole ? whole : undefined
}

function textOf(row: Row[string], field: string): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined
  const value = (row as Row)[field]
  return typeof value === 'string' ? value : undefined
}
