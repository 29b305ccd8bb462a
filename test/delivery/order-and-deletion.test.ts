// Promises 2, 4 and 5: whatever the order and however often, the newest state stands; a delete is final.
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { customer, invoice, START_SECONDS, type World, Worlds } from './world.ts'

const worlds = new Worlds()
let world: World
beforeAll(() => worlds.start())
afterAll(() => worlds.stop())
beforeEach(async () => {
  world = await worlds.create()
})

describe('the newest state stands', () => {
  it('under any order, splitting and duplication of an invoice’s events, three of them in one second', async () => {
    const statuses = ['draft', 'open', 'paid'] as const
    const history = [
      { type: 'invoice.created', status: statuses[0], at: START_SECONDS - 100 },
      { type: 'invoice.updated', status: statuses[0], at: START_SECONDS - 50 },
      { type: 'invoice.finalized', status: statuses[1], at: START_SECONDS - 50 },
      { type: 'invoice.paid', status: statuses[2], at: START_SECONDS - 50 },
    ]
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(history.length - 1), { minLength: 0, maxLength: 4 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.nat(5),
        async (extra, order, split) => {
          run += 1
          const id = `in_${run}`
          world.stripe.set(`invoice/${id}`, invoice(id, 'paid'))
          world.stripe.set('customer/cus_1', customer('cus_1'))
          const messages = [...order, ...extra].map((index) => {
            const step = history[index] ?? { type: '', status: 'draft', at: 0 }
            return world.event(step.type, invoice(id, step.status), {
              at: step.at,
              id: `evt_${run}x${index}`,
            })
          })
          await world.deliver(messages.slice(0, split))
          await world.deliver(messages.slice(split))
          expect(world.notebook.page(`bill/${id}`)).toMatchObject({ status: 'paid' })
        },
      ),
      { numRuns: 40 },
    )
  }, 60_000)

  it('asks Stripe, once, when two events of one second cannot be told apart', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1', 'Second'))
    await world.deliver([
      world.event('customer.updated', customer('cus_1', 'Second'), { at: START_SECONDS }),
      world.event('customer.updated', customer('cus_1', 'First'), { at: START_SECONDS }),
    ])
    expect(world.notebook.page('person/cus_1')).toEqual({ name: 'Second' })
    expect(world.fetches).toBe(1)
  })

  it('does not trust a payload that ties with what was applied a batch ago', async () => {
    await world.deliver([world.event('customer.created', customer('cus_1', 'First'), { at: START_SECONDS })])
    world.stripe.set('customer/cus_1', customer('cus_1', 'Second'))
    await world.deliver([world.event('customer.updated', customer('cus_1', 'Second'), { at: START_SECONDS })])
    expect(world.notebook.page('person/cus_1')).toEqual({ name: 'Second' })
    expect(world.fetches).toBe(1)
  })

  it('ignores a payload from before the last fetch', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1', 'Newest'))
    await world.deliver([world.touch({ type: 'customer', id: 'cus_1' })])
    await world.deliver([
      world.event('customer.updated', customer('cus_1', 'Older'), { at: START_SECONDS - 60 }),
    ])
    expect(world.notebook.page('person/cus_1')).toEqual({ name: 'Newest' })
  })

  it('nor one from the very second of the last fetch, which may have been rendered before it', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1', 'Newest'))
    await world.deliver([world.touch({ type: 'customer', id: 'cus_1' })])
    await world.deliver([world.event('customer.updated', customer('cus_1', 'Older'), { at: START_SECONDS })])
    expect(world.notebook.page('person/cus_1')).toEqual({ name: 'Newest' })
    expect(world.fetches).toBe(2)
  })

  it('fetches where the payload is of another API version or its lines are cut', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1', 'At the pinned version'))
    await world.deliver([
      world.event('customer.created', customer('cus_1', 'Old rendering'), { apiVersion: '2020-08-27' }),
    ])
    expect(world.notebook.page('person/cus_1')).toEqual({ name: 'At the pinned version' })

    world.stripe.set(
      'invoice/in_1',
      invoice('in_1', 'open', [
        ['il_1', 5],
        ['il_2', 7],
      ]),
    )
    const cut = invoice('in_1', 'open', [['il_1', 5]])
    await world.deliver([world.event('invoice.finalized', { ...cut, subtotal: 12 })])
    expect(world.notebook.page('bill_line/il_2')).toMatchObject({ amount: '7' })
  })

  it('a tie is asked about, also when one of its events came twice', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1', 'Newest'))
    const older = world.event('customer.updated', customer('cus_1', 'Older'), { at: START_SECONDS })
    const newest = world.event('customer.updated', customer('cus_1', 'Newest'), { at: START_SECONDS })
    await world.deliver([older, { ...older, id: 'm-again' }, newest])
    expect(world.fetches).toBe(1)
    expect(world.notebook.page('person/cus_1')).toEqual({ name: 'Newest' })
  })

  it('writes nothing when the projection is as before', async () => {
    await world.deliver([world.event('customer.created', customer('cus_1'), { at: START_SECONDS })])
    await world.deliver([
      world.event('customer.updated', customer('cus_1'), { at: START_SECONDS + 5, id: 'evt_same' }),
    ])
    expect(world.notebook.writeCalls).toBe(1)
    expect((await world.ledger.deliveriesOf('evt_same'))[0]).toMatchObject({ status: 'unchanged' })
  })
})

