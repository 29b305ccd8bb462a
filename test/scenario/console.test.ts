// The console over the whole local hub: what its pages say of one invoice that is in step and one that is parked, and a replay
// from preview to outcome, with everything that must be refused. Both are worth USD 109.75 in Los Angeles (9.75 %).
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Stage } from './stage.ts'

let stage: Stage
/** In step everywhere. */
let good: { id: string; number: string }
/** Of a product that no NetSuite item is mapped for; its customer's name is a script. */
let bad: { id: string; number: string }

const SCRIPT = '<script>alert(1)</script>'
const DAY_MS = 86_400_000

beforeAll(async () => {
  stage = await Stage.open()
  await stage.stripe.products.create({ id: 'prod_unmapped', name: SCRIPT })
  const ada = await stage.customer({ name: 'Ada' })
  const eve = await stage.customer({ name: SCRIPT })
  const first = await stage.bill(ada, [{ unit: 10_000 }], { collection_method: 'charge_automatically' })
  const second = await stage.bill(eve, [{ unit: 10_000, product: 'prod_unmapped', description: SCRIPT }], {
    collection_method: 'charge_automatically',
  })
  await stage.play(24)
  await stage.settle()
  await stage.hub.runSweep()
  const numbered = async (id: string) => {
    const { number } = await stage.stripe.invoices.retrieve(id)
    return { id, number: number ?? '' }
  }
  good = await numbered(first)
  bad = await numbered(second)
})
afterAll(() => stage.close())

const at = (path: string) => `${stage.hub.frontDoor.url}${path}`

const get = async (path: string): Promise<[status: number, html: string]> => {
  const answer = await fetch(at(path), { headers: { Accept: 'text/html' } })
  return [answer.status, await answer.text()]
}

/** What is read: without marks, entities as characters, blanks as one. */
const readable = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<\/(?:t[dhr]|h\d|p|li|caption|button|a)>/g, ' | ')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')

const read = async (path: string): Promise<string> => readable((await get(path))[1])

const nonceIn = (html: string): string => /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? ''

const post = async (fields: Record<string, string>, origin = stage.hub.frontDoor.url) => {
  const answer = await fetch(at('/console/replay'), {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { Origin: origin },
  })
  return [answer.status, readable(await answer.text())] as const
}

const acts = () => stage.log.filter(({ line }) => line === 'replayed')

it('the overview says no, how many are parked, and where', async () => {
  const text = await read('/console')
  expect(text).toContain('stage local · test mode')
  expect(text).toMatch(/No: \d+ deliver(?:y is|ies are) parked and waits? for a person\./)
  expect(text).toMatch(/NetSuite \| parked/)
  expect(text).toMatch(/As of 6 Oct 2026/)
})

it('a timeline begins with the answer, and finds an invoice by its number', async () => {
  const text = await read(`/console/timeline?id=${good.number}`)
  expect(text).toContain(`${good.number} (USD 109.75) is in step in `)
  expect(text).toContain(good.id)
  expect(text).toContain('invoice.paid')
  expect(text).toContain('netsuite applied')
})

it('amounts are read on click: every system says the same', async () => {
  expect(await read(`/console/timeline?id=${good.id}`)).not.toContain('Read from each system')
  const text = await read(`/console/timeline?id=${good.id}&amounts=1`)
  expect(text).toContain(
    'USD | Same? | Stripe | AvaTax | NetSuite | Salesforce |'.replace('AvaTax', 'Avalara'),
  )
  expect(text).toContain('Invoiced, with tax | same | 109.75 | 109.75 | 109.75 | 109.75 |')
  expect(text).toContain('of it tax | same | 9.75 | 9.75 | 9.75 | 9.75 |')
  expect(text).toContain('Paid | same | 109.75 | · | 109.75 | 109.75 |')
})

it('a system that does not answer is not known, and hides nothing of the others', async () => {
  stage.clock.advance(61_000)
  await fetch(`${stage.vendors.urls.netsuite}/_simulator/faults`, {
    method: 'POST',
    body: JSON.stringify({ effect: 'unavailable', times: 10 }),
  })
  const text = await read(`/console/timeline?id=${good.id}&amounts=1`)
  expect(text).toContain('Invoiced, with tax | same | 109.75 | 109.75 | not known | 109.75 |')
  await fetch(`${stage.vendors.urls.netsuite}/_simulator/faults`, { method: 'DELETE' })
  stage.clock.advance(61_000)
})

it('what is parked says its owner and what to do, in the timeline and by cause; what a vendor wrote runs nowhere', async () => {
  const [, timeline] = await get(`/console/timeline?id=${bad.id}`)
  const text = readable(timeline)
  expect(text).toContain(`${bad.number} (USD 109.75) is not in step in NetSuite.`)
  expect(text).toContain('Engineering: hub.config.ts → netsuite.items["prod_unmapped"]')
  const [, parked] = await get('/console/parked')
  expect(readable(parked)).toMatch(/NetSuite: NS-ITEM .*USD 109\.75, the oldest for \d+ h\./)
  for (const html of [timeline, parked]) {
    expect(html).not.toContain(SCRIPT)
    expect(html.match(/<script>/g) ?? []).toHaveLength(html === timeline ? 1 : 0)
  }
})

it('an id that is a script is shown as its letters', async () => {
  const [status, html] = await get(
    `/console/timeline?id=${encodeURIComponent(`"><script>alert(1)</script>`)}`,
  )
  expect(status).toBe(404)
  expect(html).not.toContain('<script>alert')
  expect(html).toContain('Nothing is known about')
})

