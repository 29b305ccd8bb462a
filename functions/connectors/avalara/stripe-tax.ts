// Writes the calculated tax onto a draft's lines and releases the draft: hold, write, look again, compare the lines
// with the calculation, finalize, compare the answer. Each step is safe to repeat, and the whole begins with a look.
import type Stripe from 'stripe'
import type { Clock } from '../../../shared/clock.ts'
import type { JsonObject, ReadRecord, Writing, Written } from '../../../shared/connector/contract.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { type HubError, isHubError, permanent, transient } from '../../../shared/errors.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import { isStripeNotFound, translateStripeError } from '../../../shared/stripe/errors.ts'
import {
  collectAgain,
  formerAutoAdvance,
  holdDraft,
  isServerFailure,
  markedFormer,
  thisMinute,
} from '../../../shared/stripe/tax-hold-marker.ts'
import { ratesOnLines } from './blocked-draft.ts'
import type { LineTaxes, RateData, TaxEntry } from './calculation.ts'
import { soldLines } from './invoice-lines.ts'
import { NOTE_KEY } from './release-approval.ts'
import { type Body, bodySchema, lineParams, requireSameDraft, sameAmounts } from './stripe-tax-lines.ts'
import type { TellTax } from './tax-signals.ts'

export class StripeTax {
  private readonly stripe: Stripe
  private readonly clock: Clock
  private readonly tell: TellTax
  /** Stripe's tax rates made for tax amounts are archived at once and never change. */
  private readonly rates = new Map<string, Promise<RateData>>()

  constructor(options: { stripe: Stripe; clock: Clock; tell: TellTax }) {
    this.stripe = options.stripe
    this.clock = options.clock
    this.tell = options.tell
  }

  async write({ record }: Writing): Promise<Written | HubError> {
    const invoiceId = record.externalId
    try {
      await this.taxAndRelease(invoiceId, bodySchema.parse(record.body), hashJson(record.body))
      return { remoteId: invoiceId }
    } catch (error) {
      // The draft was deleted: there is nothing left to tax.
      if (isStripeNotFound(error)) return { remoteId: invoiceId }
      if (isHubError(error)) return error
      if (refusesTaxAmounts(error)) return ratesOnLines(invoiceId, error)
      return translateStripeError(error, `write the tax of ${invoiceId}`, true)
    }
  }

  async read(invoiceId: string): Promise<ReadRecord | undefined> {
    try {
      const invoice = await this.load(invoiceId)
      return { remoteId: invoiceId, body: await this.normalise(invoice) }
    } catch (error) {
      if (isStripeNotFound(error)) return undefined
      throw translateStripeError(error, `read the tax of ${invoiceId}`, false)
    }
  }

  /** What was charged stays as it is. Only a hold that may have landed after the release is looked for, where in doubt. */
  async retire(invoiceId: string, inDoubt: boolean): Promise<Written | HubError> {
    try {
      if (inDoubt) await collectAgain(this.stripe, this.clock, invoiceId)
      return { remoteId: invoiceId }
    } catch (error) {
      if (isStripeNotFound(error)) return { remoteId: invoiceId }
      return translateStripeError(error, `look for a late hold of ${invoiceId}`, true)
    }
  }

  private async taxAndRelease(invoiceId: string, body: Body, hash: string): Promise<void> {
    let invoice = await this.load(invoiceId)
    // Finalized meanwhile, by us or by a person: its document follows with that event.
    if (invoice.status !== 'draft') return
    requireSameDraft(invoice, body)
    const marked = markedFormer(invoice)
    if (marked !== body.former) {
      await holdDraft(this.stripe, this.clock, {
        invoiceId,
        former: body.former,
        again: marked !== undefined,
      })
    }
    if (!(await this.carries(invoice, body))) {
      invoice = await this.writeLines(invoice, body, hash)
    } else {
      invoice = await this.load(invoiceId)
    }
    if (invoice.status !== 'draft') return
    requireSameDraft(invoice, body)
    if (!sameAmounts(invoice, body)) throw notTaken(invoiceId)
    await this.writeNote(invoice, body)
    if (body.release) await this.release(invoice, body, hash)
  }

