// What Salesforce holds, asked with SOQL over its REST API: client credentials, then queries, page after page.
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
import * as z from 'zod'
import { fetchExact, requireWhole } from './exact-json.ts'
import { assembleReading, type Reading } from './reading.ts'
import { parseMinor } from './totals.ts'

export interface SalesforceAccess {
  loginUrl: string
  clientId: string
  clientSecret: string
}

const VERSION = 'v65.0'
const token = z.object({ access_token: z.string(), instance_url: z.string() })

const id = { Stripe_Id__c: z.string() }
const reference = z.object(id).nullable()
const inCurrency = { ...id, Currency__c: z.string() }
const customer = z.object({ ...id, Deleted__c: z.boolean() })
const subscription = z.object({ ...id, Status__c: z.string(), Customer__r: reference })
const invoice = z.object({
  ...inCurrency,
  Status__c: z.string(),
  Finalized_At__c: z.string().nullable(),
  Total__c: z.string(),
  Tax__c: z.string(),
  Amount_Paid__c: z.string(),
  Amount_Remaining__c: z.string(),
  Credited__c: z.string(),
  Customer__r: reference,
})
const payment = z.object({
  ...inCurrency,
  Status__c: z.string(),
  Amount__c: z.string(),
  Invoice__r: reference,
  Customer__r: reference,
})
const refund = z.object({
  ...inCurrency,
  Status__c: z.string().nullable(),
  Amount__c: z.string(),
  Customer__r: reference,
})
const creditNote = z.object({
  ...inCurrency,
  Status__c: z.string(),
  Total__c: z.string(),
  Tax__c: z.string(),
  Invoice__r: reference,
  Customer__r: reference,
})
const dispute = z.object({
  ...inCurrency,
  Status__c: z.string(),
  Amount__c: z.string(),
  Customer__r: reference,
})

export async function readSalesforce(access: SalesforceAccess): Promise<Reading> {
  const session = await signIn(access)
  const select = <S extends z.ZodObject>(object: string, row: S, where = '') =>
    query(session, row, `SELECT ${fieldsOf(row).join(', ')} FROM ${object} ${where} ORDER BY Id`)

  const customers = await select('Stripe_Customer__c', customer)
  const subscriptions = await select('Stripe_Subscription__c', subscription)
  // A draft deleted in Stripe stays here, marked.
  const invoices = await select('Stripe_Invoice__c', invoice, 'WHERE Deleted__c = false')
  const payments = await select('Stripe_Payment__c', payment, "WHERE Status__c = 'paid'")
  const refunds = await select('Stripe_Refund__c', refund)
  const creditNotes = await select('Stripe_Credit_Note__c', creditNote)
  const disputes = await select('Stripe_Dispute__c', dispute)

  return assembleReading('salesforce', {
    customers: customers.map((row) => [row.Stripe_Id__c, { state: row.Deleted__c ? 'deleted' : 'alive' }]),
    subscriptions: subscriptions.map((row) => [
      row.Stripe_Id__c,
      { status: row.Status__c, customer: row.Customer__r?.Stripe_Id__c },
    ]),
    invoices: invoices.map((row) => [
      row.Stripe_Id__c,
      {
        currency: row.Currency__c,
        totalMinor: parseMinor(row.Total__c, row.Currency__c),
        taxMinor: parseMinor(row.Tax__c, row.Currency__c),
        paidMinor: parseMinor(row.Amount_Paid__c, row.Currency__c),
        openMinor: parseMinor(row.Amount_Remaining__c, row.Currency__c),
        creditedMinor: parseMinor(row.Credited__c, row.Currency__c),
        status: row.Status__c,
        issued: row.Finalized_At__c !== null,
        customer: row.Customer__r?.Stripe_Id__c,
      },
    ]),
    payments: payments.map((row) => [
      row.Stripe_Id__c,
      {
        currency: row.Currency__c,
        amountMinor: parseMinor(row.Amount__c, row.Currency__c),
        invoice: row.Invoice__r?.Stripe_Id__c,
        customer: row.Customer__r?.Stripe_Id__c,
      },
    ]),
    refunds: refunds.map((row) => [
      row.Stripe_Id__c,
      {
        currency: row.Currency__c,
        amountMinor: parseMinor(row.Amount__c, row.Currency__c),
        status: row.Status__c ?? 'none',
        customer: row.Customer__r?.Stripe_Id__c,
      },
    ]),
    creditNotes: creditNotes.map((row) => [
      row.Stripe_Id__c,
      {
        currency: row.Currency__c,
        amountMinor: parseMinor(row.Total__c, row.Currency__c),
        taxMinor: parseMinor(row.Tax__c, row.Currency__c),
        status: row.Status__c,
        invoice: row.Invoice__r?.Stripe_Id__c,
        customer: row.Customer__r?.Stripe_Id__c,
      },
    ]),
    disputes: disputes.map((row) => [
      row.Stripe_Id__c,
      {
        currency: row.Currency__c,
        amountMinor: parseMinor(row.Amount__c, row.Currency__c),
        status: row.Status__c,
        customer: row.Customer__r?.Stripe_Id__c,
      },
    ]),
  })
}

/** A row's shape names the fields to ask for; a relationship stands for the Stripe id behind it. */
const fieldsOf = (row: z.ZodObject): string[] =>
  Object.keys(row.shape).map((name) => (name.endsWith('__r') ? `${name}.Stripe_Id__c` : name))

interface Session {
  url: string
  headers: { authorization: string }
}

async function signIn({ loginUrl, clientId, clientSecret }: SalesforceAccess): Promise<Session> {
  const granted = await fetchExact(token, `${loginUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }),
  })
  return { url: granted.instance_url, headers: { authorization: `Bearer ${granted.access_token}` } }
}

async function query<S extends z.ZodObject>(session: Session, row: S, soql: string): Promise<z.output<S>[]> {
  const page = z.object({
    totalSize: z.string(),
    records: z.array(row),
    nextRecordsUrl: z.string().optional(),
  })
  const rows: z.output<S>[] = []
  let path: string | undefined = `/services/data/${VERSION}/query?q=${encodeURIComponent(soql)}`
  let announced = ''
  while (path !== undefined) {
    const answer: z.output<typeof page> = await fetchExact(page, session.url + path, {
      headers: session.headers,
    })
    rows.push(...answer.records)
    announced = answer.totalSize
    path = answer.nextRecordsUrl
  }
  requireWhole(soql, rows.length, announced)
  return rows
}
