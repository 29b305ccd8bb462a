// The members of a DynamoDB request: only those that an operation is known to need, each of its type. A member that
// nobody reads here could change what DynamoDB does, so it is refused.
import { invalid, notOffered } from './dynamodb-error.ts'
import { Placeholders } from './dynamodb-tokens.ts'
import { type Item, readItem } from './dynamodb-value.ts'

export class RequestMembers {
  private readonly json: Readonly<Record<string, unknown>>

  /** @param json one object, of the request or within it. */
  constructor(json: unknown, offered: ReadonlySet<string>) {
    if (typeof json !== 'object' || json === null) throw invalid('Start of structure or map expected')
    this.json = { ...json }
    for (const name in this.json) if (!offered.has(name)) throw notOffered(`the member ${name}`)
  }

  text(name: string): string | undefined {
    return this.optional(name, (value) => typeof value === 'string')
  }

  flag(name: string): boolean | undefined {
    return this.optional(name, (value) => typeof value === 'boolean')
  }

  /** From 1 on. */
  count(name: string): number | undefined {
    return this.optional(name, (value) => typeof value === 'number' && Number.isInteger(value) && value > 0)
  }

  item(name: string): Item {
    return readItem(this.json[name])
  }

  optionalItem(name: string): Item | undefined {
    return this.json[name] === undefined ? undefined : readItem(this.json[name])
  }

  placeholders(): Placeholders {
    return new Placeholders(this.json.ExpressionAttributeNames, this.json.ExpressionAttributeValues)
  }

  list(name: string): unknown[] {
    const value = this.json[name]
    if (!Array.isArray(value)) throw invalid(`The member ${name} is a list`)
    return value
  }

  /** What a batch asks of each table. */
  requestItems(): [table: string, asked: unknown][] {
    const tables = this.json.RequestItems
    if (typeof tables !== 'object' || tables === null) throw invalid('RequestItems must not be null')
    return Object.entries(tables)
  }

  /** A structure within this one; undefined when it is not there. */
  within(name: string, offered: ReadonlySet<string>): RequestMembers | undefined {
    return this.json[name] === undefined ? undefined : new RequestMembers(this.json[name], offered)
  }

  /** Refuses every answer but those offered; without one it is NONE. */
  returnValues(...offered: readonly string[]): string {
    const asked = this.text('ReturnValues') ?? 'NONE'
    if (asked !== 'NONE' && !offered.includes(asked)) throw notOffered(`ReturnValues ${asked}`)
    return asked
  }

  private optional<Value>(name: string, fits: (value: unknown) => boolean): Value | undefined {
    const value = this.json[name]
    if (value === undefined || value === null) return undefined
    if (!fits(value)) throw invalid(`The member ${name} has no such value: ${JSON.stringify(value)}`)
    return value as Value
  }
}
