// A real browser for the pages: Chromium or Chrome as the machine has it, told by CHROME_PATH or found where it usually lies.
// Without one the suite fails, and says what to do: a suite that passes by not running proves nothing.
import { existsSync } from 'node:fs'
import process from 'node:process'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export async function openBrowser(): Promise<Browser> {
  const { CHROME_PATH: told } = process.env
  const path = told ?? USUAL_PLACES.find((place) => existsSync(place))
  if (path === undefined || !existsSync(path)) {
    throw new Error(
      `There is no browser ${told === undefined ? 'in the usual places' : `at ${told}`}, so no page was tested. Install Chromium or Chrome, or say where it is: CHROME_PATH=/path/to/chrome npm run test:browser`,
    )
  }
  // A container's user may have no sandbox of its own; the pages are the hub's own, on loopback.
  return puppeteer.launch({ executablePath: path, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

export interface Watched {
  page: Page
  /** What the page complained of: refused by its policy, failed to load, threw; and dialogs that it opened. */
  complaints: string[]
}

export async function openPage(browser: Browser, options: { script?: boolean } = {}): Promise<Watched> {
  const page = await browser.newPage()
  page.setDefaultTimeout(60_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', async (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    await dialog.dismiss()
  })
  if (options.script === false) await page.setJavaScriptEnabled(false)
  return { page, complaints }
}

/** Evaluated in the page, and given as text: the tests themselves know no DOM. */
export const inPage = async <T>(page: Page, expression: string): Promise<T> =>
  (await page.evaluate(expression)) as T

/** What a person reads. */
export const textOf = (page: Page, selector = 'main'): Promise<string> =>
  inPage(page, `document.querySelector(${JSON.stringify(selector)}).innerText.replace(/\\s+/g, ' ')`)
