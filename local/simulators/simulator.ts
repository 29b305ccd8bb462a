// What all four vendor simulators have in common: an HTTP server on loopback, a count of the calls that arrived,
// and a list of faults that a test or a person asks for. The vendor's own rules live in the vendor's folder.
//
// A simulator imports nothing from functions/ or shared/ (a bug shared with the hub would be invisible); time
// comes in as a function.
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServerType, serve } from '@hono/node-server'
import type { Context, Hono, MiddlewareHandler } from 'hono'

/** Milliseconds since the epoch: the simulated vendor's own clock. */
export type Now = () => number

export type FaultEffect =
  | 'rate_limited' // the vendor's own 429 shape, with Retry-After when retryAfterSeconds is set
  | 'server_error' // the vendor's own 500 shape, nothing done
  | 'unavailable' // 503, nothing done
  | 'reset_before' // the connection is cut; nothing was done
  | 'reset_after' // the connection is cut; the effect HAS happened
  | 'timeout_before' // no answer until the client gives up; nothing was done
  | 'timeout_after' // no answer until the client gives up; the effect HAS happened
  | 'expired_credential' // the vendor's own 401 shape

export interface Fault {
  effect: FaultEffect
  /** Only requests of this method are hit; absent: any. */
  method?: string
  /** Only request paths matching this regular expression are hit; absent: any. */
  path?: string
  /** How many matching requests are hit; absent: until the fault is removed. */
  times?: number
  retryAfterSeconds?: number
}

/** How a vendor words a fault: its own status, body and headers. */
export type FaultResponse = (fault: Fault, context: Context) => Response

/** The faults asked for, and how often each effect really happened. */
export class Faults {
  private readonly active: (Fault & { left: number })[] = []
  readonly hits: Partial<Record<FaultEffect, number>> = {}

  add(fault: Fault): void {
    this.active.push({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY })
  }

  clear(): void {
    this.active.length = 0
  }

  /** The fault that hits this request, used up once; undefined when none does. */
  take(method: string, path: string): Fault | undefined {
    const index = this.active.findIndex(
      (fault) =>
        (fault.method === undefined || fault.method === method) &&
        (fault.path === undefined || new RegExp(fault.path).test(path)),
    )
    const fault = this.active[index]
    if (!fault) return undefined
    fault.left -= 1
    if (fault.left <= 0) this.active.splice(index, 1)
    this.hits[fault.effect] = (this.hits[fault.effect] ?? 0) + 1
    return fault
  }
}

/** Longest that a simulated time-out keeps a socket; every client under test gives up before. */
const TIMEOUT_HOLD_MS = 120_000

/**
 * Middleware that counts vendor calls and plays faults. Control paths (/_simulator/…) are neither counted nor hit.
 * `respond` words 429, 500, 503 and 401 as this vendor does.
 */
export function faultMiddleware(faults: Faults, calls: CallLog, respond: FaultResponse): MiddlewareHandler {
  return async (context, next) => {
    const { method, path } = context.req
    if (path.startsWith('/_simulator')) return next()
    calls.record(method, path)
    const fault = faults.take(method, path)
    if (!fault) return next()
    switch (fault.effect) {
      case 'reset_before':
        cutConnection(context)
        return context.body(null)
      case 'reset_after':
        await next()
        cutConnection(context)
        return
      case 'timeout_before':
        await holdUntilClientLeaves(context)
        return context.body(null)
      case 'timeout_after':
        await next()
        await holdUntilClientLeaves(context)
        return
      default:
        return respond(fault, context)
    }
  }
}

function cutConnection(context: Context): void {
  context.env.incoming.socket.destroy()
}

async function holdUntilClientLeaves(context: Context): Promise<void> {
  const gone = new AbortController()
  context.env.incoming.socket.once('close', () => gone.abort())
  await sleep(TIMEOUT_HOLD_MS, undefined, { signal: gone.signal, ref: false }).catch(() => undefined)
}

/** Counts HTTP requests to the vendor, in all and by `METHOD /path` with ids folded away. */
export class CallLog {
  total = 0
  readonly byRoute = new Map<string, number>()

  record(method: string, path: string): void {
    this.total += 1
    const route = `${method} ${path.split('/').map(foldId).join('/')}`
    this.byRoute.set(route, (this.byRoute.get(route) ?? 0) + 1)
  }
}

/** A segment with a digit is an id, except versions and protocol names (v1, v65.0, oauth2). */
const foldId = (segment: string): string =>
  /\d/.test(segment) && !/^(v\d+(\.\d+)?|oauth2)$/.test(segment) ? '{id}' : segment

export interface Listening {
  url: string
  port: number
  close(): Promise<void>
}

/** Serves an app on loopback only; port 0 lets the system choose. */
export function listen(app: Hono, port = 0): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info) => {
      resolve({
        url: `http://127.0.0.1:${info.port}`,
        port: info.port,
        close: () =>
          new Promise((done, failed) => {
            if ('closeAllConnections' in server) server.closeAllConnections()
            server.close((error) => (error ? failed(error) : done()))
          }),
      })
    })
    // Node's five seconds would cut connections that a busy client still holds for its next request.
    if ('keepAliveTimeout' in server) server.keepAliveTimeout = 60_000
    server.on('error', reject)
  })
}

/** POST /_simulator/faults {effect, …} adds one, DELETE removes all, GET tells what was hit. */
export function faultRoutes(app: Hono, faults: Faults, calls: CallLog): void {
  app.post('/_simulator/faults', async (context) => {
    faults.add(await context.req.json<Fault>())
    return context.body(null, 204)
  })
  app.delete('/_simulator/faults', (context) => {
    faults.clear()
    return context.body(null, 204)
  })
  app.get('/_simulator/calls', (context) =>
    context.json({ total: calls.total, byRoute: Object.fromEntries(calls.byRoute), hits: faults.hits }),
  )
}
