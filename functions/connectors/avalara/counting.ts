// AvaTax's calls, counted. Avalara publishes no limits and sends none with its answers, so refusals for being too many are
// all there is to tell; its SDK keeps the HTTP status to itself, so they are known by their code.
import type { TrafficMeter } from '../../../shared/connector/traffic.ts'
import { asksToSlowDown } from './refusals.ts'

/** The same client: each method that is called counts the answer it gets. */
export function counting<Calls extends object>(client: Calls, meter: TrafficMeter): Calls {
  return new Proxy(client, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...given: unknown[]) => {
        try {
          const answer: unknown = await Reflect.apply(method, target, given)
          meter.answered({})
          return answer
        } catch (error) {
          meter.answered({ throttled: asksToSlowDown(error) })
          throw error
        }
      }
    },
  })
}
