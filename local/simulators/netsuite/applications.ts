// Which document settles which, and by how much. A payment, credit memo or refund holds its applications; from them
// follow what is open on an invoice and what is unused on a credit. Whether an application is allowed is decided in
// records/settlement.ts.
import { type Scaled, sum } from './money.ts'

export interface Application {
  /** The document that does the settling: customerPayment, creditMemo or customerRefund. */
  from: string
  /** The one that is settled: invoice or journal; for a refund, the credit memo or payment it pays out. */
  to: string
  amount: Scaled
  /** YYYY-MM-DD */
  date: string
}

export class Applications {
  private readonly byFrom = new Map<string, Application[]>()
  private readonly byTo = new Map<string, Application[]>()
  /** Called with every document whose open amount changes. */
  private readonly changed: (documentId: string) => void

  constructor(changed: (documentId: string) => void) {
    this.changed = changed
  }

  from(id: string): Application[] {
    return this.byFrom.get(id) ?? []
  }

  onto(id: string): Application[] {
    return this.byTo.get(id) ?? []
  }

  appliedBy = (id: string): Scaled => sum(this.from(id).map(({ amount }) => amount))
  appliedTo = (id: string): Scaled => sum(this.onto(id).map(({ amount }) => amount))

  /** All applications of one settling document at once. */
  replace(from: string, applications: Application[]): void {
    for (const { to } of this.from(from)) {
      this.byTo.set(
        to,
        this.onto(to).filter((application) => application.from !== from),
      )
      this.changed(to)
    }
    this.byFrom.set(from, applications)
    for (const application of applications) {
      this.byTo.set(application.to, [...this.onto(application.to), application])
      this.changed(application.to)
    }
    this.changed(from)
  }
}
