// An invoice that was finalized untaxed is credited in full and billed again with tax: a credit note (what was paid goes
// onto the customer's balance, which pays the new invoice but for its tax) and a draft of the same lines, which is then
// held, taxed and released like any other. Both carry the old invoice's id, so every attempt begins with a look.
//
// Left to a person: what was credited already, lines that take something off, and discounts that credit notes spread.
import type Stripe from 'stripe'
import type { Clock } from '../../../shared/clock.ts'
import type { ReadRecord, Writing, Written } from '../../../shared/connector/contract.ts'
import { type HubError, isHubError, permanent } from '../../../shared/errors.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import { translateStripeError } from '../../../shared/stripe/errors.ts'
import { formerAutoAdvance, thisMinute } from '../../../shared/stripe/tax-hold-marker.ts'
import { nameOf } from './blocked-draft.ts'
import { customerIdOf } from './gathering.ts'
import { type SoldLine, soldLines } from './invoice-lines.ts'
import { REISSUE_KEY } from './never-draft.ts'
import { invoiceIdOf, reissueBody, reissueSchema } from './reissue-body.ts'
import { readInvoice } from './stripe-reads.ts'
import type { TellTax } from './tax-signals.ts'

interface Standing {
  note: Stripe.CreditNote | undefined
  others: Stripe.CreditNote[]
  replacement: Stripe.Invoice | undefined
}

export class Reissues {
  private readonly stripe: Stripe
  private readonly clock: Clock
  private readonly tell: TellTax

  constructor(options: { stripe: Stripe; clock: Clock; tell: TellTax }) {
    this.stripe = options.stripe
    this.clock = options.clock
    this.tell = options.tell
  }

  async write({ record }: Writing): Promise<Written | HubError> {
    const { of } = reissueSchema.parse(record.body)
    try {
      const invoice = await readInvoice(this.stripe, of)
      const standing = await this.look(invoice)
      if (!standing.note) await this.credit(invoice, standing)
      const replacement = standing.replacement ?? (await this.draft(invoice))
      await this.complete(invoice, replacement)
      return { remoteId: replacement.id }
    } catch (error) {
      return isHubError(error) ? error : translateStripeError(error, `reissue ${of} with tax`, true)
    }
  }

  /** What was billed in Stripe is Stripe's from then on: no longer wanted, nothing is taken away. */
  async retire(externalId: string): Promise<Written> {
    return { remoteId: externalId }
  }

  async read(externalId: string): Promise<ReadRecord | undefined> {
    const of = invoiceIdOf(externalId)
    try {
      const invoice = await readInvoice(this.stripe, of)
      const { note, replacement } = await this.look(invoice)
      if (!note || !replacement || isUnfinished(replacement)) return undefined
      return {
        remoteId: replacement.id,
        body: { ...reissueBody(invoice), total: toDecimal(money(note.total, note.currency)) },
      }
    } catch (error) {
      throw isHubError(error) ? error : translateStripeError(error, `look at the reissue of ${of}`, false)
    }
  }

  private async look(invoice: Stripe.Invoice): Promise<Standing> {
    const all = await this.stripe.creditNotes
      .list({ invoice: invoice.id, limit: 100 })
      .autoPagingToArray({ limit: 1_000 })
    const notes = all.filter(({ status }) => status !== 'void')
    const isOurs = ({ metadata }: { metadata: Stripe.Metadata | null }) =>
      metadata?.[REISSUE_KEY] === invoice.id
    const customer = customerIdOf(invoice)
    const later =
      customer === undefined
        ? []
        : await this.stripe.invoices
            .list({ customer, created: { gte: invoice.created }, limit: 100 })
            .autoPagingToArray({ limit: 10_000 })
    return {
      note: notes.find(isOurs),
      others: notes.filter((note) => !isOurs(note)),
      replacement: later.find((each) => isOurs(each) && each.status !== 'void'),
    }
  }

