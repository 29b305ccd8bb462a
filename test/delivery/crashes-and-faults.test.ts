// Promises 2, 3, 7, 8 and 9: a kill between two awaits, an answer that never came, a lease lost, a poisoned record.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ambiguous, credential, permanent, transient } from '../../shared/errors.ts'
import { customer, invoice, START_SECONDS, type World, Worlds } from './world.ts'

const worlds = new Worlds()
let world: World
beforeAll(() => worlds.start())
afterAll(() => worlds.stop())
beforeEach(async () => {
  world = await worlds.create()
})

/** A worker that is gone from one moment on: nothing of it ever continues. */
const never = () => new Promise<never>(() => undefined)

describe('a worker dies', () => {
  it('after its write: the next worker takes the lease over, reads, and writes nothing twice', async () => {
    let reached = () => {}
    const atWrite = new Promise<void>((resolve) => {
      reached = resolve
    })
    world.notebook.afterWrite = () => {
      reached()
      return never()
    }
    const event = world.event('customer.created', customer('cus_1'))
    void world.deliver([event])
    await atWrite
    world.notebook.afterWrite = () => undefined

    expect(await world.deliver([event])).toHaveLength(1) // still leased: comes back in seconds
    world.clock.advance(91_000)
    world.stripe.set('customer/cus_1', customer('cus_1'))
    expect(await world.deliver([event])).toEqual([])
    expect(world.notebook.written).toEqual(['person/cus_1'])
    // Its write may still land late, so the object is looked at once more.
    expect(world.touches).toEqual([
      { object: { type: 'customer', id: 'cus_1' }, reason: 'verify', delaySeconds: 900 },
    ])
    await world.runTouches()
    expect(
      (await world.ledger.readState('notebook', { type: 'customer', id: 'cus_1' }))?.verify,
    ).toBeUndefined()
  })

  it('after making a record that is not wanted any more by the time it is found: no orphan stays', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1'))
    const two: [string, number][] = [
      ['il_1', 5],
      ['il_2', 7],
    ]
    const event = world.event('invoice.created', invoice('in_1', 'draft', two), { at: START_SECONDS - 20 })
    world.notebook.afterWrite = (writings) => {
      if (writings.some(({ record }) => record.kind === 'bill_line')) return never()
    }
    void world.deliver([event])
    await expect.poll(() => world.notebook.pages.has('bill_line/il_2')).toBe(true)
    world.notebook.afterWrite = () => undefined
    world.clock.advance(91_000)
    const one = invoice('in_1', 'draft', two.slice(0, 1))
    await world.deliver([world.event('invoice.updated', one, { at: START_SECONDS - 10 })])
    expect(world.notebook.page('bill_line/il_1')).toBeDefined()
    expect(world.notebook.page('bill_line/il_2')).toBeUndefined()
  })

  it('between claim and write: what stood before is not mistaken for being in step', async () => {
    await world.deliver([
      world.event('customer.created', customer('cus_1', 'First'), { at: START_SECONDS - 50 }),
    ])
    world.notebook.beforeWrite = never
    void world.deliver([
      world.event('customer.updated', customer('cus_1', 'Second'), { at: START_SECONDS - 40 }),
    ])
    await expect.poll(() => world.notebook.writeCalls).toBe(2)
    world.notebook.beforeWrite = () => undefined
    world.clock.advance(91_000)
    // The dead worker's write lands now, after the client is long gone; then the name is First again.
    world.notebook.pages.set('person/cus_1', { remoteId: 'page-1', body: { name: 'Second' }, retired: false })
    world.stripe.set('customer/cus_1', customer('cus_1', 'First'))
    await world.deliver([
      world.event('customer.updated', customer('cus_1', 'First'), { at: START_SECONDS - 40 }),
    ])
    expect(world.notebook.page('person/cus_1')).toEqual({ name: 'First' })
  })

  /** As many workers as that take the object into hand and never come back. */
  const dieOver = async (id: string, times: number) => {
    const ref = { type: 'customer', id }
    for (let death = 0; death < times; death += 1) {
      const read = await world.ledger.readState('notebook', ref)
      const lease = { owner: `dead-${death}`, untilMs: world.clock.now() - 1 }
      expect(await world.ledger.claim('notebook', ref, read, lease)).toBe('claimed')
    }
  }

  it('over and over at one object: it is worked alone, and parked in the end', async () => {
    await dieOver('cus_bad', 1)
    await world.deliver([
      world.event('customer.created', customer('cus_bad')),
      world.event('customer.created', customer('cus_good')),
    ])
    expect(world.notebook.callSizes).toEqual([2])

    await dieOver('cus_worse', 2)
    await world.deliver([
      world.event('customer.created', customer('cus_worse')),
      world.event('customer.created', customer('cus_fine')),
    ])
    expect(world.notebook.callSizes).toEqual([2, 1, 1])

    await dieOver('cus_worst', 10)
    await world.deliver([world.event('customer.created', customer('cus_worst'), { id: 'evt_worst' })])
    expect((await world.ledger.deliveriesOf('evt_worst'))[0]).toMatchObject({
      status: 'parked',
      code: 'WORKER-DIED',
    })
  })

  it('and what is parked for it is not tried again by itself, but once by a person', async () => {
    await dieOver('cus_bad', 10)
    world.stripe.set('customer/cus_bad', customer('cus_bad'))
    await world.deliver([world.event('customer.created', customer('cus_bad'))])
    // The look for a late write, an event, a sweep: none of them brings it to life.
    await world.runTouches()
    await world.deliver([world.touch({ type: 'customer', id: 'cus_bad' }, 'sweep')])
    expect(world.notebook.writeCalls).toBe(0)
    const replay = world.touch({ type: 'customer', id: 'cus_bad' }, 'replay')
    await world.deliver([{ ...replay, receiveCount: 2 }])
    expect(world.notebook.writeCalls).toBe(0)
    await world.deliver([replay])
    expect(world.notebook.page('person/cus_bad')).toEqual({ name: 'Ada' })
    expect(await world.ledger.troubled('notebook', 'parked')).toEqual([])
  })

  it('over what another record needs: that one is worked alone too', async () => {
    await dieOver('cus_bad', 3)
    world.stripe.set('customer/cus_bad', customer('cus_bad'))
    world.stripe.set('invoice/in_1', invoice('in_1', 'open', [], 'cus_bad'))
    const order: string[] = []
    world.notebook.beforeWrite = (writings) => {
      order.push(writings.map(({ record }) => record.externalId).join('+'))
    }
    await world.deliver([
      world.event('invoice.created', invoice('in_1', 'open', [], 'cus_bad')),
      world.event('customer.created', customer('cus_good')),
    ])
    expect(order).toEqual(['cus_good', 'cus_bad', 'in_1'])
  })

  it('and a lease lost while its holder lives leaves the object to be verified', async () => {
    world.notebook.afterWrite = async () => {
      world.clock.advance(91_000)
      const read = await world.ledger.readState('notebook', { type: 'customer', id: 'cus_1' })
      const taken = await world.ledger.claim('notebook', { type: 'customer', id: 'cus_1' }, read, {
        owner: 'another',
        untilMs: world.clock.now() + 90_000,
      })
      expect(taken).toBe('claimed')
    }
    const back = await world.deliver([world.event('customer.created', customer('cus_1'))])
    expect(back).toHaveLength(1)
    expect((await world.ledger.readState('notebook', { type: 'customer', id: 'cus_1' }))?.verify).toBe(true)
    expect(world.touches).toMatchObject([{ reason: 'verify', delaySeconds: 900 }])
  })
})

