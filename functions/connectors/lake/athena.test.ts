// The words only; that another parser takes them is `npm run check:template`.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { athenaViews, glueColumns } from './athena.ts'
import { QUESTIONS } from './questions.ts'

const statementOf = (name: string): string =>
  athenaViews.find((view) => view.name === name)?.statement ?? `no view ${name}`

/** https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html, those of a SELECT. */
const RESERVED =
  'alter and as between by case cast constraint create cross cube current_date current_time current_timestamp deallocate delete describe distinct drop else end escape except execute exists extract first for from full group grouping having in inner insert intersect into is join last left like localtime localtimestamp natural normalize not null on or order outer prepare recursive right rollup select skip table then trim true uescape union unnest using values when where with'.split(
    ' ',
  )

describe("Athena's table", () => {
  it('has the columns of the files, in their order', () => {
    expect(glueColumns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'event_id string',
      'type string',
      'object_type string',
      'object_id string',
      'customer_id string',
      'created timestamp',
      'created_s bigint',
      'rank int',
      'deleted boolean',
      'whole boolean',
      'api_version string',
      'livemode boolean',
      'account string',
      'arrived timestamp',
      'source string',
      'data string',
      'event string',
    ])
  })
})

describe("Athena's views", () => {
  it('come in the order in which they can be made, and never make the table itself', () => {
    const names = athenaViews.map(({ name }) => name)
    expect(names.slice(0, 5)).toEqual(['entries', 'events', 'objects', 'deleted_objects', 'unsettled'])
    expect(names).not.toContain('lake')
    expect(names).toContain('invoice_line_items')
  })

  it('read times without a zone and JSON as text, the only kinds that a view may have', () => {
    const refunds = statementOf('refunds')
    expect(refunds).toContain(
      "CAST(from_unixtime(CAST(json_extract_scalar(data, '$.created') AS BIGINT)) AT TIME ZONE 'UTC' AS TIMESTAMP) AS created",
    )
    expect(refunds).toContain("json_format(json_extract(data, '$.metadata')) AS metadata")
    expect(refunds).toContain("CAST(json_extract_scalar(data, '$.amount') AS BIGINT) AS amount")
  })

  it('make a row of each element of a list', () => {
    const items = statementOf('subscription_items')
    expect(items).toContain(
      "FROM (SELECT objects.*, element FROM objects CROSS JOIN UNNEST(CAST(json_extract(data, '$.items.data') AS ARRAY(JSON))) AS list (element) WHERE object_type = 'subscription' AND NOT deleted) AS rows_of_list",
    )
    expect(items).toContain("json_extract_scalar(element, '$.id') AS id")
  })

  it('join what has no null by a plain comparison', () => {
    expect(statementOf('unsettled')).toContain(
      'ON e.account IS NOT DISTINCT FROM n.account AND e.livemode = n.livemode AND e.object_type IS NOT DISTINCT FROM n.object_type AND e.object_id = n.object_id',
    )
  })

  it('use no reserved word as a name', () => {
    for (const { name, statement } of athenaViews) {
      expect(RESERVED).not.toContain(name)
      for (const [, column] of statement.matchAll(/ AS (\w+)(?:,|\n)/g))
        expect(RESERVED).not.toContain(column)
    }
  })
})

it('the five questions stand in the README as they are saved', () => {
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
  expect(QUESTIONS).toHaveLength(5)
  for (const { asks, sql } of QUESTIONS) expect(readme).toContain(`-- ${asks}\n${sql};`)
})
