// Translates AvaTax's refusals into the hub's closed list, by code: the SDK's errors carry no HTTP status.
// Codes: avatax 26.9.0, lib/enums/ErrorCodeId; which of them mean what is our judgement.
import * as z from 'zod'
import {
  ambiguous,
  credential,
  type HubError,
  isHubError,
  permanent,
  transient,
} from '../../../shared/errors.ts'

const BUSY = new Set([
  'RateLimitExceeded', 'RateLimitExceededError', 'RequestLimitExceeded', 'ConcurrentRequestLimitExceeded',
  'ServiceNotReady', 'RequestAlreadyInProgress',
]) // biome-ignore format: a list reads better in rows
const FAILED = new Set([
  'ServerUnreachable', 'InternalServerError', 'UnhandledException', 'ServerConfiguration', 'RemoteServerError',
  'ServiceTimeout', 'TimeoutRequested', 'Unexpected', 'UnexpectedError', 'NoHostFound', 'NoHealthySite',
  'SiteSelectionFailed', 'SiteSelectionError', 'ClientDisconnected', 'ServiceDisconnected', 'FormatException',
]) // biome-ignore format: a list reads better in rows
const CREDENTIAL = new Set([
  'AuthenticationException', 'AuthenticationIncomplete', 'AuthorizationException', 'BasicAuthIncorrect',
  'BearerTokenInvalid', 'BearerTokenNotSupported', 'PermissionRequired', 'InactiveAccount', 'InactiveUserError',
  'AccountExpiredException', 'AccountInvalidException', 'SubscriptionRequired', 'IdentityServerError', 'UnexpectedAuth',
]) // biome-ignore format: a list reads better in rows
/** AvaTax's own codes, and those of the tax engine under GetTaxError (https://developer.avalara.com/avatax/common-errors/). */
const ADDRESS = new Set([
  'InvalidAddress', 'AddressLocationNotFound', 'JurisdictionNotFoundError', 'InvalidPostalCode', 'InvalidCountry',
  'InvalidCountryRegion', 'NotEnoughAddressesInfo', 'MissingAddress', 'AddressConflictException',
  'InvalidAddressOrGeoCoordinates', 'TaxAddressError', 'AddressError', 'AddressRangeError', 'AddressNotGeocodedError',
  'InsufficientAddressError', 'MultipleAddressMatchError', 'AddressUnDeliverableError', 'UnknownStreetError',
  'RegionCodeError', 'CountryError', 'CityError', 'ZipError',
]) // biome-ignore format: a list reads better in rows

export const LOCKED = 'CannotModifyLockedTransaction'
export const NOT_FOUND = 'EntityNotFoundError'
export const ALREADY_CANCELLED = 'TransactionAlreadyCancelled'

const failureSchema = z.object({
  code: z.string().optional(),
  target: z.string().nullish(),
  details: z
    .array(
      z.object({
        code: z.string().nullish(),
        faultSubCode: z.string().nullish(),
        refersTo: z.string().nullish(),
      }),
    )
    .optional()
    .catch(undefined),
})

/** Every code that an error names: its own and those of its details. */
export function avataxCodes(error: unknown): string[] {
  const failure = failureSchema.safeParse(error)
  if (!failure.success) return []
  const details = failure.data.details ?? []
  const codes = [failure.data.code, ...details.flatMap(({ code, faultSubCode }) => [code, faultSubCode])]
  return codes.filter((code) => typeof code === 'string')
}

/** The code of what AvaTax does later. */
export const BUSY_CODE = 'TAX-BUSY'

export const asksToSlowDown = (error: unknown): boolean => avataxCodes(error).some((code) => BUSY.has(code))

/** The customer's address, that is; a refusal of the seller's own is a matter of configuration. */
export const refusesAddress = (error: unknown): boolean =>
  avataxCodes(error).some((code) => ADDRESS.has(code)) && !/shipFrom/i.test(fieldOf(error) ?? '')

const fieldOf = (error: unknown): string | undefined =>
  failureSchema.safeParse(error).data?.details?.find(({ refersTo }) => refersTo)?.refersTo ?? undefined

/**
 * @param what for people: 'record in_1'.
 * @param write the call could have recorded something: a lost answer is then `ambiguous`, else `transient`.
 */
export function translateAvaTaxError(error: unknown, what: string, write: boolean): HubError {
  if (isHubError(error)) return error
  const codes = avataxCodes(error)
  const has = (set: ReadonlySet<string>) => codes.some((code) => set.has(code))
  const refersTo = fieldOf(error)
  // AvaTax repeats submitted values in its messages, addresses among them: codes and field names only.
  const detail = [...new Set(codes), refersTo].filter(Boolean).join(' · ')
  if (asksToSlowDown(error))
    return transient(`AvaTax asks to slow down: ${what}.`, { code: BUSY_CODE, detail, cause: error })
  if (has(CREDENTIAL)) {
    return credential(`AvaTax refuses our account or licence key: ${what}.`, {
      code: 'TAX-CRED',
      hint: 'Avalara admin: check the licence key and its permissions, store the new key, then run hub doctor.',
      detail,
      cause: error,
    })
  }
  if (codes.length === 0 || has(FAILED)) {
    const make = write ? ambiguous : transient
    return make(`AvaTax did not answer, or failed: ${what}.`, { code: 'TAX-DOWN', detail, cause: error })
  }
  // Filed in this very moment: the next attempt finds it so, and goes on beside it.
  if (codes.includes(LOCKED)) {
    return transient(`A return was just filed in AvaTax: ${what} is done by dated documents beside it.`, {
      code: 'TAX-LOCKED',
      hint: 'Do nothing: it is tried again.',
      recordOnly: true,
      detail,
      cause: error,
    })
  }
  return permanent(`AvaTax refuses to ${what}: ${codes[0]}. Nothing was recorded.`, {
    code: 'TAX-REFUSED',
    hint: `Avalara admin: mend ${refersTo ? `field ${refersTo}` : 'what the detail names'} (hub.config.ts → avalara, or the object in Stripe), then: hub replay --parked`,
    detail,
    cause: error,
  })
}
