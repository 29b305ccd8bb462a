// How Salesforce describes an object to a user, as far as the hub asks: what that user may do with it and with each field.
// https://developer.salesforce.com/docs/platform/api-rest/guide/resources-sobject-describe.html
import * as z from 'zod'

export const objectDescription = z.object({
  createable: z.boolean(),
  updateable: z.boolean(),
  deletable: z.boolean(),
  queryable: z.boolean(),
  fields: z.array(
    z.object({
      name: z.string(),
      createable: z.boolean(),
      updateable: z.boolean(),
      externalId: z.boolean(),
      unique: z.boolean(),
      caseSensitive: z.boolean(),
      referenceTo: z.array(z.string()),
    }),
  ),
})
export type ObjectDescription = z.output<typeof objectDescription>
