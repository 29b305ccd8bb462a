// SOQL as this connector needs it: quoted values, in lists short enough for one GET.
// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm

/** As many values as a read may ask for at once. */
const VALUES_PER_QUERY = 200
/** Salesforce takes 16,384 bytes of URI; the rest of the query has its place too. */
const ENCODED_BYTES_PER_QUERY = 12_000

const quote = (value: string): string => `'${value.replace(/[\\']/g, '\\$&').replace(/[\r\n]/g, ' ')}'`

/** Splits values so that each `IN (…)` fits into one query. */
export function splitForQuery(values: Iterable<string>): string[][] {
  const parts: string[][] = []
  let part: string[] = []
  let bytes = 0
  for (const value of new Set(values)) {
    const size = encodeURIComponent(quote(value)).length + '%2C'.length
    if (part.length === VALUES_PER_QUERY || (part.length > 0 && bytes + size > ENCODED_BYTES_PER_QUERY)) {
      parts.push(part)
      part = []
      bytes = 0
    }
    part.push(value)
    bytes += size
  }
  if (part.length > 0) parts.push(part)
  return parts
}

export const inList = (field: string, values: readonly string[]): string =>
  `${field} IN (${values.map(quote).join(',')})`
