// Counts what the ledger costs in DynamoDB: a middleware in the hub's own client sees every command, keeps a copy of
// each item as it stands, and charges each write by the sizes before and after, indexes included. It adds nothing to a
// command but the wish to be told the new item.
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { type Item, indexUnits, itemBytes, tableUnits } from './item-size.ts'

const TIMELINE = { partition: 'timelinePk', sort: 'timelineSk' }
const TROUBLE = { partition: 'troublePk', sort: 'troubleSk' }

const item = z.record(z.string(), z.unknown())
const keyed = z.object({ Key: item })
const put = z.object({ Item: item })
const batchWrite = z.object({
  RequestItems: z.record(z.string(), z.array(z.object({ PutRequest: put }))),
})

export interface Charged {
  /** By whom a row is for: `event`, `timeline`, the name of a connector, or `other`. */
  units: Map<string, number>
  /** Commands by name, reads too. */
  commands: Map<string, number>
  refusedConditions: number
  /** Of items up to 4 KB, which the ledger's are: one for a consistent read, half of one otherwise. */
  readUnits: number
}

const nothing = (): Charged => ({ units: new Map(), commands: new Map(), refusedConditions: 0, readUnits: 0 })

export class WriteUnits {
  private readonly standing = new Map<string, Item>()
  charged: Charged = nothing()

  constructor(ledger: Ledger) {
    const db: unknown = Reflect.get(ledger, 'db')
    if (!(db instanceof DynamoDBDocumentClient)) throw new TypeError('The ledger has no document client.')
    db.middlewareStack.add(
      (next, context) => async (args) => {
        const command = context.commandName ?? 'unknown'
        add(this.charged.commands, command, 1)
        switch (command) {
          case 'UpdateItemCommand': {
            const { Key } = keyed.parse(args.input)
            const input = { ...args.input, ReturnValues: 'ALL_NEW' as const }
            const answer = await next({ ...args, input }).catch((error) => this.refused(Key, error))
            const { Attributes } = z.object({ Attributes: item }).parse(answer.output)
            this.wrote(Key, Attributes)
            return answer
          }
          case 'PutItemCommand': {
            const { Item: after } = put.parse(args.input)
            const answer = await next(args).catch((error) => this.refused(after, error))
            this.wrote(after, after)
            return answer
          }
          case 'BatchWriteItemCommand': {
            const requests = Object.values(batchWrite.parse(args.input).RequestItems).flat()
            const answer = await next(args)
            for (const { PutRequest } of requests) this.wrote(PutRequest.Item, PutRequest.Item)
            return answer
          }
          case 'DeleteItemCommand': {
            const answer = await next(args)
            this.wrote(keyed.parse(args.input).Key, undefined)
            return answer
          }
          default:
            this.charged.readUnits += readUnitsOf(args.input)
            return next(args)
        }
      },
      { step: 'initialize', name: 'countWriteUnits' },
    )
  }

  reset(): void {
    this.charged = nothing()
  }

  /** Of all rows that stand, with their copies in the indexes. */
  standingBytes(): number {
    const copies = (row: Item): number =>
      1 + [TIMELINE, TROUBLE].filter(({ partition }) => row[partition] !== undefined).length
    return [...this.standing.values()].reduce((sum, row) => sum + itemBytes(row) * copies(row), 0)
  }

  private wrote(key: Item, after: Item | undefined): void {
    const name = nameOf(key)
    const before = this.standing.get(name)
    const { units } = this.charged
    const owner = ownerOf(key)
    add(units, owner, tableUnits(before, after) + indexUnits(before, after, TROUBLE))
    add(units, owner === 'event' ? 'timeline' : owner, indexUnits(before, after, TIMELINE))
    if (after) this.standing.set(name, after)
    else this.standing.delete(name)
  }

  /** A condition that fails is charged like a write of what stands. */
  private refused(key: Item, error: unknown): never {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') {
      this.charged.refusedConditions += 1
      const before = this.standing.get(nameOf(key))
      add(this.charged.units, ownerOf(key), tableUnits(before, before))
    }
    throw error
  }
}

const consistency = z.object({ ConsistentRead: z.boolean().optional() })
const batchGet = z.object({
  RequestItems: z.record(z.string(), consistency.extend({ Keys: z.array(item) })),
})

/** A query is charged for what it finds: counted as one item, which is what the ledger's mostly find. */
function readUnitsOf(input: unknown): number {
  const each = ({ ConsistentRead }: z.output<typeof consistency>): number => (ConsistentRead ? 1 : 0.5)
  const batch = batchGet.safeParse(input)
  if (!batch.success) return each(consistency.parse(input))
  return Object.values(batch.data.RequestItems).reduce(
    (sum, { Keys, ...read }) => sum + Keys.length * each(read),
    0,
  )
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count)
}

const nameOf = ({ pk, sk }: Item): string => `${String(pk)} ${String(sk)}`

function ownerOf({ pk, sk }: Item): string {
  const [kind, , , connector] = String(pk).split('#')
  const [row, deliveredBy] = String(sk).split('#')
  if (kind === 'OBJECT') return connector ?? 'other'
  if (kind === 'EVENT') return row === 'DELIVERY' ? (deliveredBy ?? 'other') : 'event'
  return 'other'
}
