// Looks up what Stripe says about prices and products: whether a price includes its tax, and under which AvaTax code
// a product is sold. Shared over a batch, and for a minute beyond.
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../../../shared/clock.ts'
import { type HubError, permanent } from '../../../shared/errors.ts'
import { isStripeNotFound, translateStripeError } from '../../../shared/stripe/errors.ts'
import type { AvalaraConfig } from './config.ts'

interface Known<T> {
  untilSeconds: number
  value: Promise<T>
}

const KEEP_SECONDS = 60

export class Catalog {
  private readonly stripe: Stripe
  private readonly clock: Clock
  private readonly taxCodes: AvalaraConfig['taxCodes']
  private readonly inclusive = new Map<string, Known<boolean>>()
  private readonly codes = new Map<string, Known<string>>()

  constructor(options: { stripe: Stripe; clock: Clock; taxCodes: AvalaraConfig['taxCodes'] }) {
    this.stripe = options.stripe
    this.clock = options.clock
    this.taxCodes = options.taxCodes
  }

  /** Lines without a price, and prices without a tax behaviour, are exclusive: Stripe's default for manual tax. */
  isInclusive(priceId: string | undefined): Promise<boolean> {
    if (priceId === undefined) return Promise.resolve(false)
    return this.remember(this.inclusive, priceId, async () => {
      try {
        return (await this.stripe.prices.retrieve(priceId)).tax_behavior === 'inclusive'
      } catch (error) {
        if (isStripeNotFound(error)) return false
        throw translateStripeError(error, `read price ${priceId}`, false)
      }
    })
  }

  /** @throws permanent TAX-CODE when nothing maps the product; its next change in Stripe redrives. */
  taxCode(productId: string | undefined, document: string): Promise<string> {
    const { byProduct, byStripeTaxCode, default: fallback } = this.taxCodes
    if (productId === undefined) {
      if (fallback === undefined) return Promise.reject(unmapped(undefined, document))
      return Promise.resolve(fallback)
    }
    return this.remember(this.codes, productId, async () => {
      const product = await this.product(productId)
      const stripeCode = typeof product?.tax_code === 'string' ? product.tax_code : product?.tax_code?.id
      const code =
        product?.metadata.avatax_tax_code ||
        byProduct[productId] ||
        (stripeCode && byStripeTaxCode[stripeCode]) ||
        fallback
      if (!code) throw unmapped(productId, document)
      return code
    })
  }

  private async product(id: string): Promise<Stripe.Product | undefined> {
    try {
      const product: Stripe.Product | Stripe.DeletedProduct = await this.stripe.products.retrieve(id)
      return product.deleted ? undefined : product
    } catch (error) {
      if (isStripeNotFound(error)) return undefined
      throw translateStripeError(error, `read product ${id}`, false)
    }
  }

  /** A failure is not remembered: the next look, after somebody mended it, must see the change. */
  private remember<T>(known: Map<string, Known<T>>, id: string, look: () => Promise<T>): Promise<T> {
    const nowS = nowSeconds(this.clock)
    const entry = known.get(id)
    if (entry && entry.untilSeconds > nowS) return entry.value
    const value = look()
    known.set(id, { untilSeconds: nowS + KEEP_SECONDS, value })
    value.catch(() => known.delete(id))
    return value
  }
}

function unmapped(productId: string | undefined, document: string): HubError {
  const what = productId === undefined ? 'a line without a product' : `product ${productId}`
  return permanent(
    `${document} is not taxed: no AvaTax tax code is known for ${what}. Nothing was calculated.`,
    {
      code: 'TAX-CODE',
      hint:
        productId === undefined
          ? 'hub.config.ts → avalara.taxCodes.default (field taxCode). Then: hub replay --parked'
          : `Stripe admin: set metadata avatax_tax_code on ${productId} (field taxCode); it resumes alone. Or hub.config.ts → avalara.taxCodes.byProduct, then: hub replay --parked`,
      waitsOn: productId === undefined ? [] : [{ type: 'product', id: productId }],
    },
  )
}
