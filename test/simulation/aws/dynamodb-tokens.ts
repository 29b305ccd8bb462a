// DynamoDB's expressions as tokens, and the names and values that a request gives to their placeholders. What the
// tokens say is for the readers of conditions and updates. Only top-level attributes: the ledger names no other.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
import validations from 'dynalite/validations/index.js'
import { invalid, notOffered } from './dynamodb-error.ts'
import { type AttributeValue, type Item, readItem } from './dynamodb-value.ts'

export class Tokens {
  private readonly texts: string[] = []
  private readonly kind: string
  private at = 0

  /** @param kind 'ConditionExpression': named when something is wrong. */
  constructor(kind: string, expression: string) {
    this.kind = kind
    if (expression.trim() === '') throw invalid(`Invalid ${kind}: The expression can not be empty;`)
    const pattern = /\s*(<>|<=|>=|[=<>(),.[\]+-]|[#:]?[A-Za-z0-9_]+)/y
    while (pattern.lastIndex < expression.trimEnd().length) {
      const { lastIndex } = pattern
      const text = pattern.exec(expression)?.[1]
      if (text === undefined) throw this.unexpected(expression.slice(lastIndex).trim())
      this.texts.push(text)
    }
  }

  peek(): string | undefined {
    return this.texts[this.at]
  }

  /** Keywords are read in any case. */
  take(wanted: string): boolean {
    if (this.peek()?.toUpperCase() !== wanted) return false
    this.at += 1
    return true
  }

  expect(wanted: string): void {
    if (!this.take(wanted)) throw this.unexpected(this.peek())
  }

  next(): string {
    const text = this.peek()
    if (text === undefined) throw this.unexpected(text)
    this.at += 1
    return text
  }

  /** An attribute: '#alias', or a name that is no reserved word. */
  attribute(): string {
    const text = this.next()
    if (!/^#?[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !/^#[A-Za-z0-9_]+$/.test(text))
      throw this.unexpected(text)
    if (this.peek() === '.' || this.peek() === '[') throw notOffered('paths into an attribute')
    if (this.peek() === '(') throw notOffered(`the function ${text}`)
    if (!text.startsWith('#')) refuseReserved(this.kind, text)
    return text
  }

  /** ':placeholder' of a value. */
  value(): string {
    const text = this.next()
    if (!text.startsWith(':')) throw this.unexpected(text)
    return text
  }

  unexpected(text: string | undefined): Error {
    return invalid(`Invalid ${this.kind}: Syntax error; token: ${text ?? '<EOF>'}`)
  }
}

const unreserved = new Set<string>()

/** The list of 573 words is dynalite's; its expression parser applies it. */
function refuseReserved(kind: string, name: string): void {
  if (unreserved.has(name)) return
  const wrong = validations.validateExpressions({ ConditionExpression: `attribute_exists(${name})` })
  if (wrong) throw invalid(wrong.replace('ConditionExpression', kind))
  unreserved.add(name)
}

/** ExpressionAttributeNames and ExpressionAttributeValues of one request. */
export class Placeholders {
  private readonly names: Readonly<Record<string, unknown>>
  private readonly values: Item
  private readonly used = new Set<string>()

  constructor(names: unknown, values: unknown) {
    this.names = typeof names === 'object' && names !== null ? { ...names } : {}
    this.values = values === undefined ? {} : readItem(values)
    if (values !== undefined && Object.keys(this.values).length === 0) {
      throw invalid('ExpressionAttributeValues must not be empty')
    }
  }

  name(token: string): string {
    if (!token.startsWith('#')) return token
    this.used.add(token)
    const name = this.names[token]
    if (typeof name === 'string' && name !== '') return name
    throw invalid(
      `An expression attribute name used in the document path is not defined; attribute name: ${token}`,
    )
  }

  value(token: string): AttributeValue {
    this.used.add(token)
    const value = this.values[token]
    if (value) return value
    throw invalid(
      `An expression attribute value used in expression is not defined; attribute value: ${token}`,
    )
  }

  /** After all expressions were resolved: DynamoDB refuses what none of them uses. */
  refuseUnused(): void {
    for (const [what, given] of [
      ['Names', this.names],
      ['Values', this.values],
    ] as const) {
      for (const token in given) {
        if (this.used.has(token)) continue
        throw invalid(`Value provided in ExpressionAttribute${what} unused in expressions: keys: {${token}}`)
      }
    }
  }
}

/** Expressions are few and come again and again: each is read once. */
export function readOnce<Parsed>(read: (expression: string) => Parsed): (expression: string) => Parsed {
  const known = new Map<string, Parsed>()
  return (expression) => {
    let parsed = known.get(expression)
    if (parsed === undefined) {
      parsed = read(expression)
      known.set(expression, parsed)
    }
    return parsed
  }
}
