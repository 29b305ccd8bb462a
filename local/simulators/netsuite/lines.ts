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
 * With it, what the request does not name is gone. The REST API browser (2026.1) lists `replace` for PUT as for PATCH:
 * "Sublists not specified here will have lines added to record."
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
  return key === 'line' || key === 'internalId' ? numberLines(spec, merged, key) : merged
}

function applyPatch(line: Line, patch: LinePatch): Line {
  for (const [name, value] of Object.entries(patch)) line[name] = value ?? undefined
  return line
}

/** A new line takes the next number after the highest. Some records carry their line numbers as texts. */
function numberLines(spec: SublistSpec, lines: Line[], key: 'line' | 'internalId'): Line[] {
  let highest = (spec.firstLine ?? 1) - 1
  for (const line of lines) if (line[key] !== undefined) highest = Math.max(highest, lineNumber(line[key]))
  for (const line of lines) {
    if (line[key] !== undefined) continue
    highest += 1
    line[key] = spec.fields[key]?.kind === 'integer' ? scaled(String(highest)) : String(highest)
  }
  return lines
}

export function lineNumber(value: FieldValue | undefined): number {
  const number = asScaled(value)
  return number === undefined ? Number(asText(value) ?? 0) : Number(number / scaled('1'))
}
