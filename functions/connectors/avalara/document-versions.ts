// A filed (locked) document is never changed: what takes its place is a chain of dated documents that anybody can follow
// in AvaTax. `<id>` is the first; `<id>-void` takes it back; `<id>-r1` replaces it, `<id>-r1-void` takes that back, …
// Where an invoice is voided, `<id>-void` is a record of its own (void-document.ts), and nothing takes the sale's place.
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
  isOfVoid,
  oppositeOf,
  requestOf,
  takingBack,
  VOID_SUFFIX,
} from './transaction-body.ts'

/**
 * Stripe's id prefixes, and how often it is turned round, tell the type where only a code is known: AvaTax keeps codes
 * apart by type.
 */
export const typeOf = (code: string): DocumentType => {
  const type = /^(cn|re|pyr)_/.test(code) ? 'ReturnInvoice' : 'SalesInvoice'
  return code.split(VOID_SUFFIX).length % 2 === 1 ? type : oppositeOf(type)
}

export const versionCode = (id: string, version: number): string => (version === 0 ? id : `${id}-r${version}`)

export interface Version {
  /** 0: the first. */
  version: number
  code: string
  answer: TransactionAnswer
  /** It is filed, and its opposite stands too: nothing of it is left. */
  reversed: boolean
  /** What stands beside it is the void of its invoice. */
  voided: boolean
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
      const reversal = filed ? await this.reversalOf(code) : undefined
      const reversed = reversal !== undefined
      newest = { version, code, answer, reversed, voided: reversed && isOfVoid(reversal) }
      if (!reversed) return newest
    }
  }

  /** As the projection would write it. Taken back, and by no record of its own: Cancelled. */
  bodyOf(id: string, { answer, reversed, voided }: Version) {
    const body = documentOf(answer, id)
    return reversed && !voided ? { ...body, status: 'Cancelled' } : body
  }

  /** Takes a filed document back by its opposite of today, so that the tax comes back in the open period. */
  async takeBack(id: string, { code, answer, reversed }: Version): Promise<void> {
    if (reversed) return
    const filed: Document = documentSchema.parse(documentOf(answer, id))
    const posting = takingBack(filed, `${code}${VOID_SUFFIX}`, this.today())
    await this.avatax.record(requestOf(posting, this.config), posting.code)
  }

  private async reversalOf(code: string): Promise<TransactionAnswer | undefined> {
    const answer = await this.avatax.find(`${code}${VOID_SUFFIX}`, oppositeOf(typeOf(code)))
    return answer?.status === 'Committed' ? answer : undefined
  }
}
