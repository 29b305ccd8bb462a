// What each system should hold, given what Stripe holds: which records, and of each the fields that the system keeps.
// Written from the promises made to the people who use those systems, not from the connectors' code.
import {
  type AmountFacts,
  type CustomerFacts,
  type Facts,
  type RecordKind,
  type SystemName,
  totalsOf,
} from './reading.ts'
import type { StripeInvoice, StripeReading } from './stripe.ts'
import type { Totals, TotalsByCurrency } from './totals.ts'

export interface Expectation {
  totals: TotalsByCurrency
  /** The figures that the system knows. */
  figures: (keyof Totals)[]
  /** A kind that is absent is not kept there, or not compared. */
  records: Partial<Record<RecordKind, Map<string, Facts>>>
}

const ALL: (keyof Totals)[] = ['invoicedMinor', 'paidMinor', 'refundedMinor', 'creditedMinor', 'taxMinor']

export function expectationOf(system: SystemName, stripe: StripeReading): Expectation {
  switch (system) {
    case 'netsuite':
      return expectBooks(stripe)
    case 'avalara':
      return expectTaxDocuments(stripe)
    case 'salesforce':
      return expectMirror(stripe, (amount) => amount)
    case 'lake':
      // Payments and refunds name no customer in Stripe's own objects, and the lake keeps those as they are.
      return expectMirror(stripe, ({ customer: _, ...amount }) => amount)
    case 'stripe':
      throw new Error('Stripe is what the others are compared with.')
  }
}

/** Everything that Stripe has, drafts included. */
function expectMirror(stripe: StripeReading, payer: (amount: AmountFacts) => AmountFacts): Expectation {
  return {
    totals: stripe.totals,
    figures: ALL,
    records: {
      invoices: pick(
        stripe.invoices,
        () => true,
        ({ currency, totalMinor, taxMinor, ...facts }) => ({
          currency,
          totalMinor,
          taxMinor,
          paidMinor: facts.paidMinor,
          creditedMinor: facts.creditedMinor,
          openMinor: facts.openMinor,
          status: facts.status,
          issued: facts.issued,
          customer: facts.customer,
        }),
      ),
      payments: pick(stripe.payments, () => true, payer),
      // A refund's invoice is found through its payment and cannot always be told.
      refunds: pick(
        stripe.refunds,
        () => true,
        ({ invoice: _, ...refund }) => payer(refund),
      ),
      creditNotes: stripe.creditNotes,
      customers: stripe.customers,
      subscriptions: stripe.subscriptions,
      disputes: pick(stripe.disputes, () => true, payer),
    },
  }
}

/** Documents, each posted once. Voids and write-offs are documents of their own, and leave nothing open. */
function expectBooks(stripe: StripeReading): Expectation {
  const invoices = pick(stripe.invoices, isPosted, (invoice) => ({
    currency: invoice.currency,
    totalMinor: invoice.totalMinor,
    taxMinor: invoice.taxMinor,
    customer: invoice.customer,
    issued: true,
    openMinor:
      invoice.voidedMinor === undefined && invoice.writtenOffMinor === undefined
        ? (invoice.openMinor ?? 0n)
        : 0n,
  }))
  const payments = pick(
    stripe.payments,
    ({ amountMinor }) => amountMinor !== 0n,
    // What came in after a write-off settles its recovery, and not the invoice any more.
    ({ invoice, ...payment }) => {
      const isWrittenOff = stripe.invoices.get(invoice ?? '')?.writtenOffMinor !== undefined
      return isWrittenOff ? payment : { ...payment, invoice }
    },
  )
  // A refund of a payment that no invoice knows is not in these books, as that payment is not.
  const refunds = pick(
    stripe.refunds,
    ({ status, invoice }) => status === 'succeeded' && invoice !== undefined,
    ({ currency, amountMinor, customer }) => ({ currency, amountMinor, customer }),
  )
  const creditNotes = pick(
    stripe.creditNotes,
    ({ status, amountMinor }) => status !== 'void' && amountMinor !== 0n,
    ({ currency, amountMinor, taxMinor, customer }) => ({ currency, amountMinor, taxMinor, customer }),
  )
  return {
    totals: totalsOf({ invoices, payments, refunds, creditNotes }),
    figures: ALL,
    records: {
      invoices,
      payments,
      refunds,
      creditNotes,
      voids: memos(stripe, ({ voidedMinor }) => voidedMinor),
      writeOffs: memos(stripe, ({ writtenOffMinor }) => writtenOffMinor),
      customers: stripe.customers,
    },
  }
}

