// What a closed or locked period refuses, for a write and for a deletion. The periods themselves are in ../periods.ts.
import { type Application, pairKey } from '../applications.ts'
import type { Company } from '../company.ts'
import { areaOf } from '../periods.ts'
import { postsTheSame } from '../postings.ts'
import { asText, type StoredRecord } from '../schema.ts'
import type { Plan } from './header.ts'
import { checkReversalPeriod } from './journal-reversal.ts'

/**
 * A closed period takes no new posting and lets none go. With "Allow Non-G/L Changes" a change that posts the same
 * passes, and applying a credit posts the same. Readings: without that box, applying a credit by editing it counts as a
 * change to its period; settling an invoice of a closed period with a new document, or using a credit of a closed period
 * on the credit list of a new payment, does not touch theirs.
 */
export function refuseClosedPeriods(
  company: Company,
  record: StoredRecord,
  previous: StoredRecord | undefined,
  plan: Plan,
): void {
  const period = asText(record.fields.postingPeriod) ?? ''
  const periodBefore = asText(previous?.fields.postingPeriod)
  if (previous && company.periods.allowsNonGLChanges(period) && postsTheSame(company, previous, record))
    return
  if (previous && changesNothing(company, previous, record, plan)) return
  for (const wanted of new Set([period, periodBefore ?? period])) {
    company.periods.refuseClosed(wanted, areaOf(record.type))
  }
  if (record.type === 'journalEntry') checkReversalPeriod(company, record, previous)
}

/** Reading: sending again what already stands is no change, and is accepted even in a closed period. */
export function changesNothing(
  company: Company,
  previous: StoredRecord,
  record: StoredRecord,
  plan: Plan,
): boolean {
  const content = (version: StoredRecord, applied: Application[]): string =>
    JSON.stringify(
      [
        version.externalId,
        { ...version.fields, lastModifiedDate: undefined },
        version.sublists,
        applied.map((application) => `${pairKey(application)} ${application.amount}`).sort(),
      ],
      (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
    )
  const applied = company.applications.from(record.id)
  return (
    (plan.credits ?? []).length === 0 &&
    content(previous, applied) === content(record, plan.applications ?? applied)
  )
}
