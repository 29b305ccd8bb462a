// For tests: the connector between both simulators. `bring` does for one object what the engine does (fetch as the
// manifest says, gather, what is required first, project, write, read back), and remembers what the ledger would.
import type Stripe from 'stripe'
import { expect } from 'vitest'
import {
  createSalesforceSimulator,
  type PresentedRecord,
  type SalesforceSimulator,
} from '../../../local/simulators/salesforce/server.ts'
import { createStripeSimulator, type StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import type { JsonObject, KnownRecord, RecordKey, RemoteRecord } from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import { isHubError } from '../../../shared/errors.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { type SalesforceConfigInput, salesforceConfig } from './config.ts'
import { createSalesforce } from './connector.ts'
import type { Root } from './context.ts'
import { manifest } from './manifest.ts'

const PATHS: Record<string, string> = {
  'radar.early_fraud_warning': 'radar/early_fraud_warnings',
}
const KEYS: Record<string, string> = { Account: 'Stripe_Key__c' }
const DAY_MS = 86_400_000

export interface Desk extends AsyncDisposable {
  stripe: Stripe
  account: StripeSimulator
  org: SalesforceSimulator
  /** @returns the bodies that were written, by kind. */
  bring(type: string, id: string): Promise<Record<string, JsonObject>>
  /** Every object of these types that Stripe has, in the order of the types. */
  bringAll(): Promise<void>
  record(kind: string, id: string): PresentedRecord | undefined
  /** As a person does it in Salesforce, who leaves a Case with whoever has it. */
  edit(kind: string, id: string, fields: JsonObject): Promise<void>
  remove(kind: string, id: string): Promise<void>
  days(count: number): void
}

/** 2026-11-02, 12:00 UTC. */
export async function openDesk(input: Partial<SalesforceConfigInput> = {}): Promise<Desk> {
  let nowMs = Date.parse('2026-11-02T12:00:00Z')
  const now = () => nowMs
  const account = createStripeSimulator({ now, seed: 11, apiKey: 'sk_test_1' })
  const org = createSalesforceSimulator({
    now,
    clientId: 'id',
    clientSecret: 'secret',
    accessTokenSeconds: 400 * 86_400,
  })
  const [accountServer, orgServer] = [await account.listen(), await org.listen()]
  const stripe = createStripeClient({ apiKey: 'sk_test_1', baseUrl: accountServer.url })
  const connector = createSalesforce({
    config: salesforceConfig.parse({ createAccounts: 'business', ...input }),
    credentials: { loginUrl: orgServer.url, clientId: 'id', clientSecret: 'secret' },
    stripe,
    clock: { now },
    livemode: false,
  })
  const states = new Map<string, { keep?: JsonObject; known: Record<RecordKey, KnownRecord> }>()

  async function fetchRoot(type: string, id: string): Promise<Root> {
    const expand = (manifest.objects[type]?.expand ?? []).map((path) => `expand[]=${path}`).join('&')
    const answer = await stripe.rawRequest('GET', `/v1/${PATHS[type] ?? `${type}s`}/${id}?${expand}`)
    return JSON.parse(JSON.stringify(answer)) as Root
  }

  async function bring(type: string, id: string): Promise<Record<string, JsonObject>> {
    const object = await fetchRoot(type, id)
    const state = states.get(id) ?? { known: {} }
    states.set(id, state)
    const gathering = { ref: { type, id }, object, keep: state.keep, known: state.known }
    const [gathered] = await connector.gather([gathering])
    if (!gathered || isHubError(gathered)) throw gathered ?? new Error('gather gave no outcome')
    if (gathered.keep) state.keep = gathered.keep
    const records = connector.project(object, gathered.context)
    for (const ref of records.flatMap(({ requires }) => requires)) {
      if (!states.has(ref.id)) await bring(ref.type, ref.id)
    }
    for (const kind of manifest.kinds) {
      for (const record of records.filter((each) => each.kind === kind)) await stand(record, state.known)
    }
    return Object.fromEntries(records.map(({ kind, body }) => [kind, body]))
  }

  async function stand(record: RemoteRecord, known: Record<RecordKey, KnownRecord>): Promise<void> {
    const [outcome] = await connector.write(record.kind, [{ record, references: {}, known: undefined }])
    if (!outcome || isHubError(outcome)) throw outcome ?? new Error('write gave no outcome')
    known[recordKey(record)] = { remoteId: outcome.remoteId, hash: 'written' }
    const [read] = await connector.read(record.kind, [record.externalId])
    // What belongs to people is written with a new record and not compared.
    expect(record.body, recordKey(record)).toMatchObject(read?.body ?? { is: 'missing' })
  }

  const record = (kind: string, id: string) =>
    org.records(kind).find(({ Stripe_Id__c }) => Stripe_Id__c === id)

  async function asPerson(method: string, kind: string, id: string, fields?: JsonObject): Promise<void> {
    const token = await fetch(`${orgServer.url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'id',
        client_secret: 'secret',
      }),
    }).then((response) => response.json() as Promise<{ access_token: string }>)
    const answer = await fetch(
      `${orgServer.url}/services/data/v65.0/sobjects/${kind}/${KEYS[kind] ?? 'Stripe_Id__c'}/${encodeURIComponent(id)}`,
      {
        method,
        headers: {
          authorization: `Bearer ${token.access_token}`,
          'content-type': 'application/json',
          'Sforce-Auto-Assign': 'FALSE',
        },
        ...(fields && { body: JSON.stringify(fields) }),
      },
    )
    expect(answer.ok, `${method} ${kind} ${id}`).toBe(true)
  }

  return {
    stripe,
    account,
    org,
    bring,
    async bringAll() {
      const { store } = account
      for (const all of [
        store.customers,
        store.invoices,
        store.invoicePayments,
        store.creditNotes,
        store.refunds,
        store.disputes,
      ]) {
        for (const { object, id } of all.all()) await bring(object, id)
      }
    },
    record,
    edit: (kind, id, fields) => asPerson('PATCH', kind, id, fields),
    remove: (kind, id) => asPerson('DELETE', kind, id),
    days(count) {
      for (let day = 0; day < count; day += 1) {
        nowMs += DAY_MS
        account.runDue()
      }
    },
    async [Symbol.asyncDispose]() {
      await accountServer.close()
      await orgServer.close()
    },
  }
}

/** A customer whose first invoice of this amount is finalized and charged. */
export async function charged(
  { stripe }: Desk,
  amount: number,
  { currency = 'eur', method = 'pm_card_visa' } = {},
): Promise<{ customer: string; invoice: string; charge: string }> {
  const customer = await stripe.customers.create({
    name: 'Acme GmbH',
    payment_method: method,
    invoice_settings: { default_payment_method: method },
  })
  await stripe.invoiceItems.create({ customer: customer.id, amount, currency, description: 'Work' })
  const { id: invoice } = await stripe.invoices.create({
    customer: customer.id,
    currency,
    pending_invoice_items_behavior: 'include',
  })
  await stripe.invoices.finalizeInvoice(String(invoice))
  await stripe.invoices.pay(String(invoice))
  const [charge] = (await stripe.charges.list({ customer: customer.id, limit: 1 })).data
  return { customer: customer.id, invoice: String(invoice), charge: String(charge?.id) }
}
