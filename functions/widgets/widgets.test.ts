// What a dashboard gets from the widgets' Lambda, over a ledger as the engine writes it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../shared/connector/contract.ts'
import { permanent, transient } from '../../shared/errors.ts'
import { notebookManifest } from '../../test/delivery/notebook.ts'
import { customer, invoice, START_SECONDS, type World, Worlds } from '../../test/delivery/world.ts'
import { answerWidget, type WidgetSources } from './answer.ts'
import { readRequest } from './request.ts'

const worlds = new Worlds()
let world: World
let sources: WidgetSources
beforeAll(() => worlds.start())
afterAll(() => worlds.stop())
beforeEach(async () => {
  world = await worlds.create()
  sources = {
    ledger: world.ledger,
    manifests: [notebookManifest],
    clock: world.clock,
    invoiceOfNumber: async (number) => (number === 'INV-0042' ? 'in_42' : undefined),
    consoleUrl: 'https://hub.example/console/',
  }
})

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:widgets'
const ask = (payload: object, over: Partial<WidgetSources> = {}) =>
  answerWidget(payload, ARN, { ...sources, ...over })
const typed = (id: string) => ask({ widget: 'trace', widgetContext: { forms: { all: { id } } } })

/** What a person reads: no tags, no entities, no style. */
const read = (html: string): string =>
  html
    .replace(/<(style|cwdb-action)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim()

async function happen(type: string, object: JsonObject, at: number, id: string) {
  await world.ledger.putEvent({
    id,
    type,
    createdSeconds: at,
    receivedAtMs: at * 1000,
    apiVersion: null,
    livemode: false,
    style: 'snapshot',
    object: { type: String(object.object), id: String(object.id) },
    customer: 'cus_1',
    connectors: ['notebook', 'lake'],
  })
  await world.deliver([world.event(type, object, { at, id })])
}

describe('the parked widget', () => {
  it('says that nothing is parked in words, and when it looked', async () => {
    expect(read(await ask({ widget: 'parked' }))).toBe(
      'Nothing is parked : no object waits for a person. As of 2026-09-21 14:13. Open the console, to replay what is mended',
    )
  })

  it('lists the newest with its cause and what to do, by the dashboard’s own clock', async () => {
    await happen('customer.created', customer('cus_1', null), START_SECONDS, 'evt_1')
    world.clock.advance(3 * 3_600_000)
    const html = await ask({
      widget: 'parked',
      widgetContext: { timezone: { offsetISO: '-07:00' }, theme: 'dark' },
    })
    expect(read(html)).toContain(
      '3 h Notebook customer cus_1 · console Customer cus_1 has no name. Nothing was written. [NB-NAME] Support: fill the field name in Stripe; it resumes alone.',
    )
    expect(html).toContain('title="2026-09-21 07:13"')
    expect(html).toContain('href="https://hub.example/console/timeline?id=cus_1"')
    expect(html).toContain(
      `<cwdb-action action="call" display="popup" endpoint="${ARN}">{&quot;widget&quot;:&quot;trace&quot;,&quot;id&quot;:&quot;cus_1&quot;,&quot;popup&quot;:true}</cwdb-action>`,
    )
    expect(read(await ask({ widget: 'parked', connector: 'netsuite' }))).toContain('Nothing is parked')
  })

  it('does not take a short range for a good day', async () => {
    await happen('customer.created', customer('cus_1', null), START_SECONDS, 'evt_1')
    world.clock.advance(2 * 86_400_000)
    const end = world.clock.now()
    const widgetContext = { timeRange: { start: 0, end, zoom: { start: end - 3_600_000, end } } }
    expect(read(await ask({ widget: 'parked', widgetContext }))).toContain(
      'Nothing became parked within the range that this dashboard shows. Parked before that : 1, the oldest for 2 d. Show a longer range to see them.',
    )
  })

  it('shows a vendor’s words as words', async () => {
    world.notebook.beforeWrite = () => {
      throw permanent('<script>alert(1)</script> was refused.', {
        code: 'NB-"X"',
        hint: 'Support: <img src=x onerror=alert(2)>',
      })
    }
    await happen('customer.created', customer('cus_1'), START_SECONDS, 'evt_1')
    for (const html of [await ask({ widget: 'parked' }), await typed('cus_1')]) {
      expect(html).not.toMatch(/<script|<img/)
      expect(read(html)).toContain('<script>alert(1)</script> was refused. [NB-"X"]')
      expect(read(html)).toContain('<img src=x onerror=alert(2)>')
    }
  })

  it('has no link where there is no console', async () => {
    await happen('customer.created', customer('cus_1', null), START_SECONDS, 'evt_1')
    expect(await ask({ widget: 'parked' }, { consoleUrl: undefined })).not.toContain('href=')
  })
})

describe('the search widget', () => {
  beforeEach(async () => {
    await happen('customer.created', customer('cus_1'), START_SECONDS - 100, 'evt_1')
    await happen('customer.updated', customer('cus_1', null), START_SECONDS - 40, 'evt_2')
  })

  it('is a form at first, which calls this function again', async () => {
    const html = await ask({ widget: 'trace' })
    expect(html).toContain('<input name="id" value=""')
    expect(html).toContain(`endpoint="${ARN}">{&quot;widget&quot;:&quot;trace&quot;}</cwdb-action>`)
    expect(read(html)).toBe('Look')
  })

  it('shows where a customer stands in each system, what to do, and its events in time', async () => {
    const html = await typed(' cus_1 ')
    expect(html).toContain('value="cus_1"')
    expect(read(html)).toBe(
      'Look customer cus_1 · console Notebook parked : Customer cus_1 has no name. Nothing was written. [NB-NAME] → Support: fill the field name in Stripe; it resumes alone. person page-1 ' +
        "Events, in time Stripe's time event id what became of it " +
        '2026-09-21 14:11 customer.created evt_1 notebook applied ' +
        '2026-09-21 14:12 customer.updated evt_2 notebook parked [NB-NAME]',
    )
  })

  it('does not call a customer in step and leave it at that, while an invoice of theirs is parked', async () => {
    await happen('customer.updated', customer('cus_1', 'Ada'), START_SECONDS - 30, 'evt_3')
    world.notebook.beforeWrite = () => {
      throw permanent('Item 77 is inactive.', { code: 'NB-ITEM', hint: 'Notebook admin: activate it.' })
    }
    await happen('invoice.created', invoice('in_1', 'open'), START_SECONDS - 20, 'evt_4')
    expect(read(await typed('cus_1'))).toContain(
      "in step person page-1 Not in step of this customer's: invoice in_1 in notebook, parked [NB-ITEM]",
    )
    world.notebook.beforeWrite = () => undefined
    world.stripe.set('invoice/in_1', invoice('in_1', 'open'))
    await world.deliver([world.touch({ type: 'invoice', id: 'in_1' })])
    expect(read(await typed('cus_1'))).not.toContain('Not in step')
  })

  it('finds it by an event, and an invoice by its number', async () => {
    expect(read(await typed('evt_1'))).toContain('customer cus_1')
    expect(read(await typed('INV-0042'))).toContain('invoice in_42')
    expect(read(await typed('in_7'))).toContain('nothing delivered')
  })

  it('shows an event alone where its object has no timeline', async () => {
    await world.ledger.putEvent({
      id: 'evt_3',
      type: 'balance.available',
      createdSeconds: START_SECONDS,
      receivedAtMs: START_SECONDS * 1000,
      apiVersion: null,
      livemode: false,
      style: 'snapshot',
      connectors: ['lake'],
    })
    expect(read(await typed('evt_3'))).toContain('balance.available evt_3 wanted by no system but the lake')
  })

  it('says unknown, in grey, of what nobody has heard of, and why where it was turned away', async () => {
    const html = await typed('INV-9999')
    expect(html).toContain('<span class="state grey">unknown</span>')
    expect(read(html)).toContain('Nothing is known about INV-9999.')
    await world.ledger.putRejection({
      id: 'evt_9',
      reason: 'The event has no data.object.',
      receivedAtMs: START_SECONDS * 1000,
    })
    expect(read(await typed('evt_9'))).toContain(
      'rejected evt_9 came at 2026-09-21 14:13 and was of no use: The event has no data.object. It is in no system',
    )
  })

  it('says unknown where Stripe cannot be asked for a number, with what to do', async () => {
    const invoiceOfNumber = async () => {
      throw transient('Stripe did not answer: looking for invoice number INV-1.', { code: 'STRIPE-DOWN' })
    }
    const payload = { widget: 'trace', widgetContext: { forms: { all: { id: 'INV-1' } } } }
    const html = await ask(payload, { invoiceOfNumber })
    expect(read(html)).toContain(
      'unknown Stripe did not answer: looking for invoice number INV-1. [STRIPE-DOWN]',
    )
    expect(html).toContain('<input')
  })

  it('is without a form beside the widget, and takes the link’s id before what stands in a form', async () => {
    const widgetContext = { forms: { all: { id: 'cus_2' } } }
    const html = await ask({ widget: 'trace', id: 'cus_1', popup: true, widgetContext })
    expect(html).not.toContain('<input')
    expect(read(html)).toContain('customer cus_1')
  })
})

describe('a call of CloudWatch', () => {
  it('may ask what the widget can show', async () => {
    expect(await ask({ describe: true })).toMatch(/^## Switchyard\n.*\*\*widget\*\*.*``` yaml\n/s)
  })

  it.each([null, 'x', [], { widget: 7 }, { widgetContext: 'none' }, { widgetContext: { forms: null } }])(
    'that says something strange (%j) shows what is parked',
    (payload) => {
      expect(readRequest(payload)).toMatchObject({ kind: 'parked', connector: undefined })
    },
  )
})
