// SQL for DuckDB: the views over the lake's files. `events` has every event once; `objects` the newest state of each
// object; one view per Stripe object on top, from tables.ts; `unsettled` says whose newest state cannot be told from
// what has arrived. Text generation only: nothing is opened or run here.
//
// The statements keep to standard window functions; what differs between engines is in a dialect: `duckdb` here, Athena's
// in athena.ts.
import { type ColumnType, LAKE_COLUMNS } from './columns.ts'
import { manifest } from './manifest.ts'
import { LAKE_TABLES, type LakeTable, type TableColumn, type TableColumnType } from './tables.ts'

export interface View {
  name: string
  sql: string
}

/** What differs from one SQL engine to the next. `json` is an expression that holds JSON text. */
export interface Dialect {
  text(json: string, path: string): string
  json(json: string, path: string): string
  integer(text: string): string
  decimal(text: string): string
  boolean(text: string): string
  /** From whole seconds as text. */
  timestamp(text: string): string
  /** A query of `from`'s columns plus `element`: one row per element of the list at `path` in `data`. */
  elements(from: string, where: string, path: string): string
}

/** An engine that opens the files by itself; one with a catalogue has a table `lake` there. */
export interface FileDialect extends Dialect {
  types: Readonly<Record<ColumnType, string>>
  readFiles(folder: string): string
}

