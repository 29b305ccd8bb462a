// What is asked about, as AvaTax takes it: a price's amount is looked up in Stripe, an amount is taken as it is given.
import type Stripe from 'stripe'
import { permanent } from '../../shared/errors.ts'
import { isStripeNotFound, translateStripeError } from '../../shared/stripe/errors.ts'
import type { Catalog } from '../connectors/avalara/catalog.ts'
import type { EstimateLine } from '../connectors/avalara/estimate.ts'
import type { EstimateRequest } from './request.ts'

type Line = EstimateRequest['lines'][number]

/** @throws HubError permanent, naming the field. */
export async function readSoldLines(
  { stripe, catalog }: { stripe: Stripe; catalog: Catalog },
  request: EstimateRequest,
  currency: string,
): Promise<EstimateLine[]> {
  const references = request.lines.map(({ reference }, index) => reference ?? String(index + 1))
  const twice = references.find((each, index) => references.indexOf(each) !== index)
  if (twice !== undefined)
    throw wrong(`lines.${references.lastIndexOf(twice)}.reference`, `"${twice}" stands twice`)
  return Promise.all(
    request.lines.map(async (line, index) => {
      const id = references[index] ?? ''
      const sold = await soldFor(stripe, line, { currency, field: `lines.${index}` })
      return {
        id,
        baseMinor: sold.amountMinor,
        inclusive: sold.inclusive,
        itemCode: sold.product,
        taxCode: await catalog.taxCode(sold.product, `The line ${id}`),
      }
    }),
  )
}

interface Sold {
  amountMinor: bigint
  inclusive: boolean
  product: string | undefined
}

async function soldFor(
  stripe: Stripe,
  line: Line,
  { currency, field }: { currency: string; field: string },
): Promise<Sold> {
  if ('amount' in line) {
    return {
      amountMinor: BigInt(line.amount),
      inclusive: line.tax_behavior === 'inclusive',
      product: line.product,
    }
  }
  const price = await readPrice(stripe, line.price, field)
  if (price.currency !== currency)
    throw wrong(`${field}.price`, `${line.price} is in ${price.currency}, the request in ${currency}`)
  if (price.unit_amount === null)
    throw wrong(
      `${field}.price`,
      `${line.price} has tiers or fractions of a cent; send the amount instead (field amount)`,
    )
  return {
    amountMinor: BigInt(price.unit_amount) * BigInt(line.quantity),
    inclusive: price.tax_behavior === 'inclusive',
    product: typeof price.product === 'string' ? price.product : price.product.id,
  }
}

async function readPrice(stripe: Stripe, id: string, field: string): Promise<Stripe.Price> {
  try {
    return await stripe.prices.retrieve(id)
  } catch (error) {
    if (isStripeNotFound(error)) throw wrong(`${field}.price`, `Stripe has no price ${id}`)
    throw translateStripeError(error, `read price ${id}`, false)
  }
}

const wrong = (field: string, problem: string) =>
  permanent(`No tax is estimated: ${problem} (field ${field}).`, {
    code: 'TAX-REQUEST',
    hint: `The caller: correct field ${field} of the request.`,
  })
