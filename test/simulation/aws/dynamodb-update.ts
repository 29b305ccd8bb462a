// Update expressions: SET to a value, REMOVE, and ADD and DELETE of string sets, which is what the ledger writes. All
// actions see the item as it was; what is not offered is refused by name.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
import { invalid, notOffered } from './dynamodb-error.ts'
import { type Placeholders, readOnce, Tokens } from './dynamodb-tokens.ts'
import { type AttributeValue, type Item, typeOf } from './dynamodb-value.ts'

type Section = 'SET' | 'REMOVE' | 'ADD' | 'DELETE'

interface Action {
  section: Section
  attribute: string
  /** ':placeholder'; absent in REMOVE. */
  value: string | undefined
}

export const readUpdate = readOnce((expression) => {
  const tokens = new Tokens('UpdateExpression', expression)
  const actions: Action[] = []
  const seen = new Set<Section>()
  while (tokens.peek() !== undefined) {
    const section = tokens.next().toUpperCase()
    if (!isSection(section)) throw tokens.unexpected(section)
    if (seen.has(section)) {
      throw invalid(
        `Invalid UpdateExpression: The "${section}" section can only be used once in an update expression;`,
      )
    }
    seen.add(section)
    do actions.push(readAction(tokens, section))
    while (tokens.take(','))
  }
  return actions
})

const isSection = (text: string): text is Section => ['SET', 'REMOVE', 'ADD', 'DELETE'].includes(text)

function readAction(tokens: Tokens, section: Section): Action {
  const attribute = tokens.attribute()
  if (section === 'REMOVE') return { section, attribute, value: undefined }
  if (section === 'SET') {
    tokens.expect('=')
    if (!tokens.peek()?.startsWith(':')) throw notOffered('SET to anything but a value')
  }
  const value = tokens.value()
  if (tokens.peek() === '+' || tokens.peek() === '-') throw notOffered('arithmetic')
  return { section, attribute, value }
}

interface Change {
  section: Section
  name: string
  value: AttributeValue | undefined
}

export interface Update {
  readonly names: readonly string[]
  /** A new item; the old one is left as it is. */
  apply(item: Item): Item
}

export function resolveUpdate(actions: readonly Action[], given: Placeholders): Update {
  const names = new Set<string>()
  const changes: Change[] = actions.map(({ section, attribute, value: token }) => {
    const name = given.name(attribute)
    if (names.has(name)) {
      throw invalid(
        `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${name}], path two: [${name}]`,
      )
    }
    names.add(name)
    const value = token === undefined ? undefined : given.value(token)
    if (value && (section === 'ADD' || section === 'DELETE') && value.SS === undefined) {
      throw notOffered(`${section} of ${typeOf(value)}`)
    }
    return { section, name, value }
  })
  return {
    names: [...names],
    apply(item) {
      const updated = { ...item }
      for (const change of changes) {
        const value = change.section === 'SET' ? change.value : combine(change, updated[change.name])
        if (value) updated[change.name] = value
        else delete updated[change.name]
      }
      return updated
    },
  }
}

/** A set that has lost its last element is no attribute any more. */
function combine(change: Change, existing: AttributeValue | undefined): AttributeValue | undefined {
  if (change.section === 'REMOVE') return undefined
  if (existing && existing.SS === undefined) {
    throw invalid('An operand in the update expression has an incorrect data type')
  }
  const given = change.value?.SS ?? []
  const standing = existing?.SS ?? []
  const SS =
    change.section === 'ADD'
      ? [...new Set([...standing, ...given])]
      : standing.filter((element) => !given.includes(element))
  return SS.length > 0 ? { SS } : undefined
}
