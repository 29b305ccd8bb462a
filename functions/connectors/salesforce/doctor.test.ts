// The doctor's look at Salesforce, against a simulated org from which an admin has taken something.
import { afterAll, beforeEach, expect, it } from 'vitest'
import { salesforceSchema } from '../../../local/simulators/salesforce/schema.ts'
import { createSalesforceSimulator } from '../../../local/simulators/salesforce/server.ts'
import { salesforceConfig } from './config.ts'
import { examineSalesforce } from './doctor.ts'

const credentials = { clientId: 'c', clientSecret: 's' }
const config = salesforceConfig.parse({ createAccounts: 'business' })
let schema: ReturnType<typeof createSalesforceSimulator>['schema']
let server: { url: string; close(): Promise<void> }

beforeEach(async () => {
  await server?.close()
  const simulator = createSalesforceSimulator({ now: () => Date.UTC(2026, 9, 5), ...credentials })
  schema = simulator.schema
  server = await simulator.listen()
})
afterAll(() => server.close())

async function wrong(options: Partial<Parameters<typeof examineSalesforce>[0]> = {}): Promise<string[]> {
  const findings = await examineSalesforce({
    config,
    credentials: { ...credentials, loginUrl: server.url },
    livemode: false,
    ...options,
  })
  return findings.flatMap(({ verdict, what, why, code }) =>
    verdict === 'ok' ? [] : [`${verdict} ${what} ${code}: ${why}`],
  )
}

const fieldOf = (object: string, name: string) => {
  const field = schema.find((each) => each.name === object)?.fields.find((each) => each.name === name)
  if (!field) throw new Error(`the simulated org has no ${object}.${name}`)
  return field
}

it('finds nothing wrong with an org that was set up as the README says', async () => {
  expect(salesforceSchema.length).toBeGreaterThan(10)
  expect(await wrong()).toEqual([])
})

it('an external id that is not unique would let two records stand for one object', async () => {
  fieldOf('Stripe_Invoice__c', 'Stripe_Id__c').unique = false
  expect(await wrong()).toEqual([
    'failed Stripe_Invoice__c.Stripe_Id__c SF-KEY: It must be an external id, unique and case-sensitive (it is not unique): two records could stand for one object of Stripe.',
  ])
})

it('a look-up to another object, and one that may not be written', async () => {
  fieldOf('Stripe_Invoice__c', 'Customer__c').referenceTo = 'Contact'
  fieldOf('Stripe_Refund__c', 'Amount__c').updateable = false
  expect(await wrong()).toEqual([
    'failed fields of Stripe_Invoice__c SF-FIELD: Customer__c looks up another object than the hub refers to.',
    "failed fields of Stripe_Refund__c SF-FIELD: Amount__c may not be written by the hub's user. Its records would be parked.",
  ])
})

it('a field that configuration gives to its people is not looked for', async () => {
  fieldOf('Stripe_Customer__c', 'Email__c').updateable = false
  const own = salesforceConfig.parse({
    createAccounts: 'business',
    fields: { Stripe_Customer__c: { Email__c: { owner: 'salesforce' } } },
  })
  expect(await wrong({ config: own })).toEqual([])
})

it('a mapped field that the org does not have is named', async () => {
  const own = salesforceConfig.parse({
    createAccounts: 'business',
    fields: { Stripe_Customer__c: { Region__c: { from: 'metadata.region', owner: 'stripe' } } },
  })
  expect(await wrong({ config: own })).toEqual([
    "failed fields of Stripe_Customer__c SF-FIELD: Region__c is missing, or hidden from the hub's user. Its records would be parked.",
  ])
})

it('a refused sign-in is told once', async () => {
  const found = await wrong({ credentials: { ...credentials, clientSecret: 'x', loginUrl: server.url } })
  expect(found).toHaveLength(1)
  expect(found[0]).toContain('SF-CRED')
})
