// What one system says it holds, in terms that can be laid beside another's: records by Stripe's id, in Stripe's words
// and minor units, and the totals they come to. How a system is read is in its own file, what it should hold is in
// expectation.ts.
import { addTo, type TotalsByCurrency } from './totals.ts'

export type SystemName = 'stripe' | 'salesforce' | 'netsuite' | 'avalara' | 'lake'

/** A bigint is an amount in minor units of the record's `currency`. */
export type Facts = { currency?: string; [field: string]: string | bigint | boolean | undefined }

export type InvoiceFacts = {
  currency: string
  totalMinor: bigint
  taxMinor: bigint
  customer?: string
  /** Was finalized at some time, whatever became of it. */
  issued: boolean
  status?: string
  paidMinor?: bigint
  creditedMinor?: bigint
  openMinor?: bigint
  /** Charged, and nobody decided about its tax. */
  untaxed?: boolean
}

export type AmountFacts = {
  currency: string
  amountMinor: bigint
  taxMinor?: bigint
  status?: string
  customer?: string
  invoice?: string
}

/** Alive means: people can still sell to it. */
export type CustomerFacts = { state: 'alive' | 'deleted' }
export type SubscriptionFacts = { status: string; customer?: string }

/** Each record by the Stripe id that it stands for; `voids` and `writeOffs` by their invoice's. */
export interface Records {
  invoices: Map<string, InvoiceFacts>
  payments?: Map<string, AmountFacts>
  refunds?: Map<string, AmountFacts>
  creditNotes?: Map<string, AmountFacts>
  voids?: Map<string, AmountFacts>
  writeOffs?: Map<string, AmountFacts>
  customers?: Map<string, CustomerFacts>
  subscriptions?: Map<string, SubscriptionFacts>
  disputes?: Map<string, AmountFacts>
}

/** A document that belongs to a Stripe object beside the one that stands for it. */
export interface Adjunct {
  /** The Stripe object's id. */
  of: string
  /** In the system's own words. */
  document: string
  customer?: string
}

export type RecordKind = keyof Records

export interface Reading extends Records {
  system: SystemName
  /** How many records the system gave, of all kinds. */
  records: number
  totals: TotalsByCurrency
  /** Ids that more than one record stands for. */
  duplicates: { kind: RecordKind; id: string }[]
  /** Documents that stand for no Stripe object, in the system's own words. */
  strangers: string[]
  adjuncts: Adjunct[]
}

type Rows<M> = M extends Map<string, infer F> ? [id: string, facts: F][] : never
export type RecordRows = { [K in RecordKind]: Rows<NonNullable<Records[K]>> }

/** Totals are taken over the rows, so that a record that stands twice also shows there. */
export function assembleReading(
  system: SystemName,
  rows: Pick<RecordRows, 'invoices'> & Partial<RecordRows>,
  { strangers = [], adjuncts = [] }: { strangers?: string[]; adjuncts?: Adjunct[] } = {},
): Reading {
  const duplicates: Reading['duplicates'] = []
  const index = <F>(kind: RecordKind, list: [string, F][] | undefined): Map<string, F> | undefined => {
    if (!list) return undefined
    const byId = new Map<string, F>()
    for (const [id, facts] of list) {
      if (byId.has(id)) duplicates.push({ kind, id })
      else byId.set(id, facts)
    }
    return byId
  }
  const lists = Object.values(rows)
  return {
    system,
    records: lists.reduce((count, list) => count + list.length, strangers.length + adjuncts.length),
    totals: totalsOf(rows),
    invoices: index('invoices', rows.invoices) ?? new Map(),
    payments: index('payments', rows.payments),
    refunds: index('refunds', rows.refunds),
    creditNotes: index('creditNotes', rows.creditNotes),
    voids: index('voids', rows.voids),
    writeOffs: index('writeOffs', rows.writeOffs),
    customers: index('customers', rows.customers),
    subscriptions: index('subscriptions', rows.subscriptions),
    disputes: index('disputes', rows.disputes),
    duplicates,
    strangers,
    adjuncts,
  }
}

type Iterables = { [K in RecordKind]?: Iterable<[string, Rows<NonNullable<Records[K]>>[number][1]]> }

/** A record without a status is one that its system keeps only while it counts. */
export function totalsOf({
  invoices = [],
  payments = [],
  refunds = [],
  creditNotes = [],
}: Iterables): TotalsByCurrency {
  const totals: TotalsByCurrency = {}
  for (const [, { currency, issued, totalMinor, taxMinor }] of invoices) {
    if (!issued) continue
    addTo(totals, currency, 'invoicedMinor', totalMinor)
    addTo(totals, currency, 'taxMinor', taxMinor)
  }
  for (const [, { currency, amountMinor }] of payments) addTo(totals, currency, 'paidMinor', amountMinor)
  for (const [, { currency, amountMinor, status }] of refunds) {
    if ((status ?? 'succeeded') === 'succeeded') addTo(totals, currency, 'refundedMinor', amountMinor)
  }
  for (const [, { currency, amountMinor, status }] of creditNotes) {
    if (status !== 'void') addTo(totals, currency, 'creditedMinor', amountMinor)
  }
  return totals
}
