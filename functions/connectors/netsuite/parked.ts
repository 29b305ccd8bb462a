// The sentences for documents that are not posted, all in one shape: what (document, amount), why, what did not
// happen; then who mends it and where.
import type { ObjectRef } from '../../../shared/connector/contract.ts'
import { type HubError, permanent } from '../../../shared/errors.ts'
import { type Money, toDecimal } from '../../../shared/money/money.ts'

/** 'EUR 1,190.00'. */
export function spokenAmount(value: Money): string {
  return `${value.currency} ${toDecimal(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')}`
}

export interface Parking {
  code: string
  /** 'INV-0042 (EUR 1,190.00)'. */
  document: string
  why: string
  hint: string
  waitsOn?: ObjectRef[]
}

export function parked({ code, document, why, hint, waitsOn }: Parking): HubError {
  return permanent(`${document} is not in NetSuite: ${why} Nothing was posted.`, {
    code,
    hint,
    ...(waitsOn && { waitsOn }),
  })
}
