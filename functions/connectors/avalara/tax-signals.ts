// What finance must hear of though nothing failed: a recalculation that differs from what was charged, an invoice
// finalized untaxed, a draft taxed by a fallback or released by a person. One wide log line each, with a metric on it
// for an alarm. Amounts and ids only.
import type { Clock } from '../../../shared/clock.ts'
import type { Log } from '../../../shared/log.ts'
import { type MetricName, withMetrics } from '../../../shared/metrics.ts'

/** Metric names; each counts its lines. */
export type TaxSignal = Extract<
  MetricName,
  'TaxDrift' | 'FinalizedUntaxed' | 'UntaxedCredit' | 'TaxFallback' | 'TaxReleased' | 'TaxReissued'
>

const LINES: Readonly<Record<TaxSignal, string>> = {
  TaxDrift: 'tax-drift',
  FinalizedUntaxed: 'finalized-untaxed',
  UntaxedCredit: 'untaxed-credit',
  TaxFallback: 'tax-fallback',
  TaxReleased: 'tax-released',
  TaxReissued: 'tax-reissued',
}

export interface TaxSignalFields {
  /** The Stripe invoice or credit note. */
  document: string
  currency: string
  /** Major units, decimal strings. */
  [amount: string]: string
}

export type TellTax = (signal: TaxSignal, fields: TaxSignalFields) => void

export const tellTax =
  (log: Log, clock: Clock): TellTax =>
  (signal, fields) =>
    log({ line: LINES[signal], ...fields, ...withMetrics(clock, { [signal]: 1 }, { connector: 'avalara' }) })