const isPosted = ({ issued, nothingSold }: StripeInvoice): boolean => issued && !nothingSold

function memos(
  stripe: StripeReading,
  amountOf: (invoice: StripeInvoice) => bigint | undefined,
): Map<string, AmountFacts> {
  return pick(
    stripe.invoices,
    (invoice) => isPosted(invoice) && amountOf(invoice) !== undefined,
    (invoice) => ({
      currency: invoice.currency,
      amountMinor: amountOf(invoice) ?? 0n,
      customer: invoice.customer,
    }),
  )
}

/** What was charged, and whether it still stands. What Stripe's own tax engine taxed is not ours to record. */
function expectTaxDocuments(stripe: StripeReading): Expectation {
  const invoices = pick(
    stripe.invoices,
    (invoice) => isPosted(invoice) && !invoice.taxedByStripe,
    ({ currency, totalMinor, taxMinor, customer, status, untaxed }) => ({
      currency,
      totalMinor,
      taxMinor,
      customer,
      issued: true,
      untaxed,
      status: status === 'void' ? 'void' : 'issued',
    }),
  )
  const creditNotes = pick(
    stripe.creditNotes,
    ({ amountMinor, invoice }) =>
      amountMinor !== 0n && stripe.invoices.get(invoice ?? '')?.taxedByStripe !== true,
    ({ invoice: _, ...note }) => note,
  )
  return {
    totals: totalsOf({ invoices, creditNotes }),
    figures: ['invoicedMinor', 'creditedMinor', 'taxMinor'],
    records: { invoices, creditNotes, voids: taxesTakenBack(stripe) },
  }
}

/**
 * Where credit notes stand, a void takes back what they have left, so that amount and tax come to nothing together with
 * them. Where none stands it is the whole, which the invoice's own status tells.
 */
function taxesTakenBack(stripe: StripeReading): Map<string, AmountFacts> {
  const notes = Map.groupBy(
    [...stripe.creditNotes.values()].filter(({ status }) => status !== 'void'),
    ({ invoice }) => invoice ?? '',
  )
  return new Map(
    [...stripe.invoices]
      .filter(([, each]) => isPosted(each) && !each.taxedByStripe && each.status === 'void')
      .filter(([id]) => notes.has(id))
      .map(([id, { currency, customer, totalMinor, taxMinor }]): [string, AmountFacts] => {
        const own = notes.get(id) ?? []
        const amountMinor = own.reduce((left, each) => left - each.amountMinor, totalMinor)
        return [
          id,
          {
            currency,
            amountMinor,
            taxMinor: own.reduce((left, each) => left - (each.taxMinor ?? 0n), taxMinor),
            customer,
          },
        ]
      }),
  )
}

function pick<F, E extends Facts>(
  records: ReadonlyMap<string, F>,
  isWanted: (facts: F) => boolean,
  keep: (facts: F) => E,
): Map<string, E> {
  const picked = new Map<string, E>()
  for (const [id, facts] of records) if (isWanted(facts)) picked.set(id, keep(facts))
  return picked
}

/** Why a record that stands should not. */
export function whyNone(kind: RecordKind, id: string, stripe: StripeReading): string {
  const known: Facts | undefined =
    kind === 'voids' || kind === 'writeOffs' ? undefined : stripe[kind]?.get(id)
  const invoice = stripe.invoices.get(id)
  if (kind === 'invoices' && invoice?.status === 'draft') return 'none: it is a draft in Stripe'
  if (kind === 'invoices' && invoice?.nothingSold) return 'none: nothing was sold on it'
  if (kind === 'invoices' && invoice?.taxedByStripe) return "none: Stripe's own engine taxes it"
  if (kind === 'voids') return 'none: it is not void in Stripe'
  if (kind === 'writeOffs') return 'none: it was never marked uncollectible in Stripe'
  if (kind === 'customers') return 'deleted: Stripe has no such customer'
  return known === undefined
    ? 'none: Stripe has no such object'
    : `none: in Stripe it is ${known.status ?? 'of no amount'}`
}

/** A record that is kept, marked, after its object is gone is as good as none. */
export const isGone = (facts: Facts | CustomerFacts): boolean => 'state' in facts && facts.state === 'deleted'
