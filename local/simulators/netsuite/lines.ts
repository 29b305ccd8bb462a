// How lines in a request meet the lines that stand: appended, updated by key, or replaced. What a line means is the
// record's business.
//
// Operations on sublists: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_1545142407.html
// Keys (item and journal lines by `line`, apply by `doc`, addresses by internal id):
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N3441570.html
import { scaled } from './money.ts'
import { asScaled, asText, type FieldValue, type Line, type SublistSpec } from './schema.ts'
import type { LinePatch } from './validation.ts'

/**
 * Without `replace`, a line that names no existing key is appended: an invoice sent twice has its lines twice.
 * With it, what the request does not name is gone. Reading: both hold for PUT as for PATCH (POST has nothing yet).
 */
export function mergeLines(
  spec: SublistSpec,
  standing: Line[],
  patches: LinePatch[],
  replace: boolean,
): Line[] {
  const key = spec.key
  const merged = replace ? [] : standing.map((line) => ({ ...line }))
  for (const patch of patches) {
    const wanted = key === undefined ? undefined : patch[key]
    const sameKey = (line: Line): boolean => key !== undefined && wanted !== undefined && line[key] === wanted
    const target = merged.find(sameKey)
    if (target) applyPatch(target, patch)
    else merged.push(applyPatch({ ...(replace ? standing.find(sameKey) : {}) }, patch))
  }
  return key === 'line' || key === 'internalId' ? numberLines(merged, key) : merged
}

function applyPatch(line: Line, patch: LinePatch): Line {
  for (const [name, value] of Object.entries(patch)) line[name] = value ?? undefined
  return line
}

/** A new line takes the next number after the highest. */
function numberLines(lines: Line[], key: 'line' | 'internalId'): Line[] {
  let highest = 0
  for (const line of lines) highest = Math.max(highest, lineNumber(line[key]))
  for (const line of lines) {
    if (line[key] !== undefined) continue
    highest += 1
    line[key] = key === 'line' ? scaled(String(highest)) : String(highest)
  }
  return lines
}

export function lineNumber(value: FieldValue | undefined): number {
  const number = asScaled(value)
  return number === undefined ? Number(asText(value) ?? 0) : Number(number / scaled('1'))
}
