// Where things lie in the lake's bucket, each with its slash. Spilled bodies and the revenue sub-ledger have theirs
// beside these (functions/).

/** The lake's Parquet files, a folder a day: functions/connectors/lake. */
export const EVENTS = 'events/'
/** What Athena answers. */
export const QUERY_RESULTS = 'query-results/'
