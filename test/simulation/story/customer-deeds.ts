// What happens to customers: they sign up, correct their details, give a VAT number, and leave before or after they
// were billed.
import type { Dice } from '../dice.ts'
import { otherPlace, type Profile } from './people.ts'
import {
  again,
  customerOf,
  type Deed,
  once,
  type Person,
  type Scene,
  type Step,
  unlessRefused,
} from './scene.ts'

const MINUTE_MS = 60_000

/** The one deed that is planned for every person, as the first. */
export function signUp(scene: Scene, person: Person, dice: Dice): Step[] {
  const { name, email, address, taxExempt, vatNumber } = person.profile
  const withVat = vatNumber && dice.chance(0.3)
  const exempt = taxExempt && { tax_exempt: 'exempt' as const }
  const taxIds = withVat && { tax_id_data: [vatNumber] }
  return once(`signs up${withVat ? ' with a VAT number' : ''}`, async () => {
    const { id } = await scene.stripe.customers.create({
      name,
      email,
      address,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
      ...exempt,
      ...taxIds,
    })
    person.customer = id
    return true
  })
}

const correctDetails: Deed = {
  name: 'details corrected',
  weight: 8,
  events: 2,
  when: 'any',
  plan(scene, person, dice) {
    const changes = Array.from({ length: dice.between(2, 4) }, () => detail(person.profile, dice))
    return again('corrects its details', changes, dice, async (change) => {
      const customer = customerOf(scene, person)
      if (!customer) return false
      await scene.stripe.customers.update(customer, change)
      return true
    })
  },
}

function detail(profile: Profile, dice: Dice) {
  const number = dice.between(1_000, 9_999)
  return dice.pick([
    { phone: `+1 555 ${number}` },
    { description: `account ${number}` },
    { name: `${profile.name} (${number})` },
    { email: `billing+${number}@firm.example` },
    { metadata: { reference: String(number) } },
    { address: otherPlace(profile, dice) },
  ])
}

const giveVatNumber: Deed = {
  name: 'VAT number given',
  weight: 2,
  events: 2,
  when: 'any',
  plan(scene, person, dice) {
    const { vatNumber } = person.profile
    if (!vatNumber) return []
    const given: { id?: string } = {}
    const giving: Step = {
      text: 'gives a VAT number',
      async run() {
        const customer = customerOf(scene, person)
        if (!customer) return false
        given.id = (await scene.stripe.customers.createTaxId(customer, vatNumber)).id
        return true
      },
    }
    const taking: Step = {
      gapMs: dice.between(1, 20) * MINUTE_MS,
      text: 'takes its VAT number back',
      async run() {
        const customer = customerOf(scene, person)
        const { id } = given
        if (!customer || !id) return false
        await scene.stripe.customers.deleteTaxId(customer, id)
        return true
      },
    }
    return dice.chance(0.3) ? [giving, taking] : [giving]
  },
}

const leaveUnbilled: Deed = {
  name: 'deleted before anything was bought',
  weight: 2,
  events: 2,
  when: 'any',
  plan(scene, _person, dice) {
    const visitor: { id?: string } = {}
    return [
      {
        text: 'a visitor looks around',
        async run() {
          visitor.id = (
            await scene.stripe.customers.create({ name: 'Window Shopper', email: 'shopper@firm.example' })
          ).id
          return true
        },
      },
      {
        gapMs: dice.pick([0, MINUTE_MS, 30 * MINUTE_MS]),
        text: 'the visitor is deleted',
        async run() {
          const { id } = visitor
          if (!id) return false
          await unlessRefused(scene, () => scene.stripe.customers.del(id))
          return true
        },
      },
    ]
  },
}

/** Planned last for a person: nothing can happen to a deleted customer. */
export const leaveBilled: Deed = {
  name: 'deleted after being billed',
  weight: 0,
  events: 2,
  when: 'later',
  plan: (scene, person) =>
    once('is deleted, its invoices stand', async () => {
      const customer = customerOf(scene, person)
      const billed = scene.simulator.store.invoices.of(customer).some(({ status }) => status !== 'draft')
      if (!customer || !billed) return false
      await scene.stripe.customers.del(customer)
      return true
    }),
}

export const CUSTOMER_DEEDS: readonly Deed[] = [correctDetails, giveVatNumber, leaveUnbilled]