describe('a delete is final', () => {
  it('a late older update cannot resurrect', async () => {
    await world.deliver([world.event('customer.created', customer('cus_1'), { at: START_SECONDS - 20 })])
    world.stripe.set('customer/cus_1', 'deleted')
    await world.deliver([world.event('customer.deleted', customer('cus_1'), { at: START_SECONDS - 10 })])
    await world.deliver([
      world.event('customer.updated', customer('cus_1', 'Late'), { at: START_SECONDS - 15, id: 'evt_late' }),
    ])
    expect(world.notebook.page('person/cus_1')).toBeUndefined()
    expect((await world.ledger.deliveriesOf('evt_late'))[0]).toMatchObject({ status: 'superseded' })
  })

  it('holds when the delete arrives before anything else, even in the same second as the update', async () => {
    world.stripe.set('customer/cus_1', 'deleted')
    await world.deliver([world.event('customer.deleted', customer('cus_1'), { at: START_SECONDS })])
    await world.deliver([world.event('customer.updated', customer('cus_1', 'Late'), { at: START_SECONDS })])
    await world.deliver([world.touch({ type: 'customer', id: 'cus_1' })])
    expect(world.notebook.page('person/cus_1')).toBeUndefined()
    expect(world.notebook.writeCalls).toBe(0)
  })

  it('wins over an update of the same batch', async () => {
    world.stripe.set('customer/cus_1', 'deleted')
    await world.deliver([
      world.event('customer.updated', customer('cus_1', 'Same second'), { at: START_SECONDS }),
      world.event('customer.deleted', customer('cus_1'), { at: START_SECONDS }),
    ])
    expect(world.notebook.page('person/cus_1')).toBeUndefined()
  })

  it('but a product’s id is its maker’s choice and can come back', async () => {
    const product = (name: string) => ({ id: 'team', object: 'product', name })
    await world.deliver([world.event('product.created', product('Team'), { at: START_SECONDS - 30 })])
    world.stripe.set('product/team', 'deleted')
    await world.deliver([world.event('product.deleted', product('Team'), { at: START_SECONDS - 20 })])
    expect(world.notebook.page('product/team')).toBeUndefined()
    world.clock.advance(10_000)
    world.stripe.set('product/team', product('Team 2'))
    await world.deliver([world.event('product.created', product('Team 2'))])
    expect(world.notebook.page('product/team')).toEqual({ name: 'Team 2' })
  })

  it('an object that Stripe lacks and cannot delete is parked with a hint, and never loops', async () => {
    world.notebook.manifest = { ...world.notebook.manifest, objects: { customer: {} } }
    const back = await world.deliver([
      world.event('customer.updated', customer('cus_404'), { apiVersion: '2020-08-27', id: 'evt_404' }),
    ])
    expect(back).toEqual([])
    expect((await world.ledger.deliveriesOf('evt_404'))[0]).toMatchObject({
      status: 'parked',
      code: 'STRIPE-GONE',
    })
  })

  it('retires a line that the invoice no longer has', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1'))
    const two = invoice('in_1', 'draft', [
      ['il_1', 5],
      ['il_2', 7],
    ])
    await world.deliver([world.event('invoice.created', two, { at: START_SECONDS - 20 })])
    expect(world.notebook.page('bill_line/il_2')).toBeDefined()
    await world.deliver([
      world.event('invoice.updated', invoice('in_1', 'draft', [['il_1', 5]]), { at: START_SECONDS - 10 }),
    ])
    expect(world.notebook.page('bill_line/il_2')).toBeUndefined()
    expect(world.notebook.page('bill_line/il_1')).toBeDefined()
  })
})
