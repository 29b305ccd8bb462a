// What every document says at its top: customer, currency, date, posting period, receivable account, memo. A
// missing mapping parks the document and names the line of hub.config.ts to add.

import { dayOf } from '../../../shared/calendar.ts'
import { type JsonObject, type RecordKey, recordKey, recordRef } from '../../../shared/connector/contract.ts'
import type { Books, DocumentChoices, DocumentName, PostingPeriod } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { parked } from './parked.ts'

const MEMO_MAX = 999

export interface Head {
  record: DocumentName
  /** For error texts: 'INV-0042 (EUR 1,190.00)'. */
  document: string
  /** For the memo: 'Invoice'. */
  title: string
  number: string | null
  stripeId: string
  /** Undefined for journals that no customer is concerned in. */
  customerId: string | undefined
  currency: string
  atSeconds: number
  /** Where Stripe wrote a day and no instant: that, in every zone. */
  day?: string
}

/** The heads of an object's documents: its own, which is called by its title alone, and what follows from it. */
export const headsOf =
  (own: Omit<Head, 'record' | 'atSeconds'>) =>
  (record: DocumentName, title: string, atSeconds: number): Head => ({
    ...own,
    record,
    document: title === own.title ? own.document : `${title} of ${own.document}`,
    title,
    atSeconds,
  })

/** Fields common to all documents; the customer's field name and the receivable's differ by kind. */
export function headFields(
  head: Head,
  { books, periods }: DocumentChoices,
  config: NetSuiteConfig,
): JsonObject {
  const currency = head.currency.toUpperCase()
  const isJournal = head.record.kind === 'journalEntry'
  const settlement = head.record.kind === 'customerPayment' || head.record.kind === 'customerRefund'
  const subsidiaryId = mapped(books.subsidiaryId, head, {
    code: 'NS-SUBSIDIARY',
    why:
      books.subsidiaryName === undefined
        ? 'no rule says which subsidiary its customer belongs to (field subsidiary).'
        : `its customer's subsidiary "${books.subsidiaryName}" is not in the configuration (field subsidiary).`,
    where: `netsuite.customerSubsidiary (a rule or a default) and netsuite.subsidiaries; or the customer's metadata ${config.customerSubsidiary.metadataKey} in Stripe`,
    waitsOnCustomer: true,
  })
  const receivableId = isJournal ? undefined : receivableOf(head, books)
  const currencyId = mapped(books.currencyId, head, {
    code: 'NS-CURRENCY',
    why: `the currency ${currency} is not mapped (field currency).`,
    where: `netsuite.currencies.${currency}`,
  })
  const key: RecordKey = recordKey(head.record)
  const period = periods[key]
  const ownDay = head.day ?? dayOf(head.atSeconds, config.timeZone)
  if (!period) {
    throw parked({
      code: 'NS-PERIOD',
      document: head.document,
      why: `there is no open accounting period on or after ${ownDay} (field postingPeriod).`,
      hint: 'NetSuite admin: set up or open a period (Setup → Accounting → Manage Accounting Periods). Then: hub replay --parked',
    })
  }
  return {
    ...(head.customerId !== undefined &&
      !isJournal && { [settlement ? 'customer' : 'entity']: recordRef('customer', head.customerId) }),
    subsidiary: { id: subsidiaryId },
    currency: { id: currencyId },
    ...(receivableId !== undefined && { [settlement ? 'arAcct' : 'account']: { id: receivableId } }),
    tranDate: period.movedTo ?? ownDay,
    postingPeriod: { id: period.id },
    memo: memoText(head, closingWords(period, ownDay), config),
  }
}

function closingWords({ name, insteadOf, movedTo }: PostingPeriod, ownDay: string): string {
  if (insteadOf === undefined) return ''
  return ` · ${movedTo === undefined ? '' : `of ${ownDay}, `}posted to ${name}: ${insteadOf} was closed`
}

/** The receivable account of the document's subsidiary and currency. */
export function receivableOf(head: Head, books: Books): string {
  const currency = head.currency.toUpperCase()
  return mapped(books.receivableId, head, {
    code: 'NS-RECEIVABLE',
    why: `subsidiary "${books.subsidiaryName}" has no receivable account for ${currency} (field currency).`,
    where: `netsuite.subsidiaries.${books.subsidiaryName}.receivable.${currency}`,
  })
}

function memoText(head: Head, closing: string, config: NetSuiteConfig): string {
  const text = config.memo
    .replaceAll('{document}', head.title)
    .replaceAll('{number}', head.number ?? '')
    .replaceAll('{id}', head.stripeId)
    .replace(/\s+/g, ' ')
    .trim()
  return text.slice(0, MEMO_MAX - closing.length) + closing
}

export interface Missing {
  code: string
  why: string
  /** Below hub.config.ts →. */
  where: string
  waitsOnCustomer?: boolean
}

/** @throws permanent when the mapping has no value. */
export function mapped(id: string | undefined, head: Head, missing: Missing): string {
  if (id !== undefined) return id
  throw parked({
    code: missing.code,
    document: head.document,
    why: missing.why,
    hint: `Engineering: hub.config.ts → ${missing.where}. Then: hub replay --parked`,
    ...(missing.waitsOnCustomer &&
      head.customerId !== undefined && { waitsOn: [{ type: 'customer', id: head.customerId }] }),
  })
}
