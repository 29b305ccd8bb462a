// `hub close 2026-10`: can I sign this month? For people a table, then what differs by cause, then what is parked; with
// `-o json` the stable document. Exit 0 only when it ties, 1 when it differs, 2 when something could not be read, needs a
// person, or the month is not over.
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import Table from 'cli-table3'
import type { Asked } from '../functions/close/evidence.ts'
import hubConfig from '../hub.config.ts'
import { closeLocalMonth } from '../local/hub/close-month.ts'
import { readRunning } from '../local/hub/left-behind.ts'
import { STAGE } from '../local/hub/names.ts'
import { type Clock, systemClock } from '../shared/clock.ts'
import { type Break, type Check, type CheckState, spoken } from '../shared/close/check.ts'
import { type CloseReport, exitCodeOf } from '../shared/close/close.ts'
import { type CloseDocument, closeDocument, closeJson, closingDeferred } from '../shared/close/document.ts'
import { closePage } from '../shared/close/page/close-page.ts'
import { toDecimal } from '../shared/money/money.ts'
import { closeStageMonth } from './close-stage.ts'
import { openStage } from './stage.ts'

export interface CloseOptions {
  /** Absent: the local hub. */
  stage?: string
  /** 'YYYY-MM'. */
  month: string
  json: boolean
  folder: string
  /** A file with the document of the month before, for its closing. */
  previous?: string
  /** A file to write the page to. */
  html?: string
  clock?: Clock
}

/** @returns the exit code. */
export async function close(options: CloseOptions): Promise<number> {
  const { json, html, stage = STAGE } = options
  try {
    const report = await (stage === STAGE ? closeLocal(options) : closeDeployed(stage, options))
    if (!report) return 2
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    const document = closeDocument(report)
    process.stdout.write(json ? closeJson(document) : `${closeText(report)}\n`)
    const isWritten = html === undefined || writePage(html, document, stage)
    return isWritten ? exitCodeOf(report) : 2
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    console.error(`${error.message} Nothing was read. [CLOSE-MONTH]`)
    return 2
  }
}

/** @returns undefined, and says so, when no hub is up. */
async function closeLocal(options: CloseOptions): Promise<CloseReport | undefined> {
  const { month, folder, clock = systemClock } = options
  const hub = readRunning(folder)
  if (hub) return closeLocalMonth({ month, hub, folder, clock, ...askedOf(options) })
  console.error(
    `${month} cannot be judged: no local hub is up in ${folder}/, and its simulated vendors end with it. Nothing was read. Start it with npm start, then: hub close ${month} [CLOSE-NO-HUB]`,
  )
  return undefined
}

async function closeDeployed(name: string, options: CloseOptions): Promise<CloseReport> {
  const asked = { month: options.month, folder: options.folder, ...askedOf(options) }
  const stage = await openStage({ ...options, stage: name })
  try {
    return await closeStageMonth(stage, asked)
  } finally {
    stage.close()
  }
}

const askedOf = ({ previous }: CloseOptions) => ({
  ...(previous !== undefined && { previousClosing: readClosing(previous) }),
  progress: showProgress,
})

/** @throws RangeError when the file says no closing: before anything is read. */
function readClosing(file: string): Record<string, bigint> {
  try {
    return closingDeferred(JSON.parse(readFileSync(file, 'utf8')) as CloseDocument)
  } catch (error) {
    if (error instanceof RangeError) throw error
    throw new RangeError(
      `${file} is no document of a close (${error instanceof Error ? error.message : String(error)}): write it with hub close <month before> -o json > ${file}.`,
    )
  }
}

/** The answer is printed by now: a file that cannot be written must not lose it. */
function writePage(file: string, document: CloseDocument, stage: string): boolean {
  const { livemode } = hubConfig(stage)
  try {
    writeFileSync(file, closePage(document, { hub: { stage, isLive: livemode } }))
    process.stderr.write(`The page is in ${file}.\n`)
    return true
  } catch (error) {
    console.error(
      `The page of ${document.month} was not written to ${file} (${error instanceof Error ? error.message : String(error)}). The month was judged, its answer is above. You: name a file in a folder that exists, then hub close ${document.month} --html <file> [CLOSE-FILE]`,
    )
    return false
  }
}

