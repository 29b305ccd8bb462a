import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeEvent, encodeTouch, type SpillStore } from './message.ts'

const spilled = new Map<string, Uint8Array>()
const spill: SpillStore = {
  put: async (key, body) => void spilled.set(key, body),
  get: async (key) => spilled.get(key) ?? new Uint8Array(),
}
const event = (body: string) => ({ id: 'evt_1', body, receivedAtMs: 1_790_000_000_000 })

describe('an event in a queue', () => {
  it('comes out as it went in, whatever its text', async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom('a\nb', '\u0000', '\ufffe', '😀'),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const body = JSON.stringify({ text })
        const message = await encodeEvent(event(body), spill)
        expect(await decodeMessage(message, spill)).toEqual({
          kind: 'event',
          event: body,
          receivedAtMs: 1_790_000_000_000,
        })
      }),
    )
  })

  it('is one that SQS takes, also where its text holds what XML cannot', async () => {
    const message = await encodeEvent(event('{"name":"\ufffe"}'), spill)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(message).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
  })

  it('stands as it came when it is small, and is compressed when it is not', async () => {
    expect(await encodeEvent(event('{"a":1}'), spill)).toBe(
      '{"v":1,"body":"json","at":1790000000000}\n{"a":1}',
    )
    const large = await encodeEvent(event(JSON.stringify({ a: 'x'.repeat(10_000) })), spill)
    expect(large.length).toBeLessThan(200)
  })
})

describe('a message', () => {
  it('of another format version is refused, never guessed at', async () => {
    await expect(decodeMessage('{"v":2}\n{}', spill)).rejects.toThrow('format version 2; this hub reads 1')
    await expect(decodeMessage('hello', spill)).rejects.toThrow('does not begin with a line of JSON')
    await expect(decodeMessage('{"v":1}', spill)).rejects.toThrow('neither an event nor a touch')
  })

  it('may be a touch', async () => {
    const object = { type: 'invoice', id: 'in_1' }
    expect(await decodeMessage(encodeTouch(object, 'sweep'), spill)).toEqual({
      kind: 'touch',
      object,
      reason: 'sweep',
    })
  })
})
