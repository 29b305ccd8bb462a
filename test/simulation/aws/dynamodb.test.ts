// What the ledger's contract does not ask of the DynamoDB in memory: that it refuses what it does not know, and that it
// decides as another implementation does.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import { clientConfig } from '../../../local/aws/account.ts'
import { startDynamoDb } from '../../../local/aws/dynamodb.ts'
import { ledgerTable } from '../../../shared/ledger/table.ts'
import { createDice } from '../dice.ts'
import { awsClients } from './clients.ts'
import { createDynamoDb, type DynamoDbOptions } from './dynamodb.ts'

const TableName = 'ledger'
const Key = { pk: 'OBJECT#1', sk: 'STATE' }

function inMemory(options: DynamoDbOptions = {}) {
  const dynamoDb = createDynamoDb(options)
  dynamoDb.createTable(ledgerTable(TableName))
  const { dynamoDb: db } = awsClients({
    handle: async (_service, request) => dynamoDb.handle(request),
    dice: createDice(1),
  })
  return { dynamoDb, db }
}

describe('what it does not know', () => {
  const { db } = inMemory()
  const update = (input: object) =>
    db.send(new UpdateCommand({ TableName, Key, UpdateExpression: 'SET seen = :one', ...input }))
  const values = (more: object = {}) => ({ ExpressionAttributeValues: { ':one': 1, ...more } })

  it.each<[string, object, string]>([
    [
      'a reserved word',
      { ConditionExpression: 'attribute_not_exists(hash)', ...values() },
      'Attribute name is a reserved keyword; reserved keyword: hash',
    ],
    ['another function', { ConditionExpression: 'size(seen) > :one', ...values() }, 'the function size'],
    ['BETWEEN', { ConditionExpression: 'seen BETWEEN :one AND :one', ...values() }, 'BETWEEN'],
    ['half a condition', { ConditionExpression: 'seen = :one AND', ...values() }, 'token: <EOF>'],
    ['a condition that goes on', { ConditionExpression: 'seen = :one seen', ...values() }, 'token: seen'],
    ['an order of booleans', { ConditionExpression: 'seen < :yes', ...values({ ':yes': true }) }, 'BOOL'],
    ['arithmetic', { UpdateExpression: 'SET seen = :one + :one', ...values() }, 'arithmetic'],
    [
      'another attribute’s value',
      { UpdateExpression: 'SET seen = other', ...values() },
      'anything but a value',
    ],
    ['a path', { UpdateExpression: 'SET seen.deep = :one', ...values() }, 'paths into an attribute'],
    ['a number to ADD', { UpdateExpression: 'ADD seen :one', ...values() }, 'ADD of N'],
    ['one attribute twice', { UpdateExpression: 'SET seen = :one REMOVE seen', ...values() }, 'overlap'],
    ['a section twice', { UpdateExpression: 'SET seen = :one SET other = :one', ...values() }, 'used once'],
    ['a change of the key', { UpdateExpression: 'SET sk = :one', ...values() }, 'part of the key'],
    ['an unused value', values({ ':two': 2 }), 'unused in expressions: keys: {:two}'],
    ['a missing value', { ExpressionAttributeValues: { ':two': 2 } }, 'attribute value: :one'],
    ['other return values', { ReturnValues: 'UPDATED_OLD', ...values() }, 'ReturnValues UPDATED_OLD'],
    ['another member', { ReturnConsumedCapacity: 'TOTAL', ...values() }, 'the member ReturnConsumedCapacity'],
    ['half a key', { Key: { pk: 'OBJECT#1' }, ...values() }, 'does not match the schema'],
    [
      'an index key that is no text',
      { UpdateExpression: 'SET troublePk = :one', ...values() },
      'Type mismatch for Index Key troublePk',
    ],
  ])('is refused: %s', async (_what, input, message) => {
    await expect(update(input)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    })
  })

  it('is refused as an operation too, and so is an unknown table', async () => {
    const { dynamoDb } = inMemory()
    const headers = { 'x-amz-target': 'DynamoDB_20120810.Scan' }
    const answer = dynamoDb.handle({ method: 'POST', path: '/', headers, body: '{}' })
    expect(answer.statusCode).toBe(400)
    expect(String(answer.body)).toContain('does not offer Scan')
    await expect(db.send(new GetCommand({ TableName: 'other', Key }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

it('reads a partition page by page, also when the last item read has gone meanwhile', async () => {
  const { db } = inMemory({ pageItems: 2 })
  for (const sk of ['d', 'b', 'a', 'c']) await db.send(new PutCommand({ TableName, Item: { pk: 'p', sk } }))
  const page = (ScanIndexForward: boolean, ExclusiveStartKey?: Record<string, unknown>) =>
    db.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': 'p' },
        ScanIndexForward,
        ExclusiveStartKey,
      }),
    )
  const first = await page(true)
  expect([first.Items?.map(({ sk }) => sk), first.LastEvaluatedKey]).toEqual([
    ['a', 'b'],
    { pk: 'p', sk: 'b' },
  ])
  await db.send(new DeleteCommand({ TableName, Key: { pk: 'p', sk: 'b' } }))
  const second = await page(true, first.LastEvaluatedKey)
  // A page that ends at its limit does not know that nothing follows.
  expect([second.Items?.map(({ sk }) => sk), second.LastEvaluatedKey?.sk]).toEqual([['c', 'd'], 'd'])
  const third = await page(true, second.LastEvaluatedKey)
  expect([third.Items, third.LastEvaluatedKey]).toEqual([[], undefined])
  expect((await page(false, { pk: 'p', sk: 'c' })).Items?.map(({ sk }) => sk)).toEqual(['a'])
})

it('decides and writes as the embedded DynamoDB does', async () => {
  const dice = createDice(20261101)
  const { dynamoDb, db } = inMemory()
  const embedded = await startDynamoDb()
  await embedded.createTable(ledgerTable(TableName))
  const plain = new DynamoDBClient(clientConfig(embedded.endpoint))
  const other = DynamoDBDocumentClient.from(plain)
  const values = { ':n': 2, ':text': 'ab', ':set': new Set(['a', 'b']), ':map': { a: [1, null, true] } }
  type Token = keyof typeof values
  const tokens = Object.keys(values) as Token[]
  // Never whether two maps are equal: dynalite takes no two for equal, DynamoDB compares what is in them.
  const drawCondition = (depth: number): string => {
    const attribute = dice.pick(['a', 'b', 'c'])
    if (depth > 0 && dice.chance(0.5)) {
      const [left, right] = [drawCondition(depth - 1), drawCondition(depth - 1)]
      return dice.pick([
        `${left} OR ${right}`,
        `${left} AND ${right}`,
        `NOT (${left})`,
        `(${left}) AND NOT (${right})`,
      ])
    }
    return dice.pick([
      `attribute_exists(${attribute})`,
      `attribute_not_exists(${attribute})`,
      `begins_with(${attribute}, :text)`,
      `${attribute} ${dice.pick(['=', '<>'])} ${dice.pick([':n', ':text', ':set'])}`,
      `${attribute} ${dice.pick(['<', '<=', '>', '>='])} ${dice.pick([':n', ':text'])}`,
    ])
  }
  const drawUpdate = (): string => {
    const [set, add, remove] = dice.pick([
      ['a', 'b', 'c'],
      ['b', 'c', 'a'],
      ['c', 'a', 'b'],
    ])
    const parts = [
      `SET ${set} = ${dice.pick(tokens)}`,
      `${dice.pick(['ADD', 'DELETE'])} ${add} :set`,
      `REMOVE ${remove}`,
    ]
    return parts.filter(() => dice.chance(0.7)).join(' ') || `REMOVE ${remove}`
  }
  const outcomes: Record<string, number> = {}
  for (let round = 0; round < 400; round += 1) {
    const UpdateExpression = drawUpdate()
    const ConditionExpression = drawCondition(2)
    const used = tokens.filter((token) => `${UpdateExpression} ${ConditionExpression} `.match(`${token}\\b`))
    const input = {
      TableName,
      Key: { pk: `p${dice.below(3)}`, sk: 's' },
      UpdateExpression,
      ConditionExpression,
      ...(used.length > 0 && {
        ExpressionAttributeValues: Object.fromEntries(used.map((token) => [token, values[token]])),
      }),
      ReturnValues: 'ALL_NEW' as const,
    }
    const run = (client: DynamoDBDocumentClient) =>
      client.send(new UpdateCommand(input)).then(
        ({ Attributes }) => Attributes,
        (error: Error) => error.name,
      )
    const [ours, theirs] = [await run(db), await run(other)]
    expect(ours, `${UpdateExpression} IF ${ConditionExpression}`).toEqual(theirs)
    const outcome = typeof ours === 'string' ? ours : 'written'
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  // All three ends were met, and often: agreement in refusals alone would prove little.
  expect(outcomes.written).toBeGreaterThan(80)
  expect(outcomes.ConditionalCheckFailedException).toBeGreaterThan(80)
  expect(outcomes.ValidationException).toBeGreaterThan(5)
  for (const item of dynamoDb.items(TableName)) {
    const { pk, sk } = item
    expect((await other.send(new GetCommand({ TableName, Key: { pk, sk } }))).Item).toEqual(item)
  }
  plain.destroy()
  await embedded.close()
})
