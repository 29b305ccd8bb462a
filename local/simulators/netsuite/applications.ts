// Which document settles which, and by how much. A payment, credit memo, refund, deposit application or a journal's
// credit line holds its applications; from them follow what is open on an invoice and what is unused on a credit.
// Whether an application is allowed is decided in records/apply-list.ts.
import { type Scaled, sum } from './money.ts'

export interface Application {
  /** The document that does the settling. */
  from: string
  /** The transaction line id, where a line of a journal does it. */
  fromLine?: string | undefined
  /** The one that is settled: invoice or journal; for a refund, the credit that it pays out. */
  to: string
  /** The transaction line id, where a line of a journal is settled. */
  toLine?: string | undefined
  amount: Scaled
  /** YYYY-MM-DD */
  date: string
}

/** A document, or one line of a journal, as a key: apply lists know a line by `doc`, then by `line`. */
export const itemKey = (doc: string, line: string | undefined): string =>
  line === undefined ? doc : `${doc}/${line}`

export const pairKey = ({ from, fromLine, to, toLine }: Application): string =>
  `${itemKey(from, fromLine)}>${itemKey(to, toLine)}`

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

  /** Of one line, where a line is named; else of the whole document. */
  appliedBy(id: string, line?: string): Scaled {
    const own = this.from(id).filter(({ fromLine }) => line === undefined || fromLine === line)
    return sum(own.map(({ amount }) => amount))
  }

  appliedTo(id: string, line?: string): Scaled {
    const own = this.onto(id).filter(({ toLine }) => line === undefined || toLine === line)
    return sum(own.map(({ amount }) => amount))
  }

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

  /** On top of what the settling document has settled already; the same pair becomes one. */
  add(application: Application): void {
    const standing = this.from(application.from)
    const same = standing.find((other) => pairKey(other) === pairKey(application))
    const others = standing.filter((other) => other !== same)
    this.replace(application.from, [
      ...others,
      { ...application, amount: application.amount + (same?.amount ?? 0n) },
    ])
  }
}