  /** Writes all lines in ONE call (Stripe documents no limit of lines), then reads them again. */
  private async writeLines(draft: Stripe.Invoice, body: Body, hash: string): Promise<Stripe.Invoice> {
    const { id } = draft
    if (draft.default_tax_rates.length > 0) {
      // Rates put on a subscription for its first invoice come along to its renewals; tax_amounts exclude them.
      await this.stripe.invoices.update(
        id,
        { default_tax_rates: '' },
        { idempotencyKey: `switchyard-rates-${id}-${hash}-${thisMinute(this.clock)}` },
      )
    }
    const key = `switchyard-tax-${id}-${hash}`
    await this.send(key, (idempotencyKey) =>
      this.stripe.invoices.updateLines(id, { lines: lineParams(body) }, { idempotencyKey }),
    )
    const written = await this.load(id)
    if (written.status !== 'draft' || sameAmounts(written, body)) return written
    requireSameDraft(written, body)
    // Calculated, changed and changed back within a day: Stripe has replayed the first answer and done nothing.
    await this.stripe.invoices.updateLines(
      id,
      { lines: lineParams(body) },
      { idempotencyKey: `${key}-${thisMinute(this.clock)}` },
    )
    return this.load(id)
  }

  /** Before the release, so that no finalized invoice lacks it. */
  private async writeNote(draft: Stripe.Invoice, { note = '' }: Body): Promise<void> {
    const standing = draft.metadata?.[NOTE_KEY] ?? ''
    if (standing === note) return
    await this.stripe.invoices.update(
      draft.id,
      { metadata: { [NOTE_KEY]: note } },
      { idempotencyKey: `switchyard-note-${draft.id}-${hashJson(note)}-${thisMinute(this.clock)}` },
    )
    if (note === '') return
    const amount = toDecimal(money(draft.total, draft.currency))
    this.tell(note.startsWith('released') ? 'TaxReleased' : 'TaxFallback', {
      document: draft.id,
      currency: draft.currency.toUpperCase(),
      amount,
      note,
    })
  }

  private async release(draft: Stripe.Invoice, body: Body, hash: string): Promise<void> {
    let answer: Stripe.Invoice
    try {
      answer = await this.send(`switchyard-finalize-${draft.id}-${hash}`, (idempotencyKey) =>
        this.stripe.invoices.finalizeInvoice(draft.id, { auto_advance: true }, { idempotencyKey }),
      )
    } catch (error) {
      const now = await this.load(draft.id)
      if (now.status === 'draft') throw error
      answer = now
    }
    // A replayed answer to an earlier attempt can still show the draft.
    if (answer.status === 'draft') answer = await this.load(draft.id)
    const wanted = Object.values(body.lines).reduce((total, { taxes }) => total + sumOf(taxes), 0n)
    const got = (answer.total_taxes ?? []).reduce((total, { amount }) => total + BigInt(amount), 0n)
    if (answer.status === 'draft') throw notTaken(draft.id)
    if (wanted !== got) throw finalizedDiffers(answer, wanted, got)
  }

  /** A 5xx is saved and replayed under its key for a day, so one more attempt goes under a key of this minute. */
  private async send<T>(key: string, call: (idempotencyKey: string) => Promise<T>): Promise<T> {
    try {
      return await call(key)
    } catch (error) {
      if (!isServerFailure(error)) throw error
      return call(`${key}-${thisMinute(this.clock)}`)
    }
  }

  private async load(id: string): Promise<Stripe.Invoice> {
    const invoice = await this.stripe.invoices.retrieve(id)
    if (invoice.lines.has_more) {
      const all = this.stripe.invoices.listLineItems(id, { limit: 100 })
      invoice.lines.data = await all.autoPagingToArray({ limit: 10_000 })
      invoice.lines.has_more = false
    }
    return invoice
  }

