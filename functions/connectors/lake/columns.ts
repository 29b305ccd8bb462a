// The columns of the lake's files, as data: the Parquet writer, DuckDB's views and later the Glue table all read
// this list, so that they cannot drift apart. What the columns are filled with is in rows.ts.

export type ColumnType = 'text' | 'bigint' | 'integer' | 'boolean' | 'timestamp'

export interface LakeColumn {
  name: keyof ColumnValues
  type: ColumnType
  nullable: boolean
  /** For the README and the data catalogue. */
  comment: string
}

/** One row as it is written. Timestamps are milliseconds since the epoch, UTC. */
export interface ColumnValues {
  event_id: string
  type: string
  object_type: string | null
  object_id: string | null
  customer_id: string | null
  created: number
  created_s: bigint
  rank: number
  deleted: boolean
  whole: boolean
  api_version: string | null
  livemode: boolean
  account: string | null
  arrived: number
  source: RowSource
  data: string | null
  event: string | null
}

export type RowSource = 'snapshot' | 'thin' | 'observation'

export const LAKE_COLUMNS: readonly LakeColumn[] = [
  {
    name: 'event_id',
    type: 'text',
    nullable: false,
    comment: 'evt_…; obs_<object>_<as of> for an observation',
  },
  { name: 'type', type: 'text', nullable: false, comment: 'invoice.paid, …; observation' },
  {
    name: 'object_type',
    type: 'text',
    nullable: true,
    comment: "Stripe's object name: invoice, customer, …",
  },
  {
    name: 'object_id',
    type: 'text',
    nullable: true,
    comment: 'in_…; null for objects without an id (balance)',
  },
  { name: 'customer_id', type: 'text', nullable: true, comment: 'the customer it belongs to' },
  { name: 'created', type: 'timestamp', nullable: false, comment: "the event's time by Stripe's clock" },
  { name: 'created_s', type: 'bigint', nullable: false, comment: 'the same in whole seconds, for ordering' },
  { name: 'rank', type: 'integer', nullable: false, comment: 'order within one second' },
  { name: 'deleted', type: 'boolean', nullable: false, comment: 'the object is gone after this' },
  { name: 'whole', type: 'boolean', nullable: false, comment: 'no list is cut, and the pinned API version' },
  { name: 'api_version', type: 'text', nullable: true, comment: 'of the payload; null on thin events' },
  { name: 'livemode', type: 'boolean', nullable: false, comment: 'live or test' },
  { name: 'account', type: 'text', nullable: true, comment: "acct_…; null: the hub's own account" },
  { name: 'arrived', type: 'timestamp', nullable: false, comment: 'when the hub received or fetched it' },
  { name: 'source', type: 'text', nullable: false, comment: 'snapshot, thin or observation' },
  { name: 'data', type: 'text', nullable: true, comment: 'JSON of data.object' },
  {
    name: 'event',
    type: 'text',
    nullable: true,
    comment: 'JSON of the event as it came; null on observations',
  },
]
