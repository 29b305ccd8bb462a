// What an older version of the hub has written is still read: a deployment meets rows of months ago and messages of minutes
// ago. The fixtures are literal, one file a format version; a line is added when a format gains something, and none is ever
// changed. docs/formats.md says what a version promises.
import { readFileSync } from 'node:fs'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { decodeMessage } from '../../shared/queue/message.ts'
import { db, ledgerOf, table } from './ledger-under-test.ts'

const json = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`formats/${name}`, import.meta.url), 'utf8'))

const row = z.object({
  since: z.string(),
  what: z.string(),
  item: z.record(z.string(), z.unknown()),
  reads: z.unknown(),
})
const message = z.object({ since: z.string(), message: z.string(), reads: z.unknown() })

const noSpill = { put: async () => undefined, get: async () => new Uint8Array() }

describe('ledger rows of format 1', () => {
  const ledger = ledgerOf()
  const read: Record<string, () => Promise<unknown>> = {
    event: () => ledger.findEvent('evt_old1'),
    delivery: async () => (await ledger.deliveriesOf('evt_old1'))[0],
    'state without lastMs, notBeforeMs, verifyDueMs and deaths': () =>
      ledger.readState('netsuite', { type: 'invoice', id: 'in_old1' }),
    lane: () => ledger.readLane('netsuite'),
    cursor: () => ledger.readCursor('sweep'),
  }

  it.each(z.array(row).parse(json('ledger-v1.json')))('$what, as $since wrote it', async (fixture) => {
    await db.send(new PutCommand({ TableName: table, Item: fixture.item }))
    const reading = read[fixture.what]
    if (!reading) throw new Error(`The test does not know how to read ${fixture.what}.`)
    expect(await reading()).toEqual(fixture.reads)
  })

  it('an older row is claimed and settled as a new one is', async () => {
    const ref = { type: 'invoice', id: 'in_old1' }
    const state = await ledger.readState('netsuite', ref)
    const lease = { owner: 'w', untilMs: Number.MAX_SAFE_INTEGER }
    expect(await ledger.claim('netsuite', ref, state, lease)).toBe('claimed')
  })
})

describe('queue messages of format 1', () => {
  it.each(z.array(message).parse(json('messages-v1.json')))('$message', async (fixture) => {
    expect(await decodeMessage(fixture.message, noSpill)).toEqual(fixture.reads)
  })

  it('a format that this hub does not know is refused by its number, never guessed at', async () => {
    await expect(decodeMessage('{"v":2,"touch":{"type":"invoice","id":"in_1"}}', noSpill)).rejects.toThrow(
      'A queue message has format version 2; this hub reads 1.',
    )
  })
})
