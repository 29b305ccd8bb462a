// The page as a controller reads it: texts by place, from documents whose figures are written out by hand.
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import {
  document as booked,
  eventsOf,
  movement,
  NOVEMBER_3,
  OCTOBER,
  read,
  UNREAD,
} from '../close.fixture.ts'
import { type CloseInputs, judgeClose } from '../close.ts'
import { type CloseDocument, closeDocument, closeJson } from '../document.ts'
import type { Trouble } from '../facts.ts'
import { periodOf } from '../period.ts'
import { closePage } from './close-page.ts'

const HUB = { stage: 'local', isLive: false }
const INVOICE = movement('invoice', 'in_1', 'EUR', 123_456_700n, { label: 'INV-0042' })
const PAYMENT = movement('payment', 'inpay_1', 'JPY', 501n)
const MOVEMENTS = [INVOICE, PAYMENT]
const POSTED = [booked('in_1', 'EUR', 123_456_700n), booked('inpay_1', 'JPY', 501n)]

function documentOf(more: Partial<CloseInputs> = {}, period = OCTOBER): CloseDocument {
  const inputs: CloseInputs = {
    posted: {
      movements: read(MOVEMENTS, 'GET /v1/invoices'),
      documents: read(POSTED, 'SELECT …'),
      taxDocuments: read([]),
      lakeEvents: read(eventsOf(MOVEMENTS)),
    },
    clearing: {
      balance: read({ entries: [], nowMinor: {}, payouts: [] }),
      books: read({ openingMinor: {}, lines: [] }),
    },
    tax: { stripe: read([]), avatax: read([]), books: read([]) },
    receivables: { invoices: read([]), open: read([]) },
    deferred: {
      revenue: read({ invoices: [], books: { posted: [] }, breaks: [], refused: [] }),
      sales: read([]),
    },
    troubles: read([]),
    ...more,
  }
  return closeDocument(judgeClose(period, inputs, NOVEMBER_3))
}

const NOT_POSTED: Partial<CloseInputs> = {
  posted: {
    movements: read(MOVEMENTS),
    documents: read([booked('inpay_1', 'JPY', 501n)]),
    taxDocuments: read([]),
    lakeEvents: read(eventsOf(MOVEMENTS)),
  },
}

const parked = (more: Partial<Trouble> = {}): Trouble => ({
  system: 'netsuite',
  object: 'in_9',
  status: 'parked',
  code: 'NS-ITEM',
  reason: 'product prod_9 has no NetSuite item. Nothing was posted.',
  hint: 'Engineering: hub.config.ts → netsuite.items["prod_9"]. Then: hub replay --parked',
  sinceSeconds: NOVEMBER_3 - 3 * 86_400,
  currency: 'EUR',
  amountMinor: 119_000n,
  ...more,
})

const page = (document: CloseDocument) => closePage(document, { hub: HUB })

/** What is read: without marks, entities as characters, blanks as one. */
const readable = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<\/(?:t[dhr]|h\d|p|li|caption)>/g, ' | ')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')

const inOrder = (text: string, parts: readonly string[]): void => {
  let from = 0
  for (const part of parts) {
    const at = text.indexOf(part, from)
    expect(at, `"${part}" after ${from}`).toBeGreaterThanOrEqual(from)
    from = at + part.length
  }
}

it('a month that ties says yes, shows figures in groups, and has lines for two people to sign', () => {
  const text = readable(page(documentOf()))
  inOrder(text, [
    'Yes: October 2026 can be signed.',
    '6 of 6 checks tie. Nothing is parked, blocked or unread.',
    'Every Stripe movement is posted, taxed and in the lake | ties | nothing |',
    'From 1 Oct 2026, 00:00 up to 1 Nov 2026, 00:00, America/Los_Angeles. Judged 3 Nov 2026, 04:00',
    'Currency | Line | Difference | Stripe | NetSuite |',
    'EUR | invoice | 0.00 | 1,234,567.00 | 1,234,567.00 |',
    'JPY | payment | 0 | 501 | 501 |',
    'Preparer and reviewer are two people.',
    'Prepared by | Name | Signature | Date |',
    'Reviewed by | Name | Signature | Date |',
    'Evidence',
  ])
})

it('one that does not tie says no, what stands in the way with its sum, and has no line to sign on', () => {
  const html = page(documentOf({ ...NOT_POSTED, troubles: read([parked()]) }))
  const text = readable(html)
  inOrder(text, [
    'No: October 2026 does not tie.',
    '4 of 6 checks tie. 2 do not. What is missing in the books shows in several checks: begin with the first.',
    'posted, taxed and in the lake | does not tie | 1 difference over EUR 1,234,567.00 |',
    'Nothing is parked, waiting or blocked | does not tie | 1 parked over EUR 1,190.00 |',
    'EUR | invoice | −1,234,567.00 | 1,234,567.00 | 0.00 |',
    'Not posted: 1 difference, EUR 1,234,567.00 |',
    'invoice INV-0042 (EUR 1234567.00) of 2026-10-05 has no document in_1 in NetSuite.',
    'What is open',
    'in_9 | parked for netsuite | EUR 1,190.00 | 3 d | Engineering | product prod_9 has no NetSuite item. Nothing was posted. Engineering: hub.config.ts → netsuite.items["prod_9"]. Then: hub replay --parked NS-ITEM |',
    'There is nothing to sign',
  ])
  expect(text).not.toContain('Prepared by')
  expect(html).toContain('Then: <code>hub replay --parked</code>')
})

