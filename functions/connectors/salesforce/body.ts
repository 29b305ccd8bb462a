// The forms that values take in a record's body, chosen so that what Salesforce answers can be compared with them
// letter by letter: Salesforce trims texts, has no empty one, and writes times its own way. Pure.
import { permanent } from '../../../shared/errors.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'

/** Salesforce stores texts trimmed, and an empty one as null. */
export function text(value: string | null | undefined): string | null {
  return value?.trim() || null
}

/** Line ends are compared as \n, whichever way Salesforce gives them back. */
export function multiline(value: string | null | undefined): string | null {
  return text(value?.replace(/\r\n?/g, '\n'))
}

/** A description longer than its field ends in a visible "…". For prose only, never for names or ids. */
export function clipped(value: string | null | undefined, length: number): string | null {
  const whole = multiline(value)
  if (whole === null || whole.length <= length) return whole
  // A cut must not leave half of a surrogate pair behind.
  return `${whole
    .slice(0, length - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`
}

/** @param seconds since the epoch, as Stripe has it → "2026-11-01T09:30:00.000+0000", as Salesforce answers. */
export function datetime(seconds: number | null | undefined): string | null {
  if (seconds === null || seconds === undefined) return null
  return new Date(seconds * 1000).toISOString().replace('Z', '+0000')
}

export const checkbox = (value: boolean | null | undefined): boolean => value === true

/** @param minor whole minor units → decimal string in major units. */
export const amount = (minor: number | bigint | null | undefined, currency: string): string | null =>
  minor === null || minor === undefined ? null : toDecimal(money(minor, currency))

/** Texts that identify a record are never cut: too long a one parks the record, naming the field. */
export function fitting(value: string, length: number, field: string, id: string): string {
  if (value.length <= length) return value
  throw permanent(
    `${id} is not in Salesforce: its ${field} has ${value.length} characters, Salesforce takes ${length}. Nothing was written.`,
    {
      code: 'SF-TOO-LONG',
      hint: `Field ${field}. Billing: shorten it in Stripe to at most ${length} characters; it resumes alone.`,
    },
  )
}
