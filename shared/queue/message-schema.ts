// The first line of a queue message, as a schema for documents and tests. The worker reads it by hand (message.ts): a schema
// would cost every cold start more than the line is worth. A test holds the two together.
import * as z from 'zod'

const object = z
  .strictObject({
    type: z.string().meta({ description: "Stripe's name of the type, as in its `object` field" }),
    id: z.string(),
  })
  .meta({ description: 'A Stripe object of the stage’s own account and mode' })

const version = z.literal(1).meta({ description: 'The format of the message' })
const at = z.int().min(0).meta({ description: 'When ingest accepted it: milliseconds since the epoch' })

export const touchHeader = z.strictObject({
  v: version,
  touch: object,
  why: z.enum(['dependency', 'verify', 'replay', 'sweep', 'backfill']),
})

/** The event follows behind a line feed. */
export const eventHeader = z.strictObject({
  v: version,
  body: z.enum(['json', 'zstd']).meta({
    description: 'json: the event as Stripe sent it; zstd: the same, compressed (Zstandard) and in base64',
  }),
  at,
})

/** Nothing follows. */
export const spilledHeader = z.strictObject({
  v: version,
  body: z.literal('spilled'),
  key: z
    .string()
    .meta({ description: 'Where the event lies in the bucket, compressed: spill/<event id>.json.zst' }),
  at,
})
