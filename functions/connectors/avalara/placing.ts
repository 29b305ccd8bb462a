// Asks AvaTax for an estimate at an address, with what the configuration allows when the address is poor: completed by
// AvaTax's own address resolution, or cut to its postal code. Says which place the tax was calculated for.
import type { JsonObject } from '../../../shared/connector/contract.ts'
import type { TransactionAnswer } from './answer.ts'
import type { AvaTax } from './client.ts'
import type { AvalaraConfig } from './config.ts'
import { refusesAddress } from './refusals.ts'
import { type Place, placeOf, postalCodeOnly, type TaxAddress } from './tax-address.ts'

export const POSTAL_CODE = 'estimated by postal code'
export const RESOLVED = 'address completed by AvaTax'

export interface Placed {
  answer: TransactionAnswer
  /** Where it was calculated, when that is not the address as given. */
  place?: Place
  note?: string
}

/** @throws what the SDK throws; the caller knows what an address refusal means. */
export async function estimateAt(
  avatax: AvaTax,
  config: AvalaraConfig,
  { shipTo, code, ask }: { shipTo: TaxAddress; code: string; ask: (shipTo: TaxAddress) => JsonObject },
): Promise<Placed> {
  const resolved = mayResolve(shipTo, config) ? await avatax.resolve(shipTo) : undefined
  const completed = resolved && !isSame(resolved, shipTo) ? resolved : undefined
  try {
    const answer = await avatax.estimate(ask(completed ?? shipTo), code)
    return completed ? { answer, place: placeOf(completed), note: RESOLVED } : { answer }
  } catch (error) {
    const reduced = config.fallback.postalCode ? postalCodeOnly(shipTo) : undefined
    if (!reduced || !refusesAddress(error)) throw error
    try {
      const answer = await avatax.estimate(ask(reduced), code)
      return { answer, place: placeOf(reduced), note: POSTAL_CODE }
    } catch (second) {
      // The address as it was written is what somebody has to correct.
      throw refusesAddress(second) ? error : second
    }
  }
}

/** AvaTax resolves US and Canadian addresses only, by a street, or a postal code. */
function mayResolve(
  { country, line1, postalCode }: TaxAddress,
  { resolveAddresses }: AvalaraConfig,
): boolean {
  if (resolveAddresses === 'never' || !['US', 'CA'].includes(country)) return false
  const isAskable = line1 !== undefined || postalCode !== undefined
  return isAskable && (resolveAddresses === 'always' || postalCode === undefined)
}

const isSame = (a: TaxAddress, b: TaxAddress): boolean =>
  a.region === b.region?.toUpperCase() &&
  a.postalCode === b.postalCode &&
  a.city?.toUpperCase() === b.city?.toUpperCase()
