// What Salesforce itself does to a Case as it is saved: defaults, the number, what Status says about being closed, the
// contact's account, and the assignment that every REST call asks for unless it says otherwise.
// https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_case.htm
//
// Not simulated: assignment rules of one's own (an org without an active one is played), auto-response rules, escalation,
// entitlements, record types.
import { recordId, USER_ID } from './identifiers.ts'
import type { ObjectRules, Values } from './object-rules.ts'
import { CLOSED_CASE_STATUSES } from './schema.ts'
import type { Store, StoredRecord } from './store.ts'

/** Support settings: who gets a case that no rule assigns. */
export const DEFAULT_CASE_OWNER = recordId('005', 900)

/** "Numbers start at 1000 and are read only": https://help.salesforce.com/s/articleView?id=service.cases_fields.htm */
const FIRST_NUMBER = 1000
const NUMBER_DIGITS = 8

export class CaseRules implements ObjectRules {
  private readonly store: Store
  private numbered = 0

  constructor(store: Store) {
    this.store = store
  }

  beforeSave(
    values: Values,
    existing: StoredRecord | undefined,
    { autoAssign }: { autoAssign: boolean },
  ): void {
    if (!existing) this.applyDefaults(values)
    this.deriveAccount(values, existing)
    this.deriveClosed(values, existing)
    // "it will default to true … the case is reassigned to the Default Case Owner", on create and on update, also where
    // no rule is active: https://help.salesforce.com/s/articleView?id=000395506&type=1
    if (autoAssign) values.OwnerId = DEFAULT_CASE_OWNER
  }

  /** Defaulted on create: Status, Priority, and OwnerId to the user who makes it. */
  private applyDefaults(values: Values): void {
    values.CaseNumber = String(FIRST_NUMBER + this.numbered).padStart(NUMBER_DIGITS, '0')
    this.numbered += 1
    values.Status ??= 'New'
    values.Priority ??= 'Medium'
    values.OwnerId ??= USER_ID
  }

  /**
   * "If you do not specify the AccountId during the creation of a case, the value will default to the contact's
   * AccountId"; later only where an API call changes the contact and the account is empty.
   */
  private deriveAccount(values: Values, existing: StoredRecord | undefined): void {
    const contactId = values.ContactId
    const account = 'AccountId' in values ? values.AccountId : existing?.values.AccountId
    if (!contactId || account || contactId === existing?.values.ContactId) return
    const contacts = this.store.table('Contact')
    const contact = contacts && this.store.record(contacts, String(contactId))
    values.AccountId = contact?.values.AccountId ?? null
  }

  /** "This field is controlled by the Status field; it can't be set directly." */
  private deriveClosed(values: Values, existing: StoredRecord | undefined): void {
    const status = 'Status' in values ? values.Status : existing?.values.Status
    const closed = typeof status === 'string' && CLOSED_CASE_STATUSES.includes(status)
    const before = existing?.values.IsClosed === true
    values.IsClosed = closed
    if (!existing) values.IsClosedOnCreate = closed
    if (closed !== before) values.ClosedDate = closed ? this.store.stamp() : null
  }
}
