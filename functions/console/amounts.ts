// An invoice's amounts in every system, side by side: read when somebody asks for them, kept for a minute, each system on its
// own, so that one that does not answer hides nothing of the others. What was not read is not known, and never equal.
import type Stripe from 'stripe'
import type { Clock } from '../../shared/clock.ts'
import type { Manifest, ObjectRef } from '../../shared/connector/contract.ts'
import { AMOUNT_LABELS, type AmountLabel, type LookAnswer } from '../../shared/connector/look.ts'
import { fromDecimal } from '../../shared/money/money.ts'
import { translateStripeError } from '../../shared/stripe/errors.ts'
import { Cache } from './cache.ts'

export interface SystemAmounts {
  system: string
  /** `none`: nothing of it stands there. */
  state: 'read' | 'none' | 'unknown'
  /** Minor units; what the system does not say is left out. */
  minor: Partial<Record<AmountLabel, bigint>>
  /** 'cancelled', or why it is not known. */
  note?: string
}

export interface SideBySide {
  /** ISO, upper case. */
  currency: string
  /** Stripe first. */
  systems: SystemAmounts[]
  /** ISO. */
  readAt: string
}

/** @returns undefined for what has no such amounts. @throws HubError when Stripe does not answer. */
export type Amounts = (object: ObjectRef) => Promise<SideBySide | undefined>

export interface AmountsOptions {
  stripe: Stripe
  /** Of the connectors whose systems can be looked into. */
  manifests: readonly Manifest[]
  /** Rejects when the function of that connector fails. */
  look(connector: string, objects: readonly ObjectRef[]): Promise<LookAnswer>
  clock: Clock
}

const KEPT_MS = 60_000

export function createAmounts(options: AmountsOptions): Amounts {
  const cache = new Cache(options.clock, KEPT_MS, (id) => readInvoice(id, options))
  return async ({ type, id }) => (type === 'invoice' ? cache.get(id) : undefined)
}

async function readInvoice(
  id: string,
  { stripe, manifests, look, clock }: AmountsOptions,
): Promise<SideBySide> {
  const [invoice, notes] = await Promise.all([
    stripe.invoices.retrieve(id, { expand: ['payments'] }),
    stripe.creditNotes.list({ invoice: id, limit: 100 }),
  ]).catch((error: unknown) => {
    throw translateStripeError(error, `reading the amounts of invoice ${id}`, false)
  })
  const currency = invoice.currency.toUpperCase()
  const objects = [
    { type: 'invoice', id },
    ...notes.data.map((note) => ({ type: 'credit_note', id: note.id })),
  ]
  const systems = await Promise.all(
    manifests.map(async ({ name, title, objects: kept }): Promise<SystemAmounts> => {
      const answer = await look(
        name,
        objects.filter(({ type }) => type in kept),
      ).catch((): LookAnswer => ({ failed: `The hub's own function for ${title} did not answer.` }))
      if ('failed' in answer) return { system: title, state: 'unknown', minor: {}, note: answer.failed }
      return sumOf(title, answer, currency)
    }),
  )
  return {
    currency,
    systems: [stripeAmounts(invoice, notes.data), ...systems],
    readAt: new Date(clock.now()).toISOString(),
  }
}

function stripeAmounts(invoice: Stripe.Invoice, notes: readonly Stripe.CreditNote[]): SystemAmounts {
  const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + BigInt(part), 0n)
  const payments = invoice.payments?.data ?? []
  return {
    system: 'Stripe',
    state: 'read',
    minor: {
      invoiced: BigInt(invoice.total),
      tax: sum((invoice.total_taxes ?? []).map(({ amount }) => amount)),
      paid: sum(payments.map(({ status, amount_paid }) => (status === 'paid' ? (amount_paid ?? 0) : 0))),
      credited: sum(notes.map(({ status, total }) => (status === 'void' ? 0 : total))),
      open: BigInt(invoice.amount_remaining),
    },
    ...(invoice.status && { note: invoice.status }),
  }
}

function sumOf(
  system: string,
  { records }: Extract<LookAnswer, { records: unknown }>,
  currency: string,
): SystemAmounts {
  const minor: Partial<Record<AmountLabel, bigint>> = {}
  const standing = records.filter(({ remoteId }) => remoteId !== undefined)
  const notes = new Set<string>()
  for (const { amounts = {}, currency: own, note, remoteId, kind, externalId } of records) {
    if (remoteId === undefined) notes.add(`${kind} ${externalId} is not there, though the hub wrote it`)
    if (own !== undefined && own !== currency) notes.add(`in ${own}`)
    if (note !== undefined) notes.add(note)
    for (const label of AMOUNT_LABELS) {
      const amount = amounts[label]
      if (amount !== undefined && own === currency)
        minor[label] = (minor[label] ?? 0n) + fromDecimal(amount, currency).amountMinor
    }
  }
  return {
    system,
    state: standing.length === 0 ? 'none' : 'read',
    minor,
    ...(notes.size > 0 && { note: [...notes].join(', ') }),
  }
}