  /** Line by line, so that the books take each item back; what was paid goes onto the balance. */
  private async credit(invoice: Stripe.Invoice, { others }: Standing): Promise<void> {
    const sold = soldLines(invoice)
    if (others.length > 0) throw byHand(invoice, 'it is credited in part already')
    if (sold.some(({ baseMinor }) => baseMinor < 0n)) throw byHand(invoice, 'a line takes something off')
    if (invoice.lines.data.some((line, index) => BigInt(line.amount) !== sold[index]?.baseMinor))
      throw byHand(invoice, 'it carries discounts or billing credits')
    if ((invoice.shipping_cost?.amount_total ?? 0) !== 0) throw byHand(invoice, 'it carries a shipping cost')
    const paid = invoice.total - (invoice.status === 'paid' ? 0 : invoice.amount_remaining)
    await this.stripe.creditNotes.create(
      {
        invoice: invoice.id,
        lines: invoice.lines.data
          .filter(({ amount }) => amount !== 0)
          .map(({ id, amount }) => ({ type: 'invoice_line_item', invoice_line_item: id, amount })),
        ...(paid > 0 && { credit_amount: paid }),
        memo: 'Replaced by an invoice with tax.',
        metadata: { [REISSUE_KEY]: invoice.id },
      },
      { idempotencyKey: `switchyard-reissue-credit-${invoice.id}` },
    )
  }

  /** Not advancing yet: an empty draft that somebody finalizes would bill nothing. */
  private async draft(invoice: Stripe.Invoice): Promise<Stripe.Invoice> {
    const customer = customerIdOf(invoice)
    if (customer === undefined) throw byHand(invoice, 'it belongs to no customer')
    return this.stripe.invoices.create(
      {
        customer,
        currency: invoice.currency,
        collection_method: invoice.collection_method,
        ...(invoice.collection_method === 'send_invoice' && { days_until_due: 30 }),
        auto_advance: false,
        pending_invoice_items_behavior: 'exclude',
        description: `Replaces ${invoice.number ?? invoice.id}, with tax.`,
        metadata: { [REISSUE_KEY]: invoice.id },
      },
      { idempotencyKey: `switchyard-reissue-draft-${invoice.id}` },
    )
  }

  private async complete(invoice: Stripe.Invoice, replacement: Stripe.Invoice): Promise<void> {
    if (!isUnfinished(replacement)) return
    if (replacement.lines.data.length === 0) {
      const sold = new Map(soldLines(invoice).map((line) => [line.id, line]))
      await this.stripe.invoices.addLines(
        replacement.id,
        {
          lines: invoice.lines.data.flatMap((line) => {
            const price = sold.get(line.id)
            return price ? [newLine(invoice, line, price)] : []
          }),
        },
        { idempotencyKey: `switchyard-reissue-lines-${invoice.id}` },
      )
    }
    await this.stripe.invoices.update(
      replacement.id,
      { auto_advance: true },
      { idempotencyKey: `switchyard-reissue-advance-${replacement.id}-${thisMinute(this.clock)}` },
    )
    this.tell('TaxReissued', {
      document: invoice.id,
      currency: invoice.currency.toUpperCase(),
      credited: toDecimal(money(invoice.total, invoice.currency)),
      replacement: replacement.id,
    })
  }
}

/** From here on it is held, taxed and released, or it was. */
const isUnfinished = (draft: Stripe.Invoice): boolean =>
  draft.status === 'draft' && (draft.lines.data.length === 0 || formerAutoAdvance(draft) === 'false')

function newLine(invoice: Stripe.Invoice, line: Stripe.InvoiceLineItem, { baseMinor, product }: SoldLine) {
  const amount = Number(baseMinor)
  const { period, description } = line
  return {
    period: { start: period.start, end: period.end },
    ...(description && { description }),
    ...(product
      ? { quantity: 1, price_data: { currency: invoice.currency, product, unit_amount: amount } }
      : { amount }),
  }
}

const byHand = (invoice: Stripe.Invoice, why: string): HubError =>
  permanent(
    `${nameOf(invoice)} was finalized untaxed and is not reissued: ${why}. It stands in AvaTax as charged, without tax; nothing was credited.`,
    {
      code: 'TAX-REISSUE',
      hint: `Billing: credit ${invoice.number ?? invoice.id} in Stripe and bill it again with tax, or accept this with a reason. The tax that is missing is totalTaxCalculated of ${invoice.id} in AvaTax.`,
    },
  )
