// A filed (locked) document is never changed: what takes its place is a chain of dated documents that anybody can follow
// in AvaTax. `<id>` is the first; `<id>-void` takes it back; `<id>-r1` replaces it, `<id>-r1-void` takes that back, …
// Every step is an upsert under its code, so a chain that was interrupted is simply gone on with.
// Lago turns a locked transaction into its negative in the same way; Avalara's own answer to a change after filing is a
// new document in the open period: https://developer.avalara.com/avatax/handling-return-invoices/
import type { TransactionAnswer } from './answer.ts'
import type { AvaTax, DocumentType } from './client.ts'
import type { AvalaraConfig } from './config.ts'
import {
  type Document,
  documentOf,
  documentSchema,
  oppositeOf,
  requestOf,
  takingBack,
} from './transaction-body.ts'

const REVERSAL_SUFFIX = '-void'

/** Stripe's id prefixes tell the type where only an id is known: AvaTax keeps codes apart by type. */
export const typeOf = (code: string): DocumentType =>
  code.startsWith('cn_') ? 'ReturnInvoice' : 'SalesInvoice'

export const versionCode = (id: string, version: number): string => (version === 0 ? id : `${id}-r${version}`)

export interface Version {
  /** 0: the first. */
  version: number
  code: string
  answer: TransactionAnswer
  /** It is filed, and its opposite stands too: nothing of it is left. */
  reversed: boolean
}

export class DocumentVersions {
  private readonly avatax: AvaTax
  private readonly config: AvalaraConfig
  private readonly today: () => string

  constructor(options: { avatax: AvaTax; config: AvalaraConfig; today: () => string }) {
    this.avatax = options.avatax
    this.config = options.config
    this.today = options.today
  }

  /** The newest version; undefined: nothing was ever recorded. One call, unless it is filed. */
  async newest(id: string): Promise<Version | undefined> {
    let newest: Version | undefined
    for (let version = 0; ; version += 1) {
      const code = versionCode(id, version)
      const answer = await this.avatax.find(code, typeOf(id))
      if (!answer) return newest
      const filed = answer.locked === true && answer.status !== 'Cancelled'
      const reversed = filed && (await this.isReversed(code))
      newest = { version, code, answer, reversed }
      if (!reversed) return newest
    }
  }

  /** As the projection would write it; nothing is left of it: Cancelled. */
  bodyOf(id: string, { answer, reversed }: Version) {
    const body = documentOf(answer, id)
    return reversed ? { ...body, status: 'Cancelled' } : body
  }

  /** Takes a filed document back by its opposite of today, so that the tax comes back in the open period. */
  async takeBack(id: string, { code, answer, reversed }: Version): Promise<void> {
    if (reversed) return
    const filed: Document = documentSchema.parse(documentOf(answer, id))
    const posting = takingBack(filed, `${code}${REVERSAL_SUFFIX}`, this.today())
    await this.avatax.record(requestOf(posting, this.config), posting.code)
  }

  private async isReversed(code: string): Promise<boolean> {
    const answer = await this.avatax.find(`${code}${REVERSAL_SUFFIX}`, oppositeOf(typeOf(code)))
    return answer?.status === 'Committed'
  }
}
