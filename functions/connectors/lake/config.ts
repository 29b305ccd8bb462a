// The lake's slice of hub.config.ts. Its bucket is made by the data stack and reaches the Lambda as an address, so
// there is nothing to choose yet, and it holds no credentials: the Lambda's role is its access.
import * as z from 'zod'

export const lakeConfigSchema = z.strictObject({})
