// Tax content that changes while documents are under way: the same question gets another answer at commit than it got
// at the estimate, which is a temporary one that AvaTax does not record:
// https://developer.avalara.com/avatax/dev-guide/transactions/should-i-commit/
//
// Reading taken: a change without `from` holds for every tax date, as a correction of wrong content does.
import * as z from 'zod'
import type { Place } from './addresses.ts'
import type { Jurisdiction } from './rates.ts'

export const rateChangeModel = z.strictObject({
  country: z.string().length(2),
  region: z.string().optional(),
  /** Name of the jurisdiction; absent: the first of the place, which is its state, province or country. */
  jurisdiction: z.string().optional(),
  percent: z.string().regex(/^\d+(\.\d+)?$/),
  from: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
})
export type RateChange = z.infer<typeof rateChangeModel>

export class RateChanges {
  private readonly changes: RateChange[] = []

  add(change: RateChange): void {
    this.changes.push(change)
  }

  applyTo(place: Place): Place {
    let { jurisdictions } = place
    for (const change of this.changes) {
      if (change.country !== place.country) continue
      if (change.region !== undefined && change.region !== place.region) continue
      const changed = change.jurisdiction ?? jurisdictions[0]?.name
      jurisdictions = jurisdictions.map((each) => (each.name === changed ? withChange(each, change) : each))
    }
    return { ...place, jurisdictions }
  }
}

const withChange = (jurisdiction: Jurisdiction, { percent, from }: RateChange): Jurisdiction => ({
  ...jurisdiction,
  rates: from === undefined ? [{ percent }] : [...jurisdiction.rates, { percent, from }],
})
