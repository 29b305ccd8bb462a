// Recorded Stripe events, from a file: one event, a list of them, Stripe's list answer, or one a line. Their objects are
// put into the simulated Stripe, so that a fetch finds them, and the events are signed and posted as Stripe would.
import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { SIGNING_SECRETS } from './credentials.ts'
import type { LocalHub } from './hub.ts'

const recordedEvent = z.looseObject({
  id: z.string(),
  type: z.string(),
  created: z.number(),
  data: z.looseObject({ object: z.looseObject({ id: z.string().optional(), object: z.string() }) }),
})
type RecordedEvent = z.output<typeof recordedEvent>

/** @throws Error that names the file and what in it is no event. */
export async function readEvents(file: string): Promise<RecordedEvent[]> {
  const text = await readFile(file, 'utf8')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line, index) => {
        try {
          return JSON.parse(line)
        } catch {
          throw new Error(
            `${file}, line ${index + 1}: not JSON. Give one event, a list of events, or one event a line.`,
          )
        }
      })
  }
  const listed = z.looseObject({ data: z.array(z.unknown()) }).safeParse(json)
  const candidates = Array.isArray(json) ? json : listed.success ? listed.data.data : [json]
  return candidates.map((candidate, index) => {
    const parsed = recordedEvent.safeParse(candidate)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new Error(`${file}, event ${index + 1}: ${issue?.path.join('.')}: ${issue?.message}`)
  })
}

/** The newest rendering of each object, as Stripe would answer after the last event. */
export function seedObjects(hub: LocalHub, events: readonly RecordedEvent[]): number {
  const objects = new Map<string, { id: string; object: string }>()
  for (const { type, data } of [...events].sort((a, b) => a.created - b.created)) {
    const { id, object } = data.object
    if (id === undefined) continue
    if (type.endsWith('.deleted') && object !== 'subscription') objects.delete(id)
    else objects.set(id, { ...data.object, id, object })
  }
  hub.vendors.stripe.seedObjects([...objects.values()])
  return objects.size
}

/** @returns status by event id, in the order of posting. */
export async function postEvents(
  hub: LocalHub,
  events: readonly RecordedEvent[],
): Promise<Map<string, number>> {
  const statuses = new Map<string, number>()
  for (const event of events) {
    const body = JSON.stringify(event)
    const signature = hub.stripe.webhooks.generateTestHeaderString({
      payload: body,
      secret: SIGNING_SECRETS[0],
      timestamp: Math.floor(hub.vendors.now() / 1000),
    })
    const answer = await fetch(`${hub.frontDoor.url}/stripe/webhook`, {
      method: 'POST',
      body,
      headers: { 'stripe-signature': signature },
    })
    statuses.set(event.id, answer.status)
    await answer.text()
  }
  return statuses
}
