// The lake in Athena's words (engine version 3, which is Trino): the columns of its one table, and the same views that
// `hub sql` has. Text generation only; cdk/lake-catalog.ts puts it into Glue and Athena.
// https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html · https://trino.io/docs/current/functions/json.html
import { type ColumnType, LAKE_COLUMNS } from './columns.ts'
import { createView, type Dialect, quote, viewsOverLake } from './views.ts'

/** https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
const GLUE_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'string',
  bigint: 'bigint',
  integer: 'int',
  boolean: 'boolean',
  timestamp: 'timestamp',
}

const athena: Dialect = {
  text: (json, path) => `json_extract_scalar(${json}, ${quote(`$.${path}`)})`,
  // A view has no columns of type JSON: text, which json_extract_scalar reads just as well.
  json: (json, path) => `json_format(json_extract(${json}, ${quote(`$.${path}`)}))`,
  integer: (text) => `CAST(${text} AS BIGINT)`,
  decimal: (text) => `CAST(${text} AS DECIMAL(38, 12))`,
  boolean: (text) => `CAST(${text} AS BOOLEAN)`,
  // Nor of a time with a zone.
  timestamp: (text) => `CAST(from_unixtime(CAST(${text} AS BIGINT)) AT TIME ZONE 'UTC' AS TIMESTAMP)`,
  elements: (from, where, path) =>
    `SELECT ${from}.*, element FROM ${from} CROSS JOIN UNNEST(CAST(json_extract(data, ${quote(`$.${path}`)}) AS ARRAY(JSON))) AS list (element) WHERE ${where}`,
}

/** As a Glue table has them. */
export const glueColumns = LAKE_COLUMNS.map(({ name, type, comment }) => ({
  name,
  type: GLUE_TYPES[type],
  comment,
}))

/** Statements to run once and in this order; each makes or replaces one view. */
export const athenaViews = viewsOverLake(athena).map((view) => ({
  name: view.name,
  statement: createView(view),
}))
