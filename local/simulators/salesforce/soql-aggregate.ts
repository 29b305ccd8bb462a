// Grouping and sums of SOQL: one row a group, exact where numbers are added.
import { addDecimals } from './decimals.ts'
import type { JsonObject } from './json.ts'
import type { ResolvedField } from './soql.ts'
import { compareValues } from './soql-filter.ts'
import type { Query, SelectItem } from './soql-parser.ts'
import { queryError } from './soql-tokens.ts'
import type { StoredRecord } from './store.ts'
import { presentValue } from './values.ts'

export const aggregateRows = (
  query: Query,
  fields: (ResolvedField | undefined)[],
  groupBy: ResolvedField[],
  found: StoredRecord[],
): JsonObject[] => {
  const columns = query.select.map((item, index) => ({ item, resolved: fields[index] }))
  for (const { item, resolved } of columns) {
    if (item.kind === 'field' && !groupBy.some((group) => sameField(group, resolved))) {
      throw queryError(
        'MALFORMED_QUERY',
        query.text,
        item.field.position,
        `Field must be grouped or aggregated: ${item.field.path.join('.')}`,
      )
    }
  }
  const groups = new Map<string, StoredRecord[]>(groupBy.length === 0 ? [['[]', []]] : [])
  for (const record of found) {
    const key = JSON.stringify(groupBy.map(({ read }) => read(record)))
    const group = groups.get(key)
    if (group) group.push(record)
    else groups.set(key, [record])
  }
  return [...groups.values()].map((group) => {
    const row: JsonObject = { attributes: { type: 'AggregateResult' } }
    let unnamed = 0
    for (const { item, resolved } of columns) {
      if (!resolved || !('field' in item)) continue
      if (item.kind === 'field') {
        const [first] = group
        row[item.alias ?? resolved.field.name] = presentValue(
          resolved.field,
          first ? resolved.read(first) : null,
        )
      } else {
        row[item.alias ?? `expr${unnamed++}`] = aggregateValue(item, resolved, group)
      }
    }
    return row
  })
}

const sameField = (left: ResolvedField, right: ResolvedField | undefined): boolean =>
  left.field === right?.field && left.hops.every((hop, index) => hop === right.hops[index])

const aggregateValue = (
  item: SelectItem & { kind: 'aggregate' },
  { field, read }: ResolvedField,
  group: StoredRecord[],
): string | number | boolean | null => {
  const values = group.map(read).filter((value) => value !== null)
  switch (item.function) {
    case 'COUNT':
      return values.length
    case 'COUNT_DISTINCT':
      return new Set(values).size
    case 'SUM':
      return values.length === 0
        ? null
        : Number(values.reduce<string>((sum, value) => addDecimals(sum, String(value)), '0'))
    default: {
      const sorted = values.sort((left, right) => compareValues(field, left, right))
      return presentValue(field, (item.function === 'MIN' ? sorted[0] : sorted.at(-1)) ?? null)
    }
  }
}
