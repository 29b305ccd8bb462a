// One-off invoices: drafts that the hub holds, taxes and releases; drafts that their owner keeps or deletes; and
// invoices taxed by Stripe itself, which a person finalizes at once, so that draft, open and paid fall into one second.
import type Stripe from 'stripe'
import {
  customerOf,
  type Deed,
  invoicesOf,
  once,
  type Person,
  type Scene,
  type Step,
  unlessRefused,
} from './scene.ts'
import type { ProductId } from './shelf.ts'

const MINUTE_MS = 60_000

export interface BillLine {
  /** Minor units, of one piece. */
  unit: number
  quantity: number
}

/** A draft with its lines, in two calls. Sent on 30 days' terms unless `params` say otherwise. @returns its id. */
export async function bill(
  scene: Scene,
  person: Person,
  lines: readonly BillLine[],
  options: { product?: ProductId; params?: Partial<Stripe.InvoiceCreateParams> } = {},
): Promise<string | undefined> {
  const customer = customerOf(scene, person)
  if (!customer) return undefined
  const { currency } = person.profile
  const product = await scene.shelf.product(options.product ?? 'prod_onboarding')
  const { id } = await scene.stripe.invoices.create({
    customer,
    currency,
    auto_advance: true,
    pending_invoice_items_behavior: 'exclude',
    ...(options.params?.collection_method !== 'charge_automatically' && {
      collection_method: 'send_invoice',
      days_until_due: 30,
    }),
    ...options.params,
  })
  await addLines(scene, person, id, lines, product)
  return id
}

async function addLines(
  { stripe }: Scene,
  { profile }: Person,
  invoice: string,
  lines: readonly BillLine[],
  product: ProductId,
): Promise<void> {
  await stripe.invoices.addLines(invoice, {
    lines: lines.map(({ unit, quantity }, index) => ({
      description: `Workshop ${index + 1}`,
      quantity,
      price_data: { currency: profile.currency, product, unit_amount: unit },
    })),
  })
}

/** Taxed by Stripe itself, so the hub leaves it alone and anybody may finalize it at once. @returns the open invoice's id. */
export async function billAtOnce(
  scene: Scene,
  person: Person,
  lines: readonly BillLine[],
  product?: ProductId,
): Promise<string | undefined> {
  const id = await bill(scene, person, lines, {
    ...(product && { product }),
    params: { automatic_tax: { enabled: true }, auto_advance: false },
  })
  if (id !== undefined) await scene.stripe.invoices.finalizeInvoice(id)
  return id
}

/** Minor units; all end in 0, as Stripe wants dinars to. */
export const someLines = (dice: { between(low: number, high: number): number }, count: number): BillLine[] =>
  Array.from({ length: count }, () => ({ unit: dice.between(11, 999) * 10, quantity: dice.between(1, 4) }))

const ON_CARD = { collection_method: 'charge_automatically' } as const

const oneOff = (how: 'on card' | 'on terms'): Deed => ({
  name: `one-off invoice ${how}`,
  weight: 5,
  events: 11,
  when: 'buying',
  leaves: [how === 'on card' ? 'paid invoice' : 'open invoice'],
  plan(scene, person, dice) {
    const lines = someLines(dice, dice.pick([1, 1, 2, 3, 5]))
    return once(`is billed ${lines.length} lines, ${how}`, async () => {
      return (await bill(scene, person, lines, how === 'on card' ? { params: ON_CARD } : {})) !== undefined
    })
  },
})

export const longInvoice: Deed = {
  name: 'invoice of more than ten lines',
  weight: 0,
  events: 22,
  when: 'buying',
  leaves: ['open invoice'],
  plan(scene, person, dice) {
    const lines = someLines(dice, dice.chance(0.1) ? 45 : dice.between(11, 16))
    return once(`is billed a project of ${lines.length} lines`, async () => {
      return (await bill(scene, person, lines)) !== undefined
    })
  },
}

/** The first attempt declines; what pays in the end is a retry, or settlement-deeds.ts. */
const declinedOnce: Deed = {
  name: 'one-off invoice whose first payment fails',
  leaves: ['open invoice'],
  weight: 2,
  events: 16,
  when: 'buying',
  plan(scene, person, dice) {
    const lines = someLines(dice, 1)
    return once('is billed on card, which will decline once', async () => {
      const customer = customerOf(scene, person)
      if (!customer) return false
      scene.simulator.failNextPayments(customer, 1)
      return (await bill(scene, person, lines, { params: ON_CARD })) !== undefined
    })
  },
}

const zeroInvoice: Deed = {
  name: 'zero invoice',
  weight: 1.5,
  events: 7,
  when: 'buying',
  plan: (scene, person) =>
    once(
      'is billed nothing',
      async () => (await bill(scene, person, [{ unit: 0, quantity: 1 }])) !== undefined,
    ),
}

