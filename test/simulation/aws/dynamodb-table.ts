// One DynamoDB table in memory: its items, its global secondary indexes, and what keys must look like. All reads are
// consistent; an index holds what has both of its keys (sparse) and is written with the item.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { invalid, notOffered } from './dynamodb-error.ts'
import { compareTexts, type Item, itemBytes, typeOf } from './dynamodb-value.ts'

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_ITEM_BYTES = 400 * 1_024

export interface Keys {
  partition: string
  sort: string
}

export interface StoredItem {
  readonly item: Item
  readonly bytes: number
  /** As answered; written once, however often it is read. */
  readonly json: string
}

export interface View {
  readonly keys: Keys
  /** Items of one partition in ascending order, in a list of its own. */
  partition(of: string): StoredItem[]
  /** By sort key; where an index has it twice, by the table's keys. */
  compare(a: Item, b: Item): number
}

export class Table {
  readonly name: string
  readonly keys: Keys
  private readonly stored = new Map<string, StoredItem>()
  private readonly primary: Index
  private readonly indexes = new Map<string, Index>()

  constructor(definition: CreateTableCommandInput) {
    const types = new Map(
      (definition.AttributeDefinitions ?? []).map((each) => [each.AttributeName, each.AttributeType]),
    )
    const keysOf = (schema: CreateTableCommandInput['KeySchema']): Keys => {
      const [partition, sort] = ['HASH', 'RANGE'].map(
        (type) => schema?.find(({ KeyType }) => KeyType === type)?.AttributeName,
      )
      if (partition === undefined || sort === undefined) throw notOffered('tables without a sort key')
      if (types.get(partition) !== 'S' || types.get(sort) !== 'S')
        throw notOffered('keys that are no strings')
      return { partition, sort }
    }
    this.name = definition.TableName ?? ''
    this.keys = keysOf(definition.KeySchema)
    this.primary = new Index(this.keys, this.keys)
    for (const { IndexName = '', KeySchema, Projection } of definition.GlobalSecondaryIndexes ?? []) {
      if (Projection?.ProjectionType !== 'ALL') throw notOffered('indexes of a part of an item')
      this.indexes.set(IndexName, new Index(keysOf(KeySchema), this.keys))
    }
    if (definition.LocalSecondaryIndexes) throw notOffered('local secondary indexes')
  }

  hasPartition(of: string): boolean {
    return this.primary.has(of)
  }

  items(): Item[] {
    return [...this.stored.values()].map(({ item }) => item)
  }

  /** The identity of an item: of its key, or of the keys in it. Throws ValidationException. */
  identityOf(item: Item): string {
    return JSON.stringify([
      this.keyText(item, this.keys.partition, 2_048),
      this.keyText(item, this.keys.sort, 1_024),
    ])
  }

  /** As `identityOf`, of a key alone. */
  identityOfKey(key: Item): string {
    if (Object.keys(key).length !== 2) throw invalid('The provided key element does not match the schema')
    return this.identityOf(key)
  }

  keyOf(item: Item, view: View = this.primary): Item {
    const key: Item = {}
    for (const name of [this.keys.partition, this.keys.sort, view.keys.partition, view.keys.sort]) {
      const value = item[name]
      if (value) key[name] = value
    }
    return key
  }

  find(identity: string): StoredItem | undefined {
    return this.stored.get(identity)
  }

  /** Throws ValidationException for an item that is too large, or that an index could not hold. */
  check(item: Item): number {
    const bytes = itemBytes(item)
    if (bytes > MAX_ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size')
    for (const index of this.indexes.values()) index.check(item)
    return bytes
  }

  put(identity: string, item: Item): StoredItem {
    const bytes = this.check(item)
    const stored = { item, bytes, json: JSON.stringify(item) }
    this.delete(identity)
    this.stored.set(identity, stored)
    this.primary.add(stored)
    for (const index of this.indexes.values()) index.add(stored)
    return stored
  }

  delete(identity: string): void {
    const stored = this.stored.get(identity)
    if (!stored) return
    this.stored.delete(identity)
    this.primary.remove(stored)
    for (const index of this.indexes.values()) index.remove(stored)
  }

  view(indexName?: string): View {
    const index = indexName === undefined ? this.primary : this.indexes.get(indexName)
    if (!index) throw invalid(`The table does not have the specified index: ${indexName}`)
    return index
  }

  private keyText(item: Item, name: string, maxBytes: number): string {
    const value = item[name]
    if (!value)
      throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`)
    if (value.S === undefined) {
      throw invalid(
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: S actual: ${typeOf(value)}`,
      )
    }
    if (value.S === '') {
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
      )
    }
    if (Buffer.byteLength(value.S) > maxBytes) {
      throw invalid(
        `One or more parameter values were invalid: Size of the key ${name} is over ${maxBytes} bytes`,
      )
    }
    return value.S
  }
}

class Index implements View {
  readonly keys: Keys
  private readonly order: readonly string[]
  private readonly partitions = new Map<string, Set<StoredItem>>()

  constructor(keys: Keys, ofTable: Keys) {
    this.keys = keys
    this.order = [...new Set([keys.sort, ofTable.partition, ofTable.sort])]
  }

  /** An index takes an item without its keys, but none whose keys it could not hold. */
  check(item: Item): void {
    for (const name of [this.keys.partition, this.keys.sort]) {
      const value = item[name]
      if (value && !value.S) {
        throw invalid(
          `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: S Actual: ${typeOf(value)}`,
        )
      }
    }
  }

  add(stored: StoredItem): void {
    const place = this.placeOf(stored)
    if (place === undefined) return
    const partition = this.partitions.get(place)
    if (partition) partition.add(stored)
    else this.partitions.set(place, new Set([stored]))
  }

  remove(stored: StoredItem): void {
    const place = this.placeOf(stored)
    const partition = place === undefined ? undefined : this.partitions.get(place)
    if (place === undefined || !partition) return
    partition.delete(stored)
    if (partition.size === 0) this.partitions.delete(place)
  }

  has(partition: string): boolean {
    return this.partitions.has(partition)
  }

  partition(of: string): StoredItem[] {
    return [...(this.partitions.get(of) ?? [])].sort((a, b) => this.compare(a.item, b.item))
  }

  compare(a: Item, b: Item): number {
    for (const name of this.order) {
      const difference = compareTexts(a[name]?.S ?? '', b[name]?.S ?? '')
      if (difference !== 0) return difference
    }
    return 0
  }

  private placeOf({ item }: StoredItem): string | undefined {
    return item[this.keys.sort] && item[this.keys.partition]?.S
  }
}