describe('an answer that never came', () => {
  it('after the effect: the retry reads and finds it, and the record exists once', async () => {
    let lose = true
    world.notebook.afterWrite = () => {
      if (!lose) return
      lose = false
      throw ambiguous('no answer', { code: 'NB-TIMEOUT' })
    }
    world.stripe.set('customer/cus_1', customer('cus_1'))
    const event = world.event('customer.created', customer('cus_1'))
    expect(await world.deliver([event])).toHaveLength(1)
    world.clock.advance(2_000)
    expect(await world.deliver([{ ...event, receiveCount: 2 }])).toEqual([])
    expect(world.notebook.written).toEqual(['person/cus_1'])
    expect(world.touches).toMatchObject([{ reason: 'verify', delaySeconds: 900 }])
  })

  it('before the effect: the retry reads, finds nothing, and writes', async () => {
    let lose = true
    world.notebook.beforeWrite = () => {
      if (!lose) return
      lose = false
      throw ambiguous('no answer', { code: 'NB-TIMEOUT' })
    }
    world.stripe.set('customer/cus_1', customer('cus_1'))
    const event = world.event('customer.created', customer('cus_1'))
    await world.deliver([event])
    world.clock.advance(2_000)
    await world.deliver([{ ...event, receiveCount: 2 }])
    expect(world.notebook.page('person/cus_1')).toEqual({ name: 'Ada' })
  })
})

