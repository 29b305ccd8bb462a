// What the tax-hold lane goes by: who may release a draft untaxed while the tax lane stands still. It is avalara's own
// `fallback` in hub.config.ts, so that a name counts in both lanes or in neither; what else stands there is avalara's.
import * as z from 'zod'

export const taxHoldConfigSchema = z
  .object({
    approvers: z.array(z.string()).default([]),
    /** Drafts younger than this wait, approved or not: AvaTax usually comes back. */
    outageMinutes: z.int().min(0).max(1_200).default(60),
  })
  .prefault({})
export type TaxHoldConfig = z.input<typeof taxHoldConfigSchema>
