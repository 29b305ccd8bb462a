// How a finalized invoice ends: paid by card or by bank transfer in parts, voided, written off, credited, refunded.
// What else money does is money-deeds.ts.
import type { Charge, Invoice } from '../../../local/simulators/stripe/wire.ts'
import type { Dice } from '../dice.ts'
import { billAtOnce, someLines } from './invoice-deeds.ts'
import {
  certain,
  type Deed,
  invoicesOf,
  once,
  type Person,
  type Scene,
  type Step,
  unlessRefused,
} from './scene.ts'

export function pickInvoice(
  scene: Scene,
  person: Person,
  dice: Dice,
  status: 'open' | 'paid',
  suits: (invoice: Invoice) => boolean = () => true,
): Invoice | undefined {
  const standing = invoicesOf(scene, person, status).filter(suits)
  return standing.length > 0 ? dice.pick(standing) : undefined
}

const pay: Deed = {
  name: 'invoice paid',
  weight: 10,
  needs: 'open invoice',
  leaves: ['paid invoice'],
  events: 7,
  when: 'later',
  plan: (scene, person, dice) =>
    once('pays an open invoice', async () => {
      const invoice = pickInvoice(scene, person, dice, 'open')
      if (!invoice) return false
      const paid = await unlessRefused(scene, () => scene.stripe.invoices.pay(invoice.id))
      // Declined once: the second try is in the same second.
      if (!paid) await unlessRefused(scene, () => scene.stripe.invoices.pay(invoice.id))
      return true
    }),
}

/** While its first events are still on their way. */
const settledAtOnce: Deed = {
  name: 'invoice paid and credited within minutes',
  weight: 5,
  leaves: ['paid invoice'],
  events: 14,
  when: 'buying',
  plan(scene, person, dice) {
    const lines = someLines(dice, 2)
    const bought: { id?: string | undefined } = {}
    const credits = dice.chance(0.5)
    const creditDice = dice.fork('credit')
    const gap = () => dice.between(1, 150) * 1_000
    const payAfterMs = gap()
    const steps: Step[] = [
      {
        text: 'is billed by hand',
        async run() {
          bought.id = await billAtOnce(scene, person, lines)
          return bought.id !== undefined
        },
      },
      {
        gapMs: payAfterMs,
        text: 'and pays soon',
        async run() {
          const { id } = bought
          if (!id || scene.simulator.store.invoices.get(id)?.status !== 'open') return false
          return (await unlessRefused(scene, () => scene.stripe.invoices.pay(id))) !== undefined
        },
      },
    ]
    if (!credits) return steps
    const crediting: Step = {
      gapMs: payAfterMs + gap(),
      text: 'a line of it is credited soon',
      async run() {
        const invoice = scene.simulator.store.invoices.get(bought.id ?? '')
        const credit = invoice?.status === 'paid' ? pickCredit(scene, invoice, creditDice) : undefined
        if (!invoice || !credit || credit.total > refundable(scene, invoice)) return false
        await scene.stripe.creditNotes.create({
          invoice: invoice.id,
          lines: [credit.line],
          refund_amount: credit.total,
        })
        return true
      },
    }
    return [...steps, crediting]
  },
}

const voidOpen: Deed = {
  name: 'invoice voided',
  weight: 7,
  needs: 'open invoice',
  events: 3,
  when: 'later',
  plan: (scene, person, dice) =>
    once('an open invoice is voided', async () => {
      // Stripe voids none that a part was paid of.
      const invoice = pickInvoice(scene, person, dice, 'open', ({ amount_paid }) => amount_paid === 0)
      if (!invoice) return false
      await scene.stripe.invoices.voidInvoice(invoice.id)
      return true
    }),
}

const writeOff: Deed = {
  name: 'invoice marked uncollectible',
  weight: 7,
  needs: 'open invoice',
  events: 2,
  when: 'later',
  plan: (scene, person, dice) =>
    once('an open invoice is written off', async () => {
      const invoice = pickInvoice(scene, person, dice, 'open')
      if (!invoice) return false
      await scene.stripe.invoices.markUncollectible(invoice.id)
      return true
    }),
}