describe('a write that lands after its object was deleted', () => {
  it('is found by the look a quarter of an hour later, and taken away', async () => {
    await world.deliver([world.event('customer.created', customer('cus_1'), { at: START_SECONDS - 20 })])
    // A later update times out, and is on its way still when the delete is delivered.
    world.notebook.beforeWrite = () => {
      throw ambiguous('no answer', { code: 'NB-TIMEOUT' })
    }
    world.stripe.set('customer/cus_1', customer('cus_1', 'Late'))
    await world.deliver([
      world.event('customer.updated', customer('cus_1', 'Late'), { at: START_SECONDS - 15 }),
    ])
    world.notebook.beforeWrite = () => undefined
    world.clock.advance(2_000)
    world.stripe.set('customer/cus_1', 'deleted')
    await world.deliver([world.event('customer.deleted', customer('cus_1'), { at: START_SECONDS - 10 })])
    expect(world.notebook.page('person/cus_1')).toBeUndefined()
    world.notebook.pages.set('person/cus_1', { remoteId: 'page-9', body: { name: 'Late' }, retired: false })
    world.clock.advance(900_000)
    await world.runTouches()
    expect(world.notebook.page('person/cus_1')).toBeUndefined()
    expect(await world.ledger.readState('notebook', { type: 'customer', id: 'cus_1' })).not.toHaveProperty(
      'verify',
    )
  })
})

describe('an object brought in step, taken up again by the worker of an older event, and failed', () => {
  const cus_1 = { type: 'customer', id: 'cus_1' }
  const older = () => world.event('customer.created', customer('cus_1'), { at: START_SECONDS - 20 })
  const newer = () => world.event('customer.updated', customer('cus_1', 'Ada L.'), { at: START_SECONDS - 10 })

  it('is brought in step when that event comes back, though a newer one was applied', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1', 'Ada L.'))
    const late = older()
    await world.deliver([newer()])
    await world.ledger.waitOn('notebook', cus_1, { type: 'invoice', id: 'in_1' })
    const fetch = world.reader.fetch
    world.reader.fetch = async () => {
      throw transient('Stripe did not answer', { code: 'STRIPE-NETWORK' })
    }
    expect(await world.deliver([late])).toHaveLength(1)
    expect(await world.ledger.troubled('notebook', 'waiting')).toHaveLength(1)
    world.reader.fetch = fetch
    world.clock.advance(60_000)
    expect(await world.deliver([late])).toEqual([])
    expect(await world.ledger.troubled('notebook', 'waiting')).toEqual([])
    expect(world.touches).toMatchObject([{ object: { id: 'in_1' }, reason: 'dependency' }])
  })

  it('is left alone when it came in step between the look and the claim of who needs it', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1', 'Ada L.'))
    const readStates = world.ledger.readStates.bind(world.ledger)
    let reads = 0
    world.ledger.readStates = async (connector, refs) => {
      const states = await readStates(connector, refs)
      reads += 1
      // The second look is for what the invoice needs: it has found no customer.
      if (reads === 2) await world.deliver([newer()])
      return states
    }
    await world.deliver([world.event('invoice.created', invoice('in_1', 'open'))])
    expect(world.notebook.written).toEqual(['person/cus_1', 'bill/in_1'])
    expect(world.fetches).toBe(0)
  })
})