it('an empty filter is refused, and so is what is not there', async () => {
  expect((await get('/console/preview'))[0]).toBe(400)
  expect((await get('/console/preview?id=in_1&code=NS-ITEM'))[0]).toBe(400)
  const [status, html] = await get('/console/preview?code=NS-NOWHERE')
  expect([status, readable(html).includes('Nothing of that kind is parked. Nothing was planned.')]).toEqual([
    404,
    true,
  ])
})

it('the preview says how many, what they are worth, and that nothing is done yet', async () => {
  const text = await read('/console/preview?connector=netsuite&code=NS-ITEM')
  expect(text).toContain('Replay 1 delivery? Nothing is done yet.')
  expect(text).toContain('1 document over USD 109.75')
})

it('without a reason, from another site, or with a made-up nonce nothing is replayed', async () => {
  const nonce = nonceIn((await get('/console/preview?connector=netsuite&code=NS-ITEM'))[1])
  expect(nonce).toMatch(/^[\w-]{22}$/)
  expect((await post({ nonce, reason: 'x' }))[0]).toBe(400)
  expect((await post({ nonce, reason: 'mapped the item' }, 'https://evil.example'))[0]).toBe(403)
  expect((await post({ nonce: 'a'.repeat(22), reason: 'mapped the item' }))[0]).toBe(409)
  stage.clock.advance(15 * 60_000 + 1)
  const [late, text] = await post({ nonce, reason: 'mapped the item' })
  expect([late, text.includes('Nothing was replayed by this.')]).toEqual([409, true])
  expect(acts()).toEqual([])
})

it('a plan whose set changed since its preview is refused', async () => {
  const nonce = nonceIn((await get('/console/preview?connector=netsuite&code=NS-ITEM'))[1])
  await stage.hub.queues.touch('netsuite', [{ object: { type: 'invoice', id: bad.id }, reason: 'replay' }])
  await stage.settle()
  const [status, text] = await post({ nonce, reason: 'mapped the item' })
  expect([status, text.includes('What the plan covers has changed since its preview')]).toEqual([409, true])
  expect(acts()).toEqual([])
})

it('a cause can be set aside with a reason, by one at a time, and is not in step for that', async () => {
  const note = (fields: Record<string, string>) =>
    fetch(at('/console/note'), {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ connector: 'netsuite', code: 'NS-ITEM', ...fields }),
      headers: { Origin: stage.hub.frontDoor.url },
    })
  expect((await note({ choice: 'snooze-1', reason: 'no', seen: '0' })).status).toBe(400)
  expect((await note({ choice: 'assign', reason: 'knows the items', seen: '0' })).status).toBe(400)
  expect((await note({ choice: 'snooze-1', reason: 'item comes tomorrow', seen: '0' })).status).toBe(303)
  expect((await note({ choice: 'ignore', reason: 'did not see it', seen: '0' })).status).toBe(409)
  const text = await read('/console/parked')
  expect(text).toContain('All 1 that are parked are set aside.')
  expect(text).toContain('“item comes tomorrow” local')
  stage.clock.advance(DAY_MS + 1)
  expect(await read('/console/parked')).toContain('1 delivery waits for a person, for 1 cause.')
  expect(await read('/console')).toMatch(/No: 1 delivery is parked/)
})

it('carried out once: recorded with who, why and when, and a second time under the same plan refused', async () => {
  await stage.stripe.products.update('prod_unmapped', { metadata: { netsuite_item: '801' } })
  // Its event brings it by itself; the plan is made before that.
  const path = '/console/preview?connector=netsuite&code=NS-ITEM'
  const [first, second] = [nonceIn((await get(path))[1]), nonceIn((await get(path))[1])]
  const [status, text] = await post({ nonce: first, reason: 'mapped the item, BILL-7' })
  expect(status).toBe(200)
  expect(text).toContain('1 delivery told to be tried again.')
  expect(text).toMatch(/Recorded: by local, .*“mapped the item, BILL-7”/)
  const again = await post({ nonce: first, reason: 'mapped the item, BILL-7' })
  expect([again[0], again[1].includes('used already')]).toEqual([409, true])
  const other = await post({ nonce: second, reason: 'somebody else' })
  expect([other[0], other[1].includes('Just this was done already: 1 by local')]).toEqual([409, true])
  expect(acts()).toHaveLength(1)
  await stage.settle()
  expect(await read(`/console/timeline?id=${bad.id}`)).toContain('is in step in ')
  expect(await read('/console/parked')).toContain('Nothing is parked: nobody has to act.')
})

it('one document that is in step can be replayed as well, each time anew', async () => {
  const path = `/console/preview?id=${good.number}`
  for (const round of [1, 2]) {
    const [status, text] = await post({
      nonce: nonceIn((await get(path))[1]),
      reason: `looked at it ${round} times`,
    })
    expect([status, text.includes('4 deliveries told to be tried again.')]).toEqual([200, true])
    await stage.settle()
  }
})

it('in step, and then not known once the sweep was silent for three quarters of an hour', async () => {
  await stage.hub.runSweep()
  stage.clock.advance(11_000)
  expect(await read('/console')).toContain('Yes: everything is in step.')
  stage.clock.advance(DAY_MS)
  const text = await read('/console')
  expect(text).toContain('Not known whether everything is in step.')
  expect(text).toContain('ran last 24 h ago; it is due each quarter of an hour.')
})

it('another site gets neither a page nor a deed', async () => {
  const answer = await fetch(at('/console/parked'), { headers: { Origin: 'https://evil.example' } })
  expect(answer.status).toBe(403)
  expect((await fetch(at('/console/parked'), { method: 'POST' })).status).toBe(405)
})
