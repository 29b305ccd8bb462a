// Stripe tax rates by what they say: the same jurisdiction, percentage and name is one tax rate for ever, however often
// and from wherever it is asked for. It is found by its key in metadata, or created under an idempotency key made of it.
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import { hashJson } from '../../shared/connector/hash.ts'
import { translateStripeError } from '../../shared/stripe/errors.ts'
import { thisMinute } from '../../shared/stripe/tax-hold-marker.ts'
import type { RateData } from '../connectors/avalara/calculation.ts'

/** Metadata of a tax rate that is ours. */
export const RATE_KEY = 'switchyard_rate'
/** Rates hardly change; one that this list does not know is looked for once more before it is made. */
const KEEP_SECONDS = 300
const FRESH_SECONDS = 1

export class TaxRates {
  private readonly stripe: Stripe
  private readonly clock: Clock
  private known: { readSeconds: number; ids: Promise<Map<string, string>> } | undefined
  private readonly making = new Map<string, Promise<string>>()

  constructor(options: { stripe: Stripe; clock: Clock }) {
    this.stripe = options.stripe
    this.clock = options.clock
  }

  /** @returns its id. @throws HubError. */
  async idOf(rate: RateData): Promise<string> {
    const key = hashJson(rate)
    const found = (await this.list(KEEP_SECONDS)).get(key) ?? (await this.list(FRESH_SECONDS)).get(key)
    if (found) return found
    const making = this.making.get(key) ?? this.create(key, rate)
    this.making.set(key, making)
    try {
      const id = await making
      ;(await this.list(KEEP_SECONDS)).set(key, id)
      return id
    } finally {
      this.making.delete(key)
    }
  }

  /** Active ones only: a person who archives a rate wants it used no more. */
  private list(maxAgeSeconds: number): Promise<Map<string, string>> {
    const readSeconds = nowSeconds(this.clock)
    if (this.known && readSeconds - this.known.readSeconds < maxAgeSeconds) return this.known.ids
    const ids = this.stripe.taxRates
      .list({ active: true, limit: 100 })
      .autoPagingToArray({ limit: 10_000 })
      .then(
        (rates) =>
          new Map(
            // Oldest last, so that it is the one that counts should there be two.
            rates.flatMap(({ id, metadata }) => (metadata?.[RATE_KEY] ? [[metadata[RATE_KEY], id]] : [])),
          ),
        (error) => {
          throw translateStripeError(error, 'list the tax rates', false)
        },
      )
    this.known = { readSeconds, ids }
    ids.catch(() => {
      this.known = undefined
    })
    return ids
  }

  private async create(key: string, rate: RateData): Promise<string> {
    const params: Stripe.TaxRateCreateParams = {
      display_name: rate.name,
      percentage: Number(rate.percentage),
      inclusive: rate.inclusive,
      ...(rate.jurisdiction && { jurisdiction: rate.jurisdiction }),
      ...(rate.country && { country: rate.country }),
      ...(rate.state && { state: rate.state }),
      ...(rate.type && { tax_type: rate.type }),
      description: 'Made by Switchyard from an AvaTax estimate.',
      metadata: { [RATE_KEY]: key },
    }
    try {
      const idempotencyKey = `switchyard-rate-${key}`
      const made = await this.stripe.taxRates.create(params, { idempotencyKey })
      const now = await this.stripe.taxRates.retrieve(made.id)
      if (now.active) return now.id
      // Made within a day and archived since: Stripe has only repeated its first answer.
      const again = `${idempotencyKey}-${thisMinute(this.clock)}`
      return (await this.stripe.taxRates.create(params, { idempotencyKey: again })).id
    } catch (error) {
      throw translateStripeError(error, `create the tax rate "${rate.name}"`, true)
    }
  }
}
