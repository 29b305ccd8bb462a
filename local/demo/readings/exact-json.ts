// HTTP with JSON in which every number stays the text that came over the wire: 0.1 is never a float here.
import type * as z from 'zod'

/** @throws Error with the address, the status and what the vendor said, when the answer is not a success. */
export async function fetchExact<S extends z.ZodType>(
  schema: S,
  url: string,
  request: RequestInit = {},
): Promise<z.output<S>> {
  const response = await fetch(url, request)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url.split('?')[0]} answered ${response.status}: ${text.slice(0, 500)}`)
  return schema.parse(parseExact(text))
}

export const parseExact = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value,
  )

/** A list that was cut would pass for missing records, or hide extra ones. */
export function requireWhole(what: string, read: number, announced: string): void {
  if (String(read) === announced) return
  throw new Error(`${what}: ${announced} were announced and ${read} came. The comparison would be worthless.`)
}
