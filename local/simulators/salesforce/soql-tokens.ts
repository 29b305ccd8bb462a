// SOQL text → words, literals and symbols, and what a quoted text says.
// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm
import { RequestRefused } from './errors.ts'

export interface Token {
  kind: 'word' | 'string' | 'number' | 'date' | 'datetime' | 'symbol' | 'end'
  text: string
  position: number
}

/** An error that shows the place in the query, as Salesforce's do. */
export const queryError = (
  errorCode: string,
  text: string,
  position: number,
  message: string,
): RequestRefused =>
  new RequestRefused(
    400,
    errorCode,
    `\n${text}\n${' '.repeat(position)}^\nERROR at Row:1:Column:${position + 1}\n${message}`,
  )

const TOKEN =
  /\s+|(?<datetime>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2}))|(?<date>\d{4}-\d{2}-\d{2})|(?<number>[+-]?\d+(?:\.\d+)?)|(?<word>[A-Za-z_][A-Za-z0-9_.]*)|'(?<string>(?:[^'\\]|\\.)*)'|(?<symbol><=|>=|!=|<>|[=<>(),])/y

const ESCAPES: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
}

export const tokenize = (text: string): Token[] => {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const position = TOKEN.lastIndex
    const groups = TOKEN.exec(text)?.groups
    if (!groups) {
      const rest = text.slice(position)
      throw new RequestRefused(
        400,
        'MALFORMED_QUERY',
        rest.startsWith("'")
          ? `line 1:${text.length} mismatched character '<EOF>' expecting '''`
          : `unexpected token: '${rest.charAt(0)}'`,
      )
    }
    for (const kind of ['datetime', 'date', 'number', 'word', 'string', 'symbol'] as const) {
      const found = groups[kind]
      if (found !== undefined) tokens.push({ kind, text: found, position })
    }
  }
  return [...tokens, { kind: 'end', text: '<EOF>', position: text.length }]
}

/**
 * What a quoted text says. "If you use a backslash character in any other context, an error occurs." LIKE has two escapes
 * of its own, which keep their backslash here.
 */
export const readEscapes = (text: string, forLike: boolean): string =>
  text.replace(/\\(u[0-9A-Fa-f]{4}|.)/g, (whole, sequence: string) => {
    if (forLike && (sequence === '%' || sequence === '_')) return whole
    if (sequence.length === 5) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16))
    const found = ESCAPES[sequence.toLowerCase()]
    if (found !== undefined) return found
    throw new RequestRefused(
      400,
      'MALFORMED_QUERY',
      `Invalid string literal '${text}'. Illegal character sequence '${whole}' in string literal.`,
    )
  })
