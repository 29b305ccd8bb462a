// The console as people use it, in a real browser over the whole local hub: with a script and without, on a desk and on a
// phone, in the light and in the dark. Pictures of each page are left in .hub/screenshots, to be looked at.
import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Stage } from '../scenario/stage.ts'
import { inPage, openBrowser, openPage, textOf } from './browser.ts'

const PICTURES = '.hub/screenshots'
const SCRIPT = '<script>alert(1)</script>'

let stage: Stage
let browser: Browser
/** In step. */
let good: string
/** Parked in the books: its product has no item. */
let bad: string

beforeAll(async () => {
  // First: without a browser nothing else is worth the wait.
  browser = await openBrowser()
  mkdirSync(PICTURES, { recursive: true })
  stage = await Stage.open()
  await stage.stripe.products.create({ id: 'prod_unmapped', name: SCRIPT })
  const pays = { collection_method: 'charge_automatically' } as const
  good = await stage.bill(await stage.customer(), [{ unit: 10_000 }], pays)
  bad = await stage.bill(
    await stage.customer({ name: SCRIPT }),
    [{ unit: 10_000, product: 'prod_unmapped', description: SCRIPT }],
    pays,
  )
  await stage.play(24)
  await stage.settle()
  await stage.hub.runSweep()
})
afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

const at = (path: string) => `${stage.hub.frontDoor.url}${path}`

const go = (page: Page, click: string) => Promise.all([page.waitForNavigation(), page.click(click)])

/** Names of the pages with something to show, before anything is mended. */
const PAGES = (): [name: string, path: string][] => [
  ['overview', '/console'],
  ['parked', '/console/parked'],
  ['timeline-parked', `/console/timeline?id=${bad}`],
  ['timeline-in-step', `/console/timeline?id=${good}&amounts=1`],
  ['preview', '/console/preview?connector=netsuite&code=NS-ITEM'],
  ['refused', '/console/preview'],
  ['close', '/close'],
]

it.each([
  ['desk', 1_280, 900, 'light'],
  ['dark', 1_280, 900, 'dark'],
  ['phone', 390, 844, 'light'],
] as const)(
  '%s: every page has its frame, complains of nothing and scrolls in one direction',
  async (name, width, height, scheme) => {
    const { page, complaints } = await openPage(browser)
    await page.setViewport({ width, height })
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    for (const [title, path] of PAGES()) {
      await page.goto(at(path))
      await page.screenshot({ path: `${PICTURES}/${title}-${name}.png`, fullPage: true })
      expect(await textOf(page, 'header'), path).toContain('stage local · test mode')
      expect(await inPage(page, "document.querySelectorAll('input[type=search]').length"), path).toBe(1)
      const wide = await inPage<number>(page, 'document.documentElement.scrollWidth - innerWidth')
      expect(wide, `${path} is wider than the window`).toBeLessThanOrEqual(0)
    }
    // A refusal is a 400, which the browser tells as an error of its own.
    expect(complaints.filter((complaint) => !complaint.includes('status of 400'))).toEqual([])
    await page.close()
  },
)

it('the dark is dark', async () => {
  const { page } = await openPage(browser)
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
  await page.goto(at('/console'))
  expect(await inPage(page, 'getComputedStyle(document.body).backgroundColor')).toBe('rgb(20, 24, 29)')
  await page.close()
})

it('the button copies the ticket', async () => {
  await browser
    .defaultBrowserContext()
    .overridePermissions(stage.hub.frontDoor.url, [
      'clipboard-read',
      'clipboard-write',
      'clipboard-sanitized-write',
    ])
  const { page } = await openPage(browser)
  await page.goto(at(`/console/timeline?id=${bad}`))
  await page.bringToFront()
  await page.click('button[data-copies]')
  await page.waitForFunction("document.querySelector('button[data-copies]').textContent === 'Copied'")
  expect(await inPage(page, 'navigator.clipboard.readText()')).toContain('is not in step in NetSuite.')
  await page.close()
})

it('an unnamed person finds an invoice by its number from any page', async () => {
  const { number } = await stage.stripe.invoices.retrieve(good)
  const { page } = await openPage(browser)
  await page.goto(at('/close'))
  await page.type('input[type=search]', number ?? '')
  await go(page, 'form[role=search] button')
  expect(await textOf(page, '#answer')).toContain(`${number} (USD 109.75) is in step`)
  await page.close()
})

it('another site cannot make the browser replay', async () => {
  const { page } = await openPage(browser)
  await page.goto(
    'data:text/html,<form method="post"><input name="reason" value="for the fun of it"><button>go</button></form>',
  )
  await inPage(page, `document.querySelector('form').setAttribute('action', '${at('/console/replay')}')`)
  await go(page, 'button')
  expect(await textOf(page)).toContain(
    'This did not come from a page of the console. Nothing was replayed, and nothing noted.',
  )
  await page.close()
})

it('without any script: from what is parked to its replay, and in step', async () => {
  await stage.stripe.products.update('prod_unmapped', { metadata: { netsuite_item: '801' } })
  const { page, complaints } = await openPage(browser, { script: false })
  await page.goto(at('/console'))
  await go(page, 'a[href="/console/parked"]')
  await go(page, 'a.button')
  expect(await textOf(page)).toContain('Nothing is done yet.')
  await page.type('input[name=reason]', 'the item is mapped')
  await go(page, 'form.deed button')
  expect(await textOf(page)).toContain('1 delivery told to be tried again.')
  await page.screenshot({ path: `${PICTURES}/outcome-desk.png`, fullPage: true })
  await stage.settle()
  await go(page, 'ul.steps a')
  expect(await textOf(page, '#answer')).toContain('is in step in ')
  await go(page, '#amounts button')
  expect(await textOf(page, '#amounts')).toContain('Invoiced, with tax same 109.75 109.75 109.75 109.75')
  expect(complaints).toEqual([])
  await page.close()
})