export const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`

export const duckdb: FileDialect = {
  types: {
    text: 'VARCHAR',
    bigint: 'BIGINT',
    integer: 'INTEGER',
    boolean: 'BOOLEAN',
    timestamp: 'TIMESTAMP',
  },
  readFiles: (folder) =>
    `read_parquet(${quote(`${folder}/events/*/*.parquet`)}, hive_partitioning = true, hive_types = {dt: DATE}, union_by_name = true)`,
  text: (json, path) => `json_extract_string(${json}, ${quote(`$.${path}`)})`,
  json: (json, path) => `json_extract(${json}, ${quote(`$.${path}`)})`,
  integer: (text) => `CAST(${text} AS BIGINT)`,
  decimal: (text) => `CAST(${text} AS DECIMAL(38, 12))`,
  boolean: (text) => `CAST(${text} AS BOOLEAN)`,
  timestamp: (text) => `make_timestamp(CAST(${text} AS BIGINT) * 1000000)`,
  elements: (from, where, path) =>
    `SELECT *, unnest(CAST(json_extract(data, ${quote(`$.${path}`)}) AS JSON[])) AS element FROM ${from} WHERE ${where}`,
}

/**
 * All views in the order in which they can be created.
 * @param folder the lake's root, which holds `events/`; undefined: no file exists yet, the views are empty.
 */
export function lakeViews(dialect: FileDialect, folder: string | undefined): View[] {
  return [
    {
      name: 'lake',
      sql: folder === undefined ? emptyLake(dialect) : `SELECT * FROM ${dialect.readFiles(folder)}`,
    },
    ...viewsOverLake(dialect),
  ]
}

/** All but `lake` itself, in the order in which they can be created. */
export function viewsOverLake(dialect: Dialect): View[] {
  return [
    ...BASE_VIEWS,
    ...LAKE_TABLES.map((table) => ({ name: table.name, sql: tableView(dialect, table) })),
  ]
}

export const createView = ({ name, sql }: View): string => `CREATE OR REPLACE VIEW ${name} AS\n${sql}`

function emptyLake({ types }: FileDialect): string {
  const columns = LAKE_COLUMNS.map(({ name, type }) => `CAST(NULL AS ${types[type]}) AS ${name}`)
  return `SELECT ${columns.join(', ')}, CAST(NULL AS DATE) AS dt WHERE false`
}

/** Types whose id the caller chooses, so a deleted id can come back. */
const REUSABLE = Object.entries(manifest.objects)
  .filter(([, reading]) => reading.reusableId)
  .map(([type]) => quote(type))
  .join(', ')

const SAME_OBJECT = ['account', 'livemode', 'object_type', 'object_id']
/** Some engines join nothing on a comparison that null passes, unless a plain one stands beside it. */
const MAY_BE_NULL: ReadonlySet<string> = new Set(['account', 'object_type'])
const sameObject = (column: string): string =>
  MAY_BE_NULL.has(column) ? `e.${column} IS NOT DISTINCT FROM n.${column}` : `e.${column} = n.${column}`

const BASE_VIEWS: readonly View[] = [
  {
    // Rows of every file, each event once: the same event may stand in several files. The first arrival counts, so
    // that a late duplicate looks no newer.
    name: 'entries',
    sql: `SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY object_type, event_id ORDER BY arrived) AS copy FROM lake
) AS copies WHERE copy = 1`,
  },
  {
    name: 'events',
    sql: "SELECT * FROM entries WHERE source <> 'observation'",
  },
  {
    // The newest state of each object. A delete is final, whatever an older fetch says, except for ids that can be
    // made again.
    name: 'objects',
    sql: `SELECT * FROM (
  SELECT *, row_number() OVER (
    PARTITION BY ${SAME_OBJECT.join(', ')}
    ORDER BY CASE WHEN deleted AND object_type NOT IN (${REUSABLE}) THEN 0 ELSE 1 END,
      created_s DESC, rank DESC, arrived DESC, event_id DESC
  ) AS place FROM entries WHERE object_id IS NOT NULL AND data IS NOT NULL
) AS states WHERE place = 1`,
  },
  {
    name: 'deleted_objects',
    sql: 'SELECT object_type, object_id AS id, customer_id, created AS deleted_at, livemode FROM objects WHERE deleted',
  },
  {
    // Objects whose newest state is a guess: fetch them (Lake.observe) and they leave this list. An observation says
    // nothing about the second it was made in; which came first cannot be told from arrivals, that two clocks have noted.
    name: 'unsettled',
    sql: `SELECT ${SAME_OBJECT.join(', ')}, min(reason) AS reason FROM (
  SELECT e.account, e.livemode, e.object_type, e.object_id,
    CASE
      WHEN n.object_id IS NULL THEN 'no payload'
      WHEN n.deleted AND n.object_type NOT IN (${REUSABLE}) THEN NULL
      WHEN e.data IS NULL AND e.created_s >= n.created_s AND e.arrived > n.arrived THEN 'no payload'
      WHEN n.source = 'observation' THEN
        CASE WHEN e.source <> 'observation' AND e.created_s >= n.created_s - 1 THEN 'late' END
      WHEN NOT n.whole THEN 'cut short'
      WHEN e.event_id <> n.event_id AND e.created_s = n.created_s AND (e.source = 'observation'
          OR (e.rank = n.rank AND e.data <> n.data)
          OR (n.object_type IN (${REUSABLE}) AND (e.data <> n.data OR e.deleted <> n.deleted)))
        THEN 'tie'
    END AS reason
  FROM entries AS e LEFT JOIN objects AS n
    ON ${SAME_OBJECT.map(sameObject).join(' AND ')}
  WHERE e.object_id IS NOT NULL
) AS doubts WHERE reason IS NOT NULL GROUP BY ${SAME_OBJECT.join(', ')}`,
  },
]

function tableView(dialect: Dialect, table: LakeTable): string {
  const where = `object_type = ${quote(table.objectType)} AND NOT deleted`
  const from = table.each ? `(${dialect.elements('objects', where, table.each)}) AS rows_of_list` : 'objects'
  const selected = [
    ...table.columns.map((column) => `${columnValue(dialect, table, column)} AS ${column.name}`),
    'livemode',
    'created AS as_of',
  ]
  return `SELECT\n  ${selected.join(',\n  ')}\nFROM ${from}${table.each ? '' : ` WHERE ${where}`}`
}

function columnValue(dialect: Dialect, table: LakeTable, column: TableColumn): string {
  const source = table.each && !column.ofObject ? 'element' : 'data'
  const value = typedValue(dialect, column.type, source, column.path)
  return column.minus ? `${value} - ${typedValue(dialect, column.type, source, column.minus)}` : value
}

function typedValue(dialect: Dialect, type: TableColumnType, source: string, path: string): string {
  const text = dialect.text(source, path)
  switch (type) {
    case 'text':
      return text
    case 'id':
      return `COALESCE(${dialect.text(source, `${path}.id`)}, ${text})`
    case 'amount':
    case 'count':
      return dialect.integer(text)
    case 'decimal':
      return dialect.decimal(text)
    case 'boolean':
      return dialect.boolean(text)
    case 'timestamp':
      return dialect.timestamp(text)
    case 'json':
      return dialect.json(source, path)
  }
}