it('10 too much and 10 too little are 20 at stake, not nothing', () => {
  const moved = [movement('payment', 'inpay_2', 'USD', 1_000n), movement('payment', 'inpay_3', 'USD', 2_000n)]
  const text = readable(
    page(
      documentOf({
        posted: {
          movements: read(moved),
          documents: read([booked('inpay_2', 'USD', 2_000n), booked('inpay_3', 'USD', 1_000n)]),
          taxDocuments: read([]),
          lakeEvents: read(eventsOf(moved)),
        },
      }),
    ),
  )
  expect(text).toContain('taxed and in the lake | does not tie | 2 differences over USD 20.00 |')
})

it('what is not known is grey, said so, and never counted as right', () => {
  const html = page(
    documentOf({ clearing: { balance: { unread: UNREAD }, books: read({ openingMinor: {}, lines: [] }) } }),
  )
  inOrder(readable(html), [
    'Not known yet whether October 2026 ties.',
    '5 of 6 checks tie. 1 check is not known; what is not known is not counted as right.',
    'Clearing accounts hold the Stripe balance | not known | NetSuite did not answer. |',
    'NetSuite did not answer. | nobody | Ask again. | NS-NETWORK |',
    'No figures: not everything that they rest on could be read.',
    'does not tie or is not known',
  ])
  expect(html).toContain('class="answer unknown"')
  expect(html).toContain('<span class="state unknown">not known</span>')
})

it('a month that runs is not green, even if it ties so far', () => {
  const html = page(documentOf({}, periodOf('2026-11', 'America/Los_Angeles', NOVEMBER_3)))
  inOrder(readable(html), [
    'Not yet: November 2026 still runs. So far it ties.',
    'Everything up to 3 Nov 2026, 04:00 is judged; the month can be signed once it has ended.',
    'There is nothing to sign: November 2026 still runs.',
  ])
  expect(html).toContain('class="answer unknown"')
})

it('texts that vendors and customers chose can neither run, nor style, nor turn a line round', () => {
  const hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202Egnp.eciovni\u0000'
  const html = page(
    documentOf({
      posted: {
        movements: read([movement('invoice', 'in_1', 'EUR', 100n, { label: hostile })], `GET ${hostile}`),
        documents: read([]),
        taxDocuments: read([]),
        lakeEvents: read(new Set()),
      },
      clearing: {
        balance: { unread: { ...UNREAD, why: hostile, owner: hostile, next: `hub replay ${hostile}` } },
        books: read({ openingMinor: {}, lines: [] }),
      },
      troubles: read([parked({ object: hostile, reason: hostile, hint: hostile, code: hostile })]),
    }),
  )
  // Only the page's own elements are there.
  const elements = new Set([...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name?.toLowerCase()))
  expect(
    [...elements].filter((name) =>
      ['script', 'img', 'iframe', 'object', 'link', 'form'].includes(name ?? ''),
    ),
  ).toEqual([])
  expect(html).not.toMatch(/<[^>]*\son\w+\s*=/)
  for (const mark of ['\u202E', '\u0000']) expect(html).not.toContain(mark)
  expect(readable(html)).toContain(
    '<script>alert(1)</script><img src=x onerror=alert(2)>\uFFFDgnp.eciovni\uFFFD',
  )
})

it('lets nothing run or load: the policy names its own style sheet and forbids the rest', () => {
  const html = page(documentOf())
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? []
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'$/,
  )
  expect(html).not.toMatch(/\bstyle="/)
  expect(html).not.toMatch(/(?:src|href)="(?!#)/)
})

it('names the JSON document that it shows by its hash', () => {
  const document = documentOf()
  const [, hash] = /SHA-256 is <code>([0-9a-f]{64})<\/code>/.exec(page(document)) ?? []
  // What `sha256sum` says of the file that `hub close … -o json` was written to.
  const file = `${JSON.stringify(document, undefined, 2)}\n`
  expect(closeJson(document)).toBe(file)
  expect(hash).toBe(createHash('sha256').update(file).digest('hex'))
})

it('evidence stands once, by number, with query, rows, hash and time', () => {
  const text = readable(page(documentOf()))
  inOrder(text, [
    'Rests on 3 answers with 3 rows: E1–E3.',
    'Rests on 1 answer with 1 row: E3.',
    'E1 | test | GET /v1/invoices | 1 | h | 3 Nov 2026, 04:00 |',
    'E2 | test | SELECT … | 1 | h |',
    'E3 | test | a question | 1 | h |',
  ])
})
