// What may be asked: who buys, where, and what. A wrong field is named, with what belongs there.
import * as z from 'zod'

const addressSchema = z.strictObject({
  line1: z.string().max(200).nullish(),
  line2: z.string().max(200).nullish(),
  city: z.string().max(100).nullish(),
  state: z.string().max(50).nullish(),
  postal_code: z.string().max(20).nullish(),
  country: z.string().regex(/^[A-Za-z]{2}$/, 'a two-letter country code'),
})

const reference = z.string().min(1).max(50).optional()
const priceLine = z.strictObject({
  reference,
  price: z.string().regex(/^price_\w+$/, 'a Stripe price id (price_…)'),
  quantity: z.int().positive().max(1_000_000_000).default(1),
})
const amountLine = z.strictObject({
  reference,
  /** Minor units, after discounts. */
  amount: z.int(),
  product: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'a Stripe product id')
    .optional(),
  tax_behavior: z.enum(['exclusive', 'inclusive']).default('exclusive'),
})

export const requestSchema = z
  .strictObject({
    /** Whose exemption, VAT number and address count. */
    customer: z
      .string()
      .regex(/^cus_\w+$/, 'a Stripe customer id (cus_…)')
      .optional(),
    /** Where it is sold to, when that is not, or not yet, the customer's address. */
    address: addressSchema.optional(),
    currency: z.string().regex(/^[A-Za-z]{3}$/, 'a three-letter currency code'),
    lines: z
      .array(z.union([priceLine, amountLine]))
      .min(1)
      .max(100),
  })
  .refine(({ customer, address }) => customer !== undefined || address !== undefined, {
    path: ['customer'],
    message: 'give a customer, an address, or both',
  })
export type EstimateRequest = z.output<typeof requestSchema>

export type ReadRequest = { request: EstimateRequest } | { field: string; problem: string }

export function readRequest(body: string): ReadRequest {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return { field: 'body', problem: 'it is not JSON' }
  }
  const parsed = requestSchema.safeParse(json)
  if (parsed.success) return { request: parsed.data }
  const [issue] = parsed.error.issues
  // A line that is neither kind tells the fields of the kind that it comes closest to.
  const nested = issue?.code === 'invalid_union' ? closest(issue.errors) : undefined
  const path = [...(issue?.path ?? []), ...(nested?.path ?? [])]
  return {
    field: path.join('.') || 'body',
    problem: nested?.message ?? issue?.message ?? 'it is not understood',
  }
}

const closest = (errors: readonly (readonly z.core.$ZodIssue[])[]): z.core.$ZodIssue | undefined =>
  [...errors].sort((a, b) => a.length - b.length)[0]?.[0]
