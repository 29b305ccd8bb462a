// What people call a Stripe object and what it is worth, asked of Stripe: the ledger knows ids and no amounts. Best effort:
// what Stripe does not say in time is shown by its id, and never as worth nothing.
import pLimit from 'p-limit'
import type { Clock } from '../../shared/clock.ts'
import type { JsonObject, ObjectRef } from '../../shared/connector/contract.ts'
import { parseRefKey, refKey } from '../../shared/ledger/ledger.ts'
import { toDecimal } from '../../shared/money/money.ts'
import type { StripeReader } from '../../shared/stripe/access.ts'
import { Cache } from './cache.ts'

export interface Described {
  /** 'INV-0042', where it has a name of its own. */
  label?: string
  /** ISO, upper case. */
  currency?: string
  /** Decimal. */
  amount?: string
}

/** By `type/id`. At most the first so many are asked for; the others are missing. */
export type Describe = (refs: readonly ObjectRef[]) => Promise<Map<string, Described>>

const KEPT_MS = 60_000
/** Each is a read of Stripe's: https://docs.stripe.com/rate-limits. */
export const MOST_DESCRIBED = 100
const AT_ONCE = 5

const AMOUNTS: Readonly<Record<string, string>> = {
  invoice: 'total',
  credit_note: 'total',
  refund: 'amount',
  dispute: 'amount',
  payout: 'amount',
  invoice_payment: 'amount_requested',
}

export function createDescribe({ reader, clock }: { reader: StripeReader; clock: Clock }): Describe {
  const limit = pLimit(AT_ONCE)
  const cache = new Cache(clock, KEPT_MS, (key) => limit(() => read(parseRefKey(key))))

  async function read(ref: ObjectRef): Promise<Described> {
    if (!(ref.type in AMOUNTS)) return {}
    const fetched = await reader.fetch(ref)
    return 'object' in fetched ? describe(ref.type, fetched.object) : {}
  }

  return async (refs) => {
    const keys = [...new Set(refs.map(refKey))].slice(0, MOST_DESCRIBED)
    const found = await Promise.all(
      keys.map(async (key) => [key, await cache.get(key).catch(() => undefined)] as const),
    )
    return new Map(found.flatMap(([key, described]) => (described ? [[key, described]] : [])))
  }
}

function describe(type: string, object: JsonObject): Described {
  const amount = object[AMOUNTS[type] ?? '']
  const { currency, number } = object
  return {
    ...(typeof number === 'string' && { label: number }),
    ...(typeof currency === 'string' &&
      typeof amount === 'number' && {
        currency: currency.toUpperCase(),
        amount: toDecimal({ amountMinor: BigInt(amount), currency: currency.toUpperCase() }),
      }),
  }
}
