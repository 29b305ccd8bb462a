// The shortest log that explains a finding: lines about its object and the events that carried it, and what went wrong
// around them.
import type { Finding, HistoryResult, TraceLine } from '../result.ts'

const MOST_LINES = 60
/** Enough to see how it began; the end is where it broke. */
const FIRST_LINES = 15
/** What a worker says can be long; the whole log has it whole. */
const WIDTH = 180

export interface Explanation {
  lines: TraceLine[]
  /** How many were left out, after line `FIRST_LINES`. */
  leftOut: number
}

export function explain(finding: Finding, { trace }: Pick<HistoryResult, 'trace'>): Explanation {
  const ids = new Set(idsIn(finding.object))
  // About no object: what it came to last says most.
  if (ids.size === 0) {
    return { lines: trace.slice(-MOST_LINES), leftOut: 0 }
  }
  const mentions = ({ text }: TraceLine) => [...ids].some((id) => text.includes(id))
  // An event is named beside its object where it happens, and alone where it travels.
  for (const line of trace.filter(mentions))
    for (const id of idsIn(line.text)) if (id.startsWith('evt_')) ids.add(id)
  const told = trace.filter((line) => isFault(line) || mentions(line))
  if (told.length <= MOST_LINES) return { lines: told, leftOut: 0 }
  const lines = [...told.slice(0, FIRST_LINES), ...told.slice(FIRST_LINES - MOST_LINES)]
  return { lines, leftOut: told.length - lines.length }
}

export function explanationText({ lines, leftOut }: Explanation): string {
  const texts = lines.map(lineText).map((text) => (text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text))
  if (leftOut > 0) texts.splice(FIRST_LINES, 0, `              … ${leftOut} lines`)
  return texts.join('\n')
}

/** '0d 00:12:34.567  netsuite/1        POST … → 200' */
export function lineText({ atMs, actor, text }: TraceLine): string {
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0')
  const seconds = atMs / 1_000
  const day = Math.floor(seconds / 86_400)
  const time = `${two((seconds / 3_600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
  const milliseconds = String(Math.floor(atMs % 1_000)).padStart(3, '0')
  return `${day}d ${time}.${milliseconds}  ${actor.padEnd(16)}  ${text}`
}

/** Ids as Stripe and its kind write them: in_1, evt_…, cus_…. Records are named after them. */
const idsIn = (text: string): string[] => text.match(/\b[a-z]{2,}_[A-Za-z0-9]+\b/g) ?? []

const isFault = ({ actor, text }: TraceLine): boolean =>
  actor === 'fault' || actor === 'network' || /^(dies|stands still)\b/.test(text)
