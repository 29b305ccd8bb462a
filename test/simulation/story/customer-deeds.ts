// What happens to customers: they sign up, correct their details, give a VAT number, and leave before or after they
// were billed.
import type { Dice } from '../dice.ts'
import { billAtOnce, someLines } from './invoice-deeds.ts'
import { otherPlace, type Profile } from './people.ts'
import {
  again,
  certain,
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

/** What stands at the end is what stood at the beginning: whoever trusts a fingerprint from before is found out. */
const changeItsMind: Deed = {
  name: 'name changed and changed back',
  weight: 9,
  events: 2,
  when: 'any',
  plan(scene, person, dice) {
    const { name } = person.profile
    const call = (text: string, gapMs: number, as: string): Step => ({
      gapMs,
      text,
      async run() {
        const customer = customerOf(scene, person)
        if (!customer) return false
        await scene.stripe.customers.update(customer, { name: as })
        return true
      },
    })
    return [
      call('is renamed by mistake', 0, `${name} (by mistake)`),
      call('gets its name back', dice.between(1, 240) * 1_000, name),
    ]
  },
}

/** Everything about it waits in the meantime, and is woken by the name. */
const nameGivenLater: Deed = {
  name: 'customer without a name, named after it was billed',
  weight: 12,
  events: 9,
  when: 'buying',
  plan(scene, person, dice) {
    const lines = someLines(dice, 1)
    const stranger: Person = { index: -1, profile: person.profile }
    return [
      {
        text: 'somebody without a name is billed',
        async run() {
          const { address } = person.profile
          stranger.customer = (await scene.stripe.customers.create({ address })).id
          const id = certain(await billAtOnce(scene, stranger, lines), 'The invoice')
          scene.setAside.add(id)
          return true
        },
      },
      {
        gapMs: dice.between(1, 40) * MINUTE_MS,
        text: 'who gets a name',
        async run() {
          const customer = customerOf(scene, stranger)
          if (!customer) return false
          await scene.stripe.customers.update(customer, { name: 'Latecomer Ltd' })
          return true
        },
      },
    ]
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
  weight: 3,
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
        gapMs: dice.pick([0, dice.between(2, 300) * 1_000, dice.between(2, 300) * 1_000, 30 * MINUTE_MS]),
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

export const CUSTOMER_DEEDS: readonly Deed[] = [
  correctDetails,
  changeItsMind,
  nameGivenLater,
  giveVatNumber,
  leaveUnbilled,
]
