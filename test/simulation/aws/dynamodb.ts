// DynamoDB in memory, as strict as the ledger needs it: single-item conditional writes, batches, queries of the table and
// its indexes, everything at once and consistent. What it does not offer it refuses with a ValidationException.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { readCondition, resolveCondition, resolveKeyCondition } from './dynamodb-condition.ts'
import { DynamoDbError, invalid, notOffered } from './dynamodb-error.ts'
import { RequestMembers } from './dynamodb-request.ts'
import { Table } from './dynamodb-table.ts'
import type { Placeholders } from './dynamodb-tokens.ts'
import { readUpdate, resolveUpdate } from './dynamodb-update.ts'
import { type Item, readItem, toNative } from './dynamodb-value.ts'
import { type AwsRequest, type AwsResponse, type AwsService, jsonOf, jsonResponse, targetOf } from './wire.ts'

export interface DynamoDb extends AwsService {
  handle(request: AwsRequest): AwsResponse
  createTable(definition: CreateTableCommandInput): void
  /** All items of a table, as the hub's document client would show them. */
  items(tableName: string): Record<string, unknown>[]
  /** Whether a partition of the table has an item. */
  has(tableName: string, partition: string): boolean
}

export interface DynamoDbOptions {
  /**
   * A query's page ends after this many items, besides at 1 MB as DynamoDB's does: so a table of few small items is
   * read in pages too.
   */
  pageItems?: number
}

interface Tables {
  table(name: string | undefined): Table
  pageItems: number
}

const MAX_PAGE_BYTES = 1_024 * 1_024
const MAX_BATCH_BYTES = 16 * 1_024 * 1_024

export function createDynamoDb({ pageItems = Number.POSITIVE_INFINITY }: DynamoDbOptions = {}): DynamoDb {
  const tables = new Map<string, Table>()
  const directory: Tables = {
    pageItems,
    table(name = '') {
      const table = tables.get(name)
      if (!table) throw new DynamoDbError('ResourceNotFoundException', 'Requested resource not found')
      return table
    },
  }
  return {
    operationOf: targetOf,
    createTable(definition) {
      const table = new Table(definition)
      if (tables.has(table.name)) {
        throw new DynamoDbError('ResourceInUseException', `Table already exists: ${table.name}`)
      }
      tables.set(table.name, table)
    },
    items: (tableName) => directory.table(tableName).items().map(toNative),
    has: (tableName, partition) => directory.table(tableName).hasPartition(partition),
    handle(request) {
      const name = targetOf(request)
      try {
        const operation = operations.get(name)
        if (!operation) throw notOffered(name)
        return jsonResponse(
          200,
          operation.run(directory, new RequestMembers(jsonOf(request), operation.members)),
        )
      } catch (error) {
        if (error instanceof DynamoDbError) return error.response()
        throw error
      }
    },
  }
}

interface Operation {
  members: ReadonlySet<string>
  /** @returns the answer, as JSON. */
  run(tables: Tables, request: RequestMembers): string
}

const offering = (members: readonly string[], run: Operation['run']): Operation => ({
  members: new Set(members),
  run,
})

const EXPRESSIONS = ['ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues']

const operations: ReadonlyMap<string, Operation> = new Map([
  ['GetItem', offering(['TableName', 'Key', 'ConsistentRead'], getItem)],
  ['PutItem', offering(['TableName', 'Item', 'ReturnValues', ...EXPRESSIONS], putItem)],
  [
    'UpdateItem',
    offering(['TableName', 'Key', 'UpdateExpression', 'ReturnValues', ...EXPRESSIONS], updateItem),
  ],
  ['DeleteItem', offering(['TableName', 'Key', 'ReturnValues', ...EXPRESSIONS], deleteItem)],
  ['BatchGetItem', offering(['RequestItems'], batchGetItem)],
  ['BatchWriteItem', offering(['RequestItems'], batchWriteItem)],
  [
    'Query',
    offering(
      [
        'TableName',
        'IndexName',
        'KeyConditionExpression',
        'ExpressionAttributeNames',
        'ExpressionAttributeValues',
        'ScanIndexForward',
        'Limit',
        'ExclusiveStartKey',
        'ConsistentRead',
      ],
      query,
    ),
  ],
])

function getItem(tables: Tables, request: RequestMembers): string {
  const table = tables.table(request.text('TableName'))
  const found = table.find(table.identityOfKey(request.item('Key')))
  return found ? `{"Item":${found.json}}` : '{}'
}

function putItem(tables: Tables, request: RequestMembers): string {
  const table = tables.table(request.text('TableName'))
  const item = request.item('Item')
  const identity = table.identityOf(item)
  request.returnValues()
  const given = request.placeholders()
  const check = readCheck(request, given)
  given.refuseUnused()
  check(table.find(identity)?.item)
  table.put(identity, item)
  return '{}'
}

function updateItem(tables: Tables, request: RequestMembers): string {
  const table = tables.table(request.text('TableName'))
  const key = request.item('Key')
  const identity = table.identityOfKey(key)
  const returned = request.returnValues('ALL_NEW')
  const given = request.placeholders()
  const check = readCheck(request, given)
  const update = resolveUpdate(readUpdate(request.text('UpdateExpression') ?? ''), given)
  given.refuseUnused()
  for (const name of update.names) {
    if (name in key) throw invalid(`Cannot update attribute ${name}. This attribute is part of the key`)
  }
  const standing = table.find(identity)?.item
  check(standing)
  // Of an item that is not there, an update that only takes away makes one with nothing but its key: so dynalite reads
  // the service too, whose documents say it of SET and ADD only.
  const stored = table.put(identity, update.apply(standing ?? key))
  return returned === 'ALL_NEW' ? `{"Attributes":${stored.json}}` : '{}'
}

