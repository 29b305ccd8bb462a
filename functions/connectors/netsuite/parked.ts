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

export interface NotCovered {
  code: string
  document: string
  /** What Stripe holds that the connector has no document for. */
  why: string
  /** What the books need meanwhile, by hand. */
  byHand: string
  /** What the connector is going to post for it. */
  planned: string
}

/** A case the connector does not book yet: said plainly, with what to do until it does. */
export function notCovered({ code, document, why, byHand, planned }: NotCovered): HubError {
  return permanent(`${document}: ${why} This is not covered yet; nothing more was posted for it.`, {
    code,
    hint: `Accounting, until it is covered: ${byHand} Planned: ${planned}`,
  })
}
