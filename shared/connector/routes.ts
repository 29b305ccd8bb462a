// From an event to the roots it concerns, by the manifests' data alone.
import { type HubEvent, idOf, isObject } from '../stripe/event.ts'
import type { Json, JsonObject, Manifest, ObjectRef, Route } from './contract.ts'

export interface Target {
  ref: ObjectRef
  /** The event's payload IS the root; else the event only touches it. */
  isRoot: boolean
}

export function wants(manifest: Manifest, eventType: string): boolean {
  return manifest.routes.some((route) => matches(route, eventType))
}

/**
 * Roots of an event for one connector, each once.
 * @param object the event's `data.object`, at the pinned version; undefined when only its id is known.
 * @returns undefined when a path must be followed and there is no object to follow it in: fetch it, then ask again.
 */
export function targetsOf(
  manifest: Manifest,
  event: HubEvent,
  object: JsonObject | undefined,
): Target[] | undefined {
  const targets = new Map<string, Target>()
  for (const route of manifest.routes) {
    if (!matches(route, event.type)) continue
    if (route.id === 'id') {
      if (event.object?.type === route.root) add(targets, { ref: event.object, isRoot: true })
      continue
    }
    if (!object) return undefined
    for (const id of idsAt(object, route.id)) add(targets, { ref: { type: route.root, id }, isRoot: false })
  }
  return [...targets.values()]
}

function add(targets: Map<string, Target>, target: Target): void {
  const key = `${target.ref.type}/${target.ref.id}`
  if (target.isRoot || !targets.has(key)) targets.set(key, target)
}

const matches = (route: Route, eventType: string): boolean =>
  route.events.some((wanted) => wanted === '*' || wanted === eventType)

/** Follows `a.b` and `list[].c`; a list may be a plain array or Stripe's {data: […]}. */
function idsAt(object: JsonObject, path: string): string[] {
  let values: Json[] = [object]
  for (const step of path.split('.')) {
    const each = step.endsWith('[]')
    const name = each ? step.slice(0, -2) : step
    values = values.flatMap((value): Json[] => {
      const next = isObject(value) ? value[name] : undefined
      if (next === undefined || next === null) return []
      if (!each) return [next]
      if (Array.isArray(next)) return next
      return isObject(next) && Array.isArray(next.data) ? next.data : []
    })
  }
  return values.flatMap((value) => idOf(value) ?? [])
}
