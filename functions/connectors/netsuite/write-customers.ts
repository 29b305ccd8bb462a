// Customers, the one kind that is rewritten: upserted by external id, with the hub's own address line found again so
// that addresses which people add in NetSuite stay. Retired ones become inactive; their documents stay.
import type { Json, JsonObject, Retiring, Writing, Written } from '../../../shared/connector/contract.ts'
import { ambiguous, type HubError, isHubError } from '../../../shared/errors.ts'
import { idFromLocation, type NetSuiteClient } from './client.ts'
import { ADDRESS_FIELD_NAMES, hubAddressLine, isObject, linesOf, toWire } from './wire.ts'

export const recordPath = (kind: string, externalId: string): string =>
  `record/v1/${kind}/eid:${encodeURIComponent(externalId)}`

export async function writeCustomer(
  client: NetSuiteClient,
  { record, references }: Writing,
  /** Its internal id when it already stands. */
  standingId: string | undefined,
): Promise<Written | HubError> {
  const what = `write customer ${record.externalId}`
  const path = recordPath('customer', record.externalId)
  try {
    const wire: JsonObject = { email: null, ...toWire(record.body, references, undefined) }
    const addressBook =
      standingId === undefined ? undefined : await addressChange(client, path, record.body, what)
    const answer = await client.call({
      method: 'PUT',
      path: addressBook?.removes ? `${path}?replace=addressBook` : path,
      body: { ...wire, ...(addressBook && { addressBook: { items: addressBook.items } }) },
      what,
      changes: true,
    })
    const remoteId = idFromLocation(answer.location) ?? standingId
    if (remoteId !== undefined) return { remoteId }
    return ambiguous(`NetSuite took it and did not say under which id: ${what}.`, { code: 'NS-UNKNOWN' })
  } catch (error) {
    if (isHubError(error)) return error
    throw error
  }
}

/** Without a key a line is appended, and every change would add an address: name ours by its internal id. */
async function addressChange(
  client: NetSuiteClient,
  path: string,
  body: JsonObject,
  what: string,
): Promise<{ items: Json[]; removes: boolean } | undefined> {
  const answer = await client.call({
    method: 'GET',
    path: `${path}?expandSubResources=true`,
    what,
    changes: false,
  })
  const standing = isObject(answer.data) ? answer.data : {}
  const ours = hubAddressLine(standing)
  const wanted = linesOf(body.addressBook)[0]
  if (!ours) return undefined
  if (!wanted) {
    const others = linesOf(standing.addressBook).filter((line) => line !== ours)
    return { items: others.map((line) => ({ internalId: jsonId(line.internalId) })), removes: true }
  }
  const address = isObject(wanted.addressBookAddress) ? wanted.addressBookAddress : {}
  const emptied = Object.fromEntries(ADDRESS_FIELD_NAMES.map((name): [string, Json] => [name, null]))
  const line: JsonObject = {
    internalId: jsonId(ours.internalId),
    label: 'Stripe',
    defaultBilling: true,
    defaultShipping: true,
    addressBookAddress: { ...emptied, ...(address as JsonObject) },
  }
  return { items: [line], removes: false }
}

const jsonId = (value: unknown): Json => (typeof value === 'number' ? value : String(value))

export async function setInactive(
  client: NetSuiteClient,
  customerId: string,
  isInactive: boolean,
): Promise<boolean> {
  const answer = await client.call({
    method: 'PATCH',
    path: `record/v1/customer/${customerId}`,
    body: { isInactive },
    what: `${isInactive ? 'inactivate' : 'activate'} customer ${customerId}`,
    // Said twice it is the same: a lost answer leaves nothing in doubt.
    changes: false,
  })
  return answer.status !== 404
}

export async function retireCustomer(
  client: NetSuiteClient,
  retiring: Retiring,
): Promise<Written | HubError> {
  try {
    // A customer that somebody removed in NetSuite is as gone as it should be.
    await setInactive(client, retiring.remoteId, true)
    return { remoteId: retiring.remoteId }
  } catch (error) {
    if (isHubError(error)) return error
    throw error
  }
}
