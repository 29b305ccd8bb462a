// The close as one JSON document: stable names and order, money as decimal strings beside its currency, times as ISO 8601.
// Also what a later month's close reads its opening from.
import { fromDecimal, toDecimal } from '../money/money.ts'
import type { Check } from './check.ts'
import { type CloseReport, exitCodeOf } from './close.ts'

/** Readers refuse another. */
export const CLOSE_FORMAT = 1

const decimal = (amountMinor: bigint, currency: string): string => toDecimal({ amountMinor, currency })

const isoOf = (seconds: number): string => new Date(seconds * 1_000).toISOString()

/** `amount` only together with its currency. */
const moneyOf = ({ currency, amountMinor }: { currency?: string; amountMinor?: bigint }) => ({
  currency: currency ?? null,
  amount: currency === undefined || amountMinor === undefined ? null : decimal(amountMinor, currency),
})

export function closeDocument(report: CloseReport) {
  const { period, state, judgedAtSeconds, checks, troubles } = report
  return {
    format: CLOSE_FORMAT,
    month: period.month,
    timeZone: period.timeZone,
    from: isoOf(period.fromSeconds),
    cutOff: isoOf(period.untilSeconds),
    over: period.isOver,
    state,
    exitCode: exitCodeOf(report),
    judgedAt: isoOf(judgedAtSeconds),
    checks: checks.map(checkDocument),
    troubles: troubles.map((trouble) => ({
      system: trouble.system,
      object: trouble.object,
      status: trouble.status,
      ...moneyOf(trouble),
      code: trouble.code,
      reason: trouble.reason,
      owner: trouble.owner,
      next: trouble.hint,
      since: isoOf(trouble.sinceSeconds),
      ageHours: trouble.ageHours,
    })),
  }
}

export type CloseDocument = ReturnType<typeof closeDocument>

/** Byte for byte what `-o json` prints and the page hands out: a page that is signed names this text by its hash. */
export const closeJson = (document: CloseDocument): string => `${JSON.stringify(document, undefined, 2)}\n`

const checkDocument = (check: Check) => ({
  id: check.id,
  title: check.title,
  state: check.state,
  figures: check.figures.map(({ currency, label, amounts }) => ({
    currency,
    label,
    amounts: Object.fromEntries(
      Object.entries(amounts).map(([name, amountMinor]) => [name, decimal(amountMinor, currency)]),
    ),
  })),
  breaks: check.breaks.map((found) => ({
    object: found.object,
    ...moneyOf(found),
    cause: found.cause,
    why: found.why,
    owner: found.owner,
    next: found.next,
  })),
  explained: check.explained.map((found) => ({ object: found.object, ...moneyOf(found), why: found.why })),
  unread: check.unread,
  evidence: check.evidence,
})

/** What a close document says was deferred at its month's end, by currency. */
export function closingDeferred(document: CloseDocument): Record<string, bigint> {
  const deferred = document.checks.find(({ id }) => id === 'deferred')
  if (document.format !== CLOSE_FORMAT || !deferred || deferred.state === 'unknown')
    throw new RangeError(`The close of ${document.month} does not say what was deferred.`)
  return Object.fromEntries(
    deferred.figures
      .filter(({ label }) => label === 'closing')
      .map(({ currency, amounts }) => [
        currency,
        fromDecimal(amounts.waterfall ?? '0', currency).amountMinor,
      ]),
  )
}
