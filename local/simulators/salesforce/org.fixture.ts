// For the tests of this folder: the real jsforce, logged in to a fresh simulated org.
import { Connection } from 'jsforce/lib/core.js'
import type { Listening } from '../simulator.ts'
import {
  createSalesforceSimulator,
  type SalesforceSimulator,
  type SalesforceSimulatorOptions,
} from './server.ts'

export const MAY_2026 = Date.UTC(2026, 4, 1, 10, 30, 0)

export interface Org {
  simulator: SalesforceSimulator
  server: Listening
  connection: Connection
  /** The org's clock; a test may move it. */
  clock: { ms: number }
}

export const openOrg = async (options: Partial<SalesforceSimulatorOptions> = {}): Promise<Org> => {
  const clock = { ms: MAY_2026 }
  const simulator = createSalesforceSimulator({
    now: () => clock.ms,
    clientId: 'hub',
    clientSecret: 'secret',
    ...options,
  })
  const server = await simulator.listen()
  return { simulator, server, clock, connection: await logIn(server) }
}

export const logIn = async (server: Listening, clientSecret = 'secret'): Promise<Connection> => {
  const connection = new Connection({
    version: '65.0',
    oauth2: { loginUrl: server.url, clientId: 'hub', clientSecret },
  })
  await connection.authorize({ grant_type: 'client_credentials' })
  return connection
}

/** The same session without OAuth settings, so that jsforce shows a refusal of it instead of asking anew. */
export const withoutRefresh = ({ server, connection }: Org): Connection =>
  new Connection({ version: '65.0', instanceUrl: server.url, accessToken: connection.accessToken ?? '' })

export type Row = Record<string, unknown>

export const customer = (id: string, extra: Row = {}): Row => ({
  Stripe_Id__c: id,
  Name: `Customer ${id}`,
  ...extra,
})

export const upsert = (connection: Connection, object: string, rows: Row[], allOrNone = false) =>
  connection.sobject(object).upsert(rows, 'Stripe_Id__c', { allOrNone })

/** What a collection said of its rows: "ok", or the code of the first error. */
export const outcomes = (results: { success: boolean; errors: object[] }[]): unknown[] =>
  results.map(({ success, errors }) => (success ? 'ok' : Reflect.get(errors[0] ?? {}, 'statusCode')))

export interface Deal {
  accountId: string
  opportunityId: string
  productId: string
  entryId: string
  quoteId: string
}

/** An Account, an Opportunity, a product in a price book, and a quote without lines, all made by people. */
export const putDeal = ({ simulator }: Org, quote: Row = {}): Deal => {
  const accountId = simulator.put('Account', { Name: 'Acme', Stripe_Key__c: 'cus_acme' })
  const opportunityId = simulator.put('Opportunity', {
    Name: 'Acme, 2026',
    AccountId: accountId,
    StageName: 'Negotiation/Review',
    CloseDate: '2026-05-31',
  })
  const bookId = simulator.put('Pricebook2', { Name: 'List', IsActive: true })
  const productId = simulator.put('Product2', { Name: 'Seats', ProductCode: 'SEAT', IsActive: true })
  const entryId = simulator.put('PricebookEntry', {
    Pricebook2Id: bookId,
    Product2Id: productId,
    UnitPrice: 50,
    IsActive: true,
  })
  const quoteId = simulator.put('Quote', { Name: 'Acme, first', OpportunityId: opportunityId, ...quote })
  return { accountId, opportunityId, productId, entryId, quoteId }
}

export const putLine = ({ simulator }: Org, { quoteId, entryId }: Deal, line: Row): string =>
  simulator.put('QuoteLineItem', { QuoteId: quoteId, PricebookEntryId: entryId, ...line })
