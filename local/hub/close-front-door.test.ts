// The close over the whole local hub, as a browser, a program and `hub close` ask for it: one document, read in a thread while
// webhooks go on. One card payment of 109.75 in Los Angeles (9.75 %).
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { close } from '../../cli/close.ts'
import { Stage } from '../../test/scenario/stage.ts'
import { noteRunning } from './left-behind.ts'

let stage: Stage
let forget: () => Promise<void>

beforeAll(async () => {
  stage = await Stage.open()
  const customer = await stage.customer()
  await stage.bill(customer, [{ unit: 10_000 }], { collection_method: 'charge_automatically' })
  await stage.play(24)
  const { aws, vendors } = stage.hub
  forget = await noteRunning(stage.folder, {
    dynamoDb: aws.dynamoDb.endpoint,
    sqs: aws.sqs.endpoint,
    queues: {},
    vendors: vendors.urls,
    netsuitePrivateKey: vendors.netsuitePrivateKey,
  })
})
afterAll(async () => {
  await forget?.()
  await stage.close()
})

const at = (query: string) => `${stage.hub.frontDoor.url}/close${query}`

/** Each reading has its own times. */
const withoutTimes = (json: string) => json.replace(/"(asOf|judgedAt|cutOff)": "[^"]+"/g, '"$1": "…"')

/** What `hub close` prints, and its exit code. */
async function printed(options: { json: boolean; html?: string }): Promise<[string, number]> {
  const written: string[] = []
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  try {
    const code = await close({ month: '2026-10', folder: stage.folder, clock: stage.clock, ...options })
    return [written.join(''), code]
  } finally {
    spy.mockRestore()
  }
}

it('JSON on the front door is what `hub close -o json` prints', async () => {
  const answer = await fetch(at('?month=2026-10'), { headers: { Accept: 'application/json' } })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'application/json; charset=utf-8',
  ])
  const [text, code] = await printed({ json: true })
  expect(withoutTimes(await answer.text())).toBe(withoutTimes(text))
  // The month still runs.
  expect(code).toBe(2)
  const { checks } = JSON.parse(text) as { checks: { id: string; figures: unknown[] }[] }
  expect(checks.find(({ id }) => id === 'posted')?.figures).toEqual([
    { currency: 'USD', label: 'invoice', amounts: { stripe: '109.75', netsuite: '109.75' } },
    { currency: 'USD', label: 'payment', amounts: { stripe: '109.75', netsuite: '109.75' } },
  ])
})

it('the page shows the same reading, and the file of `--html` is that page without its forms', async () => {
  const page = await (await fetch(at('?month=2026-10'))).text()
  expect(page).toContain('Not yet: October 2026 still runs. So far it ties.')
  expect(page).toContain('<td class="num">109.75</td>')
  expect(page).toContain('<button>Judge again</button>')
  const file = join(stage.folder, 'close.html')
  const [text] = await printed({ json: false, html: file })
  expect(text).toContain('2026-10 is not over')
  const written = readFileSync(file, 'utf8')
  expect(written).toContain('Not yet: October 2026 still runs. So far it ties.')
  expect(written).not.toContain('<form')
})

it('webhooks are taken while a month is read', async () => {
  const reading = fetch(at('?month=2026-10'), {
    method: 'POST',
    headers: { Accept: 'application/json' },
  })
  const customer = await stage.customer({ name: 'Late Larch' })
  const answers = await Promise.all(stage.takeWebhooks().map((delivery) => stage.post(delivery)))
  expect(answers.length).toBeGreaterThan(0)
  expect(answers.every((answer) => answer.startsWith('200'))).toBe(true)
  expect(customer.id).toMatch(/^cus_/)
  expect((await reading).status).toBe(200)
})

it('only this machine is answered', async () => {
  const { port } = new URL(stage.hub.frontDoor.url)
  const status = await new Promise((resolve, reject) => {
    request(
      { host: '127.0.0.1', port, path: '/close?month=2026-10', headers: { Host: 'evil.example' } },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      },
    )
      .on('error', reject)
      .end()
  })
  expect(status).toBe(403)
})

it('a page that cannot be written does not lose the answer', async () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const [text, code] = await printed({ json: true, html: join(stage.folder, 'nowhere', 'close.html') })
  expect(code).toBe(2)
  expect(JSON.parse(text)).toMatchObject({ month: '2026-10', format: 1 })
  expect(String(errors.mock.calls[0])).toMatch(/^The page of 2026-10 was not written to .*\[CLOSE-FILE\]$/)
  errors.mockRestore()
})
