// AvaTax's calls, counted. Avalara publishes no limits and sends none with its answers, so refusals for being too many are
// all there is to tell. They are known by their code: the SDK keeps the HTTP status to itself, and takes some for success.
import type { TrafficMeter } from '../../../shared/connector/traffic.ts'
import { isHubError } from '../../../shared/errors.ts'
import { asksToSlowDown, BUSY_CODE } from './refusals.ts'

/** The same client: each method that is called counts as a call, and what became of it. */
export function counting<Client extends object>(client: Client, meter: TrafficMeter): Client {
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
          meter.answered({ throttled: isThrottled(error) })
          throw error
        }
      }
    },
  })
}

const isThrottled = (error: unknown): boolean =>
  isHubError(error) ? error.code === BUSY_CODE : asksToSlowDown(error)
