// The tax-hold lane has nothing to configure: it is on whenever the avalara connector is.
import * as z from 'zod'

export const taxHoldConfigSchema = z.strictObject({})
export type TaxHoldConfig = z.infer<typeof taxHoldConfigSchema>
