// Makes AvaTax's documents stand as projected: committed, or voided; and where a return was filed already, by dated
// documents beside the filed one. Every call is an upsert under a document code, so an unknown outcome is sent again.
import { dayOf } from '../../../shared/calendar.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { ReadRecord, Writing, Written } from '../../../shared/connector/contract.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { type HubError, isHubError, permanent } from '../../../shared/errors.ts'
import type { AvaTax } from './client.ts'
import type { AvalaraConfig } from './config.ts'
import { DocumentVersions, typeOf, type Version, versionCode } from './document-versions.ts'
import { requireCharged, tellWhatDiffers } from './recorded-tax.ts'
import { avataxCodes, LOCKED, refusesAddress, translateAvaTaxError } from './refusals.ts'
import type { TellTax } from './tax-signals.ts'
import {
  asProjected,
  type Document,
  documentSchema,
  isVoidCode,
  type Posting,
  replacing,
  requestOf,
} from './transaction-body.ts'

export class Transactions {
  private readonly avatax: AvaTax
  private readonly config: AvalaraConfig
  private readonly versions: DocumentVersions
  private readonly tell: TellTax
  private readonly today: () => string

  constructor(options: { avatax: AvaTax; config: AvalaraConfig; clock: Clock; tell: TellTax }) {
    const { avatax, config, clock } = options
    this.avatax = avatax
    this.config = config
    this.tell = options.tell
    this.today = () => dayOf(clock.now() / 1000, config.timeZone)
    this.versions = new DocumentVersions({ avatax, config, today: this.today })
  }

  async write({ record, known }: Writing): Promise<Written | HubError> {
    const document = documentSchema.parse(record.body)
    try {
      if (document.status === 'Committed') await this.commit(document)
      else await this.cancel(document, known?.remoteId !== undefined)
      return { remoteId: document.code }
    } catch (error) {
      if (isHubError(error)) return error
      if (refusesAddress(error)) return unknownAddress(document, error)
      return translateAvaTaxError(error, `record ${document.code}`, true)
    }
  }

  async read(code: string): Promise<ReadRecord | undefined> {
    const newest = await this.versions.newest(code)
    return newest && { remoteId: code, body: this.versions.bodyOf(code, newest) }
  }

  /** Nothing should stand under this code any more, so it is voided; that leaves a trace, a deletion would not. */
  async retire(code: string): Promise<Written | HubError> {
    try {
      await this.void(code)
      return { remoteId: code }
    } catch (error) {
      return translateAvaTaxError(error, `void ${code}`, true)
    }
  }

  private async commit(document: Document): Promise<void> {
    try {
      await this.post(asProjected(document))
    } catch (error) {
      if (!avataxCodes(error).includes(LOCKED)) throw error
      await this.replaceFiled(document)
    }
  }

  /**
   * A filed document refuses even the same content: if it already says what it should, all is well. What a void has taken
   * back is not replaced: the replacement would stand with nothing against it.
   */
  private async replaceFiled(document: Document): Promise<void> {
    const id = document.code
    const newest = await this.versions.newest(id)
    if (!newest || newest.voided || hashJson(this.versions.bodyOf(id, newest)) === hashJson(document)) return
    const open = newest.answer.locked !== true
    if (!open) await this.versions.takeBack(id, newest)
    const version = open ? newest.version : newest.version + 1
    await this.post(replacing(document, versionCode(id, version), this.today()))
  }

  /** A document that never got here is recorded first: whatever order events came in, the same stands at the end. */
  private async cancel(document: Document, recorded: boolean): Promise<void> {
    const { code } = document
    const stands = recorded || (await this.avatax.find(code, typeOf(code))) !== undefined
    if (stands && (await this.void(code))) return
    await this.post(asProjected(document))
    await this.avatax.cancel(code, typeOf(code))
  }

  /** @returns false: there is nothing under this code. */
  private async void(code: string): Promise<boolean> {
    try {
      return await this.avatax.cancel(code, typeOf(code))
    } catch (error) {
      if (!avataxCodes(error).includes(LOCKED)) throw error
      const newest = await this.versions.newest(code)
      if (newest) await this.voidVersion(code, newest)
      return newest !== undefined
    }
  }

  private async voidVersion(code: string, newest: Version): Promise<void> {
    if (newest.answer.locked === true) await this.versions.takeBack(code, newest)
    else await this.avatax.cancel(newest.code, typeOf(code))
  }

  private async post(posting: Posting): Promise<void> {
    const answer = await this.avatax.record(requestOf(posting, this.config), posting.code)
    requireCharged(answer, posting.document)
    // Of a void, the sale has told it already.
    if (!isVoidCode(posting.code)) tellWhatDiffers(answer, posting.document, this.tell)
  }
}

function unknownAddress(document: Document, cause: unknown): HubError {
  const place = [document.shipTo.city, document.shipTo.country].filter(Boolean).join(', ')
  return permanent(
    `${document.code} is not in AvaTax: it cannot find the address in ${place}. Nothing was recorded.`,
    {
      code: 'TAX-ADDR',
      hint: "Support: correct the customer's address in Stripe (field address); it resumes alone with that one.",
      waitsOn: [{ type: 'customer', id: document.customerCode }],
      cause,
    },
  )
}
