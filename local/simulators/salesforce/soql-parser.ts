// SOQL text → a query tree, or MALFORMED_QUERY in Salesforce's words. Fields and objects are not looked up here.
// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm
//
// Left out: aliases of objects, semi-joins, HAVING, TYPEOF, FIELDS(), date literals such as TODAY, INCLUDES.
import type { RequestRefused } from './errors.ts'
import { queryError, readEscapes, type Token, tokenize } from './soql-tokens.ts'

export interface FieldPath {
  /** Relationship names, then the field. */
  path: string[]
  position: number
}

export type AggregateFunction = 'COUNT' | 'COUNT_DISTINCT' | 'SUM' | 'MIN' | 'MAX'

export type SelectItem =
  | { kind: 'field'; field: FieldPath; alias?: string }
  | { kind: 'aggregate'; function: AggregateFunction; field: FieldPath; alias?: string }
  | { kind: 'count' }
  /** The records that refer to each row, by the name that the row's object has for them. */
  | { kind: 'children'; query: Query }

export type Literal =
  | { type: 'string'; value: string }
  | { type: 'number'; value: string }
  | { type: 'boolean'; value: boolean }
  | { type: 'date' | 'datetime'; value: string }
  | { type: 'null' }

export type Operator = '=' | '!=' | '<' | '>' | '<=' | '>=' | 'LIKE' | 'IN' | 'NOT IN'

export type Condition =
  | { kind: 'and' | 'or'; operands: Condition[] }
  | { kind: 'not'; operand: Condition }
  | { kind: 'compare'; field: FieldPath; operator: Operator; values: Literal[] }

export interface OrderBy {
  field: FieldPath
  descending: boolean
  nullsLast: boolean
}

export interface Query {
  text: string
  select: SelectItem[]
  object: { name: string; position: number }
  where?: Condition
  groupBy: FieldPath[]
  orderBy: OrderBy[]
  limit?: number
  offset: number
}

const RESERVED = new Set(['SELECT', 'FROM', 'WHERE', 'GROUP', 'ORDER', 'LIMIT', 'OFFSET', 'AND', 'OR', 'NOT'])
const AGGREGATES = new Map<string, AggregateFunction>(
  (['COUNT', 'COUNT_DISTINCT', 'SUM', 'MIN', 'MAX'] as const).map((name) => [name, name]),
)
const COMPARISONS = new Map<string, Operator>([
  ['=', '='],
  ['!=', '!='],
  ['<>', '!='],
  ['<', '<'],
  ['>', '>'],
  ['<=', '<='],
  ['>=', '>='],
])

export const parseQuery = (text: string): Query => new Parser(text).parse()

class Parser {
  private readonly text: string
  private readonly tokens: Token[]
  private index = 0

  constructor(text: string) {
    this.text = text
    this.tokens = tokenize(text)
  }

  parse(): Query {
    const query = this.query()
    this.expectKind('end')
    return query
  }

  private query(): Query {
    this.expectWord('SELECT')
    const select = this.list(() => this.selectItem())
    this.expectWord('FROM')
    const { text: name, position } = this.expectKind('word')
    const query: Query = {
      text: this.text,
      select,
      object: { name, position },
      groupBy: [],
      orderBy: [],
      offset: 0,
    }
    if (this.takeWord('WHERE')) query.where = this.condition()
    if (this.takeWord('GROUP')) {
      this.expectWord('BY')
      query.groupBy = this.list(() => this.fieldPath())
    }
    if (this.takeWord('ORDER')) {
      this.expectWord('BY')
      query.orderBy = this.list(() => this.orderBy())
    }
    if (this.takeWord('LIMIT')) query.limit = this.wholeNumber()
    if (this.takeWord('OFFSET')) query.offset = this.wholeNumber()
    return query
  }

  private selectItem(): SelectItem {
    if (this.takeSymbol('(')) {
      const query = this.query()
      this.expectSymbol(')')
      return { kind: 'children', query }
    }
    const first = this.expectKind('word')
    const aggregate = AGGREGATES.get(first.text.toUpperCase())
    if (aggregate && this.takeSymbol('(')) {
      if (aggregate === 'COUNT' && this.takeSymbol(')')) return { kind: 'count' }
      const field = this.fieldPath()
      this.expectSymbol(')')
      return this.withAlias({ kind: 'aggregate', function: aggregate, field })
    }
    if (RESERVED.has(first.text.toUpperCase())) throw this.unexpected(first)
    return this.withAlias({ kind: 'field', field: pathOf(first) })
  }

  private withAlias<T extends SelectItem>(item: T): T {
    const next = this.peek()
    if (next.kind !== 'word' || RESERVED.has(next.text.toUpperCase())) return item
    this.index += 1
    return { ...item, alias: next.text }
  }

