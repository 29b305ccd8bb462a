// `npm run docs:api`: writes docs/openapi.json and docs/asyncapi.json. A test fails while they are not what the code says.
import { writeFileSync } from 'node:fs'
import { apiDocuments } from './documents.ts'

for (const [file, text] of apiDocuments()) {
  writeFileSync(file, text)
  process.stdout.write(`${file}\n`)
}