describe('a look for late writes that comes while its object is parked', () => {
  it('is made up for when the object is mended', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1'))
    world.notebook.afterWrite = () => {
      throw ambiguous('no answer', { code: 'NB-TIMEOUT' })
    }
    await world.deliver([world.event('customer.created', customer('cus_1'))])
    world.notebook.afterWrite = () => undefined
    world.clock.advance(900_000)
    world.stripe.set('customer/cus_1', customer('cus_1', null))
    await world.runTouches()
    expect(await world.ledger.troubled('notebook', 'parked')).toHaveLength(1)
    world.clock.advance(60_000)
    world.stripe.set('customer/cus_1', customer('cus_1', 'Grace'))
    const named = world.event('customer.updated', customer('cus_1', 'Grace'))
    world.notebook.beforeWrite = () => {
      throw transient('locked', { code: 'NB-LOCK' })
    }
    await world.deliver([named])
    world.notebook.beforeWrite = () => undefined
    world.clock.advance(60_000)
    await world.deliver([named])
    expect(world.touches).toContainEqual({
      object: { type: 'customer', id: 'cus_1' },
      reason: 'verify',
      delaySeconds: 900,
    })
    await world.runTouches()
    expect(await world.ledger.readState('notebook', { type: 'customer', id: 'cus_1' })).not.toHaveProperty(
      'verify',
    )
  })
})

describe('a look for late writes that finds all as it was', () => {
  it('redrives nobody who waits for a change: each would bring the next look, for ever', async () => {
    await world.deliver([world.event('customer.created', customer('cus_1'), { at: START_SECONDS - 20 })])
    world.stripe.set('customer/cus_1', customer('cus_1'))
    await world.ledger.waitOn('notebook', { type: 'customer', id: 'cus_1' }, { type: 'invoice', id: 'in_1' })
    await world.deliver([world.touch({ type: 'customer', id: 'cus_1' }, 'verify')])
    expect(world.touches).toEqual([])
    await world.deliver([world.event('customer.updated', customer('cus_1', 'Ada L.'))])
    expect(world.touches).toMatchObject([{ object: { id: 'in_1' }, reason: 'dependency' }])
  })
})

describe('a late document of somebody deleted', () => {
  it('has the deleted one looked at again: it may have been brought back for it', async () => {
    await world.deliver([world.event('customer.created', customer('cus_1'), { at: START_SECONDS - 20 })])
    world.stripe.set('customer/cus_1', 'deleted')
    await world.deliver([world.event('customer.deleted', customer('cus_1'), { at: START_SECONDS - 10 })])
    world.notebook.afterWrite = () => {
      const page = world.notebook.pages.get('person/cus_1')
      if (page) page.retired = false
      throw new Error('the worker dies before it puts it back')
    }
    await world.deliver([world.event('invoice.created', invoice('in_1', 'open'))])
    world.notebook.afterWrite = () => undefined
    expect(world.notebook.page('person/cus_1')).toBeDefined()
    expect(world.touches).toContainEqual({
      object: { type: 'customer', id: 'cus_1' },
      reason: 'verify',
      delaySeconds: 900,
    })
    await world.runTouches()
    expect(world.notebook.page('person/cus_1')).toBeUndefined()
  })
})

