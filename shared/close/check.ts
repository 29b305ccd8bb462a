// What a check of the close says: whether it ties, the figures side by side, each difference with who mends it and how,
// what explains a difference that is no error, and on what the judgement rests. What could not be read is unknown, never a tie.
import { toDecimal } from '../money/money.ts'

export type CheckState = 'ties' | 'differs' | 'unknown'
export type CheckId = 'posted' | 'clearing' | 'tax' | 'receivables' | 'deferred' | 'troubles'

/** One currency, laid side by side. */
export interface Figure {
  currency: string
  /** 'payments', 'US / CA', 'closing'. */
  label: string
  /** Minor units by system or term: { stripe, netsuite }. */
  amounts: Record<string, bigint>
}

export interface Break {
  /** 'invoice INV-0042', 'clearing USD'. */
  object: string
  currency?: string
  /** By how much it differs. */
  amountMinor?: bigint
  /** Stable, for grouping: 'missing', 'wrong-date'. */
  cause: string
  why: string
  owner: string
  next: string
}

/** Stands between two figures that both are right: money on its way, a fee that waits for its payout. */
export interface Explained {
  object: string
  currency: string
  amountMinor: bigint
  why: string
}

export interface Evidence {
  source: string
  /** The query or call, as it can be repeated. */
  query: string
  rows: number
  hash: string
  /** ISO 8601. */
  asOf: string
}

/** A system that did not answer, or is not connected. */
export interface Unread {
  source: string
  why: string
  owner: string
  next: string
  code: string
}

export type Reading<T> = { value: T; evidence: Evidence[] } | { unread: Unread }

export interface Check {
  id: CheckId
  title: string
  state: CheckState
  figures: Figure[]
  breaks: Break[]
  explained: Explained[]
  unread: Unread[]
  evidence: Evidence[]
}

export interface Finding {
  figures: Figure[]
  breaks: Break[]
  explained?: Explained[]
}

type Values<R extends readonly Reading<unknown>[]> = {
  [K in keyof R]: R[K] extends Reading<infer T> ? T : never
}

/** Judges once everything was read; with anything unread the check is unknown, and says what it waits for. */
export function check<const R extends readonly Reading<unknown>[]>(
  id: CheckId,
  title: string,
  readings: R,
  judge: (...values: Values<R>) => Finding,
): Check {
  const unread = readings.flatMap((reading) => ('unread' in reading ? [reading.unread] : []))
  const evidence = readings.flatMap((reading) => ('unread' in reading ? [] : reading.evidence))
  const values = readings.flatMap((reading) => ('unread' in reading ? [] : [reading.value]))
  if (unread.length > 0)
    return { id, title, state: 'unknown', figures: [], breaks: [], explained: [], unread, evidence }
  const { figures, breaks, explained = [] } = judge(...(values as Values<R>))
  return {
    id,
    title,
    state: breaks.length > 0 ? 'differs' : 'ties',
    figures,
    breaks,
    explained,
    unread,
    evidence,
  }
}

export const spoken = (amountMinor: bigint, currency: string): string =>
  `${currency} ${toDecimal({ amountMinor, currency })}`

/** Sums by currency and label, in the order in which labels first come; currencies alphabetically. */
export class Figures {
  private readonly rows = new Map<string, Figure>()
  private readonly columns: readonly string[]

  constructor(columns: readonly string[]) {
    this.columns = columns
  }

  add(currency: string, label: string, column: string, amountMinor: bigint): void {
    const key = `${currency} ${label}`
    const row = this.rows.get(key) ?? {
      currency,
      label,
      amounts: Object.fromEntries(this.columns.map((name) => [name, 0n])),
    }
    row.amounts[column] = (row.amounts[column] ?? 0n) + amountMinor
    this.rows.set(key, row)
  }

  list(): Figure[] {
    return [...this.rows.values()].sort((a, b) =>
      a.currency === b.currency ? 0 : a.currency < b.currency ? -1 : 1,
    )
  }
}
