// What happens to products and prices while they are sold: renamed, withdrawn, deleted and made again under their id.
import { again, type Deed } from './scene.ts'

const MINUTE_MS = 60_000

const rename: Deed = {
  name: 'product renamed',
  weight: 6,
  events: 2,
  when: 'any',
  plan(scene, _person, dice) {
    const names = Array.from(
      { length: dice.between(2, 4) },
      () => `Team plan, edition ${dice.between(2, 99)}`,
    )
    return again('the team plan is renamed', names, dice, async (name) => {
      const id = await scene.shelf.product('prod_team')
      await scene.stripe.products.update(id, { name })
      return true
    })
  },
}

const withdrawPrice: Deed = {
  name: 'price made inactive',
  weight: 1,
  events: 2,
  when: 'any',
  plan(scene, _person, dice) {
    const amount = dice.between(10, 500) * 10
    const price: { id?: string } = {}
    return [
      {
        text: 'a price for support is made',
        async run() {
          const product = await scene.shelf.product('prod_support')
          price.id = (await scene.stripe.prices.create({ product, currency: 'usd', unit_amount: amount })).id
          return true
        },
      },
      {
        gapMs: dice.pick([0, 10 * MINUTE_MS]),
        text: 'the price is made inactive',
        async run() {
          if (!price.id) return false
          await scene.stripe.prices.update(price.id, { active: false })
          return true
        },
      },
    ]
  },
}

/** A product that has prices cannot be deleted, so this one has none. */
const remakeProduct: Deed = {
  name: 'product deleted and made again',
  weight: 1,
  events: 3,
  when: 'any',
  plan(scene, _person, dice) {
    const gapMs = dice.pick([0, 0, 5 * MINUTE_MS])
    return [
      {
        text: 'a product for usage is made',
        run: async () => Boolean(await scene.shelf.product('prod_usage')),
      },
      {
        gapMs,
        text: 'the product for usage is deleted',
        async run() {
          if (!scene.simulator.store.products.get('prod_usage')) return false
          await scene.stripe.products.del('prod_usage')
          return true
        },
      },
      {
        gapMs: gapMs + dice.pick([0, 0, 5 * MINUTE_MS]),
        text: 'the product for usage is made again, under the same id',
        run: async () => Boolean(await scene.shelf.product('prod_usage')),
      },
    ]
  },
}

export const CATALOG_DEEDS: readonly Deed[] = [rename, withdrawPrice, remakeProduct]