describe('one bad record', () => {
  it('does not harm the forty-nine others of its call', async () => {
    world.notebook.beforeWrite = (writings) => {
      if (writings.some(({ record }) => record.externalId === 'cus_17')) {
        throw permanent('the whole call is refused', { code: 'NB-REFUSED', hint: 'look at it' })
      }
    }
    const back = await world.deliver(
      Array.from({ length: 50 }, (_, index) => world.event('customer.created', customer(`cus_${index}`))),
    )
    expect(back).toEqual([])
    expect(world.notebook.pages.size).toBe(49)
    expect((await world.ledger.troubled('notebook', 'parked')).map(({ ref }) => ref.id)).toEqual(['cus_17'])
  })

  it('is parked with its hint, and a later success closes it', async () => {
    await world.deliver([world.event('customer.created', customer('cus_1', null), { at: START_SECONDS - 9 })])
    const [parked] = await world.ledger.troubled('notebook', 'parked')
    expect(parked?.trouble).toMatchObject({ code: 'NB-NAME', hint: expect.stringContaining('field name') })
    await world.deliver([
      world.event('customer.updated', customer('cus_1', 'Ada'), { at: START_SECONDS - 5 }),
    ])
    expect(await world.ledger.troubled('notebook', 'parked')).toEqual([])
  })

  it('even when it is a defect of our own', async () => {
    const odd = { id: 'cus_odd', object: 'nothing-we-know' }
    const back = await world.deliver([
      world.event('customer.created', { ...customer('cus_1') }),
      { ...world.touch({ type: 'customer', id: 'cus_odd' }) },
      ...(world.stripe.set('customer/cus_odd', odd) && []),
    ])
    expect(back).toEqual([])
    expect(world.notebook.page('person/cus_1')).toBeDefined()
    const [parked] = await world.ledger.troubled('notebook', 'parked')
    expect(parked).toMatchObject({ ref: { id: 'cus_odd' }, trouble: { kind: 'invariant' } })
  })

  it('that alone fails for a day while others succeed is parked', async () => {
    const worker = world.worker()
    world.notebook.beforeWrite = (writings) => {
      if (writings.some(({ record }) => record.externalId === 'cus_bad')) {
        throw transient('try later', { code: 'NB-BUSY' })
      }
    }
    world.stripe.set('customer/cus_bad', customer('cus_bad'))
    const bad = world.event('customer.created', customer('cus_bad'))
    expect(await world.deliver([bad], worker)).toHaveLength(1)
    world.clock.advance(25 * 3_600_000)
    await world.deliver([world.event('customer.created', customer('cus_good'))], worker)
    expect(await world.deliver([{ ...bad, receiveCount: 40 }], worker)).toEqual([])
    expect((await world.ledger.troubled('notebook', 'parked'))[0]?.ref.id).toBe('cus_bad')
  })
})

describe('an object that failed a moment ago', () => {
  it('is not tried by each message about it: they wait together, and come back together', async () => {
    world.notebook.beforeWrite = () => {
      throw transient('locked', { code: 'NB-LOCK' })
    }
    world.stripe.set('customer/cus_1', customer('cus_1'))
    const events = [1, 2, 3].map(() => world.event('customer.updated', customer('cus_1')))
    for (const event of events)
      expect(await world.deliver([event])).toEqual([{ messageId: event.id, seconds: 2 }])
    expect(world.notebook.writeCalls).toBe(1)
    world.clock.advance(2_000)
    expect(await world.deliver(events)).toHaveLength(3)
    expect(world.notebook.writeCalls).toBe(2)
    const replay = world.touch({ type: 'customer', id: 'cus_1' }, 'replay')
    await world.deliver([replay])
    expect(world.notebook.writeCalls).toBe(3)
  })

  it('holds up who depends on it for as long', async () => {
    world.notebook.beforeWrite = () => {
      throw transient('busy', { code: 'NB-BUSY', retryAfterSeconds: 30 })
    }
    world.stripe.set('customer/cus_1', customer('cus_1'))
    for (const id of ['in_1', 'in_2']) {
      const event = world.event('invoice.created', invoice(id, 'open'))
      expect(await world.deliver([event])).toEqual([{ messageId: event.id, seconds: 30 }])
    }
    expect(world.notebook.writeCalls).toBe(1)
  })
})