const draftDeleted: Deed = {
  name: 'draft deleted',
  weight: 2,
  events: 4,
  when: 'buying',
  plan(scene, person, dice) {
    const draft: { id?: string | undefined } = {}
    const lines = someLines(dice, 1)
    // The hub releases one that advances within minutes; one that does not is still there.
    const advances = dice.chance(0.4)
    return [
      {
        text: `a draft is made that ${advances ? 'advances' : 'waits for its owner'}`,
        async run() {
          draft.id = await bill(scene, person, lines, { params: { auto_advance: advances } })
          return draft.id !== undefined
        },
      },
      {
        gapMs: advances ? dice.between(0, 20) * 1_000 : dice.between(0, 60) * MINUTE_MS,
        text: 'the draft is deleted',
        async run() {
          const { id } = draft
          if (!id || scene.simulator.store.invoices.get(id)?.status !== 'draft') return false
          await unlessRefused(scene, () => scene.stripe.invoices.del(id))
          return true
        },
      },
    ]
  },
}

/**
 * Taxed, and kept a draft until its owner lets it go; it may get another line while the hub is at work on it. Lines are
 * never added to a draft that advances: in the moment of its release that parks by design (TAX-FINALIZED-DIFFERS), and
 * whether it is that moment is chance.
 */
const keptDraft = (grows: boolean, weight: number): Deed => ({
  name: grows ? 'kept draft gets another line' : 'draft that its owner keeps',
  weight,
  events: grows ? 12 : 10,
  when: 'buying',
  leaves: ['open invoice'],
  plan(scene, person, dice) {
    const draft: { id?: string | undefined } = {}
    const lines = someLines(dice, grows ? 1 : 2)
    const more = someLines(dice, 1)
    const stillDraft = () => {
      const invoice = scene.simulator.store.invoices.get(draft.id ?? '')
      return invoice?.status === 'draft' ? invoice.id : undefined
    }
    const keeping: Step = {
      text: 'a draft is made that its owner keeps',
      async run() {
        draft.id = await bill(scene, person, lines, { params: { auto_advance: false } })
        return draft.id !== undefined
      },
    }
    const growing: Step = {
      gapMs: dice.between(0, 8) * 1_000,
      text: 'the kept draft gets another line',
      async run() {
        const id = stillDraft()
        if (id) await addLines(scene, person, id, more, 'prod_onboarding')
        return id !== undefined
      },
    }
    const lettingGo: Step = {
      gapMs: dice.between(2, 60) * MINUTE_MS,
      text: 'the kept draft is let go',
      async run() {
        const id = stillDraft()
        if (id) await scene.stripe.invoices.update(id, { auto_advance: true })
        return id !== undefined
      },
    }
    return [keeping, ...(grows ? [growing] : []), ...(dice.chance(0.8) ? [lettingGo] : [])]
  },
})

const taxedByStripe = (end: 'left open' | 'paid' | 'voided' | 'written off', weight: number): Deed => ({
  name: `invoice taxed by Stripe, finalized and ${end} in one second`,
  weight,
  events: end === 'paid' ? 13 : 8,
  when: 'buying',
  ...(end === 'paid' && { leaves: ['paid invoice'] }),
  ...(end === 'left open' && { leaves: ['open invoice'] }),
  plan(scene, person, dice) {
    const lines = someLines(dice, dice.between(1, 3))
    return once(`is billed by hand, ${end} in the same second`, async () => {
      const id = await billAtOnce(scene, person, lines)
      if (id === undefined) return false
      // The customer's credit may have paid for all of it.
      if (scene.simulator.store.invoices.get(id)?.status !== 'open') return true
      if (end === 'paid') await unlessRefused(scene, () => scene.stripe.invoices.pay(id))
      if (end === 'voided') await scene.stripe.invoices.voidInvoice(id)
      if (end === 'written off') await scene.stripe.invoices.markUncollectible(id)
      return true
    })
  },
})

/** The owner of a draft may still look at it. */
const draftDescribed: Deed = {
  name: 'draft described',
  weight: 1,
  events: 1,
  when: 'any',
  plan: (scene, person, dice) => {
    const text = `project ${dice.between(10, 99)}`
    return once('its newest draft is described', async () => {
      const draft = invoicesOf(scene, person, 'draft').at(-1)
      if (!draft) return false
      await scene.stripe.invoices.update(draft.id, { description: text })
      return true
    })
  },
}

export const INVOICE_DEEDS: readonly Deed[] = [
  oneOff('on card'),
  oneOff('on terms'),
  declinedOnce,
  zeroInvoice,
  draftDeleted,
  keptDraft(false, 1.5),
  keptDraft(true, 2),
  taxedByStripe('left open', 3),
  taxedByStripe('paid', 1.5),
  taxedByStripe('voided', 0.7),
  taxedByStripe('written off', 0.7),
  draftDescribed,
]
