// What DynamoDB charges for: the size of an item, and from it the write units of a table and its indexes. Computed
// here because the embedded DynamoDB does not count the writes of indexes.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html

export type Item = Readonly<Record<string, unknown>>

const CONTAINER_BYTES = 3
const UNIT_BYTES = 1_024

export interface IndexKeys {
  partition: string
  sort: string
}

/** Names count as well as values; what is undefined is not stored. */
export function itemBytes(item: Item): number {
  let bytes = 0
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) bytes += Buffer.byteLength(name) + valueBytes(value)
  }
  return bytes
}

function valueBytes(value: unknown): number {
  if (value === null || typeof value === 'boolean') return 1
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number' || typeof value === 'bigint') return numberBytes(String(value))
  if (value instanceof Uint8Array) return value.byteLength
  if (value instanceof Set) return [...value].reduce<number>((sum, each) => sum + valueBytes(each), 0)
  if (Array.isArray(value))
    return value.reduce<number>((sum, each) => sum + 1 + valueBytes(each), CONTAINER_BYTES)
  if (typeof value === 'object') {
    const fields = value as Item
    return (
      CONTAINER_BYTES + itemBytes(fields) + Object.values(fields).filter((each) => each !== undefined).length
    )
  }
  throw new TypeError(`DynamoDB stores no ${typeof value}.`)
}

/** About one byte for two significant digits, and one more. */
function numberBytes(digits: string): number {
  const significant = digits.replace(/^-?0*|\.|e.*$/g, '').replace(/0+$/, '')
  return Math.ceil(significant.length / 2) + 1
}

const unitsOf = (item: Item): number => Math.max(1, Math.ceil(itemBytes(item) / UNIT_BYTES))

/** Of one write to the table itself; a refused condition costs what stands. */
export function tableUnits(before: Item | undefined, after: Item | undefined): number {
  return Math.max(1, ...[before, after].map((item) => (item ? unitsOf(item) : 0)))
}

/**
 * Of the write that follows in an index with all attributes: none for an item that is not in it, two when its keys
 * change. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
export function indexUnits(before: Item | undefined, after: Item | undefined, keys: IndexKeys): number {
  const was = before && entryKey(before, keys)
  const is = after && entryKey(after, keys)
  if (was !== undefined && was === is) return tableUnits(before, after)
  return (
    (before && was !== undefined ? unitsOf(before) : 0) + (after && is !== undefined ? unitsOf(after) : 0)
  )
}

function entryKey(item: Item, { partition, sort }: IndexKeys): string | undefined {
  const [first, second] = [item[partition], item[sort]]
  return first === undefined || second === undefined ? undefined : `${String(first)} ${String(second)}`
}