describe('an invoice that needs two who cannot be written now', () => {
  it('comes back when the slower of them may be asked again, though the other is worked alone', async () => {
    const ref = { type: 'customer', id: 'cus_1' }
    for (const owner of ['dead-1', 'dead-2']) {
      const read = await world.ledger.readState('notebook', ref)
      await world.ledger.claim('notebook', ref, read, { owner, untilMs: world.clock.now() - 1 })
    }
    world.stripe.set('customer/cus_1', customer('cus_1'))
    world.stripe.set('invoice/in_1', invoice('in_1', 'open'))
    world.notebook.beforeWrite = () => {
      throw transient('busy', { code: 'NB-BUSY', retryAfterSeconds: 45 })
    }
    const event = world.event('invoice.created', invoice('in_1', 'open'))
    expect(await world.deliver([event])).toEqual([{ messageId: event.id, seconds: 45 }])
  })
})

describe('what is required stands first', () => {
  it('an invoice that comes before its customer brings the customer along', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1'))
    await world.deliver([world.event('invoice.created', invoice('in_1', 'draft', [['il_1', 5]]))])
    expect(world.notebook.written).toEqual(['person/cus_1', 'bill/in_1', 'bill_line/il_1'])
  })

  it('an invoice of a parked customer waits on it, and is redriven when the customer is mended', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1', null))
    world.stripe.set('invoice/in_1', invoice('in_1', 'draft'))
    await world.deliver([
      world.event('invoice.created', invoice('in_1', 'draft'), { at: START_SECONDS - 20 }),
    ])
    expect(
      (await world.ledger.troubled('notebook', 'parked')).map(({ trouble }) => trouble?.code).sort(),
    ).toEqual(['NB-NAME', 'WAITS'])
    world.touches.length = 0
    world.clock.advance(60_000)
    world.stripe.set('customer/cus_1', customer('cus_1'))
    await world.deliver([world.event('customer.updated', customer('cus_1'))])
    await world.runTouches()
    expect(world.notebook.page('bill/in_1')).toMatchObject({ status: 'draft' })
    expect(await world.ledger.troubled('notebook', 'parked')).toEqual([])
  })

  it('and is redriven though its waking was lost and the event that brought it is superseded by then', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1', null))
    world.stripe.set('invoice/in_1', invoice('in_1', 'draft'))
    await world.deliver([world.event('invoice.created', invoice('in_1', 'draft'))])
    world.touches.length = 0
    world.clock.advance(60_000)
    world.stripe.set('customer/cus_1', customer('cus_1'))
    const named = world.event('customer.updated', customer('cus_1'))
    const refused = world.worker({
      queues: {
        ...world.queues,
        touch: async (_lane, touches) => {
          if (touches.length > 0) throw transient('SQS is away', { code: 'SQS' })
        },
      },
    })
    world.clock.advance(60_000)
    const twin = world.touch({ type: 'customer', id: 'cus_1' }, 'sweep')
    await expect(world.deliver([named, twin], refused)).rejects.toThrow('SQS is away')
    expect(world.touches).toEqual([])
    await world.deliver([{ ...named, receiveCount: 2 }])
    await world.runTouches()
    expect(world.notebook.page('bill/in_1')).toMatchObject({ status: 'draft' })
  })

  it('a customer who was deleted unseen is projected from the invoice’s copy of the name, once for all', async () => {
    world.stripe.set('customer/cus_1', 'deleted')
    await world.deliver([
      world.event('customer.deleted', customer('cus_1'), { at: START_SECONDS - 20 }),
      world.event('invoice.created', invoice('in_1', 'open')),
    ])
    await world.deliver([world.event('invoice.created', invoice('in_2', 'open'))])
    expect(world.notebook.written).toEqual(['person/cus_1', 'bill/in_1', 'bill/in_2'])
    expect(world.notebook.page('person/cus_1')).toEqual({ name: 'Ada (from the invoice)', deleted: true })
    expect(world.notebook.page('bill/in_2')).toMatchObject({ status: 'open' })
  })

  it('and a write of it that lands late is looked for, since the record is the customer’s own', async () => {
    await world.deliver([world.event('customer.deleted', customer('cus_1'), { at: START_SECONDS - 20 })])
    world.stripe.set('invoice/in_1', invoice('in_1', 'open'))
    let cut = true
    world.notebook.beforeWrite = () => {
      if (cut) throw ambiguous('no answer', { code: 'NB-TIMEOUT' })
    }
    const event = world.event('invoice.created', invoice('in_1', 'open'))
    expect(await world.deliver([event])).toHaveLength(1)
    cut = false
    world.clock.advance(2_000)
    expect(await world.deliver([event])).toEqual([])
    world.notebook.pages.set('person/cus_1', { remoteId: 'page-1', body: { name: 'Late' }, retired: false })
    await world.runTouches()
    expect(world.notebook.page('person/cus_1')).toBeUndefined()
    expect(world.notebook.page('bill/in_1')).toBeDefined()
  })

  it('a customer whose older event in the batch gives no record yet is asked for again', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1'))
    await world.deliver([
      world.event('customer.created', { ...customer('cus_1'), waiting: true }),
      world.event('invoice.created', invoice('in_1', 'open')),
    ])
    expect(world.notebook.page('person/cus_1')).toEqual({ name: 'Ada' })
    expect(world.notebook.page('bill/in_1')).toMatchObject({ status: 'open' })
  })

  it('an invoice whose customer another worker has in hand comes back, and is not parked', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1'))
    world.stripe.set('invoice/in_1', invoice('in_1', 'open'))
    const lease = { owner: 'another', untilMs: world.clock.now() + 90_000 }
    await world.ledger.claim('notebook', { type: 'customer', id: 'cus_1' }, undefined, lease)
    const event = world.event('invoice.created', invoice('in_1', 'open'))
    expect(await world.deliver([event])).toHaveLength(1)
    expect(await world.ledger.troubled('notebook', 'parked')).toEqual([])
    world.clock.advance(91_000)
    expect(await world.deliver([event])).toEqual([])
    expect(world.notebook.page('bill/in_1')).toMatchObject({ status: 'open' })
  })

  it('so is one who was in step without a record a batch ago', async () => {
    await world.deliver([world.event('customer.created', { ...customer('cus_1'), waiting: true })])
    world.stripe.set('customer/cus_1', customer('cus_1'))
    await world.deliver([world.event('invoice.created', invoice('in_1', 'open'))])
    expect(world.notebook.page('bill/in_1')).toMatchObject({ status: 'open' })
  })

  it('a payment touches the invoice that it pays', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1'))
    world.stripe.set('invoice/in_1', invoice('in_1', 'paid'))
    await world.deliver([
      world.event('invoice_payment.paid', { id: 'inpay_1', object: 'invoice_payment', invoice: 'in_1' }),
    ])
    expect(world.notebook.page('bill/in_1')).toMatchObject({ status: 'paid' })
  })
})

