// The answers of POST /tax/estimate as schemas, for the OpenAPI document. The code answers by its own types; that the two are
// the same is checked when this compiles.
import * as z from 'zod'
import type { TaxEstimate } from './estimate.ts'

const minorUnits = z.int().meta({ description: 'Minor units of the currency' })

const estimateAnswer = z.strictObject({
  currency: z.string(),
  date: z.iso.date().meta({ description: "The day whose rates these are, in the seller's time zone" }),
  amount: minorUnits,
  tax: minorUnits.meta({ description: "AvaTax's tax, in minor units" }),
  total: minorUnits,
  stripe_tax: minorUnits.meta({
    description: 'What Stripe will charge by these rates: it rounds rate by rate, so cents may lie between',
  }),
  lines: z.array(
    z.strictObject({
      reference: z.string(),
      amount: minorUnits,
      tax: minorUnits,
      inclusive: z.boolean(),
      reason: z.string().meta({ description: "Stripe's taxability reason" }),
      tax_rates: z.array(z.string()),
    }),
  ),
  default_tax_rates: z
    .array(z.string())
    .nullable()
    .meta({ description: 'For the whole subscription; null: lines differ, so each item takes its own' }),
  note: z.string().nullable(),
})

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
const isWhatIsAnswered: Same<z.output<typeof estimateAnswer>, TaxEstimate> = true
void isWhatIsAnswered

const failureAnswer = z.strictObject({
  error: z.strictObject({
    code: z.string().meta({ description: 'Stable and searchable: TAX-ADDR' }),
    message: z.string().meta({ description: 'What failed, and what did not happen' }),
    hint: z.string().meta({ description: 'Who mends it, and how' }),
  }),
})

export const answerSchemas = { estimateAnswer, failureAnswer }
