// Money that moves beside an invoice's plain payment: credit given and owed, too much paid, paid outside Stripe or by a
// bank debit that may come back, written off and settled after all, notes taken back, refunds alone and refunds that fail,
// chargebacks, and payouts to the bank that it may send back.
import type { Dice } from '../dice.ts'
import { billingCredits } from './credit-grant-deeds.ts'
import { bill, billAtOnce, someLines } from './invoice-deeds.ts'
import { certain, customerOf, type Deed, once, type Step, unlessRefused } from './scene.ts'
import { chargeOf, pickCredit, pickInvoice, refundable } from './settlement-deeds.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Minor units that end in 0, as a dinar's must. */
const tens = (dice: Dice, low: number, high: number): number => dice.between(low, high) * 10
const soon = (dice: Dice): number => dice.between(0, 40) * MINUTE_MS

const outOfBand: Deed = {
  name: 'invoice paid out of band',
  weight: 3,
  needs: 'open invoice',
  events: 4,
  when: 'later',
  plan: (scene, person, dice) =>
    once('pays an open invoice by cheque', async () => {
      const invoice = pickInvoice(scene, person, dice, 'open')
      if (!invoice) return false
      await scene.stripe.invoices.pay(invoice.id, { paid_out_of_band: true })
      return true
    }),
}

const overpaid: Deed = {
  name: 'invoice overpaid by bank transfer',
  weight: 3,
  needs: 'open invoice',
  events: 8,
  when: 'later',
  plan(scene, person, dice) {
    const tooMuch = tens(dice, 1, 99)
    return once('a transfer of more than is open arrives', async () => {
      const invoice = pickInvoice(scene, person, dice, 'open')
      if (!invoice) return false
      scene.simulator.receiveTransfer(invoice.id, invoice.amount_remaining + tooMuch)
      return true
    })
  },
}

/** Credit lowers the next invoice, a debt is put onto it. */
const balanceMoved = (how: 'credit' | 'debt'): Deed => ({
  name: `${how} on the customer balance, then an invoice`,
  weight: 2,
  events: 6,
  when: 'buying',
  leaves: ['open invoice'],
  plan(scene, person, dice) {
    const amount = tens(dice, 1, 400)
    const lines = someLines(dice, 2)
    const billing: Step = {
      gapMs: soon(dice),
      text: 'and is billed',
      run: async () => (await billAtOnce(scene, person, lines)) !== undefined,
    }
    const moving: Step = {
      text: how === 'credit' ? 'is given credit' : 'owes from before',
      async run() {
        const customer = customerOf(scene, person)
        if (!customer) return false
        await scene.stripe.customers.createBalanceTransaction(customer, {
          amount: how === 'credit' ? -amount : amount,
          currency: person.profile.currency,
        })
        return true
      },
    }
    return [moving, billing]
  },
})

const negativeInvoice: Deed = {
  name: 'invoice below nothing',
  weight: 1,
  events: 5,
  when: 'buying',
  plan(scene, person, dice) {
    const [line] = someLines(dice, 1)
    const back = { unit: -tens(dice, 5_000, 9_000), quantity: 1 }
    return once('is billed less than nothing', async () => {
      return line !== undefined && (await billAtOnce(scene, person, [line, back])) !== undefined
    })
  },
}

/** Only once it is a later second: a payment in the second of the write-off counts as made before it. */
const afterWriteOff: Deed = {
  name: 'invoice paid or voided after its write-off',
  weight: 3,
  needs: 'open invoice',
  events: 6,
  when: 'later',
  plan(scene, person, dice) {
    const pays = dice.chance(0.5)
    const lost: { id?: string } = {}
    return [
      {
        text: 'an open invoice is written off',
        async run() {
          const invoice = pickInvoice(scene, person, dice, 'open')
          if (!invoice) return false
          lost.id = invoice.id
          await scene.stripe.invoices.markUncollectible(invoice.id)
          return true
        },
      },
      {
        gapMs: dice.between(1, 30) * MINUTE_MS,
        leastMs: 2_000,
        text: `the written-off invoice is ${pays ? 'paid' : 'voided'}`,
        async run(atMs) {
          if (!customerOf(scene, person)) return false
          const invoice = scene.simulator.store.invoices.get(lost.id ?? '')
          const writtenOffAt = invoice?.status_transitions.marked_uncollectible_at
          if (!invoice || !writtenOffAt || Math.floor(atMs / 1_000) <= writtenOffAt) return false
          // Stripe voids none that a part was paid of.
          if (pays || invoice.amount_paid > 0) {
            await unlessRefused(scene, () => scene.stripe.invoices.pay(invoice.id))
          } else await scene.stripe.invoices.voidInvoice(invoice.id)
          return true
        },
      },
    ]
  },
}

