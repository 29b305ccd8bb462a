// Reads application/x-www-form-urlencoded with Stripe's bracket notation (items[0][price]=…, expand[]=…) into nested
// objects and arrays. Values stay strings: what they mean is for parameters.ts.
import { invalidParameter } from './errors.ts'

export type FormValue = string | FormValue[] | { [key: string]: FormValue }
export type FormObject = { [key: string]: FormValue }

type Branch = Map<string, Branch | string>

export function parseForm(text: string): FormObject {
  const root: Branch = new Map()
  for (const [name, value] of new URLSearchParams(text)) place(root, segmentsOf(name), value)
  return asObject(root)
}

/** `items[0][price]` → ['items', '0', 'price']; an empty pair of brackets stays ''. */
function segmentsOf(name: string): string[] {
  const open = name.indexOf('[')
  if (open < 0) return [name]
  const segments = [name.slice(0, open)]
  const inner = name.slice(open)
  if (!/^(\[[^[\]]*\])+$/.test(inner))
    throw invalidParameter(`Invalid request parameter name: ${name}`, undefined, name)
  for (const match of inner.matchAll(/\[([^[\]]*)\]/g)) segments.push(match[1] ?? '')
  return segments
}

function place(root: Branch, segments: readonly string[], value: string): void {
  let branch = root
  segments.forEach((segment, depth) => {
    const key = segment === '' ? String(branch.size) : segment
    if (depth === segments.length - 1) {
      branch.set(key, value)
      return
    }
    const existing = branch.get(key)
    const next: Branch = existing instanceof Map ? existing : new Map()
    branch.set(key, next)
    branch = next
  })
}

function asObject(branch: Branch): FormObject {
  const result: FormObject = {}
  for (const [key, value] of branch) result[key] = value instanceof Map ? asValue(value) : value
  return result
}

/** A branch whose keys are 0, 1, 2 … is an array. */
function asValue(branch: Branch): FormValue {
  const keys = [...branch.keys()]
  const isArray = keys.length > 0 && keys.every((key) => /^\d+$/.test(key))
  if (!isArray) return asObject(branch)
  return keys
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => {
      const value = branch.get(key) ?? ''
      return value instanceof Map ? asValue(value) : value
    })
}