/** One line that is written over, on a terminal only. */
const showProgress = ({ source, query, rows }: Asked): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${`${source}: ${query}`.slice(0, 60)}  ${rows}\u001b[K`)
}

const WORDS: Readonly<Record<CheckState, string>> = { ties: 'ties', differs: 'DIFFERS', unknown: 'UNKNOWN' }
/** Of one cause; the rest is in the JSON. */
const SHOWN = 5

/** For people. */
export function closeText(report: CloseReport): string {
  const { period, checks, troubles } = report
  const table = new Table({
    head: ['check', '', 'figures'],
    style: { head: [], border: [] },
    wordWrap: true,
  })
  for (const each of checks) table.push([each.title, WORDS[each.state], figuresText(each)])
  return [
    headline(report),
    '',
    table.toString(),
    ...unreadText(checks),
    ...breaksText(checks),
    ...explainedText(checks),
    ...troublesText(troubles),
  ]
    .concat(`As of ${new Date(report.judgedAtSeconds * 1_000).toISOString()}; days in ${period.timeZone}.`)
    .join('\n')
}

function headline({ period, state, checks }: CloseReport): string {
  const differing = checks.filter((each) => each.state === 'differs').length
  const verdict =
    state === 'ties'
      ? 'ties'
      : state === 'differs'
        ? `does not tie: ${differing} of ${checks.length} checks differ`
        : 'cannot be judged: something is not known'
  return period.isOver
    ? `${period.month} ${verdict}.`
    : `${period.month} is not over; until now (${period.lastDay}) it ${verdict}. It can be signed once it has ended.`
}

function figuresText({ figures, state, id }: Check): string {
  if (state === 'unknown' && figures.length === 0) return '–'
  if (figures.length === 0) return id === 'troubles' ? 'nothing' : 'nothing in this month'
  return figures
    .map(({ currency, label, amounts }) => {
      const values = Object.entries(amounts)
      const [, first = 0n] = values[0] ?? []
      const isSame = values.length > 1 && values.every(([, amount]) => amount === first)
      const told = isSame
        ? `${toDecimal({ amountMinor: first, currency })} everywhere`
        : values.map(([name, amount]) => `${name} ${toDecimal({ amountMinor: amount, currency })}`).join(', ')
      return `${currency} ${label}: ${told}`
    })
    .join('\n')
}

function unreadText(checks: readonly Check[]): string[] {
  const unread = checks.flatMap((each) => each.unread)
  const distinct = [...new Map(unread.map((each) => [`${each.source} ${each.why}`, each])).values()]
  if (distinct.length === 0) return []
  return [
    '',
    'Not known',
    ...distinct.map(({ why, owner, next, code }) => `  ${why} ${owner}: ${next} [${code}]`),
  ]
}

/** What the last check found is the list below. */
function breaksText(checks: readonly Check[]): string[] {
  return checks
    .filter(({ id, breaks }) => id !== 'troubles' && breaks.length > 0)
    .flatMap(({ title, breaks }) => [
      '',
      title,
      ...[...Map.groupBy(breaks, ({ cause }) => cause)].flatMap(([cause, group]) => causeText(cause, group)),
    ])
}

/** Two figures of a row may differ and yet tie: then this says why. */
function explainedText(checks: readonly Check[]): string[] {
  const explained = checks.flatMap(({ title, explained: found }) => found.map((each) => ({ title, ...each })))
  if (explained.length === 0) return []
  const groups = Map.groupBy(explained, ({ title, why }) => `${title}: ${why}`)
  return [
    '',
    'Differences that are no error',
    ...[...groups].flatMap(([what, group]) => [
      `  ${what}`,
      ...group
        .slice(0, SHOWN)
        .map(({ object, currency, amountMinor }) => `    ${spoken(amountMinor, currency)}  ${object}`),
      ...(group.length > SHOWN
        ? [`    and ${group.length - SHOWN} more: hub close … -o json lists them all`]
        : []),
    ]),
  ]
}

function causeText(cause: string, group: readonly Break[]): string[] {
  const [first] = group
  const rest = group.length - SHOWN
  return [
    `  ${cause}: ${group.length}${sumText(group)}`,
    ...group.slice(0, SHOWN).map(({ why }) => `    ${why}`),
    ...(rest > 0 ? [`    and ${rest} more: hub close … -o json lists them all`] : []),
    ...(first ? [`    → ${first.owner}: ${first.next}`] : []),
  ]
}

function sumText(group: readonly Break[]): string {
  const sums = new Map<string, bigint>()
  for (const { currency, amountMinor } of group) {
    if (currency !== undefined && amountMinor !== undefined)
      sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor)
  }
  return sums.size === 0
    ? ''
    : `, ${[...sums].map(([currency, amount]) => spoken(amount, currency)).join(', ')}`
}

function troublesText(troubles: CloseReport['troubles']): string[] {
  if (troubles.length === 0) return ['']
  const table = new Table({
    head: ['object', 'system', 'amount', 'state', 'code', 'owner', 'age'],
    style: { head: [], border: [] },
  })
  for (const { object, system, currency, amountMinor, status, code, owner, ageHours } of troubles) {
    const amount = currency === undefined || amountMinor === undefined ? '' : spoken(amountMinor, currency)
    const age = ageHours < 48 ? `${ageHours} h` : `${Math.floor(ageHours / 24)} d`
    table.push([object, system, amount, status, code, owner, age])
  }
  const hints = new Map(troubles.map(({ code, hint }) => [code, hint]))
  return [
    '',
    'Parked, blocked and waiting',
    table.toString(),
    ...[...hints].map(([code, hint]) => `  ${code} → ${hint}`),
    '',
  ]
}
