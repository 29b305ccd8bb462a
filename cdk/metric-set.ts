// Every custom metric that a hub of these connectors can send, which is what CloudWatch is paid for, and what alarms and
// dashboards may watch. Which function sends what is said in shared/metrics.ts; here, for which lanes.
import type { Manifest } from '../shared/connector/contract.ts'
import { METRICS, type MetricName } from '../shared/metrics.ts'

export interface CustomMetric {
  name: MetricName
  dimensions: Readonly<Record<string, string>>
}

export interface HubShape {
  manifests: readonly Manifest[]
  /** Those of the clearing accounts. */
  currencies: readonly string[]
  /** The hub posts revenue as journals. */
  journalsRevenue: boolean
}

/** Of shared/errors.ts; `rejected` ends at the front door. */
export const ERROR_KINDS = ['transient', 'permanent', 'credential', 'ambiguous', 'invariant'] as const

const projects = ({ style }: Manifest): boolean => style === 'projection'
const taxes = ({ name }: Manifest): boolean => name === 'avalara'

/** Absent: every lane sends it. */
const LANES: Partial<Record<MetricName, (manifest: Manifest) => boolean>> = {
  Unchanged: projects,
  Superseded: projects,
  NewlyParked: projects,
  VendorCalls: projects,
  Throttled: projects,
  ParkedObjects: projects,
  WaitingObjects: projects,
  QuotaLeftPercent: ({ vendor }) => vendor.tellsQuota === true,
  PausedSeconds: ({ pausable }) => pausable,
  TaxDrift: taxes,
  FinalizedUntaxed: taxes,
  UntaxedCredit: taxes,
  TaxFallback: taxes,
  TaxReissued: taxes,
  TaxReleased: ({ name }) => name === 'avalara' || name === 'tax-hold',
}

/** Of the whole hub, sent only where that part of it is switched on. */
const PARTS: Partial<Record<MetricName, (shape: HubShape) => boolean>> = {
  TaxHolds: ({ manifests }) => manifests.some(taxes),
  OldestTaxHoldSeconds: ({ manifests }) => manifests.some(taxes),
  ClearingBreaks: ({ currencies }) => currencies.length > 0,
  JournalsPosted: ({ journalsRevenue }) => journalsRevenue,
}

export function customMetrics(shape: HubShape): CustomMetric[] {
  const { manifests, currencies } = shape
  return (Object.keys(METRICS) as MetricName[]).flatMap((name): CustomMetric[] => {
    const [dimension, second] = METRICS[name].by
    if (dimension === undefined) return (PARTS[name]?.(shape) ?? true) ? [{ name, dimensions: {} }] : []
    if (dimension === 'currency') return currencies.map((currency) => ({ name, dimensions: { currency } }))
    return manifests
      .filter((manifest) => LANES[name]?.(manifest) ?? true)
      .flatMap(({ name: connector }) =>
        second === 'kind'
          ? ERROR_KINDS.map((kind) => ({ name, dimensions: { connector, kind } }))
          : [{ name, dimensions: { connector } }],
      )
  })
}
