// The DynamoDB that the ledger's contract is asserted on, through the AWS SDK. By default it is the embedded one;
// DYNAMODB_CONTRACT_ENDPOINT=http://… runs the same assertions against another server, such as DynamoDB Local
// (DYNAMODB_CONTRACT_ENDPOINT=aws: the real service, with the credentials and the region of the environment; memory: the
// one of the simulation, whose tests say so themselves). Leases run by a clock that the tests move, wherever the table
// lies.
import { randomUUID } from 'node:crypto'
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, it, vi } from 'vitest'
import { clientConfig } from '../../local/aws/account.ts'
import { startDynamoDb } from '../../local/aws/dynamodb.ts'
import { ManualClock } from '../../shared/clock.ts'
import { Ledger, type Scope } from '../../shared/ledger/ledger.ts'
import { ledgerTable } from '../../shared/ledger/table.ts'
import { awsClients } from '../simulation/aws/clients.ts'
import { createDynamoDb } from '../simulation/aws/dynamodb.ts'
import { createDice } from '../simulation/dice.ts'

export const START_MS = Date.UTC(2026, 10, 1)
export const clock = new ManualClock(START_MS)
export const table = `contract-${randomUUID()}`

interface Server {
  db: DynamoDBDocumentClient
  makeTable(): Promise<void>
  close(): Promise<void>
}

const givenEndpoint = process.env.DYNAMODB_CONTRACT_ENDPOINT
const server = givenEndpoint === 'memory' ? inMemory() : await overHttp(givenEndpoint)

export const db = server.db

beforeAll(() => server.makeTable(), 60_000)
afterAll(() => server.close())

function inMemory(): Server {
  // Small pages, so that whoever reads on is seen to do so; a customer's timeline and an event's deliveries are one page.
  const dynamoDb = createDynamoDb({ pageItems: 6 })
  const clients = awsClients({
    handle: async (_service, request) => dynamoDb.handle(request),
    dice: createDice(1),
  })
  return {
    db: clients.dynamoDb,
    makeTable: async () => dynamoDb.createTable(ledgerTable(table)),
    close: async () => undefined,
  }
}

async function overHttp(given: string | undefined): Promise<Server> {
  const embedded = given === undefined ? await startDynamoDb() : undefined
  const endpoint = embedded?.endpoint ?? given
  const client = new DynamoDBClient(
    endpoint === 'aws' || endpoint === undefined ? {} : clientConfig(endpoint),
  )
  return {
    db: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    makeTable: async () => {
      await client.send(new CreateTableCommand(ledgerTable(table)))
      await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: table })
    },
    close: async () => {
      if (!embedded) await client.send(new DeleteTableCommand({ TableName: table }))
      client.destroy()
      await embedded?.close()
    },
  }
}

/** A test of what only the embedded DynamoDB does so soon. */
export const onEmbedded: (name: string, test: () => Promise<void>) => void =
  givenEndpoint === 'memory' ? () => undefined : it.runIf(givenEndpoint === undefined)

/** A read may lag behind a write, and an index behind its table. */
export const eventually = (assertion: () => Promise<unknown>): Promise<unknown> =>
  vi.waitFor(assertion, { timeout: 20_000, interval: 50 })

/** One table serves all tests of a file; each takes objects of its own. */
export const ledgerOf = (scope: Scope = { account: 'acct_1', livemode: false }): Ledger =>
  new Ledger({ db, table, clock, scope })

let count = 0
/** An id of Stripe's usual length, never given before. */
export function newId(prefix: string): string {
  count += 1
  return `${prefix}_1Q8contractABCDEFGHI${String(count).padStart(4, '0')}`
}