const noteTakenBack: Deed = {
  name: 'credit note voided',
  weight: 3,
  needs: 'open invoice',
  spares: true,
  events: 4,
  when: 'later',
  plan(scene, person, dice) {
    const made: { id?: string } = {}
    return [
      {
        text: 'a line of an open invoice is credited',
        async run() {
          const invoice = pickInvoice(scene, person, dice, 'open')
          const credit = invoice && pickCredit(scene, invoice, dice)
          // One that leaves nothing open makes the invoice paid, and cannot be voided.
          if (!credit || credit.total >= invoice.amount_remaining) return false
          const { id } = await scene.stripe.creditNotes.create({ invoice: invoice.id, lines: [credit.line] })
          made.id = id
          return true
        },
      },
      {
        gapMs: soon(dice),
        text: 'the credit note is voided',
        async run() {
          const note = scene.simulator.store.creditNotes.get(made.id ?? '')
          const isOpen = scene.simulator.store.invoices.get(String(note?.invoice))?.status === 'open'
          if (!note || !isOpen) return false
          await scene.stripe.creditNotes.voidCreditNote(note.id)
          return true
        },
      },
    ]
  },
}

const refundAlone: Deed = {
  name: 'refund without a credit note',
  weight: 3,
  needs: 'paid invoice',
  spares: true,
  events: 3,
  when: 'later',
  plan: (scene, person, dice) =>
    once('a part of a payment is refunded without a credit note', async () => {
      const invoice = pickInvoice(scene, person, dice, 'paid', (each) => refundable(scene, each) >= 50)
      const charge = invoice && chargeOf(scene, invoice)
      if (!charge) return false
      await scene.stripe.refunds.create({ charge: charge.id, amount: 50 })
      return true
    }),
}

/** Where the money of a credit note goes: back to the card (and home again, if the bank refuses), to the balance, out of band. */
const creditSplit = (how: 'refund that fails' | 'balance and out of band'): Deed => ({
  name: `credit note: ${how}`,
  weight: 3,
  needs: 'paid invoice',
  events: 6,
  when: 'later',
  plan(scene, person, dice) {
    const fails = how === 'refund that fails'
    const made: { refund?: string } = {}
    const crediting: Step = {
      text: `a line of a paid invoice is credited, ${how}`,
      async run() {
        const invoice = pickInvoice(scene, person, dice, 'paid', ({ amount_paid }) => amount_paid > 0)
        const credit = invoice && pickCredit(scene, invoice, dice)
        if (!credit || credit.total > refundable(scene, invoice)) return false
        const toBalance = Math.floor(credit.total / 20) * 10
        const { refunds } = await scene.stripe.creditNotes.create({
          invoice: invoice.id,
          lines: [credit.line],
          ...(fails
            ? { refund_amount: credit.total }
            : { credit_amount: toBalance, out_of_band_amount: credit.total - toBalance }),
        })
        const [refund] = refunds ?? []
        if (refund) made.refund = typeof refund.refund === 'string' ? refund.refund : refund.refund.id
        return true
      },
    }
    const failing: Step = {
      gapMs: soon(dice),
      text: 'the bank sends the refund back',
      async run() {
        if (scene.simulator.store.refunds.get(made.refund ?? '')?.status !== 'succeeded') return false
        scene.simulator.failRefund(certain(made.refund, 'The refund'))
        return true
      },
    }
    return fails ? [crediting, failing] : [crediting]
  },
})

