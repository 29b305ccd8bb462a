// The API documents: as the code says now, and valid by the standards' own schemas. That they name every route that is
// deployed is cdk/stage-surface.test.ts.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { asyncApiDocument } from '../../cli/api/asyncapi.ts'
import { apiDocuments } from '../../cli/api/documents.ts'
import { openApiDocument } from '../../cli/api/openapi.ts'
import { encodeEvent, encodeTouch } from '../../shared/queue/message.ts'
import { eventHeader, spilledHeader, touchHeader } from '../../shared/queue/message-schema.ts'

it.each([...apiDocuments()])('%s is what the code says (npm run docs:api writes it)', (file, text) => {
  expect(readFileSync(file, 'utf8')).toBe(text)
})

it('the HTTP routes are valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate({ ...openApiDocument('0.0.0') })
  expect([valid, errors]).toEqual([true, undefined])
  const broken = { ...openApiDocument('0.0.0'), paths: { '/stripe/webhook': { post: { responses: 3 } } } }
  expect((await new Validator().validate(broken)).valid).toBe(false)
})

it('the queues are valid AsyncAPI 3', () => {
  const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json')
  const ajv = new Ajv({ strict: false, validateFormats: false, logger: false })
  const validate = ajv.compile(schema)
  expect([validate(asyncApiDocument('0.0.0')), validate.errors]).toEqual([true, null])
  expect(validate({ ...asyncApiDocument('0.0.0'), channels: { netsuite: { address: 3 } } })).toBe(false)
})

it('what is sent fits the schema of its first line', async () => {
  const spilled: string[] = []
  const spill = {
    put: async (key: string) => void spilled.push(key),
    get: async () => new Uint8Array(),
  }
  const encode = (body: string) => encodeEvent({ id: 'evt_1', body, receivedAtMs: 1_790_000_000_000 }, spill)
  const line = (message: string) => JSON.parse(message.split('\n')[0] ?? '')
  // Noise does not compress: of 3 MB more is left than SQS takes.
  const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(65_536))).toString('base64')
  const huge = Array.from({ length: 40 }, () =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(65_536))).toString('base64'),
  ).join('')
  expect(eventHeader.parse(line(await encode('{}'))).body).toBe('json')
  expect(eventHeader.parse(line(await encode(noise))).body).toBe('zstd')
  expect(spilledHeader.parse(line(await encode(huge))).key).toBe('spill/evt_1.json.zst')
  expect(spilled).toEqual(['spill/evt_1.json.zst'])
  for (const why of ['dependency', 'verify', 'replay', 'sweep', 'backfill'] as const)
    expect(touchHeader.parse(line(encodeTouch({ type: 'invoice', id: 'in_1' }, why)))).toEqual({
      v: 1,
      touch: { type: 'invoice', id: 'in_1' },
      why,
    })
})
