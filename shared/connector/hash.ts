// Short fingerprints of JSON, independent of key order, so that "is it the same?" is one comparison.
import { createHash } from 'node:crypto'
import type { Json, RecordKey, RemoteRecord } from './contract.ts'
import { recordKey } from './contract.ts'

/** 96 bits of SHA-256 over canonical JSON. */
export function hashJson(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, 16)
}

/** Keys sorted at every level; undefined is dropped, as JSON does. */
export function canonicalJson(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const fields = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(value ?? null)
}

export interface HashedProjection {
  hash: string
  recordHashes: Map<RecordKey, string>
}

export function hashProjection(records: readonly RemoteRecord[]): HashedProjection {
  const recordHashes = new Map(records.map((record) => [recordKey(record), hashJson(record.body)]))
  const hash = hashJson(
    [...recordHashes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}=${value}`),
  )
  return { hash, recordHashes }
}