  /** Already as calculated, names and percentages included: only then is there nothing to write. */
  private async carries(invoice: Stripe.Invoice, body: Body): Promise<boolean> {
    if (!sameAmounts(invoice, body)) return false
    const { lines, rates } = await this.normalise(invoice)
    return (
      hashJson({ lines: lines ?? null, rates: rates ?? null }) ===
      hashJson({ lines: body.lines, rates: body.rates })
    )
  }

  /** What stands in Stripe, in the projection's own terms. */
  private async normalise(invoice: Stripe.Invoice): Promise<JsonObject> {
    const rates: Record<string, RateData> = {}
    const lines: Record<string, LineTaxes> = {}
    const bases = new Map(soldLines(invoice).map((line) => [line.id, line.baseMinor]))
    for (const line of invoice.lines.data) {
      const taxes: TaxEntry[] = []
      for (const tax of line.taxes ?? []) {
        const rateId = tax.tax_rate_details?.tax_rate
        const rate: RateData = rateId
          ? await this.rate(rateId)
          : { name: '', percentage: '', inclusive: tax.tax_behavior === 'inclusive' }
        const key = hashJson(rate)
        rates[key] = rate
        taxes.push({
          rate: key,
          amount: String(tax.amount),
          taxable: String(tax.taxable_amount ?? 0),
          reason: tax.taxability_reason,
        })
      }
      taxes.sort((a, b) => (a.rate < b.rate ? -1 : 1))
      lines[line.id] = { base: String(bases.get(line.id) ?? 0n), taxes }
    }
    const note = invoice.metadata?.[NOTE_KEY]
    return {
      former: formerAutoAdvance(invoice),
      ...(note && { note }),
      release: invoice.status !== 'draft',
      rates,
      lines,
    }
  }

  private rate(id: string): Promise<RateData> {
    const known = this.rates.get(id)
    if (known) return known
    const read = this.stripe.taxRates.retrieve(id).then(
      (rate): RateData => ({
        name: rate.display_name,
        percentage: String(rate.percentage),
        inclusive: rate.inclusive,
        ...(rate.jurisdiction && { jurisdiction: rate.jurisdiction }),
        ...(rate.jurisdiction_level && { level: rate.jurisdiction_level }),
        ...(rate.country && { country: rate.country }),
        ...(rate.state && { state: rate.state }),
        ...(rate.tax_type && { type: rate.tax_type }),
      }),
    )
    this.rates.set(id, read)
    read.catch(() => this.rates.delete(id))
    return read
  }
}

/** https://docs.stripe.com/api/invoices/update_lines: `tax_amounts` exclude `tax_rates`. */
const refusesTaxAmounts = (error: unknown): boolean =>
  error instanceof Error &&
  'statusCode' in error &&
  error.statusCode === 400 &&
  'param' in error &&
  /tax_(amounts|rates)/.test(String(error.param))

const sumOf = (taxes: readonly TaxEntry[]): bigint =>
  taxes.reduce((total, { amount }) => total + BigInt(amount), 0n)

const notTaken = (invoiceId: string) =>
  transient(
    `${invoiceId} is held: Stripe does not yet show the tax that was written. Nothing was finalized.`,
    {
      code: 'TAX-NOT-TAKEN',
      hint: 'Do nothing: it is looked at again.',
      recordOnly: true,
    },
  )

function finalizedDiffers(invoice: Stripe.Invoice, wantedMinor: bigint, gotMinor: bigint): HubError {
  const say = (amountMinor: bigint) => toDecimal(money(amountMinor, invoice.currency))
  const currency = invoice.currency.toUpperCase()
  return permanent(
    `${invoice.number ?? invoice.id} was finalized with ${currency} ${say(gotMinor)} tax instead of ${say(wantedMinor)}: a line changed in the same second.`,
    {
      code: 'TAX-FINALIZED-DIFFERS',
      hint: 'Finance: credit and reissue the invoice in Stripe, or accept the difference with a reason.',
    },
  )
}
