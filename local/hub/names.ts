// What things are called in the local hub's folder and its embedded AWS.

export const STAGE = 'local'
export const LEDGER_TABLE = 'switchyard-ledger'
export const LAKE_BUCKET = 'switchyard-lake'
/** Under the hub's folder. */
export const BUCKETS_FOLDER = 's3'
export const TABLES_FOLDER = 'tables'
