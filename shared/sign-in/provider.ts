// The user's OpenID provider: where it signs people in, and whether a token is its own. Signatures, issuer, audience and times
// are checked with jose; the provider's keys are fetched once and again when an unknown key appears.
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { credential, transient } from '../errors.ts'
import type { ConsoleConfig } from './config.ts'

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
})

export interface ProviderAddresses {
  authorization: string
  token: string
}

export interface Provider {
  /** @throws HubError when it does not answer, or is another than it should be. */
  addresses(): Promise<ProviderAddresses>
  /** @returns undefined for a token that is not good (any more). @throws HubError when the keys cannot be had. */
  verify(token: string): Promise<JWTPayload | undefined>
}

const TIMEOUT_MS = 5_000
/** Clocks differ. */
const TOLERANCE_SECONDS = 30
/**
 * What providers sign with. Symmetric algorithms are not among them: https://datatracker.ietf.org/doc/html/rfc8725#section-3.1
 */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

export function createProvider(
  { issuer, clientId }: Pick<ConsoleConfig, 'issuer' | 'clientId'>,
  clock: Clock,
): Provider {
  let found: Promise<ProviderAddresses & { keys: JWTVerifyGetKey }> | undefined
  const discovered = () => {
    found ??= discover(issuer).catch((error: unknown) => {
      found = undefined
      throw error
    })
    return found
  }
  return {
    addresses: discovered,
    async verify(token) {
      const { keys } = await discovered()
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer,
          audience: clientId,
          algorithms: ALGORITHMS,
          clockTolerance: TOLERANCE_SECONDS,
          currentDate: new Date(clock.now()),
          requiredClaims: ['sub', 'exp', 'iat'],
        })
        return payload
      } catch (error) {
        if (isOutage(error)) throw unreachable(issuer, error)
        return undefined
      }
    },
  }
}

async function discover(issuer: string): Promise<ProviderAddresses & { keys: JWTVerifyGetKey }> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  let told: z.output<typeof metadata>
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' })
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`)
    told = metadata.parse(await answer.json())
  } catch (error) {
    throw unreachable(issuer, error)
  }
  // A provider that says it is another one: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
  if (told.issuer !== issuer) {
    throw credential(
      `The OpenID provider at ${issuer} says that it is ${told.issuer}. Nobody was signed in.`,
      {
        code: 'CONSOLE-ISSUER',
        hint: `Engineering: hub.config.ts → console.issuer: write it exactly as the provider does, ${told.issuer}`,
      },
    )
  }
  return {
    authorization: told.authorization_endpoint,
    token: told.token_endpoint,
    keys: createRemoteJWKSet(new URL(told.jwks_uri), { timeoutDuration: TIMEOUT_MS }),
  }
}

/** Its keys could not be had: that says nothing of the token. */
const isOutage = (error: unknown): boolean =>
  !(error instanceof errors.JOSEError) ||
  error instanceof errors.JWKSTimeout ||
  // What jose throws when the keys' address answers anything but 200.
  error.code === 'ERR_JOSE_GENERIC'

const unreachable = (issuer: string, cause: unknown) =>
  transient(`Your OpenID provider (${issuer}) did not answer. Nobody was signed in.`, {
    code: 'CONSOLE-PROVIDER',
    hint: 'Open the page again in a minute. Engineering, if it stays so: hub.config.ts → console.issuer',
    cause,
  })
