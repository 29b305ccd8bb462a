import { expect, it } from 'vitest'
import type { LogLine } from '../log.ts'
import { withCurrentSecrets } from './current-secrets.ts'

function setUp(first: Record<string, unknown>) {
  const secrets = { ...first }
  const log: LogLine[] = []
  let composed = 0
  const source = {
    secret: async (name: string) => {
      const value = secrets[name]
      if (value instanceof Error) throw value
      return value
    },
    log: (line: LogLine) => void log.push(line),
  }
  const compose = (stripe: unknown, netsuite: unknown) => {
    composed += 1
    if (typeof stripe !== 'string') throw new TypeError('a key')
    return async (event: string) => `${event} with ${stripe} and ${String(netsuite)}`
  }
  const handler = withCurrentSecrets(source, ['stripe', 'netsuite'], compose)
  return { secrets, log, handler, composed: () => composed }
}

it('takes up a rolled secret with the next call, and is put together once for each', async () => {
  const { secrets, handler, composed, log } = setUp({ stripe: 'rk_1', netsuite: 'a' })
  const handle = await handler
  expect([await handle('1'), await handle('2')]).toEqual(['1 with rk_1 and a', '2 with rk_1 and a'])
  secrets.stripe = 'rk_2'
  expect([await handle('3'), await handle('4')]).toEqual(['3 with rk_2 and a', '4 with rk_2 and a'])
  expect(composed()).toBe(2)
  expect(log).toEqual([{ line: 'secrets', outcome: 'taken-up', names: ['stripe', 'netsuite'] }])
})

it('a secret that is spoilt or cannot be read changes nothing, and is told without what is in it', async () => {
  const { secrets, handler, log } = setUp({ stripe: 'rk_1', netsuite: 'a' })
  const handle = await handler
  secrets.stripe = { apiKey: 'rk_secret' }
  expect([await handle('1'), await handle('2')]).toEqual(['1 with rk_1 and a', '2 with rk_1 and a'])
  expect(log).toEqual([
    { line: 'secrets', outcome: 'refused', names: ['stripe', 'netsuite'], reason: 'TypeError' },
  ])
  secrets.stripe = new Error('Secrets Manager is away')
  expect(await handle('3')).toBe('3 with rk_1 and a')
  secrets.stripe = 'rk_3'
  expect(await handle('4')).toBe('4 with rk_3 and a')
  expect(JSON.stringify(log)).not.toContain('rk_')
})

it('a function that starts with a spoilt secret does not start', async () => {
  await expect(setUp({ stripe: 3, netsuite: 'a' }).handler).rejects.toThrow('a key')
})
