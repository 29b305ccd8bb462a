// What a NetSuite document stands for, by its type and external id: a Stripe object itself, the second half of one that
// was taken back, or an adjunct (a journal or memo that only moves what the object's own document left). A pair that takes
// itself back to the cent is as good as none.
import type { Adjunct, AmountFacts, RecordRows } from './reading.ts'

export interface BookDocument {
  type: string
  externalId: string
  internalId: string
  currency: string
  /** Positive as a person would say it: a memo over 5.00 is 5.00. */
  amountMinor: bigint
  taxMinor: bigint
  openMinor: bigint
  customer: string | undefined
  /** External ids of what a payment settles. */
  settles: readonly string[]
}

type Documents = Pick<RecordRows, 'invoices' | 'payments' | 'refunds' | 'creditNotes' | 'voids' | 'writeOffs'>

/** Type, prefix of the id and part of it, of documents that belong to an object beside its own. */
const ADJUNCTS =
  /^(Journal cbtxn(-expired)?|CustCred in-(balance|owed-void)|Journal in-(owed|tobalance|credits|credits-void|unapplied|void-recovery)|Journal inpay-(tobalance|recovery|fee)|Journal cn-(tobalance|recovery)|CustRfnd cn-outofband|CustCred (re|pyr)-alone|Journal (re|pyr)(-failed)?-fee|Journal (du|dp)-(txn_\w+|lost|wonback)|Journal po(-failed)?)$/

/** @param invoiceOfNote of a credit note's id. */
export function sortDocuments(
  documents: readonly BookDocument[],
  invoiceOfNote: ReadonlyMap<string, string>,
): { rows: Documents; adjuncts: Adjunct[]; strangers: string[] } {
  const rows: Documents = {
    invoices: [],
    payments: [],
    refunds: [],
    creditNotes: [],
    voids: [],
    writeOffs: [],
  }
  const adjuncts: Adjunct[] = []
  const strangers: string[] = []
  const byName = new Map(documents.map((document) => [nameOf(document), document]))
  const openBeside = openBesideInvoices(documents, invoiceOfNote)
  for (const document of documents) {
    const { type, externalId, currency, customer, amountMinor, taxMinor } = document
    const [, stripeId = '', part = ''] = /^([a-z]+_[A-Za-z0-9]+)(-[\w-]+)?$/.exec(externalId) ?? []
    const kind = `${type} ${stripeId.split('_')[0]}${part}`
    const amount: AmountFacts = { currency, amountMinor, customer }
    const sold = { currency, customer, issued: true, totalMinor: amountMinor, taxMinor }
    if (takenBack(document, byName)) continue
    if (kind === 'CustInvc in') {
      const openMinor = document.openMinor + (openBeside.get(stripeId) ?? 0n)
      rows.invoices.push([stripeId, { ...sold, openMinor }])
    } else if (kind === 'CustCred in-credit') {
      // An invoice below nothing: NetSuite takes it as a memo. What it leaves is on the customer's balance.
      const negative = { totalMinor: 0n - amountMinor, taxMinor: 0n - taxMinor }
      rows.invoices.push([stripeId, { ...sold, ...negative, openMinor: 0n }])
    } else if (kind === 'CustPymt inpay' || kind === 'CustPymt in-outofband') {
      const invoice = settledInvoices(document, invoiceOfNote)
      rows.payments.push([stripeId, { ...amount, invoice }])
    } else if (kind === 'CustCred cn') rows.creditNotes.push([stripeId, { ...amount, taxMinor }])
    else if (kind === 'CustCred in-void') rows.voids.push([stripeId, amount])
    else if (kind === 'CustCred in-writeoff') rows.writeOffs.push([stripeId, amount])
    else if (/^CustRfnd (re|pyr)$/.test(kind)) rows.refunds.push([stripeId, amount])
    else if (ADJUNCTS.test(kind))
      adjuncts.push({ of: stripeId, document: nameOf(document), ...(customer && { customer }) })
    else strangers.push(nameOf(document))
  }
  return { rows, adjuncts, strangers }
}

const nameOf = ({ type, externalId, internalId }: BookDocument): string =>
  `${type} ${externalId || `without an external id (internal id ${internalId})`}`

/** A credit note and the invoice that took it back, a refund and the payment of its money come home: both count for nothing. */
function takenBack(document: BookDocument, byName: ReadonlyMap<string, BookDocument>): boolean {
  const { type, externalId, amountMinor, currency } = document
  const others: Record<string, string> = {
    'CustCred cn': `CustInvc ${externalId}-void`,
    'CustInvc cn': `CustCred ${externalId.replace(/-void$/, '')}`,
    'CustRfnd re': `CustPymt ${externalId}-failed`,
    'CustPymt re': `CustRfnd ${externalId.replace(/-failed$/, '')}`,
  }
  const other = others[`${type} ${externalId.split('_')[0]?.replace('pyr', 're')}`]
  const found = byName.get(other ?? '')
  return found !== undefined && found.amountMinor === amountMinor && found.currency === currency
}

/** Of each invoice: what is open on its debt that came with it, and on credit notes of it that were taken back. */
function openBesideInvoices(
  documents: readonly BookDocument[],
  invoiceOfNote: ReadonlyMap<string, string>,
): Map<string, bigint> {
  const open = new Map<string, bigint>()
  for (const { type, externalId, openMinor } of documents) {
    const [, id = '', part] = /^((?:in|cn)_[A-Za-z0-9]+)(-owed|-void)$/.exec(externalId) ?? []
    const invoice =
      type === 'Journal' && part === '-owed' ? id : type === 'CustInvc' ? invoiceOfNote.get(id) : undefined
    if (invoice !== undefined) open.set(invoice, (open.get(invoice) ?? 0n) + openMinor)
  }
  return open
}

/** A payment of its own recovery, or of what was too much, says nothing of an invoice. */
function settledInvoices(
  { externalId, settles }: BookDocument,
  invoiceOfNote: ReadonlyMap<string, string>,
): string {
  const invoices = settles.flatMap((settled) => {
    if (settled.startsWith(`${externalId}-`)) return []
    const [, id = '', part] = /^([a-z]+_[A-Za-z0-9]+)(-[\w-]+)?$/.exec(settled) ?? []
    if (part === '-void') return [invoiceOfNote.get(id) ?? settled]
    return [part === undefined || part === '-owed' ? id || settled || 'another document' : settled]
  })
  return [...new Set(invoices)].join(' and ') || 'none'
}
