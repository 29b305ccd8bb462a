// Condition expressions and key conditions: read once, decided for an item. What is not offered is refused by name.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
import { invalid, notOffered } from './dynamodb-error.ts'
import { type Placeholders, readOnce, Tokens } from './dynamodb-tokens.ts'
import { type AttributeValue, areEqual, compareValues, type Item, typeOf } from './dynamodb-value.ts'

type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>='

export type Condition =
  | { is: 'and' | 'or'; parts: Condition[] }
  | { is: 'not'; part: Condition }
  | { is: 'exists' | 'absent'; attribute: string }
  | { is: 'begins'; attribute: string; value: string }
  | { is: 'compared'; left: string; comparator: Comparator; right: string }

export const readCondition = readOnce((expression) => {
  const tokens = new Tokens('ConditionExpression', expression)
  const condition = readEither(tokens)
  if (tokens.peek() !== undefined) throw tokens.unexpected(tokens.peek())
  return condition
})

function readEither(tokens: Tokens): Condition {
  const parts = [readAll(tokens)]
  while (tokens.take('OR')) parts.push(readAll(tokens))
  const [first] = parts
  return first && parts.length === 1 ? first : { is: 'or', parts }
}

function readAll(tokens: Tokens): Condition {
  const parts = [readNegated(tokens)]
  while (tokens.take('AND')) parts.push(readNegated(tokens))
  const [first] = parts
  return first && parts.length === 1 ? first : { is: 'and', parts }
}

function readNegated(tokens: Tokens): Condition {
  return tokens.take('NOT') ? { is: 'not', part: readNegated(tokens) } : readOne(tokens)
}

function readOne(tokens: Tokens): Condition {
  if (tokens.take('(')) {
    const condition = readEither(tokens)
    tokens.expect(')')
    return condition
  }
  if (tokens.peek() === 'attribute_exists' || tokens.peek() === 'attribute_not_exists') {
    const is = tokens.next() === 'attribute_exists' ? 'exists' : 'absent'
    tokens.expect('(')
    const attribute = tokens.attribute()
    tokens.expect(')')
    return { is, attribute }
  }
  if (tokens.peek() === 'begins_with') {
    tokens.next()
    tokens.expect('(')
    const attribute = tokens.attribute()
    tokens.expect(',')
    const value = tokens.value()
    tokens.expect(')')
    return { is: 'begins', attribute, value }
  }
  const left = readOperand(tokens)
  const comparator = tokens.next()
  if (['BETWEEN', 'IN'].includes(comparator.toUpperCase())) throw notOffered(comparator.toUpperCase())
  if (!isComparator(comparator)) throw tokens.unexpected(comparator)
  return { is: 'compared', left, comparator, right: readOperand(tokens) }
}

const readOperand = (tokens: Tokens): string =>
  tokens.peek()?.startsWith(':') ? tokens.value() : tokens.attribute()

const isComparator = (text: string): text is Comparator => ['=', '<>', '<', '<=', '>', '>='].includes(text)

/** A condition with the request's names and values in it. */
export type Decide = (item: Item) => boolean

export function resolveCondition(condition: Condition, given: Placeholders): Decide {
  switch (condition.is) {
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => resolveCondition(part, given))
      return condition.is === 'and'
        ? (item) => parts.every((holds) => holds(item))
        : (item) => parts.some((holds) => holds(item))
    }
    case 'not': {
      const holds = resolveCondition(condition.part, given)
      return (item) => !holds(item)
    }
    case 'exists':
    case 'absent': {
      const name = given.name(condition.attribute)
      const wanted = condition.is === 'exists'
      return (item) => Object.hasOwn(item, name) === wanted
    }
    case 'begins': {
      const name = given.name(condition.attribute)
      const start = given.value(condition.value)
      if (start.S === undefined) throw incorrectOperand('begins_with', start)
      const text = start.S
      return (item) => ownOf(item, name)?.S?.startsWith(text) ?? false
    }
    case 'compared': {
      const left = resolveOperand(condition.left, given)
      const right = resolveOperand(condition.right, given)
      const { comparator } = condition
      if (comparator !== '=' && comparator !== '<>') {
        for (const { constant } of [left, right]) {
          if (constant && !['S', 'N', 'B'].includes(typeOf(constant))) {
            throw incorrectOperand(comparator, constant)
          }
        }
      }
      return (item) => isTrue(left.of(item), comparator, right.of(item))
    }
  }
}

interface Operand {
  constant?: AttributeValue
  of(item: Item): AttributeValue | undefined
}

function resolveOperand(token: string, given: Placeholders): Operand {
  if (token.startsWith(':')) {
    const constant = given.value(token)
    return { constant, of: () => constant }
  }
  const name = given.name(token)
  return { of: (item) => ownOf(item, name) }
}

const ownOf = (item: Item, name: string): AttributeValue | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined

/** What is missing equals nothing and has no order: only `<>` holds for it. */
function isTrue(
  left: AttributeValue | undefined,
  comparator: Comparator,
  right: AttributeValue | undefined,
): boolean {
  if (!left || !right) return comparator === '<>'
  if (comparator === '=') return areEqual(left, right)
  if (comparator === '<>') return !areEqual(left, right)
  const order = compareValues(left, right)
  if (order === undefined) return false
  if (comparator === '<') return order < 0
  if (comparator === '<=') return order <= 0
  return comparator === '>' ? order > 0 : order >= 0
}

const incorrectOperand = (operator: string, operand: AttributeValue) =>
  invalid(
    `Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${typeOf(operand)}`,
  )

/** What a Query asks of the keys: the partition, and a condition on the sort key when there is one. */
export function resolveKeyCondition(
  expression: string,
  given: Placeholders,
  keys: { partition: string; sort: string },
): { partition: string; sorted: Decide } {
  const condition = readCondition(expression)
  const parts = condition.is === 'and' ? condition.parts : [condition]
  let partition: string | undefined
  let onSort: Condition | undefined
  for (const part of parts) {
    const attribute = keyAttribute(part)
    const name = attribute === undefined ? undefined : given.name(attribute)
    if (name === keys.partition && partition === undefined && part.is === 'compared') {
      const { S } = given.value(part.right)
      if (part.comparator !== '=') throw invalid('Query key condition not supported')
      if (S === undefined) throw mismatch
      partition = S
    } else if (name === keys.sort && onSort === undefined) {
      if (given.value(part.is === 'compared' ? part.right : startOf(part)).S === undefined) throw mismatch
      onSort = part
    } else {
      throw invalid('Query key condition not supported')
    }
  }
  if (partition === undefined) throw invalid(`Query condition missed key schema element: ${keys.partition}`)
  return { partition, sorted: onSort ? resolveCondition(onSort, given) : () => true }
}

const mismatch = invalid(
  'One or more parameter values were invalid: Condition parameter type does not match schema type',
)

const startOf = (condition: Condition): string => (condition.is === 'begins' ? condition.value : '')

/** The attribute that a key condition is about: on its left, with a value on its right. */
function keyAttribute(condition: Condition): string | undefined {
  if (condition.is === 'begins') return condition.attribute
  if (condition.is !== 'compared' || condition.comparator === '<>') return undefined
  return condition.left.startsWith(':') || !condition.right.startsWith(':') ? undefined : condition.left
}