describe('the lane pauses', () => {
  const many = () =>
    Array.from({ length: 5 }, (_, index) => world.event('customer.created', customer(`cus_${index}`)))

  it('after five different objects failed with no success between, and then takes nothing', async () => {
    world.notebook.beforeWrite = () => {
      throw transient('503', { code: 'NB-DOWN' })
    }
    await world.deliver(many())
    expect(await world.ledger.readLane('notebook')).toMatchObject({ code: 'NB-DOWN', by: 'worker' })
    const calls = world.notebook.writeCalls
    expect(await world.deliver([world.event('customer.created', customer('cus_9'))])).toHaveLength(1)
    expect(world.notebook.writeCalls).toBe(calls)
  })

  it('after five minutes of nothing but failures, also when only two objects are there to fail', async () => {
    const worker = world.worker()
    world.notebook.beforeWrite = () => {
      throw transient('503', { code: 'NB-DOWN' })
    }
    for (const id of ['cus_1', 'cus_2']) world.stripe.set(`customer/${id}`, customer(id))
    const two = ['cus_1', 'cus_2'].map((id) => world.event('customer.created', customer(id)))
    await world.deliver(two, worker)
    expect(await world.ledger.readLane('notebook')).toBeUndefined()
    world.clock.advance(300_000)
    await world.deliver(two, worker)
    expect(await world.ledger.readLane('notebook')).toMatchObject({ code: 'NB-DOWN' })
  })

  it('but not while others succeed in the same batch', async () => {
    world.notebook.beforeWrite = (writings) => {
      if (writings.some(({ record }) => record.externalId !== 'cus_0'))
        throw transient('lock', { code: 'NB-LOCK' })
    }
    world.notebook.manifest = {
      ...world.notebook.manifest,
      vendor: { ...world.notebook.manifest.vendor, recordsPerCall: 1 },
    }
    await world.deliver([...many(), world.event('customer.created', customer('cus_6'))])
    expect(world.notebook.page('person/cus_0')).toBeDefined()
    expect(await world.ledger.readLane('notebook')).toBeUndefined()
  })

  it('at once when the credential is refused', async () => {
    world.notebook.beforeWrite = () => {
      throw credential('refused', { code: 'NB-CRED' })
    }
    await world.deliver([world.event('customer.created', customer('cus_1'))])
    expect(await world.ledger.readLane('notebook')).toMatchObject({ code: 'NB-CRED' })
  })

  it('for as long as the vendor asks, when that is longer than a minute', async () => {
    world.notebook.beforeWrite = () => {
      throw transient('daily limit', { code: 'NB-LIMIT', retryAfterSeconds: 3600 })
    }
    await world.deliver([world.event('customer.created', customer('cus_1'))])
    expect((await world.ledger.readLane('notebook'))?.pausedUntilMs).toBe(world.clock.now() + 3_600_000)
  })

  it('but not because of many records that changed under our hands while the vendor works', async () => {
    world.notebook.beforeWrite = () => {
      throw transient('it changed meanwhile', { code: 'NB-CHANGED', recordOnly: true })
    }
    expect(await world.deliver(many())).toHaveLength(5)
    expect(await world.ledger.readLane('notebook')).toBeUndefined()
  })

  it('but not because of one object that fails again and again', async () => {
    const worker = world.worker()
    world.notebook.beforeWrite = () => {
      throw transient('lock', { code: 'NB-LOCK' })
    }
    world.stripe.set('customer/cus_1', customer('cus_1'))
    const event = world.event('customer.created', customer('cus_1'))
    for (let receiveCount = 1; receiveCount < 10; receiveCount += 1) {
      await world.deliver([{ ...event, receiveCount }], worker)
    }
    expect(await world.ledger.readLane('notebook')).toBeUndefined()
  })

  it('what depends on an object that has to wait does not come back before', async () => {
    world.stripe.set('customer/cus_1', customer('cus_1'))
    world.notebook.beforeWrite = () => {
      throw transient('slow down', { code: 'NB-BUSY', retryAfterSeconds: 45 })
    }
    const [back] = await world.deliver([world.event('invoice.created', invoice('in_1', 'open'))])
    expect(back?.seconds).toBe(45)
    // Nor does it count as one more object that fails.
    expect(await world.ledger.troubled('notebook', 'waiting')).toMatchObject([{ ref: { id: 'cus_1' } }])
  })

  it('honours Retry-After below a minute on the message itself', async () => {
    world.notebook.beforeWrite = () => {
      throw transient('429', { code: 'NB-429', retryAfterSeconds: 40 })
    }
    expect(await world.deliver([world.event('customer.created', customer('cus_1'))])).toMatchObject([
      { seconds: 40 },
    ])
  })
})