const transferInParts: Deed = {
  name: 'bank transfer in parts',
  weight: 8,
  needs: 'open invoice',
  events: 12,
  when: 'later',
  plan(scene, person, dice) {
    const chosen: { id?: string } = {}
    const transfer = (share: number) => async () => {
      const { store } = scene.simulator
      const invoice = chosen.id ? store.invoices.get(chosen.id) : pickInvoice(scene, person, dice, 'open')
      if (invoice?.status !== 'open' || scene.setAside.has(invoice.id)) return false
      // In tens: a dinar's last digit is 0. Never more than what is open.
      const part = Math.floor(invoice.amount_remaining / (share * 10)) * 10
      chosen.id = invoice.id
      scene.simulator.receiveTransfer(invoice.id, share > 1 && part > 0 ? part : invoice.amount_remaining)
      return true
    }
    const first = { text: 'a part of an open invoice arrives by bank transfer', run: transfer(3) }
    const rest = {
      gapMs: dice.between(0, 40) * 60_000,
      text: 'the rest arrives',
      run: async () => (chosen.id ? transfer(1)() : false),
    }
    return dice.chance(0.7) ? [first, rest] : [first]
  },
}

const creditOpen: Deed = {
  name: 'credit note on an open invoice',
  weight: 10,
  needs: 'open invoice',
  spares: true,
  events: 2,
  when: 'later',
  plan: (scene, person, dice) =>
    once('a line of an open invoice is credited', async () => {
      const invoice = pickInvoice(scene, person, dice, 'open')
      const credit = invoice && pickCredit(scene, invoice, dice)
      if (!credit || credit.total > invoice.amount_remaining) return false
      await scene.stripe.creditNotes.create({
        invoice: invoice.id,
        reason: 'order_change',
        lines: [credit.line],
      })
      return true
    }),
}

const refund: Deed = {
  name: 'refund with a credit note',
  weight: 14,
  needs: 'paid invoice',
  events: 4,
  when: 'later',
  plan: (scene, person, dice) =>
    once('a line of a paid invoice is credited and refunded', async () => {
      const invoice = pickInvoice(scene, person, dice, 'paid', ({ amount_paid }) => amount_paid > 0)
      const credit = invoice && pickCredit(scene, invoice, dice)
      if (!credit || credit.total > refundable(scene, invoice)) return false
      await scene.stripe.creditNotes.create({
        invoice: invoice.id,
        reason: 'order_change',
        lines: [credit.line],
        refund_amount: credit.total,
      })
      return true
    }),
}

/** A line that no note has touched, whole or half, with the share of its tax. */
export function pickCredit(scene: Scene, invoice: Invoice, dice: Dice) {
  const touched = new Set(
    scene.simulator.store.creditNotes
      .of(invoice.id)
      .flatMap((note) => note.lines.data.map(({ invoice_line_item }) => invoice_line_item)),
  )
  const line = invoice.lines.data.find(
    ({ id, amount, discount_amounts }) => amount > 0 && !discount_amounts?.length && !touched.has(id),
  )
  if (!line) return undefined
  // Half a dinar's line need not end in 0.
  const whole = invoice.currency === 'kwd' || line.amount < 2 || dice.chance(0.6)
  const amount = whole ? line.amount : Math.floor(line.amount / 2)
  const taxes = (line.taxes ?? [])
    .map((tax) => ({
      amount: shareOf(tax.amount, amount, line.amount),
      taxable_amount: shareOf(tax.taxable_amount ?? line.amount, amount, line.amount),
      tax_rate: certain(tax.tax_rate_details?.tax_rate, 'A tax rate'),
    }))
    .filter((tax) => tax.amount > 0)
  return {
    total: taxes.reduce((sum, tax) => sum + tax.amount, amount),
    line: {
      type: 'invoice_line_item' as const,
      invoice_line_item: line.id,
      amount,
      ...(taxes.length > 0 && { tax_amounts: taxes }),
    },
  }
}

/** Rounded down: a credit never takes back more tax than was charged. */
const shareOf = (amount: number, part: number, whole: number): number =>
  Number((BigInt(amount) * BigInt(part)) / BigInt(whole))

/** What is left of the charge that a credit note's refund would be taken from: the first that paid. */
export function refundable(scene: Scene, invoice: Invoice): number {
  const charge = chargeOf(scene, invoice)
  return charge && !charge.disputed ? charge.amount - charge.amount_refunded : 0
}

/** The first that paid the invoice. */
export function chargeOf({ simulator }: Scene, invoice: Invoice): Charge | undefined {
  const { invoicePayments, charges } = simulator.store
  for (const { status, payment } of invoicePayments.of(invoice.id)) {
    if (status !== 'paid') continue
    const charge = charges.of(payment.payment_intent, 1).find((each) => each.status === 'succeeded')
    if (charge) return charge
  }
  return undefined
}

export const SETTLEMENT_DEEDS: readonly Deed[] = [
  pay,
  settledAtOnce,
  voidOpen,
  writeOff,
  transferInParts,
  creditOpen,
  refund,
]
