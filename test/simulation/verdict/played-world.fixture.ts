// A world to judge, made of the local hub after a played scenario: the same fields that a simulated history fills in,
// read from the embedded AWS and the simulated vendors over HTTP.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { Queue } from '../../../local/aws/sqs-queue.ts'
import { createLocalConnector } from '../../../local/hub/connectors.ts'
import { AVALARA, NETSUITE, SALESFORCE, STRIPE_API_KEY } from '../../../local/hub/credentials.ts'
import type { LocalHub } from '../../../local/hub/hub.ts'
import { LEDGER_TABLE } from '../../../local/hub/names.ts'
import type { Clock } from '../../../shared/clock.ts'
import { createStripeReader } from '../../../shared/stripe/access.ts'
import type { JudgedWorld } from './world.ts'

export interface Played {
  hub: Pick<LocalHub, 'config' | 'manifests' | 'aws' | 'vendors' | 'stripe' | 'lakeFolder'>
  clock: Clock
}

export async function worldOf({ hub, clock }: Played): Promise<JudgedWorld> {
  const { vendors, config, stripe, manifests, aws } = hub
  const queuesNamed = (suffix: string) =>
    new Map(
      manifests.flatMap(({ name }): [string, Queue][] => {
        const queue = aws.sqs.queue(`${name}${suffix}`)
        return queue ? [[name, queue]] : []
      }),
    )
  const items = await scan(hub)
  return {
    manifests,
    connectors: manifests
      .filter(({ style }) => style === 'projection')
      .map(({ name }) =>
        createLocalConnector(name, { config, vendors, stripe, clock, livemode: config.livemode }),
      ),
    stripe,
    reader: createStripeReader(stripe),
    ledgerItems: () => items,
    simulators: vendors,
    vendorAccess: {
      stripe: { apiKey: STRIPE_API_KEY, baseUrl: vendors.urls.stripe },
      salesforce: { loginUrl: vendors.urls.salesforce, ...SALESFORCE },
      netsuite: {
        baseUrl: vendors.urls.netsuite,
        ...NETSUITE,
        privateKey: vendors.netsuitePrivateKey,
        now: () => clock.now(),
        taxItems: taxItemsOf(config),
      },
      avalara: {
        baseUrl: vendors.urls.avalara,
        companyCode: config.connectors.avalara?.companyCode ?? '',
        ...AVALARA,
      },
    },
    lakeObjects: readFolder(hub.lakeFolder),
    queues: queuesNamed(''),
    deadQueues: queuesNamed('-dead'),
    acknowledged: vendors.stripe.events.map(({ id }) => ({ eventId: id })),
    impossible: [],
    outOfReach: new Set(),
    deadly: [],
    died: new Set(),
    limits: [],
  }
}

function taxItemsOf({ connectors }: LocalHub['config']): string[] {
  const tax = connectors.netsuite?.tax
  return tax?.mode === 'liability-item' ? [tax.item, ...Object.values(tax.items)] : []
}

async function scan({ aws }: Played['hub']): Promise<Record<string, unknown>[]> {
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(aws.clients.dynamoDb))
  const items: Record<string, unknown>[] = []
  let from: Record<string, unknown> | undefined
  do {
    const page = await db.send(new ScanCommand({ TableName: LEDGER_TABLE, ExclusiveStartKey: from }))
    items.push(...(page.Items ?? []))
    from = page.LastEvaluatedKey
  } while (from)
  db.destroy()
  return items
}

function readFolder(folder: string): Map<string, Uint8Array> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [path.slice(folder.length + 1), readFileSync(path)]
    }),
  )
}
