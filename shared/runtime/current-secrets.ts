// A handler that is put together from secrets, and anew once one of them has changed: a rolled credential is taken up within
// the five minutes that a secret is cached for, without a deployment. A secret that cannot be read, or no longer has the
// right shape, changes nothing: what worked goes on working, the log says so, and hub doctor names the field.
import type { Log } from '../log.ts'

export interface SecretSource {
  /** Cached by whoever provides it: it is asked at every invocation. */
  secret(name: string): Promise<unknown>
  log: Log
}

/**
 * Resolves once the handler is put together for the first time, within Lambda's initialisation.
 * @param compose is given the secrets in the order of their names; throws when one has not the right shape.
 */
export async function withCurrentSecrets<Arguments extends unknown[], Answer>(
  { secret, log }: SecretSource,
  names: readonly string[],
  compose: (...secrets: unknown[]) => (...given: Arguments) => Promise<Answer>,
): Promise<(...given: Arguments) => Promise<Answer>> {
  const read = () => Promise.all(names.map((name) => secret(name)))
  const first = await read()
  let seen = JSON.stringify(first)
  let handler = compose(...first)

  async function takeUp(): Promise<void> {
    let current: string | undefined
    try {
      const secrets = await read()
      current = JSON.stringify(secrets)
      if (current === seen) return
      handler = compose(...secrets)
      log({ line: 'secrets', outcome: 'taken-up', names: [...names] })
    } catch (error) {
      // The text of a refusal of the shape names fields, never what stands in them.
      const reason = error instanceof Error ? error.name : 'unknown'
      log({ line: 'secrets', outcome: 'refused', names: [...names], reason })
    }
    // One that was refused is not tried again before it changes.
    if (current !== undefined) seen = current
  }

  return async (...given) => {
    await takeUp()
    return handler(...given)
  }
}
