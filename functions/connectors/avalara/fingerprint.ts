// A short content hash of JSON, independent of key order: names a calculation's inputs and a tax rate's data.
import { createHash } from 'node:crypto'
import type { Json } from '../../../shared/connector/contract.ts'

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`
}

/** 16 url-safe characters: 96 bits. */
export const fingerprint = (value: Json): string =>
  createHash('sha256').update(canonical(value)).digest('base64url').slice(0, 16)
