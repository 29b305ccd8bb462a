// A batch of which AWS does a part only and names the rest: UnprocessedKeys, UnprocessedItems or Failed. The SDK takes such
// an answer as a success; the caller alone can ask again.
import * as z from 'zod'
import type { Dice } from '../dice.ts'
import { type AwsRequest, type AwsResponse, jsonOf, targetOf } from './wire.ts'

export interface PartOfBatch {
  /** What is to be done; undefined when nothing is. */
  request: AwsRequest | undefined
  /** The whole answer, from that to `request`. */
  answer(response: AwsResponse | undefined): AwsResponse
}

/**
 * Draws for each entry whether it is done. Undefined when the request is no batch, or one that cannot be cut.
 *
 * DynamoDB does something of a batch or refuses the call, so one entry is always done there; SQS may fail them all.
 */
export function partOfBatch(request: AwsRequest, dice: Dice): PartOfBatch | undefined {
  switch (targetOf(request)) {
    case 'BatchGetItem':
      return partOfKeys(request, dice)
    case 'BatchWriteItem':
      return partOfWrites(request, dice)
    case 'SendMessageBatch':
    case 'ChangeMessageVisibilityBatch':
    case 'DeleteMessageBatch':
      return partOfEntries(request, dice)
    default:
      return undefined
  }
}

// One table each: the ledger is one, and a batch over several goes through whole.
const keysSchema = z.object({
  RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(z.unknown()) })),
})
const writesSchema = z.object({ RequestItems: z.record(z.string(), z.array(z.unknown())) })

function partOfKeys(request: AwsRequest, dice: Dice): PartOfBatch | undefined {
  const json = keysSchema.parse(jsonOf(request))
  const [[table, asked] = [], another] = Object.entries(json.RequestItems)
  const cut = another || !asked ? undefined : splitItems(asked.Keys, dice)
  if (table === undefined || !cut) return undefined
  const of = (Keys: unknown[]) => ({ [table]: { ...asked, Keys } })
  return {
    request: { ...request, body: JSON.stringify({ ...json, RequestItems: of(cut.done) }) },
    answer: (response) => withMembers(response, () => ({ UnprocessedKeys: of(cut.undone) })),
  }
}

function partOfWrites(request: AwsRequest, dice: Dice): PartOfBatch | undefined {
  const json = writesSchema.parse(jsonOf(request))
  const [[table, asked] = [], another] = Object.entries(json.RequestItems)
  const cut = another || !asked ? undefined : splitItems(asked, dice)
  if (table === undefined || !cut) return undefined
  return {
    request: { ...request, body: JSON.stringify({ ...json, RequestItems: { [table]: cut.done } }) },
    answer: (response) => withMembers(response, () => ({ UnprocessedItems: { [table]: cut.undone } })),
  }
}

/** Both halves hold something. */
function splitItems(
  items: readonly unknown[],
  dice: Dice,
): { done: unknown[]; undone: unknown[] } | undefined {
  if (items.length < 2) return undefined
  const done = dice.below(items.length)
  const undone = (done + 1 + dice.below(items.length - 1)) % items.length
  return split(items, (index) => index === done || (index !== undone && dice.chance(0.5)))
}

const entriesSchema = z.looseObject({ Entries: z.array(z.looseObject({ Id: z.string() })).min(1) })
const failedSchema = z.looseObject({ Failed: z.array(z.unknown()).default([]) })

function partOfEntries(request: AwsRequest, dice: Dice): PartOfBatch | undefined {
  const parsed = entriesSchema.safeParse(jsonOf(request))
  if (!parsed.success) return undefined
  const { Entries } = parsed.data
  const certain = dice.below(Entries.length)
  const { done, undone } = split(Entries, (index) => index !== certain && dice.chance(0.5))
  const failures = undone.map(({ Id }) => ({
    Id,
    SenderFault: false,
    Code: 'InternalError',
    Message: 'We encountered an internal error. Please try again.',
  }))
  return {
    request:
      done.length > 0 ? { ...request, body: JSON.stringify({ ...parsed.data, Entries: done }) } : undefined,
    answer: (response) =>
      withMembers(response, (body) => ({ Failed: [...failedSchema.parse(body).Failed, ...failures] })),
  }
}

function split<Entry>(
  list: readonly Entry[],
  isDone: (index: number) => boolean,
): { done: Entry[]; undone: Entry[] } {
  const done: Entry[] = []
  const undone: Entry[] = []
  for (const [index, entry] of list.entries()) (isDone(index) ? done : undone).push(entry)
  return { done, undone }
}

const NOTHING_DONE: AwsResponse = {
  statusCode: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: '{"Successful":[]}',
}

function withMembers(
  response: AwsResponse = NOTHING_DONE,
  members: (body: Record<string, unknown>) => object,
): AwsResponse {
  if (response.statusCode !== 200) return response
  const body = z.looseObject({}).parse(JSON.parse(String(response.body)))
  return { ...response, body: Buffer.from(JSON.stringify({ ...body, ...members(body) })) }
}