function deleteItem(tables: Tables, request: RequestMembers): string {
  const table = tables.table(request.text('TableName'))
  const identity = table.identityOfKey(request.item('Key'))
  request.returnValues()
  const given = request.placeholders()
  const check = readCheck(request, given)
  given.refuseUnused()
  check(table.find(identity)?.item)
  table.delete(identity)
  return '{}'
}

/** Throws ConditionalCheckFailedException for an item that does not fulfil the request's condition. */
function readCheck(request: RequestMembers, given: Placeholders): (item: Item | undefined) => void {
  const expression = request.text('ConditionExpression')
  if (expression === undefined) return () => undefined
  const holds = resolveCondition(readCondition(expression), given)
  return (item = {}) => {
    if (!holds(item)) {
      throw new DynamoDbError('ConditionalCheckFailedException', 'The conditional request failed')
    }
  }
}

const OF_GET = new Set(['Keys', 'ConsistentRead'])

function batchGetItem(tables: Tables, request: RequestMembers): string {
  const responses: string[] = []
  const unprocessed: Record<string, { Keys: Item[] }> = {}
  let [count, bytes] = [0, 0]
  for (const [name, asked] of request.requestItems()) {
    const table = tables.table(name)
    const keys = new RequestMembers(asked, OF_GET).list('Keys').map(readItem)
    count += keys.length
    if (keys.length === 0 || count > 100) throw invalid('Too many items requested for the BatchGetItem call')
    const identities = keys.map((key) => table.identityOfKey(key))
    if (new Set(identities).size < keys.length) {
      throw invalid('Provided list of item keys contains duplicates')
    }
    const found: string[] = []
    const left: Item[] = []
    for (const [index, identity] of identities.entries()) {
      const stored = table.find(identity)
      const key = keys[index]
      bytes += stored?.bytes ?? 0
      if (bytes > MAX_BATCH_BYTES && key) left.push(key)
      else if (stored) found.push(stored.json)
    }
    responses.push(`${JSON.stringify(name)}:[${found.join()}]`)
    if (left.length > 0) unprocessed[name] = { Keys: left }
  }
  return `{"Responses":{${responses.join()}},"UnprocessedKeys":${JSON.stringify(unprocessed)}}`
}

function batchWriteItem(tables: Tables, request: RequestMembers): string {
  const writes: (() => void)[] = []
  for (const [name, asked] of request.requestItems()) {
    const table = tables.table(name)
    if (!Array.isArray(asked)) throw invalid('A table of RequestItems has a list of requests')
    const identities = new Set<string>()
    for (const each of asked) {
      const write = readWrite(table, each)
      identities.add(write.identity)
      writes.push(write.run)
    }
    if (identities.size < asked.length) throw invalid('Provided list of item keys contains duplicates')
  }
  if (writes.length === 0 || writes.length > 25) {
    throw invalid('Too many items requested for the BatchWriteItem call')
  }
  for (const write of writes) write()
  return '{"UnprocessedItems":{}}'
}

const OF_PUT = new Set(['Item'])
const OF_DELETE = new Set(['Key'])
const OF_WRITE = new Set(['PutRequest', 'DeleteRequest'])

function readWrite(table: Table, asked: unknown): { identity: string; run(): void } {
  const request = new RequestMembers(asked, OF_WRITE)
  const item = request.within('PutRequest', OF_PUT)?.item('Item')
  if (item) {
    const identity = table.identityOf(item)
    table.check(item)
    return { identity, run: () => table.put(identity, item) }
  }
  const key = request.within('DeleteRequest', OF_DELETE)?.item('Key')
  if (!key) throw invalid('A request of a batch is a PutRequest or a DeleteRequest')
  const identity = table.identityOfKey(key)
  return { identity, run: () => table.delete(identity) }
}

function query(tables: Tables, request: RequestMembers): string {
  const table = tables.table(request.text('TableName'))
  const view = table.view(request.text('IndexName'))
  if (request.flag('ConsistentRead') && request.text('IndexName') !== undefined) {
    throw invalid('Consistent reads are not supported on global secondary indexes')
  }
  const given = request.placeholders()
  const asked = resolveKeyCondition(request.text('KeyConditionExpression') ?? '', given, view.keys)
  given.refuseUnused()
  let matching = view.partition(asked.partition).filter(({ item }) => asked.sorted(item))
  const direction = request.flag('ScanIndexForward') === false ? -1 : 1
  if (direction < 0) matching.reverse()
  const startKey = request.optionalItem('ExclusiveStartKey')
  if (startKey) {
    matching = matching.filter(({ item }) => view.compare(item, startKey) * direction > 0)
  }
  const limit = Math.min(request.count('Limit') ?? Number.POSITIVE_INFINITY, tables.pageItems)
  let [taken, bytes] = [0, 0]
  for (const stored of matching) {
    if (taken >= limit || bytes >= MAX_PAGE_BYTES) break
    taken += 1
    bytes += stored.bytes
  }
  const page = matching.slice(0, taken)
  const last = page.at(-1)
  // Also when nothing follows: a page that ends at its limit does not know that.
  const cut = last && (taken >= limit || taken < matching.length)
  const lastKey = cut ? `,"LastEvaluatedKey":${JSON.stringify(table.keyOf(last.item, view))}` : ''
  return `{"Items":[${page.map(({ json }) => json).join()}],"Count":${taken},"ScannedCount":${taken}${lastKey}}`
}
