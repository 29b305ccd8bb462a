// The two API documents with the files that hold them, as they should read now.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { asyncApiDocument } from './asyncapi.ts'
import { openApiDocument } from './openapi.ts'

const ROOT = new URL('../../', import.meta.url)

export function apiDocuments(): Map<string, string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')))
  const file = (name: string) => fileURLToPath(new URL(`docs/${name}`, ROOT))
  const json = (document: object) => `${JSON.stringify(document, undefined, 2)}\n`
  return new Map([
    [file('openapi.json'), json(openApiDocument(version))],
    [file('asyncapi.json'), json(asyncApiDocument(version))],
  ])
}