  /** `a AND b OR c` is refused: SOQL mixes the two only with parentheses. */
  private condition(): Condition {
    const operands = [this.operand()]
    let kind: 'and' | 'or' | undefined
    for (;;) {
      const next = this.peek()
      const word = next.kind === 'word' ? next.text.toUpperCase() : ''
      if (word !== 'AND' && word !== 'OR') break
      const found = word === 'AND' ? 'and' : 'or'
      if (kind !== undefined && kind !== found) throw this.unexpected(next)
      kind = found
      this.index += 1
      operands.push(this.operand())
    }
    const [only] = operands
    return kind === undefined && only ? only : { kind: kind ?? 'and', operands }
  }

  private operand(): Condition {
    if (this.takeWord('NOT')) return { kind: 'not', operand: this.operand() }
    if (this.takeSymbol('(')) {
      const inner = this.condition()
      this.expectSymbol(')')
      return inner
    }
    const field = this.fieldPath()
    if (this.takeWord('LIKE'))
      return { kind: 'compare', field, operator: 'LIKE', values: [this.literal(true)] }
    if (this.takeWord('IN')) return { kind: 'compare', field, operator: 'IN', values: this.literals() }
    if (this.takeWord('NOT')) {
      this.expectWord('IN')
      return { kind: 'compare', field, operator: 'NOT IN', values: this.literals() }
    }
    const symbol = this.next()
    const operator = symbol.kind === 'symbol' ? COMPARISONS.get(symbol.text) : undefined
    if (!operator) throw this.unexpected(symbol)
    return { kind: 'compare', field, operator, values: [this.literal(false)] }
  }

  private literals(): Literal[] {
    this.expectSymbol('(')
    const values = this.list(() => this.literal(false))
    this.expectSymbol(')')
    return values
  }

  private literal(forLike: boolean): Literal {
    const token = this.next()
    switch (token.kind) {
      case 'string':
        return { type: 'string', value: readEscapes(token.text, forLike) }
      case 'number':
      case 'date':
      case 'datetime':
        return { type: token.kind, value: token.text }
      case 'word': {
        const word = token.text.toUpperCase()
        if (word === 'NULL') return { type: 'null' }
        if (word === 'TRUE' || word === 'FALSE') return { type: 'boolean', value: word === 'TRUE' }
        throw this.unexpected(token)
      }
      default:
        throw this.unexpected(token)
    }
  }

  private orderBy(): OrderBy {
    const field = this.fieldPath()
    const descending = this.takeWord('DESC')
    if (!descending) this.takeWord('ASC')
    let nullsLast = false
    if (this.takeWord('NULLS')) {
      nullsLast = this.takeWord('LAST')
      if (!nullsLast) this.expectWord('FIRST')
    }
    return { field, descending, nullsLast }
  }

  private fieldPath(): FieldPath {
    const token = this.expectKind('word')
    if (RESERVED.has(token.text.toUpperCase())) throw this.unexpected(token)
    return pathOf(token)
  }

  private wholeNumber(): number {
    const token = this.expectKind('number')
    if (!/^\d+$/.test(token.text)) throw this.unexpected(token)
    return Number(token.text)
  }

  private list<T>(item: () => T): T[] {
    const items = [item()]
    while (this.takeSymbol(',')) items.push(item())
    return items
  }

  private peek(): Token {
    return this.tokens[this.index] ?? { kind: 'end', text: '<EOF>', position: this.text.length }
  }

  private next(): Token {
    const token = this.peek()
    this.index += 1
    return token
  }

  private takeWord(word: string): boolean {
    const token = this.peek()
    if (token.kind !== 'word' || token.text.toUpperCase() !== word) return false
    this.index += 1
    return true
  }

  private takeSymbol(symbol: string): boolean {
    const token = this.peek()
    if (token.kind !== 'symbol' || token.text !== symbol) return false
    this.index += 1
    return true
  }

  private expectWord(word: string): void {
    if (!this.takeWord(word)) throw this.unexpected(this.peek())
  }

  private expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.unexpected(this.peek())
  }

  private expectKind(kind: Token['kind']): Token {
    const token = this.next()
    if (token.kind !== kind) throw this.unexpected(token)
    return token
  }

  private unexpected(token: Token): RequestRefused {
    return queryError(
      'MALFORMED_QUERY',
      this.text,
      token.position,
      token.kind === 'end' ? "unexpected token: '<EOF>'" : `unexpected token: '${token.text}'`,
    )
  }
}

const pathOf = (token: Token): FieldPath => ({ path: token.text.split('.'), position: token.position })