const disputed: Deed = {
  name: 'payment disputed',
  weight: 4,
  needs: 'paid invoice',
  events: 7,
  when: 'later',
  plan(scene, person, dice) {
    const ending = dice.pick(['won', 'lost', 'open'] as const)
    const warned = dice.chance(0.3)
    const opened: { id?: string } = {}
    const opening: Step = {
      text: `a payment is disputed${warned ? ' after a warning of fraud' : ''}`,
      async run() {
        const invoice = pickInvoice(
          scene,
          person,
          dice,
          'paid',
          (each) => refundable(scene, each) > 0 && chargeOf(scene, each)?.amount_refunded === 0,
        )
        const charge = invoice && chargeOf(scene, invoice)
        if (!charge) return false
        // Stripe refunds no disputed payment, so other deeds leave it alone.
        scene.setAside.add(invoice.id)
        if (warned) scene.simulator.warnOfFraud(charge.id)
        opened.id = scene.simulator.openDispute(charge.id).id
        return true
      },
    }
    const closing: Step = {
      gapMs: soon(dice),
      text: `the dispute is ${ending}`,
      async run() {
        if (!opened.id || ending === 'open') return false
        scene.simulator.closeDispute(opened.id, ending)
        return true
      },
    }
    return ending === 'open' ? [opening] : [opening, closing]
  },
}

/** Days, and not minutes: only a plan of some length has it. */
const bankDebit: Deed = {
  name: 'bank debit, which may come back',
  weight: 1,
  events: 14,
  when: 'buying',
  plan(scene, person, dice) {
    const comesBack = dice.chance(0.5)
    const lines = someLines(dice, 1)
    const debited: { invoice?: string | undefined } = {}
    if (person.profile.currency !== 'usd') return []
    const start: Step = {
      text: 'is billed, to be debited from a bank account',
      async run() {
        const customer = customerOf(scene, person)
        if (!customer) return false
        const { id } = await scene.stripe.paymentMethods.attach('pm_usBankAccount', { customer })
        debited.invoice = await bill(scene, person, lines, {
          params: { collection_method: 'charge_automatically', default_payment_method: id },
        })
        return debited.invoice !== undefined
      },
    }
    const end: Step = {
      gapMs: 6 * DAY_MS,
      text: `the debit has settled${comesBack ? ', and comes back' : ''}`,
      async run() {
        const invoice = scene.simulator.store.invoices.get(debited.invoice ?? '')
        const charge = invoice?.status === 'paid' ? chargeOf(scene, invoice) : undefined
        if (!invoice || !charge) return false
        if (comesBack && !charge.disputed && charge.amount_refunded === 0) {
          scene.setAside.add(invoice.id)
          scene.simulator.returnDebit(charge.id, 'insufficient_funds')
        }
        return true
      },
    }
    return [start, end]
  },
}

const paidOut: Deed = {
  name: 'payout to the bank',
  weight: 4,
  needs: 'paid invoice',
  spares: true,
  events: 4,
  when: 'later',
  plan(scene, person, dice) {
    const comesBack = dice.chance(0.5)
    const made: { id?: string } = {}
    const paying: Step = {
      text: 'what was paid goes to the bank',
      async run() {
        const { currency } = person.profile
        const { balanceTransactions, hidden } = scene.simulator.store
        const left = balanceTransactions
          .all()
          .filter((each) => each.currency === currency && !hidden.paidOut.has(each.id))
          .reduce((sum, { net }) => sum + net, 0)
        if (left <= 0) return false
        const payout = await unlessRefused(scene, async () => scene.simulator.payOut(currency))
        if (payout) made.id = payout.id
        return true
      },
    }
    const returning: Step = {
      gapMs: soon(dice),
      text: 'the bank sends the payout back',
      async run() {
        if (!made.id) return false
        scene.simulator.failPayout(made.id)
        return true
      },
    }
    return comesBack ? [paying, returning] : [paying]
  },
}

export const MONEY_DEEDS: readonly Deed[] = [
  outOfBand,
  overpaid,
  balanceMoved('credit'),
  balanceMoved('debt'),
  negativeInvoice,
  afterWriteOff,
  noteTakenBack,
  refundAlone,
  creditSplit('refund that fails'),
  creditSplit('balance and out of band'),
  disputed,
  bankDebit,
  paidOut,
  billingCredits,
]
