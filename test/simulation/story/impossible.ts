// Things that a vendor will never take, each with a customer of its own so that no other deed mends it. What is said
// to be parked is parked whatever order and failures the events come with: each follows from how the objects end, not
// from what the hub had seen on the way.
import type Stripe from 'stripe'
import type { ObjectRef } from '../../../shared/connector/contract.ts'
import type { Dice } from '../dice.ts'
import { bill, billAtOnce, someLines } from './invoice-deeds.ts'
import type { Profile } from './people.ts'
import { certain, once, type Person, type Scene, type Step } from './scene.ts'
import { pickCredit } from './settlement-deeds.ts'

const PORTLAND = {
  line1: '1221 SW 4th Ave',
  city: 'Portland',
  state: 'OR',
  postal_code: '97204',
  country: 'US',
}
const ZURICH = { line1: 'Bahnhofstrasse 1', city: 'Zürich', postal_code: '8001', country: 'CH' }
const BERLINN = { line1: 'Rathausstraße 15', city: 'Berlinn', postal_code: '99999', country: 'DE' }

export interface ImpossibleDeed {
  name: string
  plan(scene: Scene, dice: Dice): Step[]
}

const ref = (type: ObjectRef['type'], id: string): ObjectRef => ({ type, id })

function declare(scene: Scene, connector: string, code: string, of: ObjectRef): void {
  scene.impossible.push({ connector, ref: of, code })
  if (of.type === 'invoice') scene.setAside.add(of.id)
}

/** Not one of the people that other deeds are planned for. */
async function newCustomer(
  { stripe }: Scene,
  profile: Partial<Profile>,
  params: Stripe.CustomerCreateParams = {},
): Promise<Person> {
  const person: Person = {
    index: -1,
    profile: {
      name: 'Harbor Health',
      email: 'billing@harbor.example',
      currency: 'usd',
      address: PORTLAND,
      taxExempt: false,
      vatNumber: undefined,
      ...profile,
    },
  }
  const { name, email, address } = person.profile
  const { id } = await stripe.customers.create({
    name,
    email,
    address,
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    ...params,
  })
  person.customer = id
  return person
}

/** Held for ever, so nothing of it reaches the books; Salesforce shows the draft. */
const noSuchAddress: ImpossibleDeed = {
  name: 'address that nobody finds',
  plan(scene, dice) {
    const lines = someLines(dice, dice.between(1, 3))
    const none = dice.chance(0.4)
    return once(
      none ? 'a draft for a customer without an address' : 'a draft for a customer in Berlinn',
      async () => {
        const person = await newCustomer(
          scene,
          { currency: 'eur', address: BERLINN },
          none ? { address: '' } : {},
        )
        declare(scene, 'avalara', 'TAX-ADDR', ref('invoice', await billed(scene, person, lines)))
        return true
      },
    )
  },
}

/** Its credit notes have the same product and park under the same code, unless voided: then the books never knew them. */
const unmappedProduct: ImpossibleDeed = {
  name: 'product without an item',
  plan(scene, dice) {
    // Two lines, so that a note over one leaves the invoice open: only then can the note be voided.
    const lines = someLines(dice, 2)
    const atOnce = dice.chance(0.7)
    const credited = dice.chance(0.7)
    const voided = dice.chance(0.5)
    const noteDice = dice.fork('note')
    const sold: { invoice?: string; note?: string } = {}
    const steps: Step[] = [
      {
        text: `a product without an item is billed${atOnce ? ' and finalized at once' : ''}`,
        async run() {
          const person = await newCustomer(scene, {})
          sold.invoice = atOnce
            ? await billAtOnce(scene, person, lines, 'prod_novelty')
            : await billed(scene, person, lines, 'prod_novelty')
          declare(scene, 'netsuite', 'NS-ITEM', ref('invoice', certain(sold.invoice, 'The invoice')))
          return true
        },
      },
    ]
    if (!atOnce || !credited) return steps
    steps.push({
      gapMs: dice.between(0, 10) * 60_000,
      text: `a line of it is credited${voided ? ', and the note voided' : ''}`,
      async run() {
        const invoice = scene.simulator.store.invoices.get(sold.invoice ?? '')
        const credit = invoice && pickCredit(scene, invoice, noteDice)
        if (!credit) return false
        const note = await scene.stripe.creditNotes.create({ invoice: invoice.id, lines: [credit.line] })
        if (voided) await scene.stripe.creditNotes.voidCreditNote(note.id)
        else declare(scene, 'netsuite', 'NS-ITEM', ref('credit_note', note.id))
        return true
      },
    })
    return steps
  },
}

const unmappedCurrency: ImpossibleDeed = {
  name: 'currency without a receivable account',
  plan(scene, dice) {
    const lines = someLines(dice, 1)
    const atOnce = dice.chance(0.5)
    return once('a customer is billed in Swiss francs', async () => {
      const person = await newCustomer(scene, { currency: 'chf', address: ZURICH })
      const id = atOnce ? await billAtOnce(scene, person, lines) : await billed(scene, person, lines)
      declare(scene, 'netsuite', 'NS-RECEIVABLE', ref('invoice', certain(id, 'The invoice')))
      return true
    })
  },
}

/** The invoice waits on its customer in both; it is taxed and sent all the same. */
const unusableName: ImpossibleDeed = {
  name: 'customer whose name does not fit',
  plan(scene, dice) {
    const lines = someLines(dice, 1)
    const tooLong = dice.chance(0.5)
    return once(
      `a customer ${tooLong ? 'with an endless name' : 'without name and email'} is billed`,
      async () => {
        const named = tooLong ? { name: '🚲'.repeat(150) } : { name: '', email: '' }
        const person = await newCustomer(scene, named)
        const customer = ref('customer', certain(person.customer, 'The customer'))
        declare(scene, 'netsuite', 'NS-NAME', customer)
        declare(scene, 'salesforce', tooLong ? 'SF-TOO-LONG' : 'SF-NAME', customer)
        await billed(scene, person, lines)
        return true
      },
    )
  },
}

async function billed(
  scene: Scene,
  person: Person,
  lines: Parameters<typeof bill>[2],
  product?: Parameters<typeof billAtOnce>[3],
): Promise<string> {
  const id = certain(await bill(scene, person, lines, product ? { product } : {}), 'The invoice')
  scene.setAside.add(id)
  return id
}

export const IMPOSSIBLE_DEEDS: readonly ImpossibleDeed[] = [
  noSuchAddress,
  unmappedProduct,
  unmappedCurrency,
  unusableName,
]
